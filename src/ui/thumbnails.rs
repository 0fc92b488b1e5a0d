//! The stacks of the study, small, with how far each has come.

use super::Panel;

/// Draws it.
pub fn show(_ui: &mut egui::Ui, _panel: &mut Panel<'_>) {}
