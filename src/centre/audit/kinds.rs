//! What each happening is called in PS3.15 A.5.3, and who and what its message names.

use super::codes::{self, Code};
use super::record::Happened;

/// The message that a happening becomes.
pub(super) struct Kind {
    /// EventID.
    pub(super) event: Code,
    /// EventActionCode.
    pub(super) action: &'static str,
    /// EventTypeCode.
    pub(super) event_type: Option<Code>,
    /// Who takes part.
    pub(super) cast: Cast,
    /// What it is about.
    pub(super) about: About,
}

/// Who takes part in an event: the active participants of one table of A.5.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    /// The program, and who started it.
    Application,
    /// The reader, and what checked who that is.
    Authentication,
    /// The reader, and the program.
    ReaderAndProgram,
    /// The centre gives, the program takes, the reader wants it.
    FromPeer,
    /// The program gives or asks, the centre takes or answers, the reader wants it.
    ToPeer,
    /// Reader and program take from a medium.
    FromMedium,
    /// Reader and program give to a medium.
    ToMedium,
    /// The program reports what it found; the reader was there.
    Alert,
}

/// What an event is about: the participant objects of one table of A.5.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing.
    Nothing,
    /// A study and its one patient.
    Study,
    /// The trail itself.
    Trail,
    /// The list that was asked for.
    Query,
    /// The vault.
    Vault,
    /// The node at the other end.
    Peer,
    /// This node.
    Node,
}

/// The message for `what`.
pub(super) fn kind(what: Happened) -> Kind {
    use codes as c;
    let (event, action, event_type, cast, about) = match what {
        Happened::ApplicationStarted => {
            (c::APPLICATION_ACTIVITY, "E", Some(c::APPLICATION_START), Cast::Application, About::Nothing)
        }
        Happened::ApplicationStopped => {
            (c::APPLICATION_ACTIVITY, "E", Some(c::APPLICATION_STOP), Cast::Application, About::Nothing)
        }
        Happened::SignedIn | Happened::SignInRefused | Happened::Unlocked => {
            (c::USER_AUTHENTICATION, "E", Some(c::LOGIN), Cast::Authentication, About::Nothing)
        }
        Happened::SignedOut | Happened::Locked => {
            (c::USER_AUTHENTICATION, "E", Some(c::LOGOUT), Cast::Authentication, About::Nothing)
        }
        Happened::Queried => (c::QUERY, "E", None, Cast::ToPeer, About::Query),
        Happened::TransferBegan => (c::BEGIN_TRANSFERRING, "E", None, Cast::FromPeer, About::Study),
        // The vault lacked what came: C. The centre's own state is not ours to know: R (A.5.3.7).
        Happened::StudyReceived => (c::INSTANCES_TRANSFERRED, "C", None, Cast::FromPeer, About::Study),
        Happened::ReportLeaves => (c::BEGIN_TRANSFERRING, "E", None, Cast::ToPeer, About::Study),
        Happened::ReportConfirmed | Happened::ReportRefused => {
            (c::INSTANCES_TRANSFERRED, "R", None, Cast::ToPeer, About::Study)
        }
        Happened::StudyOpened => (c::INSTANCES_ACCESSED, "R", None, Cast::ReaderAndProgram, About::Study),
        Happened::ReportSigned => (c::INSTANCES_ACCESSED, "C", None, Cast::ReaderAndProgram, About::Study),
        Happened::FilesOpened => (c::IMPORT, "C", None, Cast::FromMedium, About::Study),
        Happened::Exported => (c::EXPORT, "R", None, Cast::ToMedium, About::Study),
        Happened::TrailRead => (c::AUDIT_LOG_USED, "R", None, Cast::ReaderAndProgram, About::Trail),
        Happened::UnlockedOffline => {
            (c::SECURITY_ALERT, "E", Some(c::EMERGENCY_OVERRIDE), Cast::Alert, About::Vault)
        }
        Happened::VaultDamaged => {
            (c::SECURITY_ALERT, "E", Some(c::STORED_DATA_DAMAGED), Cast::Alert, About::Vault)
        }
        Happened::CertificateRefused => {
            (c::SECURITY_ALERT, "E", Some(c::NODE_AUTHENTICATION), Cast::Alert, About::Peer)
        }
        Happened::ClockSetBack => (c::SECURITY_ALERT, "E", Some(c::CLOCK_SET_BACK), Cast::Alert, About::Node),
    };
    Kind { event, action, event_type, cast, about }
}
