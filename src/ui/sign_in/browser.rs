//! The sign-in waits for the browser.

use egui::{RichText, Ui};

use crate::session;
use crate::session::sign_in::Browser;
use crate::ui::theme::{QUIET, WARN};
use crate::ui::{Panel, waiting};

/// What is waited for; the address for a browser that did not open; and the way out, which sends `stop`.
pub(in crate::ui) fn show(ui: &mut Ui, panel: &mut Panel<'_>, browser: &Browser, stop: session::Command) {
    ui.horizontal_wrapped(|ui| {
        waiting::mark(ui, panel.state);
        ui.label(panel.word("worklist-browser-waiting"));
    });
    if browser.opened {
        ui.label(RichText::new(panel.word("worklist-browser-not-seen")).small().color(QUIET));
    } else {
        ui.label(RichText::new(panel.word("worklist-browser-not-opened")).color(WARN));
    }
    ui.horizontal(|ui| {
        if ui.button(panel.word("worklist-browser-copy")).clicked() {
            ui.ctx().copy_text(browser.address.0.to_string());
        }
        if ui.button(panel.word("worklist-browser-cancel")).clicked() {
            panel.send(stop);
        }
    });
}
