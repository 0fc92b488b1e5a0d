//! Drags on viewports. A drag belongs to the viewport where it began until the button is let go, wherever the
//! pointer is. Every step is computed from where the drag began, so that no rounding adds up.

use egui::{Id, PointerButton, Pos2, Response, Ui, Vec2};
use glam::DVec2;

use super::cross::{self, Line};
use super::input::tool;
use super::viewed::Viewed;
use crate::imaging::Placement;
use crate::session::Command as Any;
use crate::session::viewer::{Command, Tool, ViewportId};
use crate::ui::{Panel, drawings};

/// Points of a drag that change the window by its whole width.
const WINDOW_POINTS: f64 = 320.0;
/// Points of a drag that double the size.
const ZOOM_POINTS: f64 = 160.0;
/// Least and most points of a drag for one image.
const SCROLL_POINTS: (f32, f32) = (2.0, 16.0);

/// A drag under way.
#[derive(Debug, Clone)]
struct Held {
    on: ViewportId,
    from: Pos2,
    grip: Grip,
}

/// What it does.
#[derive(Debug, Clone)]
enum Grip {
    Window([f64; 2]),
    Scroll { sent: i32 },
    Pan(Placement),
    Zoom(Placement, DVec2),
    Cross(Option<Line>),
    Draw,
    Change(drawings::Taken),
}

fn held_id(window: u8) -> Id {
    Id::unique(("viewport drag", window))
}

/// Every drag is over, and does nothing more.
pub(super) fn forget(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove_by_type::<Held>());
}

/// Begins, continues and ends drags of this viewport.
pub(super) fn drags(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, response: &Response) {
    let id = held_id(viewed.id.window);
    let pointer = ui.input(|input| (input.pointer.press_origin(), input.pointer.latest_pos()));
    if response.drag_started()
        && let (Some(from), _) = pointer
        && let Some(grip) = begin(ui, panel, viewed, response, from)
    {
        ui.data_mut(|data| data.insert_temp(id, Held { on: viewed.id, from, grip }));
    }
    let held = ui.data(|data| data.get_temp::<Held>(id)).filter(|held| held.on == viewed.id);
    let (Some(mut held), (_, Some(at))) = (held, pointer) else { return };
    step(ui, panel, viewed, &mut held, at);
    if response.drag_stopped() || !response.dragged() {
        end(ui, panel, viewed, held, at);
        ui.data_mut(|data| data.remove::<Held>(id));
    } else {
        ui.data_mut(|data| data.insert_temp(id, held));
    }
}

fn begin(
    ui: &Ui,
    panel: &mut Panel<'_>,
    viewed: &Viewed<'_>,
    response: &Response,
    from: Pos2,
) -> Option<Grip> {
    let placement = viewed.placement();
    if response.drag_started_by(PointerButton::Middle) {
        return placement.map(Grip::Pan);
    }
    if response.drag_started_by(PointerButton::Secondary) {
        return Some(Grip::Zoom(placement?, viewed.units_from_middle(from)?));
    }
    if !response.drag_started_by(PointerButton::Primary) {
        return None;
    }
    if let Some(grabbed) = cross::grabbed(viewed, from) {
        return Some(Grip::Cross(grabbed));
    }
    if let Some(taken) = drawings::take(ui, panel, viewed, from) {
        return Some(Grip::Change(taken));
    }
    match tool(viewed) {
        Some(Tool::Window) => viewed.grey_window().map(Grip::Window),
        Some(Tool::Scroll) => Some(Grip::Scroll { sent: 0 }),
        Some(Tool::Pan) => placement.map(Grip::Pan),
        Some(Tool::Zoom) => Some(Grip::Zoom(placement?, viewed.units_from_middle(from)?)),
        Some(Tool::Text) => None,
        Some(Tool::Measure(_) | Tool::Arrow) => drawings::press(ui, viewed, from).then_some(Grip::Draw),
        None => Some(Grip::Cross(None)),
    }
}

fn step(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, held: &mut Held, at: Pos2) {
    let way = at - held.from;
    let viewport = viewed.id;
    let look = viewed.case.viewer.look(viewport);
    match &mut held.grip {
        Grip::Window(from) => {
            let window = Some(windowed(*from, way));
            if look.is_some_and(|look| look.window != window) && way != Vec2::ZERO {
                panel.send(Any::Viewer(Command::Window { viewport, window }));
            }
        }
        Grip::Scroll { sent } => {
            let count = viewed.standing.map_or(0, |standing| standing.stack.images.len());
            let each = viewed.rect.height() / count.max(1) as f32;
            let total = (way.y / each.clamp(SCROLL_POINTS.0, SCROLL_POINTS.1)).round() as i32;
            if total != *sent {
                panel.send(Any::Viewer(Command::Scroll { viewport, by: total - *sent }));
                *sent = total;
            }
        }
        Grip::Pan(from) => place(panel, viewed, viewed.moved(*from, way)),
        Grip::Zoom(from, middle) => {
            let factor = (-f64::from(way.y) / ZOOM_POINTS).exp2();
            place(panel, viewed, Some(from.zoomed(factor, *middle)));
        }
        Grip::Cross(line) => cross::drag(panel, viewed, *line, at),
        Grip::Draw => {}
        Grip::Change(taken) => drawings::pull(ui, viewed, taken, held.from, at),
    }
}

fn end(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, held: Held, at: Pos2) {
    match held.grip {
        Grip::Draw => drawings::release(ui, panel, viewed, at),
        Grip::Change(taken) => drawings::let_go(ui, panel, taken),
        _ => {}
    }
}

fn place(panel: &mut Panel<'_>, viewed: &Viewed<'_>, placement: Option<Placement>) {
    if let Some(placement) = placement
        && viewed.placement() != Some(placement)
    {
        panel.send(Any::Viewer(Command::Place { viewport: viewed.id, placement }));
    }
}

/// Right is wider, down is a higher centre, in proportion to the width at the start.
fn windowed([center, width]: [f64; 2], way: Vec2) -> [f64; 2] {
    let each = width / WINDOW_POINTS;
    let narrowest = width.min(1.0);
    [center + f64::from(way.y) * each, (width + f64::from(way.x) * each).max(narrowest)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_to_the_right_widens_and_never_turns_the_window_inside_out() {
        assert_eq!(windowed([40.0, 320.0], Vec2::new(10.0, -5.0)), [35.0, 330.0]);
        assert_eq!(windowed([40.0, 320.0], Vec2::new(-9999.0, 0.0)), [40.0, 1.0]);
        assert_eq!(windowed([0.2, 0.5], Vec2::new(-9999.0, 0.0)), [0.2, 0.5]);
    }
}
