//! Short names for putting elements into data sets.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::super::Code;

/// An element of one text value.
pub(super) fn text(tag: Tag, vr: VR, value: &str) -> InMemElement {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

/// A sequence; without items it is present and empty (type 2).
pub(super) fn sequence(tag: Tag, items: Vec<InMemDicomObject>) -> InMemElement {
    DataElement::new(tag, VR::SQ, DataSetSequence::from(items))
}

/// An item of these elements.
pub(super) fn item(elements: impl IntoIterator<Item = InMemElement>) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(elements)
}

/// A sequence with one coded concept (PS3.3 8.8, basic coded entry).
pub(super) fn code(tag: Tag, code: Code) -> InMemElement {
    use dicom_dictionary_std::tags;
    sequence(
        tag,
        vec![item([
            text(tags::CODE_VALUE, VR::SH, code.value),
            text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, code.scheme),
            text(tags::CODE_MEANING, VR::LO, code.meaning),
        ])],
    )
}
