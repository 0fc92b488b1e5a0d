//! Which frames and volumes are wanted, and what became of them. The pixels themselves are in
//! [`crate::imaging::Stores`]; here are only their keys.

use std::collections::HashMap;

use super::{Problem, Remote, RequestId};
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

pub(super) fn on_event(_state: &mut super::State, _event: Event) -> Vec<super::Effect> {
    Vec::new()
}
