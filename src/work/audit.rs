//! What is written into the vault's audit trail: who did what with which study. Sealed and hash-chained there.

use serde::Serialize;

use super::WorkError;
use super::ground::Ground;
use crate::dicom::Uid;
use crate::vault::Vault;

/// One thing that happened (the kinds of PS3.15 A.5.3 that this version meets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Happened {
    /// Instances came from a centre (Instances Transferred).
    StudyReceived,
    /// A study of the vault was read (Instances Accessed, R).
    StudyOpened,
    /// A report was signed (Instances Accessed, C).
    ReportSigned,
    /// A report reached its centre and was read back (Instances Transferred).
    ReportConfirmed,
}

#[derive(Serialize)]
struct Record<'a> {
    what: Happened,
    study: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
    reader: &'a str,
    at: String,
}

/// Whether the reader is there (User Authentication, PS3.15 A.5.3.11; an emergency override is a Security Alert,
/// A.5.3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Presence {
    /// The workstation was locked.
    Locked,
    /// The reader proved who they are and opened it.
    Unlocked,
    /// The same without the centre's word, by the password that it accepted last: emergency access.
    UnlockedOffline,
}

/// Appends who came and went, and how many wrong words there were before.
pub(super) fn note_presence(
    ground: &Ground,
    vault: &Vault,
    what: Presence,
    wrong_tries: u32,
) -> Result<(), WorkError> {
    let record = serde_json::json!({
        "what": what,
        "wrong_tries": wrong_tries,
        "reader": ground.profile().reader.id,
        "at": chrono::Local::now().to_rfc3339(),
    });
    let bytes = serde_json::to_vec(&record).unwrap_or_default();
    Ok(vault.append_audit(&bytes)?)
}

/// Appends one record; what cannot be recorded does not happen.
pub(super) fn note(
    ground: &Ground,
    vault: &Vault,
    what: Happened,
    study: &Uid,
    object: Option<&Uid>,
) -> Result<(), WorkError> {
    let record = Record {
        what,
        study: study.as_str(),
        object: object.map(Uid::as_str),
        reader: &ground.profile().reader.id,
        at: chrono::Local::now().to_rfc3339(),
    };
    let bytes = serde_json::to_vec(&record).unwrap_or_default();
    Ok(vault.append_audit(&bytes)?)
}
