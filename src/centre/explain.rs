//! The sentences of this room.

use super::{CentreError, CertificateFault, StoreFailure, UnreachableBecause};
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
                Message::new("centre-redirected").with("host", host).with("to", to)
            }
            Self::NotDicomWeb { host, service, got } => {
                asked("centre-not-dicomweb", host, service).with("got", got)
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
                Message::new("centre-foreign-origin").with("host", host).with("target", target)
            }
            Self::BadCa { path } => Message::new("centre-bad-ca").with("path", path.display()),
            Self::BadUserName => Message::new("centre-bad-user-name"),
            Self::NoSystemCertificates => Message::new("centre-no-system-certificates"),
        }
    }
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
        CertificateFault::Other => "centre-certificate-other",
    })
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
