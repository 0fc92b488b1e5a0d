//! What every place of every window shows.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{TextureHandle, ViewportId};

use super::identity::Identity;
use crate::imaging::Scene;
use crate::render::{Lease, Painting};

/// A place of a window, by its first pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    pub(super) viewport: ViewportId,
    pub(super) corner: [i32; 2],
}

/// One drawing of one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameOf {
    pub(super) viewport: ViewportId,
    pub(super) number: u64,
}

/// What a place shows.
pub(super) enum Shown {
    OnGpu(Arc<Painting>),
    /// Not complete on the GPU; the lease keeps what is already there.
    Waiting {
        _textures: Option<Lease>,
    },
    Twin(TextureHandle),
}

struct Content {
    identity: Identity,
    shown: Shown,
    /// The frame of its window in which it was last painted.
    last_frame: u64,
}

/// The places of all windows with what they show, and the frames in which they do.
#[derive(Default)]
pub(super) struct Spots {
    contents: HashMap<Spot, Content>,
    current: Option<FrameOf>,
    /// Window by window, the frame that is being drawn, or was drawn last.
    last_frames: HashMap<ViewportId, u64>,
}

impl Spots {
    /// Notes which frame is being drawn; `true` when it is a new one. Then what its window did not paint in the
    /// frame before goes, and so does everything of windows that are no longer `open`.
    pub(super) fn begin(&mut self, frame: FrameOf, open: impl Fn(ViewportId) -> bool) -> bool {
        if self.current == Some(frame) {
            return false;
        }
        self.current = Some(frame);
        let before = self.last_frames.insert(frame.viewport, frame.number);
        self.last_frames.retain(|viewport, _| *viewport == frame.viewport || open(*viewport));
        let windows = &self.last_frames;
        self.contents.retain(|spot, content| {
            let here = spot.viewport == frame.viewport;
            let painted = content.last_frame == frame.number || Some(content.last_frame) == before;
            if here { painted } else { windows.contains_key(&spot.viewport) }
        });
        true
    }

    /// Whether a spot shows this scene already, in a `usable` way.
    pub(super) fn keeps(&mut self, spot: Spot, scene: &Scene, usable: impl Fn(&Shown) -> bool) -> bool {
        let number = self.current.map_or(0, |frame| frame.number);
        let Some(content) = self.contents.get_mut(&spot) else { return false };
        content.last_frame = number;
        usable(&content.shown) && content.identity.is_of(scene)
    }

    pub(super) fn put(&mut self, spot: Spot, scene: &Scene, shown: Shown) {
        let last_frame = self.current.map_or(0, |frame| frame.number);
        self.contents.insert(spot, Content { identity: Identity::of(scene), shown, last_frame });
    }

    pub(super) fn get(&self, spot: Spot) -> Option<&Shown> {
        self.contents.get(&spot).map(|content| &content.shown)
    }

    /// The texture that the twin drew to before at a spot, to be drawn to again.
    pub(super) fn twin_at(&mut self, spot: Spot) -> Option<TextureHandle> {
        match self.contents.remove(&spot)?.shown {
            Shown::Twin(texture) => Some(texture),
            Shown::OnGpu(_) | Shown::Waiting { .. } => None,
        }
    }

    pub(super) fn clear(&mut self) {
        self.contents.clear();
    }
}
