//! What is read as a page and not looked at as an image: reports, key objects, PDF, and what is only listed.

use super::person_name::{PersonName, group_for_display};
use super::sop_class::DocumentKind;
use super::structured::{ContentItem, Header, SrDocument};
use super::{Phi, Uid};

/// A document as it is read: text line by line, or pages that are pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// How it is shown.
    pub kind: DocumentKind,
    /// Its own title: Document Title, the root's concept name, a label; or empty.
    pub title: Phi<String>,
    /// What a structured report says about itself.
    pub header: Header,
    /// Its text, or what is in it by name.
    pub lines: Vec<Line>,
    /// Pages of a PDF; 0 where they cannot be read, or have not been counted.
    pub pages: u32,
}

impl Document {
    /// How many places there are to scroll through, at least 1: pages of a PDF, else lines.
    pub fn positions(&self) -> u32 {
        let lines = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        if self.has_pages() { self.pages } else { lines }.max(1)
    }

    /// Its places are pages, which are pictures.
    pub fn has_pages(&self) -> bool {
        self.kind == DocumentKind::Pdf && self.pages > 0
    }
}

/// One line of text: short enough to be broken into a few lines on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How far it is indented, from 0.
    pub level: u8,
    /// How it is written.
    pub style: Style,
    /// What it is about.
    pub label: Label,
    /// What it says; may be empty.
    pub value: Phi<String>,
    /// SOP Instance UID of what it refers to.
    pub refers_to: Option<Uid>,
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The heading of a container.
    Heading,
    /// What the document says.
    Content,
    /// Who observed, what is meant, identifiers: needed seldom.
    Context,
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// The line before goes on.
    None,
    /// The code's meaning in the object's own words.
    Coded(String),
    /// A fact that has a name here.
    Fact(Fact),
}

/// Facts about what is only listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// A segment's number and label.
    Segment,
    /// A region of interest.
    Region,
    /// Channels of a waveform.
    Channels,
    /// Samples a second, Hz.
    SamplingRate,
    /// How long a waveform lasts, seconds.
    Duration,
    /// A label that somebody gave it.
    Label,
    /// A description.
    Description,
    /// Media type of what is encapsulated.
    MediaType,
    /// Its size, bytes.
    Size,
    /// How many images it refers to.
    Images,
    /// Another object that it refers to.
    Reference,
    /// What follows is about the document, not about the patient.
    About,
}

/// The longest line, characters.
const LONGEST: usize = 240;
/// The most lines of a document.
pub(super) const MOST_LINES: usize = 20_000;

/// The lines of a structured report: its tree without the root, whose concept is the title. What the report says
/// comes first; who observed, in which language and the like stand below it.
pub(super) fn of_report(kind: DocumentKind, read: SrDocument) -> Document {
    let mut content = read.content.into_iter();
    let title = content.next().map(|root| root.concept).unwrap_or_default();
    let (mut lines, mut about, mut is_about) = (Vec::new(), Vec::new(), false);
    for item in content {
        if item.level == 1 {
            is_about = style(&item) == Style::Context;
        }
        if lines.len() + about.len() >= MOST_LINES {
            break;
        }
        // A container without a name says nothing; its content does.
        if !item.concept.is_empty() || !item.value.reveal().is_empty() {
            if is_about { &mut about } else { &mut lines }.extend(lines_of(item));
        }
    }
    if !lines.is_empty() && !about.is_empty() {
        let (style, label) = (Style::Heading, Label::Fact(Fact::About));
        lines.push(Line { level: 0, style, label, value: Phi::default(), refers_to: None });
    }
    lines.append(&mut about);
    Document { kind, title: Phi::new(title), header: read.header, lines, pages: 0 }
}

fn style(item: &ContentItem) -> Style {
    match (item.value_type.as_str(), item.relationship.as_str()) {
        ("CONTAINER", _) => Style::Heading,
        ("UIDREF" | "SCOORD" | "SCOORD3D" | "TCOORD" | "REFERENCE", _) => Style::Context,
        (_, "HAS CONCEPT MOD" | "HAS OBS CONTEXT" | "HAS ACQ CONTEXT") => Style::Context,
        _ => Style::Content,
    }
}

fn lines_of(item: ContentItem) -> Vec<Line> {
    let style = style(&item);
    // Below the root everything is one deeper than it need be.
    let level = u8::try_from(item.level.saturating_sub(1)).unwrap_or(u8::MAX);
    let mut pieces = broken(&readable(&item.value_type, item.value.reveal())).into_iter();
    let line = |label, value, refers_to| Line { level, style, label, value: Phi::new(value), refers_to };
    let label = match item.refers_to {
        Some(_) if item.concept.is_empty() => Label::Fact(Fact::Reference),
        _ => Label::Coded(item.concept),
    };
    let mut lines = vec![line(label, pieces.next().unwrap_or_default(), item.refers_to)];
    lines.extend(pieces.map(|piece| line(Label::None, piece, None)));
    lines
}

/// A value as a person reads it: names in all their writings, dates and times with marks between.
fn readable(value_type: &str, value: &str) -> String {
    match value_type {
        "PNAME" => {
            let name = PersonName::parse(value);
            let groups = [&name.alphabetic, &name.ideographic, &name.phonetic].map(|g| group_for_display(g));
            groups.into_iter().filter(|group| !group.is_empty()).collect::<Vec<_>>().join("  ")
        }
        // Annotations of UCUM stand in braces.
        "NUM" => value.replace(['{', '}'], ""),
        "DATE" => marked(value, &DATE),
        "TIME" => marked(whole_seconds(value), &TIME),
        "DATETIME" if value.len() > 8 && value.is_char_boundary(8) => {
            format!("{} {}", marked(&value[..8], &DATE), marked(&value[8..], &TIME))
        }
        "DATETIME" => marked(value, &DATE),
        _ => value.to_owned(),
    }
}

/// Without fractions of a second that are none.
fn whole_seconds(value: &str) -> &str {
    value
        .split_once('.')
        .filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'))
        .map_or(value, |(time, _)| time)
}

/// Digits of each part, and the mark before it.
type Parts = [(usize, &'static str); 3];
const DATE: Parts = [(4, ""), (2, "-"), (2, "-")];
const TIME: Parts = [(2, ""), (2, ":"), (2, ":")];

/// Digits with marks between them; what has none is left as it is, and so is what follows the last part.
fn marked(value: &str, parts: &Parts) -> String {
    let mut text = String::new();
    let mut rest = value;
    for (digits, mark) in parts {
        match rest.get(..*digits).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
            Some(part) => {
                text = text + mark + part;
                rest = &rest[*digits..];
            }
            None => break,
        }
    }
    text + rest
}

/// Lines as they were typed, long ones broken at a space where there is one. Empty lines stay: they part
/// paragraphs.
fn broken(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for line in text.split('\n').take(MOST_LINES) {
        let mut rest = line.trim_end();
        while let Some((at, _)) = rest.char_indices().nth(LONGEST) {
            let cut = rest[..at].rfind(' ').filter(|space| *space > 0).unwrap_or(at);
            pieces.push(rest[..cut].to_owned());
            rest = rest[cut..].trim_start();
        }
        pieces.push(rest.to_owned());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_nothing_of_them_is_lost() {
        let words = vec!["word"; 200].join(" ");
        let kanji = "肺".repeat(500);
        for text in ["", "one\n\ntwo", &words, &kanji] {
            let pieces = broken(text);
            assert!(pieces.iter().all(|piece| piece.chars().count() <= LONGEST));
            let joined = |text: &str| text.replace([' ', '\n'], "");
            assert_eq!(joined(&pieces.concat()), joined(text));
        }
        assert_eq!(broken("one\n\ntwo"), ["one", "", "two"]);
    }

    #[test]
    fn what_a_report_says_comes_before_who_said_it() {
        let item = |level, relationship: &str, value_type: &str, concept: &str, value: &str| ContentItem {
            level,
            relationship: relationship.to_owned(),
            value_type: value_type.to_owned(),
            concept: concept.to_owned(),
            value: Phi::new(value.to_owned()),
            refers_to: None,
        };
        let content = vec![
            item(0, "", "CONTAINER", "Report", ""),
            item(1, "HAS OBS CONTEXT", "PNAME", "Observer", "Doe^Jane"),
            item(2, "HAS PROPERTIES", "TEXT", "Organisation", "Here"),
            item(1, "CONTAINS", "CONTAINER", "", ""),
            item(2, "CONTAINS", "TEXT", "Finding", "One\nTwo"),
        ];
        let read = of_report(DocumentKind::Report, SrDocument { content, ..SrDocument::default() });
        let told = read.lines.iter().map(|line| (line.level, line.value.reveal().as_str()));
        let expected = [(1, "One"), (1, "Two"), (0, ""), (0, "Doe Jane"), (1, "Here")];
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert_eq!(read.title.reveal(), "Report");
        assert_eq!(read.lines[2].label, Label::Fact(Fact::About));
    }

    #[test]
    fn names_dates_and_times_are_written_for_people() {
        for (value_type, value, expected) in [
            ("PNAME", "Yamada^Tarou=山田^太郎", "Yamada Tarou  山田 太郎"),
            ("DATE", "20260331", "2026-03-31"),
            ("DATE", "2026", "2026"),
            ("DATE", "unknown", "unknown"),
            ("TIME", "231559.25", "23:15:59.25"),
            ("TIME", "2315", "23:15"),
            ("TIME", "231559.000", "23:15:59"),
            ("NUM", "128 {pixels}", "128 pixels"),
            ("DATETIME", "20260331231559+0900", "2026-03-31 23:15:59+0900"),
            ("DATETIME", "2026033é", "2026-033é"),
            ("TEXT", "20260331", "20260331"),
        ] {
            assert_eq!(readable(value_type, value), expected, "{value_type} {value}");
        }
    }

    #[test]
    fn there_is_always_a_place_to_stand_on() {
        let mut document = Document::default();
        assert_eq!(document.positions(), 1);
        document.kind = DocumentKind::Pdf;
        assert!(!document.has_pages(), "a PDF whose pages cannot be read has none");
        document.pages = 7;
        assert_eq!(document.positions(), 7);
    }
}
