//! The one connection to a centre.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::credentials::Door;
use super::tls::{self, Trust};
use super::{Access, CentreError};
use crate::site::{Centre, is_loopback};

/// When a centre is given up. None of them limits a whole transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// From looking up the name to the end of the TLS handshake.
    pub connect: Duration,
    /// From the last byte sent to the head of the answer.
    pub answer: Duration,
    /// For the next 1024 bytes of an answer's body, or its end.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            idle: Duration::from_secs(30),
        }
    }
}

/// A centre's DICOMweb services. Cheap to clone; all clones share the connections, which stay warm.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) shared: Arc<Shared>,
}

/// What every request of a client needs.
pub(super) struct Shared {
    pub(super) base: Url,
    /// Host for messages, with its port where it is not the usual one.
    pub(super) host: String,
    pub(super) door: Door,
    /// Whether the connection shows a certificate of this computer.
    pub(super) certified: bool,
    pub(super) timeouts: Timeouts,
    pub(super) stat_codes: Vec<String>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.shared.host).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for `centre`; no byte is sent yet. With `ca` in the profile the centre is trusted by those
    /// certificates alone, else by the system's (see `tls`).
    ///
    /// # Errors
    /// [`CentreError::NotEncrypted`], [`CentreError::BadCa`], [`CentreError::BadCrl`],
    /// [`CentreError::BadUserName`], [`CentreError::BadToken`], [`CentreError::UnusableClientCertificate`],
    /// [`CentreError::NoSystemCertificates`].
    pub fn new(centre: &Centre, access: impl Into<Access>) -> Result<Self, CentreError> {
        Self::with_timeouts(centre, access, Timeouts::default())
    }

    /// The same with other limits of patience.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_timeouts(
        centre: &Centre,
        access: impl Into<Access>,
        timeouts: Timeouts,
    ) -> Result<Self, CentreError> {
        let host = host_of(&centre.url);
        let encrypted = centre.url.scheme() == "https";
        if !encrypted && !is_loopback(&centre.url) {
            return Err(CentreError::NotEncrypted { host });
        }
        let Access { authorization, certificate } = access.into();
        let door = Door::new(authorization)?;
        let (ca, crl) = (centre.ca.as_deref(), centre.crl.as_deref());
        let trust = Trust { ca, crl, certificate: certificate.as_ref(), encrypted };
        let http = tls::client(&trust, timeouts)?;
        let stat_codes = centre.stat_codes.clone();
        let mut base = centre.url.clone();
        let _ = base.set_username("");
        let _ = base.set_password(None);
        let certified = certificate.is_some();
        Ok(Self { http, shared: Arc::new(Shared { base, host, door, certified, timeouts, stat_codes }) })
    }

    /// The centre's host, for messages.
    pub fn host(&self) -> &str {
        &self.shared.host
    }

    /// Whether its sign-in has ended: with this client nobody is let in any more.
    pub fn has_ended(&self) -> bool {
        matches!(&self.shared.door, Door::Tokens(tokens) if tokens.have_ended())
    }

    /// The address below the base URL.
    pub(super) fn url<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.shared.base.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

/// Host, and port where it is not the scheme's own.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre(url: &str) -> Centre {
        Centre::at(Url::parse(url).unwrap())
    }

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for good in ["http://127.0.0.1:1", "http://[::1]/x", "http://localhost/", "https://pacs.example/"] {
            assert!(Client::new(&centre(good), None).is_ok(), "{good}");
        }
        for bad in ["http://pacs.example/", "http://10.0.0.1/", "http://localhost.evil.example/", "ftp://a/"]
        {
            let error = Client::new(&centre(bad), None).unwrap_err();
            assert!(matches!(error, CentreError::NotEncrypted { .. }), "{bad}: {error}");
        }
    }

    #[test]
    fn addresses_stay_below_the_base() {
        for base in [
            "https://a.example/dicom-web",
            "https://a.example/dicom-web/",
            "https://a.example/dicom-web?x=1#y",
        ] {
            let client = Client::new(&centre(base), None).unwrap();
            assert_eq!(client.url(["studies", "1.2"]).as_str(), "https://a.example/dicom-web/studies/1.2");
            assert_eq!(client.url(["a/b", "?c"]).as_str(), "https://a.example/dicom-web/a%2Fb/%3Fc");
        }
        assert_eq!(host_of(&Url::parse("https://a.example:8443/x").unwrap()), "a.example:8443");
    }
}
