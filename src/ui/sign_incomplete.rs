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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::Uid;
    use crate::imaging::Stores;
    use crate::report::Heading;
    use crate::session::{Event, Message as Told, State, case, study, update};
    use crate::ui::canvas::Canvas;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    /// What is sent by a click on `button` while 3 of 4 images are here.
    fn click(button: &str) -> Vec<Command> {
        let mut state = State::default();
        let (centre, uid) = ("island".to_owned(), Uid::parse("1.1").unwrap());
        update(&mut state, Told::Command(Command::Case(case::Command::Open { centre, study: uid })));
        let progress = study::Progress { expected: Some(4), received: 3, bytes: 1 };
        let (heading, text) = (Heading::Findings, Phi::new("one".to_owned()));
        for message in [
            Told::Event(Event::Case(case::Event::Progress { id: 1, progress })),
            Told::Command(draft(Draft::Write { heading, text })),
            Told::Command(draft(Draft::Sign)),
        ] {
            update(&mut state, message);
        }
        assert!(state.shell.dialog.is_some());
        let (stores, canvas) = (Stores::new(0), Canvas::new(None));
        let draw = move |ui: &mut Ui, sent: &mut Vec<Command>| {
            let mut panel = Panel::new(&state, &stores, &canvas);
            show(ui, &mut panel);
            sent.extend(panel.into_commands());
        };
        let mut shown = Harness::builder().allow_missing_glyphs().build_ui_state(draw, Vec::new());
        shown.get_by_label_contains("3 of 4 images of this study");
        shown.get_by_label(button).click();
        shown.run_steps(4);
        shown.state().clone()
    }

    #[test]
    fn who_signs_all_the_same_says_so_in_the_report() {
        let sentence = "Read on 3 of 4 images; the others were not available.".to_owned();
        let sign = draft(Draft::SignAllTheSame { sentence: Phi::new(sentence) });
        assert_eq!(click("Wait for the images"), [Command::Shell(Shell::CloseDialog)]);
        assert_eq!(click("Sign all the same"), std::slice::from_ref(&sign));
        let preliminary = draft(Draft::State(ReportState::Preliminary));
        assert_eq!(click("Sign as preliminary instead"), [preliminary, sign]);
    }
}
