//! Secrets that a person typed at the sign-in. They live in memory only, each for exactly the place it was typed
//! for, and are wiped when forgotten.

use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

/// What was typed and has proven right.
#[derive(Default)]
pub(super) struct Typed {
    /// What opened the vault.
    pub(super) passphrase: Option<Zeroizing<String>>,
    passwords: Vec<Password>,
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

    /// Takes everything out: the passwords in a form to be sealed, the passphrase for good.
    pub(super) fn take(&mut self) -> Zeroizing<Vec<u8>> {
        self.passphrase = None;
        // Growing would leave copies behind that nobody wipes.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 << 10));
        if serde_json::to_writer(&mut *bytes, &self.passwords).is_err() {
            bytes.clear();
        }
        self.passwords.clear();
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

    /// Forgets the passwords. The passphrase stays with the open vault: whoever signs in next must know it.
    pub(super) fn forget_passwords(&mut self) {
        self.passwords.clear();
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
        typed.keep(&here, "reader", Zeroizing::new("old".to_owned()));
        typed.keep(&here, "reader", Zeroizing::new("new".to_owned()));
        assert_eq!(typed.password(&here, "reader").unwrap().as_str(), "new");
        assert!(typed.password(&there, "reader").is_none());
        assert!(typed.password(&here, "other").is_none());
        let taken = typed.take();
        assert!(typed.password(&here, "reader").is_none());
        typed.take_back(&taken);
        assert_eq!(typed.password(&here, "reader").unwrap().as_str(), "new");
        typed.forget_passwords();
        assert!(typed.password(&here, "reader").is_none());
    }
}
