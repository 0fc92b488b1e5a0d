//! Scenes on a window's GPU.

use std::sync::Arc;

use eframe::egui_wgpu::{RenderState, wgpu};

use super::identity::Source;
use super::spots::{Shown, Spot};
use crate::imaging::Scene;
use crate::render::{Gpu, Painting, Passes, RenderError, TextureCache};

/// What goes up in one frame of a window, bytes: some 2 ms of copying, so that the window stays at hand while a
/// volume is on its way. A single frame or slice goes up whole all the same.
const STEP_BYTES: u64 = 8 << 20;
/// Textures kept beside those on screen. A software rasteriser's lie in the same memory as the pixels.
const SOFTWARE_BYTES: u64 = 48 << 20;
const INTEGRATED_BYTES: u64 = 512 << 20;
const DISCRETE_BYTES: u64 = 1 << 30;

/// Pipelines and textures on the device that egui paints with.
pub(super) struct OnGpu {
    gpu: Gpu,
    passes: Passes,
    cache: TextureCache,
    /// What may still go up in this frame, bytes.
    left_bytes: u64,
    /// What this GPU does not hold: the twin draws it without asking again.
    refused: Vec<Source>,
    lost: bool,
}

impl OnGpu {
    /// `None` for a surface whose levels are not 8 or 10 bit integers: what egui writes there is not known.
    pub(super) fn new(state: &RenderState) -> Option<Self> {
        use wgpu::TextureFormat as Format;
        let format = state.target_format;
        if !matches!(
            format.remove_srgb_suffix(),
            Format::Rgba8Unorm | Format::Bgra8Unorm | Format::Rgb10a2Unorm
        ) {
            tracing::warn!(?format, "the window's pixels are of no known kind: drawing on the CPU");
            return None;
        }
        let info = state.adapter.get_info();
        let budget = match info.device_type {
            wgpu::DeviceType::Cpu => SOFTWARE_BYTES,
            wgpu::DeviceType::DiscreteGpu => DISCRETE_BYTES,
            _ => INTEGRATED_BYTES,
        };
        Some(Self {
            gpu: Gpu::from_device(state.device.clone(), state.queue.clone(), &info),
            passes: Passes::new(format, false),
            cache: TextureCache::new(budget),
            left_bytes: STEP_BYTES,
            refused: Vec::new(),
            lost: false,
        })
    }

    pub(super) fn begin_frame(&mut self) {
        self.left_bytes = STEP_BYTES;
    }

    pub(super) fn is_lost(&mut self) -> bool {
        self.lost = self.lost || self.gpu.is_lost();
        self.lost
    }

    pub(super) fn uploaded_bytes(&self) -> u64 {
        self.cache.uploaded_bytes()
    }

    pub(super) fn clear(&mut self) {
        self.cache.clear();
        self.refused.clear();
    }

    /// A painting of the scene, or that it is on its way; `None` when this GPU does not draw it.
    pub(super) fn show(&mut self, spot: Spot, scene: &Scene) -> Option<Shown> {
        if self.refused.iter().any(|source| source.is_of(scene)) {
            return None;
        }
        self.try_show(spot, scene).map_err(|error| self.refuse(&error, scene)).ok()
    }

    fn try_show(&mut self, spot: Spot, scene: &Scene) -> Result<Shown, RenderError> {
        let waits_for_volume = matches!(scene, Scene::Plane(_)) && self.left_bytes == 0;
        if !waits_for_volume {
            let before = self.cache.uploaded_bytes();
            self.cache.upload(&self.gpu, scene, self.left_bytes)?;
            self.left_bytes = self.left_bytes.saturating_sub(self.cache.uploaded_bytes() - before);
        }
        let painting = Painting::new(&self.gpu, &mut self.passes, &mut self.cache, scene, spot.corner)?;
        Ok(match painting {
            Some(painting) => Shown::OnGpu(Arc::new(painting)),
            None => Shown::Waiting { _textures: self.cache.lease(scene) },
        })
    }

    /// A scene that failed stays with the twin; after a loss, so does everything.
    fn refuse(&mut self, error: &RenderError, scene: &Scene) {
        tracing::warn!(%error, "drawing on the CPU");
        if let RenderError::DeviceLost { .. } = error {
            self.lost = true;
        } else {
            self.refused.retain(Source::is_alive);
            self.refused.push(Source::of(scene));
        }
    }
}
