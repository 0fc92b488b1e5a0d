//! What every subcommand needs: home, profile, language, and how to ask for secrets.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use url::Url;
use zeroize::Zeroizing;

use super::args::CentreChoice;
use super::out::Out;
use crate::site::{Centre, Home, Profile, SiteError};
use crate::text::{Explain, Language, Message};
use crate::work::{Secrets, Work, WorkError};

/// The ground a subcommand stands on.
pub(crate) struct Context {
    pub(crate) home: Home,
    pub(crate) profile: Profile,
    pub(crate) out: Out,
    /// This is `dokuei-cli`: no window.
    pub(crate) console: bool,
}

impl Context {
    /// Finds the home and reads the profile. The language is `--language`'s, else the profile's, else the
    /// system's.
    pub(crate) fn new(
        language: Option<Language>,
        json: bool,
        console: bool,
    ) -> Result<Self, (Out, SiteError)> {
        let spoken = Out { language: language.unwrap_or_else(Language::of_system), json };
        let home = Home::find().ok_or((spoken, SiteError::NoHome))?;
        let profile = Profile::load(&home).map_err(|error| (spoken, error))?;
        let language = language.or(profile.language).unwrap_or(spoken.language);
        Ok(Self { home, profile, out: Out { language, json }, console })
    }

    /// Work on this home: its vault (opened when first needed) and, if one is named, a centre.
    pub(crate) fn work(&self, centre: Option<&CentreChoice>) -> Result<Work, WorkError> {
        let centre = centre
            .map(|choice| self.profile.centre(&self.home, &choice.centre, choice.user.as_deref()))
            .transpose()?;
        Work::start(self.home.clone(), self.profile.clone(), centre, Box::new(self.secrets()))
    }

    /// The centre that was chosen.
    pub(crate) fn centre(&self, choice: &CentreChoice) -> Result<Centre, SiteError> {
        self.profile.centre(&self.home, &choice.centre, choice.user.as_deref())
    }

    fn secrets(&self) -> FromEnvironment {
        FromEnvironment { out: self.out, asks: true, given_to: Mutex::default() }
    }

    /// The environment's secrets alone, for a window: it asks at its own sign-in, never at the terminal that it
    /// was started from.
    pub(crate) fn secrets_at_hand(&self) -> impl Secrets + 'static {
        FromEnvironment { out: self.out, asks: false, given_to: Mutex::default() }
    }
}

/// Secrets from the environment, else typed at a terminal; nothing asks where there is none.
struct FromEnvironment {
    out: Out,
    /// Whether a person may be asked.
    asks: bool,
    /// The one centre that got the environment's password: it is for no other.
    given_to: Mutex<Option<Url>>,
}

impl Secrets for FromEnvironment {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        self.ask(&Message::new("cli-ask-passphrase"))
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        from_environment("DOKUEI_PASSPHRASE")
    }

    fn password(&self, centre: &Centre, user: &str) -> Option<Zeroizing<String>> {
        self.of_centre("DOKUEI_PASSWORD", centre).or_else(|| {
            self.ask(&Message::new("cli-ask-password").with("centre", &centre.name).with("user", user))
        })
    }

    fn token(&self, centre: &Centre) -> Option<Zeroizing<String>> {
        let ask = || self.ask(&Message::new("cli-ask-token").with("centre", &centre.name));
        self.of_centre("DOKUEI_TOKEN", centre).or_else(|| if centre.token { ask() } else { None })
    }

    fn certificate_password(&self, path: &Path) -> Option<Zeroizing<String>> {
        let ask = || self.ask(&Message::new("cli-ask-certificate").with("path", path.display()));
        from_environment("DOKUEI_CERTIFICATE_PASSWORD").or_else(ask)
    }

    fn can_ask(&self) -> bool {
        self.asks && std::io::stdin().is_terminal()
    }

    fn ask_to_open(&self, centre: &Centre, address: &str) {
        let sentence = Message::new("cli-open-address").with("centre", &centre.name);
        let _ = writeln!(std::io::stderr(), "{}\n{address}", self.out.say(&sentence));
    }
}

impl FromEnvironment {
    /// What a variable holds for the one centre that gets the environment's secrets.
    fn of_centre(&self, name: &str, centre: &Centre) -> Option<Zeroizing<String>> {
        let mut given_to = self.given_to.lock().unwrap_or_else(PoisonError::into_inner);
        let for_this_centre = given_to.get_or_insert_with(|| centre.url.clone()) == &centre.url;
        if for_this_centre { from_environment(name) } else { None }
    }

    fn ask(&self, question: &Message) -> Option<Zeroizing<String>> {
        if !self.asks || !std::io::stdin().is_terminal() {
            return None;
        }
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "{}: ", self.out.say(question));
        let _ = stderr.flush();
        rpassword::read_password().ok().map(Zeroizing::new).filter(|typed| !typed.is_empty())
    }
}

fn from_environment(name: &str) -> Option<Zeroizing<String>> {
    std::env::var(name).ok().map(Zeroizing::new).filter(|value| !value.is_empty())
}

/// Any room's error on its way to a person.
pub(crate) type Failure = Box<dyn Explain>;

impl<E: Explain + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Box::new(error)
    }
}
