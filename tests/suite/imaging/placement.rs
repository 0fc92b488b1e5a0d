//! Turned, moved and enlarged: what lies where on screen, and which letters stand at its edges.

use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::instance::{PixelSpacing, PlanePosition, SpacingSource};
use dokuei::imaging::measure::{Provenance, Scale};
use dokuei::imaging::{
    EdgeLetters, Frame, FrameScene, FrameView, Interpolation, Magnification, Over, PictureSize, Placement,
    Plane, Scene, StandardPlane, draw,
};
use glam::{DVec2, DVec3};
use proptest::prelude::*;

use super::made::{self, Stack};

const PLANES: [StandardPlane; 3] = [StandardPlane::Axial, StandardPlane::Coronal, StandardPlane::Sagittal];

/// An axial image, patient's left on screen right, back below.
fn axial(columns: u32, rows: u32, between_columns_mm: f64, between_rows_mm: f64) -> Arc<Frame> {
    let samples = (0..columns * rows).map(|i| (i % 251) as u8).collect();
    made::grey(columns, rows, Samples::U8(samples), |image| {
        image.frames[0].plane = Some(PlanePosition {
            origin_mm: DVec3::new(1.0, 2.0, 3.0),
            row_direction: DVec3::X,
            column_direction: DVec3::Y,
        });
        let source = SpacingSource::Calibrated;
        image.frames[0].spacing = Some(PixelSpacing { between_rows_mm, between_columns_mm, source });
    })
}

fn placements() -> impl Strategy<Value = Placement> {
    let number = Magnification::LEAST..Magnification::MOST;
    let magnification =
        prop_oneof![number.clone().prop_map(Magnification::Fit), number.prop_map(Magnification::Native)];
    (magnification, -50.0..50.0_f64, -50.0..50.0_f64, 0..4_u8, any::<bool>()).prop_map(
        |(magnification, x, y, quarter_turns, mirrored)| Placement {
            magnification,
            pan: DVec2::new(x, y),
            quarter_turns,
            mirrored,
        },
    )
}

fn sizes() -> impl Strategy<Value = PictureSize> {
    (1..900_u32, 1..900_u32).prop_map(|(width, height)| PictureSize::new(width, height).unwrap())
}

#[test]
fn one_to_one_shows_the_stored_pixels_themselves_whatever_is_odd_or_even() {
    for (columns, rows, width, height) in
        [(5, 4, 8, 9), (4, 4, 9, 9), (6, 5, 6, 5), (9, 7, 4, 4), (5, 5, 10, 10)]
    {
        let frame = axial(columns, rows, 0.4, 0.4);
        for pan in [DVec2::ZERO, DVec2::new(0.33, -0.71)] {
            let placement =
                Placement { magnification: Magnification::Native(1.0), pan, ..Placement::default() };
            let view = FrameView::placed(&frame, PictureSize::new(width, height).unwrap(), &placement);
            let place = view.image_from_picture.translation;
            assert_eq!(place, place.round(), "{columns}x{rows} in {width}x{height}");
            let grey = made::window(128.0, 256.0, dokuei::dicom::instance::VoiFunction::Linear);
            let picture = draw(&Scene::Frame(FrameScene {
                frame: Arc::clone(&frame),
                view,
                interpolation: Interpolation::Linear,
                grey,
                over: Over::default(),
            }));
            for (i, value) in picture.values.unwrap().into_iter().enumerate() {
                let at = DVec2::new((i as u32 % width).into(), (i as u32 / width).into()) + place;
                let inside = at.cmpge(DVec2::ZERO).all() && at.x < columns.into() && at.y < rows.into();
                let stored = inside.then(|| frame.modality_value(at.x as u32, at.y as u32).unwrap() as f32);
                assert_eq!(stored, (!value.is_nan()).then_some(value), "pixel {i}");
            }
        }
    }
}

#[test]
fn a_turned_image_fits_by_its_turned_sides_and_keeps_its_aspect() {
    let frame = axial(200, 100, 1.0, 2.0);
    let size = PictureSize::new(300, 100).unwrap();
    let turned = FrameView::placed(&frame, size, &Placement::default().turned(1));
    let long = turned.point_on_picture(DVec2::new(200.0, 0.0)) - turned.point_on_picture(DVec2::ZERO);
    let short = turned.point_on_picture(DVec2::new(0.0, 100.0)) - turned.point_on_picture(DVec2::ZERO);
    // 200 mm either way into a picture of 100 pixels.
    assert!((long - DVec2::new(0.0, 100.0)).length() < 1e-9, "{long}");
    assert!((short - DVec2::new(-100.0, 0.0)).length() < 1e-9, "{short}");
}

#[test]
fn letters_turn_and_mirror_with_the_image() {
    let frame = axial(8, 8, 1.0, 1.0);
    let size = PictureSize::new(50, 60).unwrap();
    let letters = |placement: Placement| {
        let EdgeLetters { left, right, top, bottom } =
            FrameView::placed(&frame, size, &placement).edge_letters(&frame).unwrap();
        [left, right, top, bottom].concat()
    };
    let plain = Placement::default();
    assert_eq!(letters(plain), "RLAP");
    assert_eq!(letters(plain.turned(1)), "PARL", "what was at the top is on the right");
    assert_eq!(letters(plain.mirrored_left_right()), "LRAP");
    assert_eq!(letters(plain.turned(1).mirrored_top_bottom()), "PALR");
    let nowhere = made::grey(8, 8, Samples::U8(vec![0; 64]), |_| ());
    assert_eq!(FrameView::fit(&nowhere, size).edge_letters(&nowhere), None);

    let volume = Stack::axial().volume(made::ramp);
    for (plane, expected) in PLANES.into_iter().zip(["RLAP", "RLHF", "APHF"]) {
        let shown = Plane::placed(&volume, plane, None, size, &plain).unwrap();
        let EdgeLetters { left, right, top, bottom } = shown.edge_letters();
        assert_eq!([left, right, top, bottom].concat(), expected);
    }
}

#[test]
fn the_scale_is_that_of_the_screen_and_says_where_it_is_from() {
    let size = PictureSize::new(400, 400).unwrap();
    let samples = Samples::U8(vec![0; 100 * 50]);
    let spacing =
        PixelSpacing { between_rows_mm: 2.0, between_columns_mm: 1.0, source: SpacingSource::Detector };
    let mut image = made::module(100, 50, dokuei::dicom::pixel::Photometric::Monochrome2, &samples);
    image.frames[0].spacing = Some(spacing);
    let frame = made::try_frame(&image, samples).unwrap();
    let scale = Scale::of(&image, 0, &[]);
    assert_eq!(scale.provenance(), Provenance::Spacing(SpacingSource::Detector));
    for turns in 0..4 {
        let view = FrameView::placed(&frame, size, &Placement::default().turned(turns));
        let mm = view.mm_per_pixel(&scale).unwrap();
        assert!((mm - 0.25).abs() < 1e-12, "100 mm over 400 pixels: {mm}");
    }
    image.frames[0].spacing = None;
    let unknown = Scale::of(&image, 0, &[]);
    assert_eq!(FrameView::fit(&frame, size).mm_per_pixel(&unknown), None);
}

#[test]
fn an_axial_plane_at_one_to_one_samples_stored_pixels() {
    let stack = Stack { between_rows_mm: 0.7, ..Stack::axial() };
    let volume = stack.volume(made::noise(3000));
    for (width, height) in [(40, 40), (41, 40), (23, 17)] {
        let placement = Placement {
            magnification: Magnification::Native(1.0),
            pan: DVec2::new(0.2, 0.3),
            ..Placement::default()
        };
        let size = PictureSize::new(width, height).unwrap();
        let plane = Plane::placed(&volume, StandardPlane::Axial, None, size, &placement).unwrap();
        let index = volume.grid_from_patient().transform_point3(plane.origin_mm);
        assert!((index - index.round()).length() < 1e-9, "{index}");
    }
}

proptest! {
    #[test]
    fn a_point_goes_to_the_picture_and_back(
        placement in placements(), size in sizes(), x in -20.0..60.0_f64, y in -20.0..60.0_f64,
    ) {
        let view = FrameView::placed(&axial(40, 30, 0.5, 0.8), size, &placement);
        let point = DVec2::new(x, y);
        prop_assert!((view.point_in_image(view.point_on_picture(point)) - point).length() < 1e-8);
        let volume = Stack::oblique().volume(made::ramp);
        let plane = Plane::placed(&volume, StandardPlane::Coronal, None, size, &placement).unwrap();
        prop_assert!((plane.point_on_picture(plane.point_in_patient(point)) - point).length() < 1e-8);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_mouse(
        placement in placements(), size in sizes(), x in 0.0..900.0_f64, y in 0.0..900.0_f64,
        factor in 0.1..9.0_f64,
    ) {
        let frame = axial(40, 30, 0.5, 0.8);
        let (Magnification::Fit(number) | Magnification::Native(number)) = placement.magnification;
        // At the bound a whole native size may come out, which lies on whole pixels.
        prop_assume!(number * factor < Magnification::MOST);
        let mouse = DVec2::new(x, y);
        let before = FrameView::placed(&frame, size, &placement);
        let zoomed = placement.zoomed(factor, before.units_from_middle(&frame, mouse));
        let after = FrameView::placed(&frame, size, &zoomed);
        prop_assert!((after.point_in_image(mouse) - before.point_in_image(mouse)).length() < 1e-6);
        let volume = Stack::axial().volume(made::ramp);
        for plane in PLANES {
            let before = Plane::placed(&volume, plane, None, size, &placement).unwrap();
            let anchor = before.units_from_middle(plane, mouse).unwrap();
            let after = Plane::placed(&volume, plane, None, size, &placement.zoomed(factor, anchor)).unwrap();
            prop_assert!((after.point_in_patient(mouse) - before.point_in_patient(mouse)).length() < 1e-6);
        }
    }

    #[test]
    fn a_drag_takes_what_is_shown_along(
        placement in placements(), size in sizes(), x in -90.0..90.0_f64, y in -90.0..90.0_f64,
    ) {
        let frame = axial(40, 30, 0.5, 0.8);
        let (drag, point) = (DVec2::new(x, y), DVec2::new(11.0, 7.0));
        let before = FrameView::placed(&frame, size, &placement);
        let dragged = placement.moved(before.units_from_picture(&frame) * drag);
        let after = FrameView::placed(&frame, size, &dragged);
        let way = after.point_on_picture(point) - before.point_on_picture(point);
        prop_assert!((way - drag).length() < 1e-6, "{way}");
    }

    #[test]
    fn letters_name_the_directions_that_the_planes_show(placement in placements(), size in sizes()) {
        let volume = Stack::oblique().volume(made::ramp);
        let opposite = |letters: &str| -> String {
            letters.chars().map(|c| match c {
                'L' => 'R', 'R' => 'L', 'A' => 'P', 'P' => 'A', 'H' => 'F', _ => 'H',
            }).collect()
        };
        for plane in PLANES {
            let shown = Plane::placed(&volume, plane, None, size, &placement).unwrap();
            let letters = shown.edge_letters();
            prop_assert_eq!(&letters.left, &opposite(&letters.right));
            prop_assert_eq!(&letters.top, &opposite(&letters.bottom));
            // A way to the patient's left on screen leads to the edge that says L.
            let way = shown.point_on_picture(DVec3::X) - shown.point_on_picture(DVec3::ZERO);
            prop_assert_eq!(letters.right == "L", way.x > 0.0 && way.x > way.y.abs());
            prop_assert_eq!(letters.bottom == "L", way.y > 0.0 && way.y > way.x.abs());
        }
    }
}
