//! Which frames are wanted, the most urgent first.
//!
//! What is on screen, the active viewport before the others; the middle image of each stack that has never come
//! (thumbnails); the rest of the active stack, first where the wheel goes; the rest of the other stacks on
//! screen; at last all middle images. Frames that cannot be shown are left out. Runs with every notch of the
//! wheel: one pass over the images of the stacks on screen, names shared and not copied.

use std::collections::HashSet;

use crate::dicom::catalogue::Stack;
use crate::imaging::FrameKey;
use crate::session::case::Case;
use crate::session::viewer::{Catalogue, Shown, Viewer, frame_key};

/// The frames to decode, each once.
pub(super) fn frames(case: &Case) -> Vec<FrameKey> {
    let catalogue = Catalogue::of(case);
    let viewer = &case.viewer;
    let mut list = List { failed: &viewer.pixels.failed, frames: Vec::new(), taken: HashSet::new() };
    let on_screen: Vec<&Shown> =
        on_screen(viewer).into_iter().filter(|shown| has_pixels(&catalogue, shown)).collect();
    on_screen.iter().for_each(|shown| list.take(shown.frame.clone()));
    let (come, missing): (Vec<_>, Vec<_>) =
        middles_of(&catalogue).partition(|(middle, _)| viewer.pixels.thumbnails.contains(middle));
    missing.into_iter().for_each(|(middle, _)| list.take(middle));
    let mut stacks: Vec<(&Shown, &Stack)> = Vec::new();
    for &shown in &on_screen {
        let known =
            stacks.iter().any(|(other, _)| (&other.series, other.stack) == (&shown.series, shown.stack));
        if let Some(stack) = catalogue.stack(&shown.series, shown.stack).filter(|_| !known) {
            stacks.push((shown, stack));
        }
    }
    let whole: Vec<&Stack> = stacks.iter().map(|(_, stack)| *stack).collect();
    for (shown, stack) in stacks {
        // By place and not by name: names are long, and this is the one pass over all images.
        let taken: Vec<usize> = list.places_in(stack, &on_screen);
        let before = (0..shown.position.min(stack.images.len())).rev();
        let after = shown.position + 1..stack.images.len();
        let here = std::iter::once(shown.position);
        let order: &mut dyn Iterator<Item = usize> = if viewer.memory.backwards {
            &mut here.chain(before).chain(after)
        } else {
            &mut here.chain(after).chain(before)
        };
        order.filter(|at| !taken.contains(at)).for_each(|at| list.append(stack, at));
    }
    for (middle, _) in
        come.into_iter().filter(|(_, stack)| !whole.iter().any(|one| std::ptr::eq(*one, *stack)))
    {
        list.take(middle);
    }
    list.frames
}

/// Whether a frame is on screen.
pub(super) fn is_visible(viewer: &Viewer, frame: &FrameKey) -> bool {
    on_screen(viewer).iter().any(|shown| shown.frame == *frame)
}

/// The middle image of each stack of the study.
pub(super) fn middles(case: &Case) -> Vec<FrameKey> {
    middles_of(&Catalogue::of(case)).map(|(middle, _)| middle).collect()
}

fn middles_of(catalogue: &Catalogue) -> impl Iterator<Item = (FrameKey, &Stack)> {
    let drawn = catalogue.all().map(|(_, _, stack)| stack).filter(|stack| stack.has_pixels());
    drawn.filter_map(|stack| Some((frame_key(stack, stack.images.len() / 2)?, stack)))
}

/// Lines of text are no pixels.
fn has_pixels(catalogue: &Catalogue, shown: &Shown) -> bool {
    catalogue.stack_of(shown).is_none_or(Stack::has_pixels)
}

/// What viewports show, the active one first; planes are made of volumes, not of frames.
fn on_screen(viewer: &Viewer) -> Vec<&Shown> {
    let active = viewer.windows.get(usize::from(viewer.active.window)).filter(|window| window.mpr.is_none());
    let active = active.and_then(|_| viewer.viewport(viewer.active)?.shown.as_ref());
    let windows = viewer.windows.iter().filter(|window| window.mpr.is_none());
    let all = windows.flat_map(|window| window.laid_out()).filter_map(|viewport| viewport.shown.as_ref());
    active.into_iter().chain(all).collect()
}

struct List<'a> {
    failed: &'a std::collections::HashMap<FrameKey, crate::session::Problem>,
    frames: Vec<FrameKey>,
    taken: HashSet<FrameKey>,
}

impl List<'_> {
    fn take(&mut self, frame: FrameKey) {
        if !self.failed.contains_key(&frame) && self.taken.insert(frame.clone()) {
            self.frames.push(frame);
        }
    }

    /// Where in a stack the frames stand that have been taken: images on screen, and its middle.
    fn places_in(&self, stack: &Stack, on_screen: &[&Shown]) -> Vec<usize> {
        let candidates = on_screen.iter().map(|shown| shown.position).chain([stack.images.len() / 2]);
        let taken = |at: &usize| frame_key(stack, *at).is_some_and(|frame| self.taken.contains(&frame));
        candidates.filter(taken).collect()
    }

    /// Takes an image that is known not to be taken yet.
    fn append(&mut self, stack: &Stack, position: usize) {
        let frame = frame_key(stack, position);
        self.frames.extend(frame.filter(|frame| !self.failed.contains_key(frame)));
    }
}
