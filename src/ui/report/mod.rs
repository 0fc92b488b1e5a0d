//! Draft.
/// Draws it.
pub fn show(_ui: &mut egui::Ui, _panel: &mut super::Panel<'_>) {}
