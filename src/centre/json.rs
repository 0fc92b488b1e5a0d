//! Typed access to the attributes of one DICOM JSON object (PS3.18 F.2), as search answers and store
//! responses need it. The text is Unicode whatever Specific Character Set says (F.1.1): it is never decoded
//! again.

use dicom_core::Tag;
use serde_json::{Map, Value, json};

use crate::dicom::{PersonName, Uid};

/// The key of a tag: eight upper-case hexadecimal digits.
pub(super) fn key(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}

/// An attribute with these values; with none it stands empty.
pub(super) fn attribute(vr: &str, values: impl IntoIterator<Item = impl Into<Value>>) -> Value {
    let values: Vec<Value> = values.into_iter().map(Into::into).collect();
    if values.is_empty() { json!({ "vr": vr }) } else { json!({ "vr": vr, "Value": values }) }
}

/// One object: attributes by tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a>(&'a Map<String, Value>);

impl<'a> Item<'a> {
    /// `None` when it is no object.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    fn attribute(self, tag: Tag) -> Option<&'a Map<String, Value>> {
        let key = key(tag);
        self.0.get(&key).or_else(|| self.0.get(&key.to_ascii_lowercase()))?.as_object()
    }

    /// Whether the attribute is there, with or without a value.
    pub(super) fn has(self, tag: Tag) -> bool {
        self.attribute(tag).is_some()
    }

    /// The values, `null` ones included. A single value outside a list, as some centres write it, is one.
    fn values(self, tag: Tag) -> &'a [Value] {
        match self.attribute(tag).and_then(|a| a.get("Value")) {
            Some(Value::Array(values)) => values,
            Some(single) => std::slice::from_ref(single),
            None => &[],
        }
    }

    /// All values as text; what is neither text nor number is left out.
    pub(super) fn texts(self, tag: Tag) -> Vec<String> {
        self.values(tag).iter().filter_map(plain_text).collect()
    }

    /// The first value as text, or empty.
    pub(super) fn text(self, tag: Tag) -> String {
        self.values(tag).first().and_then(plain_text).unwrap_or_default()
    }

    /// The first value as a whole number: JSON writes IS and US as numbers, some centres as text.
    pub(super) fn integer<T: TryFrom<i64>>(self, tag: Tag) -> Option<T> {
        let number = match self.values(tag).first()? {
            Value::Number(n) => {
                n.as_i64().or_else(|| n.as_f64().filter(|f| f.fract() == 0.0).map(|f| f as i64))?
            }
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        T::try_from(number).ok()
    }

    /// The first value as a unique identifier.
    pub(super) fn uid(self, tag: Tag) -> Option<Uid> {
        Uid::parse(&self.text(tag)).ok()
    }

    /// The first value as a person name: an object of three groups (F.2.2), or plain text with `=` between.
    pub(super) fn person_name(self, tag: Tag) -> PersonName {
        match self.values(tag).first() {
            Some(Value::Object(groups)) => {
                let group =
                    |name| groups.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
                PersonName {
                    alphabetic: group("Alphabetic"),
                    ideographic: group("Ideographic"),
                    phonetic: group("Phonetic"),
                }
            }
            Some(Value::String(text)) => PersonName::parse(text),
            _ => PersonName::default(),
        }
    }

    /// The items of a sequence; what is no object is left out.
    pub(super) fn items(self, tag: Tag) -> impl Iterator<Item = Self> {
        self.values(tag).iter().filter_map(Self::of)
    }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom_dictionary_std::tags;

    #[test]
    fn values_are_read_in_every_shape_that_centres_write() {
        let value = json!({
            "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}]},
            "00080090": {"vr": "PN", "Value": ["SATO^H=佐藤^花"]},
            "00100020": {"vr": "LO", "Value": [" 0012 "]},
            "00201208": {"vr": "IS", "Value": [28]},
            "00201206": {"vr": "IS", "Value": ["3"]},
            "00080061": {"vr": "CS", "Value": ["CT", null, "SR"]},
            "0020000d": {"vr": "UI", "Value": ["1.2.3"]},
            "00081030": {"vr": "LO"},
        });
        let item = Item::of(&value).unwrap();
        assert_eq!(item.person_name(tags::PATIENT_NAME).to_dicom(), "Yamada^Tarou=山田^太郎");
        assert_eq!(item.person_name(tags::REFERRING_PHYSICIAN_NAME).ideographic, "佐藤^花");
        assert_eq!(item.text(tags::PATIENT_ID), "0012");
        assert_eq!(item.integer::<u32>(tags::NUMBER_OF_STUDY_RELATED_INSTANCES), Some(28));
        assert_eq!(item.integer::<u32>(tags::NUMBER_OF_STUDY_RELATED_SERIES), Some(3));
        assert_eq!(item.texts(tags::MODALITIES_IN_STUDY), ["CT", "SR"]);
        assert_eq!(item.uid(tags::STUDY_INSTANCE_UID).unwrap().as_str(), "1.2.3");
        assert!(item.has(tags::STUDY_DESCRIPTION) && item.text(tags::STUDY_DESCRIPTION).is_empty());
    }

    #[test]
    fn hostile_values_are_nothing_and_no_panic() {
        let value = json!({
            "00100010": {"vr": "PN", "Value": [null]},
            "00201208": {"vr": "IS", "Value": [-1]},
            "00201206": {"vr": "IS", "Value": [1e300]},
            "0020000D": {"vr": "UI", "Value": ["../../x"]},
            "00ああ": {"vr": "LO", "Value": ["x"]},
            "00081199": {"vr": "SQ", "Value": [null, 3, {"x": 1}]},
            "00100020": 7,
        });
        let item = Item::of(&value).unwrap();
        assert!(item.person_name(tags::PATIENT_NAME).is_empty());
        assert_eq!(item.integer::<u32>(tags::NUMBER_OF_STUDY_RELATED_INSTANCES), None);
        assert_eq!(item.integer::<i32>(tags::NUMBER_OF_STUDY_RELATED_SERIES), None);
        assert_eq!(item.uid(tags::STUDY_INSTANCE_UID), None);
        assert_eq!(item.items(tags::REFERENCED_SOP_SEQUENCE).count(), 1);
        assert_eq!(item.text(tags::PATIENT_ID), "");
        assert!(Item::of(&json!([1])).is_none());
    }
}
