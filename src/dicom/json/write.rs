//! A data set to DICOM JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dicom_core::value::PrimitiveValue;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::{InMemDicomObject, mem::InMemElement};
use serde_json::{Map, Number, Value, json};

/// Writes one object. A binary element of the root, or its absent pixel data, for which `bulk_uri` has a URI is
/// written as BulkDataURI; other binary values go inline. Group lengths and the meta group are left out
/// (PS3.18 F.2).
pub fn write_dataset(dataset: &InMemDicomObject, bulk_uri: &dyn Fn(Tag) -> Option<String>) -> Value {
    let mut written = object(dataset, bulk_uri);
    let pixels =
        [(tags::FLOAT_PIXEL_DATA, "OF"), (tags::DOUBLE_FLOAT_PIXEL_DATA, "OD"), (tags::PIXEL_DATA, "OW")];
    for (tag, vr) in pixels {
        if dataset.get(tag).is_none()
            && let Some(uri) = bulk_uri(tag)
        {
            written.insert(key(tag), json!({ "vr": vr, "BulkDataURI": uri }));
        }
    }
    Value::Object(written)
}

fn object(dataset: &InMemDicomObject, bulk_uri: &dyn Fn(Tag) -> Option<String>) -> Map<String, Value> {
    dataset
        .iter()
        .filter(|element| element.header().tag.element() != 0 && element.header().tag.group() != 2)
        .map(|element| (key(element.header().tag), one(element, bulk_uri)))
        .collect()
}

fn one(element: &InMemElement, bulk_uri: &dyn Fn(Tag) -> Option<String>) -> Value {
    let vr = element.vr();
    let mut json = Map::new();
    json.insert("vr".to_owned(), vr.to_string().into());
    if let Some(items) = element.items() {
        let items: Vec<Value> = items.iter().map(|item| object(item, &|_| None).into()).collect();
        json.insert("Value".to_owned(), items.into());
    } else if is_binary(vr) {
        if let Some(uri) = bulk_uri(element.header().tag) {
            json.insert("BulkDataURI".to_owned(), uri.into());
        } else if let Some(value) = element.value().primitive()
            && value.calculate_byte_len() > 0
        {
            json.insert("InlineBinary".to_owned(), STANDARD.encode(little_endian(value)).into());
        }
    } else if let Some(value) = element.value().primitive() {
        let values = values(vr, value);
        if !values.is_empty() {
            json.insert("Value".to_owned(), values.into());
        }
    }
    json.into()
}

fn is_binary(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN)
}

/// The bytes of a binary value, words little-endian (PS3.18 F.2.7).
fn little_endian(value: &PrimitiveValue) -> Vec<u8> {
    use PrimitiveValue as P;
    match value {
        P::U16(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::I16(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::U32(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::I32(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::U64(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::I64(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::F32(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        P::F64(v) => v.iter().flat_map(|w| w.to_le_bytes()).collect(),
        other => other.to_bytes().into_owned(),
    }
}

fn values(vr: VR, value: &PrimitiveValue) -> Vec<Value> {
    use PrimitiveValue as P;
    match value {
        P::Empty => Vec::new(),
        P::U8(v) => v.iter().map(|n| (*n).into()).collect(),
        P::U16(v) => v.iter().map(|n| (*n).into()).collect(),
        P::I16(v) => v.iter().map(|n| (*n).into()).collect(),
        P::U32(v) => v.iter().map(|n| (*n).into()).collect(),
        P::I32(v) => v.iter().map(|n| (*n).into()).collect(),
        P::U64(v) => v.iter().map(|n| (*n).into()).collect(),
        P::I64(v) => v.iter().map(|n| (*n).into()).collect(),
        P::F32(v) => v.iter().map(|n| single(*n)).collect(),
        P::F64(v) => v.iter().map(|n| double(*n)).collect(),
        P::Tags(v) => v.iter().map(|tag| key(*tag).into()).collect(),
        P::Str(_) | P::Strs(_) | P::Date(_) | P::DateTime(_) | P::Time(_) => strings(vr, value),
    }
}

fn strings(vr: VR, value: &PrimitiveValue) -> Vec<Value> {
    let texts = value.to_multi_str();
    if texts.iter().all(|text| trimmed(vr, text).is_empty()) {
        return Vec::new();
    }
    texts
        .iter()
        .map(|text| match (vr, trimmed(vr, text)) {
            (_, "") => Value::Null,
            (VR::PN, text) => person_name(text),
            (VR::DS | VR::IS, text) => number(text),
            (_, text) => text.into(),
        })
        .collect()
}

/// Without padding; leading spaces mean something in paragraphs only (PS3.5 6.2).
fn trimmed(vr: VR, text: &str) -> &str {
    let text = text.trim_end_matches(['\0', ' ']);
    if matches!(vr, VR::ST | VR::LT | VR::UT | VR::UC) { text } else { text.trim_start_matches(' ') }
}

fn person_name(text: &str) -> Value {
    // As written: a typed PersonName would drop empty components.
    let groups = ["Alphabetic", "Ideographic", "Phonetic"].into_iter().zip(text.split('='));
    let filled = groups.filter(|(_, group)| !group.is_empty());
    Value::Object(filled.map(|(group, text)| (group.to_owned(), text.into())).collect())
}

/// DS and IS as a JSON number where that says the same in the same digits, else as the string (PS3.18 F.2.3.1).
fn number(text: &str) -> Value {
    match text.parse::<Number>() {
        Ok(number) if number.to_string() == text => Value::Number(number),
        _ => text.into(),
    }
}

fn single(number: f32) -> Value {
    // The digits of the f32, not those of the f64 next to it.
    number.to_string().parse::<Number>().map_or_else(|_| double(f64::from(number)), Value::Number)
}

fn double(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| not_finite(number).into(), Value::Number)
}

fn not_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn key(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}
