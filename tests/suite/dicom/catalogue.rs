//! Stacks of real series measure what SimpleITK's and pydicom's users measured, and made-up ones show each rule.

use std::path::Path;
use std::sync::Arc;

use dokuei::dicom::catalogue::{self, SeriesEntry, Stack, StudyEntry};
use dokuei::dicom::error::WarningCode;
use dokuei::dicom::instance::{FrameAttributes, ModalityTransform, PixelSpacing, SpacingSource};
use dokuei::dicom::{Instance, Phi, Uid, part10};
use dokuei::imaging::{Badge, badge};
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
    let told = |study: &StudyEntry| {
        let warnings = &study.series[0].warnings;
        warnings.iter().map(|warning| (warning.code, warning.about.clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&twice[0]), [(WarningCode::Twice, "1".to_owned())]);
    let other = Slice { echo: "2", ..along_z(1, 1.0) };
    let differing = study(&[along_z(0, 0.0), along_z(1, 1.0), other, along_z(0, 0.0)]);
    assert_eq!(
        told(&differing[0]),
        [(WarningCode::Twice, "1".to_owned()), (WarningCode::Conflicting, "1".to_owned())]
    );
    let has_badge = |study: &StudyEntry| {
        let (series, stack) = (&study.series[0], &study.series[0].stacks[0]);
        badge::badges(study, series, stack, &stack.images[0]).contains(&Badge::Duplicates)
    };
    assert!(has_badge(&twice[0]) && has_badge(&differing[0]), "the viewport says so too");
    assert!(!has_badge(&study(&[along_z(0, 0.0), along_z(1, 1.0)])[0]));
}

#[test]
fn unequal_distances_are_told_with_numbers_and_gaps_are_counted() {
    let warnings = |places: &[f64]| -> Vec<(WarningCode, String)> {
        let slices: Vec<_> = (0..).zip(places).map(|(n, z)| along_z(n, *z)).collect();
        let stacks = stacks(&slices);
        stacks[0].warnings.iter().map(|warning| (warning.code, warning.about.clone())).collect()
    };
    let incomplete = |count: &str| (WarningCode::Incomplete, count.to_owned());
    let uneven = |range: &str| (WarningCode::Uneven, range.to_owned());
    assert_eq!(warnings(&[0.0, 2.0, 4.0, 6.0]), []);
    assert_eq!(warnings(&[0.0, 2.0, 8.0, 10.0, 12.0, 16.0, 18.0]), [incomplete("3")]);
    assert_eq!(warnings(&[0.0, 2.0, 4.0, 7.0, 10.0]), [uneven("2.00–3.00 mm")]);
    assert_eq!(warnings(&[0.0, 2.0, 4.0, 8.0, 10.0, 11.0, 13.0]), [incomplete("1"), uneven("1.00–4.00 mm")]);
}

#[test]
fn images_that_each_look_another_way_are_one_stack_in_the_order_of_their_numbers() {
    let turned = ["1\\0\\0\\0\\1\\0", "0\\1\\0\\0\\0\\-1", "1\\0\\0\\0\\0\\-1"];
    let slices: Vec<_> =
        (0..3).rev().map(|n| Slice { orientation: turned[n as usize], ..along_z(n, f64::from(n)) }).collect();
    let turning = stacks(&slices);
    let numbers: Vec<_> = turning[0].images.iter().map(|image| image.instance.instance_number).collect();
    assert_eq!((turning.len(), numbers), (1, vec![Some(0), Some(1), Some(2)]));
    assert!(turning[0].geometry.is_none() && turning[0].warnings.is_empty());
    // Two orientations with a stack in each stay two.
    let mut pair = slices.clone();
    pair.push(Slice { orientation: turned[0], ..along_z(7, 7.0) });
    assert_eq!(stacks(&pair).len(), 3);
}

#[test]
fn units_and_pixel_sizes_separate_stacks_wherever_their_images_lie() {
    let slices: Vec<_> = (0..6).map(|n| along_z(n, f64::from(n))).collect();
    let lengths = |change: &dyn Fn(usize, &mut Instance)| -> Vec<usize> {
        let mut instances: Vec<Arc<Instance>> = slices.iter().map(instance).collect();
        for (n, one) in instances.iter_mut().enumerate() {
            change(n, Arc::make_mut(one));
        }
        let studies = catalogue::studies(instances);
        studies[0].series[0].stacks.iter().map(|stack| stack.images.len()).collect()
    };
    let rescaled =
        |unit: &str| ModalityTransform::Rescale { slope: 1.0, intercept: 0.0, unit: unit.to_owned() };
    let attributes = |one: &mut Instance, change: &dyn Fn(&mut FrameAttributes)| {
        one.image.as_mut().unwrap().frames.iter_mut().for_each(change);
    };
    let of_two = |n: usize, one: &mut Instance| {
        attributes(one, &|frame| frame.modality = rescaled(if n < 4 { "HU" } else { "MGML" }));
    };
    assert_eq!(lengths(&of_two), [4, 2]);
    // Slopes differ from slice to slice in PET, and `US` says nothing.
    let of_one = |n: usize, one: &mut Instance| {
        attributes(one, &|frame| {
            let unit = if n < 3 { "US" } else { "" }.to_owned();
            frame.modality = ModalityTransform::Rescale { slope: n as f64 + 1.0, intercept: 0.0, unit };
        });
    };
    assert_eq!(lengths(&of_one), [6]);
    let spaced = |n: usize, one: &mut Instance| {
        let size = if n < 2 { 0.5 } else { 0.8 };
        let source = SpacingSource::Patient;
        let spacing = PixelSpacing { between_rows_mm: size, between_columns_mm: size, source };
        attributes(one, &|frame| frame.spacing = Some(spacing));
    };
    assert_eq!(lengths(&spaced), [2, 4]);
}

#[test]
fn a_series_in_two_studies_and_two_birth_dates_of_one_patient_are_told() {
    let slices = [along_z(0, 0.0), along_z(1, 1.0)];
    let mut instances: Vec<Arc<Instance>> = slices.iter().map(instance).collect();
    Arc::make_mut(&mut instances[1]).study.uid = Uid::parse("1.2.99").unwrap();
    let studies = catalogue::studies(instances);
    assert_eq!(studies.len(), 2);
    let split =
        |study: &StudyEntry| study.series[0].warnings.iter().any(|w| w.code == WarningCode::SplitSeries);
    assert!(studies.iter().all(split));

    let born = |dates: [&str; 2]| {
        let mut instances: Vec<Arc<Instance>> = slices.iter().map(instance).collect();
        for (one, date) in instances.iter_mut().zip(dates) {
            Arc::make_mut(one).patient.birth_date = Phi::new(date.to_owned());
        }
        let warnings = &catalogue::studies(instances)[0].warnings;
        warnings.iter().map(|warning| (warning.code, warning.about.clone())).collect::<Vec<_>>()
    };
    assert_eq!(born(["19700101", "19710101"]), [(WarningCode::MixedPatients, "(0010,0030)".to_owned())]);
    assert_eq!(born(["19700101", ""]), []);
}

#[test]
fn patients_of_one_name_are_two_when_their_numbers_or_issuers_differ() {
    let mut instances: Vec<Arc<Instance>> =
        [along_z(0, 0.0), along_z(1, 1.0), along_z(2, 2.0)].iter().map(instance).collect();
    for (n, one) in instances.iter_mut().enumerate() {
        let one = Arc::make_mut(one);
        one.study.uid = Uid::parse(&format!("1.2.{n}")).unwrap();
        one.patient.id = Phi::new(["7", "7", "8"][n].to_owned());
        one.patient.issuer = Phi::new(["North", "South", "North"][n].to_owned());
    }
    let studies = catalogue::studies(instances);
    let identities: std::collections::BTreeSet<_> =
        studies.iter().map(|study| (study.patient.id.reveal(), study.patient.issuer.reveal())).collect();
    assert_eq!((studies.len(), identities.len()), (3, 3));
    assert!(studies.iter().all(|study| study.warnings.is_empty()));
}

#[test]
fn dimensions_of_an_enhanced_image_separate_frames_at_one_place() {
    use super::build::{implicit, long, short};
    let sequence = |tag: (u16, u16), item: &[u8]| {
        let item = implicit((0xfffe, 0xe000), u32::try_from(item.len()).unwrap(), item);
        long(tag, "SQ", u32::try_from(item.len()).unwrap(), &item)
    };
    // Three places, and at each two frames that only the second dimension tells apart.
    let frame = |n: u32| {
        let index: Vec<u8> = [n / 2 + 1, n % 2 + 1].iter().flat_map(|i| i.to_le_bytes()).collect();
        let groups = [
            sequence((0x20, 0x9111), &short((0x20, 0x9157), "UL", &index)),
            sequence((0x20, 0x9113), &text((0x20, 0x32), "DS", &format!("0\\0\\{}", n / 2))),
        ]
        .concat();
        implicit((0xfffe, 0xe000), u32::try_from(groups.len()).unwrap(), &groups)
    };
    let frames: Vec<u8> = (0..6).flat_map(frame).collect();
    let shared = sequence((0x20, 0x9116), &text((0x20, 0x37), "DS", AXIAL.orientation));
    let body = [
        super::build::identity(""),
        text((0x28, 8), "IS", "6"),
        image(&[]),
        sequence((0x5200, 0x9229), &shared),
        long((0x5200, 0x9230), "SQ", u32::try_from(frames.len()).unwrap(), &frames),
    ];
    // The pixel data of six frames stands behind the groups.
    let [identity, number, mut pixels, shared, frames] = body;
    pixels.truncate(pixels.len() - 12 - 32);
    let pixel_data = long((0x7fe0, 0x10), "OW", 192, &[0; 192]);
    let body = [identity, number, pixels, shared, frames, pixel_data].concat();
    let (object, _) = part10::read(file(EXPLICIT, &body).into()).unwrap();
    let studies = catalogue::studies(vec![Arc::new(object.instance)]);
    let frames: Vec<Vec<u32>> = studies[0].series[0]
        .stacks
        .iter()
        .map(|stack| stack.images.iter().map(|image| image.frame).collect())
        .collect();
    assert_eq!(frames, [[0, 2, 4], [1, 3, 5]]);
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
