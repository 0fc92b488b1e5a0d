//! What the window shows: the pixels of the twin at their places, and nothing of ours around them.

mod costs;
mod loss;
pub(crate) mod stage;

use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::instance::VoiFunction;
use dokuei::dicom::pixel::Photometric;
use dokuei::imaging::{
    Frame, FrameScene, FrameView, Interpolation, Over, PictureSize, Plane, PlaneScene, Scene, Slab, SlabMode,
    StandardPlane, Volume,
};
use dokuei::ui::canvas::{Canvas, Painted, Place};
use eframe::egui_wgpu::wgpu::TextureFormat;
use egui::{Rect, pos2};
use glam::DVec3;

use crate::imaging::made::{self, Stack, noise};
use stage::Stage;

const SCALES: [f32; 3] = [1.0, 1.25, 2.0];

/// Places at odd offsets, in points.
const RECTS: [[f32; 4]; 4] = [
    [3.3, 5.7, 120.9, 90.2],
    [130.1, 4.0, 250.0, 100.6],
    [7.0, 110.3, 200.5, 230.0],
    [207.7, 121.1, 290.0, 240.4],
];

fn grey_frame() -> Arc<Frame> {
    let noise = noise(4096);
    let values = (0..61 * 43).map(|i| noise(i, 2 * i, 5) as u16).collect();
    made::grey(61, 43, Samples::U16(values), |_| {})
}

fn colour_frame() -> Arc<Frame> {
    let noise = noise(256);
    let samples = Samples::U8((0..3 * 40 * 30).map(|i| noise(i, 7, i) as u8).collect());
    let image = made::module(40, 30, Photometric::Rgb, &samples);
    Arc::new(made::try_frame(&image, samples).unwrap())
}

fn frame_scene(frame: &Arc<Frame>, size: PictureSize, width: f64) -> Scene {
    Scene::Frame(FrameScene {
        frame: Arc::clone(frame),
        view: FrameView::fit(frame, size),
        interpolation: Interpolation::Linear,
        grey: made::window(2000.0, width, VoiFunction::Linear),
        over: Over::default(),
    })
}

fn plane_scene(volume: &Arc<Volume>, plane: StandardPlane, slab: Option<Slab>, size: PictureSize) -> Scene {
    Scene::Plane(PlaneScene {
        volume: Arc::clone(volume),
        plane: Plane::through(volume, plane, None, Some(size)).unwrap(),
        slab,
        interpolation: Interpolation::Linear,
        grey: made::window(400.0, 1500.0, VoiFunction::Linear),
    })
}

/// A grey frame, a colour frame, an oblique slab and a coronal plane, each of the size of its place.
fn scenes(pixels_per_point: f32) -> Vec<(Place, Scene)> {
    let volume = Stack::oblique().volume(noise(4096));
    let slab = Slab::new(9.0, SlabMode::Mip).unwrap();
    let places = RECTS.map(|[left, top, right, bottom]| {
        Place::within(Rect::from_min_max(pos2(left, top), pos2(right, bottom)), pixels_per_point).unwrap()
    });
    let oblique = StandardPlane::Normal(DVec3::new(0.3, -0.5, 0.8));
    let scenes = [
        frame_scene(&grey_frame(), places[0].size, 64.0),
        frame_scene(&colour_frame(), places[1].size, 64.0),
        plane_scene(&volume, oblique, Some(slab), places[2].size),
        plane_scene(&volume, StandardPlane::Coronal, None, places[3].size),
    ];
    places.into_iter().zip(scenes).collect()
}

#[test]
fn the_windows_pixels_are_those_of_the_twin() {
    for format in [TextureFormat::Rgba8Unorm, TextureFormat::Rgba8UnormSrgb] {
        for pixels_per_point in SCALES {
            let Some(stage) = Stage::new(format) else { return };
            let canvas = Canvas::new(Some(&stage.state));
            let shown = stage.show(&canvas, scenes(pixels_per_point), pixels_per_point, None);
            assert!(shown.painted.iter().all(|painted| *painted == Painted::Now), "{:?}", shown.painted);
            shown.check(&format!("{format:?} at {pixels_per_point}"));
            assert!(!canvas.is_twin() && !canvas.lost());
        }
    }
}

#[test]
fn without_a_gpu_the_windows_pixels_are_those_of_the_twin_too() {
    for pixels_per_point in SCALES {
        let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
        let canvas = Canvas::new(None);
        let shown = stage.show(&canvas, scenes(pixels_per_point), pixels_per_point, None);
        assert!(shown.painted.iter().all(|painted| *painted == Painted::Twin), "{:?}", shown.painted);
        shown.check(&format!("twin at {pixels_per_point}"));
        assert!(canvas.is_twin() && !canvas.lost());
    }
}

#[test]
fn a_place_that_is_half_covered_or_half_outside_is_painted_where_it_is_seen() {
    let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
    let canvas = Canvas::new(Some(&stage.state));
    let mut scenes = scenes(1.25);
    // The third also sticks out of the window to the left and below.
    let out = Place::within(Rect::from_min_max(pos2(-90.0, 150.0), pos2(100.0, 400.0)), 1.25).unwrap();
    let volume = Stack::axial().volume(noise(4096));
    scenes[2] = (out, plane_scene(&volume, StandardPlane::Axial, None, out.size));
    let clip = Rect::from_min_max(pos2(-20.0, 40.0), pos2(180.0, 400.0));
    stage.show(&canvas, scenes, 1.25, Some(clip)).check("clipped");
}

#[test]
fn a_surface_of_an_unknown_format_is_drawn_by_the_twin() {
    let Some(stage) = Stage::new(TextureFormat::Rgba16Float) else { return };
    assert!(Canvas::new(Some(&stage.state)).is_twin());
}
