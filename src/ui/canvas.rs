//! Images on screen: our own pipeline in a paint callback, on whole physical pixels; the CPU twin where there is
//! no usable GPU.

use crate::imaging::{PictureSize, Scene};

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
    /// Paints with the window's device; with the CPU twin where there is none.
    pub fn new(_render_state: Option<&eframe::egui_wgpu::RenderState>) -> Self {
        Self {}
    }

    /// Paints `scene`, whose picture has `place`'s size, at `place`. What cannot be painted yet (still on its way
    /// to the GPU) leaves the place black and asks for another frame.
    pub fn paint(&self, _ui: &egui::Ui, _place: Place, _scene: &Scene) {}
}
