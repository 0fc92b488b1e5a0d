//! The rooms that read foreign bytes, and nothing of the window, the GPU or the network.
#![allow(missing_docs, dead_code, unused_imports, reason = "the program documents and uses what is taken from it")]

pub mod dicom;

// Of the client only what takes a reply apart.
#[path = "../../src/centre/media_type.rs"]
mod media_type;
#[path = "../../src/centre/multipart.rs"]
pub mod multipart;
pub use media_type::MediaType;
