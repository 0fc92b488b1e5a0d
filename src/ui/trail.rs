//! The audit trail: who did what to which patient's study, whether the chain holds, what waits to be sent.

use egui::{Align, Color32, Id, Label, Layout, Margin, RichText, Sense, Stroke, Ui};
use egui_extras::{Column, TableBuilder, TableRow};

use super::theme::{ALARM, GOOD, GRID, QUIET, TEXT, WARN};
use super::{Panel, typing, waiting};
use crate::session::trail::{Command, List, Row, Verdict, Way};
use crate::session::{self, Remote, shell};
use crate::text::{Message, format};

/// Height of a row, points.
const ROW_HEIGHT: f32 = 22.0;
/// What is left of the window around the dialog, points.
const BESIDE: [f32; 2] = [96.0, 140.0];

/// Columns with their first width, points; the last takes the rest.
const COLUMNS: [(&str, f32); 6] = [
    ("trail-column-time", 204.0),
    ("trail-column-what", 196.0),
    ("trail-column-reader", 164.0),
    ("trail-column-patient", 208.0),
    ("trail-column-outcome", 64.0),
    ("trail-column-place", 160.0),
];

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let size = ui.ctx().content_rect().size();
    ui.set_width((size.x - BESIDE[0]).max(320.0));
    ui.set_height((size.y - BESIDE[1]).max(200.0));
    head(ui, panel);
    let list = &panel.state.trail.list;
    if let Remote::Failed { problem, .. } = list {
        line(ui, &panel.explain(problem), ALARM);
    }
    match list.latest() {
        Some(list) => {
            state_of(ui, panel, list);
            ui.add_space(GRID);
            table(ui, panel, list);
        }
        None if list.is_pending() => waiting::mark(ui, panel.state),
        None => {}
    }
}

fn head(ui: &mut Ui, panel: &mut Panel<'_>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(panel.word("trail-title")).heading());
        ui.add_space(2.0 * GRID);
        let hint = RichText::new(panel.word("trail-filter-hint")).color(QUIET);
        let id = Id::unique("trail: filter");
        let typed = typing::field(ui, id, &panel.state.trail.filter, false, |edit| {
            edit.hint_text(hint).desired_width(70.0 * GRID).margin(Margin::symmetric(8, 5))
        });
        let name = panel.word("trail-filter");
        typed.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, &name));
        if let Some(text) = typed.written {
            panel.send(session::Command::Trail(Command::Filter(text)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(panel.word("shell-close")).clicked() {
                panel.send(session::Command::Shell(shell::Command::CloseDialog));
            }
        });
    });
}

/// Whether the chain holds, and what waits to be sent.
fn state_of(ui: &mut Ui, panel: &Panel<'_>, list: &List) {
    let (verdict, colour) = match list.verdict {
        Verdict::Whole { records } => (Message::new("trail-whole").with("records", records), GOOD),
        Verdict::Broken { sequence } => (Message::new("trail-broken").with("number", sequence), ALARM),
    };
    line(ui, &panel.say(&verdict), colour);
    if list.older > 0 {
        line(ui, &panel.say(&Message::new("trail-older").with("count", list.older)), QUIET);
    }
    if list.ways.is_empty() {
        line(ui, &panel.word("trail-kept-here"), QUIET);
    }
    for way in &list.ways {
        of_way(ui, panel, way);
    }
}

fn of_way(ui: &mut Ui, panel: &Panel<'_>, way: &Way) {
    let (id, colour) = if way.waiting == 0 { ("trail-all-sent", QUIET) } else { ("trail-waiting", TEXT) };
    let message = Message::new(id).with("host", &way.host).with("count", way.waiting);
    line(ui, &panel.say(&message), colour);
    if let Some(problem) = &way.problem {
        line(ui, &panel.explain(problem), WARN);
    }
}

fn line(ui: &mut Ui, text: &str, colour: Color32) {
    ui.add(Label::new(RichText::new(text).color(colour)).wrap());
}

fn table(ui: &mut Ui, panel: &Panel<'_>, list: &List) {
    let rows = panel.state.trail.visible(|id| panel.word(id));
    if rows.is_empty() && !list.rows.is_empty() {
        line(ui, &panel.word("trail-no-match"), QUIET);
        return;
    }
    ui.visuals_mut().widgets.noninteractive.bg_stroke = Stroke::NONE;
    let mut builder = TableBuilder::new(ui)
        .id_salt("trail")
        .striped(true)
        .resizable(true)
        .sense(Sense::hover())
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center));
    for (at, (_, width)) in COLUMNS.iter().enumerate() {
        let column = if at + 1 == COLUMNS.len() { Column::remainder() } else { Column::initial(*width) };
        builder = builder.column(column.at_least(48.0).clip(true));
    }
    let table = builder.header(ROW_HEIGHT, |mut header| {
        for (id, _) in COLUMNS {
            header.col(|ui| cell(ui, &panel.word(id), QUIET));
        }
    });
    let _ = table.body(|body| {
        body.rows(ROW_HEIGHT, rows.len(), |mut line| {
            if let Some(row) = rows.get(line.index()) {
                one(&mut line, panel, row);
            }
        });
    });
}

fn one(line: &mut TableRow<'_, '_>, panel: &Panel<'_>, row: &Row) {
    let language = panel.language();
    let (name, _) = format::name(language, row.patient_name.reveal());
    let patient = [row.patient_id.reveal().as_str(), &name].join("  ");
    let (outcome, colour) = match row.success {
        true => ("trail-success", QUIET),
        false => ("trail-failure", WARN),
    };
    let place = [row.place.reveal().as_str(), &row.study].join("  ");
    line.col(|ui| cell(ui, &format!("{} {}", format::date(language, &row.date), row.time), TEXT));
    line.col(|ui| cell(ui, &panel.word(row.what), TEXT));
    line.col(|ui| cell(ui, &row.reader, TEXT));
    line.col(|ui| cell(ui, patient.trim(), TEXT));
    line.col(|ui| cell(ui, &panel.word(outcome), colour));
    line.col(|ui| cell(ui, place.trim(), QUIET));
}

/// Text that is cut where its column ends, and shown whole under the mouse.
fn cell(ui: &mut Ui, text: &str, colour: Color32) {
    ui.add(Label::new(RichText::new(text).color(colour)).truncate());
}
