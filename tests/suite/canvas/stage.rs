//! A window's renderer without a window, and what it shows held against the twin.

use std::cell::RefCell;
use std::sync::Arc;

use dokuei::imaging::{Scene, draw};
use dokuei::ui::canvas::{Canvas, Painted, Place, device_descriptor};
use eframe::egui_wgpu::wgpu::{Instance, InstanceDescriptor, RequestAdapterOptions, TextureFormat};
use eframe::egui_wgpu::{RenderState, Renderer, RendererOptions, WgpuSetup, WgpuSetupCreateNew};
use egui::{Color32, Rect};
use egui_kittest::Harness;
use egui_kittest::wgpu::WgpuTestRenderer;

use crate::gpu::agreement::near_hull;
use crate::support::{asked, skip};

const POINTS: [f32; 2] = [300.0, 250.0];
const AROUND: Color32 = Color32::from_rgb(10, 20, 30);

/// What eframe gives a window, on a texture instead.
pub(crate) struct Stage {
    pub(crate) state: RenderState,
}

/// What a stage showed, RGBA, and what it should have shown.
pub(crate) struct Shown {
    pub(crate) painted: Vec<Painted>,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgba: Vec<u8>,
    scenes: Vec<(Place, Scene)>,
    pixels_per_point: f32,
    clip: Option<Rect>,
}

impl Stage {
    /// `None` with a line that says so where there is no adapter.
    pub(crate) fn new(format: TextureFormat) -> Option<Self> {
        let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
        if let Err(error) = pollster::block_on(instance.request_adapter(&RequestAdapterOptions::default())) {
            assert!(!asked("DOKUEI_REQUIRE_GPU"), "{error}");
            skip(&format!("a GPU adapter ({error})"));
            return None;
        }
        let setup = WgpuSetupCreateNew {
            device_descriptor: Arc::new(device_descriptor),
            ..WgpuSetupCreateNew::without_display_handle()
        };
        let options = RendererOptions::PREDICTABLE;
        let mut state = egui_kittest::wgpu::create_render_state(WgpuSetup::CreateNew(setup), options);
        state.target_format = format;
        state.renderer = Arc::new(egui::mutex::RwLock::new(Renderer::new(&state.device, format, options)));
        Some(Self { state })
    }

    /// A harness that paints what `ui` says on this stage.
    pub(crate) fn harness<'a>(
        &self,
        pixels_per_point: f32,
        ui: impl FnMut(&mut egui::Ui) + 'a,
    ) -> Harness<'a> {
        Harness::builder()
            .with_size(egui::Vec2::from(POINTS))
            .with_pixels_per_point(pixels_per_point)
            .with_render_cursor(false)
            .renderer(WgpuTestRenderer::from_render_state(self.state.clone()))
            .build_ui(ui)
    }

    /// Shows scenes, until all that must come up in steps is there, as far as `clip` (points) lets them.
    pub(crate) fn show(
        &self,
        canvas: &Canvas,
        scenes: Vec<(Place, Scene)>,
        pixels_per_point: f32,
        clip: Option<Rect>,
    ) -> Shown {
        let painted = RefCell::new(Vec::new());
        let mut harness = self.harness(pixels_per_point, |ui| {
            let screen = ui.ctx().content_rect();
            ui.set_clip_rect(screen);
            ui.painter().rect_filled(screen, 0.0, AROUND);
            ui.set_clip_rect(clip.unwrap_or(screen).intersect(screen));
            *painted.borrow_mut() =
                scenes.iter().map(|(place, scene)| canvas.paint(ui, *place, scene)).collect();
        });
        for _ in 0..1000 {
            harness.step();
            if !painted.borrow().contains(&Painted::Waiting) {
                break;
            }
        }
        let image = harness.render().unwrap();
        drop(harness);
        let (width, height) = (image.width() as usize, image.height() as usize);
        let (painted, rgba) = (painted.into_inner(), image.into_raw());
        Shown { painted, width, height, rgba, scenes, pixels_per_point, clip }
    }
}

impl Shown {
    /// Every pixel: the twin's within one level inside the places, the background's around them.
    pub(crate) fn check(&self, name: &str) {
        let mut expected: Vec<Option<[u8; 4]>> = vec![Some(AROUND.to_array()); self.width * self.height];
        for (place, scene) in &self.scenes {
            self.expect(&mut expected, *place, scene);
        }
        let inside = expected.iter().filter(|pixel| **pixel != Some(AROUND.to_array())).count();
        assert!(inside > self.width * self.height / 10, "{name}: only {inside} pixels are ours");
        for (i, (shown, expected)) in self.rgba.chunks_exact(4).zip(expected).enumerate() {
            let Some(expected) = expected else { continue };
            let off = shown.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
            let allowed = Some(u8::from(expected != AROUND.to_array()));
            let at = (i % self.width, i / self.width);
            assert!(off <= allowed, "{name}: pixel {at:?}: {shown:?} for {expected:?}");
        }
    }

    /// The twin's pixels at a place; `None` where the hull of a volume leaves open whether there is data.
    fn expect(&self, expected: &mut [Option<[u8; 4]>], place: Place, scene: &Scene) {
        let picture = draw(scene);
        let near = near_hull(scene);
        let corner = place.rect.min.to_vec2() * self.pixels_per_point;
        let clip = self.clip.unwrap_or(Rect::EVERYTHING);
        let columns = picture.size.width() as usize;
        for (i, pixel) in picture.rgba.chunks_exact(4).enumerate() {
            let x = corner.x.round() as i64 + (i % columns) as i64;
            let y = corner.y.round() as i64 + (i / columns) as i64;
            let middle = egui::pos2(x as f32 + 0.5, y as f32 + 0.5) / self.pixels_per_point;
            let seen = (0..self.width as i64).contains(&x) && (0..self.height as i64).contains(&y);
            if seen && clip.contains(middle) {
                let at = x as usize + self.width * y as usize;
                expected[at] = (!near(i)).then(|| [pixel[0], pixel[1], pixel[2], pixel[3]]);
            }
        }
    }
}
