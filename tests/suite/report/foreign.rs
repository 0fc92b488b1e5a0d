//! Structured reports that others wrote, sound, damaged and hostile.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries::EXPLICIT_VR_LITTLE_ENDIAN;
use dokuei::dicom::error::WarningCode;
use dokuei::report::read;

use crate::data;

/// File, how many content items pydicom finds in it, one of them (concept, value).
const FILES: &[(&str, usize, (&str, &str))] = &[
    ("objects/dcmqi-sr-example/sr.dcm", 256, ("Procedure reported", "PET whole body")),
    ("objects/sr_document.dcm", 21, ("Tracking Identifier", "Planar ROI Measurements")),
    ("objects/reportsi.dcm", 9, ("Report Text", "Enter text")),
    ("objects/test-SR.dcm", 29, ("Diameter", "3 cm")),
    ("objects/dwv-tid1500/sr-ruler.dcm", 31, ("Length", "4.025316455696 mm")),
    ("objects/dwv-tid1500/sr-protractor.dcm", 31, ("Angle", "90 deg")),
    ("objects/dwv-tid1500/sr-roi.dcm", 27, ("Color", "#ffff80")),
    ("objects/dwv-tid1500/sr-ellipse.dcm", 46, ("Short axis", "1.898734177215 mm")),
    ("objects/kos-4802/kos.dcm", 37, ("", "")),
];

/// The data set of an explicit little-endian file. The file meta information is skipped by its length:
/// dicom-rs refuses some of these files for an Implementation Version Name longer than 16 characters.
fn data_set(bytes: &[u8]) -> InMemDicomObject {
    let length = u32::from_le_bytes(bytes[140..144].try_into().unwrap()) as usize;
    let rest = &bytes[144 + length..];
    InMemDicomObject::read_dataset_with_ts(rest, &EXPLICIT_VR_LITTLE_ENDIAN.erased()).unwrap()
}

#[test]
fn structured_reports_of_others_are_read() {
    for (path, count, (concept, value)) in FILES {
        let Some(bytes) = data::read(path) else { continue };
        let (sr, _) = read(&data_set(&bytes));
        assert_eq!(sr.content.len(), *count, "{path}");
        let same: Vec<_> =
            sr.content.iter().filter(|i| i.concept == *concept).map(|i| i.value.reveal()).collect();
        assert!(concept.is_empty() || same.iter().any(|v| v == value), "{path}: {same:?}");
        assert_eq!(sr.content[0].level, 0, "{path}");
        assert!(sr.content.windows(2).all(|pair| pair[1].level <= pair[0].level + 1), "{path}: levels jump");
    }
}

fn nested(depth: usize) -> InMemDicomObject {
    let container = |child: Option<InMemDicomObject>| {
        let mut item = InMemDicomObject::new_empty();
        item.put_str(tags::VALUE_TYPE, VR::CS, "CONTAINER");
        if let Some(child) = child {
            item.put(DataElement::new(tags::CONTENT_SEQUENCE, VR::SQ, DataSetSequence::from(vec![child])));
        }
        item
    };
    (1..depth).fold(container(None), |inner, _| container(Some(inner)))
}

#[test]
fn depth_and_number_of_items_are_bounded() {
    let (sr, warnings) = read(&nested(200));
    assert_eq!(sr.content.len(), 65);
    assert!(warnings.iter().any(|w| w.code == WarningCode::Incomplete));
    let mut wide = nested(1);
    let items = vec![nested(1); 10_500];
    wide.put(DataElement::new(tags::CONTENT_SEQUENCE, VR::SQ, DataSetSequence::from(items)));
    let (sr, warnings) = read(&wide);
    assert_eq!(sr.content.len(), 10_000);
    assert!(warnings.iter().any(|w| w.code == WarningCode::Incomplete));
}

#[test]
fn what_is_no_report_reads_as_one_empty_item_with_a_warning() {
    let (sr, warnings) = read(&InMemDicomObject::new_empty());
    assert_eq!(sr.content.len(), 1);
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code, WarningCode::MissingElement);
}
