//! The windows and tables that the image in the active viewport brings itself, by the names that it gives them.

use super::when;
use crate::dicom::instance::{FrameAttributes, Voi};
use crate::imaging;
use crate::session::State;
use crate::session::viewer::Look;
use crate::text::{Message, say};
use crate::ui::viewports::words::number;

/// Letters of a name that have room in a menu.
const LONGEST: usize = 40;

/// What the headers say of the image that is shown; of planes, of the middle slice, as their volume does.
fn attributes(state: &State) -> Option<&FrameAttributes> {
    let (_, stack) = when::stack(state)?;
    let shown = match when::planes(state) {
        Some(_) => stack.images.get(stack.images.len() / 2)?,
        None => when::shown(state)?,
    };
    let image = shown.instance.image.as_ref().filter(|image| image.format.photometric.is_monochrome())?;
    image.frame(shown.frame)
}

fn at(state: &State, place: usize) -> Option<&Voi> {
    imaging::offered(attributes(state)?).nth(place)
}

/// How many there are to choose from.
pub(super) fn count(state: &State) -> usize {
    attributes(state).map_or(0, |attributes| imaging::offered(attributes).count())
}

/// There is one at this place.
pub(super) fn has<const PLACE: usize>(state: &State) -> bool {
    when::showing(state) && at(state, PLACE).is_some()
}

/// There is more than one.
pub(super) fn several(state: &State) -> bool {
    has::<1>(state)
}

/// The place of the one that is chosen; the first where the image has fewer.
pub(super) fn chosen(state: &State) -> usize {
    let place = when::active(state).map_or(0, |(_, look)| look.preset);
    if place < count(state) { place } else { 0 }
}

/// It is the one that is shown.
pub(super) fn is_on<const PLACE: usize>(state: &State) -> bool {
    let by_its_own = |(_, look): (_, &Look)| look.window.is_none() && chosen(state) == PLACE;
    when::active(state).is_some_and(by_its_own)
}

/// What the image calls it, with its centre and width; `None` where there is none, or only one without a name.
pub(super) fn name<const PLACE: usize>(state: &State) -> Option<String> {
    let voi = at(state, PLACE)?;
    let (Voi::Window { explanation, .. } | Voi::Table { explanation, .. }) = voi;
    let explanation = explanation.trim();
    if explanation.is_empty() && !several(state) {
        return None;
    }
    let cut = if explanation.chars().count() > LONGEST { "…" } else { "" };
    let called = format!("{}{cut}", explanation.chars().take(LONGEST).collect::<String>());
    let message = match (voi, explanation.is_empty()) {
        (Voi::Window { .. }, false) => Message::new("shell-preset-named").with("name", called),
        (Voi::Window { .. }, true) => Message::new("shell-preset-unnamed").with("number", PLACE + 1),
        (Voi::Table { .. }, false) => Message::new("shell-preset-named-table").with("name", called),
        (Voi::Table { .. }, true) => Message::new("shell-preset-unnamed-table").with("number", PLACE + 1),
    };
    let message = match voi {
        Voi::Window { center, width, .. } => {
            let decimals = if *width < 10.0 { 2 } else { 0 };
            message.with("centre", number(*center, decimals)).with("width", number(*width, decimals))
        }
        Voi::Table { .. } => message,
    };
    Some(say(state.shell.settings.language, &message))
}
