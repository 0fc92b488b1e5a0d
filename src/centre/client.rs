//! The one connection to a centre.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use http::HeaderValue;
use url::Url;
use zeroize::Zeroizing;

use super::CentreError;
use crate::site::{Centre, is_loopback};

/// User name and password for Basic sign-in (RFC 7617). Neither is ever printed.
#[derive(Clone)]
pub struct Credentials {
    /// The user's name at the centre.
    pub user: String,
    /// The password, wiped from memory when dropped.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

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
    pub(super) authorization: Option<HeaderValue>,
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
    /// certificates alone, else by the system's. TLS is 1.2 or newer (PS3.15 B.12). Proxies of the system's
    /// environment are not used: whoever sets them would see where patients are read.
    ///
    /// # Errors
    /// [`CentreError::NotEncrypted`], [`CentreError::BadCa`], [`CentreError::BadUserName`],
    /// [`CentreError::NoSystemCertificates`].
    pub fn new(centre: &Centre, credentials: Option<Credentials>) -> Result<Self, CentreError> {
        Self::with_timeouts(centre, credentials, Timeouts::default())
    }

    /// The same with other limits of patience.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_timeouts(
        centre: &Centre,
        credentials: Option<Credentials>,
        timeouts: Timeouts,
    ) -> Result<Self, CentreError> {
        let host = host_of(&centre.url);
        if centre.url.scheme() != "https" && !is_loopback(&centre.url) {
            return Err(CentreError::NotEncrypted { host });
        }
        let authorization = credentials.map(|c| authorization(&c)).transpose()?;
        // reqwest's rustls takes the process's provider; where one is set already it is this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Dokuei/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .tls_info(true)
            .connect_timeout(timeouts.connect)
            .tcp_keepalive(Duration::from_secs(15))
            // A connection of yesterday's network is found out while nobody waits for it, and long before
            // patience ends where somebody does.
            .http2_keep_alive_while_idle(true)
            .http2_keep_alive_interval(timeouts.answer / 6)
            .http2_keep_alive_timeout(timeouts.answer / 3);
        if let Some(path) = &centre.ca {
            builder = builder.tls_certs_only(certificates(path)?);
        } else if centre.url.scheme() == "http" {
            // Loopback without TLS needs no certificates, and a bare machine may have none.
            builder = builder.tls_certs_only([]);
        }
        // Nothing else in the builder can fail: what is no certificate shows itself only now.
        let http = builder.build().map_err(|_| match &centre.ca {
            Some(path) => CentreError::BadCa { path: path.clone() },
            None => CentreError::NoSystemCertificates,
        })?;
        let stat_codes = centre.stat_codes.clone();
        let mut base = centre.url.clone();
        let _ = base.set_username("");
        let _ = base.set_password(None);
        Ok(Self { http, shared: Arc::new(Shared { base, host, authorization, timeouts, stat_codes }) })
    }

    /// The centre's host, for messages.
    pub fn host(&self) -> &str {
        &self.shared.host
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

fn authorization(credentials: &Credentials) -> Result<HeaderValue, CentreError> {
    if credentials.user.contains(|c: char| c == ':' || c.is_control()) {
        return Err(CentreError::BadUserName);
    }
    let pair = Zeroizing::new(format!("{}:{}", credentials.user, *credentials.password));
    let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(pair.as_bytes()));
    let text = Zeroizing::new(format!("Basic {}", *encoded));
    let mut value = HeaderValue::from_str(&text).map_err(|_| CentreError::BadUserName)?;
    value.set_sensitive(true);
    Ok(value)
}

fn certificates(path: &Path) -> Result<Vec<reqwest::Certificate>, CentreError> {
    let bad = || CentreError::BadCa { path: path.to_owned() };
    let pem = std::fs::read(path).map_err(|_| bad())?;
    let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|_| bad())?;
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre(url: &str) -> Centre {
        Centre::at(Url::parse(url).unwrap())
    }

    fn credentials(user: &str) -> Option<Credentials> {
        Some(Credentials { user: user.to_owned(), password: Zeroizing::new("s3cret-päss".to_owned()) })
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

    #[test]
    fn no_secret_is_printed() {
        let credentials = credentials("reader").unwrap();
        let client = Client::new(&centre("https://a.example/"), Some(credentials.clone())).unwrap();
        let header = client.shared.authorization.clone().unwrap();
        let printed = format!("{credentials:?} {client:?} {header:?}");
        for secret in ["s3cret", "reader", "Basic"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        // RFC 7617 with UTF-8, as any other implementation encodes it.
        assert_eq!(header.to_str().unwrap(), "Basic cmVhZGVyOnMzY3JldC1ww6Rzcw==");
    }

    #[test]
    fn a_user_name_that_basic_cannot_carry_is_refused() {
        for bad in ["a:b", "a\nb"] {
            assert_eq!(
                Client::new(&centre("https://a/"), credentials(bad)).unwrap_err(),
                CentreError::BadUserName
            );
        }
    }
}
