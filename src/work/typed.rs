//! Secrets that a person typed at the sign-in. They live in memory only, each for exactly the place it was typed
//! for, and are wiped when forgotten.

use url::Url;
use zeroize::Zeroizing;

/// What was typed and has proven right.
#[derive(Default)]
pub(super) struct Typed {
    /// What opened the vault.
    pub(super) passphrase: Option<Zeroizing<String>>,
    passwords: Vec<Password>,
}

struct Password {
    url: Url,
    user: String,
    password: Zeroizing<String>,
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
        typed.forget_passwords();
        assert!(typed.password(&here, "reader").is_none());
    }
}
