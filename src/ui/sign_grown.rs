//! A report should be signed, and images came while its study was read.

use egui::{RichText, Ui};

use super::Panel;
use crate::dicom::Phi;
use crate::session::Command;
use crate::session::draft::Command as Draft;
use crate::session::shell::Command as Shell;
use crate::text::Message;

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, images: u32) {
    ui.set_max_width(460.0);
    ui.label(RichText::new(panel.word("growth-sign-title")).heading());
    ui.label(panel.say(&Message::new("growth-sign").with("count", images)));
    ui.horizontal_wrapped(|ui| {
        if ui.button(panel.word("growth-sign-back")).clicked() {
            panel.send(Command::Shell(Shell::CloseDialog));
        }
        if ui.button(panel.word("growth-sign-now")).clicked() {
            panel.send(Command::Draft(Draft::SignAllTheSame { sentence: Phi::default() }));
        }
    });
}
