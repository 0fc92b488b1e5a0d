//! Why messages of the trail do not leave. They wait in the vault meanwhile.

use std::path::PathBuf;

use crate::text::{Explain, Message};

/// Why a way out does not work. No variant holds anything of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// A file of certificates or keys that the profile names cannot be used.
    #[error("{path} holds no usable certificate or key", path = path.display())]
    BadFile {
        /// Which.
        path: PathBuf,
    },
    /// An address of the profile that nothing can be sent to.
    #[error("{address} is no address for the audit trail")]
    BadAddress {
        /// Which, without user or password.
        address: String,
    },
    /// No connection came about.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// The receiver.
        host: String,
    },
    /// The receiver's certificate is not to be trusted, or it does not trust ours. Nothing was sent.
    #[error("no trust between this workstation and {host}")]
    Untrusted {
        /// The receiver.
        host: String,
    },
    /// The connection ended before it was sure that everything had arrived.
    #[error("the connection to {host} broke")]
    CutOff {
        /// The receiver.
        host: String,
    },
    /// The server does not take a message.
    #[error("{host} refused a message with status {status}")]
    Refused {
        /// The receiver.
        host: String,
        /// The HTTP status.
        status: u16,
    },
}

impl Explain for AuditError {
    fn message(&self) -> Message {
        match self {
            Self::BadFile { path } => Message::new("trail-bad-file").with("path", path.display()),
            Self::BadAddress { address } => Message::new("trail-bad-address").with("address", address),
            Self::Unreachable { host } => Message::new("trail-unreachable").with("host", host),
            Self::Untrusted { host } => Message::new("trail-untrusted").with("host", host),
            Self::CutOff { host } => Message::new("trail-cut-off").with("host", host),
            Self::Refused { host, status } => {
                Message::new("trail-refused").with("host", host).with("status", status)
            }
        }
    }
}
