//! Requests to the identity provider.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::centre::client::host_of;
use crate::centre::tls::{self, Trust};
use crate::centre::{CentreError, SignInFault, Timeouts, fault};
use crate::site::{Centre, Oidc, is_loopback};

/// Longer than any discovery document, key set or token response.
const LIMIT: u64 = 1 << 20;
/// The provider is interactive: whoever signs in waits.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    answer: Duration::from_secs(30),
    idle: Duration::from_secs(15),
};

/// A client for one identity provider, with its own trust and without the centre's credentials.
#[derive(Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    /// The issuer's host, for messages.
    pub(super) host: String,
}

/// An answer with its body.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    body: Zeroizing<Vec<u8>>,
}

impl Http {
    pub(super) fn new(centre: &Centre, oidc: &Oidc, issuer: &Url) -> Result<Self, CentreError> {
        let (ca, crl) = match &oidc.ca {
            Some(own) => (Some(own.as_path()), None),
            None => (centre.ca.as_deref(), centre.crl.as_deref()),
        };
        let encrypted = issuer.scheme() == "https";
        let trust = Trust { ca, crl, certificate: None, encrypted };
        Ok(Self { client: tls::client(&trust, TIMEOUTS)?, host: host_of(issuer) })
    }

    pub(super) async fn get(&self, url: &Url) -> Result<Reply, CentreError> {
        self.send(url, self.client.get(url.clone())).await
    }

    /// Sends a form.
    pub(super) async fn post(&self, url: &Url, form: &[(&str, &str)]) -> Result<Reply, CentreError> {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        let request = self.client.post(url.clone()).header(header::CONTENT_TYPE, kind).body(encoded(form));
        self.send(url, request).await
    }

    async fn send(&self, url: &Url, request: reqwest::RequestBuilder) -> Result<Reply, CentreError> {
        let named = !url.username().is_empty() || url.password().is_some();
        if named || !(url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))) {
            return Err(self.provider("an address that is not encrypted"));
        }
        let host = || host_of(url);
        let stalled = |received, after: Duration| CentreError::Stalled {
            host: host(),
            received,
            secs: after.as_secs(),
        };
        let request = request.header(header::ACCEPT, "application/json");
        let sent = tokio::time::timeout(TIMEOUTS.answer, request.send()).await;
        let mut response = sent
            .map_err(|_| stalled(0, TIMEOUTS.answer))?
            .map_err(|error| fault::of_request(&host(), false, &error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(CentreError::Redirected { host: host(), to: String::new() });
        }
        let mut body = Zeroizing::new(Vec::new());
        loop {
            let received = body.len() as u64;
            let next = tokio::time::timeout(TIMEOUTS.idle, response.chunk()).await;
            let next = next.map_err(|_| stalled(received, TIMEOUTS.idle))?;
            let chunk = next.map_err(|_| CentreError::CutOff { host: host(), received })?;
            let Some(chunk) = chunk else { break };
            if received + chunk.len() as u64 > LIMIT {
                return Err(CentreError::TooLarge { host: host(), limit: LIMIT });
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_server_error() {
            return Err(CentreError::ServerFault { host: host(), status: status.as_u16() });
        }
        Ok(Reply { status, body })
    }

    /// The provider cannot be used.
    pub(super) fn provider(&self, what: &'static str) -> CentreError {
        self.failed(SignInFault::Provider { what })
    }

    pub(super) fn failed(&self, why: SignInFault) -> CentreError {
        CentreError::SignInFailed { host: self.host.clone(), why }
    }
}

fn encoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

impl Reply {
    /// The body as JSON of this shape.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}
