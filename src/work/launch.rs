//! What the command line hands to the window: where everything lies, what to open first, and the doors to what
//! `work` must not know itself.

use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::ground::{Ground, Secrets};
use super::{Work, WorkError};
use crate::session::settings::{Identity, Language, Settings};
use crate::session::sign_in::KnownCentre;
use crate::session::{Event, shell, sign_in};
use crate::site::{Centre, Home, Method, Profile};
use crate::text::Message;
use crate::vault::Vault;

/// What the window begins with.
pub struct Launch {
    /// The folders.
    pub home: Home,
    /// The profile as it was read.
    pub profile: Profile,
    /// The language of this run.
    pub language: Language,
    /// What to open first.
    pub opening: Opening,
    /// Secrets that are at hand; the sign-in brings the others.
    pub secrets: Box<dyn Secrets>,
    /// The demo centre.
    pub demo: Box<dyn DemoDoor>,
}

/// What the window opens first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// The sign-in, then the worklist.
    Workstation,
    /// These files and folders, without a sign-in.
    Files(Vec<PathBuf>),
    /// The worklist of the demo centre, without a question.
    Demo,
}

/// The demo centre of this machine.
pub trait DemoDoor: Send + Sync {
    /// The way in; starts the centre the first time. It runs until the door is dropped. Blocks.
    ///
    /// # Errors
    /// Why it does not start, as a sentence.
    fn open(&self) -> Result<DemoEntry, Message>;
}

/// The way into the demo centre.
#[derive(Clone)]
pub struct DemoEntry {
    /// Where it is and how to trust it.
    pub centre: Centre,
    /// Its user.
    pub user: String,
    /// The user's password.
    pub password: Zeroizing<String>,
}

impl Launch {
    /// Starts work and has it tell what a window must know first: the settings, then the known centres and
    /// whether a passphrase is needed.
    ///
    /// # Errors
    /// [`WorkError::Stopped`] when the system gives no threads.
    pub fn begin(self) -> Result<(Work, Opening), WorkError> {
        let Self { home, profile, language, opening, secrets, demo } = self;
        let work = Work::with_doors(home, profile, None, Doors { secrets, demo: Some(demo) })?;
        work.introduce(language);
        #[cfg(target_os = "linux")]
        drop(work.runtime.spawn(super::lock::heed(Arc::clone(&work.ground))));
        Ok((work, opening))
    }
}

/// What `work` reaches through others.
pub(super) struct Doors {
    pub(super) secrets: Box<dyn Secrets>,
    pub(super) demo: Option<Box<dyn DemoDoor>>,
}

impl Work {
    /// Tells the settings of the profile, in this language, then who may sign in where. Two events, in this
    /// order.
    pub fn introduce(&self, language: Language) {
        let ground = Arc::clone(&self.ground);
        self.runtime.spawn(async move {
            let settings = Box::new(settings(&ground.profile(), language));
            ground.tell(Event::Shell(shell::Event::Settings(settings))).await;
            // The key store may take its time to answer.
            let known = ground.blocking(|ground| Ok(known(ground))).await;
            if let Ok(known) = known {
                ground.tell(Event::SignIn(known)).await;
            }
        });
    }
}

fn settings(profile: &Profile, language: Language) -> Settings {
    let reader = &profile.reader;
    let reader = Identity {
        name: reader.name.clone(),
        id: reader.id.clone(),
        organisation: reader.organisation.clone(),
    };
    Settings { language, reader, sound: profile.sound.unwrap_or(true), lock_minutes: profile.lock.minutes }
}

/// The centres by name, and what the sign-in must ask.
fn known(ground: &Ground) -> sign_in::Event {
    let known = |centre: &Centre| KnownCentre {
        name: centre.name.clone(),
        url: centre.url.to_string(),
        user: centre.user.clone(),
        method: match centre.method() {
            Method::Password => sign_in::Method::Password,
            Method::Token => sign_in::Method::Token,
            Method::Browser => sign_in::Method::Browser,
        },
    };
    let home = ground.home();
    sign_in::Event::Known {
        centres: ground.profile().centres.iter().map(known).collect(),
        needs_passphrase: !ground.has_passphrase_at_hand() && Vault::asks_for_passphrase(&home.vault()),
        first_run: !home.profile().exists(),
    }
}
