//! One record of the trail, as the vault keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Everything that is noted. The names are stored: none may change.
///
/// Network Entry (PS3.15 A.5.3.9) is not among them: a line that breaks is not a machine that leaves on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// The program began (Application Activity, start).
    ApplicationStarted,
    /// The program ended (Application Activity, stop).
    ApplicationStopped,
    /// A reader was let in (User Authentication, login).
    SignedIn,
    /// A reader was not let in (User Authentication, login, failed).
    SignInRefused,
    /// A reader left (User Authentication, logout).
    SignedOut,
    /// The workstation was locked (User Authentication, logout).
    Locked,
    /// The reader proved who they are and opened it (User Authentication, login).
    Unlocked,
    /// The same without the centre's word: emergency access (Security Alert).
    UnlockedOffline,
    /// A centre was asked for its list (Query).
    Queried,
    /// Instances begin to come from a centre (Begin Transferring).
    TransferBegan,
    /// Instances came from a centre (Instances Transferred).
    StudyReceived,
    /// A study of the vault was read (Instances Accessed, R).
    StudyOpened,
    /// Files from outside were opened (Data Import).
    FilesOpened,
    /// A report was signed (Instances Accessed, C).
    ReportSigned,
    /// A report begins to leave for its centre (Begin Transferring).
    ReportLeaves,
    /// A report reached its centre and was read back (Instances Transferred).
    ReportConfirmed,
    /// A centre refused a report (Instances Transferred, failed).
    ReportRefused,
    /// Something of a study was written to a file (Data Export).
    Exported,
    /// The trail was looked at (Audit Log Used).
    TrailRead,
    /// The vault is not what was written (Security Alert).
    VaultDamaged,
    /// A peer showed a certificate that is not trusted (Security Alert).
    CertificateRefused,
    /// This computer's clock went back (Security Alert).
    ClockSetBack,
}

impl Happened {
    /// All of them, in the order above.
    pub const ALL: [Self; 22] = [
        Self::ApplicationStarted,
        Self::ApplicationStopped,
        Self::SignedIn,
        Self::SignInRefused,
        Self::SignedOut,
        Self::Locked,
        Self::Unlocked,
        Self::UnlockedOffline,
        Self::Queried,
        Self::TransferBegan,
        Self::StudyReceived,
        Self::StudyOpened,
        Self::FilesOpened,
        Self::ReportSigned,
        Self::ReportLeaves,
        Self::ReportConfirmed,
        Self::ReportRefused,
        Self::Exported,
        Self::TrailRead,
        Self::VaultDamaged,
        Self::CertificateRefused,
        Self::ClockSetBack,
    ];
}

/// How it ended (EventOutcomeIndicator, PS3.15 A.5.2). The names are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should.
    #[default]
    Success,
    /// In part, or it can be tried again.
    MinorFailure,
    /// Not at all.
    SeriousFailure,
    /// Not at all, and what protects the data may have been overcome.
    MajorFailure,
}

impl Outcome {
    /// The digits of EventOutcomeIndicator.
    pub fn indicator(self) -> &'static str {
        match self {
            Self::Success => "0",
            Self::MinorFailure => "4",
            Self::SeriousFailure => "8",
            Self::MajorFailure => "12",
        }
    }
}

/// What happened, when, to whom, by whom. Everything but `what`, `at` and `reader` may be empty; records of the
/// first version have no more than these, `study` and `object`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What.
    pub what: Happened,
    /// When, RFC 3339 with the zone's offset.
    pub at: String,
    /// The reader's identifier: the name at the centre, else of the profile, else of the operating system.
    pub reader: String,
    /// The reader's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reader_name: String,
    /// The workstation's name in its network.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// How it ended.
    #[serde(default, skip_serializing_if = "is_success")]
    pub outcome: Outcome,
    /// Why it ended so, or what an alert is about: an English sentence without patient data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Study Instance UID.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub study: String,
    /// SOP Instance UID of the one object it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// How many instances of the study it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<u32>,
    /// Patient ID.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub patient_id: String,
    /// Patient's Name, a PN value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub patient_name: String,
    /// Base URL or host of the other side.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub peer: String,
    /// What was asked for, in the protocol's own writing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// URI of the file or folder that data came from or went to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub medium: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_success(outcome: &Outcome) -> bool {
    *outcome == Outcome::Success
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("what", &self.what).finish_non_exhaustive()
    }
}

impl Record {
    /// A record of `what`, at the moment `at`, by `reader`.
    pub fn new(what: Happened, at: chrono::DateTime<chrono::FixedOffset>, reader: &str) -> Self {
        Self {
            what,
            at: at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
            reader: reader.to_owned(),
            reader_name: String::new(),
            node: String::new(),
            outcome: Outcome::Success,
            why: String::new(),
            study: String::new(),
            object: None,
            instances: None,
            patient_id: String::new(),
            patient_name: String::new(),
            peer: String::new(),
            query: String::new(),
            medium: String::new(),
        }
    }

    /// The moment, where it can be read.
    pub fn moment(&self) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        chrono::DateTime::parse_from_rfc3339(&self.at).ok()
    }

    /// As the vault keeps it.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Record::to_bytes`] wrote, here or in an older version; `None` for one of a newer.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_the_first_version_is_read() {
        let old = br#"{"what":"report_signed","study":"1.2","object":"1.2.3","reader":"r1","at":"2026-11-22T03:10:00.123456789+09:00"}"#;
        let record = Record::parse(old).unwrap();
        assert_eq!((record.what, record.study.as_str()), (Happened::ReportSigned, "1.2"));
        assert_eq!(record.object.as_deref(), Some("1.2.3"));
        assert_eq!(record.moment().unwrap().offset().local_minus_utc(), 9 * 3600);
        assert_eq!(Record::parse(&record.to_bytes()), Some(record));
        assert_eq!(Record::parse(br#"{"what":"teleported","reader":"r1","at":""}"#), None);
    }

    #[test]
    fn no_patient_is_printed() {
        let at = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        let mut record = Record::new(Happened::StudyOpened, at, "r1");
        (record.patient_id, record.patient_name) = ("4711".into(), "YAMADA^TARO".into());
        let printed = format!("{record:?}");
        assert!(!printed.contains("4711") && !printed.contains("YAMADA"), "{printed}");
    }
}
