//! The lock: nobody is at the desk, so nothing of a patient is on screen nor in the state.
//!
//! Locking hands all that can be read of patients to `work`, which seals it, and leaves here what names nobody:
//! UIDs and how things were shown. The open case goes as if it had been closed, and comes back from the vault with
//! its layout, images and draft. Reports and transfers that were on their way go on.

mod parcel;

use std::time::Duration;

pub use parcel::Parcel;

use super::case::{self, Event as CaseEvent};
use super::message::{Command as Any, Event as AnyEvent};
use super::sign_in::{self, Secret, SignedIn};
use super::study::Progress;
use super::{Effect as AnyEffect, Problem, Remote, RequestId, State, outbox, pixels, shell, trail, worklist};
use parcel::Back;

/// Whether somebody is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lock {
    /// Locked; `None` while somebody works.
    pub closed: Option<Closed>,
    /// When somebody was last noticed, ms of the session's clock.
    stirred_ms: u64,
}

/// A locked workstation.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// How many windows stay, empty.
    pub windows: u8,
    /// What opens it; `None` until that is known, within a moment.
    pub way: Option<Way>,
    /// How far the transfer that goes on has come.
    pub receiving: Option<Progress>,
    /// The vault's key and the sign-ins are still in memory, for what is on its way.
    pub holds_keys: bool,
    /// Being opened, or why not.
    pub opened: Remote<()>,
    /// Before this nobody may try again, ms of the session's clock.
    pub wait_until_ms: u64,
    back: Back,
    sealed: RequestId,
    asked: RequestId,
    transfer: RequestId,
}

/// What opens a locked workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The passphrase of the vault, which somebody typed at the sign-in.
    Passphrase,
    /// The user's password at the centre.
    Password {
        /// The centre's name.
        centre: String,
        /// The user there.
        user: String,
    },
    /// An access token that the centre accepts.
    Token {
        /// The centre's name.
        centre: String,
    },
    /// Another sign-in in the browser, as the same user.
    Browser {
        /// The centre's name.
        centre: String,
    },
    /// Another sign-in, on the sign-in's own screen: there is no word that could be checked here.
    SignIn,
    /// A button: nobody has proven who they are before either (the demo, files, a centre without sign-in).
    Button,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Lock now.
    Close,
    /// Open with what was typed; empty for [`Way::Button`] and [`Way::Browser`].
    Open(Secret),
    /// The browser is not waited for any more.
    BreakOff,
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Let all pixels go, seal the parcel, and put the keys away as soon as nothing on its way needs them.
    Seal {
        /// The request.
        id: RequestId,
        /// What comes back at the unlocking.
        parcel: Box<Parcel>,
        /// Where the reader is signed in.
        who: Option<SignedIn>,
        /// How long ago the centre last accepted the reader's sign-in, where it did.
        accepted_ago: Option<Duration>,
    },
    /// Open with what was typed.
    Unseal {
        /// The request.
        id: RequestId,
        /// What was typed.
        secret: Secret,
        /// Where the reader is signed in.
        who: Option<SignedIn>,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Somebody touched key or mouse, in whichever window.
    Stirred,
    /// The session of the system was locked, or the machine goes to sleep.
    Away,
    /// The parcel is sealed.
    Sealed {
        /// The request.
        id: RequestId,
        /// What opens it.
        way: Way,
    },
    /// The keys and sign-ins have gone.
    KeysGone {
        /// The request that sealed.
        id: RequestId,
    },
    /// Open, with what was sealed (`None` where it cannot be read any more), or why not.
    Unsealed {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<Option<Box<Parcel>>, Refusal>,
    },
}

/// Why it stays locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub problem: Problem,
    /// Nobody may try again for this long.
    pub wait: Duration,
}

impl Lock {
    /// Whether the workstation is locked.
    pub fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// When it locks by itself if nobody stirs, ms of the session's clock.
    fn due_ms(&self, minutes: u8) -> u64 {
        self.stirred_ms + u64::from(minutes) * 60_000
    }
}

/// How long until the workstation locks by itself if nobody stirs; `None` where it is locked or has nothing to hide.
pub fn left(state: &State) -> Option<Duration> {
    let Lock { closed, .. } = &state.lock;
    let due_ms = state.lock.due_ms(state.shell.settings.lock_minutes);
    let waits = closed.is_none() && can_close(state);
    waits.then(|| Duration::from_millis(due_ms.saturating_sub(state.shell.now_ms)))
}

/// Whether there is anything to hide: before the sign-in there is not.
pub fn can_close(state: &State) -> bool {
    !state.lock.is_closed() && (state.sign_in.signed_in().is_some() || state.case.is_some())
}

/// What a person may still do at a locked workstation: open it, leave it, or choose their language.
pub(super) fn lets(state: &State, command: &Any) -> bool {
    use shell::Command::{CloseDialog, Leave, LeaveAnyway, Speak, Tell};
    !state.lock.is_closed()
        || matches!(
            command,
            Any::Lock(_)
                | Any::SignIn(sign_in::Command::Leave)
                | Any::Outbox(outbox::Command::Send { .. })
                | Any::Shell(Leave | LeaveAnyway | CloseDialog | Speak(_) | Tell(..))
        )
}

/// What reaches the state of a locked workstation: nothing that could name a patient.
pub(super) fn hears(state: &State, event: &AnyEvent) -> bool {
    use CaseEvent::{Arrived, Closed, Forgotten, Kept, Progress};
    use sign_in::Event::{InBrowser, Known, Left};
    !state.lock.is_closed()
        || matches!(
            event,
            AnyEvent::Lock(_)
                | AnyEvent::Shell(_)
                | AnyEvent::Outbox(_)
                | AnyEvent::Study(_)
                | AnyEvent::SignIn(InBrowser { .. } | Known { .. } | Left { .. })
                | AnyEvent::Case(
                    Kept { .. } | Forgotten { .. } | Closed { .. } | Progress { .. } | Arrived { .. }
                )
        )
}

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<AnyEffect> {
    match command {
        Command::Close => close(state),
        Command::Open(secret) => open(state, secret),
        Command::BreakOff => break_off(state),
    }
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<AnyEffect> {
    let now_ms = state.shell.now_ms;
    match event {
        Event::Stirred => state.lock.stirred_ms = now_ms,
        Event::Away => return close(state),
        Event::Sealed { id, way } => {
            if let Some(closed) = sealed_by(state, id) {
                closed.way = Some(way);
            }
        }
        Event::KeysGone { id } => {
            if let Some(closed) = sealed_by(state, id) {
                closed.holds_keys = false;
                closed.receiving = None;
            }
        }
        Event::Unsealed { id, outcome } => {
            let awaited = state.lock.closed.as_mut().filter(|closed| closed.asked == id);
            match (awaited, outcome) {
                (None, _) => {}
                (Some(_), Ok(parcel)) => return come_back(state, parcel),
                (Some(closed), Err(Refusal { problem, wait })) => {
                    state.sign_in.browser = None;
                    closed.opened.answer(Err(problem));
                    closed.wait_until_ms = now_ms + u64::try_from(wait.as_millis()).unwrap_or(u64::MAX / 2);
                }
            }
        }
    }
    Vec::new()
}

fn sealed_by(state: &mut State, id: RequestId) -> Option<&mut Closed> {
    state.lock.closed.as_mut().filter(|closed| closed.sealed == id)
}

/// Locks when nobody has stirred for long enough.
pub(super) fn tick(state: &mut State) -> Vec<AnyEffect> {
    match left(state) {
        Some(Duration::ZERO) => close(state),
        _ => Vec::new(),
    }
}

/// What a locked workstation notes of the case whose transfer goes on.
pub(super) fn note(state: &mut State, event: &CaseEvent) {
    let Some(closed) = &mut state.lock.closed else { return };
    match event {
        CaseEvent::Progress { id, progress } if *id == closed.transfer => closed.receiving = Some(*progress),
        CaseEvent::Arrived { id, .. } if *id == closed.transfer => closed.receiving = None,
        _ => {}
    }
}

/// The reader signs out of a locked workstation: what still came for the case ends with it.
pub(super) fn forget(state: &mut State) -> Vec<AnyEffect> {
    match state.lock.closed.take() {
        None => Vec::new(),
        Some(_) => vec![AnyEffect::Case(case::Effect::Close { id: state.request() })],
    }
}

fn close(state: &mut State) -> Vec<AnyEffect> {
    if !can_close(state) {
        return Vec::new();
    }
    let mut effects = case::keep_now(state);
    let (back, parcel) = parcel::pack(state);
    let open = state.case.take();
    let windows = open.as_ref().map_or(1, |case| case.viewer.windows.len());
    let coming = open.as_ref().filter(|case| case.arrived.is_pending());
    let receiving = coming.filter(|case| case.centre().is_some()).map(|case| case.progress);
    let answered_ms = state.worklist.answered_ms;
    let accepted_ago =
        answered_ms.map(|at_ms| Duration::from_millis(state.shell.now_ms.saturating_sub(at_ms)));
    state.worklist = worklist::Worklist::default();
    state.shell.dialog = None;
    state.shell.notices.clear();
    state.trail = trail::Trail::default();
    effects.extend(sign_in::break_off(state));
    let id = state.request();
    state.lock.closed = Some(Closed {
        windows: u8::try_from(windows).unwrap_or(1),
        way: None,
        receiving,
        holds_keys: true,
        opened: Remote::NotAsked,
        wait_until_ms: 0,
        back,
        sealed: id,
        asked: 0,
        transfer: open.as_ref().map_or(0, |case| case.request),
    });
    let (who, parcel) = (state.sign_in.signed_in().cloned(), Box::new(parcel));
    effects.push(AnyEffect::Lock(Effect::Seal { id, parcel, who, accepted_ago }));
    effects
}

fn open(state: &mut State, secret: Secret) -> Vec<AnyEffect> {
    let (now_ms, id) = (state.shell.now_ms, state.request());
    let who = state.sign_in.signed_in().cloned();
    let Some(closed) = &mut state.lock.closed else { return Vec::new() };
    if closed.way.is_none() || closed.opened.is_pending() || now_ms < closed.wait_until_ms {
        return Vec::new();
    }
    closed.asked = id;
    closed.opened.ask();
    sign_in::await_browser(state, id);
    vec![AnyEffect::Lock(Effect::Unseal { id, secret, who })]
}

/// The browser is not waited for any more: `work` answers that it was broken off.
fn break_off(state: &mut State) -> Vec<AnyEffect> {
    let closed = state.lock.closed.as_ref();
    let waiting = closed.filter(|closed| closed.opened.is_pending());
    let effect = waiting.map(|closed| sign_in::Effect::BreakOff { id: closed.asked });
    effect.into_iter().map(AnyEffect::SignIn).collect()
}

/// Everything as it was. Where the parcel is lost, the vault still has the case.
fn come_back(state: &mut State, parcel: Option<Box<Parcel>>) -> Vec<AnyEffect> {
    let Some(closed) = state.lock.closed.take() else { return Vec::new() };
    state.lock.stirred_ms = state.shell.now_ms;
    state.sign_in.browser = None;
    // A sign-in that has ended meanwhile is still asked for.
    state.shell.dialog.take_if(|dialog| matches!(dialog, shell::Dialog::Leave { .. }));
    let mut effects = parcel::unpack(state, closed.back, parcel.map(|parcel| *parcel));
    effects.extend(worklist::refresh(state));
    if state.sign_in.signed_in().is_some() {
        effects.extend(outbox::on_command(state, outbox::Command::Look));
    }
    effects.extend(pixels::want(state));
    effects
}

#[cfg(test)]
mod tests;
