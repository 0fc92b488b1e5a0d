//! What is typed at the sign-in and not yet sent.

use std::path::PathBuf;

use crate::session::Remote;
use crate::session::sign_in::{CentreChoice, Method, Secret, SignIn};

/// What is typed. It has no `Debug`: a password is in it.
#[derive(Clone, Default)]
pub(super) struct Form {
    /// Which of the centres; decided by [`Form::meet`] while the reader has not chosen.
    pub(super) choice: Choice,
    /// The reader has chosen.
    pub(super) chosen: bool,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) certificate: String,
    pub(super) user: String,
    /// The password, or the access token.
    pub(super) password: Secret,
    /// What opens the file with this computer's certificate; asked for once its absence was told.
    pub(super) certificate_password: Secret,
    pub(super) certificate_is_locked: bool,
    pub(super) passphrase: Secret,
    pub(super) passphrase_again: Secret,
    /// The vault is open already: no passphrase is asked for.
    pub(super) without_vault: bool,
    /// The keyboard has been sent to the first field that is empty.
    pub(super) placed: bool,
    /// What went wrong last has been scrolled to.
    pub(super) told: bool,
}

/// Which centre is chosen.
#[derive(Clone, Default, PartialEq)]
pub(super) enum Choice {
    Known(String),
    #[default]
    New,
    Demo,
}

impl Form {
    /// Takes the first centre of the profile, with who signed in there last, while the reader has chosen none.
    pub(super) fn meet(&mut self, sign_in: &SignIn) {
        let typed = [&self.name, &self.url, &self.user].iter().any(|text| !text.is_empty());
        if self.chosen || typed || self.choice != Choice::New {
            return;
        }
        if let Some(first) = sign_in.centres.first() {
            self.choice = Choice::Known(first.name.clone());
            self.user = first.user.clone().unwrap_or_default();
        }
    }

    /// The reader chooses.
    pub(super) fn choose(&mut self, choice: Choice, user: Option<String>) {
        self.choice = choice;
        self.user = user.unwrap_or_default();
        self.chosen = true;
        self.certificate_is_locked = false;
        self.placed = false;
    }

    /// How readers sign in to the chosen centre, as its profile says.
    pub(super) fn method(&self, sign_in: &SignIn) -> Method {
        let known = sign_in.centres.iter().find(|centre| self.choice == Choice::Known(centre.name.clone()));
        known.map(|centre| centre.method).unwrap_or_default()
    }

    /// The demo centre knows its own user, the browser and a token say who it is.
    pub(super) fn has_user(&self, sign_in: &SignIn) -> bool {
        self.choice != Choice::Demo && self.method(sign_in) == Method::Password
    }

    /// Notes that the certificate file wants a password.
    pub(super) fn learn(&mut self, sign_in: &SignIn) {
        if let Remote::Failed { problem, .. } = &sign_in.entered {
            let ids = ["centre-certificate-locked", "centre-certificate-wrong-password"];
            self.certificate_is_locked |= ids.contains(&problem.id.as_ref());
        }
    }

    /// The centre as the session names it.
    pub(super) fn centre(&self) -> CentreChoice {
        match &self.choice {
            Choice::Known(name) => CentreChoice::Known(name.clone()),
            Choice::Demo => CentreChoice::Demo,
            Choice::New => CentreChoice::New {
                name: self.name.trim().to_owned(),
                url: self.url.trim().to_owned(),
                ca: Some(self.certificate.trim()).filter(|path| !path.is_empty()).map(PathBuf::from),
            },
        }
    }

    /// A new vault's passphrase is typed twice: a slip would lock it for ever.
    pub(super) fn asks_passphrase_again(sign_in: &SignIn) -> bool {
        sign_in.needs_passphrase && sign_in.first_run
    }

    /// What must be typed before this can be sent, as a sentence.
    pub(super) fn missing(&self, sign_in: &SignIn) -> Option<&'static str> {
        let url = self.url.trim();
        let after_scheme = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let is_new = self.choice == Choice::New;
        if is_new && self.name.trim().is_empty() {
            Some("worklist-need-name")
        } else if is_new && after_scheme.is_none_or(str::is_empty) {
            Some("worklist-need-address")
        } else if self.certificate_is_locked && self.certificate_password.0.is_empty() {
            Some("worklist-need-certificate-password")
        } else if self.without_vault {
            None
        } else if sign_in.needs_passphrase && self.passphrase.0.is_empty() {
            Some("worklist-need-passphrase")
        } else if Self::asks_passphrase_again(sign_in) && self.passphrase != self.passphrase_again {
            Some("worklist-passphrases-differ")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    #[test]
    fn what_is_missing_is_named_one_thing_at_a_time() {
        let mut sign_in = SignIn::default();
        (sign_in.first_run, sign_in.needs_passphrase) = (true, true);
        let secret = |text: &str| Secret(Zeroizing::new(text.to_owned()));
        let mut form = Form::default();
        assert_eq!(form.missing(&sign_in), Some("worklist-need-name"));
        form.name = "Harbour".into();
        form.url = "https://".into();
        assert_eq!(form.missing(&sign_in), Some("worklist-need-address"));
        form.url = " https://pacs.example ".into();
        assert_eq!(form.missing(&sign_in), Some("worklist-need-passphrase"));
        form.passphrase = secret("correct horse");
        form.passphrase_again = secret("correct house");
        assert_eq!(form.missing(&sign_in), Some("worklist-passphrases-differ"));
        sign_in.first_run = false;
        assert_eq!(form.missing(&sign_in), None, "an old vault says itself whether the passphrase is right");
        let CentreChoice::New { url, ca, .. } = form.centre() else { panic!("a new centre") };
        assert_eq!((url.as_str(), ca), ("https://pacs.example", None));
    }
}
