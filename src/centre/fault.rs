//! From the errors of HTTP and TLS to ours. Their own texts hold addresses with queries and are dropped here.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError};

use super::{CentreError, CertificateFault, UnreachableBecause};

/// Why a request got no answer.
pub(super) fn of_request(host: &str, error: &reqwest::Error) -> CentreError {
    let host = host.to_owned();
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(why)) => {
            return CentreError::UntrustedCertificate { host, why: of_certificate(why) };
        }
        // With TLS 1.3 a refusal (no client certificate) comes after the handshake.
        Some(rustls::Error::AlertReceived(alert)) if refuses_us(*alert) => {
            return CentreError::TlsFailed { host };
        }
        Some(_) if error.is_connect() => return CentreError::TlsFailed { host },
        _ => {}
    }
    let refused = find::<io::Error>(error).is_some_and(|e| e.kind() == io::ErrorKind::ConnectionRefused);
    let why = match () {
        () if error.is_dns() => UnreachableBecause::Dns,
        // Sent, at least in part: whether the centre acted on it is unknown.
        () if !error.is_connect() => return CentreError::CutOff { host, received: 0 },
        () if error.is_timeout() => UnreachableBecause::Timeout,
        () if refused => UnreachableBecause::Refused,
        () => UnreachableBecause::Network,
    };
    CentreError::Unreachable { host, why }
}

/// Whether one side did not trust the other's certificate.
pub(super) fn is_distrust(error: &reqwest::Error) -> bool {
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(_)) => true,
        Some(rustls::Error::AlertReceived(alert)) => refuses_us(*alert),
        _ => false,
    }
}

fn refuses_us(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(alert, A::CertificateRequired | A::AccessDenied | A::UnknownCA | A::HandshakeFailure)
}

fn of_certificate(error: &CertificateError) -> CertificateFault {
    match error {
        // A signature that does not fit: an issuer of the same name with another key, as after a renewal.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => CertificateFault::UnknownIssuer,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateFault::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::WrongName
        }
        CertificateError::Revoked => CertificateFault::Revoked,
        // rustls has no variant of its own for webpki's verdict; a test holds the text.
        CertificateError::Other(other) if format!("{:?}", other.0) == "CaUsedAsEndEntity" => {
            CertificateFault::CaAsServer
        }
        _ => CertificateFault::Other,
    }
}

/// The first error of type `T` in the chain. An `io::Error` hides what it wraps from `source`, so it is opened.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    if let Some(found) = error.downcast_ref::<T>() {
        return Some(found);
    }
    let wrapped = error.downcast_ref::<io::Error>().and_then(|e| e.get_ref());
    match wrapped {
        Some(inner) => find::<T>(inner),
        None => error.source().and_then(find::<T>),
    }
}
