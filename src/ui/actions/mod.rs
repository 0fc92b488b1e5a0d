//! One table of everything a person can do: menus, toolbar, palette, help sheet and keys are all made of it.

mod deeds;
mod keys;
mod presets;
mod table;
mod when;

pub use deeds::Deed;
pub use keys::{Key, shortcuts, spoken};

use super::Choice;
use crate::session::{Command, State, viewer};
use crate::text::{self, Language, Message};

/// Something a person can do.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// Names it in code; never shown.
    pub id: &'static str,
    /// Sentence id of its name.
    label: &'static str,
    /// Arguments of its name.
    args: &'static [(&'static str, &'static str)],
    /// What it is called where that depends on what is shown.
    named: Option<fn(&State) -> Option<String>>,
    /// Sentence id of what there is to say beyond its name.
    hint: Option<&'static str>,
    /// Its sign, where it has a button.
    pub icon: Option<&'static str>,
    /// The keys that do it.
    pub keys: &'static [Key],
    /// Where it stands in menus and on the help sheet.
    pub group: Group,
    /// Where its keys work.
    pub place: Place,
    /// Whether it can be done now.
    pub enabled: fn(&State) -> bool,
    /// Whether menus offer it: what only some images have does not stand there greyed out on all others.
    pub offered: fn(&State) -> bool,
    /// Whether it is what is going on now: a tool in the hand, a switch that is on.
    pub on: fn(&State) -> bool,
    run: fn(&State) -> Vec<Deed>,
}

/// Where an action's keys work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On every screen after the sign-in, and there.
    Everywhere,
    /// On the worklist.
    Worklist,
    /// On the open case.
    Reading,
}

/// What belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Cases and files.
    Case,
    /// What the left mouse button does.
    Tools,
    /// Window centre and width.
    Windows,
    /// How images lie.
    Image,
    /// Going through images.
    Images,
    /// How viewports are laid out.
    Layout,
    /// Three planes of a volume.
    Planes,
    /// Drawings and the report.
    Report,
    /// The program itself.
    Program,
}

impl Group {
    /// In the order of menus and help.
    pub const ALL: [Self; 9] = [
        Self::Case,
        Self::Tools,
        Self::Windows,
        Self::Image,
        Self::Images,
        Self::Layout,
        Self::Planes,
        Self::Report,
        Self::Program,
    ];

    /// Sentence id of its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Case => "shell-group-case",
            Self::Tools => "shell-group-tools",
            Self::Windows => "shell-group-windows",
            Self::Image => "shell-group-image",
            Self::Images => "shell-group-images",
            Self::Layout => "shell-group-layout",
            Self::Planes => "shell-group-planes",
            Self::Report => "shell-group-report",
            Self::Program => "shell-group-program",
        }
    }
}

impl Action {
    /// Its name.
    pub fn label(&self, language: Language) -> String {
        let message = Message::new(self.label);
        let message = self.args.iter().fold(message, |message, (name, value)| message.with(name, value));
        text::say(language, &message)
    }

    /// Its name for what is shown now, in the language of the program.
    pub fn name(&self, state: &State) -> String {
        let named = self.named.and_then(|named| named(state));
        named.unwrap_or_else(|| self.label(state.shell.settings.language))
    }

    /// Its name, its key, and what else there is to say.
    pub fn tooltip(&self, language: Language) -> String {
        let mut tip = self.label(language);
        if let Some(key) = self.keys.first() {
            tip.push_str(&format!("  ({})", spoken(*key)));
        }
        if let Some(hint) = self.hint {
            tip.push('\n');
            tip.push_str(&text::say(language, &Message::new(hint)));
        }
        tip
    }

    /// What must be done, which is nothing while the action is not enabled.
    pub fn deeds(&self, state: &State) -> Vec<Deed> {
        if !(self.enabled)(state) {
            return Vec::new();
        }
        (self.run)(state)
    }

    /// The same for a key that was pressed in this window: closing is about the window there, for the case is the
    /// main window's.
    pub fn deeds_in(&self, state: &State, window: u8) -> Vec<Deed> {
        match (window, self.id) {
            (1.., "close-case") => deeds::view(viewer::Command::CloseWindow(window)),
            _ => self.deeds(state),
        }
    }
}

/// Every action, by group in the order of menus and help.
pub fn all() -> impl Iterator<Item = &'static Action> {
    table::TABLES.iter().copied().flatten()
}

/// Those of a group.
pub fn of(group: Group) -> impl Iterator<Item = &'static Action> {
    all().filter(move |action| action.group == group)
}

/// The action of that name.
pub fn get(id: &str) -> Option<&'static Action> {
    all().find(|action| action.id == id)
}

impl From<Command> for Deed {
    fn from(command: Command) -> Self {
        Self::Send(command)
    }
}

impl From<Choice> for Deed {
    fn from(choice: Choice) -> Self {
        Self::Choose(choice)
    }
}

#[cfg(test)]
mod tests;
