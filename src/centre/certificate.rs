//! The certificate that this computer shows, from the files that hospitals give out: PKCS#12 (RFC 7292), or PEM
//! with certificates and key.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy, error::Error as Pkcs12Error};
use zeroize::Zeroizing;

use super::CentreError;

/// Larger than any file with one certificate, its chain and its key.
const LARGEST: u64 = 1 << 20;

/// A certificate with its key. The key is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct ClientCertificate {
    pem: Arc<Zeroizing<Vec<u8>>>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(..)")
    }
}

impl ClientCertificate {
    /// Reads the file. A PKCS#12 file has a password; a PEM file has none.
    ///
    /// # Errors
    /// [`CentreError::CertificateLocked`] without the right password, [`CentreError::BadClientCertificate`].
    pub fn read(path: &Path, password: Option<&str>) -> Result<Self, CentreError> {
        let bad = || CentreError::BadClientCertificate { path: path.to_owned() };
        let length = std::fs::metadata(path).map_err(|_| bad())?.len();
        if length > LARGEST {
            return Err(bad());
        }
        let bytes = Zeroizing::new(std::fs::read(path).map_err(|_| bad())?);
        let is_pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
        let pem = if is_pem { bytes } else { unlocked(path, &bytes, password)? };
        let certificate = Self { pem: Arc::new(pem) };
        // What is no certificate with its key shows itself here.
        certificate.identity().ok_or_else(bad)?;
        Ok(certificate)
    }

    pub(super) fn identity(&self) -> Option<reqwest::Identity> {
        reqwest::Identity::from_pem(&self.pem).ok()
    }
}

fn unlocked(path: &Path, bytes: &[u8], password: Option<&str>) -> Result<Zeroizing<Vec<u8>>, CentreError> {
    let path = path.to_owned();
    let store = match KeyStore::from_pkcs12(bytes, password.unwrap_or_default(), Pkcs12ImportPolicy::Strict) {
        Ok(store) => store,
        Err(Pkcs12Error::MacError(_)) => {
            return Err(CentreError::CertificateLocked { path, wrong: password.is_some() });
        }
        Err(_) => return Err(CentreError::BadClientCertificate { path }),
    };
    let Some((_, chain)) = store.private_key_chain() else {
        return Err(CentreError::BadClientCertificate { path });
    };
    let mut pem = Zeroizing::new(Vec::new());
    section(&mut pem, "PRIVATE KEY", chain.key().as_der());
    for certificate in chain.certs() {
        section(&mut pem, "CERTIFICATE", certificate.as_der());
    }
    Ok(pem)
}

/// One section of a PEM file (RFC 7468). The room is taken at once: growing would leave copies behind.
pub(super) fn section(pem: &mut Zeroizing<Vec<u8>>, label: &str, der: &[u8]) {
    let text = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(der));
    let mut grown =
        Zeroizing::new(Vec::with_capacity(pem.len() + text.len() * 66 / 64 + 2 * label.len() + 64));
    grown.extend_from_slice(pem);
    grown.extend_from_slice(format!("-----BEGIN {label}-----\n").as_bytes());
    for line in text.as_bytes().chunks(64) {
        grown.extend_from_slice(line);
        grown.push(b'\n');
    }
    grown.extend_from_slice(format!("-----END {label}-----\n").as_bytes());
    *pem = grown;
}
