//! The report panel: beside the images or in a window of its own.

mod banner;
mod evidence;
mod sections;
mod signing;

use egui::{Label, Panel as Side, RichText, ScrollArea, Ui, vec2};

use super::Panel;
use super::theme::{GRID, QUIET};
use crate::session::case::Origin;

/// Draws it.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let state = panel.state;
    ui.spacing_mut().item_spacing = vec2(2.0 * GRID, GRID);
    let Some(case) = &state.case else { return only(ui, &panel.word("draft-no-case")) };
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 8));
    Side::top("report: banner").frame(frame).show(ui, |ui| banner::show(ui, panel, case));
    if matches!(case.origin, Origin::Files(_)) {
        return only(ui, &panel.word("draft-only-centre"));
    }
    Side::bottom("report: signing").frame(frame).show(ui, |ui| signing::show(ui, panel, case));
    ScrollArea::vertical().id_salt("report: text").auto_shrink(false).show(ui, |ui| {
        frame.show(ui, |ui| {
            let signing = case.draft.signed.is_pending();
            ui.add_enabled_ui(!signing, |ui| {
                sections::show(ui, panel, case);
                evidence::show(ui, panel, case);
            });
        });
    });
}

/// A panel with nothing but a sentence.
fn only(ui: &mut Ui, sentence: &str) {
    egui::Frame::new().inner_margin(4.0 * GRID).show(ui, |ui| {
        ui.add(Label::new(RichText::new(sentence).color(QUIET)).wrap());
    });
}

/// The quiet line above a field or a list.
fn heading(ui: &mut Ui, text: &str) -> egui::Response {
    ui.label(RichText::new(text).small().color(QUIET))
}
