//! Keys. A single key does nothing while somebody writes, and no key does anything while an input method composes.

use egui::{Event, ImeEvent, InputState, Modifiers};

use super::{Action, Place, all};
use crate::session::State;
use crate::session::shell::Screen;

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key itself, by what the keyboard layout makes of it.
    pub key: egui::Key,
    /// What is held down; none but these.
    pub modifiers: Modifiers,
    /// It works in a text field too.
    pub while_writing: bool,
}

impl Key {
    /// A key alone.
    pub(super) const fn alone(key: egui::Key) -> Self {
        Self { key, modifiers: Modifiers::NONE, while_writing: false }
    }

    /// A key with others that are held down.
    pub(super) const fn with(modifiers: Modifiers, key: egui::Key) -> Self {
        Self { key, modifiers, while_writing: false }
    }

    /// The same in a text field too.
    pub(super) const fn always(mut self) -> Self {
        self.while_writing = true;
        self
    }

    fn is(self, key: egui::Key, held: Modifiers) -> bool {
        // `?` and `+` need Shift on some keyboards and not on others.
        let signs = [egui::Key::Questionmark, egui::Key::Plus, egui::Key::Minus, egui::Key::Equals];
        let held = if signs.contains(&key) { Modifiers { shift: false, ..held } } else { held };
        self.key == key && held.matches_exact(self.modifiers)
    }
}

/// A key as people write it: `Ctrl+Enter`, `⌘K`.
pub fn spoken(key: Key) -> String {
    let mac = cfg!(target_os = "macos");
    let names = if mac { egui::ModifierNames::SYMBOLS } else { egui::ModifierNames::NAMES };
    egui::KeyboardShortcut::new(key.modifiers, key.key).format(&names, mac)
}

/// The actions whose keys were pressed in this pass, in order; the keys are used up. `writing`: a text field has
/// the focus.
pub fn shortcuts(state: &State, writing: bool, ctx: &egui::Context) -> Vec<&'static Action> {
    let composing = ctx.input(is_composing) | was_composing(ctx);
    if composing || state.shell.dialog.is_some() {
        return Vec::new();
    }
    let mut pressed = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            let found = all().find(|action| {
                works(action, state)
                    && action
                        .keys
                        .iter()
                        .any(|known| known.is(*key, *modifiers) && (known.while_writing || !writing))
            });
            pressed.extend(found);
            found.is_none()
        });
    });
    pressed
}

fn works(action: &Action, state: &State) -> bool {
    let here = match action.place {
        Place::Everywhere => true,
        Place::Worklist => state.shell.screen == Screen::Worklist,
        Place::Reading => state.shell.screen == Screen::Reading,
    };
    here && (action.enabled)(state)
}

/// Something of an input method is among the events: whatever keys came with it belong to it.
fn is_composing(input: &InputState) -> bool {
    input.events.iter().any(|event| matches!(event, Event::Ime(_)))
}

/// Whether a text was being composed before this pass, and remembers how this pass leaves it.
fn was_composing(ctx: &egui::Context) -> bool {
    let id = egui::Id::unique("composing");
    let before = ctx.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let after = ctx.input(|input| {
        input.events.iter().fold(before, |before, event| match event {
            Event::Ime(ImeEvent::Preedit { text, .. }) => !text.is_empty(),
            Event::Ime(ImeEvent::Commit(_)) | Event::WindowFocused(_) => false,
            _ => before,
        })
    });
    ctx.data_mut(|data| data.insert_temp(id, after));
    before
}
