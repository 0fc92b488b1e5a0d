//! Volumes: what is one, what is refused and why, and what lies between voxels.

use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::instance::{LookupTable, ModalityTransform, PixelPadding};
use dokuei::dicom::pixel::Photometric;
use dokuei::imaging::{Frame, ImagingError, Interpolation, Volume, sample_volume};
use glam::DVec3;
use proptest::prelude::*;

use super::made::{self, Stack, ramp, ramp_at};

fn stacks() -> [Stack; 4] {
    [Stack::axial(), Stack::tilted(), Stack::oblique(), Stack::pet()]
}

#[test]
fn index_and_patient_agree_with_the_slices_for_straight_tilted_and_oblique_stacks() {
    for stack in stacks() {
        let volume = stack.volume(ramp);
        for index in [DVec3::ZERO, DVec3::new(22.0, 0.0, 0.0), DVec3::new(4.5, 16.0, 7.25)] {
            let patient = stack.patient(index);
            assert!(volume.patient_from_grid().transform_point3(index).distance(patient) < 1e-9);
            assert!(volume.grid_from_patient().transform_point3(patient).distance(index) < 1e-9);
        }
    }
}

#[test]
fn spacing_of_a_tilted_stack_is_along_the_normal() {
    let spacing_mm = Stack::tilted().volume(ramp).spacing_mm();
    let expected = DVec3::new(0.7, 0.9, 2.5 * 18.5_f64.to_radians().cos());
    assert!(spacing_mm.distance(expected) < 1e-12, "{spacing_mm}");
}

#[test]
fn each_slice_keeps_its_own_rescale_as_pet_needs() {
    let stack = Stack::pet();
    let volume = stack.volume(|_, _, _| 1000);
    let value = |z: f64| sample_volume(&volume, DVec3::new(3.0, 3.0, z), Interpolation::Linear).unwrap();
    for k in 0..11 {
        assert_eq!(value(f64::from(k)), stack.rescale(k).0 * 1000.0);
    }
    let between = (stack.rescale(4).0 + stack.rescale(5).0) / 2.0 * 1000.0;
    assert!((value(4.5) - between).abs() < 1e-9);
}

#[test]
fn nothing_is_made_up_outside_the_voxel_centres() {
    let volume = Stack::axial().volume(ramp);
    let at = |x, y, z| sample_volume(&volume, DVec3::new(x, y, z), Interpolation::Linear);
    assert_eq!(at(22.0, 16.0, 10.0), Some(f64::from(ramp(22, 16, 10)) - 1024.0));
    assert_eq!(at(-1e-9, 0.0, 0.0), Some(f64::from(ramp(0, 0, 0)) - 1024.0));
    for outside in [
        at(-0.001, 0.0, 0.0),
        at(22.001, 0.0, 0.0),
        at(0.0, 16.4, 0.0),
        at(0.0, 0.0, 10.01),
        at(f64::NAN, 0.0, 0.0),
    ] {
        assert_eq!(outside, None);
    }
}

#[test]
fn nearest_takes_the_closest_voxel_and_halves_go_up() {
    let volume = Stack::axial().volume(ramp);
    let at = |x, y, z| sample_volume(&volume, DVec3::new(x, y, z), Interpolation::Nearest).unwrap();
    for (index, voxel) in
        [((3.4, 2.6, 1.0), (3, 3, 1)), ((3.5, 2.5, 9.5), (4, 3, 10)), ((22.0, 16.0, 10.0), (22, 16, 10))]
    {
        assert_eq!(at(index.0, index.1, index.2), f64::from(ramp(voxel.0, voxel.1, voxel.2)) - 1024.0);
    }
}

#[test]
fn modality_tables_and_eight_bit_slices_make_volumes_too() {
    let table =
        LookupTable { first: 2, bits: 16, entries: vec![100, 300, 60000], explanation: "OD".to_owned() };
    let base = Stack { signed: true, ..Stack::axial() }.frames(|_, _, k| k);
    let with_table: Vec<_> = base
        .iter()
        .map(|frame| remade(frame, |image| image.modality = ModalityTransform::Table(table.clone())))
        .collect();
    let volume = Volume::from_slices(&with_table).unwrap();
    let value = |volume: &Volume, z| sample_volume(volume, DVec3::new(1.0, 1.0, z), Interpolation::Linear);
    assert_eq!(
        [value(&volume, 0.0), value(&volume, 3.0), value(&volume, 4.0), value(&volume, 9.0)],
        [100.0, 300.0, 60000.0, 60000.0].map(Some)
    );
    assert_eq!(volume.unit(), "OD");

    let narrow: Vec<_> =
        (0..3).map(|k| resampled(&base[k], Samples::I8(vec![-5 + k as i8; 23 * 17]))).collect();
    let volume = Volume::from_slices(&narrow).unwrap();
    assert_eq!(value(&volume, 1.5), Some(-1024.0 - 3.5));
}

/// The same frame with other attributes.
fn remade(
    frame: &Arc<Frame>,
    change: impl FnOnce(&mut dokuei::dicom::instance::FrameAttributes),
) -> Arc<Frame> {
    let mut attributes = frame.attributes().clone();
    change(&mut attributes);
    made::grey(frame.columns(), frame.rows(), frame.samples().clone(), |image| {
        image.frames = vec![attributes];
    })
}

/// The same frame with other samples.
fn resampled(frame: &Arc<Frame>, samples: Samples) -> Arc<Frame> {
    let attributes = frame.attributes().clone();
    made::grey(frame.columns(), frame.rows(), samples, |image| image.frames = vec![attributes])
}

type Change = fn(&mut Vec<Arc<Frame>>);

#[test]
fn what_is_no_stack_is_refused_and_the_slice_named() {
    use ImagingError as E;
    let cases: &[(&str, Change, E)] = &[
        ("no slices", |s| s.clear(), E::TooFewSlices { slices: 0 }),
        ("one slice", |s| s.truncate(1), E::TooFewSlices { slices: 1 }),
        ("no position", |s| s[3] = remade(&s[3], |a| a.plane = None), E::GeometryUnknown { slice: 3 }),
        ("no spacing", |s| s[0] = remade(&s[0], |a| a.spacing = None), E::GeometryUnknown { slice: 0 }),
        (
            "NaN position",
            |s| s[2] = remade(&s[2], |a| a.plane.as_mut().unwrap().origin_mm.y = f64::NAN),
            E::GeometryUnknown { slice: 2 },
        ),
        (
            "zero direction",
            |s| s[2] = remade(&s[2], |a| a.plane.as_mut().unwrap().row_direction = DVec3::ZERO),
            E::GeometryUnknown { slice: 2 },
        ),
        (
            "turned slice",
            |s| {
                s[5] = remade(&s[5], |a| {
                    a.plane.as_mut().unwrap().row_direction = DVec3::new(0.999_98, 0.006, 0.0);
                });
            },
            E::OrientationDiffers { slice: 5 },
        ),
        (
            "other spacing",
            |s| s[4] = remade(&s[4], |a| a.spacing.as_mut().unwrap().between_rows_mm = 0.91),
            E::PixelSpacingDiffers { slice: 4 },
        ),
        (
            "broken rescale",
            |s| s[6] = remade(&s[6], |a| a.modality = ModalityTransform::Broken),
            E::RescaleUnusable { slice: 6 },
        ),
        (
            "other unit",
            |s| s[1] = remade(&s[1], |a| a.modality = ModalityTransform::Identity),
            E::UnitDiffers { slice: 1 },
        ),
        (
            "other sign",
            |s| s[7] = resampled(&s[7], Samples::U16(vec![0; 23 * 17])),
            E::UnsupportedVoxels { slice: 7 },
        ),
        (
            "wide samples",
            |s| s[0] = resampled(&s[0], Samples::I32(vec![0; 23 * 17])),
            E::UnsupportedVoxels { slice: 0 },
        ),
        (
            "other size",
            |s| {
                let attributes = s[2].attributes().clone();
                s[2] = made::grey(17, 23, s[2].samples().clone(), |image| image.frames = vec![attributes]);
            },
            E::SizeDiffers { slice: 2 },
        ),
        (
            "colour",
            |s| {
                let samples = Samples::U8(vec![0; 3 * 23 * 17]);
                let mut image = made::module(23, 17, Photometric::Rgb, &samples);
                image.frames = vec![s[8].attributes().clone()];
                s[8] = Arc::new(made::try_frame(&image, samples).unwrap());
            },
            E::NotMonochrome { slice: 8 },
        ),
        ("all in one plane", |s| *s = vec![s[0].clone(); 4], E::NoDepth),
        (
            "shifted within their plane",
            |s| {
                for (k, frame) in s.iter_mut().enumerate() {
                    *frame = remade(frame, |a| a.plane.as_mut().unwrap().origin_mm = DVec3::X * k as f64);
                }
            },
            E::NoDepth,
        ),
    ];
    for (name, change, expected) in cases {
        let mut slices = Stack::axial().frames(ramp);
        change(&mut slices);
        assert_eq!(Volume::from_slices(&slices).unwrap_err(), *expected, "{name}");
    }
}

#[test]
fn a_doubled_slice_is_refused() {
    let mut slices = Stack::axial().frames(ramp);
    slices.insert(4, slices[4].clone());
    assert_eq!(Volume::from_slices(&slices).unwrap_err(), ImagingError::SlicesCoincide { slice: 4 });
}

/// Slices whose value is linear in the patient, each at a place of its own.
fn linear_in_patient(origins_mm: &[DVec3], thickness_mm: Option<f64>) -> Arc<Volume> {
    let stack = Stack { size: [23, 17, origins_mm.len() as u32], ..Stack::oblique() };
    let value = |at_mm: DVec3| at_mm.dot(GRADIENT) + 20_000.0;
    let slices: Vec<_> = stack
        .frames(|_, _, k| k)
        .iter()
        .zip(origins_mm)
        .map(|(frame, &origin_mm)| {
            let mut attributes = frame.attributes().clone();
            attributes.plane.as_mut().unwrap().origin_mm = origin_mm;
            attributes.thickness_mm = thickness_mm;
            attributes.modality = ModalityTransform::Identity;
            let pixel = |i: u32| {
                let (x, y) = (f64::from(i % 23), f64::from(i / 23));
                let across = stack.row_direction * stack.between_columns_mm * x;
                value(origin_mm + across + stack.column_direction * stack.between_rows_mm * y).round() as u16
            };
            let samples = Samples::U16((0..23 * 17).map(pixel).collect());
            made::grey(23, 17, samples, |image| image.frames = vec![attributes])
        })
        .collect();
    Arc::new(Volume::from_slices(&slices).unwrap())
}

/// Stored units a millimetre.
const GRADIENT: DVec3 = DVec3::new(110.0, -170.0, 90.0);

/// Slices with uneven steps that slide to and fro, as a gantry that is tilted and a table that is moved leave them.
fn uneven_mm() -> Vec<DVec3> {
    let stack = Stack::oblique();
    let normal = stack.slice_step_mm.normalize();
    let steps_mm = [3.0, 3.0, 1.5, 4.1, 3.9, 2.2, 3.0, 5.0, 1.0];
    let mut origins_mm = vec![stack.origin_mm];
    for (k, step_mm) in steps_mm.into_iter().enumerate() {
        let slide = stack.row_direction * 0.4 * (k as f64).sin() + stack.column_direction * 0.3;
        origins_mm.push(origins_mm[k] + normal * step_mm + slide);
    }
    origins_mm
}

proptest! {
    /// Slices are sampled where they truly lie: what is linear in the patient comes out, within rounding of the voxels.
    #[test]
    fn among_uneven_sliding_slices_a_ramp_in_the_patient_stays_one(
        x in 2.0..20.0_f64, y in 2.0..14.0_f64, z in 0.1..8.9_f64, head_first in proptest::bool::ANY,
    ) {
        let mut origins_mm = uneven_mm();
        if head_first {
            origins_mm.reverse();
        }
        let volume = linear_in_patient(&origins_mm, None);
        let at_mm = volume.patient_from_grid().transform_point3(DVec3::new(x, y, z));
        let index = volume.index(volume.grid_from_patient().transform_point3(at_mm)).unwrap();
        // Voxels are rounded to whole numbers, and slices slide by up to two pixels.
        let Some(found) = sample_volume(&volume, index, Interpolation::Linear) else {
            prop_assert!(!(4.0..=18.0).contains(&x) || !(4.0..=12.0).contains(&y));
            return Ok(());
        };
        let expected = at_mm.dot(GRADIENT) + 20_000.0;
        prop_assert!((found - expected).abs() < 0.51, "{found} for {expected}");
    }
}

#[test]
fn every_slice_lies_at_its_own_place_and_the_middle_of_a_cell_between_two() {
    let origins_mm = uneven_mm();
    let volume = linear_in_patient(&origins_mm, None);
    assert!(volume.places().is_some_and(|places| places.gaps() == 0));
    let index = |at_mm: DVec3| volume.index(volume.grid_from_patient().transform_point3(at_mm)).unwrap();
    for (k, &origin_mm) in origins_mm.iter().enumerate() {
        assert!(index(origin_mm).distance(DVec3::Z * k as f64) < 1e-9, "{k}: {}", index(origin_mm));
    }
    for (k, pair) in origins_mm.windows(2).enumerate() {
        let middle = DVec3::Z * (k as f64 + 0.5);
        assert!(index((pair[0] + pair[1]) / 2.0).distance(middle) < 1e-9, "{k}");
    }
}

#[test]
fn where_slices_are_missing_there_is_no_data_and_beside_it_there_is() {
    let stack = Stack::axial();
    let mut slices = stack.frames(ramp);
    slices.remove(5);
    let volume = Volume::from_slices(&slices).unwrap();
    assert_eq!(volume.places().map(|places| places.gaps()), Some(1));
    let value = |z: f64| {
        let at_mm = stack.patient(DVec3::new(3.0, 4.0, z));
        let index = volume.index(volume.grid_from_patient().transform_point3(at_mm))?;
        sample_volume(&volume, index, Interpolation::Linear)
    };
    for z in [4.001, 4.5, 5.0, 5.999] {
        assert_eq!(value(z), None, "{z}");
    }
    for z in [0.0, 3.5, 4.0, 6.0, 6.5, 10.0] {
        let expected = ramp_at(DVec3::new(3.0, 4.0, z)) - 1024.0;
        assert!(value(z).is_some_and(|found| (found - expected).abs() < 1e-6), "{z}: {:?}", value(z));
    }
}

#[test]
fn thick_slices_that_meet_leave_no_gap_where_the_spacing_changes() {
    let origins_mm: Vec<_> =
        [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 35.0, 45.0].map(|z| DVec3::new(0.0, 0.0, z)).to_vec();
    let normal = |volume: &Volume| volume.places().unwrap().gaps();
    let stack = Stack::oblique();
    let along = stack.slice_step_mm.normalize();
    let origins_mm: Vec<_> = origins_mm.iter().map(|at| along * at.z).collect();
    assert_eq!(normal(&linear_in_patient(&origins_mm, Some(10.0))), 0);
    assert_eq!(normal(&linear_in_patient(&origins_mm, Some(5.0))), 2);
    assert_eq!(normal(&linear_in_patient(&origins_mm, None)), 2);
}

#[test]
fn positions_rounded_to_two_decimals_still_make_a_volume() {
    let step_mm = 0.333_333;
    let stack = Stack { slice_step_mm: DVec3::Z * step_mm, ..Stack::axial() };
    let rounded: Vec<_> = stack
        .frames(ramp)
        .iter()
        .map(|frame| {
            remade(frame, |a| {
                a.plane.as_mut().unwrap().origin_mm.z =
                    (frame.attributes().plane.unwrap().origin_mm.z * 100.0).round() / 100.0;
            })
        })
        .collect();
    assert!(Volume::from_slices(&rounded).is_ok());
}

proptest! {
    /// Trilinear interpolation reproduces what is linear, whatever the geometry.
    #[test]
    fn between_voxels_a_ramp_stays_a_ramp(which in 0_usize..3, x in 0.0..22.0_f64, y in 0.0..16.0_f64, z in 0.0..10.0_f64) {
        let stack = &stacks()[which];
        let volume = stack.volume(ramp);
        let index = volume.grid_from_patient().transform_point3(stack.patient(DVec3::new(x, y, z)));
        let (slope, intercept) = stack.rescale(0);
        let expected = slope * ramp_at(DVec3::new(x, y, z)) + intercept;
        let found = sample_volume(&volume, index, Interpolation::Linear);
        prop_assert!(found.is_some_and(|found| (found - expected).abs() < 1e-6), "{found:?} for {expected}");
    }

    /// A sample lies between the lowest and the highest of the eight voxels around it.
    #[test]
    fn samples_of_noise_never_leave_the_range_of_their_neighbours(x in 0.0..22.0_f64, y in 0.0..16.0_f64, z in 0.0..10.0_f64) {
        let noise = made::noise(2000);
        let volume = Stack::axial().volume(&noise);
        let found = sample_volume(&volume, DVec3::new(x, y, z), Interpolation::Linear).unwrap();
        let corners = (0..8).map(|c| {
            let at = |p: f64, bit: i32, last: i32| (p.floor() as i32 + (c >> bit & 1)).min(last);
            f64::from(noise(at(x, 0, 22), at(y, 1, 16), at(z, 2, 10))) - 1024.0
        });
        let (low, high) = corners.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        prop_assert!(found >= low - 1e-9 && found <= high + 1e-9);
    }
}

/// PS3.3 C.7.5.1.1.2: what is no data has no part in a value, and where it is nearest there is none.
#[test]
fn padding_is_left_out_between_voxels_and_makes_nothing_up() {
    let padding = PixelPadding { value: -2000.0, limit: -2000.0 };
    // The first four columns are padding, as outside of a round field.
    let outside =
        |column: i32, row: i32, slice: i32| if column < 4 { -2000 } else { ramp(column, row, slice) };
    let stack = Stack { padding: Some(padding), ..Stack::axial() };
    let volume = stack.volume(outside);
    let at = |x: f64, y: f64, z: f64| sample_volume(&volume, DVec3::new(x, y, z), Interpolation::Linear);
    assert_eq!(volume.padding(), Some(padding));
    for (x, known) in [(2.0, false), (3.0, false), (3.49, false), (3.51, true), (4.0, true), (4.5, true)] {
        assert_eq!(at(x, 5.25, 3.5).is_some(), known, "{x}");
    }
    // Beside the edge a value is that of the voxels that have one; further in nothing changes.
    let inside = |x: f64| ramp_at(DVec3::new(x, 5.25, 3.5)) - 1024.0;
    assert!((at(3.75, 5.25, 3.5).unwrap() - inside(4.0)).abs() < 1e-9);
    assert!((at(9.3, 5.25, 3.5).unwrap() - inside(9.3)).abs() < 1e-9);
    let plain = Stack::axial().volume(outside);
    let mixed = sample_volume(&plain, DVec3::new(3.75, 5.25, 3.5), Interpolation::Linear).unwrap();
    assert!(mixed < inside(4.0) - 500.0, "without Pixel Padding Value the same number is a value");
    let mut frames = stack.frames(outside);
    frames[2] = Stack::axial().frames(outside)[2].clone();
    assert_eq!(Volume::from_slices(&frames).unwrap().padding(), None, "not what all slices call padding");
}
