//! The certificate of one run and the TLS configuration made of it.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;

use super::DemoError;

/// Names and addresses the certificate speaks for.
const SUBJECT_ALT_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A year and a day: longer than any demo runs, short enough to be harmless when left behind.
const DAYS_VALID: u64 = 366;

/// A self-signed server certificate and the configuration that presents it.
pub(super) struct Identity {
    /// TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1 by ALPN.
    pub(super) config: Arc<ServerConfig>,
    /// The certificate as PEM: trusting it alone is enough to reach the centre, and trusts nothing else
    /// (it is no CA).
    pub(super) certificate_pem: String,
}

/// Makes a fresh key and certificate, valid from the day before `today` for a year.
///
/// # Errors
/// [`DemoError::Certificate`] when the cryptography refuses.
pub(super) fn identity(today: NaiveDate) -> Result<Identity, DemoError> {
    let failed = |why: &dyn std::fmt::Display| DemoError::Certificate { why: why.to_string() };
    let names: Vec<String> = SUBJECT_ALT_NAMES.map(str::to_owned).into();
    let mut params = CertificateParams::new(names).map_err(|e| failed(&e))?;
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let end = today.checked_add_days(Days::new(DAYS_VALID)).unwrap_or(today);
    let midnight = |day: NaiveDate| date_time_ymd(day.year(), day.month() as u8, day.day() as u8);
    params.not_before = midnight(yesterday);
    params.not_after = midnight(end);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.distinguished_name.push(DnType::CommonName, "Dokuei demo centre");
    let key = KeyPair::generate().map_err(|e| failed(&e))?;
    let certificate = params.self_signed(&key).map_err(|e| failed(&e))?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|b| b.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private))
        .map_err(|e| failed(&e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Identity { config: Arc::new(config), certificate_pem: certificate.pem() })
}
