//! Keys. A single key does nothing while somebody writes nor while the reader cannot have seen yet that another
//! study has opened, and no key does anything while an input method composes.

use egui::{Event, ImeEvent, InputState, Modifiers};

use super::{Action, Place, all};
use crate::dicom::Uid;
use crate::session::State;
use crate::session::shell::Screen;

/// How long no key must have been pressed after another study has opened until single keys work, seconds: who is
/// still typing meant the study before.
const CALM_SECS: f64 = 1.0;

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

    /// It is pressed in the course of writing: nothing is held down with it, and it is no function key.
    fn is_single(self) -> bool {
        let Modifiers { alt, ctrl, mac_cmd, command, .. } = self.modifiers;
        !(self.while_writing || alt || ctrl || mac_cmd || command)
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
    let spoken = egui::KeyboardShortcut::new(key.modifiers, key.key).format(&names, mac);
    // What stands on the key, in place of its name in code.
    let sign = match key.key {
        egui::Key::OpenBracket => "[",
        egui::Key::CloseBracket => "]",
        egui::Key::Plus => "+",
        egui::Key::Minus => "-",
        egui::Key::Equals => "=",
        egui::Key::Comma => ",",
        egui::Key::Questionmark => "?",
        _ => return spoken,
    };
    match spoken.strip_suffix(key.key.name()).or_else(|| spoken.strip_suffix(key.key.symbol_or_name())) {
        Some(held) => format!("{held}{sign}"),
        None => spoken,
    }
}

/// The actions whose keys were pressed in this pass, in order; the keys are used up. `writing`: a text field has
/// the focus.
pub fn shortcuts(state: &State, writing: bool, ctx: &egui::Context) -> Vec<&'static Action> {
    let unaware = is_unaware(state, ctx);
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
                        .filter(|known| !(unaware && known.is_single()))
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

/// What a window saw last of the open study. Each window has a clock of its own.
#[derive(Clone, Default)]
struct Seen {
    study: Option<Uid>,
    /// Another study opened, or a key was pressed soon after that; seconds.
    stirred_secs: Option<f64>,
}

/// Another study took the place of the one that was open, and the keyboard has not been calm since.
fn is_unaware(state: &State, ctx: &egui::Context) -> bool {
    let study = state.case.as_ref().and_then(|case| case.study.as_ref());
    let id = egui::Id::unique(("open study", ctx.viewport_id()));
    let (now_secs, pressed) = ctx.input(|input| (input.time, input.events.iter().any(is_typing)));
    ctx.data_mut(|data| {
        let seen = data.get_temp_mut_or_default::<Seen>(id);
        if seen.study.as_ref() != study {
            let replaced = seen.study.is_some() && study.is_some();
            seen.stirred_secs = replaced.then_some(now_secs);
            seen.study = study.cloned();
        }
        seen.stirred_secs = seen.stirred_secs.filter(|stirred| now_secs - stirred < CALM_SECS);
        let unaware = seen.stirred_secs.is_some();
        if unaware && pressed {
            seen.stirred_secs = Some(now_secs);
        }
        unaware
    })
}

fn is_typing(event: &Event) -> bool {
    matches!(event, Event::Key { pressed: true, .. } | Event::Text(_) | Event::Ime(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Command, Message, case, update};

    fn open(state: &mut State, study: &str) {
        let (centre, study) = ("island".to_owned(), Uid::parse(study).unwrap());
        update(state, Message::Command(Command::Case(case::Command::Open { centre, study })));
    }

    fn press(ctx: &egui::Context, state: &State, at_secs: f64, key: egui::Key, held: Modifiers) -> bool {
        let (physical_key, repeat) = (None, false);
        let event = Event::Key { key, physical_key, pressed: true, repeat, modifiers: held };
        let input = egui::RawInput { time: Some(at_secs), events: vec![event], ..Default::default() };
        ctx.begin_pass(input);
        let pressed = shortcuts(state, false, ctx);
        ctx.end_pass().textures_delta.clear();
        !pressed.is_empty()
    }

    #[test]
    fn a_key_is_called_by_what_stands_on_it() {
        let alone = [egui::Key::OpenBracket, egui::Key::Plus, egui::Key::Questionmark, egui::Key::W];
        assert_eq!(alone.map(|key| spoken(Key::alone(key))), ["[", "+", "?", "W"]);
        assert!(spoken(Key::with(Modifiers::COMMAND, egui::Key::Comma)).ends_with(','));
    }

    #[test]
    fn who_types_while_the_next_study_opens_does_nothing_to_it() {
        let (ctx, mut state) = (egui::Context::default(), State::default());
        let single = |state: &State, at: f64| press(&ctx, state, at, egui::Key::W, Modifiers::NONE);
        open(&mut state, "1.1");
        assert!(single(&state, 10.0), "opened by hand, from nothing");
        open(&mut state, "1.2");
        assert!(!single(&state, 10.1));
        assert!(press(&ctx, &state, 10.2, egui::Key::W, Modifiers::COMMAND), "that is no typing");
        assert!(press(&ctx, &state, 10.3, egui::Key::F3, Modifiers::NONE), "nor is that");
        assert!(!single(&state, 11.1), "not calm yet");
        assert!(!single(&state, 12.0));
        assert!(single(&state, 13.0));
        assert!(single(&state, 13.1), "from then on");
    }
}
