//! Small hands for DICOM JSON objects (PS3.18 annex F.2), in which the centre keeps its data sets.

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use serde_json::{Map, Value, json};

use crate::dicom::Uid;

/// A data set as a DICOM JSON object: `GGGGEEEE` to `{ vr, Value }`.
pub(super) type Attributes = Map<String, Value>;

/// The key of a tag: eight upper-case hexadecimal digits.
pub(super) fn key(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}

/// An attribute with values.
pub(super) fn attribute(vr: &str, values: impl IntoIterator<Item = Value>) -> Value {
    let values: Vec<_> = values.into_iter().collect();
    if values.is_empty() { json!({ "vr": vr }) } else { json!({ "vr": vr, "Value": values }) }
}

/// An attribute with one value.
pub(super) fn single(vr: &str, value: impl Into<Value>) -> Value {
    attribute(vr, [value.into()])
}

/// An attribute without a value, with the VR the dictionary gives it.
pub(super) fn empty(tag: Tag) -> Value {
    let vr = StandardDataDictionary.by_tag(tag).map_or("UN", |entry| entry.vr().relaxed().to_string());
    attribute(vr, [])
}

/// A coded concept (PS3.3 section 8): a sequence item.
pub(super) fn code((value, scheme, meaning): (&str, &str, &str)) -> Value {
    json!({
        "00080100": single("SH", value),
        "00080102": single("SH", scheme),
        "00080104": single("LO", meaning),
    })
}

/// The values of an attribute; none if it is absent or empty.
pub(super) fn values(attributes: &Attributes, tag: Tag) -> &[Value] {
    attributes
        .get(&key(tag))
        .and_then(|a| a.get("Value"))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The first value, if it is a string.
pub(super) fn string(attributes: &Attributes, tag: Tag) -> Option<&str> {
    values(attributes, tag).first().and_then(Value::as_str)
}

/// The first value, if it is a UID.
pub(super) fn uid(attributes: &Attributes, tag: Tag) -> Option<Uid> {
    string(attributes, tag).and_then(|text| Uid::parse(text).ok())
}

/// The first value as a number; DICOM JSON may write numbers as strings (PS3.18 F.2.3.1).
pub(super) fn number(attributes: &Attributes, tag: Tag) -> Option<f64> {
    match values(attributes, tag).first()? {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}

/// The first value as a count.
pub(super) fn count(attributes: &Attributes, tag: Tag) -> Option<usize> {
    number(attributes, tag)
        .filter(|n| *n >= 0.0 && *n <= f64::from(u32::MAX) && n.fract() == 0.0)
        .map(|n| n as usize)
}
