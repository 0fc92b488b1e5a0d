//! PURE. DICOM in and out: the gate before the parser, Part 10 and DICOM JSON into typed modules,
//! character sets, codecs, and the catalogue of a study's series and stacks.
//!
//! Nothing here touches a file, a socket, a clock or a random source: bytes come in, values and
//! [`Warning`]s come out. Above this room nobody looks up a tag (except `report`, `demo` and the
//! query code of `centre`): they read the typed modules of [`instance`].
//!
//! Bytes pass the gate, which writes them down plain (checked, UTF-8, no pixel data); dicom-rs parses that; the
//! typed modules are filled from it once, in [`parse`]. DICOM JSON comes in by [`json`] and takes the same last
//! step. [`catalogue`] makes studies, series and stacks of the instances. What an object is to a reader stands in
//! one table, [`sop_class`]; what is no image becomes a [`document`] of lines or of pages ([`pdf`]).
//!
//! Detours around dicom-rs 0.10.1 and why are named in the module that takes them.

pub mod age;
pub mod catalogue;
pub mod codec;
pub mod dicomdir;
pub mod display;
pub mod document;
pub mod error;
pub mod fold;
mod gate;
pub mod instance;
pub mod json;
pub mod names;
pub mod parse;
pub mod part10;
pub mod pdf;
pub mod person_name;
pub mod phi;
pub mod pixel;
pub mod sop_class;
pub mod structured;
mod text;
pub mod uid;
pub mod write;

pub use age::{Age, AgeAtStudy};
pub use error::{DicomError, Warning};
pub use instance::Instance;
pub use person_name::PersonName;
pub use phi::Phi;
pub use pixel::{DecodedFrame, PixelData, PixelFormat, Samples};
pub(crate) use text::neutralise;
pub use uid::Uid;
