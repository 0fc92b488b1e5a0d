//! Frames on the GPU.

use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::display::{Overlay, OverlayData, OverlayKind, Shutter};
use dokuei::dicom::instance::{
    LookupTable, ModalityTransform, Palette, PixelPadding, PixelSpacing, SpacingSource, VoiFunction,
};
use dokuei::dicom::pixel::Photometric;
use dokuei::imaging::{Frame, FrameScene, FrameView, Interpolation, Over, PictureSize, Scene, draw, marks};
use dokuei::render::Renderer;

use super::agreement::agree;
use super::renderer;
use crate::imaging::made;

const SIZE: [u32; 2] = [61, 43];

/// Pseudo-random values in `low..high`, one a sample.
fn values(samples: usize, low: i64, high: i64) -> impl Iterator<Item = i64> {
    let noise = made::noise(1 << 24);
    (0..samples as i32).map(move |i| low + i64::from(noise(i, 3 * i, 7)) * (high - low) / (1 << 24))
}

/// Both frames at their own size, fitted smaller and larger, between pixels and nearest.
fn check(renderer: &mut Renderer, name: &str, frame: &Arc<Frame>, tolerance: f64) {
    let fit = |width, height| FrameView::fit(frame, PictureSize::new(width, height).unwrap());
    for (view, interpolation) in [
        (FrameView::native(frame).unwrap(), Interpolation::Linear),
        (FrameView::native(frame).unwrap(), Interpolation::Nearest),
        (fit(200, 130), Interpolation::Linear),
        (fit(47, 90), Interpolation::Linear),
        (fit(157, 131), Interpolation::Nearest),
    ] {
        let scene = FrameScene {
            frame: Arc::clone(frame),
            view,
            interpolation,
            grey: frame.default_grey(),
            over: Over::default(),
        };
        agree(
            renderer,
            &format!("{name} {interpolation:?} {:?}", view.size),
            &Scene::Frame(scene),
            tolerance,
            true,
        );
    }
}

fn grey(samples: Samples, modality: ModalityTransform, width: f64) -> Arc<Frame> {
    made::grey(SIZE[0], SIZE[1], samples, |image| {
        image.frames[0].modality = modality;
        image.frames[0].voi = vec![made::voi(width / 3.0, width)];
        image.frames[0].spacing = Some(PixelSpacing {
            between_rows_mm: 0.8,
            between_columns_mm: 0.5,
            source: SpacingSource::Patient,
        });
    })
}

fn hu() -> ModalityTransform {
    ModalityTransform::Rescale { slope: 1.0, intercept: -1024.0, unit: "HU".to_owned() }
}

#[test]
fn every_grey_sample_type_is_drawn_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let n = (SIZE[0] * SIZE[1]) as usize;
    let identity = || ModalityTransform::Identity;
    // f32 resolves 2^-24 of a value: past some 2^14 stored units that, not 0.01, is what can be asked for.
    let frames = [
        ("u8", 0.01, grey(Samples::U8(values(n, 0, 256).map(|v| v as u8).collect()), identity(), 256.0)),
        ("i8", 0.01, grey(Samples::I8(values(n, -128, 128).map(|v| v as i8).collect()), identity(), 100.0)),
        ("u12", 0.01, grey(Samples::U16(values(n, 0, 4096).map(|v| v as u16).collect()), hu(), 400.0)),
        ("i13", 0.01, grey(Samples::I16(values(n, -2000, 3000).map(|v| v as i16).collect()), hu(), 64.0)),
        ("u16", 0.02, grey(Samples::U16(values(n, 0, 65536).map(|v| v as u16).collect()), hu(), 4000.0)),
        ("u32", 0.04, grey(Samples::U32(values(n, 0, 100_000).map(|v| v as u32).collect()), identity(), 9e4)),
        (
            "i32",
            0.04,
            grey(Samples::I32(values(n, -60_000, 60_000).map(|v| v as i32).collect()), identity(), 9e4),
        ),
        (
            "f32",
            0.01,
            grey(Samples::F32(values(n, -900, 900).map(|v| v as f32 / 7.0).collect()), identity(), 200.0),
        ),
        (
            "f64",
            0.01,
            grey(Samples::F64(values(n, -900, 900).map(|v| v as f64 / 8.0).collect()), identity(), 200.0),
        ),
    ];
    for (name, tolerance, frame) in frames {
        check(&mut renderer, name, &frame, tolerance);
    }
}

#[test]
fn floats_without_a_value_are_no_data_on_both() {
    let Some(mut renderer) = renderer() else { return };
    let samples: Vec<f32> =
        (0..SIZE[0] * SIZE[1]).map(|i| if i % 7 == 0 { f32::NAN } else { i as f32 }).collect();
    let frame = grey(Samples::F32(samples), ModalityTransform::Identity, 2000.0);
    check(&mut renderer, "NaN", &frame, 0.01);
}

#[test]
fn modality_and_voi_tables_monochrome1_and_broken_rescale_are_drawn_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let n = (SIZE[0] * SIZE[1]) as usize;
    let samples = || Samples::I16(values(n, -100, 5000).map(|v| v as i16).collect());
    let table = |first: i32, bits: u16, entries: Vec<u16>| LookupTable {
        first,
        bits,
        entries,
        explanation: String::new(),
    };
    let modality = ModalityTransform::Table(table(-50, 16, (0..5000_u32).map(|i| (i * 13) as u16).collect()));
    check(&mut renderer, "modality table", &grey(samples(), modality, 30000.0), 0.01);

    let voi = table(100, 12, (0..4096).collect());
    let with_table = made::grey(SIZE[0], SIZE[1], samples(), |image| {
        image.frames[0].voi =
            vec![dokuei::dicom::instance::Voi::Table { table: voi, explanation: String::new() }];
    });
    check(&mut renderer, "voi table", &with_table, 0.01);

    let mut image = made::module(SIZE[0], SIZE[1], Photometric::Monochrome1, &samples());
    image.frames[0].voi = vec![made::voi(2000.0, 3000.0)];
    check(&mut renderer, "monochrome1", &Arc::new(made::try_frame(&image, samples()).unwrap()), 0.01);

    check(&mut renderer, "broken", &grey(samples(), ModalityTransform::Broken, 400.0), 0.01);
}

#[test]
fn every_kind_of_colour_is_drawn_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let n = (SIZE[0] * SIZE[1]) as usize;
    let bytes = |n: usize| Samples::U8(values(n, 0, 256).map(|v| v as u8).collect());
    let mut draw_colour =
        |name: &str, photometric: Photometric, samples: Samples, bits: u16, palette: Option<Palette>| {
            let mut image = made::module(SIZE[0], SIZE[1], photometric, &samples);
            image.format.bits_stored = bits;
            image.palette = palette;
            check(&mut renderer, name, &Arc::new(made::try_frame(&image, samples).unwrap()), 0.0);
        };
    draw_colour("rgb", Photometric::Rgb, bytes(3 * n), 8, None);
    draw_colour("ybr", Photometric::YbrFull, bytes(3 * n), 8, None);
    let wide = Samples::U16(values(3 * n, 0, 4096).map(|v| v as u16).collect());
    draw_colour("12-bit rgb", Photometric::Rgb, wide, 12, None);
    let widest = Samples::U32(values(3 * n, 0, 1 << 32).map(|v| v as u32).collect());
    draw_colour("32-bit rgb", Photometric::Rgb, widest, 32, None);
    let table = |step: u16| LookupTable {
        first: 17,
        bits: 16,
        entries: (0..3000).map(|i: u16| i.wrapping_mul(step)).collect(),
        explanation: String::new(),
    };
    let palette = Palette { red: table(257), green: table(771), blue: table(5001) };
    let indices = Samples::U16(values(n, 0, 4000).map(|v| v as u16).collect());
    draw_colour("palette", Photometric::PaletteColor, indices, 16, Some(palette.clone()));
    let indices = Samples::I16(values(n, -500, 4000).map(|v| v as i16).collect());
    draw_colour("palette of signed indices", Photometric::PaletteColor, indices, 16, Some(palette));
}

#[test]
fn the_levels_of_eight_bit_images_at_their_own_size_are_exact() {
    let Some(mut renderer) = renderer() else { return };
    let frame = made::grey(256, 1, Samples::U8((0..=255).collect()), |_| {});
    let view = FrameView::native(&frame).unwrap();
    let grey = made::window(128.0, 256.0, VoiFunction::Linear);
    let scene = Scene::Frame(FrameScene {
        frame,
        view,
        interpolation: Interpolation::Linear,
        grey,
        over: Over::default(),
    });
    let picture = renderer.draw(&scene).unwrap();
    let reds: Vec<u8> = picture.rgba.chunks_exact(4).map(|pixel| pixel[0]).collect();
    assert_eq!(reds, (0..=255).collect::<Vec<u8>>());
    assert_eq!(picture.rgba, draw(&scene).rgba);
}

#[test]
fn a_large_radiograph_is_drawn_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let (columns, rows) = (3001, 2501);
    let samples = Samples::U16((0..columns * rows).map(|i| (i % 4093) as u16).collect());
    let mut image = made::module(columns, rows, Photometric::Monochrome1, &samples);
    image.frames[0].voi = vec![made::voi(2048.0, 4096.0)];
    let frame = Arc::new(made::try_frame(&image, samples).unwrap());
    let view = FrameView::fit(&frame, PictureSize::new(1024, 768).unwrap());
    let grey = frame.default_grey();
    let scene = FrameScene { frame, view, interpolation: Interpolation::Linear, grey, over: Over::default() };
    agree(&mut renderer, "radiograph", &Scene::Frame(scene), 0.01, true);
}

/// Two overlays, a shutter of three shapes, padding, and colours from 3000 on.
fn crowded(photometric: Photometric, samples: Samples, colours: bool) -> Arc<Frame> {
    let mut image = made::module(SIZE[0], SIZE[1], photometric, &samples);
    let noise = made::noise(256);
    let overlay = |group: u16, kind, origin, rows| Overlay {
        group,
        kind,
        label: String::new(),
        rows,
        columns: 30,
        origin,
        first_frame: 0,
        frames: 0,
        data: OverlayData::Packed((0..400).map(|i| noise(i, 2, 3) as u8).collect::<Vec<u8>>().into()),
    };
    image.display.overlays = vec![
        overlay(0x6000, OverlayKind::Graphics, [5, -3], 20),
        overlay(0x6002, OverlayKind::Region, [12, 20], 25),
    ];
    image.padding = Some(PixelPadding { value: 0.0, limit: 300.0 });
    let attributes = &mut image.frames[0];
    attributes.voi = vec![made::voi(1500.0, 3000.0)];
    attributes.shutter = Some(Shutter {
        rectangle: Some([4, 3, 58, 40]),
        circle: Some(([20, 30], 27)),
        polygon: Some(vec![[1, 5], [2, 60], [43, 50], [30, 2]]),
        presentation: Some(20_000),
        ..Shutter::default()
    });
    if colours {
        let table = |step: u16| LookupTable {
            first: 3000,
            bits: 16,
            entries: (0..700).map(|i: u16| i.wrapping_mul(step)).collect(),
            explanation: String::new(),
        };
        attributes.supplemental_colour = true;
        image.palette = Some(Palette { red: table(257), green: table(771), blue: table(5001) });
    }
    Arc::new(made::try_frame(&image, samples).unwrap())
}

#[test]
fn overlays_shutters_padding_and_supplemental_colours_are_drawn_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let n = (SIZE[0] * SIZE[1]) as usize;
    let signed = || Samples::I16(values(n, -100, 4000).map(|v| v as i16).collect());
    let unsigned = || Samples::U16(values(n, 0, 4000).map(|v| v as u16).collect());
    let floats = || Samples::F32(values(n, 0, 4000).map(|v| v as f32).collect());
    let rgb = || Samples::U8(values(3 * n, 0, 256).map(|v| v as u8).collect());
    for (name, frame) in [
        ("signed", crowded(Photometric::Monochrome2, signed(), false)),
        ("inverted", crowded(Photometric::Monochrome1, unsigned(), false)),
        ("floats", crowded(Photometric::Monochrome2, floats(), false)),
        ("supplemental", crowded(Photometric::Monochrome2, unsigned(), true)),
        ("supplemental, signed and inverted", crowded(Photometric::Monochrome1, signed(), true)),
        ("rgb", crowded(Photometric::Rgb, rgb(), false)),
    ] {
        let marks = frame.marks().unwrap();
        for mark in [marks::HIDDEN, marks::GRAPHICS, marks::OUTLINE] {
            assert!(marks.iter().any(|all| all & mark != 0), "{name}: no mark {mark}");
        }
        check(&mut renderer, name, &frame, 0.01);
        for over in
            [Over { overlays: false, shutter: true }, Over { overlays: true, shutter: false }, Over::NOTHING]
        {
            let scene = FrameScene {
                frame: Arc::clone(&frame),
                view: FrameView::fit(&frame, PictureSize::new(40, 17).unwrap()),
                interpolation: Interpolation::Linear,
                grey: frame.default_grey(),
                over,
            };
            agree(&mut renderer, &format!("{name} {over:?}"), &Scene::Frame(scene), 0.01, true);
        }
    }
}
