//! The rows.

use egui::{Align, Id, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo};
use egui_extras::{Column, TableBuilder, TableRow};

use super::{cells, keys};
use crate::dicom::Uid;
use crate::session::worklist::{Command, Row};
use crate::session::{self, Remote};
use crate::text::{Message, format};
use crate::ui::Panel;
use crate::ui::theme::{GRID, QUIET};

const ROW_HEIGHT: f32 = 7.0 * GRID;

/// A column: its heading, its first width and its least, points. With the description's least they fit a screen of
/// 1280 points.
const COLUMNS: [(&str, f32, f32); 10] = [
    ("worklist-priority", 80.0, 72.0),
    ("worklist-patient", 188.0, 120.0),
    ("worklist-id", 84.0, 56.0),
    ("worklist-sex-age", 68.0, 56.0),
    ("worklist-modality", 56.0, 48.0),
    ("worklist-images", 52.0, 48.0),
    ("worklist-moment", 128.0, 120.0),
    ("worklist-readiness", 144.0, 80.0),
    ("worklist-state", 76.0, 64.0),
    ("worklist-report", 112.0, 96.0),
];
/// The description takes what the others leave, and stands after the modality.
const DESCRIPTION: usize = 5;
const DESCRIPTION_LEAST: f32 = 144.0;

/// Draws the rows that the filter leaves.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, from_filter: bool) {
    let rows = panel.state.worklist.visible();
    keys::act(ui, panel, &rows, from_filter);
    if matches!(panel.state.worklist.list, Remote::Failed { .. }) {
        ui.multiply_opacity(0.75);
    }
    let rect = ui.available_rect_before_wrap();
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        // Text that could be marked would keep clicks from the row below it.
        ui.style_mut().interaction.selectable_labels = false;
        ui.spacing_mut().item_spacing.x = 2.0 * GRID;
        let spacing = ui.spacing().item_spacing.x * (COLUMNS.len() as f32 + 1.0);
        let fixed: f32 = COLUMNS.iter().map(|(_, width, _)| width).sum();
        ui.set_min_width(fixed + DESCRIPTION_LEAST + spacing);
        table(ui, panel, &rows);
    });
    keys::stop(ui, rect, &panel.word("worklist-title"));
}

fn table(ui: &mut Ui, panel: &mut Panel<'_>, rows: &[&Row]) {
    let newly_selected = newly_selected(ui, panel, rows);
    // The table would draw the edges of its columns down to the bottom of the window: they show under the mouse only.
    ui.visuals_mut().widgets.noninteractive.bg_stroke = Stroke::NONE;
    let mut builder = TableBuilder::new(ui)
        .id_salt("worklist")
        .striped(false)
        .resizable(true)
        .sense(Sense::click())
        .auto_shrink(false)
        .animate_scrolling(false)
        .cell_layout(Layout::left_to_right(Align::Center));
    for (at, (_, width, least)) in COLUMNS.iter().enumerate() {
        if at == DESCRIPTION {
            builder =
                builder.column(Column::remainder().at_least(DESCRIPTION_LEAST).clip(true).resizable(false));
        }
        builder = builder.column(Column::initial(*width).at_least(*least).clip(true));
    }
    if let Some(row) = newly_selected {
        builder = builder.scroll_to_row(row, None);
    }
    let heading = |ui: &mut Ui, id: &'static str| {
        ui.add(Label::new(RichText::new(panel.word(id)).small().color(QUIET)).truncate());
    };
    let table = builder.header(ROW_HEIGHT, |mut header| {
        for (at, (id, ..)) in COLUMNS.iter().enumerate() {
            if at == DESCRIPTION {
                header.col(|ui| heading(ui, "worklist-description"));
            }
            header.col(|ui| heading(ui, id));
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

fn one(line: &mut TableRow<'_, '_>, panel: &mut Panel<'_>, row: &Row) {
    let selected = panel.state.worklist.selected.as_ref() == Some(&row.study);
    line.set_selected(selected);
    let mut rect = Rect::NOTHING;
    line.col(|ui| {
        rect = ui.max_rect();
        cells::priority(ui, panel, row);
    });
    line.col(|ui| cells::patient(ui, panel, row));
    line.col(|ui| cells::plain(ui, row.patient.id.reveal()));
    line.col(|ui| cells::sex_and_age(ui, panel, row));
    line.col(|ui| cells::plain(ui, &row.image_modalities()));
    line.col(|ui| cells::plain(ui, &row.description));
    line.col(|ui| cells::images(ui, row));
    line.col(|ui| cells::moment(ui, panel, row));
    line.col(|ui| cells::readiness(ui, panel, row));
    line.col(|ui| cells::state(ui, panel, row));
    line.col(|ui| {
        rect = rect.union(ui.max_rect());
        cells::report(ui, panel, row);
    });
    // In the frame in which a row appears its cells do not know their places yet; assistive technology must.
    let response = line.response().with_new_rect(rect);
    let spoken = spoken(panel, row);
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, selected, &spoken));
    if response.double_clicked() {
        super::open(panel, &row.study);
    } else if response.clicked() {
        panel.send(session::Command::Worklist(Command::Select(Some(row.study.clone()))));
    }
}

/// What a screen reader says of a row.
fn spoken(panel: &Panel<'_>, row: &Row) -> String {
    let (name, _) = format::name(panel.language(), row.patient.name.reveal());
    let message = Message::new("worklist-row")
        .with("priority", panel.word(cells::priority_word(row.priority)))
        .with("patient", if name.is_empty() { format::NOTHING } else { &name })
        .with("modality", row.image_modalities())
        .with("description", &row.description)
        .with("state", panel.word(cells::state_word(row.state)));
    panel.say(&message)
}

/// The place of the selected row when another one was selected before: it is scrolled into sight.
fn newly_selected(ui: &Ui, panel: &Panel<'_>, rows: &[&Row]) -> Option<usize> {
    let selected = panel.state.worklist.selected.as_ref()?;
    let memory = Id::unique("worklist: scrolled to");
    let before = ui.data_mut(|data| data.get_temp::<Uid>(memory));
    if before.as_ref() == Some(selected) {
        return None;
    }
    ui.data_mut(|data| data.insert_temp(memory, selected.clone()));
    rows.iter().position(|row| row.study == *selected)
}
