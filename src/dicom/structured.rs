//! Any DICOM SR as lines to read: ours, to show what was sent, and those of others.
//!
//! Nothing is refused. What is damaged is left out with a warning; depth and number of items are bounded, so
//! that a hostile tree ends in a warning and not in a full stack. References by
//! identifier are shown as such and never followed, so no loop can form.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::error::WarningCode;
use super::{Phi, Uid, Warning};

/// The deepest level that is read; real trees have fewer than ten.
const DEEPEST: usize = 64;
/// The most content items that are read.
const MOST: usize = 10_000;

/// A structured report as it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SrDocument {
    /// What the document says about itself.
    pub header: Header,
    /// Its content tree, depth first.
    pub content: Vec<ContentItem>,
}

/// What the document says about itself (PS3.3 C.17.2). Empty where the object does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Completion Flag, as in `COMPLETE`.
    pub completion: String,
    /// Verification Flag, as in `VERIFIED`.
    pub verification: String,
    /// Preliminary Flag, as in `FINAL`.
    pub preliminary: String,
    /// Content Date and Content Time.
    pub content_time: (String, String),
    /// Verifying Observer Name with Verifying Organization.
    pub verifiers: Vec<Phi<(String, String)>>,
    /// SOP Instance UIDs of the preceding documents.
    pub predecessors: Vec<Uid>,
    /// Template Identifier of the root, as in `2000`.
    pub template: String,
}

impl Header {
    /// A first reading, which a final report is expected to follow.
    pub fn is_preliminary(&self) -> bool {
        self.preliminary == "PRELIMINARY"
    }
}

/// One content item as it is read by a person, in document order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentItem {
    /// 0 for the root.
    pub level: usize,
    /// Relationship Type, as in `CONTAINS`; empty for the root.
    pub relationship: String,
    /// Value Type, as in `TEXT`.
    pub value_type: String,
    /// Code Meaning of the concept name, or empty.
    pub concept: String,
    /// The value as text: words, a number with its unit, a reference; lines end in LF.
    pub value: Phi<String>,
    /// SOP Instance UID that an image, waveform or other object is referred to by.
    pub refers_to: Option<Uid>,
}

/// Reads the header and the content tree of an SR data set whose text is already decoded.
pub fn read(object: &InMemDicomObject) -> (SrDocument, Vec<Warning>) {
    let mut warnings = Vec::new();
    let content = tree(object, &mut warnings);
    (SrDocument { header: header(object), content }, warnings)
}

fn header(object: &InMemDicomObject) -> Header {
    let references = |study: &InMemDicomObject| {
        let series = items(study, tags::REFERENCED_SERIES_SEQUENCE).iter();
        let instances = series.flat_map(|s| items(s, tags::REFERENCED_SOP_SEQUENCE));
        instances
            .filter_map(|i| Uid::parse(&string(i, tags::REFERENCED_SOP_INSTANCE_UID)).ok())
            .collect::<Vec<_>>()
    };
    Header {
        completion: string(object, tags::COMPLETION_FLAG),
        verification: string(object, tags::VERIFICATION_FLAG),
        preliminary: string(object, tags::PRELIMINARY_FLAG),
        content_time: (string(object, tags::CONTENT_DATE), string(object, tags::CONTENT_TIME)),
        verifiers: items(object, tags::VERIFYING_OBSERVER_SEQUENCE)
            .iter()
            .map(|v| {
                let organisation = string(v, tags::VERIFYING_ORGANIZATION);
                Phi::new((string(v, tags::VERIFYING_OBSERVER_NAME), organisation))
            })
            .collect(),
        predecessors: items(object, tags::PREDECESSOR_DOCUMENTS_SEQUENCE)
            .iter()
            .flat_map(references)
            .collect(),
        template: items(object, tags::CONTENT_TEMPLATE_SEQUENCE)
            .first()
            .map_or_else(String::new, |t| string(t, tags::TEMPLATE_IDENTIFIER)),
    }
}

/// Depth first with its own stack, children in their order.
fn tree(root: &InMemDicomObject, warnings: &mut Vec<Warning>) -> Vec<ContentItem> {
    let mut content = Vec::new();
    let mut waiting = vec![(0, root)];
    while let Some((level, item)) = waiting.pop() {
        if content.len() == MOST {
            warnings.push(Warning::new(WarningCode::Incomplete, "more than 10000 content items"));
            break;
        }
        content.push(content_item(level, item, warnings));
        let children = items(item, tags::CONTENT_SEQUENCE);
        if level == DEEPEST && !children.is_empty() {
            warnings.push(Warning::new(WarningCode::Incomplete, "content deeper than 64 levels"));
            continue;
        }
        waiting.extend(children.iter().rev().map(|child| (level + 1, child)));
    }
    warnings.sort();
    warnings.dedup();
    content
}

fn content_item(level: usize, item: &InMemDicomObject, warnings: &mut Vec<Warning>) -> ContentItem {
    let by_reference = item.get(tags::REFERENCED_CONTENT_ITEM_IDENTIFIER).is_some();
    let mut value_type = string(item, tags::VALUE_TYPE);
    if value_type.is_empty() {
        if by_reference {
            value_type = "REFERENCE".to_owned();
        } else {
            warnings.push(Warning::new(WarningCode::MissingElement, "(0040,A040)"));
        }
    }
    ContentItem {
        level,
        relationship: string(item, tags::RELATIONSHIP_TYPE),
        concept: meaning(item, tags::CONCEPT_NAME_CODE_SEQUENCE),
        value: Phi::new(value(item, &value_type, warnings)),
        refers_to: items(item, tags::REFERENCED_SOP_SEQUENCE)
            .first()
            .and_then(|object| Uid::parse(&string(object, tags::REFERENCED_SOP_INSTANCE_UID)).ok()),
        value_type,
    }
}

fn value(item: &InMemDicomObject, value_type: &str, warnings: &mut Vec<Warning>) -> String {
    let mut needed = |tag: Tag, text: String| {
        if text.is_empty() {
            let about = format!("({:04X},{:04X})", tag.group(), tag.element());
            warnings.push(Warning::new(WarningCode::MissingElement, about));
        }
        text
    };
    match value_type {
        "CONTAINER" => String::new(),
        "TEXT" => needed(tags::TEXT_VALUE, string(item, tags::TEXT_VALUE).replace("\r\n", "\n")),
        "CODE" => needed(tags::CONCEPT_CODE_SEQUENCE, meaning(item, tags::CONCEPT_CODE_SEQUENCE)),
        // Measured Value Sequence may be empty: a measurement that failed (PS3.3 C.18.1).
        "NUM" => number(item),
        "PNAME" => needed(tags::PERSON_NAME, string(item, tags::PERSON_NAME)),
        "UIDREF" => needed(tags::UID, string(item, tags::UID)),
        "DATE" => needed(tags::DATE, string(item, tags::DATE)),
        "TIME" => needed(tags::TIME, string(item, tags::TIME)),
        "DATETIME" => needed(tags::DATE_TIME, string(item, tags::DATE_TIME)),
        "IMAGE" | "COMPOSITE" | "WAVEFORM" => needed(tags::REFERENCED_SOP_SEQUENCE, reference(item)),
        "SCOORD" | "SCOORD3D" => needed(tags::GRAPHIC_TYPE, coordinates(item)),
        "TCOORD" => needed(tags::TEMPORAL_RANGE_TYPE, string(item, tags::TEMPORAL_RANGE_TYPE)),
        "REFERENCE" => identifier(item),
        _ => String::new(),
    }
}

fn number(item: &InMemDicomObject) -> String {
    let Some(measured) = items(item, tags::MEASURED_VALUE_SEQUENCE).first() else { return String::new() };
    let unit = items(measured, tags::MEASUREMENT_UNITS_CODE_SEQUENCE)
        .first()
        .map_or_else(String::new, |unit| string(unit, tags::CODE_VALUE));
    let unit = if unit == "1" { String::new() } else { unit };
    format!("{} {unit}", string(measured, tags::NUMERIC_VALUE)).trim_end().to_owned()
}

fn reference(item: &InMemDicomObject) -> String {
    let Some(object) = items(item, tags::REFERENCED_SOP_SEQUENCE).first() else { return String::new() };
    let uid = string(object, tags::REFERENCED_SOP_INSTANCE_UID);
    match string(object, tags::REFERENCED_FRAME_NUMBER) {
        frame if frame.is_empty() => uid,
        frame => format!("{uid} [{}]", frame.replace('\\', ",")),
    }
}

fn coordinates(item: &InMemDicomObject) -> String {
    let points = item.get(tags::GRAPHIC_DATA).and_then(|e| e.to_multi_float32().ok()).unwrap_or_default();
    let shown: Vec<String> = points.iter().take(16).map(f32::to_string).collect();
    let rest = if points.len() > shown.len() { ",..." } else { "" };
    format!("{} {}{rest}", string(item, tags::GRAPHIC_TYPE), shown.join(",")).trim().to_owned()
}

fn identifier(item: &InMemDicomObject) -> String {
    let path = item.get(tags::REFERENCED_CONTENT_ITEM_IDENTIFIER).and_then(|e| e.to_multi_int::<u32>().ok());
    path.unwrap_or_default().iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// Code Meaning of the first item, or its code where the meaning is absent.
fn meaning(item: &InMemDicomObject, tag: Tag) -> String {
    items(item, tag).first().map_or_else(String::new, |code| {
        let meaning = string(code, tags::CODE_MEANING);
        if meaning.is_empty() { string(code, tags::CODE_VALUE) } else { meaning }
    })
}

fn items(object: &InMemDicomObject, tag: Tag) -> &[InMemDicomObject] {
    object.get(tag).and_then(|element| element.items()).unwrap_or_default()
}

/// The text of an element, or empty where it is absent or no text.
fn string(object: &InMemDicomObject, tag: Tag) -> String {
    let text = object.get(tag).and_then(|element| element.to_str().ok()).unwrap_or_default();
    text.trim_end_matches(['\0', ' ']).to_owned()
}
