//! The program should close while reports have not arrived at their centre.

use egui::{RichText, Ui};

use super::Panel;
use crate::session::shell::Command as Shell;
use crate::session::{Command, outbox};
use crate::text::Message;

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, unsent: usize) {
    ui.set_max_width(420.0);
    ui.label(RichText::new(panel.word("shell-leave-title")).heading());
    ui.label(panel.say(&Message::new("shell-leave-unsent").with("count", unsent)));
    ui.horizontal(|ui| {
        if ui.button(panel.word("shell-leave-stay")).clicked() {
            panel.send(Command::Shell(Shell::CloseDialog));
        }
        if ui.button(panel.word("shell-leave-send")).clicked() {
            panel.send(Command::Outbox(outbox::Command::Send { centre: None }));
            panel.send(Command::Shell(Shell::CloseDialog));
        }
        if ui.button(panel.word("shell-leave-anyway")).clicked() {
            panel.send(Command::Shell(Shell::LeaveAnyway));
        }
    });
}
