//! Behaviour of the room `dicom`.

mod build;
mod campaign;
mod catalogue;
mod files;
mod hostile;
mod json;
mod modules;
mod pydicom;
mod text;
mod write;
