//! A window with nothing but images, on another monitor.

use egui::{CentralPanel, Ui};

use super::{Panel, theme, viewports};

/// Draws it. `window` is its place in the viewer's windows, from 1.
pub fn image_window(ui: &mut Ui, panel: &mut Panel<'_>, window: u8) {
    let film = egui::Frame::new().fill(theme::FILM);
    CentralPanel::no_frame().frame(film).show(ui, |ui| viewports::show(ui, panel, window));
}
