//! Viewports: images, what lies over them, and the mouse on them.

use super::Panel;

/// Draws it.
pub fn show(_ui: &mut egui::Ui, _panel: &mut Panel<'_>, _window: u8) {}
