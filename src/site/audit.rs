//! Where copies of the audit trail go, besides the vault. Off unless the profile says so.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

/// The `[audit]` table of the profile. Each address that is given gets every message of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditTarget {
    /// A syslog receiver that speaks TLS (RFC 5425), as in `logs.example:6514`; without a port it is 6514.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syslog: Option<String>,
    /// Base URL of a FHIR R4 server that takes AuditEvents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fhir: Option<Url>,
    /// A PEM file with the certificates that receivers of the trail are trusted by, and by no others.
    pub ca: PathBuf,
    /// A PEM file with this workstation's own certificate and what it was issued by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<PathBuf>,
    /// A PEM file with the private key of `certificate`; the same file when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
    /// What the receivers call this place (AuditEnterpriseSiteID).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}
