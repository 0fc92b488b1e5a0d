//! What a frame of the window costs the thread that draws it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dokuei::dicom::Samples;
use dokuei::imaging::{Frame, PictureSize, Scene, StandardPlane};
use dokuei::ui::canvas::{Canvas, Painted, Place};
use eframe::egui_wgpu::wgpu::TextureFormat;
use egui::{Rect, pos2, vec2};

use super::stage::Stage;
use super::{frame_scene, plane_scene};
use crate::imaging::made::{self, Stack, noise};
use crate::support::note;

fn ct_slice(seed: i32) -> Arc<Frame> {
    let noise = noise(4096);
    let values = (0..512 * 512).map(|i| noise(i % 512, i / 512, seed) as i16 - 1000).collect();
    made::grey(512, 512, Samples::I16(values), |_| {})
}

fn size() -> PictureSize {
    PictureSize::new(280, 230).unwrap()
}

/// What a frame of the window showed, what painting it took, and what came of it.
struct Pass {
    scene: usize,
    taken: Duration,
    painted: Painted,
}

/// Paints one scene after the other in a window; egui may take several passes over each.
fn paint_each(stage: &Stage, canvas: &Canvas, scenes: &[Scene]) -> Vec<Pass> {
    let next = Cell::new(0_usize);
    let passes = RefCell::new(Vec::new());
    let mut harness = stage.harness(1.0, |ui| {
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(280.0, 230.0));
        let place = Place::within(rect, 1.0).unwrap();
        let start = Instant::now();
        let painted = canvas.paint(ui, place, &scenes[next.get()]);
        passes.borrow_mut().push(Pass { scene: next.get(), taken: start.elapsed(), painted });
    });
    for i in 0..scenes.len() {
        next.set(i);
        harness.step();
        harness.render().unwrap();
    }
    drop(harness);
    passes.into_inner()
}

/// The median of the first passes over these scenes.
fn median(passes: &[Pass], scenes: std::ops::Range<usize>) -> Duration {
    let first = scenes.filter_map(|scene| passes.iter().find(|pass| pass.scene == scene));
    let mut times: Vec<_> = first.map(|pass| pass.taken).collect();
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn an_unchanged_frame_costs_a_look_up_and_uploads_nothing() {
    let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
    let canvas = Canvas::new(Some(&stage.state));
    let frames: Vec<_> = (0..40).map(ct_slice).collect();
    let unchanged = vec![frame_scene(&frames[0], size(), 400.0); 60];
    let windowed: Vec<_> = (0..60).map(|i| frame_scene(&frames[0], size(), 401.0 + f64::from(i))).collect();
    let scrolled: Vec<_> = frames.iter().skip(1).map(|frame| frame_scene(frame, size(), 400.0)).collect();
    let passes = paint_each(&stage, &canvas, &[unchanged, windowed, scrolled].concat());
    assert!(passes.iter().all(|pass| pass.painted == Painted::Now));
    let [unchanged, windowed, scrolled] = [1..60, 60..120, 120..159].map(|scenes| median(&passes, scenes));
    note(&format!("canvas: unchanged {unchanged:?}, windowed {windowed:?}, scrolled {scrolled:?}\n"));
    // A frame goes up once, whatever is done with it.
    assert_eq!(canvas.uploaded_bytes(), 40 * 512 * 512 * 2);
    assert!(unchanged < Duration::from_millis(1), "{unchanged:?}");
    canvas.clear();
    assert_eq!(canvas.uploaded_bytes(), 40 * 512 * 512 * 2);
}

#[test]
fn a_volume_comes_up_in_steps_that_leave_the_window_at_hand() {
    let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
    let canvas = Canvas::new(Some(&stage.state));
    let volume = Stack { size: [512, 512, 128], ..Stack::axial() }.volume(noise(4096));
    let scenes = vec![plane_scene(&volume, StandardPlane::Coronal, None, size()); 36];
    let passes = paint_each(&stage, &canvas, &scenes);
    let waited = passes.iter().take_while(|pass| pass.painted == Painted::Waiting).count();
    // 16 slices a frame of the window; with the last ones the plane is there.
    assert_eq!(waited + 1, volume.size()[2] as usize / 16);
    assert!(passes[waited..].iter().all(|pass| pass.painted == Painted::Now));
    let steps = |passes: &[Pass]| passes.iter().map(|pass| pass.taken).max().unwrap_or_default();
    let (first, longest) = (passes[0].taken, steps(&passes[1..waited]));
    let planes = median(&passes, scenes.len() - 10..scenes.len());
    // The first step makes and clears the whole texture, which takes a software rasteriser long; so times are
    // told here, not held to a limit.
    note(&format!("canvas: {waited} steps, {first:?} and at most {longest:?}, then {planes:?} a frame\n"));
    assert_eq!(canvas.uploaded_bytes(), volume.bytes() as u64);
}
