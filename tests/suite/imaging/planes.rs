//! Planes and slabs: where their pixels lie and what they show.

use std::sync::Arc;

use dokuei::dicom::instance::{PixelPadding, VoiFunction};
use dokuei::imaging::{
    Interpolation, Picture, PictureSize, Plane, PlaneInGrid, PlaneScene, Scene, Slab, SlabMode,
    StandardPlane, Volume, draw,
};
use glam::DVec3;
use proptest::prelude::*;

use super::made::{self, Stack, noise, ramp, ramp_at};

fn scene(volume: &Arc<Volume>, plane: Plane, slab: Option<Slab>) -> Scene {
    Scene::Plane(PlaneScene {
        volume: Arc::clone(volume),
        plane,
        slab,
        interpolation: Interpolation::Linear,
        grey: made::window(0.0, 2000.0, VoiFunction::Linear),
    })
}

fn values(scene: &Scene) -> Vec<f32> {
    draw(scene).values.unwrap()
}

#[test]
fn an_axial_plane_of_axial_slices_shows_the_stored_pixels_themselves() {
    let stack = Stack { between_rows_mm: 0.7, ..Stack::axial() };
    let noise = noise(3000);
    let volume = stack.volume(&noise);
    for slice in 0..11_u32 {
        let at_mm = stack.patient(DVec3::new(5.0, 5.0, f64::from(slice)));
        let plane = Plane::through(&volume, StandardPlane::Axial, Some(at_mm), None).unwrap();
        assert_eq!((plane.size.width(), plane.size.height()), (23, 17));
        let expected: Vec<_> = (0..17)
            .flat_map(|row| (0..23).map(move |column| (column, row)))
            .map(|(column, row)| (noise(column, row, slice as i32) - 1024) as f32)
            .collect();
        let found = values(&scene(&volume, plane, None));
        let off = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off < 1e-6, "slice {slice}: off by {off}");
    }
}

#[test]
fn without_a_point_the_plane_goes_through_the_middle_slice_itself() {
    let stack = Stack { size: [8, 8, 6], ..Stack::axial() };
    let volume = stack.volume(ramp);
    let plane = Plane::through(&volume, StandardPlane::Axial, None, None).unwrap();
    assert!((plane.origin_mm.z - 107.5).abs() < 1e-9, "{}", plane.origin_mm);
}

/// One bright voxel towards the patient's right, front and head shows where planes put these sides.
#[test]
fn right_front_and_head_are_where_the_radiologist_looks_for_them() {
    let volume = Stack { between_rows_mm: 0.7, ..Stack::axial() }
        .volume(|x, y, z| if x < 8 && y < 6 && z > 7 { 2000 } else { 0 });
    let brightest = |plane: StandardPlane, at_mm: DVec3| {
        let plane = Plane::through(&volume, plane, Some(at_mm), None).unwrap();
        let values = values(&scene(&volume, plane, None));
        let bright: Vec<_> = (0..values.len()).filter(|&i| values[i] > 900.0).collect();
        let (width, n) = (plane.size.width() as usize, bright.len() as f64);
        let mean =
            |of: fn(usize, usize) -> usize| bright.iter().map(|&i| of(i, width) as f64).sum::<f64>() / n;
        let column = mean(|i, w| i % w) / f64::from(plane.size.width());
        let row = mean(|i, w| i / w) / f64::from(plane.size.height());
        (column < 0.5, row < 0.5)
    };
    let corner_mm = DVec3::new(-6.0, -5.0, 123.0);
    assert_eq!(brightest(StandardPlane::Axial, corner_mm), (true, true), "right on the left, front on top");
    assert_eq!(brightest(StandardPlane::Coronal, corner_mm), (true, true), "right on the left, head on top");
    assert_eq!(brightest(StandardPlane::Sagittal, corner_mm), (true, true), "front on the left, head on top");
}

#[test]
fn a_size_is_filled_with_square_pixels_around_the_same_middle() {
    let volume = Stack::axial().volume(ramp);
    let size = PictureSize::new(300, 200).unwrap();
    let plane = Plane::through(&volume, StandardPlane::Coronal, None, Some(size)).unwrap();
    assert_eq!(plane.size, size);
    assert!((plane.column_step_mm.length() - plane.row_step_mm.length()).abs() < 1e-12);
    let middle = plane.origin_mm + plane.column_step_mm * 149.5 + plane.row_step_mm * 99.5;
    let expected = DVec3::new(-8.0 + 11.0 * 0.7, middle.y, 112.5);
    assert!(middle.distance(expected) < 1e-9, "{middle}");
    let picture = draw(&scene(&volume, plane, None));
    let data = picture.values.unwrap().iter().filter(|value| !value.is_nan()).count();
    assert!(data > 300 * 200 / 3, "{data}");
}

#[test]
fn where_there_is_no_data_the_picture_is_black_and_the_value_nan() {
    let volume = Stack::axial().volume(|_, _, _| 3000);
    let plane =
        Plane::through(&volume, StandardPlane::Axial, Some(DVec3::new(0.0, 0.0, 99.0)), None).unwrap();
    let mut grey = made::window(0.0, 100.0, VoiFunction::Linear);
    grey.invert = true;
    let outside =
        Scene::Plane(PlaneScene { volume, plane, slab: None, interpolation: Interpolation::Linear, grey });
    let Picture { rgba, values, .. } = draw(&outside);
    assert!(values.unwrap().iter().all(|value| value.is_nan()));
    assert!(rgba.chunks_exact(4).all(|pixel| pixel == [0, 0, 0, 255]));
}

#[test]
fn a_slab_along_the_slices_reduces_the_slices_themselves() {
    let stack = Stack { between_rows_mm: 0.7, ..Stack::axial() };
    let noise = noise(3000);
    let volume = stack.volume(&noise);
    let at_mm = stack.patient(DVec3::new(5.0, 5.0, 5.0));
    let plane = Plane::through(&volume, StandardPlane::Axial, Some(at_mm), None).unwrap();
    // (thickness, slices within half of it around slice 5)
    for (thickness_mm, slices) in [(0.0, 5..=5), (4.9, 5..=5), (5.0, 4..=6), (12.0, 3..=7), (1e6, 0..=10)] {
        for mode in [SlabMode::Mip, SlabMode::MinIp, SlabMode::Mean] {
            let found = values(&scene(&volume, plane, Some(Slab::new(thickness_mm, mode).unwrap())));
            for (i, found) in found.iter().enumerate() {
                let column = slices.clone().map(|k| f64::from(noise(i as i32 % 23, i as i32 / 23, k) - 1024));
                let expected = match mode {
                    SlabMode::Mip => column.fold(f64::MIN, f64::max),
                    SlabMode::MinIp => column.fold(f64::MAX, f64::min),
                    SlabMode::Mean => column.sum::<f64>() / slices.clone().count() as f64,
                };
                assert!((f64::from(*found) - expected).abs() < 1e-3, "{mode:?} of {thickness_mm} mm");
            }
        }
    }
}

#[test]
fn a_slab_that_no_thickness_describes_is_refused() {
    for thickness_mm in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(Slab::new(thickness_mm, SlabMode::Mip).is_err(), "{thickness_mm}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Every pixel of every oblique plane shows the ramp at the place that the plane says it has.
    #[test]
    fn oblique_planes_show_each_place_where_they_say_it_is(
        which in 0_usize..3, x in -1.0..1.0_f64, y in -1.0..1.0_f64, z in -1.0..1.0_f64, d in -3.0..3.0_f64,
    ) {
        let normal = DVec3::new(x, y, z);
        prop_assume!(normal.length() > 0.1);
        let stack = &[Stack::axial(), Stack::tilted(), Stack::oblique()][which];
        let volume = stack.volume(ramp);
        let at_mm = volume.middle_voxel_mm() + normal.normalize() * d;
        let plane = Plane::through(&volume, StandardPlane::Normal(normal), Some(at_mm), Some(PictureSize::new(40, 30).unwrap())).unwrap();
        let basis = glam::DMat3::from_cols(
            stack.row_direction * stack.between_columns_mm, stack.column_direction * stack.between_rows_mm, stack.slice_step_mm,
        ).inverse();
        let (slope, intercept) = stack.rescale(0);
        let last = DVec3::new(22.0, 16.0, 10.0);
        let mut inside = 0;
        for (i, value) in values(&scene(&volume, plane, None)).into_iter().enumerate() {
            let patient = plane.origin_mm + plane.column_step_mm * (i % 40) as f64 + plane.row_step_mm * (i / 40) as f64;
            prop_assert!((patient - at_mm).dot(normal).abs() < 1e-9);
            let index = basis * (patient - stack.origin_mm);
            let beyond = (-index).max(index - last).max_element();
            if beyond > 1e-3 {
                prop_assert!(value.is_nan(), "{index} has {value}");
            } else if beyond < -1e-3 {
                inside += 1;
                let expected = slope * ramp_at(index) + intercept;
                prop_assert!((f64::from(value) - expected).abs() < 1e-3, "{index}: {value} for {expected}");
            }
        }
        prop_assert!(inside > 20, "{inside}");
    }
}

/// Whole lines at once give what one sample after the other gives, on any plane, at the hull, for every mode.
#[test]
fn a_picture_has_the_values_of_its_single_samples() {
    let normals = [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.3, -0.5, 0.8), (-0.7, 0.61, 0.4), (0.02, 0.9, -0.4)];
    let slabs =
        [None, Some((7.3, SlabMode::Mip)), Some((7.3, SlabMode::MinIp)), Some((500.0, SlabMode::Mean))];
    let padding = Some(PixelPadding { value: 0.0, limit: 3000.0 });
    let padded = Stack { padding, ..Stack::axial() };
    for stack in [Stack::axial(), Stack::tilted(), Stack::oblique(), Stack::pet(), padded] {
        let volume = stack.volume(noise(30_000));
        let step = stack.rescale.iter().map(|line| line.0.abs()).fold(0.0, f64::max);
        for (x, y, z) in normals {
            let size = PictureSize::new(211, 40).unwrap();
            let normal = StandardPlane::Normal(DVec3::new(x, y, z));
            let plane = Plane::through(&volume, normal, None, Some(size)).unwrap();
            for (slab, mode) in slabs.map(|slab| match slab {
                None => (None, SlabMode::Mean),
                Some((mm, mode)) => (Some(Slab::new(mm, mode).unwrap()), mode),
            }) {
                let grid = PlaneInGrid::new(&volume, &plane, slab);
                let scene = PlaneScene {
                    volume: Arc::clone(&volume),
                    plane,
                    slab,
                    interpolation: Interpolation::Linear,
                    grey: made::window(0.0, 100.0, VoiFunction::Linear),
                };
                let values = draw(&Scene::Plane(scene)).values.unwrap();
                let mut compared = 0;
                for (i, found) in values.into_iter().enumerate() {
                    let at = (i as u32 % 211, i as u32 / 211);
                    let single = grid.value(&volume, at, mode, Interpolation::Linear);
                    assert_eq!(found.is_nan(), single.is_none(), "{slab:?} {plane:?} {at:?}");
                    let Some(single) = single else { continue };
                    let off = (f64::from(found) - single).abs();
                    assert!(off <= 0.01 * step, "{slab:?} {plane:?} {at:?}: {found} for {single}");
                    compared += 1;
                }
                assert!(compared > 100, "{slab:?} {plane:?}: {compared}");
            }
        }
    }
}
