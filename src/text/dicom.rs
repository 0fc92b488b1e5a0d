//! Sentences for the pure room `dicom`.

use super::{Explain, Message};
use crate::dicom::{DicomError, Warning};

impl Explain for DicomError {
    fn message(&self) -> Message {
        match self {
            Self::NotDicom => Message::new("dicom-not-dicom"),
            Self::Truncated { at, tag } => Message::new("dicom-truncated").with("at", at).with("tag", tag),
            Self::Malformed { tag, what } => {
                Message::new("dicom-malformed").with("tag", tag).with("what", what)
            }
            Self::Missing { tag } => Message::new("dicom-missing").with("tag", tag),
            Self::UnsupportedTransferSyntax { uid, name } => {
                Message::new("dicom-unsupported-syntax").with("uid", uid).with("name", name)
            }
            Self::Video { name, extension } => {
                Message::new("dicom-video").with("name", name).with("extension", extension)
            }
            Self::UnsupportedPixels { what } => Message::new("dicom-unsupported-pixels").with("what", what),
            Self::Codestream { frame, what } => {
                Message::new("dicom-codestream").with("frame", frame + 1).with("what", what)
            }
            Self::NoSuchFrame { frame, frames } => {
                Message::new("dicom-no-such-frame").with("frame", frame).with("frames", frames)
            }
            Self::NoPixelData => Message::new("dicom-no-pixel-data"),
        }
    }
}

impl Explain for Warning {
    fn message(&self) -> Message {
        use crate::dicom::error::WarningCode as W;
        let id = match self.code {
            W::BadValue => "warning-bad-value",
            W::BadText => "warning-bad-text",
            W::UnknownCharset => "warning-unknown-charset",
            W::OddCharset => "warning-odd-charset",
            W::MissingElement => "warning-missing-element",
            W::RescaleBroken => "warning-rescale-broken",
            W::NoMeta => "warning-no-meta",
            W::Lossy => "warning-lossy",
            W::Uncalibrated => "warning-uncalibrated",
            W::GeometryUnknown => "warning-geometry-unknown",
            W::Incomplete => "warning-incomplete",
            W::Derived => "warning-derived",
            W::StandInUid => "warning-stand-in-uid",
            W::Duplicates => "warning-duplicates",
            W::Twice => "warning-twice",
            W::Conflicting => "warning-conflicting",
            W::Uneven => "warning-uneven",
            W::SplitSeries => "warning-split-series",
            W::MixedPatients => "warning-mixed-patients",
        };
        Message::new(id).with("about", &self.about)
    }
}
