//! Objects made to do harm end in an error, in time and in memory ([`corpus`]), and values made to mislead are
//! refused or marked.

mod answer;
mod broken;
mod case;
mod corpus;
mod cut;
mod frames;
mod geometry;
pub(super) mod meter;
mod reports;
mod streams;
mod structure;
mod words;
mod xml;

use std::time::{Duration, Instant};

use dokuei::dicom::error::WarningCode;
use dokuei::dicom::instance::ModalityTransform;
use dokuei::dicom::part10::{self, Part10};
use dokuei::dicom::{DicomError, Warning};
use proptest::prelude::*;

use super::build::{EXPLICIT, IMPLICIT, file, identity, image, implicit, long, text};
use crate::data;

fn read(bytes: Vec<u8>) -> Result<(Part10, Vec<Warning>), DicomError> {
    let begun = Instant::now();
    let result = part10::read(bytes.into());
    assert!(begun.elapsed() < Duration::from_secs(10), "took {:?}", begun.elapsed());
    result
}

fn explicit(parts: &[Vec<u8>]) -> Vec<u8> {
    file(EXPLICIT, &[identity(""), parts.concat()].concat())
}

#[test]
fn a_value_that_leaves_its_item_is_an_error() {
    let inner = text((0x8, 0x100), "SH", "CODE");
    let item = implicit((0xfffe, 0xe000), 6, &inner);
    let sequence = long((0x8, 0x1032), "SQ", u32::MAX, &item);
    let end = implicit((0xfffe, 0xe0dd), 0, b"");
    let result = read(explicit(&[sequence, end]));
    assert!(
        matches!(&result, Err(DicomError::Malformed { .. } | DicomError::Truncated { .. })),
        "{:?}",
        result.err()
    );
}

#[test]
fn a_broken_rescale_never_becomes_one_and_zero() {
    let ds = |element: u16, value: &str| text((0x28, element), "DS", value);
    let rescale = |slope: Option<&str>, intercept: Option<&str>| {
        let mut changes = Vec::new();
        changes.extend(intercept.map(|value| ds(0x1052, value)));
        changes.extend(slope.map(|value| ds(0x1053, value)));
        let (object, warnings) = read(explicit(&[image(&changes)])).unwrap();
        let broken = warnings.iter().any(|warning| warning.code == WarningCode::RescaleBroken);
        (object.instance.image.unwrap().frames[0].modality.clone(), broken)
    };
    for bad in ["abc", "NaN", "2,0", "1e999", "0", "inf", "1 2", "0x1"] {
        assert_eq!(rescale(Some(bad), Some("-1024")), (ModalityTransform::Broken, true), "slope {bad}");
    }
    for bad in ["-1024,0", "x", "NaN"] {
        assert_eq!(rescale(Some("1"), Some(bad)), (ModalityTransform::Broken, true), "intercept {bad}");
    }
    assert_eq!(rescale(Some("2"), None), (ModalityTransform::Broken, true));
    assert_eq!(rescale(None, Some("2")), (ModalityTransform::Broken, true));
    assert_eq!(rescale(None, None), (ModalityTransform::Identity, false));
    let good = ModalityTransform::Rescale { slope: 2.0, intercept: -1024.0, unit: String::new() };
    assert_eq!(rescale(Some(" 2.0"), Some("-1.024E3")), (good, false));
}

#[test]
fn an_orientation_that_is_no_plane_gives_none() {
    let plane = |cosines: &str| {
        let position = text((0x20, 0x32), "DS", "1\\2\\3");
        let orientation = text((0x20, 0x37), "DS", cosines);
        let (object, _) = read(explicit(&[position, orientation, image(&[])])).unwrap();
        object.instance.image.unwrap().frames[0].plane
    };
    assert!(plane("1\\0\\0\\0\\0\\-1").is_some());
    for bad in [
        "1\\0\\0\\1\\0\\0",
        "2\\0\\0\\0\\1\\0",
        "1\\0\\0\\0\\1",
        "0\\0\\0\\0\\0\\0",
        "1\\0\\0\\0,5\\1\\0",
        "NaN\\0\\0\\0\\1\\0",
    ] {
        assert_eq!(plane(bad), None, "{bad}");
    }
}

#[test]
fn random_bytes_never_panic_the_gate() {
    let config = ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bytes in proptest::collection::vec(any::<u8>(), 0..512))| {
        let _ = part10::read(bytes.clone().into());
        let _ = part10::read(file(EXPLICIT, &bytes).into());
        let _ = part10::read(file(IMPLICIT, &bytes).into());
    });
}

#[test]
fn mutated_real_files_never_panic_and_stay_fast() {
    let names = [
        "charset/chrH32.dcm",
        "modality/CT_small.dcm",
        "transfer-syntax/emri_small_RLE.dcm",
        "transfer-syntax/image_dfl.dcm",
        "objects/dicomdirtests/DICOMDIR",
        "broken/UN_sequence.dcm",
    ];
    let files: Vec<Vec<u8>> = names.iter().filter_map(|name| data::read(name)).collect();
    if files.is_empty() {
        return;
    }
    let config = ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() };
    // Half of the edits fall on the headers, where they do most.
    let edit = (any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    proptest!(config, |(which in 0..files.len(), edits in proptest::collection::vec(edit, 1..12))| {
        let mut bytes = files[which].clone();
        for (index, value, near) in edits {
            let limit = if near { bytes.len().min(2000) } else { bytes.len() };
            let at = index.index(limit);
            bytes[at] = value;
        }
        let begun = Instant::now();
        let _ = part10::read(bytes.into());
        prop_assert!(begun.elapsed() < Duration::from_secs(10));
    });
}
