//! Content items as a tree of values, and their encoding (PS3.3 C.17.3).

use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::tags;
use dicom_object::mem::InMemElement;
use glam::DVec2;

use super::super::Code;
use super::super::evidence::Reference;
use super::dataset::{code, item, sequence, text};
use crate::dicom::{PersonName, Uid};

/// How a content item relates to its parent (PS3.3 table C.17.3-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relationship {
    Contains,
    HasObservationContext,
    HasConceptModifier,
    HasProperties,
    InferredFrom,
    SelectedFrom,
}

impl Relationship {
    fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "CONTAINS",
            Self::HasObservationContext => "HAS OBS CONTEXT",
            Self::HasConceptModifier => "HAS CONCEPT MOD",
            Self::HasProperties => "HAS PROPERTIES",
            Self::InferredFrom => "INFERRED FROM",
            Self::SelectedFrom => "SELECTED FROM",
        }
    }
}

/// Graphic Type of a SCOORD (PS3.3 C.18.6.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Graphic {
    Point,
    Polyline,
    Ellipse,
}

/// The value of a content item.
pub(super) enum Value<'a> {
    Container,
    Text(String),
    Code(Code),
    PersonName(PersonName),
    UidReference(Uid),
    Number { value: f64, unit: Code },
    Image(Reference<'a>),
    Coordinates { graphic: Graphic, points: Vec<DVec2> },
}

/// One content item with its children. Trees made here are at most seven levels deep.
pub(super) struct Item<'a> {
    concept: Option<Code>,
    value: Value<'a>,
    children: Vec<(Relationship, Item<'a>)>,
}

impl<'a> Item<'a> {
    pub(super) fn new(concept: Code, value: Value<'a>) -> Self {
        Self { concept: Some(concept), value, children: Vec::new() }
    }

    /// An item whose purpose is clear from its parent: an image a coordinate is selected from.
    pub(super) fn unnamed(value: Value<'a>) -> Self {
        Self { concept: None, value, children: Vec::new() }
    }

    /// With one more child.
    pub(super) fn with(mut self, relationship: Relationship, child: Item<'a>) -> Self {
        self.children.push((relationship, child));
        self
    }

    /// The elements of the root content item, with its template (PS3.3 C.18.8).
    pub(super) fn into_root(self) -> Vec<InMemElement> {
        let template = item([
            text(tags::MAPPING_RESOURCE, VR::CS, "DCMR"),
            text(tags::TEMPLATE_IDENTIFIER, VR::CS, "2000"),
        ]);
        let mut elements = self.into_elements();
        elements.push(sequence(tags::CONTENT_TEMPLATE_SEQUENCE, vec![template]));
        elements
    }

    fn into_elements(self) -> Vec<InMemElement> {
        let mut elements = value_elements(self.value);
        if let Some(concept) = self.concept {
            elements.push(code(tags::CONCEPT_NAME_CODE_SEQUENCE, concept));
        }
        if !self.children.is_empty() {
            let child = |(relationship, child): (Relationship, Item<'a>)| {
                let mut elements = child.into_elements();
                elements.push(text(tags::RELATIONSHIP_TYPE, VR::CS, relationship.as_str()));
                item(elements)
            };
            let children = self.children.into_iter().map(child).collect();
            elements.push(sequence(tags::CONTENT_SEQUENCE, children));
        }
        elements
    }
}

fn value_elements(value: Value<'_>) -> Vec<InMemElement> {
    let typed = |name: &str, elements: Vec<InMemElement>| {
        let mut all = vec![text(tags::VALUE_TYPE, VR::CS, name)];
        all.extend(elements);
        all
    };
    match value {
        Value::Container => typed("CONTAINER", vec![text(tags::CONTINUITY_OF_CONTENT, VR::CS, "SEPARATE")]),
        // Lines of text end in CR LF (PS3.5 6.1.3).
        Value::Text(words) => {
            typed("TEXT", vec![text(tags::TEXT_VALUE, VR::UT, &words.replace('\n', "\r\n"))])
        }
        Value::Code(concept) => typed("CODE", vec![code(tags::CONCEPT_CODE_SEQUENCE, concept)]),
        Value::PersonName(name) => typed("PNAME", vec![text(tags::PERSON_NAME, VR::PN, &name.to_dicom())]),
        Value::UidReference(uid) => typed("UIDREF", vec![text(tags::UID, VR::UI, uid.as_str())]),
        Value::Number { value, unit } => typed("NUM", vec![number(value, unit)]),
        Value::Image(reference) => typed("IMAGE", vec![image(&reference)]),
        Value::Coordinates { graphic, points } => typed("SCOORD", coordinates(graphic, &points)),
    }
}

/// Numeric Measurement macro (PS3.3 C.18.1).
fn number(value: f64, unit: Code) -> InMemElement {
    let measured = item([
        text(tags::NUMERIC_VALUE, VR::DS, &decimal_string(value)),
        code(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, unit),
    ]);
    sequence(tags::MEASURED_VALUE_SEQUENCE, vec![measured])
}

/// A finite number as DS: at most 16 characters (PS3.5 6.2).
fn decimal_string(value: f64) -> String {
    const LONGEST: usize = 16;
    let plain = value.to_string();
    if plain.len() <= LONGEST {
        return plain;
    }
    // Sign, digit, point, e, sign and three exponent digits leave eight more digits.
    format!("{value:.8e}")
}

/// Image Reference macro (PS3.3 C.18.4): the frame number only where there is more than one frame.
fn image(reference: &Reference<'_>) -> InMemElement {
    let instance = reference.image.instance;
    let many = instance.image.as_ref().is_some_and(|image| image.format.frames > 1);
    let mut elements = vec![
        text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, instance.sop_class.as_str()),
        text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance.sop_instance.as_str()),
    ];
    if let (true, Some(frame)) = (many, reference.frame) {
        elements.push(text(tags::REFERENCED_FRAME_NUMBER, VR::IS, &(frame + 1).to_string()));
    }
    sequence(tags::REFERENCED_SOP_SEQUENCE, vec![item(elements)])
}

/// Spatial Coordinates macro (PS3.3 C.18.6): column, row pairs.
fn coordinates(graphic: Graphic, points: &[DVec2]) -> Vec<InMemElement> {
    let name = match graphic {
        Graphic::Point => "POINT",
        Graphic::Polyline => "POLYLINE",
        Graphic::Ellipse => "ELLIPSE",
    };
    let flat: Vec<f32> = points.iter().flat_map(|p| [p.x as f32, p.y as f32]).collect();
    vec![
        text(tags::GRAPHIC_TYPE, VR::CS, name),
        DataElement::new(tags::GRAPHIC_DATA, VR::FL, PrimitiveValue::F32(flat.into())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::codes;

    #[test]
    fn numbers_fit_a_decimal_string_and_come_back() {
        for value in [0.0, 9.13, -1024.0, 123_457_000.0, 0.001_234_57, 1.234_57e-30, -1.234_57e300, 1.0 / 3.0]
        {
            let text = decimal_string(value);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap();
            assert!((back - value).abs() <= value.abs() * 1e-8, "{value} {text}");
        }
    }

    #[test]
    fn lines_of_text_end_in_cr_lf_in_the_object() {
        let object = item(Item::new(codes::FINDING, Value::Text("a\nb".into())).into_elements());
        let text = object.element(tags::TEXT_VALUE).unwrap().to_str().unwrap().into_owned();
        assert_eq!(text, "a\r\nb");
    }
}
