use glam::DVec2;
use proptest::prelude::*;

use super::*;
use crate::dicom::instance::{
    FrameAttributes, ImageModule, PixelSpacing, Series, SpacingSource, Study, UltrasoundRegion,
};
use crate::dicom::pixel::Photometric;
use crate::dicom::{Phi, PixelFormat, Uid};

fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

/// A grey image of that size with that spacing (rows, columns).
fn image(columns: u32, rows: u32, spacing: Option<(f64, f64)>) -> Instance {
    let spacing = spacing.map(|(between_rows_mm, between_columns_mm)| PixelSpacing {
        between_rows_mm,
        between_columns_mm,
        source: SpacingSource::Patient,
    });
    Instance {
        sop_class: uid("1.2.840.10008.5.1.4.1.1.2"),
        sop_instance: uid("2.25.1"),
        transfer_syntax: None,
        charset: Vec::new(),
        patient: Default::default(),
        study: Study {
            uid: uid("2.25.2"),
            date: String::new(),
            time: String::new(),
            id: Phi::default(),
            accession: Phi::default(),
            description: String::new(),
            referring_physician: Phi::default(),
        },
        series: Series {
            uid: uid("2.25.3"),
            modality: "CT".into(),
            number: None,
            description: String::new(),
            body_part: String::new(),
            frame_of_reference: None,
        },
        instance_number: None,
        document: None,
        text_damaged: false,
        image: Some(ImageModule {
            format: PixelFormat {
                rows,
                columns,
                frames: 1,
                samples_per_pixel: 1,
                bits_allocated: 16,
                bits_stored: 16,
                high_bit: 15,
                signed: true,
                photometric: Photometric::Monochrome2,
                planar: false,
                float: false,
            },
            image_type: Vec::new(),
            frames: vec![FrameAttributes {
                spacing,
                modality: ModalityTransform::Rescale { slope: 1.0, intercept: 0.0, unit: String::new() },
                ..FrameAttributes::default()
            }],
            palette: None,
            display: crate::dicom::display::DisplayAttributes::default(),
            padding: None,
            presentation_inverse: false,
            lossy: None,
            burned_in: false,
            ultrasound_regions: Vec::new(),
            pixel_aspect: None,
            patient_orientation: None,
            laterality: String::new(),
            view_position: String::new(),
            stack_discriminators: Vec::new(),
        }),
    }
}

fn points(pairs: &[(f64, f64)]) -> Vec<DVec2> {
    pairs.iter().map(|&(x, y)| DVec2::new(x, y)).collect()
}

fn shape(kind: Kind, pairs: &[(f64, f64)]) -> Shape {
    Shape::from_points(kind, &points(pairs)).unwrap()
}

/// A value that differs in every pixel.
fn ramp(column: u32, row: u32) -> Option<f64> {
    Some(f64::from(column) * 3.0 - f64::from(row) * 7.0)
}

fn first(kind: Kind, pairs: &[(f64, f64)], instance: &Instance) -> Measured {
    measure(&shape(kind, pairs), instance, 0, &ramp).unwrap().remove(0)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

#[test]
fn a_length_across_unequal_spacing_is_measured_in_millimetre_space() {
    // 3 columns of 2 mm and 8 rows of 1 mm: 6-8-10.
    let measured = first(Kind::Length, &[(10.5, 10.5), (13.5, 18.5)], &image(64, 64, Some((1.0, 2.0))));
    assert!(close(measured.value, 10.0), "{measured:?}");
    assert_eq!(measured.unit, Unit::Millimetre);
    assert_eq!(measured.provenance, Provenance::Spacing(SpacingSource::Patient));
}

#[test]
fn without_calibration_there_are_no_millimetres() {
    let bare = image(64, 64, None);
    let length = first(Kind::Length, &[(0.0, 0.0), (3.0, 4.0)], &bare);
    assert_eq!((length.value, length.unit, length.provenance), (5.0, Unit::Pixel, Provenance::Uncalibrated));
    let area = first(Kind::Rectangle, &[(0.0, 0.0), (3.0, 4.0)], &bare);
    assert_eq!((area.value, area.unit), (12.0, Unit::SquarePixel));
    for broken in [(0.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0)] {
        let length = first(Kind::Length, &[(0.0, 0.0), (3.0, 4.0)], &image(64, 64, Some(broken)));
        assert_eq!(length.unit, Unit::Pixel, "{broken:?}");
    }
}

#[test]
fn the_longer_line_is_the_long_axis_in_millimetres_not_in_pixels() {
    // The second line has fewer pixels but more millimetres.
    let lines = [(10.0, 10.0), (20.0, 10.0), (15.0, 12.0), (15.0, 20.0)];
    let values =
        measure(&shape(Kind::Bidirectional, &lines), &image(64, 64, Some((2.0, 1.0))), 0, &ramp).unwrap();
    let pairs: Vec<_> = values.iter().map(|m| (m.quantity, m.value)).collect();
    assert_eq!(pairs, [(Quantity::LongAxis, 16.0), (Quantity::ShortAxis, 10.0)]);
}

#[test]
fn angles_are_those_of_the_patient_plane() {
    let square = image(64, 64, Some((1.0, 1.0)));
    let flat = image(64, 64, Some((2.0, 1.0)));
    let right_in_pixels = [(20.0, 10.0), (10.0, 10.0), (20.0, 20.0)];
    assert!(close(first(Kind::Angle, &right_in_pixels, &square).value, 45.0));
    assert!(close(first(Kind::Angle, &right_in_pixels, &flat).value, 2.0_f64.atan().to_degrees()));
    let straight = [(0.0, 0.0), (10.0, 10.0), (20.0, 20.0)];
    assert!(close(first(Kind::Angle, &straight, &square).value, 180.0));
    // Between two lines the drawing direction does not matter.
    let line = [(0.0, 0.0), (10.0, 0.0), (0.0, 20.0), (10.0, 30.0)];
    let turned = [(0.0, 0.0), (10.0, 0.0), (10.0, 30.0), (0.0, 20.0)];
    assert!(close(first(Kind::Angle, &line, &square).value, 45.0));
    assert!(close(first(Kind::Angle, &turned, &square).value, 45.0));
    // Pixels of unknown size but known shape still have true angles.
    let mut aspect = image(64, 64, None);
    aspect.image.as_mut().unwrap().pixel_aspect = Some((2, 1));
    assert!(close(first(Kind::Angle, &right_in_pixels, &aspect).value, 2.0_f64.atan().to_degrees()));
}

#[test]
fn ultrasound_millimetres_hold_inside_one_region_of_tissue_only() {
    let mut us = image(200, 100, None);
    let region = |bounds, data_type| UltrasoundRegion { bounds, data_type, delta_cm: Some((0.05, -0.1)) };
    us.image.as_mut().unwrap().ultrasound_regions =
        vec![region([0, 0, 99, 99], 1), region([100, 0, 199, 99], 3)];
    let inside = first(Kind::Length, &[(10.0, 10.0), (16.0, 14.0)], &us);
    assert!(close(inside.value, 5.0), "{inside:?}"); // 6 x 0.5 mm and 4 x 1 mm
    assert_eq!((inside.unit, inside.provenance), (Unit::Millimetre, Provenance::UltrasoundRegion));
    for outside in [[(90.0, 10.0), (110.0, 10.0)], [(110.0, 10.0), (116.0, 14.0)]] {
        let measured = first(Kind::Length, &outside, &us);
        assert_eq!((measured.unit, measured.provenance), (Unit::Pixel, Provenance::Uncalibrated));
    }
}

#[test]
fn hounsfield_units_are_said_only_where_the_object_says_them() {
    let unit_of = |instance: &Instance| {
        measure(&shape(Kind::Point, &[(3.5, 2.5)]), instance, 0, &ramp).map(|mut v| v.remove(0).unit)
    };
    let mut instance = image(8, 8, None);
    assert_eq!(unit_of(&instance), Ok(Unit::Hounsfield), "CT Image without Rescale Type");
    instance.image.as_mut().unwrap().image_type =
        vec!["ORIGINAL".into(), "PRIMARY".into(), "LOCALIZER".into()];
    assert_eq!(unit_of(&instance), Ok(Unit::Modality(String::new())), "a scout view");
    instance.image.as_mut().unwrap().image_type.clear();
    instance.sop_class = uid("1.2.840.10008.5.1.4.1.1.4");
    assert_eq!(unit_of(&instance), Ok(Unit::Modality(String::new())), "MR");
    let set =
        |instance: &mut Instance, transform| instance.image.as_mut().unwrap().frames[0].modality = transform;
    set(&mut instance, ModalityTransform::Rescale { slope: 1.0, intercept: 0.0, unit: "OD".into() });
    assert_eq!(unit_of(&instance), Ok(Unit::Modality("OD".into())));
    set(&mut instance, ModalityTransform::Broken);
    assert_eq!(unit_of(&instance), Err(MeasureError::NoValue));
    let mut colour = image(8, 8, None);
    colour.image.as_mut().unwrap().format.photometric = Photometric::Rgb;
    assert_eq!(unit_of(&colour), Err(MeasureError::NoValue));
}

#[test]
fn a_point_reads_the_pixel_it_lies_in_and_padding_has_no_value() {
    let instance = image(8, 8, None);
    let value = |x, y| first(Kind::Point, &[(x, y)], &instance).value;
    assert_eq!(value(0.0, 0.0), 0.0);
    assert_eq!(value(3.99, 2.01), 3.0 * 3.0 - 2.0 * 7.0);
    assert_eq!(value(8.0, 8.0), 7.0 * 3.0 - 7.0 * 7.0, "the outer edge belongs to the last pixel");
    let padding = |_: u32, _: u32| None;
    let point = shape(Kind::Point, &[(1.0, 1.0)]);
    assert_eq!(measure(&point, &instance, 0, &padding), Err(MeasureError::NoValue));
    let roi = measure(&shape(Kind::Rectangle, &[(1.0, 1.0), (4.0, 4.0)]), &instance, 0, &padding).unwrap();
    assert_eq!(roi.len(), 1, "an area, and no statistics of nothing");
}

#[test]
fn shapes_that_are_none_are_refused() {
    use MeasureError as E;
    let refused = |kind, pairs: &[(f64, f64)]| Shape::from_points(kind, &points(pairs)).unwrap_err();
    assert_eq!(refused(Kind::Length, &[(0.0, 0.0)]), E::PointCount { given: 1 });
    assert_eq!(refused(Kind::Length, &[(1.0, 1.0), (1.0, 1.0)]), E::NoArea);
    assert_eq!(refused(Kind::Length, &[(1.0, f64::NAN), (1.0, 1.0)]), E::NotFinite);
    assert_eq!(refused(Kind::Angle, &[(1.0, 1.0), (1.0, 1.0), (2.0, 2.0)]), E::NoArea);
    assert_eq!(refused(Kind::Polygon, &[(0.0, 0.0), (1.0, 0.0), (0.0, 0.0)]), E::PointCount { given: 3 });
    assert_eq!(refused(Kind::Polygon, &[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]), E::Crosses);
    assert_eq!(refused(Kind::Polygon, &[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]), E::NoArea);
    assert_eq!(refused(Kind::Rectangle, &[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]), E::NotARectangle);
    assert_eq!(refused(Kind::Rectangle, &[(2.0, 2.0), (2.0, 9.0)]), E::NoArea);
    assert_eq!(refused(Kind::Ellipse, &[(0.0, 5.0), (10.0, 5.0), (9.0, 0.0), (9.0, 9.0)]), E::AxesApart);
    assert_eq!(refused(Kind::Ellipse, &[(0.0, 5.0), (10.0, 5.0), (3.0, 5.0), (7.0, 5.0)]), E::NoArea);
    let instance = image(8, 8, None);
    let outside = shape(Kind::Length, &[(-0.1, 0.0), (1.0, 1.0)]);
    assert_eq!(measure(&outside, &instance, 0, &ramp), Err(E::OutsideImage));
    let line = shape(Kind::Length, &[(0.0, 0.0), (1.0, 1.0)]);
    assert_eq!(measure(&line, &instance, 1, &ramp), Err(E::NoSuchFrame { frame: 1, frames: 1 }));
}

#[test]
fn an_ellipse_given_by_any_two_conjugate_diameters_has_the_same_principal_axes() {
    let (centre, u, v) = (DVec2::splat(50.0), DVec2::new(12.0, 5.0), DVec2::new(-2.5, 6.0));
    for turn in [0.0, 0.4, 1.1, 2.0] {
        let (s, c) = f64::sin_cos(turn);
        let (p, q) = (u * c + v * s, v * c - u * s);
        let [a, b, c, d] = principal_axes([centre - p, centre + p, centre - q, centre + q]);
        assert!(close((b - a).length(), 26.0) && close((d - c).length(), 13.0), "{turn}: {a} {b} {c} {d}");
        assert!(close((b - a).dot(d - c), 0.0));
        assert!(close((a + b).distance(c + d), 0.0));
    }
}

#[test]
fn rectangles_side_by_side_share_no_pixel_and_miss_none() {
    let instance = image(16, 16, None);
    let count = |pairs: &[(f64, f64)]| {
        let values = measure(&shape(Kind::Rectangle, pairs), &instance, 0, &ramp).unwrap();
        values.iter().find(|m| m.quantity == Quantity::PixelCount).map_or(0.0, |m| m.value)
    };
    // The shared edge runs through pixel centres.
    assert_eq!(count(&[(0.0, 0.0), (7.5, 16.0)]) + count(&[(7.5, 0.0), (16.0, 16.0)]), 256.0);
    assert_eq!(count(&[(0.0, 0.0), (16.0, 7.5)]) + count(&[(0.0, 7.5), (16.0, 16.0)]), 256.0);
    assert_eq!(count(&[(0.0, 0.0), (16.0, 16.0)]), 256.0);
}

/// Independent membership: an angle-sum winding number for polygons, the implicit equation for ellipses.
fn inside_by_winding(vertices: &[DVec2], p: DVec2) -> bool {
    let turn: f64 =
        (0..vertices.len()).map(|i| (vertices[i] - p).angle_to(vertices[(i + 1) % vertices.len()] - p)).sum();
    turn.abs() > 3.0
}

fn rotated(points: &[DVec2], angle: f64, about: DVec2) -> Vec<DVec2> {
    points.iter().map(|p| about + DVec2::from_angle(angle).rotate(*p - about)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn turning_and_moving_a_drawing_changes_no_length_angle_or_area(
        angle in 0.0..std::f64::consts::TAU, dx in -40.0..40.0, dy in -40.0..40.0, scale in 0.2..3.0,
    ) {
        let about = DVec2::new(128.0, 128.0);
        let instance = image(256, 256, Some((0.7, 0.7)));
        let drawings: [(Kind, &[(f64, f64)]); 6] = [
            (Kind::Length, &[(120.0, 120.0), (135.0, 131.0)]),
            (Kind::Bidirectional, &[(120.0, 120.0), (135.0, 131.0), (125.0, 130.0), (130.0, 122.0)]),
            (Kind::Angle, &[(120.0, 120.0), (131.0, 131.0), (135.0, 121.0)]),
            (Kind::Ellipse, &[(115.0, 128.0), (141.0, 128.0), (128.0, 120.0), (128.0, 136.0)]),
            (Kind::Rectangle, &[(120.0, 118.0), (133.0, 131.0)]),
            (Kind::Polygon, &[(120.0, 120.0), (130.0, 118.0), (135.0, 130.0), (124.0, 134.0)]),
        ];
        for (kind, pairs) in drawings {
            let still = Shape::from_points(kind, &points(pairs)).unwrap();
            let moved: Vec<_> = rotated(&still.points(), angle, about).iter()
                .map(|p| (*p - about) * scale + about + DVec2::new(dx, dy)).collect();
            let moved = Shape::from_points(kind, &moved).unwrap();
            let (a, b) = (
                measure(&still, &instance, 0, &ramp).unwrap().remove(0),
                measure(&moved, &instance, 0, &ramp).unwrap().remove(0),
            );
            let expected = match a.unit {
                Unit::Degree => a.value,
                Unit::SquareMillimetre => a.value * scale * scale,
                _ => a.value * scale,
            };
            prop_assert!((b.value - expected).abs() < 1e-6 * (1.0 + expected), "{kind:?}: {expected} {}", b.value);
        }
    }

    #[test]
    fn counting_pixels_approaches_the_area_of_the_outline(
        cx in 90.0..110.0_f64, cy in 90.0..110.0_f64, a in 20.0..60.0_f64, b in 15.0..40.0_f64, angle in 0.0..3.2_f64,
    ) {
        let instance = image(200, 200, Some((1.0, 1.0)));
        let (u, v): (DVec2, DVec2) = (DVec2::from_angle(angle) * a, DVec2::from_angle(angle).perp() * b);
        let c = DVec2::new(cx, cy);
        let around = |points: &[DVec2]| points.iter().map(|p| c + *p).collect::<Vec<_>>();
        for (kind, outline) in [
            (Kind::Ellipse, around(&[-u, u, -v, v])),
            (Kind::Rectangle, around(&[-u - v, u - v, u + v, v - u])),
            (Kind::Polygon, around(&[-u, -v, u, v])),
        ] {
            let inside = outline.iter().all(|p| p.cmpge(DVec2::ZERO).all() && p.cmple(DVec2::splat(200.0)).all());
            prop_assume!(inside);
            let values = measure(&Shape::from_points(kind, &outline).unwrap(), &instance, 0, &ramp).unwrap();
            let (area, count) = (values[0].value, values[5].value);
            // Gauss: the miss is bounded by the perimeter.
            let perimeter = 2.0 * std::f64::consts::PI * a.max(b) * 1.5;
            prop_assert!((area - count).abs() < 0.5 * perimeter, "{kind:?}: {area} {count}");
            prop_assert!((area - count).abs() / area < 0.05, "{kind:?}: {area} {count}");
        }
    }

    #[test]
    fn statistics_are_those_of_a_brute_force_over_every_pixel(
        raw in prop::collection::vec((1.0..39.0_f64, 1.0..39.0_f64), 3),
        seed in 0_u32..1000,
    ) {
        let triangle: Vec<_> = raw.iter().map(|&(x, y)| DVec2::new(x, y)).collect();
        let Ok(shape) = Shape::from_points(Kind::Polygon, &triangle) else { return Ok(()) };
        let value = |c: u32, r: u32| {
            let mixed = (c * 7919 + r * 104_729 + seed).wrapping_mul(2_654_435_761) >> 20;
            (!mixed.is_multiple_of(11)).then(|| f64::from(mixed) - 2000.0)
        };
        let values = measure(&shape, &image(40, 40, None), 0, &value).unwrap();
        let brute: Vec<f64> = (0..40).flat_map(|r| (0..40).map(move |c| (c, r)))
            .filter(|&(c, r)| inside_by_winding(&triangle, DVec2::new(f64::from(c) + 0.5, f64::from(r) + 0.5)))
            .filter_map(|(c, r)| value(c, r)).collect();
        if brute.is_empty() {
            prop_assert_eq!(values.len(), 1);
        } else {
            let n = brute.len() as f64;
            let mean = brute.iter().sum::<f64>() / n;
            let sd = (brute.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
            let expected = [mean, sd, brute.iter().copied().fold(f64::INFINITY, f64::min),
                brute.iter().copied().fold(f64::NEG_INFINITY, f64::max), n];
            for (got, wanted) in values[1..].iter().zip(expected) {
                prop_assert!((got.value - wanted).abs() < 1e-6, "{:?} {wanted}", got);
            }
        }
    }
}
