//! What the viewer does while instances arrive: images stay on screen, empty viewports fill.

use super::find::Catalogue;
use super::{Shown, Viewer, planes};
use crate::dicom::Uid;
use crate::dicom::catalogue::Stack;
use crate::session::case::Case;
use crate::session::{Effect, Remote, State, drawings, pixels};

/// The catalogue has been replaced: what is shown is found anew, what was waited for is shown.
pub(in crate::session) fn catalogued(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let catalogue = Catalogue::of(case);
    let viewer = &mut case.viewer;
    find_again(viewer, &catalogue);
    bring_back(viewer, &catalogue);
    begin_at_the_first(viewer, &catalogue);
    fill(viewer, &catalogue);
    let mut effects = drawings::catalogued(state);
    if state.case.as_ref().is_some_and(has_arrived) {
        effects.extend(planes::renew(state));
    }
    effects.extend(pixels::want(state));
    effects
}

/// The transfer has ended: what was waited for will not come any more, planes are made of what is here.
pub(in crate::session) fn settled(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.case.as_mut().filter(|case| has_arrived(case)) else { return Vec::new() };
    let catalogue = Catalogue::of(case);
    // What was waited for may still come when the reader asks again; until then something else is shown.
    fill_where(&mut case.viewer, &catalogue, true);
    let mut effects = planes::renew(state);
    effects.extend(drawings::settled(state));
    effects.extend(pixels::want(state));
    effects
}

fn has_arrived(case: &Case) -> bool {
    matches!(case.arrived, Remote::Ready(_) | Remote::Failed { .. })
}

/// Stacks grow and change places; the image stays.
fn find_again(viewer: &mut Viewer, catalogue: &Catalogue) {
    for window in &mut viewer.windows {
        for shown in window.viewports.iter_mut().filter_map(|viewport| viewport.shown.as_mut()) {
            if catalogue.stack_of(shown).is_none()
                && let Some(found) = catalogue.find(&shown.series, &shown.frame)
            {
                *shown = found;
            }
        }
        if let Some(mpr) = &mut window.mpr
            && let Some(found) = catalogue.find(&mpr.series, &mpr.volume.first)
        {
            mpr.stack = found.stack;
        }
    }
}

/// Until the reader does something, the first viewport shows the first image of the first stack, localisers
/// aside, whatever came first: that is where reading begins.
fn begin_at_the_first(viewer: &mut Viewer, catalogue: &Catalogue) {
    if viewer.memory.touched {
        return;
    }
    let Some(shown) = unseen(&[], catalogue, Rank::Image) else { return };
    if let Some(viewport) = viewer.viewport_mut(super::ViewportId::default()) {
        viewport.shown = Some(shown);
    }
}

/// What viewports showed before the program ended, as far as it is here now.
pub(super) fn bring_back(viewer: &mut Viewer, catalogue: &Catalogue) {
    let awaited = std::mem::take(&mut viewer.memory.awaited);
    for (id, series, frame) in awaited {
        match catalogue.find(&series, &frame) {
            Some(shown) => {
                let window = viewer.window_mut(id.window);
                let viewport = window.and_then(|window| window.viewports.get_mut(usize::from(id.place)));
                if let Some(viewport) = viewport {
                    viewport.shown = Some(shown);
                }
            }
            None => viewer.memory.awaited.push((id, series, frame)),
        }
    }
}

/// Empty viewports on screen show the stacks that nothing shows yet, localisers last. Until another image is
/// here, a localiser is better than nothing, and so is a document.
pub(super) fn fill(viewer: &mut Viewer, catalogue: &Catalogue) {
    fill_where(viewer, catalogue, false);
}

/// The same, `everywhere` also where another image is waited for.
fn fill_where(viewer: &mut Viewer, catalogue: &Catalogue, everywhere: bool) {
    if viewer.memory.provisional
        && let Some(shown) = unseen(&[], catalogue, Rank::Image)
    {
        viewer.memory.provisional = false;
        if let Some(viewport) = viewer.viewport_mut(super::ViewportId::default()) {
            viewport.shown = Some(shown);
        }
    }
    let empty = empty_viewports(viewer, everywhere);
    for (window, place) in empty {
        let seen: Vec<(Uid, usize)> = seen(viewer);
        let next = unseen(&seen, catalogue, Rank::Image);
        let second = || unseen(&seen, catalogue, Rank::Localiser);
        let shown = next.clone().or_else(second).or_else(|| document(&seen, catalogue));
        viewer.memory.provisional |= (window, place) == (0, 0) && shown.is_some() && next.is_none();
        let Some(shown) = shown else { break };
        viewer.windows[window].viewports[place].shown = Some(shown);
    }
}

/// Window and place of what is on screen and shows nothing; `everywhere` also where an image is waited for.
fn empty_viewports(viewer: &Viewer, everywhere: bool) -> Vec<(usize, usize)> {
    let waits = |window: usize, place: usize| {
        viewer
            .memory
            .awaited
            .iter()
            .any(|(id, ..)| (usize::from(id.window), usize::from(id.place)) == (window, place))
    };
    let mut empty = Vec::new();
    for (at, window) in viewer.windows.iter().enumerate() {
        let places = window.laid_out().iter().enumerate();
        let places =
            places.filter(|(place, viewport)| viewport.shown.is_none() && (everywhere || !waits(at, *place)));
        empty.extend(places.map(|(place, _)| (at, place)));
    }
    empty
}

fn seen(viewer: &Viewer) -> Vec<(Uid, usize)> {
    let shown = viewer.windows.iter().flat_map(|window| window.laid_out()).filter_map(|v| v.shown.as_ref());
    shown.map(|shown| (shown.series.clone(), shown.stack)).collect()
}

/// How soon a stack is shown where nobody chose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Image,
    Localiser,
    Document,
}

fn rank(stack: &Stack) -> Rank {
    match stack.document() {
        Some(_) => Rank::Document,
        None if stack.localiser => Rank::Localiser,
        None => Rank::Image,
    }
}

/// The first stack of that rank that is not among `seen`.
fn unseen(seen: &[(Uid, usize)], catalogue: &Catalogue, wanted: Rank) -> Option<Shown> {
    let (series, stack, _) = catalogue.all().find(|(series, place, stack)| {
        rank(stack) == wanted && !seen.iter().any(|(uid, at)| uid == *series && at == place)
    })?;
    catalogue.first(series, stack)
}

/// A document, only where there is no image at all: what can be read before what is only listed.
fn document(seen: &[(Uid, usize)], catalogue: &Catalogue) -> Option<Shown> {
    if catalogue.all().any(|(_, _, stack)| rank(stack) != Rank::Document) {
        return None;
    }
    let readable = |stack: &Stack| stack.document().is_some_and(|document| document.kind.is_readable());
    let mut unseen: Vec<_> = catalogue
        .all()
        .filter(|(series, place, _)| !seen.iter().any(|(uid, at)| uid == *series && at == place))
        .collect();
    unseen.sort_by_key(|(_, _, stack)| !readable(stack));
    let (series, place, _) = unseen.first()?;
    catalogue.first(series, *place)
}
