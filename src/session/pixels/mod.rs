//! Which frames and volumes are wanted, and what became of them. The pixels themselves are in
//! [`crate::imaging::Stores`]; here are only their keys.

mod wanted;

use std::collections::{HashMap, HashSet};

use super::case::Case;
use super::viewer::{self, Answer};
use super::{Problem, Remote, RequestId, State};
use crate::dicom::catalogue::Stack;
use crate::imaging::{FrameKey, VolumeKey};

/// What became of what was wanted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pixels {
    /// Frames that cannot be shown, and why.
    pub failed: HashMap<FrameKey, Problem>,
    /// Volumes being built, built or refused; the newest request of each.
    pub volumes: HashMap<VolumeKey, Remote<()>>,
    /// Grows by one whenever a frame or volume has come: what shows pixels looks again.
    pub generation: u64,
    pub(super) building: HashMap<VolumeKey, RequestId>,
    /// What was asked for last, so that the same is not asked twice.
    pub(super) wanted: Vec<FrameKey>,
    /// Middle images that have come once: thumbnails need them no more.
    pub(super) thumbnails: HashSet<FrameKey>,
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Decode these frames in this order, and forget what was wanted before and has not begun. Frames that are
    /// in the store are passed over.
    Want {
        /// The request.
        id: RequestId,
        /// The most urgent first: on screen, then where the wheel goes, then the rest of what is on screen.
        frames: Vec<FrameKey>,
    },
    /// Build the volume of a stack from its frames, decoding what is not here.
    Build {
        /// The request.
        id: RequestId,
        /// Which.
        volume: VolumeKey,
        /// Its images in the stack's order.
        frames: Vec<FrameKey>,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Frames are in the store; told together when many come at once.
    Decoded(Vec<FrameKey>),
    /// A frame cannot be shown.
    Undecodable {
        /// Which.
        frame: FrameKey,
        /// Why.
        problem: Problem,
    },
    /// A volume is in the store, or why not.
    Built {
        /// The request.
        id: RequestId,
        /// Which.
        volume: VolumeKey,
        /// The outcome.
        outcome: Result<(), Problem>,
    },
}

/// Asks for what is visible and what will be next, if that has changed.
pub(super) fn want(state: &mut State) -> Vec<super::Effect> {
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let frames = wanted::frames(case);
    if frames == case.viewer.pixels.wanted {
        return Vec::new();
    }
    case.viewer.pixels.wanted.clone_from(&frames);
    let id = state.request();
    vec![super::Effect::Pixels(Effect::Want { id, frames })]
}

/// Asks for the volume of a stack, unless it is here or on its way.
pub(super) fn build(state: &mut State, volume: VolumeKey, stack: &Stack) -> Vec<super::Effect> {
    let id = state.request();
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let pixels = &mut case.viewer.pixels;
    let known = pixels.volumes.entry(volume.clone()).or_default();
    if matches!(known, Remote::Ready(()) | Remote::Pending { .. }) {
        return Vec::new();
    }
    known.ask();
    pixels.building.insert(volume.clone(), id);
    let frames = (0..stack.images.len()).filter_map(|at| viewer::frame_key(stack, at)).collect();
    vec![super::Effect::Pixels(Effect::Build { id, volume, frames })]
}

/// The reader asks for what has not come: what could not be shown is tried again.
pub(super) fn retry(state: &mut State) -> Vec<super::Effect> {
    if let Some(case) = state.case.as_mut() {
        case.viewer.pixels.failed.clear();
        // Whatever is wanted now is asked for again, even if it is the same as before.
        case.viewer.pixels.wanted.clear();
    }
    want(state)
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    let now_ms = state.shell.now_ms;
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    match event {
        Event::Decoded(frames) => decoded(case, &frames, now_ms),
        Event::Undecodable { frame, problem } => {
            case.viewer.pixels.failed.insert(frame, problem);
            case.viewer.pixels.generation += 1;
        }
        Event::Built { id, volume, outcome } => built(state, id, &volume, outcome),
    }
    Vec::new()
}

fn decoded(case: &mut Case, frames: &[FrameKey], now_ms: u64) {
    if frames.is_empty() {
        return;
    }
    if case.first_image_ms.is_none() && frames.iter().any(|frame| wanted::is_visible(&case.viewer, frame)) {
        case.first_image_ms = Some(now_ms);
    }
    let middles = wanted::middles(case);
    let pixels = &mut case.viewer.pixels;
    pixels.thumbnails.extend(middles.into_iter().filter(|middle| frames.contains(middle)));
    if !pixels.failed.is_empty() {
        frames.iter().for_each(|frame| drop(pixels.failed.remove(frame)));
    }
    pixels.generation += 1;
}

fn built(state: &mut State, id: RequestId, volume: &VolumeKey, outcome: Result<(), Problem>) {
    let Some(pixels) = state.case.as_mut().map(|case| &mut case.viewer.pixels) else { return };
    if pixels.building.get(volume) != Some(&id) {
        return;
    }
    pixels.building.remove(volume);
    let refused = outcome.as_ref().err().cloned();
    if refused.is_none() {
        // The store keeps one volume of a series and first image: the newest.
        let replaced = |old: &VolumeKey| old.series == volume.series && old.first == volume.first;
        pixels.volumes.retain(|old, known| !replaced(old) || known.is_pending());
    }
    pixels.volumes.entry(volume.clone()).or_default().answer(outcome);
    pixels.generation += 1;
    viewer::answered(state, volume, refused.as_ref().map_or(Answer::Built, Answer::Refused));
}

#[cfg(test)]
mod tests;
