//! Values of elements, checked.

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;
use dicom_object::InMemDicomObject;

use super::notes::Notes;
use crate::dicom::error::WarningCode;
use crate::dicom::gate::tag_name;
use crate::dicom::{PersonName, Uid, Warning};

/// More characters than these are no number that anyone measured.
const LONGEST_NUMBER: usize = 64;

/// Reads elements of one data set or item, and notes what is wrong with them.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    dataset: &'a InMemDicomObject,
    notes: &'a Notes,
}

/// An element that may be absent or unusable; the latter has been warned about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field<T> {
    /// Absent, or present without a value.
    Absent,
    /// Its value breaks the standard.
    Bad,
    /// Its value.
    Good(T),
}

impl<T> Field<T> {
    /// The value, if it is good.
    pub(super) fn good(self) -> Option<T> {
        match self {
            Self::Good(value) => Some(value),
            Self::Absent | Self::Bad => None,
        }
    }

    /// Neither absent nor bad matters more than the value.
    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Bad => Field::Bad,
            Self::Good(value) => Field::Good(f(value)),
        }
    }
}

impl<'a> Reader<'a> {
    /// A reader of `dataset` that keeps `notes`.
    pub(super) fn new(dataset: &'a InMemDicomObject, notes: &'a Notes) -> Self {
        Self { dataset, notes }
    }

    /// Notes a warning about an element.
    pub(super) fn warn(self, code: WarningCode, tag: Tag) {
        self.warn_about(code, tag_name(tag));
    }

    /// Notes a warning about something that is no element.
    pub(super) fn warn_about(self, code: WarningCode, about: impl Into<String>) {
        self.notes.warn(Warning::new(code, about));
    }

    /// The data set, for readers of whole trees.
    pub(super) fn dataset(self) -> &'a InMemDicomObject {
        self.dataset
    }

    /// Bytes of the value; 0 for an absent one.
    pub(super) fn size(self, tag: Tag) -> usize {
        self.primitive(tag).map_or(0, PrimitiveValue::calculate_byte_len)
    }

    /// Whether the element has a value.
    pub(super) fn has(self, tag: Tag) -> bool {
        self.dataset.get(tag).is_some_and(|element| {
            element.items().is_some_and(|items| !items.is_empty())
                || element.value().primitive().is_some_and(|value| match value {
                    PrimitiveValue::Str(text) => !text.is_empty(),
                    PrimitiveValue::Strs(texts) => {
                        texts.len() > 1 || texts.iter().any(|text| !text.is_empty())
                    }
                    other => other.multiplicity() > 0,
                })
        })
    }

    fn primitive(self, tag: Tag) -> Option<&'a PrimitiveValue> {
        let value = self.dataset.get(tag)?.value().primitive()?;
        self.notes.pay(tag, value).then_some(value)
    }

    /// All values as text, each without its padding.
    pub(super) fn texts(self, tag: Tag) -> Vec<String> {
        let trim = |text: &str| text.trim_matches([' ', '\0']).to_owned();
        match self.primitive(tag) {
            Some(PrimitiveValue::Strs(values)) => values.iter().map(|text| trim(text)).collect(),
            Some(PrimitiveValue::Str(value)) => vec![trim(value)],
            Some(PrimitiveValue::Empty) | None => Vec::new(),
            Some(other) => other.to_multi_str().iter().map(|text| trim(text)).collect(),
        }
    }

    /// The first value as text, or empty.
    pub(super) fn text(self, tag: Tag) -> String {
        self.texts(tag).into_iter().next().unwrap_or_default()
    }

    /// The value of an element that has one by the standard. Where several stand, they stay together as they
    /// stood, with a warning: what identifies a patient is never shortened to its first part.
    pub(super) fn only_text(self, tag: Tag) -> String {
        let texts = self.texts(tag);
        if texts.len() > 1 {
            self.warn(WarningCode::BadValue, tag);
        }
        texts.join("\\")
    }

    /// A person name.
    pub(super) fn person_name(self, tag: Tag) -> PersonName {
        PersonName::parse(&self.only_text(tag))
    }

    /// A UID; unusable text counts as none (and is warned about by whoever needs it).
    pub(super) fn uid(self, tag: Tag) -> Option<Uid> {
        Uid::parse(&self.text(tag)).ok()
    }

    /// All values as finite numbers. Decimal and integer strings are read strictly (PS3.5 6.2): digits, sign,
    /// point, exponent, nothing else, no value empty.
    pub(super) fn numbers(self, tag: Tag) -> Field<Vec<f64>> {
        use PrimitiveValue as P;
        let numbers: Option<Vec<f64>> = match self.primitive(tag) {
            None | Some(P::Empty) => return Field::Absent,
            Some(P::Strs(values)) if values.iter().all(|text| text.trim_matches([' ', '\0']).is_empty()) => {
                return Field::Absent;
            }
            Some(P::Str(value)) => decimal(value).map(|number| vec![number]),
            Some(P::Strs(values)) => values.iter().map(|text| decimal(text)).collect(),
            Some(P::U8(_)) | Some(P::Tags(_)) => None,
            Some(P::I16(values)) => Some(values.iter().map(|&v| f64::from(v)).collect()),
            Some(P::U16(values)) => Some(values.iter().map(|&v| f64::from(v)).collect()),
            Some(P::I32(values)) => Some(values.iter().map(|&v| f64::from(v)).collect()),
            Some(P::U32(values)) => Some(values.iter().map(|&v| f64::from(v)).collect()),
            Some(P::F32(values)) => Some(values.iter().map(|&v| f64::from(v)).collect()),
            Some(P::F64(values)) => Some(values.to_vec()),
            Some(other) => other.to_multi_float64().ok(),
        };
        match numbers {
            Some(numbers) if numbers.is_empty() => Field::Absent,
            Some(numbers) if numbers.iter().all(|number| number.is_finite()) => Field::Good(numbers),
            _ => {
                self.warn(WarningCode::BadValue, tag);
                Field::Bad
            }
        }
    }

    /// Every value as a finite number, `None` (and a warning) for each that is none: where the others keep their
    /// meaning without it.
    pub(super) fn each_number(self, tag: Tag) -> Vec<Option<f64>> {
        let texts = match self.primitive(tag) {
            Some(PrimitiveValue::Strs(values)) if self.has(tag) => values,
            _ => return self.numbers(tag).good().unwrap_or_default().into_iter().map(Some).collect(),
        };
        let numbers: Vec<_> = texts.iter().map(|text| decimal(text)).collect();
        if numbers.contains(&None) {
            self.warn(WarningCode::BadValue, tag);
        }
        numbers
    }

    /// Exactly `N` numbers.
    pub(super) fn exactly<const N: usize>(self, tag: Tag) -> Field<[f64; N]> {
        match self.numbers(tag).map(|numbers| numbers.try_into().ok()) {
            Field::Absent => Field::Absent,
            Field::Good(Some(numbers)) => Field::Good(numbers),
            Field::Good(None) => {
                self.warn(WarningCode::BadValue, tag);
                Field::Bad
            }
            Field::Bad => Field::Bad,
        }
    }

    /// The first number.
    pub(super) fn number(self, tag: Tag) -> Field<f64> {
        self.numbers(tag).map(|numbers| numbers[0])
    }

    /// The first number if it is whole and fits.
    pub(super) fn integer(self, tag: Tag) -> Option<i32> {
        self.whole(tag).good()
    }

    /// The same, telling absent from bad.
    pub(super) fn whole(self, tag: Tag) -> Field<i32> {
        match self.number(tag) {
            Field::Good(number) if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) =>
            {
                #[allow(clippy::cast_possible_truncation, reason = "checked to be whole and inside i32")]
                Field::Good(number as i32)
            }
            Field::Good(_) => {
                self.warn(WarningCode::BadValue, tag);
                Field::Bad
            }
            Field::Absent => Field::Absent,
            Field::Bad => Field::Bad,
        }
    }

    /// 16-bit words of the element, whatever VR they came under (US, SS, OW, OB, UN): little-endian pairs.
    pub(super) fn words(self, tag: Tag) -> Option<Vec<u16>> {
        use PrimitiveValue as P;
        let narrow = |value: i64| u16::try_from(value & 0xffff).ok();
        match self.primitive(tag)? {
            P::U16(values) => Some(values.to_vec()),
            P::I16(values) => Some(values.iter().map(|value| value.cast_unsigned()).collect()),
            P::U8(bytes) => {
                Some(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect())
            }
            P::I32(values) => values.iter().map(|value| narrow(i64::from(*value))).collect(),
            P::U32(values) => values.iter().map(|value| narrow(i64::from(*value))).collect(),
            P::Strs(values) => values.iter().map(|text| narrow(text.trim().parse().ok()?)).collect(),
            _ => None,
        }
    }

    /// The bytes of the element as they lie in a little-endian file, whatever VR they came under (OB, OW, UN).
    pub(super) fn bytes(self, tag: Tag) -> Option<Vec<u8>> {
        match self.primitive(tag)? {
            PrimitiveValue::U8(bytes) => Some(bytes.to_vec()),
            PrimitiveValue::U16(words) => Some(words.iter().flat_map(|word| word.to_le_bytes()).collect()),
            _ => None,
        }
    }

    /// The items of a sequence; none when it is absent.
    pub(super) fn items(self, tag: Tag) -> impl ExactSizeIterator<Item = Reader<'a>> {
        let items = self.dataset.get(tag).and_then(|element| element.items()).unwrap_or_default();
        items.iter().map(move |dataset| Reader { dataset, notes: self.notes })
    }

    /// The first item of a sequence.
    pub(super) fn item(self, tag: Tag) -> Option<Reader<'a>> {
        self.items(tag).next()
    }
}

/// A 16-bit word as Pixel Representation says.
pub(super) fn word_value(word: u16, signed: bool) -> i32 {
    if signed { i32::from(word.cast_signed()) } else { i32::from(word) }
}

/// A decimal string (PS3.5 6.2), strictly: no comma, no `NaN`, no text, nothing empty. One longer than its 16
/// characters is read all the same, up to [`LONGEST_NUMBER`]: writers that print too many digits mean what they print.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\0']);
    if text.len() > LONGEST_NUMBER {
        return None;
    }
    let allowed = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    let number: f64 = text.bytes().all(allowed).then(|| text.parse().ok())??;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimal_strings_are_read_strictly() {
        for (text, value) in [("1", 1.0), (" -1024 ", -1024.0), ("+.5", 0.5), ("1e-3", 0.001), ("2.", 2.0)] {
            assert_eq!(decimal(text), Some(value), "{text}");
        }
        assert_eq!(decimal("0.48828125000000000000"), Some(0.488_281_25));
        let endless = format!("0.{}", "1".repeat(100));
        for bad in [
            "", " ", ".", "-", "1e", &endless, "2,0", "NaN", "inf", "abc", "1 2", "1e999", "0x10", "--1",
            "1.0 mm",
        ] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }
}
