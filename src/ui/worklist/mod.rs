//! The worklist: what waits to be read, most urgent first.

mod bar;
mod cells;
mod keys;
mod table;

pub(super) use cells::progress;
use egui::{Label, RichText, Ui, vec2};

use super::theme::{ALARM, GRID, QUIET, TEXT, WARN};
use super::{Panel, waiting};
use crate::dicom::Uid;
use crate::session::worklist::Command;
use crate::session::{self, Problem, Remote, case};
use crate::text::Message;

/// Draws it.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    egui::Frame::new().inner_margin(3.0 * GRID).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(2.0 * GRID, GRID);
        let from_filter = bar::show(ui, panel);
        notes(ui, panel);
        ui.add_space(GRID);
        if panel.state.worklist.visible().is_empty() {
            nothing(ui, panel);
        } else {
            table::show(ui, panel, from_filter);
        }
    });
}

/// What the reader must know of the list: that it is old, and what could not be listed.
fn notes(ui: &mut Ui, panel: &Panel<'_>) {
    let list = &panel.state.worklist.list;
    if let Remote::Failed { problem, previous: Some(_) } = list {
        let sentence = format!("{} {}", panel.word("worklist-stale"), panel.explain(problem));
        ui.add(Label::new(RichText::new(sentence).color(WARN)).wrap());
    }
    // Many rows may have the same fault; what is said twice is not read twice.
    let mut said: Vec<&Problem> = Vec::new();
    for problem in list.latest().map_or(&[][..], |list| &list.problems) {
        if !said.contains(&problem) {
            said.push(problem);
            ui.add(Label::new(RichText::new(panel.explain(problem)).small().color(QUIET)).wrap());
        }
    }
}

/// In place of rows: why there are none, and what to do.
fn nothing(ui: &mut Ui, panel: &mut Panel<'_>) {
    let list = &panel.state.worklist;
    let (colour, id) = match &list.list {
        _ if panel.state.sign_in.entered.latest().is_none() => (QUIET, "worklist-nobody"),
        Remote::NotAsked => (QUIET, "worklist-not-asked"),
        Remote::Pending { previous: None } => (QUIET, "worklist-asking"),
        Remote::Failed { previous: None, .. } => (ALARM, "worklist-failed"),
        _ if rows(panel) > 0 => (TEXT, "worklist-no-match"),
        _ => (TEXT, "worklist-empty"),
    };
    let sentence = panel.say(&Message::new(id).with("filter", &list.filter));
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.25 / GRID).round() * GRID);
        if list.list.is_pending() {
            waiting::mark(ui, panel.state);
        }
        ui.add(Label::new(RichText::new(sentence).heading().color(colour)).wrap());
        if let Remote::Failed { problem, previous: None } = &list.list {
            ui.add(Label::new(RichText::new(panel.explain(problem)).color(TEXT)).wrap());
        }
        ui.add_space(2.0 * GRID);
        match id {
            "worklist-no-match" if ui.button(panel.word("worklist-clear-filter")).clicked() => {
                panel.send(session::Command::Worklist(Command::Filter(String::new())));
            }
            "worklist-failed" | "worklist-not-asked"
                if ui.button(panel.word("worklist-refresh")).clicked() =>
            {
                refresh(panel);
            }
            _ => {}
        }
    });
}

/// How many rows the list has, whatever the filter shows of them.
fn rows(panel: &Panel<'_>) -> usize {
    panel.state.worklist.list.latest().map_or(0, |list| list.rows.len())
}

/// Asks the centre again.
fn refresh(panel: &mut Panel<'_>) {
    if let Some(signed_in) = panel.state.sign_in.entered.latest() {
        let centre = signed_in.centre.clone();
        panel.send(session::Command::Worklist(Command::Refresh { centre }));
    }
}

/// Opens a study of the list.
fn open(panel: &mut Panel<'_>, study: &Uid) {
    if let Some(signed_in) = panel.state.sign_in.entered.latest() {
        let (centre, study) = (signed_in.centre.clone(), study.clone());
        panel.send(session::Command::Case(case::Command::Open { centre, study }));
    }
}
