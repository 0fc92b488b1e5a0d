//! Every action with its keys, by group.

use egui::{RichText, ScrollArea, Ui};

use super::actions::{self, Group, spoken};
use super::{Panel, theme};
use crate::session::Command;
use crate::session::shell::Command as Shell;

/// Columns of the sheet.
const COLUMNS: [&[Group]; 3] = [
    &[Group::Case, Group::Tools, Group::Program],
    &[Group::Windows, Group::Image, Group::Planes],
    &[Group::Images, Group::Layout, Group::Report],
];

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let size = ui.ctx().content_rect().size();
    ui.set_width((size.x - 96.0).clamp(320.0, 960.0));
    ui.horizontal(|ui| {
        ui.label(RichText::new(panel.word("shell-help-title")).heading());
        if ui.button(panel.word("shell-close")).clicked() {
            panel.send(Command::Shell(Shell::CloseDialog));
        }
    });
    ui.label(RichText::new(panel.word("shell-help-mouse")).color(theme::QUIET));
    ScrollArea::vertical().max_height((size.y - 160.0).max(120.0)).show(ui, |ui| {
        ui.columns(COLUMNS.len(), |columns| {
            for (ui, groups) in columns.iter_mut().zip(COLUMNS) {
                for group in groups {
                    show_group(ui, panel, *group);
                }
            }
        });
    });
}

fn show_group(ui: &mut Ui, panel: &Panel<'_>, group: Group) {
    ui.add_space(theme::GRID * 2.0);
    ui.label(RichText::new(panel.word(group.label())).color(theme::ACCENT));
    egui::Grid::new(group.label()).num_columns(2).spacing([theme::GRID * 4.0, 2.0]).show(ui, |ui| {
        for action in actions::of(group) {
            let keys: Vec<String> = action.keys.iter().map(|key| spoken(*key)).collect();
            ui.label(RichText::new(keys.join(" / ")).color(theme::QUIET));
            ui.add(egui::Label::new(action.label(panel.language())).wrap());
            ui.end_row();
        }
    });
}
