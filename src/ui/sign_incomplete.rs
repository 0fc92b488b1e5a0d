//! A report should be signed while images of its study are missing.

use egui::{RichText, Ui};

use super::Panel;
use crate::dicom::Phi;
use crate::report::ReportState;
use crate::session::case::Shortfall;
use crate::session::draft::Command as Draft;
use crate::session::shell::Command as Shell;
use crate::session::{self, Command};
use crate::text::Message;

/// Draws it. What is missing is said as it is now: more may have come while the reader thinks.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(case) = &panel.state.case else {
        panel.send(Command::Shell(Shell::CloseDialog));
        return;
    };
    let shortfall = case.shortfall();
    let coming = case.arrived.is_pending();
    let is_final = case.draft.state == ReportState::Final;
    ui.set_max_width(460.0);
    ui.label(RichText::new(panel.word("draft-incomplete-title")).heading());
    ui.label(panel.say(&missing(shortfall)));
    let sentence = shortfall.map(|shortfall| panel.say(&confession(shortfall))).unwrap_or_default();
    if !sentence.is_empty() {
        ui.label(panel.say(&Message::new("draft-incomplete-adds").with("sentence", &sentence)));
    }
    ui.horizontal_wrapped(|ui| {
        let wait = if coming { "draft-incomplete-wait" } else { "draft-incomplete-back" };
        if ui.button(panel.word(wait)).clicked() {
            panel.send(Command::Shell(Shell::CloseDialog));
        }
        let sign = |panel: &mut Panel<'_>| {
            let sentence = Phi::new(sentence.clone());
            panel.send(draft(Draft::SignAllTheSame { sentence }));
        };
        if is_final && ui.button(panel.word("draft-incomplete-preliminary")).clicked() {
            panel.send(draft(Draft::State(ReportState::Preliminary)));
            sign(panel);
        }
        if ui.button(panel.word("draft-incomplete-sign")).clicked() {
            sign(panel);
        }
    });
}

fn draft(command: Draft) -> Command {
    session::Command::Draft(command)
}

/// What is missing, to the reader.
fn missing(shortfall: Option<Shortfall>) -> Message {
    match shortfall {
        Some(Shortfall { received, expected: Some(expected) }) => {
            Message::new("draft-incomplete-of").with("received", received).with("expected", expected)
        }
        Some(Shortfall { received, expected: None }) => {
            Message::new("draft-incomplete-unknown").with("received", received)
        }
        None => Message::new("draft-incomplete-arrived"),
    }
}

/// What the report says of it.
fn confession(Shortfall { received, expected }: Shortfall) -> Message {
    match expected {
        Some(expected) => {
            Message::new("draft-incomplete-read-of").with("received", received).with("expected", expected)
        }
        None => Message::new("draft-incomplete-read").with("received", received),
    }
}
