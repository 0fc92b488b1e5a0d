//! What the command line hands to the window.

use std::path::PathBuf;

use super::{Secrets, Work, WorkError};
use crate::session::settings::Language;
use crate::site::{Home, Profile};

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
    /// Secrets that are at hand.
    pub secrets: Box<dyn Secrets>,
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

impl Launch {
    /// Starts work.
    ///
    /// # Errors
    /// [`WorkError::Stopped`] when the system gives no threads.
    pub fn begin(self) -> Result<(Work, Opening), WorkError> {
        Ok((Work::start(self.home, self.profile, None, self.secrets)?, self.opening))
    }
}
