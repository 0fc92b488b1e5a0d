//! A painting in egui's own render pass.

use std::sync::Arc;

use eframe::egui_wgpu::{self, CallbackResources, CallbackTrait, wgpu};
use egui::PaintCallbackInfo;

use super::Place;
use crate::imaging::PictureSize;
use crate::render::Painting;

/// Paints into the pixels of its place, as far as egui's clip rectangle lets it. All that it needs was made
/// when the scene was shown, so it has no state and asks for no resources.
pub(super) struct Callback {
    painting: Arc<Painting>,
    /// First pixel (column, row) of the window, and columns and rows.
    corner: [i32; 2],
    sides: [u32; 2],
}

impl Callback {
    pub(super) fn shape(
        place: Place,
        corner: [i32; 2],
        size: PictureSize,
        painting: &Arc<Painting>,
    ) -> egui::PaintCallback {
        let sides = [place.size.width().min(size.width()), place.size.height().min(size.height())];
        let callback = Self { painting: Arc::clone(painting), corner, sides };
        egui_wgpu::Callback::new_paint_callback(place.rect, callback)
    }

    /// The pixels to paint: x, y, width, height; `None` for none.
    fn scissor(&self, info: &PaintCallbackInfo) -> Option<[u32; 4]> {
        let clip = info.clip_rect_in_pixels();
        let low = [clip.left_px.max(self.corner[0]), clip.top_px.max(self.corner[1])];
        let high = [
            (clip.left_px + clip.width_px).min(self.corner[0] + self.sides[0] as i32),
            (clip.top_px + clip.height_px).min(self.corner[1] + self.sides[1] as i32),
        ];
        let filled = low[0] < high[0] && low[1] < high[1];
        filled.then(|| [low[0], low[1], high[0] - low[0], high[1] - low[1]].map(|n| n as u32))
    }
}

impl CallbackTrait for Callback {
    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        _resources: &CallbackResources,
    ) {
        let Some([x, y, width, height]) = self.scissor(&info) else { return };
        let [screen_width, screen_height] = info.screen_size_px.map(|n| n as f32);
        // The painting counts pixels from the window's corner; egui sets both anew after a callback.
        pass.set_viewport(0.0, 0.0, screen_width, screen_height, 0.0, 1.0);
        pass.set_scissor_rect(x, y, width, height);
        self.painting.paint(pass);
    }
}
