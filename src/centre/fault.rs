//! From the errors of HTTP and TLS to ours. Their own texts hold addresses with queries and are dropped here.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError};

use super::{CentreError, CertificateFault, UnreachableBecause};

/// Why a request got no answer.
/// `certified`: whether the connection showed a certificate of this computer.
pub(super) fn of_request(host: &str, certified: bool, error: &reqwest::Error) -> CentreError {
    let host = host.to_owned();
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(why)) => {
            return CentreError::UntrustedCertificate { host, why: of_certificate(why) };
        }
        // With TLS 1.3 a refusal comes after the handshake.
        Some(rustls::Error::AlertReceived(alert)) if wants_certificate(*alert, certified) => {
            return CentreError::CertificateRequired { host };
        }
        Some(rustls::Error::AlertReceived(alert)) if certified && refuses_certificate(*alert) => {
            return CentreError::CertificateRefused { host };
        }
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

/// RFC 8446 6.2; a server with TLS 1.2 has only `handshake_failure` and the refusals of a certificate for it.
fn wants_certificate(alert: AlertDescription, certified: bool) -> bool {
    use AlertDescription as A;
    !certified && matches!(alert, A::CertificateRequired | A::NoCertificate | A::BadCertificate)
}

fn refuses_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(
        alert,
        A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::CertificateRequired
            | A::UnknownCA
            | A::AccessDenied
            | A::DecryptError
    )
}

fn refuses_us(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(alert, A::CertificateRequired | A::AccessDenied | A::UnknownCA | A::HandshakeFailure)
}

fn of_certificate(error: &CertificateError) -> CertificateFault {
    use CertificateError as E;
    match error {
        E::UnknownIssuer => CertificateFault::UnknownIssuer,
        // An issuer of the same name with another key, as after a renewal; or a key that is too short.
        E::BadSignature => CertificateFault::BadSignature,
        E::Expired | E::ExpiredContext { .. } => CertificateFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFault::WrongName,
        E::Revoked => CertificateFault::Revoked,
        E::UnknownRevocationStatus | E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => {
            CertificateFault::RevocationUnknown
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => CertificateFault::WrongPurpose,
        E::UnsupportedSignatureAlgorithmContext { .. }
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => CertificateFault::Weak,
        // rustls has no variants of its own for these verdicts of webpki; a test holds the texts.
        E::Other(other) => match format!("{:?}", other.0).as_str() {
            "CaUsedAsEndEntity" => CertificateFault::CaAsServer,
            "NameConstraintViolation" => CertificateFault::NotAllowed,
            _ => CertificateFault::Other,
        },
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
