//! Coded values of audit messages (PS3.16 CID 400 to 405; the short lists of PS3.15 A.5.1.2).

/// A code, its scheme and its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) value: &'static str,
    pub(super) scheme: &'static str,
    pub(super) meaning: &'static str,
}

const fn dcm(value: &'static str, meaning: &'static str) -> Code {
    Code { value, scheme: "DCM", meaning }
}

/// One of the lists that PS3.15 has taken over from RFC 3881.
const fn rfc3881(value: &'static str, meaning: &'static str) -> Code {
    Code { value, scheme: "RFC-3881", meaning }
}

/// One of ours, where CID 403 (extensible) has none.
const fn own(value: &'static str, meaning: &'static str) -> Code {
    Code { value, scheme: "99DOKUEI", meaning }
}

// CID 400: what happened.
pub(super) const APPLICATION_ACTIVITY: Code = dcm("110100", "Application Activity");
pub(super) const AUDIT_LOG_USED: Code = dcm("110101", "Audit Log Used");
pub(super) const BEGIN_TRANSFERRING: Code = dcm("110102", "Begin Transferring DICOM Instances");
pub(super) const INSTANCES_ACCESSED: Code = dcm("110103", "DICOM Instances Accessed");
pub(super) const INSTANCES_TRANSFERRED: Code = dcm("110104", "DICOM Instances Transferred");
pub(super) const EXPORT: Code = dcm("110106", "Export");
pub(super) const IMPORT: Code = dcm("110107", "Import");
pub(super) const QUERY: Code = dcm("110112", "Query");
pub(super) const SECURITY_ALERT: Code = dcm("110113", "Security Alert");
pub(super) const USER_AUTHENTICATION: Code = dcm("110114", "User Authentication");

// CID 401 and 403: of which type.
pub(super) const APPLICATION_START: Code = dcm("110120", "Application Start");
pub(super) const APPLICATION_STOP: Code = dcm("110121", "Application Stop");
pub(super) const LOGIN: Code = dcm("110122", "Login");
pub(super) const LOGOUT: Code = dcm("110123", "Logout");
pub(super) const NODE_AUTHENTICATION: Code = dcm("110126", "Node Authentication");
pub(super) const EMERGENCY_OVERRIDE: Code = dcm("110127", "Emergency Override Started");
pub(super) const STORED_DATA_DAMAGED: Code = own("DAMAGED", "Stored Data Damaged");
pub(super) const CLOCK_SET_BACK: Code = own("CLOCK", "Clock Set Back");

// CID 402: in which role.
pub(super) const APPLICATION: Code = dcm("110150", "Application");
pub(super) const APPLICATION_LAUNCHER: Code = dcm("110151", "Application Launcher");
pub(super) const DESTINATION: Code = dcm("110152", "Destination Role ID");
pub(super) const SOURCE: Code = dcm("110153", "Source Role ID");
pub(super) const DESTINATION_MEDIA: Code = dcm("110154", "Destination Media");
pub(super) const SOURCE_MEDIA: Code = dcm("110155", "Source Media");

// CID 404 and PS3.15 A.5.1.2.4: by which identifier.
pub(super) const STUDY_UID: Code = dcm("110180", "Study Instance UID");
pub(super) const NODE_ID: Code = dcm("110182", "Node ID");
pub(super) const PATIENT_NUMBER: Code = rfc3881("2", "Patient Number");
pub(super) const URI: Code = rfc3881("12", "URI");

// CID 405: on which medium.
pub(super) const MEDIUM_URI: Code = dcm("110037", "URI");
