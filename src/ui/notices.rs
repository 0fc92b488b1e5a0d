//! What the reader must know, at the top right: calm, and there until it has been read.

use egui::{Align2, Area, Color32, Context, Id, Order, RichText, Role, Ui, Vec2, WidgetInfo};

use super::{Panel, icons, theme};
use crate::session::Command;
use crate::session::shell::{Command as Shell, Notice, Weight};

/// Width of a notice, points.
const WIDTH: f32 = 340.0;
/// Below the menu and the tools.
const TOP: f32 = 80.0;
/// Notices that are shown at once; the newest ones.
const SHOWN: usize = 5;

/// Draws them.
pub(super) fn show(ctx: &Context, panel: &mut Panel<'_>) {
    let notices = &panel.state.shell.notices;
    if notices.is_empty() {
        return;
    }
    let area = Area::new(Id::unique("notices")).order(Order::Foreground);
    area.anchor(Align2::RIGHT_TOP, Vec2::new(-theme::GRID * 3.0, TOP)).show(ctx, |ui| {
        ui.set_width(WIDTH);
        for notice in notices.iter().rev().take(SHOWN) {
            one(ui, panel, notice);
        }
    });
}

fn one(ui: &mut Ui, panel: &mut Panel<'_>, notice: &Notice) {
    let (sign, colour) = look(notice.weight);
    let frame = theme::sheet().inner_margin(theme::GRID * 2.0).stroke((1.0, colour));
    frame.show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(icons::icon(sign).color(colour));
            let sentence = panel.explain(&notice.problem);
            ui.allocate_ui(Vec2::new(WIDTH - 96.0, 0.0), |ui| {
                ui.add(egui::Label::new(RichText::new(sentence)).wrap().selectable(true));
            });
            let word = panel.word("shell-dismiss");
            let close = ui.button(icons::icon(icons::CLOSE)).on_hover_text(&word);
            close.widget_info(|| WidgetInfo::labeled(Role::Button, true, &word));
            if close.clicked() {
                panel.send(Command::Shell(Shell::Dismiss(notice.id)));
            }
        });
    });
}

fn look(weight: Weight) -> (&'static str, Color32) {
    match weight {
        Weight::Note => (icons::NOTE, theme::ACCENT),
        Weight::Warning => (icons::WARNING, theme::WARN),
        Weight::Fault => (icons::FAULT, theme::ALARM),
    }
}
