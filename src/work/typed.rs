//! What opens the centres' doors in this process: secrets that a person typed, and the tokens of sign-ins in the
//! browser. They live in memory only, each for exactly the place it was given for, and are wiped when forgotten; what
//! is kept beyond that is sealed in the vault ([`super::access`]).

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use crate::centre::oidc::Tokens;

/// What was typed and has proven right.
#[derive(Default)]
pub(super) struct Typed {
    /// What opened the vault.
    pub(super) passphrase: Option<Zeroizing<String>>,
    /// The centre that the reader is signed in to.
    pub(super) signed_in: Option<String>,
    passwords: Vec<Password>,
    tokens: Vec<(Url, Zeroizing<String>)>,
    sign_ins: Vec<(Url, Tokens)>,
    certificates: Vec<(PathBuf, Zeroizing<String>)>,
}

#[derive(Serialize, Deserialize)]
struct Password {
    url: Url,
    user: String,
    #[serde(serialize_with = "reveal", deserialize_with = "hide")]
    password: Zeroizing<String>,
}

fn reveal<S: serde::Serializer>(password: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(password)
}

fn hide<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}

impl Typed {
    /// The user's password at exactly this address.
    pub(super) fn password(&self, url: &Url, user: &str) -> Option<Zeroizing<String>> {
        let known = self.passwords.iter().find(|known| known.url == *url && known.user == user);
        known.map(|known| known.password.clone())
    }

    /// Keeps what let a user in, in place of what was kept for that address.
    pub(super) fn keep(&mut self, url: &Url, user: &str, password: Zeroizing<String>) {
        self.passwords.retain(|known| known.url != *url);
        self.passwords.push(Password { url: url.clone(), user: user.to_owned(), password });
    }

    /// Takes everything out: the passwords in a form to be sealed, the rest for good. Tokens and what opens certificate
    /// files are sealed anyway.
    pub(super) fn take(&mut self) -> Zeroizing<Vec<u8>> {
        self.passphrase = None;
        // Growing would leave copies behind that nobody wipes.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 << 10));
        if serde_json::to_writer(&mut *bytes, &self.passwords).is_err() {
            bytes.clear();
        }
        let signed_in = self.signed_in.take();
        self.forget();
        self.signed_in = signed_in;
        bytes
    }

    /// The passwords as they were taken out; those typed since stay.
    pub(super) fn take_back(&mut self, taken: &[u8]) {
        let passwords: Vec<Password> = serde_json::from_slice(taken).unwrap_or_default();
        for password in passwords {
            if self.password(&password.url, &password.user).is_none() {
                self.passwords.push(password);
            }
        }
    }

    /// The access token for exactly this address.
    pub(super) fn token(&self, url: &Url) -> Option<Zeroizing<String>> {
        self.tokens.iter().find(|(known, _)| known == url).map(|(_, token)| token.clone())
    }

    /// Keeps the access token that let the reader in.
    pub(super) fn keep_token(&mut self, url: &Url, token: Zeroizing<String>) {
        self.tokens.retain(|(known, _)| known != url);
        self.tokens.push((url.clone(), token));
    }

    /// The sign-in at exactly this address, unless it has ended.
    pub(super) fn sign_in(&self, url: &Url) -> Option<Tokens> {
        let known = self.sign_ins.iter().find(|(known, tokens)| known == url && !tokens.have_ended());
        known.map(|(_, tokens)| tokens.clone())
    }

    /// Keeps a sign-in in place of the one before.
    pub(super) fn keep_sign_in(&mut self, url: &Url, tokens: Tokens) {
        self.sign_ins.retain(|(known, _)| known != url);
        self.sign_ins.push((url.clone(), tokens));
    }

    /// What opens a certificate file.
    pub(super) fn certificate(&self, path: &Path) -> Option<Zeroizing<String>> {
        self.certificates.iter().find(|(known, _)| known == path).map(|(_, password)| password.clone())
    }

    /// Keeps what opened a certificate file.
    pub(super) fn keep_certificate(&mut self, path: &Path, password: Zeroizing<String>) {
        self.certificates.retain(|(known, _)| known != path);
        self.certificates.push((path.to_owned(), password));
    }

    /// Forgets all of it. The passphrase stays with the open vault: whoever signs in next must know it.
    pub(super) fn forget(&mut self) {
        self.passwords.clear();
        self.tokens.clear();
        self.sign_ins.clear();
        self.certificates.clear();
        self.signed_in = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_for_one_user_at_one_address_until_it_is_forgotten() {
        let url = |text: &str| Url::parse(text).unwrap();
        let (here, there) =
            (url("https://pacs.example/dicom-web"), url("https://pacs.example:8443/dicom-web"));
        let mut typed = Typed::default();
        let secret = |text: &str| Zeroizing::new(text.to_owned());
        typed.keep(&here, "reader", secret("old"));
        typed.keep(&here, "reader", secret("new"));
        typed.keep_token(&here, secret("token"));
        typed.keep_certificate(Path::new("me.p12"), secret("p12"));
        assert_eq!(typed.password(&here, "reader").unwrap().as_str(), "new");
        assert_eq!(typed.token(&here).unwrap().as_str(), "token");
        assert!(typed.password(&there, "reader").is_none() && typed.token(&there).is_none());
        assert!(typed.password(&here, "other").is_none());
        assert!(typed.certificate(Path::new("other.p12")).is_none());
        let taken = typed.take();
        assert!(typed.password(&here, "reader").is_none() && typed.token(&here).is_none());
        typed.take_back(&taken);
        assert_eq!(typed.password(&here, "reader").unwrap().as_str(), "new");
        typed.forget();
        assert!(typed.password(&here, "reader").is_none() && typed.token(&here).is_none());
        assert!(typed.certificate(Path::new("me.p12")).is_none());
    }
}
