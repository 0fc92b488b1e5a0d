//! Behaviour of the room `dicom`.

mod build;
mod catalogue;
mod files;
mod hostile;
mod json;
mod modules;
mod pydicom;
mod text;
mod write;
