//! First run and sign-in.

use super::Panel;

/// Draws it.
pub fn show(_ui: &mut egui::Ui, _panel: &mut Panel<'_>) {}
