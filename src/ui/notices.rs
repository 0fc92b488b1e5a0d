//! What the reader must know, at the bottom right of the images: calm, there until it has been read, and never over
//! a patient's name or the button that signs.

use egui::{Align2, Area, Color32, Context, Id, Order, Rect, RichText, Role, Ui, Vec2, WidgetInfo};

use super::{Panel, icons, theme};
use crate::session::Command;
use crate::session::shell::{Command as Shell, Notice, Weight};
use crate::text::Message;

/// Width of a notice, points.
const WIDTH: f32 = 340.0;
/// Notices that are shown at once: the worst, and of those the newest.
const SHOWN: usize = 3;

/// Draws them in the corner of `room`.
pub(super) fn show(ctx: &Context, panel: &mut Panel<'_>, room: Rect) {
    let notices = &panel.state.shell.notices;
    if notices.is_empty() {
        return;
    }
    let area = Area::new(Id::unique("notices")).order(Order::Foreground);
    let corner = room.right_bottom() - Vec2::splat(theme::GRID * 2.0);
    area.pivot(Align2::RIGHT_BOTTOM).fixed_pos(corner).show(ctx, |ui| {
        ui.set_width(WIDTH);
        let (shown, rest) = chosen(notices);
        if rest > 0 {
            theme::sheet().inner_margin(theme::GRID).show(ui, |ui| {
                let rest = Message::new("shell-notices-more").with("count", rest);
                ui.label(RichText::new(panel.say(&rest)).color(theme::QUIET));
            });
        }
        for notice in shown {
            one(ui, panel, notice);
        }
    });
}

/// Those that are shown, oldest first, and how many are not.
fn chosen(notices: &[Notice]) -> (Vec<&Notice>, usize) {
    let mut worst: Vec<&Notice> = notices.iter().collect();
    worst.sort_by_key(|notice| std::cmp::Reverse((notice.weight, notice.id)));
    worst.truncate(SHOWN);
    worst.sort_by_key(|notice| notice.id);
    let rest = notices.len() - worst.len();
    (worst, rest)
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
