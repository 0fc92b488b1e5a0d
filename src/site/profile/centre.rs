//! One centre of the profile: where it is, whom to trust for it, and how its reader signs in.
//!
//! ```toml
//! [[centre]]
//! name = "island"
//! url = "https://pacs.example/dicom-web"
//! ca = "island-ca.pem"                # trusted for this centre, and nothing else is
//! crl = "island-ca.crl.pem"           # certificates that this authority has withdrawn
//! client_certificate = "sato.p12"     # or a PEM file with certificates and key
//! user = "sato"                       # sign-in with a password (RFC 7617); none without it
//! keep_password = true                # sealed in the vault; asked for at each start otherwise
//!
//! [[centre]]
//! name = "harbour"
//! url = "https://pacs.harbour.example/dicom-web"
//! token = true                        # sign-in with an access token that the reader types (RFC 6750)
//!
//! [[centre]]
//! name = "city"
//! url = "https://pacs.city.example/dicom-web"
//! [centre.oidc]                       # sign-in in the browser (OpenID Connect)
//! issuer = "https://id.city.example/realms/hospital"
//! client_id = "dokuei"
//! scopes = ["dicomweb"]               # beside openid and offline_access
//! ca = "city-id-ca.pem"               # the centre's `ca` where it is absent
//! ```

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::SiteError;

/// One centre: a DICOMweb origin server, how to trust it, how to sign in to it.
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
    /// Whether the password is kept, sealed in the vault.
    #[serde(default, skip_serializing_if = "is_no")]
    pub keep_password: bool,
    /// Whether the reader signs in with an access token that was given out to be typed.
    #[serde(default, skip_serializing_if = "is_no")]
    pub token: bool,
    /// A PEM file with the certificates to trust for this centre and for no other: its authority's, or its own
    /// where it is self-signed (then it is pinned).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// A PEM or DER file with the list of certificates that the authorities of `ca` have withdrawn (RFC 5280 5). With it a certificate
    /// whose state no list tells is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crl: Option<PathBuf>,
    /// What this computer shows of itself: a PKCS#12 file, or a PEM file with certificates and key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<PathBuf>,
    /// Codes of Scheduled Workitem or Procedure priority text that mean STAT at this site, beside UPS
    /// priority HIGH (see `centre::ups`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stat_codes: Vec<String>,
    /// The identity provider, where the reader signs in with the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<Oidc>,
}

/// An identity provider and what it knows this program as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Its issuer, exactly as it names itself: a trailing slash counts.
    pub issuer: String,
    /// What this program is registered as: a native application without a secret, with the redirect
    /// `http://127.0.0.1/callback` on any port (RFC 8252 7.3).
    pub client_id: String,
    /// What is asked for beside `openid` and `offline_access`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// What the provider is to ask the reader for: `consent` where it is absent, as the standard wants it for a
    /// sign-in that lasts (OpenID Connect Core 1.0 section 11); empty for a provider that refuses that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// A PEM file with the certificates to trust for the provider; the centre's where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

/// How a reader signs in to a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// With user name and password, or not at all where there is no user.
    Password,
    /// With an access token that is typed.
    Token,
    /// With the browser.
    Browser,
}

impl Centre {
    /// A centre known by its URL alone, which is its name too: a report that waits for it finds it again.
    pub fn at(mut url: Url) -> Self {
        strip_credentials(&mut url);
        Self {
            name: url.to_string(),
            url,
            user: None,
            keep_password: false,
            token: false,
            ca: None,
            crl: None,
            client_certificate: None,
            stat_codes: Vec::new(),
            oidc: None,
        }
    }

    /// A name without an address: it can be shown, and nothing can be sent to it.
    pub fn nowhere(name: &str) -> Self {
        let url = Url::parse("https://unknown.invalid/").unwrap_or_else(|_| unreachable!("a constant"));
        Self { name: name.to_owned(), ..Self::at(url) }
    }

    /// How its reader signs in.
    pub fn method(&self) -> Method {
        match &self.oidc {
            Some(_) => Method::Browser,
            None if self.token => Method::Token,
            None => Method::Password,
        }
    }

    /// Whether no profile names it: it was given as a URL.
    pub fn is_unnamed(&self) -> bool {
        self.name == self.url.as_str()
    }

    /// Plain HTTP is for loopback only: a line that others share must be encrypted (PS3.15 B.12).
    pub(super) fn checked(mut self) -> Result<Self, SiteError> {
        strip_credentials(&mut self.url);
        if self.url.scheme() != "https" && !is_loopback(&self.url) {
            return Err(SiteError::NotSecure { url: self.url.to_string() });
        }
        let contradicting = |keys| SiteError::Contradicting { name: self.name.clone(), keys };
        if self.crl.is_some() && self.ca.is_none() {
            return Err(contradicting("crl, ca"));
        }
        if self.oidc.is_some() && self.token {
            return Err(contradicting("token, oidc"));
        }
        if let Some(oidc) = &self.oidc {
            oidc.issuer_url()?;
        }
        Ok(self)
    }

    /// What a running demo centre left in its folder.
    pub(super) fn load_demo(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("centre.toml");
        let text = std::fs::read_to_string(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => SiteError::NoDemo,
            _ => SiteError::Unreadable { path: path.clone(), source: e },
        })?;
        toml::from_str(&text).map_err(|e| SiteError::Invalid { path, what: e.to_string() })
    }
}

impl Oidc {
    /// A provider with everything else as it usually is.
    pub fn new(issuer: &str, client_id: &str) -> Self {
        let (issuer, client_id) = (issuer.to_owned(), client_id.to_owned());
        Self { issuer, client_id, scopes: Vec::new(), prompt: None, ca: None }
    }

    /// The issuer as an address.
    ///
    /// # Errors
    /// [`SiteError::NotAnIssuer`].
    pub fn issuer_url(&self) -> Result<Url, SiteError> {
        let parsed = Url::parse(&self.issuer).map(|mut url| {
            let named = !url.username().is_empty() || url.password().is_some();
            strip_credentials(&mut url);
            (url, named)
        });
        let Ok((url, named)) = parsed else { return Err(SiteError::NotAnIssuer { url: String::new() }) };
        let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        if !safe || named || url.query().is_some() || url.fragment().is_some() {
            return Err(SiteError::NotAnIssuer { url: url.to_string() });
        }
        Ok(url)
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

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_no(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Explain as _;

    fn centre() -> Centre {
        Centre::at(Url::parse("https://pacs.example/dicom-web").unwrap())
    }

    fn oidc(issuer: &str) -> Option<Oidc> {
        Some(Oidc::new(issuer, "dokuei"))
    }

    #[test]
    fn how_one_signs_in_follows_the_keys_of_the_profile() {
        assert_eq!(centre().method(), Method::Password);
        assert_eq!(Centre { token: true, ..centre() }.method(), Method::Token);
        let browser = Centre { oidc: oidc("https://id.example"), ..centre() };
        assert_eq!(browser.method(), Method::Browser);
        let text = toml::to_string(&browser).unwrap();
        assert_eq!(toml::from_str::<Centre>(&text).unwrap(), browser, "{text}");
        assert!(!text.contains("token") && !text.contains("keep_password"), "{text}");
    }

    #[test]
    fn keys_that_contradict_each_other_are_refused() {
        let with = |change: fn(&mut Centre)| {
            let mut centre = centre();
            change(&mut centre);
            centre.checked().unwrap_err().message().id().to_owned()
        };
        assert_eq!(with(|c| c.crl = Some("x".into())), "site-contradicting");
        assert_eq!(with(|c| (c.token, c.oidc) = (true, oidc("https://id.example"))), "site-contradicting");
        assert_eq!(with(|c| c.oidc = oidc("http://id.example")), "site-not-an-issuer");
    }

    #[test]
    fn an_issuer_is_encrypted_or_on_this_computer_and_bare() {
        for good in ["https://id.example", "https://id.example/realms/x/", "http://127.0.0.1:9000"] {
            assert!(oidc(good).unwrap().issuer_url().is_ok(), "{good}");
        }
        for bad in [
            "http://id.example",
            "id.example",
            "https://id.example/?x=1",
            "https://id.example/#x",
            "https://u:p@id.example",
            "ftp://127.0.0.1",
        ] {
            let told = oidc(bad).unwrap().issuer_url().unwrap_err();
            assert!(!told.to_string().contains("u:p"), "{told}");
        }
    }
}
