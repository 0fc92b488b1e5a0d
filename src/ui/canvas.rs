//! Images on screen: our own pipeline in a paint callback, on whole physical pixels; the CPU twin where there is
//! no usable GPU.

use crate::imaging::{PictureSize, Scene};

pub use crate::render::{PROBES, device_descriptor};

/// What paints images into a window.
#[derive(Debug)]
pub struct Canvas {}

/// A part of a window on whole physical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// In points, its edges on physical pixels.
    pub rect: egui::Rect,
    /// In physical pixels.
    pub size: PictureSize,
}

impl Place {
    /// The largest such part of `rect`; `None` where that is empty.
    pub fn within(_rect: egui::Rect, _pixels_per_point: f32) -> Option<Self> {
        None
    }
}

impl Canvas {
    /// On a window's GPU, or on the twin.
    pub fn new(_render_state: Option<&eframe::egui_wgpu::RenderState>) -> Self {
        Self {}
    }

    /// All images come from the CPU twin.
    pub fn is_twin(&self) -> bool {
        true
    }

    /// The GPU was lost.
    pub fn lost(&self) -> bool {
        false
    }

    /// Lets all images go.
    pub fn clear(&self) {}

    /// Paints `scene`, whose picture has `place`'s size, at `place`. What cannot be painted yet (still on its way
    /// to the GPU) leaves the place black and asks for another frame.
    pub fn paint(&self, _ui: &egui::Ui, _place: Place, _scene: &Scene) {}
}
