//! Drawings over images, the tools that make them, and the list that jumps to them.

use super::Panel;
use crate::dicom::Phi;
use crate::session::State;

/// Draws it.
pub fn show(_ui: &mut egui::Ui, _panel: &mut Panel<'_>) {}

/// The sentence that a drawing puts into the report.
pub fn citation(_state: &State, _drawing: u64) -> Option<Phi<String>> {
    None
}

/// The sentence that the image of the active viewport puts into the report as a key image.
pub fn key_image_sentence(_state: &State) -> Option<Phi<String>> {
    None
}
