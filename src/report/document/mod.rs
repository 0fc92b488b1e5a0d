//! The report as a document: what the reader wrote and pointed at, before it becomes a DICOM object.

mod keys;
mod toml_form;

pub use toml_form::parse;

use super::{Code, Part, ReportError, codes, safe_line, safe_text};
use crate::dicom::{PersonName, Phi, Uid};
use crate::imaging::measure::Shape;

/// A report on one study. `Debug` shows no patient data.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Study Instance UID of the study that is reported.
    pub study: Uid,
    /// The language of its text.
    pub language: ReportLanguage,
    /// Preliminary or final.
    pub state: ReportState,
    /// SOP Instance UID of the report that this one supplements or corrects.
    pub predecessor: Option<Uid>,
    /// Who read; where the document does not say, the caller fills it from the settings or the sign-in.
    pub reader: Option<Reader>,
    /// The written sections, each heading at most once.
    pub sections: Vec<Section>,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// What to look at.
    pub key_images: Vec<KeyImage>,
}

/// The languages a report can be written in, as RFC 5646 tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportLanguage {
    /// `en`.
    English,
    /// `en-US`.
    EnglishUs,
    /// `ja`.
    Japanese,
    /// `ja-JP`.
    JapaneseJp,
}

impl ReportLanguage {
    /// From a language tag; tags are case-insensitive (RFC 5646 2.1.1).
    pub fn parse(tag: &str) -> Option<Self> {
        let all = [Self::English, Self::EnglishUs, Self::Japanese, Self::JapaneseJp];
        all.into_iter().find(|language| language.code().value.eq_ignore_ascii_case(tag))
    }

    /// The tag as a coded concept (CID 5000).
    pub fn code(self) -> Code {
        match self {
            Self::English => codes::ENGLISH,
            Self::EnglishUs => codes::ENGLISH_US,
            Self::Japanese => codes::JAPANESE,
            Self::JapaneseJp => codes::JAPANESE_JP,
        }
    }

    /// Whether sentences that the program itself adds are in Japanese.
    pub(super) fn is_japanese(self) -> bool {
        matches!(self, Self::Japanese | Self::JapaneseJp)
    }
}

/// How far a report has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportState {
    /// A first reading; a final report is expected to follow.
    Preliminary,
    /// Read and verified by its reader.
    Final,
}

/// Who read the study.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Name, in up to three writings.
    pub name: PersonName,
    /// Login name or staff number, or empty.
    pub id: String,
    /// Organisation; a final report needs it.
    pub organisation: String,
}

/// One section of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: Heading,
    /// What the reader wrote, lines ending in LF.
    pub text: Phi<String>,
}

/// The headings of a report, in the order they stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Heading {
    /// Why the study was asked for, and what is known.
    ClinicalInformation,
    /// How the study was made.
    Technique,
    /// What it was compared with.
    Comparison,
    /// What was seen.
    Findings,
    /// What it means.
    Impression,
}

impl Heading {
    /// All headings in order.
    pub const ALL: [Self; 5] =
        [Self::ClinicalInformation, Self::Technique, Self::Comparison, Self::Findings, Self::Impression];

    /// Its key in the document.
    pub fn key(self) -> &'static str {
        match self {
            Self::ClinicalInformation => "clinical_information",
            Self::Technique => "technique",
            Self::Comparison => "comparison",
            Self::Findings => "findings",
            Self::Impression => "impression",
        }
    }

    /// The container's title (CID 7001). LOINC 18834-2 is the comparison study of a radiology report.
    pub(super) fn container(self) -> Code {
        match self {
            Self::ClinicalInformation => codes::CLINICAL_INFORMATION,
            Self::Technique => codes::CURRENT_PROCEDURE,
            Self::Comparison => codes::PREVIOUS_FINDINGS,
            Self::Findings => codes::FINDINGS,
            Self::Impression => codes::IMPRESSIONS,
        }
    }

    /// The name of the text inside (CID 7002).
    pub(super) fn element(self) -> Code {
        match self {
            Self::ClinicalInformation => codes::HISTORY,
            Self::Technique => codes::PROCEDURE_DESCRIPTION,
            Self::Comparison => codes::PREVIOUS_FINDING,
            Self::Findings => codes::FINDING,
            Self::Impression => codes::IMPRESSION,
        }
    }
}

/// A shape drawn on an image. Its values are computed, never typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The shape, in image coordinates.
    pub shape: Shape,
    /// SOP Instance UID of the image.
    pub image: Uid,
    /// Frame from 1, as Referenced Frame Number; needed where the image has more than one.
    pub frame: Option<u32>,
    /// What was measured, or empty.
    pub label: Phi<String>,
}

/// An image worth looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyImage {
    /// SOP Instance UID of the image.
    pub image: Uid,
    /// Frame from 1; without it all frames are meant.
    pub frame: Option<u32>,
    /// Why, or empty.
    pub note: Phi<String>,
}

impl Report {
    /// The same report with every text checked and in its normal form, empty sections left out, sections in
    /// their order.
    ///
    /// # Errors
    /// [`ReportError`] for text that cannot be carried, and for a report that says nothing.
    pub(super) fn checked(&self) -> Result<Self, ReportError> {
        let mut report = self.clone();
        for section in &mut report.sections {
            check(&mut section.text, Part::Section(section.heading))?;
        }
        report.sections.retain(|section| !section.text.reveal().trim().is_empty());
        report.sections.sort_by_key(|section| section.heading);
        for (index, measurement) in report.measurements.iter_mut().enumerate() {
            check(&mut measurement.label, Part::Label(index + 1))?;
        }
        for (index, key_image) in report.key_images.iter_mut().enumerate() {
            check(&mut key_image.note, Part::Note(index + 1))?;
        }
        if let Some(reader) = &mut report.reader {
            *reader = reader.checked()?;
        }
        if report.sections.is_empty() && report.measurements.is_empty() && report.key_images.is_empty() {
            return Err(ReportError::Empty);
        }
        Ok(report)
    }

    /// The text under a heading, empty where the section is absent.
    pub fn text(&self, heading: Heading) -> &str {
        self.sections.iter().find(|s| s.heading == heading).map_or("", |s| s.text.reveal())
    }
}

fn check(text: &mut Phi<String>, part: Part) -> Result<(), ReportError> {
    *text = Phi::new(safe_text(text.reveal(), part)?);
    Ok(())
}

impl Reader {
    /// Longest component group of a PN and longest LO value (PS3.5 6.2).
    const LONGEST: usize = 64;

    /// A reader from what was typed. A name without groups that is not in single-byte characters goes into
    /// the ideographic group, where a kanji name belongs (PS3.5 6.2.1.2).
    pub fn new(name: &str, id: &str, organisation: &str) -> Self {
        let mut parsed = PersonName::parse(name.trim());
        if !name.contains('=') && !parsed.alphabetic.is_ascii() && parsed.alphabetic.chars().any(is_wide) {
            parsed.ideographic = std::mem::take(&mut parsed.alphabetic);
        }
        Self { name: parsed, id: id.to_owned(), organisation: organisation.to_owned() }
    }

    fn checked(&self) -> Result<Self, ReportError> {
        let group = |text: &str| {
            let line = safe_line(text, Self::LONGEST, Part::ReaderName)?;
            match line.contains('=') {
                true => {
                    Err(ReportError::UnsafeCharacter { part: Part::ReaderName, character: 0x3D, line: 1 })
                }
                false => Ok(line),
            }
        };
        let name = PersonName {
            alphabetic: group(&self.name.alphabetic)?,
            ideographic: group(&self.name.ideographic)?,
            phonetic: group(&self.name.phonetic)?,
        };
        let organisation = safe_line(&self.organisation, Self::LONGEST, Part::Organisation)?;
        Ok(Self { name, id: safe_line(&self.id, Self::LONGEST, Part::ReaderId)?, organisation })
    }
}

/// Kana, kanji and other wide characters, which the first group of a PN does not hold.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0xD7FF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests;
