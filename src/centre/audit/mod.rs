//! The audit trail's messages and their ways out (PS3.15 A.5, A.6; RFC 5424, RFC 5425; FHIR R4 AuditEvent).
//!
//! ```text
//!   Record ──message──► Message ──xml────► PS3.15 A.5.1 ──syslog──► octet-counted frame ──TLS──► receiver
//!   (vault)  (kinds)       └─────fhir───► AuditEvent ───────────────────────────POST──────────► server
//! ```
//!
//! A [`Record`] is what the vault keeps; nothing is added to it when it is sent, so a record that is sent twice
//! is the same bytes twice. Its identity at every receiver is the source (this workstation's UID) with its number in
//! the trail: in syslog AuditSourceID and `sequenceId`, in FHIR a tag that a conditional create asks for.
//!
//! What "delivered" means:
//!
//! - FHIR: the server answered 201 (or 200: it has it already).
//! - Syslog has no answers. Each batch has a connection of its own; after the last message we close, and a receiver
//!   that read so far closes too (RFC 5425 4.4: it MUST reply with a close_notify; rsyslog ends the connection
//!   instead, which is taken as well, unless a reset follows). Anything else proves nothing: the whole batch is sent again. Somebody who
//!   can end connections in a receiver's name could therefore swallow messages unseen; the gap in the numbers shows
//!   it there, and the vault keeps all.
//!
//! No redirect is followed, and only certificates named in the profile are trusted.

mod codes;
mod error;
mod fhir;
mod fhir_way;
mod kinds;
mod message;
mod record;
mod syslog;
mod syslog_way;
mod trust;
mod xml;

pub use error::AuditError;
pub use fhir::to_fhir;
pub use message::{Message, Source};
pub use record::{Happened, Outcome, Record};
pub use syslog::{MESSAGE_ID, frame};
pub use xml::to_xml;

use crate::site::AuditTarget;
use fhir_way::FhirWay;
use syslog_way::SyslogWay;

/// One way out of the workstation.
#[derive(Debug)]
pub enum Way {
    /// Syslog over TLS.
    Syslog(SyslogWay),
    /// FHIR R4 over HTTPS.
    Fhir(FhirWay),
}

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// So many messages, from the first, are proven to have arrived.
    pub proven: usize,
    /// Why not all of them.
    pub trouble: Option<AuditError>,
}

impl Way {
    /// The ways that the profile names. No byte is sent yet.
    ///
    /// # Errors
    /// What in the profile cannot be used.
    pub fn all(target: &AuditTarget) -> Result<Vec<Self>, AuditError> {
        let syslog = target.syslog.as_deref().map(|address| SyslogWay::new(address, target));
        let fhir = target.fhir.as_ref().map(|base| FhirWay::new(base, target));
        let syslog = syslog.transpose()?.map(Self::Syslog);
        Ok(syslog.into_iter().chain(fhir.transpose()?.map(Self::Fhir)).collect())
    }

    /// The kind of way and where it leads: under this name the vault remembers how far it has come.
    pub fn name(&self) -> String {
        match self {
            Self::Syslog(way) => format!("syslog {}", way.host()),
            Self::Fhir(way) => format!("fhir {}", way.base()),
        }
    }

    /// The host at its end, for messages.
    pub fn host(&self) -> &str {
        match self {
            Self::Syslog(way) => way.host(),
            Self::Fhir(way) => way.host(),
        }
    }

    /// Sends a batch in this order and says how much of it is proven to have arrived. Never waits for ever.
    pub async fn deliver(&self, batch: &[Message]) -> Delivered {
        match self {
            Self::Syslog(way) => way.deliver(batch).await,
            Self::Fhir(way) => way.deliver(batch).await,
        }
    }
}
