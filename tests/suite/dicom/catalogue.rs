//! Stacks of real series measure what SimpleITK's and pydicom's users measured, and made-up ones show each rule.

use std::path::Path;
use std::sync::Arc;

use dokuei::dicom::catalogue::{self, SeriesEntry, Stack, StudyEntry};
use dokuei::dicom::error::WarningCode;
use dokuei::dicom::{Instance, part10};
use serde_json::Value;

use super::build::{EXPLICIT, file, image, text};
use crate::data;

/// The instances of a folder's files.
fn folder(name: &str) -> Option<Vec<Arc<Instance>>> {
    Some(data::files(name)?.iter().map(|path| read(path)).collect())
}

fn read(path: &Path) -> Arc<Instance> {
    Arc::new(part10::read(std::fs::read(path).unwrap().into()).unwrap().0.instance)
}

#[test]
fn real_series_have_the_spacing_and_tilt_that_others_found() {
    let Some(expected) = data::read("expected.json") else { return };
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let mut measured = 0;
    for series in expected["series"].as_array().unwrap() {
        // Two orientations in one folder are two stacks here, and measured as one there.
        if series["distinct_orientations"] != 1 || series["duplicate_positions"] != 0 {
            continue;
        }
        let name = series["folder"].as_str().unwrap();
        let uid = series["series_uid"].as_str().unwrap();
        let mut instances = folder(name).unwrap();
        if name == "geometry/oblique-small" {
            // Its writer gave every slice a study of its own, which keeps them apart here.
            assert_eq!(catalogue::studies(instances.clone()).len(), 3);
            let study = instances[0].study.clone();
            for instance in &mut instances {
                Arc::make_mut(instance).study = study.clone();
            }
        }
        let entries = catalogue::studies(instances);
        let ours: Vec<&SeriesEntry> =
            entries.iter().flat_map(|study| &study.series).filter(|s| s.series.uid.as_str() == uid).collect();
        let [ours] = ours[..] else { panic!("{name}: {} series", ours.len()) };
        let [stack] = &ours.stacks[..] else { panic!("{name}: {} stacks", ours.stacks.len()) };
        assert_eq!(stack.images.len() as u64, series["files"].as_u64().unwrap(), "{name}");
        let geometry = stack.geometry.as_ref().unwrap();
        let steps = &series["spacing_along_normal"];
        let near = |ours: f64, theirs: &Value, what: &str| {
            let theirs = theirs.as_f64().unwrap();
            assert!((ours - theirs).abs() < 2e-3, "{name}: {what} {ours}, expected {theirs}");
        };
        near(geometry.spacing_mm, &steps["median"], "spacing");
        near(geometry.tilt_deg, &series["angle_between_stack_and_normal_deg"], "tilt");
        for (axis, component) in geometry.normal.to_array().into_iter().enumerate() {
            near(component, &series["normal"][axis], "normal");
        }
        let (least, most) = (steps["min"].as_f64().unwrap(), steps["max"].as_f64().unwrap());
        assert_eq!(geometry.uniform, most - least < 0.05, "{name}: uniform");
        measured += 1;
    }
    assert!(measured > 8, "only {measured} series measured");
}

#[test]
fn a_missing_slice_is_told_where_it_is() {
    let Some(instances) = folder("geometry/missing-slice") else { return };
    let studies = catalogue::studies(instances);
    let stack = &studies[0].series[0].stacks[0];
    let missing = &stack.geometry.as_ref().unwrap().missing;
    assert_eq!(missing.len(), 1);
    assert_eq!((missing[0].count, missing[0].distance_mm.round()), (1, 10.0));
    assert!(
        stack.warnings.iter().any(|warning| warning.code == WarningCode::Incomplete && warning.about == "1")
    );
}

#[test]
fn two_orientations_are_two_stacks() {
    let Some(instances) = folder("geometry/two-orientations") else { return };
    let studies = catalogue::studies(instances);
    assert_eq!(studies[0].series[0].stacks.len(), 2);
}

#[test]
fn pet_and_ct_of_one_study_stay_apart() {
    let Some(instances) = folder("volumes/nist-pet-ct") else { return };
    let studies = catalogue::studies(instances);
    assert_eq!(studies.len(), 1);
    let sizes: Vec<usize> = studies[0].series.iter().map(|series| series.stacks[0].images.len()).collect();
    assert_eq!(sizes, [10, 10]);
}

/// One made-up slice.
#[derive(Clone)]
struct Slice<'a> {
    number: u32,
    position: [f64; 3],
    patient: &'a str,
    image_type: &'a str,
    echo: &'a str,
    acquisition: &'a str,
    orientation: &'a str,
}

const AXIAL: Slice<'static> = Slice {
    number: 0,
    position: [0.0; 3],
    patient: "P1",
    image_type: "ORIGINAL\\PRIMARY\\AXIAL",
    echo: "1",
    acquisition: "1",
    orientation: "1\\0\\0\\0\\1\\0",
};

fn instance(slice: &Slice<'_>) -> Arc<Instance> {
    let [x, y, z] = slice.position;
    let body = [
        text((8, 8), "CS", slice.image_type),
        text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.4"),
        text((8, 0x18), "UI", &format!("1.2.3.{}", slice.number)),
        text((8, 0x60), "CS", "MR"),
        text((0x10, 0x10), "PN", slice.patient),
        text((0x10, 0x20), "LO", slice.patient),
        text((0x18, 0x86), "IS", slice.echo),
        text((0x20, 0xd), "UI", "1.2.3"),
        text((0x20, 0xe), "UI", "1.2.3.1"),
        text((0x20, 0x12), "IS", slice.acquisition),
        text((0x20, 0x13), "IS", &slice.number.to_string()),
        text((0x20, 0x32), "DS", &format!("{x}\\{y}\\{z}")),
        text((0x20, 0x37), "DS", slice.orientation),
        image(&[]),
    ]
    .concat();
    Arc::new(part10::read(file(EXPLICIT, &body).into()).unwrap().0.instance)
}

fn study(slices: &[Slice<'_>]) -> Vec<StudyEntry> {
    catalogue::studies(slices.iter().map(instance).collect())
}

fn stacks(slices: &[Slice<'_>]) -> Vec<Stack> {
    let mut studies = study(slices);
    studies.remove(0).series.remove(0).stacks
}

fn along_z(number: u32, z: f64) -> Slice<'static> {
    Slice { number, position: [0.0, 0.0, z], ..AXIAL }
}

#[test]
fn slices_sort_by_place_in_the_sense_in_which_their_numbers_grow() {
    let stacks = stacks(&[along_z(1, 4.0), along_z(2, 0.0), along_z(3, 2.0)]);
    let numbers: Vec<_> =
        stacks[0].images.iter().map(|image| image.instance.instance_number.unwrap()).collect();
    assert_eq!(numbers, [1, 3, 2], "number 1 is at the upper end");
    assert!(stacks[0].geometry.as_ref().unwrap().uniform);
    assert_eq!(stacks[0].warnings, []);
}

#[test]
fn two_echoes_at_each_place_are_two_stacks_and_step_and_shoot_is_one() {
    let mut slices = Vec::new();
    for n in 0..4_u32 {
        slices.push(Slice { echo: "1", ..along_z(2 * n, f64::from(n)) });
        slices.push(Slice { echo: "2", ..along_z(2 * n + 1, f64::from(n)) });
    }
    let lengths: Vec<usize> = stacks(&slices).iter().map(|stack| stack.images.len()).collect();
    assert_eq!(lengths, [4, 4]);
    let numbers = ["1", "2", "3", "4"];
    let shots: Vec<_> =
        (0..4_u32).map(|n| Slice { acquisition: numbers[n as usize], ..along_z(n, f64::from(n)) }).collect();
    assert_eq!(stacks(&shots).len(), 1);
}

#[test]
fn a_slice_sent_again_under_another_uid_does_not_tear_the_stack() {
    let mut slices: Vec<_> = (0..5_u32).map(|n| along_z(n, f64::from(n))).collect();
    slices.push(along_z(9, 2.0));
    let stacks = stacks(&slices);
    assert_eq!(stacks.len(), 1);
    assert!(
        stacks[0]
            .warnings
            .iter()
            .any(|warning| warning.code == WarningCode::Duplicates && warning.about == "1")
    );
    assert!(!stacks[0].geometry.as_ref().unwrap().uniform);
    let twice = study(&[along_z(0, 0.0), along_z(1, 1.0), along_z(1, 1.0)]);
    assert_eq!(twice[0].series[0].stacks[0].images.len(), 2);
    assert_eq!(twice[0].series[0].warnings[0].code, WarningCode::Duplicates);
}

#[test]
fn a_localiser_stands_apart_and_last() {
    let scout = Slice {
        image_type: "ORIGINAL\\PRIMARY\\LOCALIZER",
        orientation: "1\\0\\0\\0\\0\\-1",
        ..along_z(0, 0.0)
    };
    let stacks = stacks(&[scout, along_z(1, 0.0), along_z(2, 1.0)]);
    assert_eq!(stacks.iter().map(|stack| stack.localiser).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_sheared_stack_tells_its_tilt_and_is_still_uniform() {
    let slices: Vec<_> = (0..5_u32)
        .map(|n| Slice { position: [0.0, f64::from(n), f64::from(n)], ..along_z(n, 0.0) })
        .collect();
    let geometry = stacks(&slices)[0].geometry.clone().unwrap();
    assert!((geometry.tilt_deg - 45.0).abs() < 1e-9 && geometry.uniform);
    assert!((geometry.spacing_mm - 1.0).abs() < 1e-9);
}

#[test]
fn patients_are_never_merged() {
    let other = Slice { patient: "P2", ..along_z(1, 1.0) };
    let studies = study(&[along_z(0, 0.0), other]);
    assert_eq!(studies.len(), 2);
    assert!(studies.iter().all(|study| study.warnings[0].code == WarningCode::MixedPatients));
}

#[test]
fn frames_of_a_multi_frame_image_are_the_stack_that_single_frames_are() {
    let stack = |instances| catalogue::studies(instances).remove(0).series.remove(0).stacks.remove(0);
    let one = |name: &str| data::path(name).map(|path| stack(vec![read(&path)]));
    let (Some(single), Some(multi), Some(sagittal)) = (
        folder("objects/dcmqi-23x38x3/image").map(stack),
        one("objects/dcmqi-23x38x3/mf.dcm"),
        one("modality/IM-0001-0170-0001.dcm"),
    ) else {
        return;
    };
    let (a, b) = (single.geometry.unwrap(), multi.geometry.unwrap());
    assert!((a.spacing_mm - b.spacing_mm).abs() < 1e-9 && a.normal == b.normal && b.uniform);
    let origins = |images: &[catalogue::StackImage]| {
        images.iter().map(|image| image.plane().unwrap().origin_mm).collect::<Vec<_>>()
    };
    assert_eq!(origins(&single.images), origins(&multi.images));
    assert_eq!(sagittal.images.len(), 8);
    assert!((sagittal.geometry.unwrap().spacing_mm - 1.2).abs() < 1e-3);
}
