//! The stacks and documents of the study, small, with how far each has come.

mod tile;

use egui::{Color32, ScrollArea, Sense, Ui, Vec2};

use super::{Panel, theme};
use crate::dicom::Uid;
use crate::dicom::catalogue::{SeriesEntry, Stack};
use crate::session::case::Case;
use crate::text::Message;

/// What is dragged from here: a stack, to be dropped on a viewport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dragged {
    /// Series Instance UID.
    pub series: Uid,
    /// The stack's place in its series.
    pub stack: usize,
}

/// One stack of the case.
#[derive(Clone, Copy)]
struct Item<'a> {
    series: &'a SeriesEntry,
    index: usize,
    stack: &'a Stack,
}

/// Draws the strip in the room that `ui` has: how far the transfer has come, then a tile a stack. Only the tiles
/// in sight cost anything.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let state = panel.state;
    let Some(case) = &state.case else { return };
    transfer(ui, panel, case);
    grown(ui, panel, case);
    refused(ui, panel, case);
    skipped(ui, panel, case);
    let all = items(case);
    if all.is_empty() {
        ui.colored_label(theme::QUIET, panel.word("viewer-no-series"));
        return;
    }
    let scroll = ScrollArea::vertical().id_salt("thumbnails").auto_shrink([false, false]);
    scroll.show_rows(ui, tile::HEIGHT, all.len(), |ui, rows| {
        for item in all.get(rows).unwrap_or_default() {
            tile::show(ui, panel, case, *item);
        }
    });
}

/// Images first, whatever the numbers of their series: documents are many and small.
fn items(case: &Case) -> Vec<Item<'_>> {
    let series = || case.catalogue.iter().flat_map(|study| &study.series);
    let all = series()
        .flat_map(|series| series.all().enumerate().map(move |(index, stack)| Item { series, index, stack }));
    let (mut images, documents): (Vec<_>, Vec<_>) = all.partition(|item| item.stack.document().is_none());
    images.extend(documents);
    images
}

/// How much of the study is here, while it is coming.
fn transfer(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    let progress = case.progress;
    let Some(expected) = progress.expected.filter(|_| case.arrived.is_pending()) else { return };
    let share = progress.received as f32 / expected.max(1) as f32;
    let message =
        Message::new("viewer-transfer").with("received", progress.received).with("expected", expected);
    ui.colored_label(theme::QUIET, panel.say(&message));
    let (bar, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 3.0), Sense::hover());
    let size = Vec2::new(bar.width() * share.clamp(0.0, 1.0), bar.height());
    ui.painter().rect_filled(bar, 1.0, theme::LINE);
    ui.painter().rect_filled(egui::Rect::from_min_size(bar.min, size), 1.0, theme::ACCENT);
    ui.add_space(theme::GRID);
}

/// How many images came after the study was here.
fn grown(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    if case.growth.images > 0 {
        let text = panel.say(&Message::new("growth-late").with("count", case.growth.images));
        let text = egui::RichText::new(text).color(theme::WARN).size(tile::TEXT);
        ui.add(egui::Label::new(text).wrap());
    }
}

/// What could not be opened at all; the sentences on hover.
fn refused(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    if case.refused.is_empty() {
        return;
    }
    let text = panel.say(&Message::new("viewer-refused").with("count", case.refused.len()));
    let mut sentences: Vec<String> = case.refused.iter().map(|problem| panel.explain(problem)).collect();
    sentences.dedup();
    let text = egui::RichText::new(text).color(theme::WARN).size(tile::TEXT);
    ui.add(egui::Label::new(text).wrap().sense(Sense::hover())).on_hover_text(sentences.join("\n"));
}

/// How many files beside the images are none.
fn skipped(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    let count = case.arrived.latest().map_or(0, |fetched| fetched.skipped);
    if count > 0 {
        let text = panel.say(&Message::new("viewer-skipped").with("count", count));
        let text = egui::RichText::new(text).color(theme::QUIET).size(tile::TEXT);
        ui.add(egui::Label::new(text).wrap());
    }
}

/// Behind a tile.
fn ground(active: bool, hovered: bool) -> Color32 {
    if active || hovered { theme::RAISED } else { theme::PANEL }
}
