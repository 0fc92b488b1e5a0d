//! Whom a connection trusts and what it shows, in one place for the centre and for its identity provider.
//!
//! TLS is 1.2 or newer, 1.3 first (PS3.15 B.12); no setting lets an error pass. With certificates of its own a
//! centre is trusted by those alone. Revocation is then checked against the lists that the profile names, and
//! a certificate of whose state no list knows is refused; without own certificates the system decides (on Linux it
//! checks no revocation). Proxies of the system's environment are not used: whoever sets them would see where
//! patients are read.

use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::certificate::{ClientCertificate, section};
use super::{CentreError, Timeouts};

/// What a connection trusts and shows.
pub(super) struct Trust<'a> {
    /// The certificates to trust, and none else; the system's where there are none.
    pub(super) ca: Option<&'a Path>,
    /// What their authorities have withdrawn.
    pub(super) crl: Option<&'a Path>,
    /// What this computer shows.
    pub(super) certificate: Option<&'a ClientCertificate>,
    /// Whether there is any TLS: on this computer it may be absent.
    pub(super) encrypted: bool,
}

/// A client that follows no redirect, sends no referrer and keeps no cookie.
///
/// # Errors
/// [`CentreError::BadCa`], [`CentreError::BadCrl`], [`CentreError::NoSystemCertificates`],
/// [`CentreError::UnusableClientCertificate`].
pub(super) fn client(trust: &Trust<'_>, timeouts: Timeouts) -> Result<reqwest::Client, CentreError> {
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
        // A connection of yesterday's network is found out while nobody waits for it, and long before patience
        // ends where somebody does.
        .http2_keep_alive_while_idle(true)
        .http2_keep_alive_interval(timeouts.answer / 6)
        .http2_keep_alive_timeout(timeouts.answer / 3);
    if let Some(path) = trust.ca {
        builder = builder.tls_certs_only(certificates(path)?);
        if let Some(path) = trust.crl {
            builder = builder.tls_crls_only(withdrawn(path)?);
        }
    } else if !trust.encrypted {
        // Loopback without TLS needs no certificates, and a bare machine may have none.
        builder = builder.tls_certs_only([]);
    }
    if let Some(identity) = trust.certificate.and_then(ClientCertificate::identity) {
        builder = builder.identity(identity);
    }
    // What is no certificate, or does not fit its key, shows itself only now.
    builder.build().map_err(|_| match (trust.certificate, trust.crl, trust.ca) {
        (Some(_), _, _) => CentreError::UnusableClientCertificate,
        (None, Some(path), _) => CentreError::BadCrl { path: path.to_owned() },
        (None, None, Some(path)) => CentreError::BadCa { path: path.to_owned() },
        (None, None, None) => CentreError::NoSystemCertificates,
    })
}

fn certificates(path: &Path) -> Result<Vec<reqwest::Certificate>, CentreError> {
    let bad = || CentreError::BadCa { path: path.to_owned() };
    let pem = std::fs::read(path).map_err(|_| bad())?;
    let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|_| bad())?;
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}

fn withdrawn(path: &Path) -> Result<Vec<reqwest::tls::CertificateRevocationList>, CentreError> {
    let bad = || CentreError::BadCrl { path: path.to_owned() };
    let bytes = std::fs::read(path).map_err(|_| bad())?;
    let is_pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
    let mut pem = Zeroizing::new(bytes);
    if !is_pem {
        let der = std::mem::take(&mut *pem);
        section(&mut pem, "X509 CRL", &der);
    }
    let found = reqwest::tls::CertificateRevocationList::from_pem_bundle(&pem).map_err(|_| bad())?;
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}
