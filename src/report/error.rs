//! What can be wrong with a report. No text of the report, no name and no identifier in any variant.

use std::fmt;

use crate::imaging::measure::MeasureError;

/// Why a report cannot be read or signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The document is not TOML.
    #[error("line {line}: not valid TOML")]
    Syntax {
        /// Line from 1.
        line: usize,
    },
    /// A key the document does not have.
    #[error("line {line}: unknown key {key}")]
    UnknownKey {
        /// Line from 1.
        line: usize,
        /// Dotted path of the key.
        key: String,
    },
    /// A key that is needed is absent.
    #[error("line {line}: {key} is missing")]
    MissingKey {
        /// Line from 1 of the table that lacks it.
        line: usize,
        /// Dotted path of the key.
        key: String,
    },
    /// A value of the wrong type or outside the allowed ones.
    #[error("line {line}: {key} must be {expected}")]
    WrongValue {
        /// Line from 1.
        line: usize,
        /// Dotted path of the key.
        key: String,
        /// What is allowed.
        expected: Expected,
    },
    /// A character that DICOM text cannot carry or that could hide the meaning of the text.
    #[error("{part} holds the character U+{character:04X} on its line {line}")]
    UnsafeCharacter {
        /// Where.
        part: Part,
        /// The character's code point.
        character: u32,
        /// Line of the text, from 1.
        line: usize,
    },
    /// Longer than the receiving element may be.
    #[error("{part} is longer than {limit} characters")]
    TooLong {
        /// Where.
        part: Part,
        /// The most characters allowed.
        limit: usize,
    },
    /// Nothing to report: no section has text and nothing is measured.
    #[error("the report is empty")]
    Empty,
    /// No reader is named.
    #[error("the report has no reader")]
    NoReader,
    /// A final report names who verified it and for which organisation (PS3.3 C.17.2, type 1).
    #[error("a final report needs the reader's organisation")]
    NoOrganisation,
    /// The images given are of another study than the report.
    #[error("the images are not of the study that is reported")]
    OtherStudy,
    /// An image the report refers to was not given.
    #[error("the image of {part} is not at hand")]
    UnknownImage {
        /// Which reference.
        part: Part,
    },
    /// A referenced object is no image.
    #[error("the object of {part} is no image")]
    NotAnImage {
        /// Which reference.
        part: Part,
    },
    /// A referenced image is of another patient.
    #[error("the image of {part} is of another patient")]
    OtherPatient {
        /// Which reference.
        part: Part,
    },
    /// A measurement on an image of several frames does not say on which.
    #[error("{part} names no frame of {frames}")]
    NoFrame {
        /// Which measurement.
        part: Part,
        /// How many frames there are.
        frames: u32,
    },
    /// The frame is not in the image.
    #[error("{part} names frame {frame} of {frames}")]
    NoSuchFrame {
        /// Which reference.
        part: Part,
        /// Frame number from 1.
        frame: u32,
        /// How many there are.
        frames: u32,
    },
    /// A shape that cannot be measured on its image.
    #[error("{part}: {error}")]
    Shape {
        /// Which measurement.
        part: Part,
        /// Why.
        error: MeasureError,
    },
    /// The report that this one follows was not given.
    #[error("the preceding report is not at hand")]
    UnknownPredecessor,
}

/// What a key of the document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// Text in quotes.
    Text,
    /// A whole number from 1.
    Count,
    /// A number.
    Number,
    /// A table.
    Table,
    /// An array.
    Array,
    /// A unique identifier.
    Uid,
    /// One of the languages.
    Language,
    /// One of the states.
    State,
    /// One of the kinds of measurement.
    Kind,
    /// A column and a row.
    Point,
    /// Not so many points.
    FewerPoints,
    /// A person's name.
    Name,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Count => "a whole number from 1",
            Self::Number => "a number",
            Self::Table => "a table",
            Self::Array => "an array",
            Self::Uid => "a DICOM UID (1 to 64 digits and dots)",
            Self::Language => "en, en-US, ja or ja-JP",
            Self::State => "preliminary or final",
            Self::Kind => "length, bidirectional, angle, ellipse, rectangle, polygon or point",
            Self::Point => "a column and a row",
            Self::FewerPoints => "at most 4096 points",
            Self::Name => "a name",
        })
    }
}

/// A place in the report document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// A section's text.
    Section(super::Heading),
    /// The reader's name.
    ReaderName,
    /// The reader's id.
    ReaderId,
    /// The reader's organisation.
    Organisation,
    /// A measurement, counted from 1.
    Measurement(usize),
    /// A measurement's label, counted from 1.
    Label(usize),
    /// A key image, counted from 1.
    KeyImage(usize),
    /// A key image's note, counted from 1.
    Note(usize),
    /// The report that this one follows.
    Predecessor,
}

impl fmt::Display for Part {
    /// The place as its path in the document, the same in every language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section(heading) => write!(f, "sections.{}", heading.key()),
            Self::ReaderName => f.write_str("reader.name"),
            Self::ReaderId => f.write_str("reader.id"),
            Self::Organisation => f.write_str("reader.organisation"),
            Self::Measurement(n) => write!(f, "measurements[{n}]"),
            Self::Label(n) => write!(f, "measurements[{n}].label"),
            Self::KeyImage(n) => write!(f, "key_images[{n}]"),
            Self::Note(n) => write!(f, "key_images[{n}].note"),
            Self::Predecessor => f.write_str("predecessor"),
        }
    }
}
