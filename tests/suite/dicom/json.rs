//! DICOM JSON: written as pydicom writes it, read back equal, and one broken element never costs the others.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR, dicom_value};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dokuei::dicom::error::WarningCode;
use dokuei::dicom::{json, parse, part10, write};
use serde_json::{Value, json};

use super::pydicom;
use crate::data;

const FILES: &[&str] = &[
    "modality/CT_small.dcm",
    "charset/chrH32.dcm",
    "charset/chrX2.dcm",
    "transfer-syntax/emri_small.dcm",
    "transfer-syntax/parametric_map_float.dcm",
    "transfer-syntax/emri_small_big_endian.dcm",
    "transfer-syntax/report_dfl",
    "broken/explicit_VR-UN.dcm",
    "broken/UN_sequence.dcm",
    "broken/bad_sequence.dcm",
    "volumes/cerr-head-neck-ct/IMG_00015.dcm",
    "objects/kos-4801/kos.dcm",
    "objects/dcmqi-sr-example/sr.dcm",
    "objects/seg_image_ct_binary.dcm",
    "objects/weasis-pr/prLUTs.dcm",
    "objects/rtplan.dcm",
];

fn dataset(name: &str) -> Option<InMemDicomObject> {
    Some(part10::read_dataset(&data::read(name)?.into()).unwrap().0)
}

/// Whether two JSON values say the same: DS, IS and FL may be numbers or strings, and a double's digits may go on
/// where a single's end.
fn same(ours: &Value, theirs: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        _ if ours == theirs => true,
        // pydicom writes "" where the standard has null (PS3.18 F.2.5).
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        _ => match (number(ours), number(theirs)) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(b.abs()),
            _ => false,
        },
    }
}

#[test]
fn a_data_set_is_written_as_pydicom_writes_it() {
    let here = FILES.iter().filter_map(|name| Some((*name, data::path(name)?)));
    let (names, paths): (Vec<_>, Vec<_>) = here.unzip();
    let Some(theirs) = pydicom::run("to_json.py", &paths) else { return };
    let theirs: Vec<Value> = serde_json::from_slice(&theirs).unwrap();
    for (name, mut theirs) in names.into_iter().zip(theirs) {
        let mut ours = json::write_dataset(&dataset(name).unwrap(), &|_| None);
        let ours = ours.as_object_mut().unwrap();
        let theirs = theirs.as_object_mut().unwrap();
        // Ours is UTF-8 and says so; private elements pydicom was told to leave out.
        ours.remove("00080005");
        theirs.remove("00080005");
        ours.retain(|tag, _| u16::from_str_radix(&tag[..4], 16).unwrap() % 2 == 0);
        for (tag, value) in ours.iter() {
            let other = theirs.remove(tag).unwrap_or_default();
            assert!(same(value, &other), "{name} {tag}:\n{value}\n{other}");
        }
        theirs.retain(|tag, _| !tag.starts_with("7FE0") && tag != "FFFCFFFC" && !tag.ends_with("0000"));
        assert!(theirs.is_empty(), "{name}: not written: {theirs:?}");
    }
}

#[test]
fn what_is_written_is_read_back_equal() {
    for name in FILES {
        let Some(dataset) = dataset(name) else { continue };
        let written = json::write_dataset(&dataset, &|_| None);
        let (read, warnings) = json::read_dataset(&serde_json::from_str(&written.to_string()).unwrap());
        assert_eq!(write::dataset_equal(&dataset, &read), Ok(()), "{name}");
        assert_eq!(warnings, [], "{name}");
        // The typed modules do not see by which way an object came, but for its pixel data.
        let typed = |dataset| parse::instance(dataset, None).map(|(instance, _)| instance);
        assert_eq!(typed(&dataset), typed(&read), "{name}");
    }
}

#[test]
fn a_broken_element_is_left_out_and_the_others_stay() {
    let reply = json!({
        "00100010": { "vr": "PN", "Value": [{ "Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎" }] },
        "00100020": { "vr": "LO", "Value": [null] },
        "00080090": { "vr": "PN", "Value": [null] },
        "00ああ0010": { "vr": "LO", "Value": ["x"] },
        "0010": { "vr": "LO", "Value": ["x"] },
        "00280010": { "vr": "US", "Value": [-1] },
        "00280011": { "vr": "US", "Value": [512] },
        "00280100": { "vr": "US", "Value": "16" },
        "00280101": { "vr": "??", "Value": [12] },
        "00281053": { "vr": "DS", "Value": [0.5] },
        "00091010": { "vr": "OB", "InlineBinary": "AQI=", "BulkDataURI": "http://elsewhere/" },
        "00091011": { "vr": "OB", "InlineBinary": "%%%" },
        "7FE00010": { "vr": "OW", "BulkDataURI": "instances/1/bulkdata" },
        "00081115": { "vr": "SQ", "Value": [{ "0020000E": { "vr": "UI", "Value": ["1.2"] } }, null] },
    });
    let (dataset, warnings) = json::read_dataset(&reply);
    let name = dataset.get(tags::PATIENT_NAME).unwrap().to_str().unwrap();
    assert_eq!(name, "Yamada^Tarou=山田^太郎");
    assert_eq!(dataset.get(tags::COLUMNS).unwrap().to_int::<u16>().unwrap(), 512);
    assert_eq!(dataset.get(tags::RESCALE_SLOPE).unwrap().to_str().unwrap(), "0.5");
    assert_eq!(dataset.get(tags::REFERENCED_SERIES_SEQUENCE).unwrap().items().unwrap().len(), 2);
    assert_eq!(dataset.get(Tag(0x9, 0x1010)).unwrap().to_bytes().unwrap()[..], [1, 2]);
    for absent in [tags::ROWS, tags::BITS_ALLOCATED, tags::BITS_STORED, tags::PIXEL_DATA, Tag(0x9, 0x1011)] {
        assert!(dataset.get(absent).is_none(), "{absent}");
    }
    // Keys that are no tags are told once.
    let mut about: Vec<&str> = warnings.iter().map(|warning| warning.about.as_str()).collect();
    about.sort_unstable();
    assert_eq!(about, ["(0009,1011)", "(0028,0010)", "(0028,0100)", "(0028,0101)", "JSON"]);
    assert!(warnings.iter().all(|warning| warning.code == WarningCode::BadValue));
    let uris = json::bulk_uris(&reply);
    assert_eq!(
        uris.iter().map(|uri| uri.uri.as_str()).collect::<Vec<_>>(),
        ["http://elsewhere/", "instances/1/bulkdata"]
    );
}

#[test]
fn something_that_is_no_object_or_too_deep_is_survived() {
    for reply in
        [json!(null), json!([]), json!("x"), json!({ "00100010": 3, "00081115": { "vr": "SQ", "Value": 1 } })]
    {
        let (dataset, warnings) = json::read_dataset(&reply);
        assert!(dataset.iter().next().is_none() && !warnings.is_empty(), "{reply}");
    }
    // serde_json itself stops at 128 levels, which are 42 sequences; a value made otherwise may be deeper.
    let mut deep = json!({});
    for _ in 0..100 {
        deep = json!({ "00081115": { "vr": "SQ", "Value": [deep] } });
    }
    let (_, warnings) = json::read_dataset(&deep);
    assert_eq!(warnings.len(), 1);
    assert_eq!(json::bulk_uris(&deep), []);
}

#[test]
fn hostile_text_from_a_centre_is_neutralised() {
    let (dataset, warnings) =
        json::read_dataset(&json!({ "00100020": { "vr": "LO", "Value": ["12\u{202e}34\u{1b}"] } }));
    assert_eq!(dataset.get(tags::PATIENT_ID).unwrap().to_str().unwrap(), "12\u{fffd}34\u{fffd}");
    assert_eq!(warnings[0].code, WarningCode::BadText);
}

#[test]
fn binary_goes_inline_or_by_reference_as_the_caller_says() {
    let dataset = InMemDicomObject::from_element_iter([
        DataElement::new(Tag(0x9, 0x1010), VR::OW, PrimitiveValue::U16([0x0201, 0x0403].as_slice().into())),
        DataElement::new(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA, VR::OW, dicom_value!(U16, [1, 2])),
    ]);
    let uri = |tag| {
        [tags::PIXEL_DATA, tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA].contains(&tag).then(|| "here".into())
    };
    let written = json::write_dataset(&dataset, &uri);
    assert_eq!(written["00091010"]["InlineBinary"], "AQIDBA==");
    assert_eq!(written["00281201"], json!({ "vr": "OW", "BulkDataURI": "here" }));
    assert_eq!(written["7FE00010"], json!({ "vr": "OW", "BulkDataURI": "here" }));
    assert!(written.get("7FE00008").is_none());
}
