//! The profile file: language, reader, centres. It holds no secret and no patient.

mod centre;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{AuditTarget, Home, LockPolicy, Prefetch, durable};
use crate::text::{Explain, Language, Message};

pub use centre::{Centre, Method, Oidc, is_loopback};

/// The demo centre's name; no centre of a profile made here gets it.
const DEMO: &str = "demo";

/// What `profile.toml` says. Unknown keys are refused, so that a misspelt one is noticed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The language of the program; the system's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether a new STAT is heard; it is when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<bool>,
    /// When an unattended workstation locks.
    #[serde(default, skip_serializing_if = "LockPolicy::is_default")]
    pub lock: LockPolicy,
    /// Who reads.
    #[serde(default)]
    pub reader: Reader,
    /// How much comes by itself, and how much of it stays.
    #[serde(default, skip_serializing_if = "Prefetch::is_usual")]
    pub prefetch: Prefetch,
    /// The centres this reader works for.
    #[serde(default, rename = "centre")]
    pub centres: Vec<Centre>,
    /// Where copies of the audit trail go; nowhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditTarget>,
}

/// The person who signs reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reader {
    /// Person name as in DICOM: `Sato^Hanako=佐藤^花子=さとう^はなこ`.
    pub name: String,
    /// Staff identifier, or empty.
    pub id: String,
    /// Organisation, or empty.
    pub organisation: String,
}

/// Why a profile, or a centre in it, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The system names no home folder.
    #[error("no home folder")]
    NoHome,
    /// The profile cannot be read or written.
    #[error("profile {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The profile is not what it should be.
    #[error("profile {path}: {what}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What the parser said, with line and column.
        what: String,
    },
    /// No centre of that name, and it is no URL.
    #[error("no centre {name}")]
    NoSuchCentre {
        /// What was asked for.
        name: String,
    },
    /// No demo centre runs in this home.
    #[error("no demo centre runs")]
    NoDemo,
    /// A new centre has no name.
    #[error("a centre without a name")]
    NameMissing,
    /// Another centre of the profile has this name, or the demo centre.
    #[error("there is a centre {name} already")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// What was given as a base URL is none. It is not repeated: it may hold a password.
    #[error("not a base URL")]
    NotAnAddress,
    /// Neither TLS nor loopback.
    #[error("{url} is not https")]
    NotSecure {
        /// The URL, without user or password.
        url: String,
    },
    /// The identity provider's address cannot be used: neither TLS nor loopback, or with query or fragment
    /// (OpenID Connect Discovery 1.0 section 3).
    #[error("{url} cannot be an issuer")]
    NotAnIssuer {
        /// The URL, without user or password.
        url: String,
    },
    /// Two keys of a centre contradict each other, or one is of no use without the other.
    #[error("centre {name}: {keys} do not go together")]
    Contradicting {
        /// The centre.
        name: String,
        /// The keys, as they stand in the profile.
        keys: &'static str,
    },
}

impl Explain for SiteError {
    fn message(&self) -> Message {
        match self {
            Self::NoHome => Message::new("site-no-home"),
            Self::Unreadable { path, source } => {
                Message::new("site-unreadable").with("path", path.display()).with("why", source)
            }
            Self::Invalid { path, what } => {
                Message::new("site-invalid").with("path", path.display()).with("why", what)
            }
            Self::NoSuchCentre { name } => Message::new("site-no-such-centre").with("name", name),
            Self::NoDemo => Message::new("site-no-demo"),
            Self::NameMissing => Message::new("site-name-missing"),
            Self::NameTaken { name } => Message::new("site-name-taken").with("name", name),
            Self::NotAnAddress => Message::new("site-not-an-address"),
            Self::NotSecure { url } => Message::new("site-not-secure").with("url", url),
            Self::NotAnIssuer { url } => Message::new("site-not-an-issuer").with("url", url),
            Self::Contradicting { name, keys } => {
                Message::new("site-contradicting").with("name", name).with("keys", keys)
            }
        }
    }
}

impl Profile {
    /// Reads the profile; an absent file is an empty profile.
    ///
    /// # Errors
    /// When the file is there but cannot be read or understood.
    pub fn load(home: &Home) -> Result<Self, SiteError> {
        let path = home.profile();
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|e| SiteError::Invalid { path, what: e.to_string() }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(SiteError::Unreadable { path, source }),
        }
    }

    /// Changes the profile file whole or not at all. It is read anew first: a person may have changed it since.
    ///
    /// # Errors
    /// As [`Profile::load`], or when it cannot be written; the file is as it was then.
    pub fn change(home: &Home, change: impl Fn(&mut Self)) -> Result<(), SiteError> {
        let path = home.profile();
        let mut profile = Self::load(home)?;
        let before = profile.clone();
        change(&mut profile);
        if profile == before {
            return Ok(());
        }
        let text = toml::to_string(&profile)
            .map_err(|e| SiteError::Invalid { path: path.clone(), what: e.to_string() })?;
        durable::write(&path, text.as_bytes()).map_err(|source| SiteError::Unreadable { path, source })
    }

    /// A centre that is not in the profile yet, as a person typed it.
    ///
    /// # Errors
    /// [`SiteError::NameMissing`], [`SiteError::NameTaken`], [`SiteError::NotAnAddress`],
    /// [`SiteError::NotSecure`].
    pub fn new_centre(&self, name: &str, url: &str, ca: Option<PathBuf>) -> Result<Centre, SiteError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(SiteError::NameMissing);
        }
        if name == DEMO || self.centres.iter().any(|known| known.name == name) {
            return Err(SiteError::NameTaken { name: name.to_owned() });
        }
        let url = web_address(url.trim()).ok_or(SiteError::NotAnAddress)?;
        Centre { name: name.to_owned(), ca, ..Centre::at(url) }.checked()
    }

    /// The centre that `--centre` names: a configured one, `demo` while a demo centre runs, or a base URL.
    ///
    /// # Errors
    /// [`SiteError::NoSuchCentre`], or [`SiteError::NotSecure`] for plain HTTP beyond loopback.
    pub fn centre(&self, home: &Home, name: &str, user: Option<&str>) -> Result<Centre, SiteError> {
        let mut centre = match self.centres.iter().find(|c| c.name == name) {
            Some(configured) => configured.clone(),
            None if name == DEMO => Centre::load_demo(&home.demo())?,
            None => web_address(name)
                .map(Centre::at)
                .ok_or_else(|| SiteError::NoSuchCentre { name: name.to_owned() })?,
        };
        if let Some(user) = user {
            centre.user = Some(user.to_owned());
        }
        centre.checked()
    }
}

/// A URL that names a web server.
fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_centre_has_a_name_of_its_own_and_an_encrypted_address() {
        let mut profile = Profile::default();
        profile
            .centres
            .push(profile.new_centre(" island ", "https://u:p@pacs.example/dicom-web", None).unwrap());
        assert_eq!(profile.centres[0].name, "island");
        assert_eq!(profile.centres[0].url.as_str(), "https://pacs.example/dicom-web", "no password is kept");
        assert!(profile.new_centre("near", "http://127.0.0.1:8042/dicom-web", None).is_ok());
        let refused = |name: &str, url: &str| profile.new_centre(name, url, None).unwrap_err().message();
        let good = "https://pacs.example";
        for (name, url, id) in [
            ("", good, "site-name-missing"),
            ("island", good, "site-name-taken"),
            ("demo", good, "site-name-taken"),
            ("other", "pacs.example", "site-not-an-address"),
            ("other", "ftp://pacs.example", "site-not-an-address"),
            ("other", "", "site-not-an-address"),
            ("other", "http://pacs.example", "site-not-secure"),
        ] {
            assert_eq!(refused(name, url).id(), id, "{name} {url}");
        }
    }
}
