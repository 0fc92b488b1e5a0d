//! Writing elements: the value representation comes from the dictionary, the value from Rust.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::value::{C, DataSetSequence};
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_object::InMemDicomObject;

/// A data set or an item of a sequence in the making.
#[derive(Debug)]
pub(super) struct Elements(pub(super) InMemDicomObject);

fn vr(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}

impl Elements {
    pub(super) fn new() -> Self {
        Self(InMemDicomObject::new_empty())
    }

    fn put(&mut self, tag: Tag, value: PrimitiveValue) {
        self.0.put(DataElement::new(tag, vr(tag), value));
    }

    /// Text; several values are separated by a backslash; an empty text is an element without value (type 2).
    pub(super) fn text(&mut self, tag: Tag, value: &str) {
        let values: C<String> = value.split('\\').map(str::to_owned).collect();
        self.put(tag, if value.is_empty() { PrimitiveValue::Empty } else { PrimitiveValue::Strs(values) });
    }

    /// Decimal strings of at most 16 characters (PS3.5 6.2).
    pub(super) fn decimals(&mut self, tag: Tag, values: &[f64]) {
        let texts: Vec<String> = values.iter().map(|v| decimal(*v)).collect();
        self.text(tag, &texts.join("\\"));
    }

    pub(super) fn integer(&mut self, tag: Tag, value: u32) {
        self.text(tag, &value.to_string());
    }

    pub(super) fn short(&mut self, tag: Tag, value: u16) {
        self.put(tag, PrimitiveValue::from(value));
    }

    /// Signed 16-bit, for elements that follow Pixel Representation.
    pub(super) fn signed_short(&mut self, tag: Tag, value: i16) {
        self.0.put(DataElement::new(tag, VR::SS, PrimitiveValue::from(value)));
    }

    pub(super) fn long(&mut self, tag: Tag, value: u32) {
        self.put(tag, PrimitiveValue::from(value));
    }

    pub(super) fn signed_long(&mut self, tag: Tag, value: i32) {
        self.put(tag, PrimitiveValue::from(value));
    }

    pub(super) fn double(&mut self, tag: Tag, value: f64) {
        self.put(tag, PrimitiveValue::from(value));
    }

    /// An attribute tag as a value.
    pub(super) fn pointer(&mut self, tag: Tag, to: Tag) {
        self.put(tag, PrimitiveValue::Tags(C::from_elem(to, 1)));
    }

    /// A sequence; without items it is present and empty (type 2).
    pub(super) fn items(&mut self, tag: Tag, items: Vec<Self>) {
        let items: Vec<InMemDicomObject> = items.into_iter().map(|item| item.0).collect();
        let sequence = DataSetSequence::from(items);
        let length = sequence.length();
        self.0.put(DataElement::new_with_len(tag, VR::SQ, length, sequence));
    }

    /// A code sequence of one item (PS3.3 8.8).
    pub(super) fn code(&mut self, tag: Tag, value: &str, scheme: &str, meaning: &str) {
        let mut item = Self::new();
        item.text(tags::CODE_VALUE, value);
        item.text(tags::CODING_SCHEME_DESIGNATOR, scheme);
        item.text(tags::CODE_MEANING, meaning);
        self.items(tag, vec![item]);
    }
}

/// The shortest text of a number to six decimals after the point, to nine below one.
fn decimal(value: f64) -> String {
    let text = if value.abs() < 2.0 { format!("{value:.9}") } else { format!("{value:.6}") };
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_short_and_exact() {
        for (value, text) in [
            (0.75, "0.75"),
            (-191.625, "-191.625"),
            (0.292371705, "0.292371705"),
            (-0.292371705, "-0.292371705"),
            (0.0, "0"),
            (-0.0, "0"),
            (120.0, "120"),
        ] {
            assert_eq!(decimal(value), text);
            assert!(decimal(value).len() <= 16);
        }
    }
}
