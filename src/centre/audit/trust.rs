//! Whom a receiver of the trail is trusted by, and what this workstation shows of itself.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::AuditError;
use crate::site::AuditTarget;

/// From looking up the name to the end of the TLS handshake.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// For everything of one batch after that.
pub(super) const BATCH: Duration = Duration::from_secs(60);

/// TLS 1.2 or 1.3 with the profile's certificates and no others (PS3.15 A.6, B.12).
pub(super) fn config(target: &AuditTarget) -> Result<ClientConfig, AuditError> {
    let bad = |path: &Path| AuditError::BadFile { path: path.to_owned() };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&target.ca)? {
        roots.add(certificate).map_err(|_| bad(&target.ca))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|_| bad(&target.ca))?.with_root_certificates(roots);
    let Some(certificate) = &target.certificate else { return Ok(builder.with_no_client_auth()) };
    let key_file = target.key.as_ref().unwrap_or(certificate);
    // The decoded key is rustls's to keep as long as the configuration lives.
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(|_| bad(key_file))?;
    builder.with_client_auth_cert(certificates(certificate)?, key).map_err(|_| bad(key_file))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, AuditError> {
    let bad = || AuditError::BadFile { path: path.to_owned() };
    let found = CertificateDer::pem_file_iter(path).map_err(|_| bad())?;
    let found = found.collect::<Result<Vec<_>, _>>().map_err(|_| bad())?;
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}
