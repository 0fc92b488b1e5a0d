//! The sentences of this room.

use super::{CentreError, CertificateFault, SignInFault, StoreFailure, UnreachableBecause};
use crate::text::{Explain, Message};

impl Explain for CentreError {
    fn message(&self) -> Message {
        match self {
            Self::Unreachable { host, why } => unreachable_message(*why).with("host", host),
            Self::CutOff { host, received } => {
                Message::new("centre-cut-off").with("host", host).with("received", received)
            }
            Self::Stalled { host, received, secs } => Message::new("centre-stalled")
                .with("host", host)
                .with("received", received)
                .with("secs", secs),
            Self::UntrustedCertificate { host, why } => certificate_message(*why).with("host", host),
            Self::TlsFailed { host } => Message::new("centre-tls-failed").with("host", host),
            Self::NotEncrypted { host } => Message::new("centre-not-encrypted").with("host", host),
            Self::WrongPassword { host } => Message::new("centre-wrong-password").with("host", host),
            Self::SignInRequired { host } => Message::new("centre-sign-in-required").with("host", host),
            Self::TokenRefused { host } => Message::new("centre-token-refused").with("host", host),
            Self::SignInEnded { host } => Message::new("centre-sign-in-ended").with("host", host),
            Self::SignInRenewed { host } => Message::new("centre-sign-in-renewed").with("host", host),
            Self::SignInFailed { host, why } => sign_in_message(*why).with("host", host),
            Self::CertificateRequired { host } => {
                Message::new("centre-certificate-required").with("host", host)
            }
            Self::CertificateRefused { host } => {
                Message::new("centre-certificate-refused").with("host", host)
            }
            Self::Forbidden { host, service } => asked("centre-forbidden", host, service),
            Self::NotFound { host, service } => asked("centre-not-found", host, service),
            Self::Busy { host, retry_after } => match retry_after {
                Some(wait) => {
                    Message::new("centre-busy-until").with("host", host).with("secs", wait.as_secs())
                }
                None => Message::new("centre-busy").with("host", host),
            },
            Self::ServerFault { host, status } => {
                Message::new("centre-server-fault").with("host", host).with("status", status)
            }
            Self::RequestRefused { host, service, status } => {
                asked("centre-request-refused", host, service).with("status", status)
            }
            Self::Redirected { host, to } => {
                Message::new("centre-redirected").with("host", host).with("to", or_dash(to))
            }
            Self::NotDicomWeb { host, service, got } => {
                asked("centre-not-dicomweb", host, service).with("got", or_dash(got))
            }
            Self::Truncated { host, complete } => {
                Message::new("centre-truncated").with("host", host).with("complete", complete)
            }
            Self::Malformed { host, what } => {
                Message::new("centre-malformed").with("host", host).with("what", what)
            }
            Self::TooLarge { host, limit } => {
                Message::new("centre-too-large").with("host", host).with("megabytes", limit / (1 << 20))
            }
            Self::ForeignOrigin { host, target } => {
                Message::new("centre-foreign-origin").with("host", host).with("target", or_dash(target))
            }
            Self::BadCa { path } => Message::new("centre-bad-ca").with("path", path.display()),
            Self::BadCrl { path } => Message::new("centre-bad-crl").with("path", path.display()),
            Self::BadClientCertificate { path } => {
                Message::new("centre-bad-client-certificate").with("path", path.display())
            }
            Self::CertificateLocked { path, wrong: false } => {
                Message::new("centre-certificate-locked").with("path", path.display())
            }
            Self::CertificateLocked { path, wrong: true } => {
                Message::new("centre-certificate-wrong-password").with("path", path.display())
            }
            Self::UnusableClientCertificate => Message::new("centre-unusable-client-certificate"),
            Self::BadToken => Message::new("centre-bad-token"),
            Self::BadUserName => Message::new("centre-bad-user-name"),
            Self::NoSystemCertificates => Message::new("centre-no-system-certificates"),
        }
    }
}

/// A gap in a sentence reads like a mistake.
fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn asked(id: &'static str, host: &str, service: &super::Service) -> Message {
    Message::new(id).with("host", host).with("service", service)
}

fn unreachable_message(why: UnreachableBecause) -> Message {
    Message::new(match why {
        UnreachableBecause::Dns => "centre-unreachable-dns",
        UnreachableBecause::Refused => "centre-unreachable-refused",
        UnreachableBecause::Timeout => "centre-unreachable-timeout",
        UnreachableBecause::Network => "centre-unreachable-network",
    })
}

fn certificate_message(why: CertificateFault) -> Message {
    Message::new(match why {
        CertificateFault::UnknownIssuer => "centre-certificate-unknown-issuer",
        CertificateFault::Expired => "centre-certificate-expired",
        CertificateFault::NotYetValid => "centre-certificate-not-yet-valid",
        CertificateFault::WrongName => "centre-certificate-wrong-name",
        CertificateFault::Revoked => "centre-certificate-revoked",
        CertificateFault::CaAsServer => "centre-certificate-ca-as-server",
        CertificateFault::BadSignature => "centre-certificate-bad-signature",
        CertificateFault::WrongPurpose => "centre-certificate-wrong-purpose",
        CertificateFault::Weak => "centre-certificate-weak",
        CertificateFault::NotAllowed => "centre-certificate-not-allowed",
        CertificateFault::RevocationUnknown => "centre-certificate-revocation-unknown",
        CertificateFault::Other => "centre-certificate-other",
    })
}

fn sign_in_message(why: SignInFault) -> Message {
    match why {
        SignInFault::Denied => Message::new("centre-browser-denied"),
        SignInFault::NotOurs => Message::new("centre-browser-not-ours"),
        SignInFault::Identity { what } => Message::new("centre-browser-identity").with("what", what),
        SignInFault::Provider { what } => Message::new("centre-browser-provider").with("what", what),
        SignInFault::NoAnswer => Message::new("centre-browser-no-answer"),
        SignInFault::NoPort => Message::new("centre-browser-no-port"),
    }
}

impl Explain for StoreFailure {
    /// By the classes of Failure Reason in PS3.18 10.5.3 (with PS3.4 B.2.3 and PS3.7 annex C).
    fn message(&self) -> Message {
        let id = match self.reason {
            0xA700..=0xA7FF | 0x0213 => "centre-store-no-space",
            0xA900..=0xA9FF => "centre-store-mismatch",
            0xC000..=0xCFFF if self.reason != 0xC122 => "centre-store-not-understood",
            0x0122 | 0xC122 => "centre-store-not-supported",
            0x0124 => "centre-store-not-authorised",
            _ => "centre-store-failed",
        };
        Message::new(id).with("reason", format!("{:04X}", self.reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::Service;
    use crate::dicom::Uid;
    use crate::text::{Language, say};
    use std::time::Duration;

    fn every_error() -> Vec<CentreError> {
        use CertificateFault as C;
        use UnreachableBecause as U;
        let (host, service) = ("pacs.example".to_owned(), Service::Wado);
        let h = || host.clone();
        let mut all = vec![
            CentreError::CutOff { host: h(), received: 1 },
            CentreError::Stalled { host: h(), received: 1, secs: 2 },
            CentreError::TlsFailed { host: h() },
            CentreError::NotEncrypted { host: h() },
            CentreError::WrongPassword { host: h() },
            CentreError::SignInRequired { host: h() },
            CentreError::Forbidden { host: h(), service },
            CentreError::NotFound { host: h(), service },
            CentreError::Busy { host: h(), retry_after: None },
            CentreError::Busy { host: h(), retry_after: Some(Duration::from_secs(3)) },
            CentreError::ServerFault { host: h(), status: 500 },
            CentreError::RequestRefused { host: h(), service, status: 415 },
            CentreError::Redirected { host: h(), to: String::new() },
            CentreError::NotDicomWeb { host: h(), service, got: String::new() },
            CentreError::Truncated { host: h(), complete: 3 },
            CentreError::Malformed { host: h(), what: "not JSON" },
            CentreError::TooLarge { host: h(), limit: 1 << 30 },
            CentreError::ForeignOrigin { host: h(), target: String::new() },
            CentreError::BadCa { path: "/ca.pem".into() },
            CentreError::BadUserName,
            CentreError::NoSystemCertificates,
            CentreError::TokenRefused { host: h() },
            CentreError::SignInEnded { host: h() },
            CentreError::SignInRenewed { host: h() },
            CentreError::CertificateRequired { host: h() },
            CentreError::CertificateRefused { host: h() },
            CentreError::BadCrl { path: "/crl.pem".into() },
            CentreError::BadClientCertificate { path: "/me.p12".into() },
            CentreError::CertificateLocked { path: "/me.p12".into(), wrong: false },
            CentreError::CertificateLocked { path: "/me.p12".into(), wrong: true },
            CentreError::UnusableClientCertificate,
            CentreError::BadToken,
        ];
        let faults = [
            C::UnknownIssuer,
            C::Expired,
            C::NotYetValid,
            C::WrongName,
            C::Revoked,
            C::CaAsServer,
            C::BadSignature,
            C::WrongPurpose,
            C::Weak,
            C::NotAllowed,
            C::RevocationUnknown,
            C::Other,
        ];
        let sign_ins = [
            SignInFault::Denied,
            SignInFault::NotOurs,
            SignInFault::Identity { what: "nonce" },
            SignInFault::Provider { what: "issuer" },
            SignInFault::NoAnswer,
            SignInFault::NoPort,
        ];
        all.extend(sign_ins.map(|why| CentreError::SignInFailed { host: h(), why }));
        all.extend(faults.map(|why| CentreError::UntrustedCertificate { host: h(), why }));
        all.extend(
            [U::Dns, U::Refused, U::Timeout, U::Network]
                .map(|why| CentreError::Unreachable { host: h(), why }),
        );
        all
    }

    #[test]
    fn every_fault_has_its_own_whole_sentence_in_both_languages() {
        let reasons = [0x0110, 0x0122, 0x0124, 0x0213, 0xA700, 0xA900, 0xC000, 0xC122, 0xFFFF];
        let instance = Uid::parse("1.2.3").unwrap();
        let failures = reasons.map(|reason| StoreFailure { instance: instance.clone(), reason }.message());
        let errors = every_error().into_iter().map(|error| error.message()).collect::<Vec<_>>();
        for language in Language::ALL {
            let mut sentences = Vec::new();
            for message in errors.iter().chain(&failures) {
                let sentence = say(language, message);
                assert_ne!(sentence, message.id(), "{language:?} has no such sentence");
                assert!(!sentence.contains('{') && sentence.ends_with(['.', '。', ')']), "{sentence}");
                sentences.push(sentence);
            }
            sentences.truncate(errors.len());
            let count = sentences.len();
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), count, "two faults share a sentence");
        }
        assert_eq!(failures[5].id(), "centre-store-mismatch");
        assert_eq!(failures[7].id(), "centre-store-not-supported");
    }
}
