//! A device that goes away, and scenes that a device does not hold.

use dokuei::dicom::Samples;
use dokuei::imaging::PictureSize;
use dokuei::ui::canvas::{Canvas, Painted, Place};
use eframe::egui_wgpu::wgpu::TextureFormat;
use egui::{Rect, pos2};

use super::stage::Stage;
use super::{frame_scene, scenes};
use crate::imaging::made;

#[test]
fn a_lost_device_is_told_and_the_twin_draws_meanwhile() {
    let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
    let canvas = Canvas::new(Some(&stage.state));
    stage.show(&canvas, scenes(1.0), 1.0, None).check("before");
    assert!(!canvas.lost());

    stage.state.device.destroy();
    assert!(canvas.lost() && canvas.is_twin());
    // The window's own renderer is gone with the device; the canvas goes on, here on another's.
    let other = Stage::new(TextureFormat::Rgba8Unorm).unwrap();
    let shown = other.show(&canvas, scenes(1.0), 1.0, None);
    assert!(shown.painted.iter().all(|painted| *painted == Painted::Twin), "{:?}", shown.painted);
    shown.check("after");

    let again = Canvas::new(Some(&other.state));
    assert!(!again.lost() && !again.is_twin());
}

#[test]
fn a_frame_beyond_the_gpus_limit_is_drawn_by_the_twin_and_the_rest_stays_on_the_gpu() {
    let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
    let canvas = Canvas::new(Some(&stage.state));
    let columns = stage.state.device.limits().max_texture_dimension_2d + 1;
    let wide = made::grey(columns, 2, Samples::U8(vec![7; 2 * columns as usize]), |_| {});
    let mut scenes = scenes(1.0);
    scenes[0].1 = frame_scene(&wide, scenes[0].0.size, 64.0);
    let shown = stage.show(&canvas, scenes, 1.0, None);
    assert_eq!(shown.painted, [Painted::Twin, Painted::Now, Painted::Now, Painted::Now]);
    shown.check("too wide");
}

#[test]
fn a_picture_that_no_texture_holds_is_refused_in_words() {
    let Some(stage) = Stage::new(TextureFormat::Rgba8Unorm) else { return };
    let canvas = Canvas::new(None);
    // Without a real window egui goes by its smallest promise, 2048.
    let place = Place::within(Rect::from_min_max(pos2(0.0, 0.0), pos2(3000.0, 20.0)), 1.0).unwrap();
    assert_eq!(place.size, PictureSize::new(3000, 20).unwrap());
    let frame = made::grey(2, 2, Samples::U8(vec![7; 4]), |_| {});
    let shown = stage.show(&canvas, vec![(place, frame_scene(&frame, place.size, 64.0))], 1.0, None);
    assert!(matches!(shown.painted[..], [Painted::Failed(_)]), "{:?}", shown.painted);
}
