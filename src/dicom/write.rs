//! Data sets to Part 10 bytes, and the proof that what came back is what was written.

use std::borrow::Cow;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject, mem::InMemElement};

use super::DicomError;
use super::gate::tag_name;

/// Our Implementation Class UID (PS3.7 D.3.3.2): UUID-derived (PS3.5 B.2), for ever.
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.196524811029836110914365230911274036542";

/// Our Implementation Version Name: 16 characters at most (PS3.7 D.3.3.2.3).
pub const IMPLEMENTATION_VERSION_NAME: &str = concat!("DOKUEI_", env!("CARGO_PKG_VERSION"));

/// Part 10 bytes (PS3.10 7.1): zero preamble, meta information, the data set in `transfer_syntax`. Text is
/// written in UTF-8 and (0008,0005) says so.
///
/// # Errors
/// [`DicomError::Missing`] without SOP Class or SOP Instance UID, [`DicomError::UnsupportedTransferSyntax`] when
/// dicom-rs cannot write it, [`DicomError::Malformed`] when it refuses the data set.
pub fn part10(dataset: &InMemDicomObject, transfer_syntax: &str) -> Result<Vec<u8>, DicomError> {
    for tag in [tags::SOP_CLASS_UID, tags::SOP_INSTANCE_UID] {
        let text = dataset.get(tag).and_then(|element| element.to_str().ok());
        if text.is_none_or(|text| super::Uid::parse(&text).is_err()) {
            return Err(DicomError::Missing { tag: tag_name(tag) });
        }
    }
    if super::names::transfer_syntax(transfer_syntax).is_none() {
        return Err(DicomError::UnsupportedTransferSyntax {
            uid: transfer_syntax.to_owned(),
            name: String::new(),
        });
    }
    let refused = |what| DicomError::Malformed { tag: "?".to_owned(), what };
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(transfer_syntax)
        .implementation_class_uid(IMPLEMENTATION_CLASS_UID)
        .implementation_version_name(IMPLEMENTATION_VERSION_NAME);
    let object = in_utf8(dataset)
        .into_owned()
        .with_meta(meta)
        .map_err(|_| refused("meta information cannot be made"))?;
    let mut bytes = Vec::new();
    object.write_all(&mut bytes).map_err(|_| refused("the data set cannot be written"))?;
    Ok(bytes)
}

/// The data set with (0008,0005) saying UTF-8, if it has any text beyond ASCII or says something else.
fn in_utf8(dataset: &InMemDicomObject) -> Cow<'_, InMemDicomObject> {
    let says = dataset.get(tags::SPECIFIC_CHARACTER_SET).and_then(|element| element.to_str().ok());
    if says.as_deref() == Some("ISO_IR 192") || (says.is_none() && is_ascii(dataset)) {
        return Cow::Borrowed(dataset);
    }
    let mut copy = dataset.clone();
    copy.put(DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, PrimitiveValue::from("ISO_IR 192")));
    Cow::Owned(copy)
}

fn is_ascii(dataset: &InMemDicomObject) -> bool {
    dataset.iter().all(|element| match (element.items(), element.value().primitive()) {
        (Some(items), _) => items.iter().all(is_ascii),
        (None, Some(PrimitiveValue::Str(text))) => text.is_ascii(),
        (None, Some(PrimitiveValue::Strs(texts))) => texts.iter().all(|text| text.is_ascii()),
        _ => true,
    })
}

/// Whether two data sets say the same, element by element: group lengths, the meta group, trailing padding
/// (also of values) and (0008,0005) aside, since text is compared decoded. An absent element and an empty one
/// differ.
///
/// # Errors
/// The first element in which they differ (of the innermost data set).
pub fn dataset_equal(a: &InMemDicomObject, b: &InMemDicomObject) -> Result<(), Tag> {
    let mut left = a.iter().filter(|element| matters(element));
    let mut right = b.iter().filter(|element| matters(element));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ok(()),
            (Some(a), Some(b)) if a.header().tag == b.header().tag => element_equal(a, b)?,
            (Some(a), Some(b)) => return Err(a.header().tag.min(b.header().tag)),
            (Some(one), None) | (None, Some(one)) => return Err(one.header().tag),
        }
    }
}

fn matters(element: &InMemElement) -> bool {
    let tag = element.header().tag;
    tag.element() != 0
        && tag.group() != 2
        && tag != tags::SPECIFIC_CHARACTER_SET
        && tag != tags::DATA_SET_TRAILING_PADDING
}

fn element_equal(a: &InMemElement, b: &InMemElement) -> Result<(), Tag> {
    let differ = Err(a.header().tag);
    match (a.items(), b.items()) {
        (Some(a), Some(b)) if a.len() == b.len() => {
            return a.iter().zip(b).try_for_each(|(a, b)| dataset_equal(a, b));
        }
        (None, None) => {}
        _ => return differ,
    }
    let equal = match (a.value().primitive(), b.value().primitive()) {
        (Some(left), Some(right)) => primitive_equal(left, right, a.vr() == VR::PN),
        _ => a.value() == b.value(),
    };
    if equal { Ok(()) } else { differ }
}

fn primitive_equal(a: &PrimitiveValue, b: &PrimitiveValue, is_name: bool) -> bool {
    let is_text = |value: &PrimitiveValue| matches!(value, PrimitiveValue::Str(_) | PrimitiveValue::Strs(_));
    if is_text(a) || is_text(b) {
        // Empty groups at the end of a name may be left out with their delimiters (PS3.5 6.2.1.2).
        let padding = if is_name { [' ', '\0', '='] } else { [' ', '\0', '\0'] };
        let joined = |value: &PrimitiveValue| {
            let texts = value.to_multi_str();
            let values: Vec<&str> = texts.iter().map(|text| text.trim_end_matches(padding)).collect();
            values.join("\\")
        };
        return joined(a) == joined(b);
    }
    let (a, b) = (a.to_bytes(), b.to_bytes());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    long.len() - short.len() <= short.len() % 2
        && long.starts_with(short)
        && long[short.len()..].iter().all(|byte| *byte == 0)
}
