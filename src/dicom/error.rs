//! What can be wrong with an object: errors refuse it, warnings accompany it.
//!
//! Codes and values only; the sentences are in `text`.

/// Why an object, or a frame of it, cannot be used. No patient data in any field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DicomError {
    /// Neither a Part 10 file nor a bare data set.
    #[error("not a DICOM file")]
    NotDicom,
    /// The bytes end before the object does.
    #[error("ends early at byte {at} (tag {tag})")]
    Truncated {
        /// Offset in the bytes given.
        at: u64,
        /// The element being read, as `(gggg,eeee)`.
        tag: String,
    },
    /// The structure breaks a rule of PS3.5 or a limit of the gate.
    #[error("malformed at tag {tag}: {what}")]
    Malformed {
        /// The element at fault, as `(gggg,eeee)`.
        tag: String,
        /// What is wrong, a fixed English phrase for logs and for the sentence's detail.
        what: &'static str,
    },
    /// A mandatory element is absent or unusable.
    #[error("missing or unusable {tag}")]
    Missing {
        /// The element, as `(gggg,eeee)`.
        tag: String,
    },
    /// The transfer syntax is known by name but not decoded here.
    #[error("transfer syntax {uid} ({name}) is not decoded")]
    UnsupportedTransferSyntax {
        /// The transfer syntax UID.
        uid: String,
        /// Its name in PS3.6, or empty.
        name: String,
    },
    /// Video, whose frames are not decoded here; its stream can be saved.
    #[error("video ({name}) is not decoded")]
    Video {
        /// The transfer syntax's name in PS3.6.
        name: String,
        /// What a file of its stream is usually named by.
        extension: &'static str,
    },
    /// A kind of pixel data (bits, photometric interpretation) that is not decoded here.
    #[error("pixel data not supported: {what}")]
    UnsupportedPixels {
        /// Which property.
        what: String,
    },
    /// The code stream contradicts the data set or is damaged.
    #[error("frame {frame}: {what}")]
    Codestream {
        /// Frame number from 0.
        frame: u32,
        /// What is wrong, for logs and for the sentence's detail.
        what: String,
    },
    /// The frame asked for is not in the object.
    #[error("frame {frame} of {frames}")]
    NoSuchFrame {
        /// Frame number from 0.
        frame: u32,
        /// How many there are.
        frames: u32,
    },
    /// The object has no pixel data.
    #[error("no pixel data")]
    NoPixelData,
}

/// Something a reader must know about an object that is shown all the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Warning {
    /// Which kind; `text` has the sentence under `warning-<code>`.
    pub code: WarningCode,
    /// The element or the part it concerns, as `(gggg,eeee)` or a fixed word; no patient data.
    pub about: String,
}

impl Warning {
    /// A warning about one element or part.
    pub fn new(code: WarningCode, about: impl Into<String>) -> Self {
        Self { code, about: about.into() }
    }
}

/// The kinds of [`Warning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningCode {
    /// A value breaks its value representation and was ignored.
    BadValue,
    /// Text could not be decoded with the declared character set; damaged places are marked.
    BadText,
    /// The character set is unknown.
    UnknownCharset,
    /// The character set is named otherwise than the standard does, and was understood.
    OddCharset,
    /// A type 1 element is absent.
    MissingElement,
    /// Rescale slope or intercept cannot be trusted: modality values are not available.
    RescaleBroken,
    /// No file meta information: the transfer syntax was guessed.
    NoMeta,
    /// Lossy compression somewhere in the image's past (PS3.3 C.7.6.1.1.5).
    Lossy,
    /// No spacing from the patient: millimetres are not available or are at the detector.
    Uncalibrated,
    /// Position or orientation unknown: no planes, no cross-reference.
    GeometryUnknown,
    /// Instances of a stack are missing.
    Incomplete,
    /// Image Type says DERIVED.
    Derived,
    /// A UID is absent or unusable; another stands in for it here and must not leave this program.
    StandInUid,
    /// Several images lie at one place.
    Duplicates,
    /// Instances came twice, alike as far as their modules go; the first is shown.
    Twice,
    /// Instances came twice and differ; the first is shown.
    Conflicting,
    /// The planes of a stack lie at unequal distances.
    Uneven,
    /// The series is in more than one study.
    SplitSeries,
    /// One study names more than one patient.
    MixedPatients,
}

impl WarningCode {
    /// The code as it stands in JSON and in the message catalogue (`warning-<code>`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadValue => "bad-value",
            Self::BadText => "bad-text",
            Self::UnknownCharset => "unknown-charset",
            Self::OddCharset => "odd-charset",
            Self::MissingElement => "missing-element",
            Self::RescaleBroken => "rescale-broken",
            Self::NoMeta => "no-meta",
            Self::Lossy => "lossy",
            Self::Uncalibrated => "uncalibrated",
            Self::GeometryUnknown => "geometry-unknown",
            Self::Incomplete => "incomplete",
            Self::Derived => "derived",
            Self::StandInUid => "stand-in-uid",
            Self::Duplicates => "duplicates",
            Self::Twice => "twice",
            Self::Conflicting => "conflicting",
            Self::Uneven => "uneven",
            Self::SplitSeries => "split-series",
            Self::MixedPatients => "mixed-patients",
        }
    }
}
