//! The content tree of a report (PS3.16 TID 2000).

use super::super::evidence::Reference;
use super::super::{
    Evidence, Heading, Part, Reader, Report, ReportError, ReportLanguage, codes, measurements,
};
use super::Signing;
use super::item::{Item, Relationship, Value};
use super::measured::numbers;

use Relationship::{Contains, HasConceptModifier, HasObservationContext, InferredFrom};

/// The program as it names itself in objects.
pub(super) const PRODUCT: &str = "Dokuei";

/// The root content item with everything below it.
pub(super) fn content<'a>(
    report: &Report,
    reader: &Reader,
    evidence: &Evidence<'a>,
    signing: &Signing,
) -> Result<Item<'a>, ReportError> {
    let mut root = Item::new(codes::DIAGNOSTIC_IMAGING_REPORT, Value::Container);
    root = root.with(HasConceptModifier, Item::new(codes::LANGUAGE, Value::Code(report.language.code())));
    for context in person(reader).into_iter().chain(device(signing)) {
        root = root.with(HasObservationContext, context);
    }
    for heading in Heading::ALL {
        if let Some(container) = section(report, heading, evidence)? {
            root = root.with(Contains, container);
        }
    }
    if let Some(container) = key_images(report, evidence)? {
        root = root.with(Contains, container);
    }
    Ok(root)
}

/// The reader (TID 1002 row 1, TID 1003).
fn person<'a>(reader: &Reader) -> Vec<Item<'a>> {
    let mut items = vec![
        Item::new(codes::OBSERVER_TYPE, Value::Code(codes::PERSON)),
        Item::new(codes::PERSON_NAME, Value::PersonName(reader.name.clone())),
    ];
    for (concept, text) in
        [(codes::PERSON_LOGIN, &reader.id), (codes::PERSON_ORGANISATION, &reader.organisation)]
    {
        if !text.is_empty() {
            items.push(Item::new(concept, Value::Text(text.clone())));
        }
    }
    items
}

/// The workstation that computed the measurements (TID 1002 row 1, TID 1004).
fn device<'a>(signing: &Signing) -> Vec<Item<'a>> {
    let text = |concept| Item::new(concept, Value::Text(PRODUCT.to_owned()));
    vec![
        Item::new(codes::OBSERVER_TYPE, Value::Code(codes::DEVICE)),
        Item::new(codes::DEVICE_UID, Value::UidReference(signing.device.clone())),
        text(codes::DEVICE_NAME),
        text(codes::DEVICE_MANUFACTURER),
        text(codes::DEVICE_MODEL),
    ]
}

/// The container of a heading; findings hold the measurements after their text.
fn section<'a>(
    report: &Report,
    heading: Heading,
    evidence: &Evidence<'a>,
) -> Result<Option<Item<'a>>, ReportError> {
    let text = report.text(heading);
    let mut children = Vec::new();
    if !text.is_empty() {
        children.push(Item::new(heading.element(), Value::Text(text.to_owned())));
    }
    if heading == Heading::Findings {
        for (index, measurement) in report.measurements.iter().enumerate() {
            let (reference, values) = measurements::compute(measurement, index + 1, evidence)?;
            let items = numbers(&measurement.shape, &values, reference, report.language);
            // Several values of one shape must be seen to belong together, named or not.
            let label = match measurement.label.reveal().as_str() {
                "" if items.len() > 1 => unnamed(index + 1, report.language),
                label => label.to_owned(),
            };
            children.extend(labelled(&label, items));
        }
    }
    Ok(contain(heading.container(), children))
}

/// Words for a measurement that the reader did not name.
fn unnamed(number: usize, language: ReportLanguage) -> String {
    if language.is_japanese() { format!("計測{number}") } else { format!("Measurement {number}") }
}

/// Observations under the words they belong to; without words they stand alone (TID 2002 rows 3 to 5).
fn labelled<'a>(words: &str, observations: Vec<Item<'a>>) -> Vec<Item<'a>> {
    if words.is_empty() {
        return observations;
    }
    let finding = Item::new(codes::FINDING, Value::Text(words.to_owned()));
    vec![observations.into_iter().fold(finding, |finding, item| finding.with(InferredFrom, item))]
}

fn key_images<'a>(report: &Report, evidence: &Evidence<'a>) -> Result<Option<Item<'a>>, ReportError> {
    let mut children = Vec::new();
    for (index, key_image) in report.key_images.iter().enumerate() {
        let reference: Reference<'a> =
            evidence.find(&key_image.image, key_image.frame, Part::KeyImage(index + 1))?;
        let image = Item::new(codes::BEST_ILLUSTRATION, Value::Image(reference));
        children.extend(labelled(key_image.note.reveal(), vec![image]));
    }
    Ok(contain(codes::KEY_IMAGES, children))
}

fn contain<'a>(title: super::super::Code, children: Vec<Item<'a>>) -> Option<Item<'a>> {
    let container = Item::new(title, Value::Container);
    let whole =
        |items: Vec<Item<'a>>| items.into_iter().fold(container, |all, item| all.with(Contains, item));
    (!children.is_empty()).then(|| whole(children))
}
