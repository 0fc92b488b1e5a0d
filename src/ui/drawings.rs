//! Drawings over images, the tools that make them, and the list that jumps to them.

use super::Panel;

/// Draws it.
pub fn show(_ui: &mut egui::Ui, _panel: &mut Panel<'_>) {}
