//! The device: what it says of itself, and how it fails.

use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::instance::VoiFunction;
use dokuei::imaging::{
    Frame, FrameScene, FrameView, Interpolation, Over, Plane, PlaneScene, Scene, StandardPlane,
};
use dokuei::render::{RenderError, TextureCache};

use super::renderer;
use crate::imaging::made::{self, Stack, ramp};

fn scene(frame: &Arc<Frame>) -> Scene {
    let view = FrameView::native(frame).unwrap();
    Scene::Frame(FrameScene {
        frame: Arc::clone(frame),
        view,
        interpolation: Interpolation::Linear,
        grey: frame.default_grey(),
        over: Over::default(),
    })
}

fn frame(columns: u32) -> Arc<Frame> {
    made::grey(columns, 2, Samples::U8(vec![7; 2 * columns as usize]), |_| {})
}

#[test]
fn the_adapter_says_what_it_is() {
    let Some(renderer) = renderer() else { return };
    let info = renderer.info();
    assert!(!info.name.is_empty() && ["vulkan", "metal", "dx12", "gl"].contains(&info.backend), "{info:?}");
    assert!(info.max_side >= 2048 && info.max_volume_side >= 256, "{info:?}");
}

#[test]
fn a_lost_device_is_an_error_and_a_new_one_draws_the_same() {
    let Some(mut lost) = renderer() else { return };
    let scene = scene(&frame(5));
    let before = lost.draw(&scene).unwrap();
    lost.gpu().device().destroy();
    for _ in 0..2 {
        let drawn = lost.draw(&scene);
        assert!(matches!(drawn, Err(RenderError::DeviceLost { .. })), "{drawn:?}");
    }
    assert_eq!(renderer().unwrap().draw(&scene).unwrap(), before);
}

#[test]
fn what_the_adapter_cannot_hold_is_refused_with_its_limit() {
    let Some(mut renderer) = renderer() else { return };
    let limit = renderer.info().max_side;
    let wide = frame(limit + 1);
    let small = FrameView::fit(&wide, dokuei::imaging::PictureSize::new(10, 10).unwrap());
    let scene = FrameScene {
        grey: wide.default_grey(),
        frame: wide,
        view: small,
        interpolation: Interpolation::Nearest,
        over: Over::default(),
    };
    let expected =
        RenderError::TooLarge { what: "frame", asked: u64::from(limit) + 1, limit: u64::from(limit) };
    assert_eq!(renderer.draw(&Scene::Frame(scene)), Err(expected));
}

#[test]
fn a_volume_goes_up_in_steps_of_whole_slices() {
    let Some(renderer) = renderer() else { return };
    let volume = Stack::axial().volume(ramp);
    let plane = Plane::through(&volume, StandardPlane::Axial, None, None).unwrap();
    let grey = made::window(0.0, 100.0, VoiFunction::Linear);
    let slice_bytes = volume.bytes() as u64 / 11;
    let scene =
        Scene::Plane(PlaneScene { volume, plane, slab: None, interpolation: Interpolation::Linear, grey });
    for (budget, steps) in [(1, 11), (slice_bytes, 11), (4 * slice_bytes, 3), (u64::MAX, 1)] {
        let mut cache = TextureCache::new(1 << 20);
        let taken = (1..).find(|_| cache.upload(renderer.gpu(), &scene, budget).unwrap());
        assert_eq!(taken, Some(steps), "{budget} bytes a step");
    }
}

#[test]
fn textures_go_with_their_frames_and_within_the_budget() {
    let Some(renderer) = renderer() else { return };
    let mut cache = TextureCache::new(250);
    let frames: Vec<_> = (0..4).map(|_| frame(50)).collect();
    for frame in &frames {
        assert!(cache.upload(renderer.gpu(), &scene(frame), 1).unwrap());
        assert!(cache.bytes() <= 250);
    }
    assert_eq!(cache.bytes(), 200);
    drop(frames);
    let kept = frame(10);
    cache.upload(renderer.gpu(), &scene(&kept), 1).unwrap();
    assert_eq!(cache.bytes(), 20);
}
