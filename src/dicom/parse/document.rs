//! What is no image: a structured report's text, or the names of what an object holds.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::values::Reader;
use crate::dicom::document::{self, Document, Fact, Label, Line, MOST_LINES, Style};
use crate::dicom::error::WarningCode;
use crate::dicom::sop_class::DocumentKind;
use crate::dicom::{Phi, structured};

/// Reads a document of this kind. Pages of a PDF are counted by whoever has its bytes.
pub(super) fn read(reader: Reader<'_>, kind: DocumentKind) -> Document {
    let mut document = match kind {
        DocumentKind::Report | DocumentKind::KeyObjects => report(reader, kind),
        DocumentKind::Segmentation => listed(reader, kind, segments(reader)),
        DocumentKind::StructureSet => listed(reader, kind, regions(reader)),
        DocumentKind::Waveform => listed(reader, kind, waveforms(reader)),
        DocumentKind::Pdf | DocumentKind::Cda | DocumentKind::Model => {
            listed(reader, kind, encapsulated(reader))
        }
        _ => listed(reader, kind, Vec::new()),
    };
    if document.lines.len() >= MOST_LINES {
        document.lines.truncate(MOST_LINES);
        reader.warn_about(WarningCode::Incomplete, format!("more than {MOST_LINES} lines"));
    }
    document
}

fn report(reader: Reader<'_>, kind: DocumentKind) -> Document {
    let (read, warnings) = structured::read(reader.dataset());
    // Values that are missing are seen where they are missing; what was cut off is not.
    for warning in warnings.into_iter().filter(|warning| warning.code == WarningCode::Incomplete) {
        reader.warn_about(warning.code, warning.about);
    }
    document::of_report(kind, read)
}

/// Where an object says what it is called, the most telling first.
const TITLES: &[Tag] = &[
    tags::DOCUMENT_TITLE,
    tags::STRUCTURE_SET_LABEL,
    tags::RT_PLAN_LABEL,
    tags::HANGING_PROTOCOL_NAME,
    tags::CONTENT_DESCRIPTION,
    tags::CONTENT_LABEL,
];

fn listed(reader: Reader<'_>, kind: DocumentKind, own: Vec<Line>) -> Document {
    let title = TITLES.iter().map(|tag| reader.text(*tag)).find(|text| !text.is_empty());
    // A document's type by its code (PS3.3 C.24.2).
    let coded = || reader.item(tags::CONCEPT_NAME_CODE_SEQUENCE).map(|code| code.text(tags::CODE_MEANING));
    let title = title.or_else(coded).unwrap_or_default();
    let mut lines = Vec::new();
    let labels = [
        (Fact::Label, tags::CONTENT_LABEL),
        (Fact::Description, tags::CONTENT_DESCRIPTION),
        (Fact::Description, tags::RT_PLAN_DESCRIPTION),
        (Fact::Description, tags::STRUCTURE_SET_DESCRIPTION),
        (Fact::Description, tags::HANGING_PROTOCOL_DESCRIPTION),
    ];
    for (fact, tag) in labels {
        let text = reader.text(tag);
        if !text.is_empty() && text != title {
            lines.push(line(fact, text));
        }
    }
    lines.extend(own);
    lines.extend(images(reader));
    Document { kind, title: Phi::new(title), lines, ..Document::default() }
}

fn line(fact: Fact, value: String) -> Line {
    let style = Style::Content;
    Line { level: 0, style, label: Label::Fact(fact), value: Phi::new(value), refers_to: None }
}

/// Segment Number and Segment Label (PS3.3 C.8.20.2).
fn segments(reader: Reader<'_>) -> Vec<Line> {
    let named = |segment: Reader<'_>| {
        let number = segment.integer(tags::SEGMENT_NUMBER).map(|number| number.to_string());
        let parts = [number.unwrap_or_default(), segment.text(tags::SEGMENT_LABEL)];
        line(Fact::Segment, together(parts))
    };
    reader.items(tags::SEGMENT_SEQUENCE).take(MOST_LINES).map(named).collect()
}

/// ROI Number and ROI Name (PS3.3 C.8.8.5).
fn regions(reader: Reader<'_>) -> Vec<Line> {
    let named = |region: Reader<'_>| {
        let number = region.integer(tags::ROI_NUMBER).map(|number| number.to_string());
        line(Fact::Region, together([number.unwrap_or_default(), region.text(tags::ROI_NAME)]))
    };
    reader.items(tags::STRUCTURE_SET_ROI_SEQUENCE).take(MOST_LINES).map(named).collect()
}

/// Each multiplex group: its channels by name, rate and length (PS3.3 C.10.9).
fn waveforms(reader: Reader<'_>) -> Vec<Line> {
    reader.items(tags::WAVEFORM_SEQUENCE).take(MOST_LINES / 4).flat_map(waveform).collect()
}

fn waveform(group: Reader<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let label = group.text(tags::MULTIPLEX_GROUP_LABEL);
    if !label.is_empty() {
        lines.push(line(Fact::Label, label));
    }
    let names: Vec<String> = group
        .items(tags::CHANNEL_DEFINITION_SEQUENCE)
        .take(64)
        .filter_map(|channel| Some(channel.item(tags::CHANNEL_SOURCE_SEQUENCE)?.text(tags::CODE_MEANING)))
        .filter(|name| !name.is_empty())
        .collect();
    let count = group.integer(tags::NUMBER_OF_WAVEFORM_CHANNELS).map(|count| count.to_string());
    lines.push(line(Fact::Channels, together([count.unwrap_or_default(), names.join(", ")])));
    let rate = group.number(tags::SAMPLING_FREQUENCY).good().filter(|rate| *rate > 0.0);
    if let Some(rate) = rate {
        lines.push(line(Fact::SamplingRate, rate.to_string()));
        let samples = group.integer(tags::NUMBER_OF_WAVEFORM_SAMPLES);
        lines
            .extend(samples.map(|samples| line(Fact::Duration, format!("{:.1}", f64::from(samples) / rate))));
    }
    lines
}

/// What is encapsulated (PS3.3 C.24.2).
fn encapsulated(reader: Reader<'_>) -> Vec<Line> {
    let media = reader.text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT);
    let size = reader.size(tags::ENCAPSULATED_DOCUMENT);
    let media = (!media.is_empty()).then(|| line(Fact::MediaType, media));
    media.into_iter().chain((size > 0).then(|| line(Fact::Size, size.to_string()))).collect()
}

/// How many images it refers to, where it lists them by series.
fn images(reader: Reader<'_>) -> Option<Line> {
    let series = reader.items(tags::REFERENCED_SERIES_SEQUENCE);
    let of_series = |series: Reader<'_>| {
        let listed = [tags::REFERENCED_INSTANCE_SEQUENCE, tags::REFERENCED_IMAGE_SEQUENCE];
        listed.into_iter().map(|tag| series.items(tag).len()).sum::<usize>()
    };
    let count: usize = series.map(of_series).sum();
    (count > 0).then(|| line(Fact::Images, count.to_string()))
}

fn together(parts: [String; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
}
