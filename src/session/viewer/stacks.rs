//! Which image of which stack a viewport shows.

use super::find::Catalogue;
use super::{FrameKey, ImageWindow, Layout, Shown, Viewer, Viewport, ViewportId, growing};
use crate::dicom::Uid;

/// Another layout; viewports beyond it are kept.
pub(super) fn lay_out(viewer: &mut Viewer, layout: Layout) {
    let active = viewer.active.window;
    let Some(window) = viewer.window_mut(active) else { return };
    window.layout = layout;
    if window.viewports.len() < layout.places() {
        window.viewports.resize(layout.places(), Viewport::default());
    }
    viewer.settle_active();
}

/// A stack from its first image, in its own grey values; planes of that window go.
pub(super) fn show(viewer: &mut Viewer, catalogue: &Catalogue, id: ViewportId, series: &Uid, stack: usize) {
    let Some(shown) = catalogue.first(series, stack) else { return };
    put(viewer, id, shown);
}

/// An image in a viewport; planes of its window go.
fn put(viewer: &mut Viewer, id: ViewportId, shown: Shown) {
    let Some(window) = viewer.window_mut(id.window) else { return };
    let planes = window.mpr.take().is_some();
    let places = window.layout.places();
    // A plane that the layout has no viewport for hands over to the first.
    let place = if planes && usize::from(id.place) >= places { 0 } else { id.place };
    let id = ViewportId { place, ..id };
    let memory = &mut viewer.memory;
    memory.awaited.retain(|(other, ..)| *other != id);
    memory.planes.retain(|(window, _)| *window != id.window);
    memory.provisional = false;
    memory.touched = true;
    let Some(viewport) = viewer.viewport_mut(id) else { return };
    let same = viewport.shown.as_ref().map(|old| (&old.series, old.stack));
    if same != Some((&shown.series, shown.stack)) {
        viewport.look = super::Look::default();
    }
    viewport.shown = Some(shown);
    viewer.settle_active();
}

/// Further by so many images; the ends hold.
pub(super) fn scroll(viewer: &mut Viewer, catalogue: &Catalogue, id: ViewportId, by: i32) {
    let Some(shown) = viewer.viewport(id).and_then(|viewport| viewport.shown.as_ref()) else { return };
    let Some(last) = last_position(catalogue, shown) else { return };
    let by = isize::try_from(by).unwrap_or_default();
    let position = shown.position.saturating_add_signed(by).min(last);
    go(viewer, catalogue, id, position);
}

/// To the image at this place; the last where there is none.
pub(super) fn go_to(viewer: &mut Viewer, catalogue: &Catalogue, id: ViewportId, position: usize) {
    let Some(shown) = viewer.viewport(id).and_then(|viewport| viewport.shown.as_ref()) else { return };
    let Some(last) = last_position(catalogue, shown) else { return };
    let position = position.min(last);
    viewer.memory.backwards = position < shown.position;
    go(viewer, catalogue, id, position);
}

fn last_position(catalogue: &Catalogue, shown: &Shown) -> Option<usize> {
    catalogue.stack(&shown.series, shown.stack)?.images.len().checked_sub(1)
}

fn go(viewer: &mut Viewer, catalogue: &Catalogue, id: ViewportId, position: usize) {
    viewer.memory.provisional = false;
    viewer.memory.awaited.retain(|(other, ..)| *other != id);
    let Some(shown) = viewer.viewport_mut(id).and_then(|viewport| viewport.shown.as_mut()) else { return };
    if let Some(there) = catalogue.at(&shown.series, shown.stack, position) {
        *shown = there;
    }
}

/// The next or previous stack of the study; the ends hold.
pub(super) fn next(viewer: &mut Viewer, catalogue: &Catalogue, id: ViewportId, by: i32) {
    let Some(window) = viewer.windows.get(usize::from(id.window)) else { return };
    let now = match &window.mpr {
        Some(mpr) => Some((mpr.series.clone(), mpr.stack)),
        None => viewer
            .viewport(id)
            .and_then(|viewport| viewport.shown.as_ref())
            .map(|shown| (shown.series.clone(), shown.stack)),
    };
    let all: Vec<(&Uid, usize)> = catalogue.all().map(|(series, stack, _)| (series, stack)).collect();
    let Some(last) = all.len().checked_sub(1) else { return };
    let here = now.as_ref().and_then(|(series, stack)| all.iter().position(|one| *one == (series, *stack)));
    let by = isize::try_from(by).unwrap_or_default();
    let there = here.map_or(0, |here| here.saturating_add_signed(by).min(last));
    if here != Some(there) {
        let (series, stack) = all[there];
        show(viewer, catalogue, id, series, stack);
    }
}

/// Shows one image in the active viewport, in place of planes; whether it is here.
pub(in crate::session) fn show_frame(
    viewer: &mut Viewer,
    catalogue: &Catalogue,
    series: &Uid,
    frame: &FrameKey,
) -> bool {
    let Some(shown) = catalogue.find(series, frame) else { return false };
    put(viewer, viewer.active, shown);
    true
}

/// One more window, with the next stack that no window shows; else with what the active viewport shows.
pub(super) fn open_window(viewer: &mut Viewer, catalogue: &Catalogue) {
    if viewer.windows.len() >= Viewer::MOST_WINDOWS {
        return;
    }
    viewer.windows.push(ImageWindow::new(Layout::SINGLE));
    growing::fill(viewer, catalogue);
    let active = viewer.viewport(viewer.active).or_else(|| viewer.windows.first()?.viewports.first());
    let shown = active.and_then(|viewport| viewport.shown.clone());
    if let Some(viewport) = viewer.windows.last_mut().and_then(|window| window.viewports.first_mut()) {
        viewport.shown = viewport.shown.take().or(shown);
    }
}

/// A window goes; the main one stays.
pub(super) fn close_window(viewer: &mut Viewer, gone: u8) {
    if gone == 0 || usize::from(gone) >= viewer.windows.len() {
        return;
    }
    viewer.windows.remove(usize::from(gone));
    let moved = |window: u8| if window > gone { window - 1 } else { window };
    let memory = &mut viewer.memory;
    memory.awaited.retain(|(id, ..)| id.window != gone);
    memory.awaited.iter_mut().for_each(|(id, ..)| id.window = moved(id.window));
    memory.planes.retain(|(window, _)| *window != gone);
    memory.planes.iter_mut().for_each(|(window, _)| *window = moved(*window));
    if viewer.active.window == gone {
        viewer.active = ViewportId::default();
    } else {
        viewer.active.window = moved(viewer.active.window);
    }
    viewer.settle_active();
}
