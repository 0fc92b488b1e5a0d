//! Frames: fitted, interpolated, in grey and in colour.

use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::instance::{
    ImageModule, LookupTable, ModalityTransform, Palette, PixelPadding, PixelSpacing, SpacingSource, Voi,
    VoiFunction,
};
use dokuei::dicom::pixel::Photometric;
use dokuei::imaging::{
    Frame, FrameScene, FrameView, ImagingError, Interpolation, Over, Picture, PictureSize, Scene, VoiCurve,
    draw,
};

use super::made;

fn native(frame: &Arc<Frame>) -> Scene {
    let view = FrameView::native(frame).unwrap();
    Scene::Frame(FrameScene {
        frame: Arc::clone(frame),
        view,
        interpolation: Interpolation::Linear,
        grey: frame.default_grey(),
        over: Over::default(),
    })
}

fn fitted(frame: &Arc<Frame>, width: u32, height: u32, interpolation: Interpolation) -> Picture {
    let view = FrameView::fit(frame, PictureSize::new(width, height).unwrap());
    draw(&Scene::Frame(FrameScene {
        frame: Arc::clone(frame),
        view,
        interpolation,
        grey: frame.default_grey(),
        over: Over::default(),
    }))
}

fn reds(picture: &Picture) -> Vec<u8> {
    picture.rgba.chunks_exact(4).map(|pixel| pixel[0]).collect()
}

#[test]
fn at_its_own_size_a_frame_shows_every_pixel_once() {
    let frame = made::grey(3, 2, Samples::U8(vec![0, 50, 100, 150, 200, 255]), |_| {});
    let picture = draw(&native(&frame));
    assert_eq!(reds(&picture), [0, 50, 100, 150, 200, 255]);
    assert_eq!(picture.values.unwrap(), [0.0, 50.0, 100.0, 150.0, 200.0, 255.0]);
}

#[test]
fn monochrome1_and_inverse_turn_grey_around_once_even_together() {
    let turned = |photometric: Photometric, inverse: bool| {
        let samples = Samples::U8(vec![0, 64, 255]);
        let mut image = made::module(3, 1, photometric, &samples);
        image.presentation_inverse = inverse;
        reds(&draw(&native(&Arc::new(made::try_frame(&image, samples).unwrap()))))
    };
    assert_eq!(turned(Photometric::Monochrome2, false), [0, 64, 255]);
    assert_eq!(turned(Photometric::Monochrome1, false), [255, 191, 0]);
    assert_eq!(turned(Photometric::Monochrome2, true), [255, 191, 0]);
    assert_eq!(turned(Photometric::Monochrome1, true), [255, 191, 0]);
}

#[test]
fn values_are_the_modality_values_also_of_padding() {
    let frame = made::grey(2, 1, Samples::I16(vec![-2000, 10]), |image| {
        image.frames[0].modality =
            ModalityTransform::Rescale { slope: 2.0, intercept: -5.0, unit: "HU".to_owned() };
        image.padding = Some(PixelPadding { value: -2000.0, limit: -2000.0 });
    });
    assert_eq!(draw(&native(&frame)).values.unwrap(), [-4005.0, 15.0]);
    assert!(frame.is_padding(0, 0) && !frame.is_padding(1, 0));
}

#[test]
fn a_broken_rescale_is_shown_without_values() {
    let frame = made::grey(3, 1, Samples::U16(vec![100, 200, 300]), |image| {
        image.frames[0].modality = ModalityTransform::Broken;
        image.frames[0].voi = vec![made::voi(-500.0, 10.0)];
    });
    let picture = draw(&native(&frame));
    assert_eq!(reds(&picture), [0, 128, 255]);
    assert_eq!((picture.values, frame.modality_value(0, 0)), (None, None));
}

#[test]
fn the_default_window_leaves_padding_and_nan_out() {
    let padded = made::grey(4, 1, Samples::I16(vec![-2000, 10, 20, 30]), |image| {
        image.padding = Some(PixelPadding { value: -2000.0, limit: -1900.0 });
    });
    assert_eq!(reds(&draw(&native(&padded))), [0, 0, 128, 255]);
    let float = made::grey(4, 1, Samples::F32(vec![f32::NAN, 0.25, 0.5, 0.75]), |_| {});
    let picture = draw(&native(&float));
    assert_eq!(reds(&picture), [0, 0, 128, 255]);
    let values = picture.values.unwrap();
    assert!(values[0].is_nan() && values[1..] == [0.25, 0.5, 0.75]);
}

#[test]
fn the_first_usable_voi_is_the_default() {
    let frame = made::grey(2, 1, Samples::U16(vec![0, 9]), |image| {
        image.frames[0].voi =
            vec![made::voi(10.0, 0.0), made::voi(f64::NAN, 5.0), made::voi(7.0, 11.0), made::voi(1.0, 2.0)];
    });
    let VoiCurve::Window(window) = frame.default_grey().voi else { panic!("a window") };
    assert_eq!((window.center(), window.width()), (7.0, 11.0));
}

#[test]
fn every_usable_voi_is_offered_by_its_name_in_the_order_given() {
    let named = |center: f64, width: f64, name: &str| Voi::Window {
        center,
        width,
        function: VoiFunction::Linear,
        explanation: name.to_owned(),
    };
    let frame = |modality: ModalityTransform| {
        made::grey(2, 1, Samples::U16(vec![0, 9]), |image| {
            image.frames[0].modality = modality;
            image.frames[0].voi = vec![
                named(40.0, 400.0, "MEDIASTINUM"),
                named(-600.0, 0.0, "BROKEN"),
                named(-600.0, 1500.0, "LUNG"),
            ];
        })
    };
    let names = |frame: &Frame| frame.presets().iter().map(|preset| preset.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&frame(ModalityTransform::Identity)), ["MEDIASTINUM", "LUNG"]);
    // Windows are in modality units: without those there is nothing to offer.
    assert_eq!(names(&frame(ModalityTransform::Broken)), [] as [&str; 0]);
}

#[test]
fn a_fitted_frame_keeps_its_true_aspect_and_is_centred() {
    let anisotropic = |image: &mut ImageModule| {
        image.frames[0].spacing = Some(PixelSpacing {
            between_rows_mm: 2.0,
            between_columns_mm: 1.0,
            source: SpacingSource::Patient,
        });
    };
    // 4 x 2 pixels of 1 x 2 mm are a square: in 8 x 4 it takes the 4 x 4 in the middle.
    let frame = made::grey(4, 2, Samples::U8(vec![255; 8]), anisotropic);
    let picture = fitted(&frame, 8, 4, Interpolation::Nearest);
    for row in reds(&picture).chunks_exact(8) {
        assert_eq!(row, [0, 0, 255, 255, 255, 255, 0, 0]);
    }
    assert_eq!(picture.values.unwrap().iter().filter(|value| value.is_nan()).count(), 16);
    let by_ratio = made::grey(4, 2, Samples::U8(vec![255; 8]), |image| image.pixel_aspect = Some((2, 1)));
    assert_eq!(
        reds(&fitted(&by_ratio, 8, 4, Interpolation::Nearest)),
        reds(&fitted(&frame, 8, 4, Interpolation::Nearest))
    );
}

#[test]
fn enlarged_pixels_are_blocks_or_blend_and_keep_their_area() {
    let frame = made::grey(2, 1, Samples::U8(vec![0, 200]), |_| {});
    assert_eq!(reds(&fitted(&frame, 8, 4, Interpolation::Nearest))[..8], [0, 0, 0, 0, 200, 200, 200, 200]);
    assert_eq!(reds(&fitted(&frame, 8, 4, Interpolation::Linear))[..8], [0, 0, 25, 75, 125, 175, 200, 200]);
}

#[test]
fn colours_come_out_as_the_standard_defines_them() {
    let drawn = |photometric: Photometric, samples: Samples, bits: u16, palette: Option<Palette>| {
        let mut image = made::module(2, 1, photometric, &samples);
        image.format.bits_stored = bits;
        image.palette = palette;
        draw(&native(&Arc::new(made::try_frame(&image, samples).unwrap()))).rgba
    };
    let rgb = drawn(Photometric::Rgb, Samples::U8(vec![1, 2, 3, 255, 128, 0]), 8, None);
    assert_eq!(rgb, [1, 2, 3, 255, 255, 128, 0, 255]);
    let wide = drawn(Photometric::Rgb, Samples::U16(vec![0, 2048, 4095, 4095, 0, 0]), 12, None);
    assert_eq!(wide, [0, 128, 255, 255, 255, 0, 0, 255]);
    // Pure red and mid grey, as CCIR 601 encodes them.
    let ybr = drawn(Photometric::YbrFull, Samples::U8(vec![76, 85, 255, 128, 128, 128]), 8, None);
    assert_eq!(ybr, [254, 0, 0, 255, 128, 128, 128, 255]);
    let table = |entries: [u16; 2]| LookupTable {
        first: 3,
        bits: 8,
        entries: entries.to_vec(),
        explanation: String::new(),
    };
    let palette = Palette { red: table([10, 20]), green: table([30, 40]), blue: table([50, 60]) };
    let indexed = drawn(Photometric::PaletteColor, Samples::U8(vec![0, 200]), 8, Some(palette));
    assert_eq!(indexed, [10, 30, 50, 255, 20, 40, 60, 255]);
}

#[test]
fn frames_that_cannot_be_shown_truly_are_refused() {
    let refused = |photometric: Photometric, samples: Samples| {
        let image = made::module(2, 1, photometric, &samples);
        made::try_frame(&image, samples).unwrap_err()
    };
    assert_eq!(
        refused(Photometric::Monochrome2, Samples::U8(vec![0; 3])),
        ImagingError::SampleCount { expected: 2, found: 3 }
    );
    assert_eq!(
        refused(Photometric::Rgb, Samples::U8(vec![0; 2])),
        ImagingError::SampleCount { expected: 6, found: 2 }
    );
    assert_eq!(refused(Photometric::PaletteColor, Samples::U8(vec![0; 2])), ImagingError::NoPalette);
    let other = refused(Photometric::Other("HSV".to_owned()), Samples::U8(vec![0; 6]));
    assert_eq!(other, ImagingError::UnsupportedPixels { what: "HSV as uint8".to_owned() });
    assert!(PictureSize::new(0, 5).is_err() && PictureSize::new(5, 16385).is_err());
}

#[test]
fn modality_and_voi_tables_apply_in_that_order() {
    let modality =
        LookupTable { first: 0, bits: 16, entries: vec![10, 11, 12, 13], explanation: "US".to_owned() };
    let voi = LookupTable { first: 11, bits: 10, entries: vec![0, 1023, 512], explanation: String::new() };
    let frame = made::grey(4, 1, Samples::U8(vec![0, 1, 2, 3]), |image| {
        image.frames[0].modality = ModalityTransform::Table(modality);
        image.frames[0].voi = vec![Voi::Table { table: voi, explanation: String::new() }];
    });
    let picture = draw(&native(&frame));
    assert_eq!(reds(&picture), [0, 0, 255, 128]);
    assert_eq!(picture.values.unwrap(), [10.0, 11.0, 12.0, 13.0]);
    assert_eq!(made::window(0.0, 1.0, VoiFunction::Linear).level(0.0), 255);
}

#[test]
fn a_colour_profile_that_cannot_be_used_leaves_the_colours_and_says_so() {
    let samples = Samples::U8((0..48).map(|n| n * 5).collect());
    let mut image = made::module(4, 4, Photometric::Rgb, &samples);
    for (profile, broken) in [(None, false), (Some(vec![1; 300]), true)] {
        image.display.icc_profile = profile.map(Into::into);
        let frame = made::try_frame(&image, samples.clone()).unwrap();
        assert_eq!((frame.is_profile_broken(), frame.samples()), (broken, &samples));
    }
}
