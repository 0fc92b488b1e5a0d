//! Who reads for which centre.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{Problem, Remote, RequestId};

/// The sign-in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignIn {
    /// The centres of the profile.
    pub centres: Vec<KnownCentre>,
    /// This vault's key is not in a key store: a passphrase opens it.
    pub needs_passphrase: bool,
    /// Nobody has used this workstation before.
    pub first_run: bool,
    /// Signed in, being signed in, or why not.
    pub entered: Remote<SignedIn>,
    pub(super) awaited: RequestId,
}

/// A centre that the profile names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCentre {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Who signed in last.
    pub user: Option<String>,
}

/// Signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The centre's name.
    pub centre: String,
    /// The user there.
    pub user: Option<String>,
    /// The made-up patients of the demo centre.
    pub demo: bool,
}

/// A password or passphrase: wiped when dropped, never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Which centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CentreChoice {
    /// One of the profile.
    Known(String),
    /// A new one, kept in the profile once it has let the reader in.
    New {
        /// What to call it.
        name: String,
        /// Its base URL.
        url: String,
        /// A PEM file with the certificates to trust for it.
        ca: Option<PathBuf>,
    },
    /// The demo centre on this machine, started if need be.
    Demo,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Sign in.
    Enter {
        /// Where.
        centre: CentreChoice,
        /// As whom; empty for a centre without sign-in.
        user: String,
        /// With which password.
        password: Secret,
        /// What opens the vault, where it needs that.
        passphrase: Option<Secret>,
    },
    /// Leave the centre; the case is closed and kept.
    Leave,
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Open the vault, sign in and ask the centre something small; starts the demo centre for
    /// [`CentreChoice::Demo`].
    Enter {
        /// The request.
        id: RequestId,
        /// Where.
        centre: CentreChoice,
        /// As whom.
        user: String,
        /// With which password.
        password: Secret,
        /// What opens the vault.
        passphrase: Option<Secret>,
    },
    /// Forget the passwords.
    Leave {
        /// The request.
        id: RequestId,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// What the profile and the vault's folder say, at the start.
    Known {
        /// The centres of the profile.
        centres: Vec<KnownCentre>,
        /// A passphrase is needed.
        needs_passphrase: bool,
        /// There is no profile yet.
        first_run: bool,
    },
    /// Signed in, or why not.
    Entered {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<SignedIn, Problem>,
    },
    /// Left.
    Left {
        /// The request.
        id: RequestId,
    },
}

pub(super) fn on_command(_state: &mut super::State, _command: Command) -> Vec<super::Effect> {
    Vec::new()
}

pub(super) fn on_event(_state: &mut super::State, _event: Event) -> Vec<super::Effect> {
    Vec::new()
}
