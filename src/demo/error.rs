//! Why the demo centre cannot start.

use std::io::ErrorKind;
use std::net::SocketAddr;

use crate::text::{Explain, Message};

/// What keeps the demo centre from listening. No patient data in any field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DemoError {
    /// The address asked for can be reached by others: the centre keeps what is sent to it in the clear.
    #[error("{address} is not a loopback address")]
    NotLoopback {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The system refuses the address.
    #[error("cannot listen on {address}: {kind}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        kind: ErrorKind,
    },
    /// The certificate for this run could not be made.
    #[error("cannot make a certificate: {why}")]
    Certificate {
        /// What the library said, for logs and for the sentence's detail.
        why: String,
    },
    /// The system gave no random bytes for the password.
    #[error("the system gave no random bytes")]
    NoRandomness,
}

impl Explain for DemoError {
    fn message(&self) -> Message {
        match self {
            Self::NotLoopback { address } => Message::new("demo-not-loopback").with("address", address),
            Self::Listen { address, kind } => {
                Message::new("demo-listen").with("address", address).with("why", kind)
            }
            Self::Certificate { why } => Message::new("demo-certificate").with("why", why),
            Self::NoRandomness => Message::new("demo-no-randomness"),
        }
    }
}
