//! GPU against twin on every phantom: each stack's images, and the planes of every volume.

use std::sync::Arc;

use bytes::Bytes;
use chrono::NaiveDate;
use dokuei::demo::{Study as _, phantom};
use dokuei::dicom::catalogue::Stack;
use dokuei::imaging::{
    Frame, FrameScene, FrameView, Interpolation, Over, PictureSize, Plane, PlaneScene, Scene, Slab, SlabMode,
    StandardPlane, Volume,
};
use dokuei::render::Renderer;
use dokuei::work::loaded::{Collection, Loaded};
use glam::DVec3;

use super::agreement::agree;
use super::renderer;

/// Slices of a long series that are computed: enough for every organ to be cut.
const MOST_SLICES: usize = 60;

#[test]
fn every_phantom_looks_the_same_on_the_gpu_and_on_its_twin() {
    let Some(mut renderer) = renderer() else { return };
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let mut stacks = 0;
    for study in phantom::studies(day) {
        // The middle of a long series, so that its slices stay neighbours.
        let long = study.modality == "CT" && study.len() > MOST_SLICES;
        let first = if long { (study.len() - MOST_SLICES) / 2 } else { 0 };
        let last = if long { first + MOST_SLICES } else { study.len() };
        let objects = (first..last).map(|i| Loaded::read(Bytes::from(study.file(i))).unwrap());
        let collection = Collection::new(objects);
        for series in collection.studies.iter().flat_map(|study| &study.series) {
            for stack in &series.stacks {
                let name = format!("{} {}", study.modality, series.series.description);
                compare(&mut renderer, &name, &collection, stack);
                stacks += 1;
            }
        }
    }
    assert!(stacks >= 9, "only {stacks} stacks");
}

fn compare(renderer: &mut Renderer, name: &str, collection: &Collection, stack: &Stack) {
    let frames: Vec<Arc<Frame>> = collection.decode(&stack.images).into_iter().map(|f| f.unwrap()).collect();
    let middle = &frames[frames.len() / 2];
    let fitted = FrameView::fit(middle, PictureSize::new(311, 283).unwrap());
    for (view, interpolation) in
        [(FrameView::native(middle).unwrap(), Interpolation::Nearest), (fitted, Interpolation::Linear)]
    {
        let grey = middle.default_grey();
        let scene = Scene::Frame(FrameScene {
            frame: Arc::clone(middle),
            view,
            interpolation,
            grey,
            over: Over::default(),
        });
        agree(renderer, name, &scene, 0.01, true);
    }
    let uniform = stack.geometry.as_ref().is_some_and(|geometry| geometry.uniform);
    if !uniform || frames.len() < 4 {
        return;
    }
    let volume = Arc::new(Volume::from_slices(&frames).unwrap());
    let oblique = StandardPlane::Normal(DVec3::new(0.3, -0.6, 0.7));
    let slab = Slab::new(12.0, SlabMode::Mip).unwrap();
    for (plane, slab) in [
        (StandardPlane::Axial, None),
        (StandardPlane::Coronal, None),
        (StandardPlane::Sagittal, None),
        (oblique, None),
        (StandardPlane::Coronal, Some(slab)),
    ] {
        let size = Some(PictureSize::new(163, 151).unwrap());
        let scene = Scene::Plane(PlaneScene {
            volume: Arc::clone(&volume),
            plane: Plane::through(&volume, plane, None, size).unwrap(),
            slab,
            interpolation: Interpolation::Linear,
            grey: volume.default_grey().clone(),
        });
        agree(renderer, &format!("{name} {plane:?}"), &scene, 0.01, true);
    }
}
