//! PURE. The report document, its DICOM SR after PS3.16 TID 2000, and a reader for SR objects.
//!
//! ```text
//!   TOML text ──document──► Report ─┐
//!                                   ├─ sr::build ──► data set (Enhanced SR) ──read──► lines to show
//!   images, pixel values ─ Evidence ┘
//! ```
//!
//! A measurement's value is never typed: [`measurements`] computes it from the image it refers to. Time,
//! UIDs and numbers come in with [`Signing`]; nothing here asks a clock or a random source.

mod codes;
mod document;
mod error;
mod evidence;
mod measurements;
mod safe_text;
mod sr;

pub use crate::dicom::structured::{ContentItem, Header, SrDocument, read};
pub use codes::Code;
pub use document::{
    Heading, KeyImage, Measurement, Reader, Report, ReportLanguage, ReportState, Section, parse,
};
pub use error::{Expected, Part, ReportError};
pub use evidence::{Evidence, FrameValues, ImageEvidence, same_patient};
pub use measurements::{Computed, measurements};
pub use safe_text::{safe_line, safe_text};
pub use sr::{Signing, build};
