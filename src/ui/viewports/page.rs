//! A document in a viewport: its text from the line that it is scrolled to; or what it is, what is in it by name,
//! and why it is not shown.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Context, FontId, Galley, Id, Painter, Pos2, Rect, Stroke, Ui, pos2, vec2};
use std::sync::Arc;

use super::scene::{Standing, standing_anywhere};
use super::viewed::Viewed;
use super::words;
use crate::dicom::document::{Document, Fact, Label, Line, Style};
use crate::dicom::sop_class::{self, DocumentKind};
use crate::dicom::structured::Header;
use crate::dicom::{Instance, PersonName, Uid};
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

/// An image that a line refers to, and where that line stands on screen.
#[derive(Debug, Clone)]
struct Link {
    rect: Rect,
    to: Target,
}

/// An image by its place in the case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    /// Series Instance UID.
    pub(super) series: Uid,
    /// The stack's place in its series.
    pub(super) stack: usize,
    /// The image's place in its stack.
    pub(super) position: usize,
}

/// The image that the line under the mouse refers to, as it was painted last.
pub(super) fn link_at(ctx: &Context, viewed: &Viewed<'_>, at: Pos2) -> Option<Target> {
    viewed.text()?;
    let links = ctx.data(|data| data.get_temp::<Arc<Vec<Link>>>(links_id(viewed)))?;
    links.iter().find(|link| link.rect.contains(at)).map(|link| link.to.clone())
}

/// What the lines refer to.
pub(super) fn forget(ctx: &Context) {
    ctx.data_mut(|data| data.remove_by_type::<Arc<Vec<Link>>>());
}

fn links_id(viewed: &Viewed<'_>) -> Id {
    Id::unique(("links", viewed.id.window, viewed.id.place))
}

/// Writes the document between `top` and the foot of the viewport, and remembers which lines lead to images.
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
    let (mut all, mut links) = (true, Vec::new());
    for (n, line) in document.lines.iter().enumerate().skip(first) {
        let indent = f32::from(line.level.min(12)) * INDENT;
        let (galley, to) = laid_out(&painter, panel, viewed, line, (width - indent).max(80.0));
        // No line is cut in half, but one that is higher than the page.
        all = n == first || y + galley.size().y <= page.bottom();
        if !all {
            break;
        }
        let at = pos2(left + indent, y);
        links.extend(to.map(|to| Link { rect: Rect::from_min_size(at, galley.size()), to }));
        painter.galley(at, Arc::clone(&galley), theme::TEXT);
        y += galley.size().y + gap(line);
    }
    ui.data_mut(|data| data.insert_temp(links_id(viewed), Arc::new(links)));
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
        "COMPLETE" => Some("document-complete"),
        "PARTIAL" => Some("document-partial"),
        "VERIFIED" => Some("document-verified"),
        "UNVERIFIED" => Some("document-unverified"),
        "PRELIMINARY" => Some("document-preliminary"),
        "FINAL" => Some("document-final"),
        _ => None,
    };
    let flags = [&header.preliminary, &header.completion, &header.verification];
    let mut parts: Vec<String> =
        flags.into_iter().filter_map(|value| flag(value)).map(|id| panel.word(id)).collect();
    for verifier in &header.verifiers {
        let (name, organisation) = verifier.reveal();
        let name = words::name(panel.language(), &PersonName::parse(name)).unwrap_or_default();
        let message = Message::new("document-verifier").with("name", name).with("organisation", organisation);
        parts.push(panel.say(&message).trim().to_owned());
    }
    let (date, time) = &header.content_time;
    let moment = format!("{} {}", format::date(panel.language(), date), format::time(time));
    parts.push(moment.trim().to_owned());
    if !header.predecessors.is_empty() {
        parts.push(panel.word("document-predecessor"));
    }
    parts
}

/// What a document is called.
pub(crate) fn kind(panel: &Panel<'_>, instance: &Instance, document: &Document) -> String {
    panel.word(match document.kind {
        DocumentKind::Pdf => "document-kind-pdf",
        DocumentKind::Report => "document-kind-report",
        DocumentKind::KeyObjects => "document-kind-key-objects",
        DocumentKind::Segmentation => "document-kind-segmentation",
        DocumentKind::StructureSet => "document-kind-structure-set",
        DocumentKind::Waveform => "document-kind-waveform",
        DocumentKind::PresentationState => "document-kind-presentation-state",
        DocumentKind::Cda => "document-kind-cda",
        DocumentKind::Model => "document-kind-model",
        DocumentKind::Plan => "document-kind-plan",
        DocumentKind::Registration => "document-kind-registration",
        DocumentKind::Other => return sop_class::name(&instance.sop_class),
    })
}

fn why_not(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Pdf => "document-why-pdf",
        DocumentKind::Segmentation => "document-why-segmentation",
        DocumentKind::StructureSet => "document-why-structure-set",
        DocumentKind::Waveform => "document-why-waveform",
        DocumentKind::PresentationState => "document-why-presentation-state",
        DocumentKind::Cda => "document-why-cda",
        DocumentKind::Model => "document-why-model",
        DocumentKind::Plan => "document-why-plan",
        DocumentKind::Registration => "document-why-registration",
        DocumentKind::Report | DocumentKind::KeyObjects | DocumentKind::Other => "document-why-other",
    }
}

fn laid_out(
    painter: &Painter,
    panel: &Panel<'_>,
    viewed: &Viewed<'_>,
    line: &Line,
    width: f32,
) -> (Arc<Galley>, Option<Target>) {
    let to = line.refers_to.as_ref().and_then(|uid| standing_anywhere(viewed.case, uid));
    let (label, value) = line_words(panel, line, to.as_ref());
    let (label_colour, value_colour) = match line.style {
        Style::Heading => (theme::ACCENT, theme::TEXT),
        Style::Content => (theme::QUIET, theme::TEXT),
        Style::Context => (theme::QUIET, theme::QUIET),
    };
    let value_colour = if to.is_some() { theme::ACCENT } else { value_colour };
    let size = if line.style == Style::Context { SIZE - 1.5 } else { SIZE };
    let font = FontId::proportional(size);
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    job.append(&label, 0.0, TextFormat::simple(font.clone(), label_colour));
    let apart = if label.is_empty() { 0.0 } else { 10.0 };
    job.append(&value, apart, TextFormat::simple(font, value_colour));
    let target = to.map(|standing| Target {
        series: standing.series.series.uid.clone(),
        stack: standing.index,
        position: standing.position,
    });
    (painter.layout_job(job), target)
}

/// Label and value as they are read; a reference as the image that it leads to.
fn line_words(panel: &Panel<'_>, line: &Line, to: Option<&Standing<'_>>) -> (String, String) {
    let label = match &line.label {
        Label::None => String::new(),
        Label::Coded(meaning) => meaning.clone(),
        Label::Fact(fact) => panel.word(fact_word(*fact)),
    };
    let value = match (to, &line.refers_to) {
        (Some(standing), _) => Message::new("document-refers")
            .with("title", words::title(standing))
            .with("number", standing.number()),
        (None, Some(_)) => Message::new("document-refers-elsewhere").with("uid", line.value.reveal()),
        (None, None) => return (label, line.value.reveal().clone()),
    };
    (label, panel.say(&value))
}

fn fact_word(fact: Fact) -> &'static str {
    match fact {
        Fact::Segment => "document-fact-segment",
        Fact::Region => "document-fact-region",
        Fact::Channels => "document-fact-channels",
        Fact::SamplingRate => "document-fact-sampling-rate",
        Fact::Duration => "document-fact-duration",
        Fact::Label => "document-fact-label",
        Fact::Description => "document-fact-description",
        Fact::MediaType => "document-fact-media-type",
        Fact::Size => "document-fact-size",
        Fact::Images => "document-fact-images",
        Fact::Reference => "document-fact-reference",
        Fact::About => "document-fact-about",
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
        let to = line.refers_to.as_ref().and_then(|uid| standing_anywhere(viewed.case, uid));
        let (label, value) = line_words(panel, line, to.as_ref());
        texts.push(format!("{label} {value}").trim().to_owned());
    }
    texts.join("\n")
}
