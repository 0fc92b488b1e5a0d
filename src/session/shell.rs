//! The frame around the work: which screen, which dialog, what the reader must be told, and the end.

use super::settings::{Identity, Language, Settings};
use super::{Problem, RequestId};

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
    /// The program should close while reports have not arrived at their centre.
    Leave {
        /// How many.
        unsent: usize,
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

pub(super) fn on_command(_state: &mut super::State, _command: Command) -> Vec<super::Effect> {
    Vec::new()
}

pub(super) fn on_event(_state: &mut super::State, _event: Event) -> Vec<super::Effect> {
    Vec::new()
}

/// Tells the reader something; the same thing stands once.
pub(super) fn tell(state: &mut super::State, problem: Problem, weight: Weight) {
    let shell = &mut state.shell;
    if shell.notices.iter().any(|notice| notice.problem == problem) {
        return;
    }
    shell.next_notice += 1;
    let (id, at_ms) = (shell.next_notice, shell.now_ms);
    shell.notices.push(Notice { id, problem, weight, at_ms });
}
