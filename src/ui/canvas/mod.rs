//! Images on screen: our own pipeline in a paint callback, on whole physical pixels; the CPU twin where there is
//! no usable GPU.
//!
//! ```text
//!   Scene ──► the same as last time here? ──yes──────────────────────────┐
//!               │ no                                                     ▼
//!               ├──► OnGpu: textures (volumes in steps), Painting ──► paint callback in egui's own pass
//!               └──► twin (no GPU, or not for this scene) ──► egui texture, one texel a pixel
//! ```
//!
//! Every place of every window remembers what it shows ([`spots`]), so that an unchanged image costs a look-up.

mod callback;
mod gpu;
mod identity;
mod place;
mod spots;
mod twin;

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::imaging::Scene;
use crate::render::RenderError;
use callback::Callback;
use eframe::egui_wgpu::RenderState;
use gpu::OnGpu;
use spots::{Shown, Spot, Spots};

pub use crate::render::{PROBES, device_descriptor};
pub use place::Place;

/// What paints images into windows: one for all windows of a program. Shared between threads as egui's deferred
/// windows are.
pub struct Canvas {
    inner: Mutex<Inner>,
}

struct Inner {
    gpu: Option<OnGpu>,
    spots: Spots,
}

/// What came of painting a scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Painted {
    /// It is in this frame of the window, from the GPU.
    Now,
    /// It is still on its way to the GPU: the place is black, and another frame was asked for.
    Waiting,
    /// It is in this frame, drawn by the CPU twin: the same picture, more slowly.
    Twin,
    /// It is not shown; the place is black.
    Failed(RenderError),
}

impl Canvas {
    /// On a window's GPU (eframe's `wgpu_render_state`), whose callbacks for uncaught errors and for its loss it
    /// takes over; without one, and on a surface whose format it does not know, with the CPU twin.
    pub fn new(render_state: Option<&RenderState>) -> Self {
        let gpu = render_state.and_then(OnGpu::new);
        Self { inner: Mutex::new(Inner { gpu, spots: Spots::default() }) }
    }

    /// Whether all images come from the CPU twin: there is no GPU, or it was lost.
    pub fn is_twin(&self) -> bool {
        self.lock().gpu.as_mut().is_none_or(|gpu| gpu.is_lost())
    }

    /// Whether the GPU was lost: driver reset, removed, asleep. The window itself is then of no more use either;
    /// a new one, with a new canvas, shows the same state.
    pub fn lost(&self) -> bool {
        self.lock().gpu.as_mut().is_some_and(OnGpu::is_lost)
    }

    /// Bytes of frames and volumes that went to the GPU since the canvas was made.
    pub fn uploaded_bytes(&self) -> u64 {
        self.lock().gpu.as_ref().map_or(0, OnGpu::uploaded_bytes)
    }

    /// Lets all images go, from the GPU too (a case closed, the screen locked).
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.spots.clear();
        if let Some(gpu) = &mut inner.gpu {
            gpu.clear();
        }
    }

    /// Paints `scene`, whose picture has `place`'s size, at `place`. What cannot be painted yet (still on its way
    /// to the GPU) leaves the place black and asks for another frame.
    pub fn paint(&self, ui: &egui::Ui, place: Place, scene: &Scene) -> Painted {
        let context = ui.ctx();
        let frame = spots::FrameOf { viewport: context.viewport_id(), number: context.cumulative_pass_nr() };
        let open = |viewport| context.input(|input| input.raw.viewports.contains_key(&viewport));
        let corner = place.corner(context.pixels_per_point());
        let painted = {
            let mut inner = self.lock();
            let Inner { gpu, spots } = &mut *inner;
            if spots.begin(frame, open)
                && let Some(gpu) = gpu
            {
                gpu.begin_frame();
            }
            let spot = Spot { viewport: frame.viewport, corner };
            let result = show(gpu.as_mut(), spots, spot, context, scene);
            result.map(|shown| shown.paint(ui, place, corner, scene.size()))
        };
        painted.unwrap_or_else(|error| {
            ui.painter().rect_filled(place.rect, 0.0, egui::Color32::BLACK);
            Painted::Failed(error)
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Canvas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Canvas").finish_non_exhaustive()
    }
}

/// What is to be shown at a spot: what is there already, if it is of this scene, or something new.
fn show<'a>(
    mut gpu: Option<&mut OnGpu>,
    spots: &'a mut Spots,
    spot: Spot,
    context: &egui::Context,
    scene: &Scene,
) -> Result<&'a Shown, RenderError> {
    let lost = gpu.as_mut().is_none_or(|gpu| gpu.is_lost());
    let usable = |shown: &Shown| match shown {
        Shown::OnGpu(_) => !lost,
        Shown::Waiting { .. } => false,
        Shown::Twin(_) => true,
    };
    if !spots.keeps(spot, scene, usable) {
        let on_gpu = gpu.filter(|_| !lost).and_then(|gpu| gpu.show(spot, scene));
        let shown = match on_gpu {
            Some(shown) => shown,
            None => Shown::Twin(twin::draw_texture(context, scene, spots.twin_at(spot))?),
        };
        if let Shown::Waiting { .. } = shown {
            context.request_repaint();
        }
        spots.put(spot, scene, shown);
    }
    spots.get(spot).ok_or_else(|| RenderError::Failed { what: "a place was lost".to_owned() })
}

impl Shown {
    fn paint(
        &self,
        ui: &egui::Ui,
        place: Place,
        corner: [i32; 2],
        size: crate::imaging::PictureSize,
    ) -> Painted {
        match self {
            Self::OnGpu(painting) => {
                ui.painter().add(Callback::shape(place, corner, size, painting));
                Painted::Now
            }
            Self::Twin(texture) => {
                ui.painter().add(twin::shape(place, texture));
                Painted::Twin
            }
            Self::Waiting { .. } => {
                ui.painter().rect_filled(place.rect, 0.0, egui::Color32::BLACK);
                Painted::Waiting
            }
        }
    }
}
