//! The frame around the work: which screen, which dialog, what the reader must be told, and the end.

use super::settings::{Identity, Language, Settings};
use super::{Problem, RequestId, State, case, keeper, lock, outbox, trail, worklist};

/// The frame around the work.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shell {
    /// What fills the main window.
    pub screen: Screen,
    /// What lies over it.
    pub dialog: Option<Dialog>,
    /// What the reader has been told and has not dismissed, oldest first; the same thing stands once.
    pub notices: Vec<Notice>,
    /// The reader's choices.
    pub settings: Settings,
    /// Milliseconds since the program began, by the last tick: the only clock of the session.
    pub now_ms: u64,
    /// The reader has decided to leave: the window closes.
    pub leaving: bool,
    pub(super) next_notice: u64,
    pub(super) departure: Departure,
}

/// How far leaving has come. The window closes when all that the reader made is kept and the case is closed,
/// so that the next start finds both; asked once more, it closes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Departure {
    /// Nobody leaves.
    #[default]
    Staying,
    /// What was made is being kept.
    Keeping,
    /// It could not be kept: the reader was told and decides.
    Refused,
    /// The case is being closed.
    Closing(RequestId),
}

/// What fills the main window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// Language, centre, user.
    #[default]
    SignIn,
    /// What waits to be read.
    Worklist,
    /// The open case.
    Reading,
}

/// What lies over a screen and takes the keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// Every command by its name.
    Palette,
    /// Every command with its key.
    Help,
    /// Language, reader, sound.
    Settings,
    /// The audit trail.
    Trail,
    /// The program should close while reports have not arrived at their centre.
    Leave {
        /// How many.
        unsent: usize,
    },
    /// The reader signs in again, and why the centre no longer lets them in, where it said. What is behind it stays.
    SignInAgain(Option<Problem>),
    /// A report should be signed while images of its study are missing; as it was when that was asked.
    SignIncomplete {
        /// Instances that are here.
        received: u32,
        /// Instances at the centre; `None` where nobody knows.
        expected: Option<u32>,
    },
    /// A report should be signed, and images came while its study was read.
    SignGrown {
        /// How many that nobody asked about.
        images: u32,
    },
}

/// Something the reader must know.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Names it, to dismiss it.
    pub id: u64,
    /// What, as a sentence of the catalogues.
    pub problem: Problem,
    /// How bad.
    pub weight: Weight,
    /// When it was told, ms.
    pub at_ms: u64,
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Good to know; goes away by itself after a while.
    Note,
    /// Must be seen; stays until dismissed.
    Warning,
    /// Something does not work; stays until dismissed.
    Fault,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Another screen.
    Show(Screen),
    /// A dialog over it.
    Open(Dialog),
    /// No dialog.
    CloseDialog,
    /// This notice has been read.
    Dismiss(u64),
    /// Another language.
    Speak(Language),
    /// Another signer.
    SignAs(Identity),
    /// Whether a new STAT is heard.
    Sound(bool),
    /// After how many minutes without anybody the workstation locks.
    LockAfter(u8),
    /// Leave the program; asks first when reports have not arrived.
    Leave,
    /// Leave all the same.
    LeaveAnyway,
    /// Tell the reader something that the window found itself.
    Tell(Problem, Weight),
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Keep the settings in the profile.
    Remember {
        /// The request.
        id: RequestId,
        /// The settings.
        settings: Box<Settings>,
    },
    /// Make a new STAT heard. Nothing of the patient goes with it.
    Chime {
        /// The request.
        id: RequestId,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Time has passed; told about ten times a second while something is going on, and once a second else.
    Tick {
        /// Milliseconds since the program began.
        now_ms: u64,
    },
    /// The settings as the profile has them, at the start.
    Settings(Box<Settings>),
    /// The settings are kept, or why not.
    Remembered {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<(), Problem>,
    },
    /// The sound was made, or why not.
    Chimed {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<(), Problem>,
    },
}

/// How long a [`Weight::Note`] stays.
const NOTE_MS: u64 = 8_000;

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    let shell = &mut state.shell;
    match command {
        Command::Show(Screen::Reading) if state.case.is_none() => {}
        Command::Show(screen) => shell.screen = screen,
        Command::Open(dialog) => shell.dialog = Some(dialog),
        Command::CloseDialog => {
            shell.dialog = None;
            trail::forget(state);
        }
        Command::Dismiss(id) => shell.notices.retain(|notice| notice.id != id),
        Command::Speak(language) => return remember(state, |settings| settings.language = language),
        Command::SignAs(reader) => return remember(state, |settings| settings.reader = reader),
        Command::Sound(sound) => return remember(state, |settings| settings.sound = sound),
        Command::LockAfter(minutes) => {
            let minutes = minutes.clamp(1, Settings::MOST_LOCK_MINUTES);
            return remember(state, |settings| settings.lock_minutes = minutes);
        }
        Command::Leave => return leave(state),
        Command::LeaveAnyway => {
            shell.dialog = None;
            return depart(state);
        }
        Command::Tell(problem, weight) => tell(state, problem, weight),
    }
    Vec::new()
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    match event {
        Event::Tick { now_ms } => return tick(state, now_ms),
        Event::Settings(settings) => state.shell.settings = *settings,
        Event::Remembered { outcome, .. } | Event::Chimed { outcome, .. } => {
            if let Err(problem) = outcome {
                tell(state, problem, Weight::Note);
            }
        }
    }
    Vec::new()
}

fn tick(state: &mut State, now_ms: u64) -> Vec<super::Effect> {
    let shell = &mut state.shell;
    shell.now_ms = shell.now_ms.max(now_ms);
    let now_ms = shell.now_ms;
    shell.notices.retain(|notice| notice.weight != Weight::Note || now_ms < notice.at_ms + NOTE_MS);
    let mut effects = lock::tick(state);
    effects.extend(worklist::tick(state));
    effects.extend(case::tick(state));
    effects.extend(keeper::tick(state));
    effects.extend(case::ask_again(state));
    effects.extend(outbox::tick(state));
    effects
}

fn remember(state: &mut State, change: impl FnOnce(&mut Settings)) -> Vec<super::Effect> {
    change(&mut state.shell.settings);
    let (id, settings) = (state.request(), Box::new(state.shell.settings.clone()));
    vec![super::Effect::Shell(Effect::Remember { id, settings })]
}

/// Makes a new STAT heard, if the reader wants to hear it.
pub(super) fn chime(state: &mut State) -> Vec<super::Effect> {
    if !state.shell.settings.sound {
        return Vec::new();
    }
    vec![super::Effect::Shell(Effect::Chime { id: state.request() })]
}

/// Tells the reader something; what stands already is told anew in the same notice.
pub(super) fn tell(state: &mut State, problem: Problem, weight: Weight) {
    let shell = &mut state.shell;
    let standing = shell.notices.iter().position(|notice| notice.problem == problem);
    let before = standing.map(|place| shell.notices.remove(place));
    shell.next_notice += 1;
    let id = before.as_ref().map_or(shell.next_notice, |notice| notice.id);
    let weight = before.map_or(weight, |notice| notice.weight.max(weight));
    shell.notices.push(Notice { id, problem, weight, at_ms: shell.now_ms });
}

/// Tells of what may come in hundreds: one notice for all of a kind.
pub(super) fn tell_kind(state: &mut State, problem: &Problem, weight: Weight) {
    if state.shell.notices.iter().all(|notice| notice.problem.id != problem.id) {
        tell(state, problem.clone(), weight);
    }
}

const LOCKED_OUT: [&str; 5] = [
    "centre-wrong-password",
    "centre-sign-in-required",
    "centre-sign-in-ended",
    "centre-token-refused",
    "work-no-sign-in",
];

/// Whether the centre no longer lets the reader in.
pub(super) fn is_locked_out(problem: &Problem) -> bool {
    LOCKED_OUT.contains(&problem.id.as_ref())
}

/// The centre lets the reader in again: what was told of that is over.
pub(super) fn let_in(state: &mut State) {
    let shell = &mut state.shell;
    shell.notices.retain(|notice| !is_locked_out(&notice.problem));
    if matches!(shell.dialog, Some(Dialog::SignInAgain(_))) {
        shell.dialog = None;
    }
}

fn leave(state: &mut State) -> Vec<super::Effect> {
    match state.outbox.unsent() {
        0 => depart(state),
        unsent => {
            state.shell.dialog = Some(Dialog::Leave { unsent });
            Vec::new()
        }
    }
}

fn depart(state: &mut State) -> Vec<super::Effect> {
    let asked_again = match state.shell.departure {
        Departure::Staying => false,
        Departure::Refused => keeper::owes(state),
        Departure::Keeping | Departure::Closing(_) => true,
    };
    if asked_again {
        state.shell.leaving = true;
        return Vec::new();
    }
    state.shell.departure = Departure::Keeping;
    let mut effects = case::settle(state);
    effects.extend(kept_all(state));
    effects
}

/// The keeper has nothing left to do: whoever leaves goes on leaving.
pub(super) fn kept_all(state: &mut State) -> Vec<super::Effect> {
    if state.shell.departure != Departure::Keeping || !state.keeper.is_idle() {
        return Vec::new();
    }
    let Some(case) = &state.case else {
        state.shell.leaving = true;
        return Vec::new();
    };
    if keeper::owes(state) && !case.is_bare() {
        // Changed while it was being written.
        let effects = case::settle(state);
        if !effects.is_empty() {
            return effects;
        }
    }
    let id = state.request();
    state.shell.departure = Departure::Closing(id);
    vec![super::Effect::Case(case::Effect::Close { id })]
}

/// Something could not be kept: whoever leaves stays, is told, and decides.
pub(super) fn not_kept(state: &mut State) {
    if state.shell.departure == Departure::Keeping {
        state.shell.departure = Departure::Refused;
        tell(state, Problem { id: "draft-leave-not-kept".into(), args: Vec::new() }, Weight::Fault);
    }
}

/// The case is closed.
pub(super) fn closed(state: &mut State, id: RequestId) {
    if state.shell.departure == Departure::Closing(id) {
        state.shell.leaving = true;
    }
}

#[cfg(test)]
mod tests;
