//! What the reader must know, low at the right of the images: calm, there until it has been read, and never over a
//! patient's name, a badge of an image or the button that signs.

use egui::{
    Align2, Area, Color32, Context, Id, Order, Pos2, Rect, RichText, Role, Ui, Vec2, WidgetInfo, pos2,
};

use super::{Panel, icons, theme, viewports};
use crate::session::Command;
use crate::session::shell::{Command as Shell, Notice, Screen, Weight};
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
    let id = Id::unique("notices");
    let size = ctx.memory(|memory| memory.area_rect(id)).map_or(Vec2::new(WIDTH, 0.0), |rect| rect.size());
    let images = panel.state.shell.screen == Screen::Reading;
    let clear = if images { viewports::kept_clear(ctx) } else { Vec::new() };
    let corner = free(room.shrink(theme::GRID * 2.0), size, &clear);
    let area = Area::new(id).order(Order::Foreground);
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

/// The right bottom corner for something of `size`: as low in `room` as it covers nothing of `clear`. Where there is
/// no such place, as low as it covers least.
fn free(room: Rect, size: Vec2, clear: &[Rect]) -> Pos2 {
    let above = clear.iter().map(|rect| rect.top() - theme::GRID);
    let bottoms = std::iter::once(room.bottom()).chain(above);
    let inside = bottoms.filter(|bottom| *bottom <= room.bottom() && bottom - size.y >= room.top());
    let covered = |bottom: f32| {
        let there = Rect::from_min_max(room.right_top(), pos2(room.right(), bottom));
        let there = there.with_min_x(room.right() - size.x).with_min_y(bottom - size.y);
        clear.iter().filter(|rect| rect.intersects(there)).count()
    };
    let best = inside.min_by(|a, b| covered(*a).cmp(&covered(*b)).then(b.total_cmp(a)));
    pos2(room.right(), best.unwrap_or(room.bottom()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_gives_way_to_what_must_stay_in_sight() {
        let room = Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0));
        let size = Vec2::new(340.0, 100.0);
        let badges = Rect::from_min_max(pos2(700.0, 540.0), pos2(796.0, 596.0));
        assert_eq!(free(room, size, &[]).y, 600.0);
        let above = free(room, size, &[badges]).y;
        assert!(above < badges.top() && above > badges.top() - 10.0, "{above}");
        // Two rows of viewports: the gap between the badges of both is too low for three notices.
        let upper = badges.translate(Vec2::new(0.0, -300.0));
        let tall = free(room, Vec2::new(340.0, 230.0), &[badges, upper]).y;
        assert!(tall < badges.top() && tall - 230.0 > upper.bottom(), "{tall}");
        let taller = free(room, Vec2::new(340.0, 260.0), &[badges, upper]).y;
        assert_eq!(taller, 600.0, "nowhere: what is covered is as little as can be");
        let elsewhere = badges.translate(Vec2::new(-500.0, 0.0));
        assert_eq!(free(room, size, &[elsewhere]).y, 600.0);
    }
}
