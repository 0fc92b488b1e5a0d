//! Text fields whose text is the state's: what is typed is sent, what an input method is still composing is not.

use egui::{Event, Id, ImeEvent, Response, TextEdit, Ui};

/// A field after one frame.
pub(super) struct Typed {
    /// The field.
    pub(super) response: Response,
    /// Its whole text, when it is another one than the state's and nothing of it is being composed.
    pub(super) written: Option<String>,
    /// An input method is composing in it.
    pub(super) composing: bool,
}

/// The text of a field while an input method composes in it, and the state's text below.
#[derive(Clone, Default)]
struct Composition {
    below: String,
    text: String,
}

/// Shows the field `id` over the text `current` of the state. egui writes what is being composed into the text
/// itself, so that text waits in egui's memory until the input method commits it.
pub(super) fn field(
    ui: &mut Ui,
    id: Id,
    current: &str,
    lines: bool,
    dress: impl for<'t> FnOnce(TextEdit<'t>) -> TextEdit<'t>,
) -> Typed {
    let held = ui.data_mut(|data| data.remove_temp::<Composition>(id));
    let composing = is_composing(ui, held.is_some());
    let below = held.as_ref().map_or_else(|| current.to_owned(), |held| held.below.clone());
    let mut text = held.map_or_else(|| current.to_owned(), |held| held.text);
    let edit = if lines { TextEdit::multiline(&mut text) } else { TextEdit::singleline(&mut text) };
    let response = ui.add(dress(edit.id(id)));
    if composing && response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, Composition { below, text }));
        return Typed { response, written: None, composing: true };
    }
    // A measurement may have been cited meanwhile: it stands at the end of the state's text.
    if let Some(added) = current.strip_prefix(below.as_str()) {
        text.push_str(added);
    }
    let written = (text != current).then_some(text);
    Typed { response, written, composing: false }
}

/// What is being composed is gone.
pub(super) fn forget(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove_by_type::<Composition>());
}

/// Whether an input method composes after this frame's events, when it did (or did not) before.
fn is_composing(ui: &Ui, before: bool) -> bool {
    ui.input(|input| {
        let newest = input.events.iter().rev().find_map(|event| match event {
            Event::Ime(ImeEvent::Preedit { text, .. }) => Some(!text.is_empty()),
            Event::Ime(ImeEvent::Commit(_)) => Some(false),
            _ => None,
        });
        newest.unwrap_or(before)
    })
}
