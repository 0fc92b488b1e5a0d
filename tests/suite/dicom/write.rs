//! What is written is read back equal, by us and by others.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dokuei::dicom::{DicomError, part10, write};

use super::build::{EXPLICIT, IMPLICIT};
use crate::data;

fn object(elements: Vec<(Tag, VR, &str)>) -> InMemDicomObject {
    let identity = [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.88.33"),
        (tags::SOP_INSTANCE_UID, VR::UI, "2.25.1"),
        (tags::STUDY_INSTANCE_UID, VR::UI, "2.25.2"),
        (tags::SERIES_INSTANCE_UID, VR::UI, "2.25.3"),
    ];
    let all = identity.into_iter().chain(elements);
    InMemDicomObject::from_element_iter(
        all.map(|(tag, vr, text)| DataElement::new(tag, vr, PrimitiveValue::from(text))),
    )
}

#[test]
fn japanese_text_survives_writing_and_the_file_names_its_writer() {
    let name = "Yamada^Tarou=山田^太郎=やまだ^たろう";
    let dataset = object(vec![(tags::PATIENT_NAME, VR::PN, name), (tags::PATIENT_ID, VR::LO, "00-1")]);
    for syntax in [EXPLICIT, IMPLICIT] {
        let bytes = write::part10(&dataset, syntax).unwrap();
        assert!(bytes[..128].iter().all(|byte| *byte == 0));
        let contains = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(contains(write::IMPLEMENTATION_CLASS_UID) && contains("DOKUEI_"));
        let (read, warnings) = part10::read(bytes.into()).unwrap();
        assert_eq!(warnings, []);
        assert_eq!(read.instance.patient.name.reveal().to_dicom(), name);
        assert_eq!(read.instance.charset, ["ISO_IR 192"]);
        assert_eq!(write::dataset_equal(&dataset, &read.dataset), Ok(()));
    }
}

#[test]
fn real_objects_are_written_and_read_back_equal() {
    for name in [
        "modality/CT_small.dcm",
        "transfer-syntax/report_dfl",
        "transfer-syntax/emri_small.dcm",
        "charset/chrH32.dcm",
    ] {
        let Some(bytes) = data::read(name) else { continue };
        let (dataset, _) = part10::read_dataset(&bytes.into()).unwrap();
        let written = write::part10(&dataset, EXPLICIT).unwrap();
        let (again, warnings) = part10::read_dataset(&written.into()).unwrap();
        assert_eq!(write::dataset_equal(&dataset, &again), Ok(()), "{name}");
        assert_eq!(warnings, [], "{name}");
    }
}

#[test]
fn every_difference_is_found_and_padding_is_none() {
    let base = vec![(tags::PATIENT_ID, VR::LO, "1"), (tags::STUDY_ID, VR::SH, "2")];
    let a = object(base.clone());
    let padded = object(vec![(tags::PATIENT_ID, VR::LO, "1 "), (tags::STUDY_ID, VR::SH, "2\0")]);
    assert_eq!(write::dataset_equal(&a, &padded), Ok(()));
    let changed = object(vec![(tags::PATIENT_ID, VR::LO, "2"), (tags::STUDY_ID, VR::SH, "2")]);
    assert_eq!(write::dataset_equal(&a, &changed), Err(tags::PATIENT_ID));
    assert_eq!(write::dataset_equal(&a, &object(base[..1].to_vec())), Err(tags::STUDY_ID));
    assert_eq!(write::dataset_equal(&object(base[1..].to_vec()), &a), Err(tags::PATIENT_ID));
    let nested = |text: &str| {
        let mut outer = object(base.clone());
        let item = object(vec![(tags::CODE_MEANING, VR::LO, text)]);
        let items = dicom_core::value::DataSetSequence::new(vec![item], dicom_core::Length::UNDEFINED);
        outer.put(DataElement::new(
            tags::CONTENT_SEQUENCE,
            VR::SQ,
            dicom_core::value::Value::Sequence(items),
        ));
        outer
    };
    assert_eq!(write::dataset_equal(&nested("x"), &nested("x ")), Ok(()));
    assert_eq!(write::dataset_equal(&nested("x"), &nested("y")), Err(tags::CODE_MEANING));
}

#[test]
fn an_object_without_identity_is_not_written() {
    let mut dataset = object(vec![]);
    dataset.remove_element(tags::SOP_INSTANCE_UID);
    assert_eq!(write::part10(&dataset, EXPLICIT), Err(DicomError::Missing { tag: "(0008,0018)".into() }));
    assert!(matches!(
        write::part10(&object(vec![]), "1.2.3"),
        Err(DicomError::UnsupportedTransferSyntax { .. })
    ));
}
