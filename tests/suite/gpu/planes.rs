//! Planes and slabs on the GPU.

use std::sync::Arc;

use dokuei::dicom::instance::{LookupTable, PixelPadding, VoiFunction};
use dokuei::imaging::{
    GreyMapping, Interpolation, PictureSize, Plane, PlaneScene, Scene, Slab, SlabMode, StandardPlane,
    VoiCurve, Volume,
};
use glam::DVec3;

use super::agreement::agree;
use super::renderer;
use crate::imaging::made::{self, Stack, noise, ramp};

fn scene(volume: &Arc<Volume>, plane: StandardPlane, slab: Option<Slab>, grey: GreyMapping) -> Scene {
    let plane = Plane::through(volume, plane, None, Some(PictureSize::new(93, 71).unwrap())).unwrap();
    Scene::Plane(PlaneScene {
        volume: Arc::clone(volume),
        plane,
        slab,
        interpolation: Interpolation::Linear,
        grey,
    })
}

fn soft() -> GreyMapping {
    made::window(40.0, 400.0, VoiFunction::Linear)
}

const PLANES: [StandardPlane; 6] = [
    StandardPlane::Axial,
    StandardPlane::Coronal,
    StandardPlane::Sagittal,
    StandardPlane::Normal(DVec3::new(0.3, -0.5, 0.8)),
    StandardPlane::Normal(DVec3::new(-0.7, 0.6, 0.4)),
    StandardPlane::Normal(DVec3::new(0.2, 0.9, -0.4)),
];

#[test]
fn straight_tilted_oblique_and_pet_stacks_reslice_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    for (name, stack) in [
        ("axial", Stack::axial()),
        ("tilted", Stack::tilted()),
        ("oblique", Stack::oblique()),
        ("pet", Stack::pet()),
    ] {
        let smallest_slope = stack.rescale.iter().map(|line| line.0).fold(f64::MAX, f64::min);
        for (kind, volume) in [("ramp", stack.volume(ramp)), ("noise", stack.volume(noise(4096)))] {
            for plane in PLANES {
                agree(
                    &mut renderer,
                    &format!("{name} {kind} {plane:?}"),
                    &scene(&volume, plane, None, soft()),
                    0.01 * smallest_slope,
                    true,
                );
            }
        }
    }
}

/// A round field in padding: the planes of GPU and twin end at the same pixels.
#[test]
fn padding_is_left_out_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let noise = noise(4096);
    let field = |column: i32, row: i32, slice: i32| {
        let inside = (column - 11).pow(2) + (row - 8).pow(2) <= 49 && (column + row) % 9 != 0;
        if inside { noise(column, row, slice) } else { 5000 }
    };
    let padding = Some(PixelPadding { value: 4990.0, limit: 5000.0 });
    for (name, stack) in [("axial", Stack::axial()), ("tilted", Stack::tilted()), ("pet", Stack::pet())] {
        let smallest_slope = stack.rescale.iter().map(|line| line.0).fold(f64::MAX, f64::min);
        let volume = Stack { padding, ..stack }.volume(field);
        let slab = Slab::new(9.0, SlabMode::Mean).unwrap();
        for (plane, slab) in PLANES.into_iter().flat_map(|plane| [(plane, None), (plane, Some(slab))]) {
            let scene = scene(&volume, plane, slab, soft());
            agree(&mut renderer, &format!("{name} {plane:?}"), &scene, 0.01 * smallest_slope, true);
        }
    }
}

#[test]
fn uneven_sliding_and_missing_slices_reslice_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    let uneven = made::uneven(&Stack::tilted(), noise(4096));
    assert!(uneven.places().is_some_and(|places| places.gaps() == 0));
    let mut slices = Stack::axial().frames(noise(4096));
    drop(slices.drain(7..8));
    let missing = Arc::new(Volume::from_slices(&slices).unwrap());
    assert!(missing.places().is_some_and(|places| places.gaps() == 1));
    for (name, volume) in [("uneven", &uneven), ("missing", &missing)] {
        for plane in PLANES {
            for slab in [None, Some(Slab::new(6.0, SlabMode::Mip).unwrap())] {
                let name = format!("{name} {slab:?} {plane:?}");
                agree(&mut renderer, &name, &scene(volume, plane, slab, soft()), 0.005, true);
            }
        }
    }
}

#[test]
fn planes_on_the_stored_grid_are_compared_up_to_the_outermost_voxel() {
    let Some(mut renderer) = renderer() else { return };
    let volume = Stack { between_rows_mm: 0.7, ..Stack::axial() }.volume(noise(4096));
    for plane in [StandardPlane::Axial, StandardPlane::Coronal, StandardPlane::Sagittal] {
        let plane = Plane::through(&volume, plane, None, None).unwrap();
        for interpolation in [Interpolation::Linear, Interpolation::Nearest] {
            let scene =
                PlaneScene { volume: Arc::clone(&volume), plane, slab: None, interpolation, grey: soft() };
            let excluded = agree(&mut renderer, "grid", &Scene::Plane(scene), 0.01, true);
            assert!(
                interpolation == Interpolation::Nearest || excluded < plane.size.pixels() / 4,
                "{excluded}"
            );
        }
    }
}

#[test]
fn slabs_project_as_on_the_cpu() {
    let Some(mut renderer) = renderer() else { return };
    for stack in [Stack::axial(), Stack::tilted(), Stack::pet()] {
        let volume = stack.volume(noise(4096));
        for (thickness_mm, mode) in [
            (4.0, SlabMode::Mip),
            (7.3, SlabMode::MinIp),
            (9.0, SlabMode::Mean),
            (500.0, SlabMode::Mip),
            (500.0, SlabMode::Mean),
        ] {
            for plane in PLANES {
                let slab = Slab::new(thickness_mm, mode).unwrap();
                agree(
                    &mut renderer,
                    &format!("{slab:?} {plane:?}"),
                    &scene(&volume, plane, Some(slab), soft()),
                    0.0025,
                    true,
                );
            }
        }
    }
}

#[test]
fn large_indices_lose_no_precision() {
    let Some(mut renderer) = renderer() else { return };
    // 700 slices with steep steps between them: 1e-5 of a voxel already shows as 0.03.
    let stack = Stack { size: [16, 16, 700], slice_step_mm: DVec3::Z * 0.33, ..Stack::axial() };
    let volume = stack.volume(|x, y, z| (x * 131 + y * 17 + z * 997) % 3500);
    for plane in [StandardPlane::Coronal, StandardPlane::Normal(DVec3::new(0.4, 0.9, 0.02))] {
        let plane = Plane::through(&volume, plane, None, None).unwrap();
        let (volume, interpolation) = (Arc::clone(&volume), Interpolation::Linear);
        let scene = PlaneScene { volume, plane, slab: None, interpolation, grey: soft() };
        agree(&mut renderer, "long", &Scene::Plane(scene), 0.01, true);
    }
}

#[test]
fn every_voi_function_and_table_gives_the_levels_of_the_twin() {
    let Some(mut renderer) = renderer() else { return };
    let volume = Stack::axial().volume(noise(4096));
    let curve = |i: i32| ((f64::from(i) / 4095.0).powf(0.6) * 4095.0) as u16;
    let table = LookupTable {
        first: -1024,
        bits: 12,
        entries: (0..4096).map(curve).collect(),
        explanation: String::new(),
    };
    let short = LookupTable {
        first: 0,
        bits: 8,
        entries: (0..64).map(|i| 4 * i).collect(),
        explanation: String::new(),
    };
    let mut mappings: Vec<_> = [table, short]
        .into_iter()
        .map(|table| GreyMapping { voi: VoiCurve::Table(Arc::new(table)), invert: false })
        .collect();
    for function in [VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid] {
        for (center, width) in [(40.0, 400.0), (0.0, 64.0), (1000.0, 4095.0), (-600.5, 1500.25)] {
            mappings.push(made::window(center, width, function));
        }
    }
    for mapping in mappings {
        for invert in [false, true] {
            let grey = GreyMapping { invert, ..mapping.clone() };
            agree(
                &mut renderer,
                &format!("{:?}", grey.voi),
                &scene(&volume, StandardPlane::Coronal, None, grey.clone()),
                0.01,
                true,
            );
        }
    }
}
