//! Who reads for which centre.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::shell::{Dialog, Screen};
use super::worklist::Worklist;
use super::{Problem, Remote, RequestId, State, case, lock, outbox, shell, worklist};

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
    /// The sign-in waits for the browser.
    pub browser: Option<Browser>,
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
    /// How readers sign in there.
    pub method: Method,
}

/// How readers sign in to a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// With user name and password, or not at all.
    #[default]
    Password,
    /// With an access token that is typed.
    Token,
    /// With the browser.
    Browser,
}

/// What the browser is to open, for who must do it by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    /// The address; good for this one sign-in.
    pub address: Secret,
    /// A browser took it.
    pub opened: bool,
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
        /// With which password or access token.
        password: Secret,
        /// What opens the vault, where it needs that.
        passphrase: Option<Secret>,
        /// What opens the file with this computer's certificate, where it needs that.
        certificate_password: Option<Secret>,
    },
    /// Break the sign-in under way off.
    BreakOff,
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
        /// What opens the file with this computer's certificate.
        certificate_password: Option<Secret>,
    },
    /// Break a sign-in off.
    BreakOff {
        /// The request of that sign-in.
        id: RequestId,
    },
    /// Forget passwords and tokens.
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
    /// The sign-in waits for the browser.
    InBrowser {
        /// The request.
        id: RequestId,
        /// What it is to open.
        browser: Browser,
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

impl SignIn {
    /// Where the reader is signed in; stays so while signing in anew, and when that fails.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        self.entered.latest()
    }

    /// The centre's name, where the reader is signed in.
    pub(super) fn centre(&self) -> Option<&str> {
        self.signed_in().map(|signed_in| signed_in.centre.as_str())
    }
}

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    let id = state.request();
    match command {
        Command::Enter { centre, user, password, passphrase, certificate_password } => {
            let sign_in = &mut state.sign_in;
            sign_in.awaited = id;
            sign_in.browser = None;
            sign_in.entered.ask();
            let enter = Effect::Enter { id, centre, user, password, passphrase, certificate_password };
            vec![super::Effect::SignIn(enter)]
        }
        Command::BreakOff => break_off(state),
        Command::Leave => leave(state, id),
    }
}

/// What was before stands again; a late answer is dropped.
pub(super) fn break_off(state: &mut State) -> Vec<super::Effect> {
    let sign_in = &mut state.sign_in;
    if !sign_in.entered.is_pending() {
        return Vec::new();
    }
    let id = std::mem::take(&mut sign_in.awaited);
    sign_in.browser = None;
    sign_in.entered = sign_in.entered.latest().cloned().map_or(Remote::NotAsked, Remote::Ready);
    vec![super::Effect::SignIn(Effect::BreakOff { id })]
}

/// The centre no longer lets the reader in: a dialog over the case asks for a new sign-in. The case and the report
/// stay as they are behind it.
pub(super) fn ask_again(state: &mut State, problem: &Problem) {
    if !shell::is_locked_out(problem) {
        return;
    }
    let elsewhere = matches!(state.shell.screen, Screen::SignIn) || state.sign_in.entered.is_pending();
    if elsewhere || state.sign_in.signed_in().is_none_or(|signed_in| signed_in.demo) {
        return;
    }
    if state.shell.dialog.is_none() {
        state.shell.dialog = Some(Dialog::SignInAgain(Some(problem.clone())));
    }
}

/// The browser is sent for by this request.
pub(super) fn await_browser(state: &mut State, id: RequestId) {
    (state.sign_in.awaited, state.sign_in.browser) = (id, None);
}

fn leave(state: &mut State, id: RequestId) -> Vec<super::Effect> {
    let mut effects = lock::forget(state);
    effects.extend(case::end(state));
    state.sign_in.entered = Remote::NotAsked;
    state.sign_in.browser = None;
    state.sign_in.awaited = id;
    if matches!(state.shell.dialog, Some(Dialog::SignInAgain(_))) {
        state.shell.dialog = None;
    }
    state.worklist = Worklist::default();
    state.shell.screen = Screen::SignIn;
    effects.push(super::Effect::SignIn(Effect::Leave { id }));
    effects
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    match event {
        Event::Known { centres, needs_passphrase, first_run } => {
            let sign_in = &mut state.sign_in;
            (sign_in.centres, sign_in.needs_passphrase) = (centres, needs_passphrase);
            sign_in.first_run = first_run;
        }
        Event::InBrowser { id, browser } if id == state.sign_in.awaited => {
            state.sign_in.browser = Some(browser);
        }
        Event::Entered { id, outcome } if id == state.sign_in.awaited => return entered(state, outcome),
        Event::InBrowser { .. } | Event::Entered { .. } | Event::Left { .. } => {}
    }
    Vec::new()
}

/// A case of this centre stays open, so that a new password costs nothing; one of another centre is kept.
fn entered(state: &mut State, outcome: Result<SignedIn, Problem>) -> Vec<super::Effect> {
    let before = state.sign_in.centre().map(str::to_owned);
    state.sign_in.entered.answer(outcome);
    state.sign_in.browser = None;
    if !matches!(state.sign_in.entered, Remote::Ready(_)) {
        return Vec::new();
    }
    state.sign_in.first_run = false;
    shell::let_in(state);
    let centre = state.sign_in.centre().map(str::to_owned);
    if before != centre {
        state.worklist = Worklist::default();
    }
    let mut effects = Vec::new();
    let origin = state.case.as_ref().map(|case| case.centre().map(str::to_owned));
    match origin {
        Some(Some(other)) if Some(&other) != centre.as_ref() => effects.extend(case::end(state)),
        _ => {}
    }
    let reading = state.case.as_ref().is_some_and(|case| case.centre().is_some());
    state.shell.screen = if reading { Screen::Reading } else { Screen::Worklist };
    if reading && state.case.as_ref().is_some_and(|case| matches!(case.arrived, Remote::Failed { .. })) {
        effects.extend(case::retry(state));
    }
    effects.extend(worklist::refresh(state));
    effects.extend(outbox::on_command(state, outbox::Command::Look));
    outbox::offer_at_once(state);
    if state.case.is_none() {
        effects.push(case::recall(state));
    }
    effects
}

#[cfg(test)]
mod tests;
