//! The mouse on a viewport: wheel, clicks, drops. Drags are in `grip`.

use egui::{Event, Id, Modifiers, MouseWheelUnit, PointerButton, Pos2, Response, Ui};

use super::viewed::Viewed;
use super::{grid, grip, menu, page};
use crate::session::viewer::{Command, Tool, ViewportId};
use crate::session::{Command as Any, case::Case};
use crate::ui::thumbnails::Dragged;
use crate::ui::{Panel, drawings};

/// Points of a touchpad's way that stand for one notch of a wheel.
const POINTS_A_NOTCH: f32 = 24.0;
/// Lines of a document for a notch.
const LINES_A_NOTCH: i32 = 3;
/// Notches of a page.
const NOTCHES_A_PAGE: f32 = 10.0;
/// How much one notch enlarges.
const ZOOM_A_NOTCH: f64 = 1.15;

/// What the mouse does on one viewport.
pub(super) fn viewport(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, response: &Response) {
    let pressed = ui.input(|input| input.pointer.any_pressed());
    if pressed && response.is_pointer_button_down_on() && viewed.case.viewer.active != viewed.id {
        panel.send(Any::Viewer(Command::Activate(viewed.id)));
    }
    drop(panel, viewed, response);
    wheel(ui, panel, viewed, response);
    grip::drags(ui, panel, viewed, response);
    clicks(ui, panel, viewed, response);
    if drawings::draws(viewed.case.viewer.tool) && viewed.mpr().is_none() {
        response.clone().on_hover_cursor(egui::CursorIcon::Crosshair);
    }
    if response.hover_pos().is_some_and(|at| page::link_at(ui.ctx(), viewed, at).is_some()) {
        response.clone().on_hover_cursor(egui::CursorIcon::PointingHand);
    }
    response.context_menu(|ui| menu::items(ui, panel, viewed));
}

fn drop(panel: &mut Panel<'_>, viewed: &Viewed<'_>, response: &Response) {
    if let Some(dragged) = response.dnd_release_payload::<Dragged>() {
        let Dragged { series, stack } = (*dragged).clone();
        panel.send(Any::Viewer(Command::Activate(viewed.id)));
        panel.send(Any::Viewer(Command::Show { viewport: viewed.id, series, stack }));
    }
}

fn clicks(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, response: &Response) {
    let Some(at) = response.interact_pointer_pos() else { return };
    if response.secondary_clicked() {
        drawings::select_at(ui, panel, viewed, at);
    }
    if response.double_clicked_by(PointerButton::Primary) {
        let taken = drawings::double_click(ui, panel, viewed, at);
        if !taken && !drawings::draws(viewed.case.viewer.tool) {
            let window = viewed.id.window;
            grid::set_alone(ui.ctx(), window, !grid::is_alone(ui.ctx(), window));
        }
    } else if response.clicked_by(PointerButton::Primary) {
        match page::link_at(ui.ctx(), viewed, at) {
            Some(to) => follow(panel, viewed, to),
            None => drawings::click(ui, panel, viewed, at),
        }
    }
}

/// Shows the image that a line of a document refers to: beside the document where there is another viewport.
fn follow(panel: &mut Panel<'_>, viewed: &Viewed<'_>, to: page::Target) {
    let places = viewed.window.laid_out().len() as u8;
    let other = (0..places).find(|place| *place != viewed.id.place);
    let viewport = ViewportId { place: other.unwrap_or(viewed.id.place), ..viewed.id };
    panel.send(Any::Viewer(Command::Show { viewport, series: to.series, stack: to.stack }));
    panel.send(Any::Viewer(Command::GoTo { viewport, position: to.position }));
}

/// Whole notches come out as soon as they are there; the rest waits for the next turn.
fn wheel(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, response: &Response) {
    if !response.contains_pointer() {
        return;
    }
    let (turned, zoom) = ui.input(|input| {
        input.events.iter().fold((0.0, 1.0), |(turned, zoom), event| match event {
            Event::MouseWheel { unit, delta, modifiers, .. } => {
                let notches = delta.y * notches(*unit);
                if zooms(*modifiers) {
                    (turned, zoom * ZOOM_A_NOTCH.powf(f64::from(notches)))
                } else {
                    (turned - notches, zoom)
                }
            }
            Event::Zoom(factor) => (turned, zoom * f64::from(*factor)),
            _ => (turned, zoom),
        })
    });
    let at = response.hover_pos();
    if let Some(placement) = at.filter(|_| zoom != 1.0).and_then(|at| zoomed(viewed, zoom, at)) {
        panel.send(Any::Viewer(Command::Place { viewport: viewed.id, placement }));
    }
    let id = Id::unique(("notches", viewed.id.window, viewed.id.place));
    let waiting = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(0.0);
    // A turn the other way begins anew, so that the first notch back always counts.
    let waiting = if waiting * turned < 0.0 { turned } else { waiting + turned };
    let whole = waiting.trunc();
    ui.data_mut(|data| data.insert_temp(id, waiting - whole));
    if whole != 0.0 && has_images(viewed.case, viewed) {
        let lines = if viewed.text().is_some() { LINES_A_NOTCH } else { 1 };
        panel.send(Any::Viewer(Command::Scroll { viewport: viewed.id, by: whole as i32 * lines }));
    }
}

fn notches(unit: MouseWheelUnit) -> f32 {
    match unit {
        MouseWheelUnit::Line => 1.0,
        MouseWheelUnit::Page => NOTCHES_A_PAGE,
        MouseWheelUnit::Point => 1.0 / POINTS_A_NOTCH,
    }
}

fn zooms(modifiers: Modifiers) -> bool {
    modifiers.ctrl || modifiers.command
}

fn zoomed(viewed: &Viewed<'_>, factor: f64, at: Pos2) -> Option<crate::imaging::Placement> {
    Some(viewed.placement()?.zoomed(factor, viewed.units_from_middle(at)?))
}

fn has_images(case: &Case, viewed: &Viewed<'_>) -> bool {
    viewed.mpr().is_some() || case.viewer.viewport(viewed.id).is_some_and(|viewport| viewport.shown.is_some())
}

/// What the left button does on this viewport: planes are not drawn on, so the tools that draw move the
/// crosshair there.
pub(super) fn tool(viewed: &Viewed<'_>) -> Option<Tool> {
    let tool = viewed.case.viewer.tool;
    (viewed.mpr().is_none() || !drawings::draws(tool)).then_some(tool)
}
