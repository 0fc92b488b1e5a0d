//! A document in a viewport: its text from the line that it is scrolled to; or what it is, what is in it by name,
//! and why it is not shown.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Galley, Painter, Rect, Stroke, Ui, pos2, vec2};
use std::sync::Arc;

use super::scene::{Standing, standing_anywhere};
use super::viewed::Viewed;
use super::words;
use crate::dicom::document::{Document, Fact, Label, Line, Style};
use crate::dicom::sop_class::{self, DocumentKind};
use crate::dicom::structured::Header;
use crate::dicom::{Instance, PersonName};
use crate::text::{Message, format};
use crate::ui::{Panel, theme};

/// The widest that text is set, points: longer lines are hard to follow.
const WIDEST: f32 = 860.0;
/// From the edge of the viewport, points.
const MARGIN: f32 = 14.0;
/// How far a level is indented, points.
const INDENT: f32 = 16.0;
/// Below the text, for what is counted, points.
const FOOT: f32 = 26.0;
/// Of the text, points.
const SIZE: f32 = 14.0;

/// Writes the document between `top` and the foot of the viewport, and comes back with what can be read there.
pub(super) fn paint(ui: &Ui, panel: &Panel<'_>, viewed: &Viewed<'_>, top: f32) {
    let Some((standing, document)) = viewed.text() else { return };
    let area = viewed.rect.shrink(1.0);
    let page = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), area.bottom() - FOOT));
    if page.height() < SIZE || page.width() < 4.0 * MARGIN {
        return;
    }
    let painter = ui.painter().with_clip_rect(page.intersect(ui.clip_rect()));
    painter.rect_filled(page, 0.0, theme::PANEL);
    let width = (page.width() - 2.0 * MARGIN).min(WIDEST);
    let left = page.left() + MARGIN;
    let mut y = page.top() + MARGIN * 0.6;
    for (text, size, colour) in heading(panel, &standing.image.instance, document) {
        let galley = painter.layout(text, FontId::proportional(size), colour, width);
        painter.galley(pos2(left, y), Arc::clone(&galley), colour);
        y += galley.size().y + 3.0;
    }
    y += 4.0;
    painter.hline(left..=left + width, y, Stroke::new(1.0, theme::LINE));
    y += 8.0;
    let first = standing.position.min(document.lines.len());
    let mut all = true;
    for (n, line) in document.lines.iter().enumerate().skip(first) {
        let indent = f32::from(line.level.min(12)) * INDENT;
        let galley = laid_out(&painter, panel, viewed, line, (width - indent).max(80.0));
        // No line is cut in half, but one that is higher than the page.
        all = n == first || y + galley.size().y <= page.bottom();
        if !all {
            break;
        }
        painter.galley(pos2(left + indent, y), Arc::clone(&galley), theme::TEXT);
        y += galley.size().y + gap(line);
    }
    if document.lines.len() > 1 && (first > 0 || !all) {
        handle(ui.painter(), page, first, document.lines.len());
    }
}

/// Headings stand apart from what is before them.
fn gap(line: &Line) -> f32 {
    if line.style == Style::Heading { 5.0 } else { 3.0 }
}

/// How far it is scrolled, at the right edge.
fn handle(painter: &Painter, page: Rect, first: usize, lines: usize) {
    let way = page.height() - 24.0;
    let at = page.top() + way * first as f32 / (lines - 1).max(1) as f32;
    let handle = Rect::from_min_size(pos2(page.right() - 5.0, at), vec2(3.0, 24.0));
    painter.rect_filled(handle, 1.5, theme::QUIET);
}

/// Title, what it is, and what it says about itself or why it is not shown.
fn heading(panel: &Panel<'_>, instance: &Instance, document: &Document) -> Vec<(String, f32, Color32)> {
    let kind = kind(panel, instance, document);
    let title = document.title.reveal().trim();
    let mut lines = Vec::new();
    let named = if title.is_empty() { kind.clone() } else { title.to_owned() };
    lines.push((named, theme::HEADING_SIZE, theme::TEXT));
    let mut about = vec![if title.is_empty() { String::new() } else { kind }];
    about.extend(status(panel, &document.header));
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    if !about.is_empty() {
        lines.push((about.join("   "), theme::TEXT_SIZE, theme::QUIET));
    }
    if !document.kind.is_readable() || (document.kind == DocumentKind::Pdf && !document.has_pages()) {
        lines.push((panel.word(why_not(document.kind)), theme::TEXT_SIZE, theme::WARN));
    }
    lines
}

/// What a report says about itself: how far it has come, who stands for it, when.
fn status(panel: &Panel<'_>, header: &Header) -> Vec<String> {
    let flag = |value: &str| match value {
        "COMPLETE" => Some("page-complete"),
        "PARTIAL" => Some("page-partial"),
        "VERIFIED" => Some("page-verified"),
        "UNVERIFIED" => Some("page-unverified"),
        "PRELIMINARY" => Some("page-preliminary"),
        "FINAL" => Some("page-final"),
        _ => None,
    };
    let flags = [&header.preliminary, &header.completion, &header.verification];
    let mut parts: Vec<String> =
        flags.into_iter().filter_map(|value| flag(value)).map(|id| panel.word(id)).collect();
    for verifier in &header.verifiers {
        let (name, organisation) = verifier.reveal();
        let name = words::name(panel.language(), &PersonName::parse(name)).unwrap_or_default();
        let message = Message::new("page-verifier").with("name", name).with("organisation", organisation);
        parts.push(panel.say(&message).trim().to_owned());
    }
    let (date, time) = &header.content_time;
    let moment = format!("{} {}", format::date(panel.language(), date), format::time(time));
    parts.push(moment.trim().to_owned());
    if !header.predecessors.is_empty() {
        parts.push(panel.word("page-predecessor"));
    }
    parts
}

/// What a document is called.
pub(crate) fn kind(panel: &Panel<'_>, instance: &Instance, document: &Document) -> String {
    panel.word(match document.kind {
        DocumentKind::Pdf => "page-kind-pdf",
        DocumentKind::Report => "page-kind-report",
        DocumentKind::KeyObjects => "page-kind-key-objects",
        DocumentKind::Segmentation => "page-kind-segmentation",
        DocumentKind::StructureSet => "page-kind-structure-set",
        DocumentKind::Waveform => "page-kind-waveform",
        DocumentKind::PresentationState => "page-kind-presentation-state",
        DocumentKind::Cda => "page-kind-cda",
        DocumentKind::Model => "page-kind-model",
        DocumentKind::Plan => "page-kind-plan",
        DocumentKind::Registration => "page-kind-registration",
        DocumentKind::Other => return sop_class::name(&instance.sop_class),
    })
}

fn why_not(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Pdf => "page-why-pdf",
        DocumentKind::Segmentation => "page-why-segmentation",
        DocumentKind::StructureSet => "page-why-structure-set",
        DocumentKind::Waveform => "page-why-waveform",
        DocumentKind::PresentationState => "page-why-presentation-state",
        DocumentKind::Cda => "page-why-cda",
        DocumentKind::Model => "page-why-model",
        DocumentKind::Plan => "page-why-plan",
        DocumentKind::Registration => "page-why-registration",
        DocumentKind::Report | DocumentKind::KeyObjects | DocumentKind::Other => "page-why-other",
    }
}

fn laid_out(
    painter: &Painter,
    panel: &Panel<'_>,
    viewed: &Viewed<'_>,
    line: &Line,
    width: f32,
) -> Arc<Galley> {
    let (label, value) = line_words(panel, viewed, line);
    let (label_colour, value_colour) = match line.style {
        Style::Heading => (theme::ACCENT, theme::TEXT),
        Style::Content => (theme::QUIET, theme::TEXT),
        Style::Context => (theme::QUIET, theme::QUIET),
    };
    let size = if line.style == Style::Context { SIZE - 1.5 } else { SIZE };
    let font = FontId::proportional(size);
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    job.append(&label, 0.0, TextFormat::simple(font.clone(), label_colour));
    let apart = if label.is_empty() { 0.0 } else { 10.0 };
    job.append(&value, apart, TextFormat::simple(font, value_colour));
    painter.layout_job(job)
}

/// Label and value as they are read.
fn line_words(panel: &Panel<'_>, viewed: &Viewed<'_>, line: &Line) -> (String, String) {
    let label = match &line.label {
        Label::None => String::new(),
        Label::Coded(meaning) => meaning.clone(),
        Label::Fact(fact) => panel.word(fact_word(*fact)),
    };
    let Some(uid) = &line.refers_to else { return (label, line.value.reveal().clone()) };
    let value = match standing_anywhere(viewed.case, uid) {
        Some(standing) => Message::new("page-refers")
            .with("title", words::title(&standing))
            .with("number", standing.number()),
        None => Message::new("page-refers-elsewhere").with("uid", line.value.reveal()),
    };
    (label, panel.say(&value))
}

fn fact_word(fact: Fact) -> &'static str {
    match fact {
        Fact::Segment => "page-fact-segment",
        Fact::Region => "page-fact-region",
        Fact::Channels => "page-fact-channels",
        Fact::SamplingRate => "page-fact-sampling-rate",
        Fact::Duration => "page-fact-duration",
        Fact::Label => "page-fact-label",
        Fact::Description => "page-fact-description",
        Fact::MediaType => "page-fact-media-type",
        Fact::Size => "page-fact-size",
        Fact::Images => "page-fact-images",
        Fact::Reference => "page-fact-reference",
    }
}

/// What a screen reader reads of it: the heading, and the lines from where it is scrolled to.
pub(super) fn spoken(
    panel: &Panel<'_>,
    viewed: &Viewed<'_>,
    standing: &Standing<'_>,
    document: &Document,
) -> String {
    let mut texts: Vec<String> =
        heading(panel, &standing.image.instance, document).into_iter().map(|(text, ..)| text).collect();
    for line in document.lines.iter().skip(standing.position).take(40) {
        let (label, value) = line_words(panel, viewed, line);
        texts.push(format!("{label} {value}").trim().to_owned());
    }
    texts.join("\n")
}
