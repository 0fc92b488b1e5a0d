//! Every change can be undone: what there was before is kept, up to a limit.

use super::{Drawing, Drawings};
use crate::session::{State, case, draft};

/// How many changes can be undone.
pub(super) const MOST: usize = 200;

/// Changes the drawings; what changes nothing is no step.
pub(super) fn change(state: &mut State, change: impl FnOnce(&mut Drawings)) {
    let Some(drawings) = state.case.as_mut().map(|case| &mut case.drawings) else { return };
    let before = drawings.all.clone();
    change(drawings);
    if drawings.all == before {
        return;
    }
    drawings.redo.clear();
    if drawings.undo.len() == MOST {
        drawings.undo.remove(0);
    }
    drawings.undo.push(before.clone());
    follow(state, &before);
}

/// As it was before the last change.
pub(super) fn undo(state: &mut State) {
    step(state, |drawings| drawings.undo.pop(), |drawings, now| drawings.redo.push(now));
}

/// As it was before the last undo.
pub(super) fn redo(state: &mut State) {
    step(state, |drawings| drawings.redo.pop(), |drawings, now| drawings.undo.push(now));
}

fn step(
    state: &mut State,
    take: impl FnOnce(&mut Drawings) -> Option<Vec<Drawing>>,
    put: impl FnOnce(&mut Drawings, Vec<Drawing>),
) {
    let Some(drawings) = state.case.as_mut().map(|case| &mut case.drawings) else { return };
    let Some(then) = take(drawings) else { return };
    let before = std::mem::replace(&mut drawings.all, then);
    // Values that were on their way then have been answered or dropped since: they are asked for again.
    drawings
        .all
        .iter_mut()
        .filter(|drawing| drawing.values.is_pending())
        .for_each(|drawing| drawing.awaited = 0);
    put(drawings, before.clone());
    follow(state, &before);
}

/// What must follow a change: the selection holds, the report cites nothing that is gone, the case is kept.
fn follow(state: &mut State, before: &[Drawing]) {
    let Some(drawings) = state.case.as_mut().map(|case| &mut case.drawings) else { return };
    drawings.selected = drawings.selected.filter(|id| drawings.get(*id).is_some());
    let gone = before.iter().map(|drawing| drawing.id).filter(|id| drawings.get(*id).is_none());
    let gone: Vec<u64> = gone.collect();
    gone.into_iter().for_each(|id| draft::forget_drawing(state, id));
    case::touched(state);
}
