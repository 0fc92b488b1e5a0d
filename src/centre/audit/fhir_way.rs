//! FHIR R4: one AuditEvent after the other, each answered.

use std::fmt;

use http::{StatusCode, header};
use url::Url;

use super::fhir::{URI_SYSTEM, tag, to_fhir};
use super::trust::{self, BATCH, CONNECT};
use super::{AuditError, Delivered, Message};
use crate::centre::client::host_of;
use crate::site::AuditTarget;

/// The way to a FHIR server.
pub struct FhirWay {
    http: reqwest::Client,
    base: Url,
    host: String,
    events: Url,
}

impl fmt::Debug for FhirWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FhirWay").field("host", &self.host).finish_non_exhaustive()
    }
}

impl FhirWay {
    pub(super) fn new(base: &Url, target: &AuditTarget) -> Result<Self, AuditError> {
        let (mut base, host) = (base.clone(), host_of(base));
        let bad = || AuditError::BadAddress { address: host.clone() };
        let has_user = !base.username().is_empty() || base.password().is_some();
        if base.scheme() != "https" || has_user {
            return Err(bad());
        }
        base.set_query(None);
        base.set_fragment(None);
        let mut events = base.clone();
        events.path_segments_mut().map_err(|()| bad())?.pop_if_empty().push("AuditEvent");
        let http = reqwest::Client::builder()
            .user_agent(concat!("Dokuei/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(BATCH)
            .tls_backend_preconfigured(trust::config(target)?)
            .build()
            .map_err(|_| bad())?;
        Ok(Self { http, base, host, events })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// As many as the server took, from the first.
    pub(super) async fn deliver(&self, batch: &[Message]) -> Delivered {
        for (proven, message) in batch.iter().enumerate() {
            if let Err(trouble) = self.post(message).await {
                return Delivered { proven, trouble: Some(trouble) };
            }
        }
        Delivered { proven: batch.len(), trouble: None }
    }

    /// A conditional create (FHIR R4 3.1.0.8.1): a server that knows them has each message once.
    async fn post(&self, message: &Message) -> Result<(), AuditError> {
        let host = || self.host.clone();
        let only_if = format!("_tag={URI_SYSTEM}|{}", tag(message));
        let request = self
            .http
            .post(self.events.clone())
            .header(header::CONTENT_TYPE, "application/fhir+json; fhirVersion=4.0")
            .header(header::ACCEPT, "application/fhir+json")
            .header("If-None-Exist", only_if)
            .body(to_fhir(message).to_string());
        match request.send().await {
            Ok(answer) if matches!(answer.status(), StatusCode::CREATED | StatusCode::OK) => Ok(()),
            Ok(answer) => Err(AuditError::Refused { host: host(), status: answer.status().as_u16() }),
            Err(error) if crate::centre::fault::is_distrust(&error) => {
                Err(AuditError::Untrusted { host: host() })
            }
            Err(error) if error.is_connect() => Err(AuditError::Unreachable { host: host() }),
            Err(_) => Err(AuditError::CutOff { host: host() }),
        }
    }
}
