//! A data set as a DICOM JSON object (PS3.18 annex F.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dicom_core::header::Header;
use dicom_core::value::Value as Element;
use dicom_core::{PrimitiveValue, Tag, VR};
use dicom_object::InMemDicomObject;
use serde_json::{Map, Value, json};

use super::attributes::key;
use crate::dicom::PersonName;

/// Writes a data set. Elements for which `bulk_uri` gives a URI are referred to by it (BulkDataURI), other
/// binary values stand inline; group lengths and file meta information are left out.
pub(super) fn json_of(object: &InMemDicomObject, bulk_uri: &dyn Fn(Tag) -> Option<String>) -> Value {
    let mut attributes = Map::new();
    for element in object {
        let tag = element.tag();
        if tag.element() == 0 || tag.group() <= 2 {
            continue;
        }
        let vr = element.vr().to_string();
        let value = match bulk_uri(tag) {
            Some(uri) => json!({ "vr": vr, "BulkDataURI": uri }),
            None => attribute(element.vr(), element.value(), bulk_uri),
        };
        attributes.insert(key(tag), value);
    }
    Value::Object(attributes)
}

fn attribute<P>(
    vr: VR,
    value: &Element<InMemDicomObject, P>,
    bulk_uri: &dyn Fn(Tag) -> Option<String>,
) -> Value {
    let name = vr.to_string();
    let values: Vec<Value> = match value {
        Element::Sequence(items) => items.items().iter().map(|item| json_of(item, bulk_uri)).collect(),
        Element::PixelSequence(_) => Vec::new(),
        Element::Primitive(PrimitiveValue::Empty) => Vec::new(),
        Element::Primitive(primitive) if is_binary(vr) => {
            return json!({ "vr": name, "InlineBinary": STANDARD.encode(primitive.to_bytes()) });
        }
        Element::Primitive(primitive) => primitives(vr, primitive),
    };
    if values.is_empty() { json!({ "vr": name }) } else { json!({ "vr": name, "Value": values }) }
}

fn is_binary(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN)
}

fn primitives(vr: VR, primitive: &PrimitiveValue) -> Vec<Value> {
    match primitive {
        PrimitiveValue::Tags(tags) => tags.iter().map(|tag| key(*tag).into()).collect(),
        PrimitiveValue::U8(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::I16(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::U16(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::I32(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::U32(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::I64(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::U64(v) => v.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::F32(v) => v.iter().map(|n| number(f64::from(*n))).collect(),
        PrimitiveValue::F64(v) => v.iter().map(|n| number(*n)).collect(),
        text => text.to_multi_str().iter().map(|one| string(vr, one)).collect(),
    }
}

/// JSON has no NaN and no infinities: those stand as strings (PS3.18 F.2.3.1).
fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or_else(|| json!(value.to_string()), Value::Number)
}

fn string(vr: VR, text: &str) -> Value {
    let trimmed = match vr {
        VR::UI => text.trim_end_matches(['\0', ' ']),
        VR::LT | VR::ST | VR::UT => text.trim_end_matches([' ', '\0']),
        _ => text.trim_matches([' ', '\0']),
    };
    if trimmed.is_empty() {
        return Value::Null;
    }
    match vr {
        VR::PN => person_name(trimmed),
        VR::IS => trimmed.parse::<i64>().map_or_else(|_| json!(trimmed), |n| json!(n)),
        VR::DS => trimmed.parse::<f64>().map_or_else(|_| json!(trimmed), number),
        _ => json!(trimmed),
    }
}

fn person_name(text: &str) -> Value {
    let name = PersonName::parse(text);
    let mut groups = Map::new();
    for (group, value) in
        [("Alphabetic", name.alphabetic), ("Ideographic", name.ideographic), ("Phonetic", name.phonetic)]
    {
        if !value.is_empty() {
            groups.insert(group.to_owned(), value.into());
        }
    }
    Value::Object(groups)
}
