//! The profile file: language, reader, centres. It holds no secret and no patient.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::Home;
use crate::text::{Explain, Language, Message};

/// What `profile.toml` says. Unknown keys are refused, so that a misspelt one is noticed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The language of the program; the system's when absent.
    pub language: Option<Language>,
    /// Who reads.
    #[serde(default)]
    pub reader: Reader,
    /// The centres this reader works for.
    #[serde(default, rename = "centre")]
    pub centres: Vec<Centre>,
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

/// One centre: a DICOMweb origin server and how to trust it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    /// The name used with `--centre`.
    pub name: String,
    /// Base URL of the DICOMweb services, as in `https://pacs.example/dicom-web`.
    pub url: Url,
    /// User name for Basic sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// A PEM file with the certificates to trust for this centre and for no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// Codes of Scheduled Workitem or Procedure priority text that mean STAT at this site, beside UPS
    /// priority HIGH (see `centre::ups`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stat_codes: Vec<String>,
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
    /// Neither TLS nor loopback.
    #[error("{url} is not https")]
    NotSecure {
        /// The URL, without user or password.
        url: String,
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
            Self::NotSecure { url } => Message::new("site-not-secure").with("url", url),
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

    /// The centre that `--centre` names: a configured one, `demo` while a demo centre runs, or a base URL.
    ///
    /// # Errors
    /// [`SiteError::NoSuchCentre`], or [`SiteError::NotSecure`] for plain HTTP beyond loopback.
    pub fn centre(&self, home: &Home, name: &str, user: Option<&str>) -> Result<Centre, SiteError> {
        let mut centre = match self.centres.iter().find(|c| c.name == name) {
            Some(configured) => configured.clone(),
            None if name == "demo" => Centre::load_demo(&home.demo())?,
            None => Url::parse(name)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .map(Centre::at)
                .ok_or_else(|| SiteError::NoSuchCentre { name: name.to_owned() })?,
        };
        if let Some(user) = user {
            centre.user = Some(user.to_owned());
        }
        centre.checked()
    }
}

impl Centre {
    /// A centre known by its URL alone, which is its name too: a report that waits for it finds it again.
    pub fn at(mut url: Url) -> Self {
        strip_credentials(&mut url);
        Self { name: url.to_string(), url, user: None, ca: None, stat_codes: Vec::new() }
    }

    /// A name without an address: it can be shown, and nothing can be sent to it.
    pub fn nowhere(name: &str) -> Self {
        let url = Url::parse("https://unknown.invalid/").unwrap_or_else(|_| unreachable!("a constant"));
        Self { name: name.to_owned(), ..Self::at(url) }
    }

    /// Plain HTTP is for loopback only: a line that others share must be encrypted (PS3.15 B.12).
    fn checked(mut self) -> Result<Self, SiteError> {
        strip_credentials(&mut self.url);
        if self.url.scheme() != "https" && !is_loopback(&self.url) {
            return Err(SiteError::NotSecure { url: self.url.to_string() });
        }
        Ok(self)
    }

    /// What a running demo centre left in its folder.
    fn load_demo(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("centre.toml");
        let text = std::fs::read_to_string(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => SiteError::NoDemo,
            _ => SiteError::Unreadable { path: path.clone(), source: e },
        })?;
        toml::from_str(&text).map_err(|e| SiteError::Invalid { path, what: e.to_string() })
    }
}

/// Whether a URL names this computer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Credentials in a URL would end in logs and lists; the sign-in has its own place for them.
fn strip_credentials(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}
