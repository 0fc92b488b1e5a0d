//! When an action can be done, and what it acts on.

use crate::dicom::Uid;
use crate::dicom::catalogue::{SeriesEntry, Stack, StackImage};
use crate::imaging::FrameKey;
use crate::imaging::marks::drawn_over;
use crate::session::State;
use crate::session::case::{Case, Origin};
use crate::session::sign_in::SignedIn;
use crate::session::viewer::{ImageWindow, Layout, Look, Mpr, Shown, Tool, Viewer, ViewportId};
use crate::session::worklist::{Claim, ReadingState};

pub(super) fn always(_: &State) -> bool {
    true
}

pub(super) fn never(_: &State) -> bool {
    false
}

pub(super) fn reading(state: &State) -> bool {
    state.case.is_some()
}

/// The selected study of the list, if the reader may take it or give it back, and whether it is theirs.
pub(super) fn claimable(state: &State) -> Option<(Uid, bool)> {
    let row = state.worklist.row(state.worklist.selected.as_ref()?)?;
    let is_read = matches!(row.state, ReadingState::Preliminary | ReadingState::Final);
    let of_other = matches!(row.claim, Claim::Other(_));
    (signed_in(state) && !is_read && !of_other).then(|| (row.study.clone(), row.claim == Claim::Mine))
}

pub(super) fn signed_in(state: &State) -> bool {
    centre(state).is_some()
}

/// Not at the demo centre, which never ends a sign-in.
pub(super) fn signed_in_elsewhere(state: &State) -> bool {
    centre(state).is_some_and(|signed_in| !signed_in.demo)
}

/// The centre that the reader is signed in to.
pub(super) fn centre(state: &State) -> Option<&SignedIn> {
    state.sign_in.entered.latest()
}

/// A case of a centre is open: its report goes there, and another may follow.
pub(super) fn of_centre(state: &State) -> bool {
    state.case.as_ref().is_some_and(|case| matches!(case.origin, Origin::Centre(_)))
}

/// Some of the case has not come, and nothing is on its way.
pub(super) fn incomplete(state: &State) -> bool {
    state.case.as_ref().is_some_and(|case| {
        let failed = matches!(case.arrived, crate::session::Remote::Failed { .. });
        let partial = case.arrived.latest().is_some_and(|fetched| !fetched.is_complete());
        !case.arrived.is_pending() && (failed || partial)
    })
}

pub(super) fn viewer(state: &State) -> Option<&Viewer> {
    state.case.as_ref().map(|case| &case.viewer)
}

pub(super) fn window(state: &State) -> Option<&ImageWindow> {
    let viewer = viewer(state)?;
    viewer.windows.get(usize::from(viewer.active.window))
}

/// The viewport that keys act on, and how it shows what it shows; only where it shows something.
pub(super) fn active(state: &State) -> Option<(ViewportId, &Look)> {
    let viewer = viewer(state)?;
    let shown = planes(state).is_some() || viewer.viewport(viewer.active)?.shown.is_some();
    shown.then_some(()).and_then(|()| viewer.look(viewer.active)).map(|look| (viewer.active, look))
}

pub(super) fn showing(state: &State) -> bool {
    active(state).is_some()
}

/// The image that keys act on: of a stack, not of a plane or a document.
pub(super) fn image(state: &State) -> Option<&FrameKey> {
    let viewer = viewer(state)?;
    if planes(state).is_some() || document(state) {
        return None;
    }
    viewer.viewport(viewer.active)?.shown.as_ref().map(|shown| &shown.frame)
}

pub(super) fn is_key_image(state: &State) -> bool {
    let Some((case, frame)) = state.case.as_ref().zip(image(state)) else { return false };
    case.draft.key_images.iter().any(|key| key.frame == *frame)
}

pub(super) fn on_image(state: &State) -> bool {
    image(state).is_some()
}

/// The series and the stack in the active viewport or behind its planes.
pub(super) fn stack(state: &State) -> Option<(&SeriesEntry, &Stack)> {
    let viewer = viewer(state)?;
    let (uid, place) = match planes(state) {
        Some(mpr) => (&mpr.series, mpr.stack),
        None => {
            let shown = viewer.viewport(viewer.active)?.shown.as_ref()?;
            (&shown.series, shown.stack)
        }
    };
    let mut all = state.case.as_ref()?.catalogue.iter().flat_map(|study| &study.series);
    let series = all.find(|entry| entry.series.uid == *uid)?;
    Some((series, series.stacks.get(place)?))
}

/// The image in the active viewport, where the catalogue has it; not of planes.
pub(super) fn shown(state: &State) -> Option<&StackImage> {
    let frame = image(state)?;
    let (_, stack) = stack(state)?;
    let position = viewer(state)?.viewport(viewer(state)?.active)?.shown.as_ref()?.position;
    let is_it =
        |image: &&StackImage| image.frame == frame.frame && image.instance.sop_instance == frame.sop_instance;
    stack.images.get(position).filter(is_it)
}

/// Overlays are drawn over the image in the active viewport, or would be.
pub(super) fn has_overlays(state: &State) -> bool {
    let drawn = |shown: &StackImage| {
        let image = shown.instance.image.as_ref();
        image.is_some_and(|image| drawn_over(image, shown.frame).next().is_some())
    };
    shown(state).is_some_and(drawn)
}

/// A shutter hides parts of the image in the active viewport, or would.
pub(super) fn has_shutter(state: &State) -> bool {
    let attributes = shown(state).and_then(|shown| shown.instance.image.as_ref()?.frame(shown.frame));
    attributes.is_some_and(|attributes| attributes.shutter.is_some())
}

pub(super) fn with_overlays(state: &State) -> bool {
    viewer(state).is_some_and(|viewer| viewer.over.overlays)
}

pub(super) fn with_shutter(state: &State) -> bool {
    viewer(state).is_some_and(|viewer| viewer.over.shutter)
}

/// The active viewport shows pages or lines of a document.
fn document(state: &State) -> bool {
    let shown = viewer(state).and_then(|viewer| viewer.viewport(viewer.active)?.shown.as_ref());
    let all = || state.case.iter().flat_map(|case| case.catalogue.iter()).flat_map(|study| &study.series);
    let of = |shown: &Shown| all().find(|entry| entry.series.uid == shown.series)?.stack(shown.stack);
    shown.and_then(of).is_some_and(|stack| stack.document().is_some())
}

/// The active viewport shows CT: the named windows are made for its Hounsfield units.
pub(super) fn ct(state: &State) -> bool {
    showing(state) && stack(state).is_some_and(|(series, _)| series.series.modality == "CT")
}

pub(super) fn planes(state: &State) -> Option<&Mpr> {
    window(state)?.mpr.as_ref()
}

pub(super) fn in_planes(state: &State) -> bool {
    planes(state).is_some()
}

/// Planes are shown, or the stack in the active viewport is a volume.
pub(super) fn has_planes(state: &State) -> bool {
    in_planes(state) || stack(state).is_some_and(|(_, stack)| stack.geometry.is_some())
}

pub(super) fn annotated(state: &State) -> bool {
    viewer(state).is_some_and(|viewer| viewer.annotations)
}

pub(super) fn inverted(state: &State) -> bool {
    active(state).is_some_and(|(_, look)| look.invert)
}

pub(super) fn more_windows(state: &State) -> bool {
    viewer(state).is_some_and(|viewer| viewer.windows.len() < 3)
}

pub(super) fn has_tool(state: &State, tool: Tool) -> bool {
    viewer(state).is_some_and(|viewer| viewer.tool == tool)
}

pub(super) fn has_layout(state: &State, columns: u8, rows: u8) -> bool {
    window(state).is_some_and(|window| window.layout == Layout { columns, rows })
}

/// The drawing that keys act on.
pub(super) fn drawing(state: &State) -> Option<u64> {
    state.case.as_ref().and_then(|case| case.drawings.selected)
}

pub(super) fn has_drawing(state: &State) -> bool {
    drawing(state).is_some()
}

/// A drawing is chosen that a report can speak of: nothing goes into it without its values.
pub(super) fn can_cite(state: &State) -> bool {
    drawing(state).is_some_and(|id| crate::ui::drawings::citation(state, id).is_some())
}

pub(super) fn can_undo(state: &State) -> bool {
    state.case.as_ref().is_some_and(|case| case.drawings.history().0)
}

pub(super) fn can_redo(state: &State) -> bool {
    state.case.as_ref().is_some_and(|case| case.drawings.history().1)
}

/// There is a report for a centre that is not being signed.
pub(super) fn can_sign(state: &State) -> bool {
    let ready = |case: &Case| !case.draft.is_empty() && !case.draft.signed.is_pending();
    of_centre(state) && state.case.as_ref().is_some_and(ready)
}
