//! What can go wrong on a GPU.

use crate::text::{Explain, Message};

/// Why a scene was not drawn on the GPU. The CPU twin draws it in every case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// No adapter of any backend gives a usable device.
    #[error("no usable GPU: {tried}")]
    NoAdapter {
        /// What was tried and what each said.
        tried: String,
    },
    /// The device went away: driver reset, removed, or destroyed. A new [`super::Renderer`] may find it again.
    #[error("GPU device lost: {what}")]
    DeviceLost {
        /// What the driver said.
        what: String,
    },
    /// The GPU's memory does not hold the scene.
    #[error("GPU memory is full")]
    OutOfMemory,
    /// A texture or picture beyond the adapter's limits.
    #[error("{what}: {asked} is above this GPU's limit of {limit}")]
    TooLarge {
        /// Which dimension.
        what: &'static str,
        /// How large the scene needs it.
        asked: u64,
        /// What the adapter allows.
        limit: u64,
    },
    /// The driver or wgpu refused a call: a fault of theirs or ours, not of the image.
    #[error("GPU call failed: {what}")]
    Failed {
        /// What it said.
        what: String,
    },
}

impl Explain for RenderError {
    fn message(&self) -> Message {
        match self {
            Self::NoAdapter { .. } => Message::new("render-no-adapter"),
            Self::DeviceLost { .. } => Message::new("render-device-lost"),
            Self::OutOfMemory => Message::new("render-out-of-memory"),
            Self::TooLarge { asked, limit, .. } => {
                Message::new("render-too-large").with("asked", asked).with("limit", limit)
            }
            Self::Failed { what } => Message::new("render-failed").with("what", what),
        }
    }
}
