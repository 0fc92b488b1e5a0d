//! Viewports: images, what lies over them, and the mouse on them.
//!
//! [`input`] first, then [`paint`]: the application applies the commands of the first before the second, so
//! that a notch of the wheel shows in the same frame.
//!
//! ```text
//!   grid ── cells ──► viewed: scene + the ways between screen, picture and image
//!                       ├── input: wheel, clicks, drops, menu; grip: drags ──► commands
//!                       └── paint: canvas or page, then cross, drawings, corner text, letters, scale bar
//! ```

mod badges;
mod corner;
mod cross;
mod grid;
mod grip;
mod input;
pub(crate) mod marks;
mod menu;
pub(crate) mod page;
pub(crate) mod scene;
pub(crate) mod viewed;
pub(crate) mod words;

use egui::{Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

pub use grid::{is_alone, set_alone};

use super::canvas::Painted;
use super::thumbnails::Dragged;
use super::{Panel, drawings, theme};
use crate::session::viewer::ViewportId;
use crate::text::{Explain, Message};
use marks::Overlay;
use scene::Blank;
use viewed::Viewed;

/// Drags are over, and pages forget what they refer to.
pub(super) fn forget(ctx: &egui::Context) {
    grip::forget(ctx);
    page::forget(ctx);
}

/// Names the area of a viewport.
fn area_id(id: ViewportId) -> Id {
    Id::unique(("viewport", id.window, id.place))
}

/// What mouse and keyboard want of the viewports of a window, as commands. Takes no room: [`paint`] does.
pub fn input(ui: &mut Ui, panel: &mut Panel<'_>, window: u8) {
    for viewed in all(ui, panel, window) {
        // Not focusable: the keys belong to the active viewport, and a focused area would swallow them.
        let response = ui.interact(viewed.rect, area_id(viewed.id), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::new(Role::Image));
        input::viewport(ui, panel, &viewed, &response);
        drawings::keys(ui, panel, &viewed);
        drawings::writing(ui, panel, &viewed);
    }
}

/// Draws the viewports of a window from the state as it is now.
pub fn paint(ui: &mut Ui, panel: &mut Panel<'_>, window: u8) {
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, theme::LINE);
    let several = all(ui, panel, window);
    let alone = several.len() < 2;
    let mut clear = Vec::new();
    for viewed in several {
        let painter = ui.painter().with_clip_rect(viewed.rect.intersect(ui.clip_rect()));
        painter.rect_filled(viewed.rect, 0.0, theme::FILM);
        name(ui, panel, &viewed);
        let mut cell = ui.new_child(egui::UiBuilder::new().max_rect(viewed.rect));
        cell.set_clip_rect(painter.clip_rect());
        clear.extend(one(&mut cell, panel, &viewed));
        frame(ui, &viewed, alone);
    }
    if window == 0 {
        keep_clear(ui, clear);
    }
    ui.advance_cursor_after_rect(area);
}

/// Where in the main window stands what nothing may cover: who it is, and what could mislead.
pub(super) fn kept_clear(ctx: &egui::Context) -> Vec<Rect> {
    ctx.data(|data| data.get_temp(clear_id())).unwrap_or_default()
}

/// Remembers it for what is drawn over the images in the next frame, which comes at once where it has changed.
fn keep_clear(ui: &Ui, clear: Vec<Rect>) {
    if kept_clear(ui.ctx()) != clear {
        ui.ctx().data_mut(|data| data.insert_temp(clear_id(), clear));
        ui.ctx().request_repaint();
    }
}

fn clear_id() -> Id {
    Id::unique("kept clear of notices")
}

fn all<'a>(ui: &Ui, panel: &Panel<'a>, window: u8) -> Vec<Viewed<'a>> {
    let state = panel.state;
    let Some(case) = &state.case else { return Vec::new() };
    let Some(shown) = case.viewer.windows.get(usize::from(window)) else { return Vec::new() };
    let cells = grid::cells(ui.ctx(), &case.viewer, window, ui.available_rect_before_wrap());
    let pixels_per_point = ui.ctx().pixels_per_point();
    let viewed = |(id, rect)| Viewed::new(case, panel.stores, shown, id, rect, pixels_per_point);
    cells.into_iter().map(viewed).collect()
}

/// Draws one; where in it stands what nothing may cover.
fn one(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) -> Vec<Rect> {
    let painted = match (&viewed.scene, viewed.place) {
        (Ok(scene), Some(place)) => Some(panel.canvas.paint(ui, place, scene)),
        _ => None,
    };
    let painter = ui.painter();
    cross::paint(painter, viewed);
    if viewed.case.viewer.annotations {
        drawings::paint(ui, panel, viewed);
    }
    let mouse = ui.input(|input| input.pointer.latest_pos()).filter(|at| viewed.rect.contains(*at));
    let mut overlay = Overlay::new(viewed.rect);
    let corners = corner::corners(panel, viewed, mouse);
    marks::identity(painter, &mut overlay, &corners);
    page::paint(ui, panel, viewed, overlay.below());
    marks::letters(painter, &mut overlay, viewed);
    marks::corners(painter, &mut overlay, &corners);
    if viewed.case.viewer.annotations {
        marks::bar(painter, &mut overlay, viewed);
    }
    if let Some((rect, meaning)) = mouse.and_then(|at| overlay.meaning(at)) {
        explain(ui, viewed, rect, meaning);
    }
    if let Err(blank) = &viewed.scene
        && *blank != Blank::Text
    {
        say(ui, viewed.rect, &sentence(panel, blank), matches!(blank, Blank::Failed(_)));
    }
    match painted {
        Some(Painted::Failed(error)) => say(ui, viewed.rect, &panel.say(&error.message()), true),
        Some(Painted::Waiting) => say(ui, viewed.rect, &panel.word("viewer-preparing"), false),
        Some(Painted::Now | Painted::Twin) | None => {}
    }
    overlay.kept_clear()
}

/// What a badge means, beside it while the mouse rests on it.
fn explain(ui: &Ui, viewed: &Viewed<'_>, badge: Rect, meaning: &str) {
    if ui.input(|input| input.pointer.any_down()) {
        return;
    }
    let id = area_id(viewed.id).with("meaning");
    let tooltip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, badge);
    tooltip.show(|ui| ui.label(meaning));
}

/// Why there is no image, in the middle.
fn say(ui: &Ui, area: Rect, text: &str, failed: bool) {
    let colour = if failed { theme::WARN } else { theme::QUIET };
    let font = egui::FontId::proportional(marks::TEXT + 1.0);
    let galley = ui.painter().layout(text.to_owned(), font, colour, (area.width() - 32.0).max(40.0));
    let at = area.center() - galley.size() / 2.0;
    marks::shadowed(ui.painter(), at, &galley, colour);
}

fn sentence(panel: &Panel<'_>, blank: &Blank) -> String {
    match blank {
        Blank::Empty => panel.word("viewer-empty"),
        Blank::Coming => panel.word("viewer-coming"),
        Blank::Decoding => panel.word("viewer-decoding"),
        Blank::Building => panel.word("viewer-building"),
        Blank::Text => String::new(),
        Blank::Failed(problem) => panel.explain(problem),
    }
}

/// The active viewport has a frame, and so has the one that something is about to be dropped on.
fn frame(ui: &Ui, viewed: &Viewed<'_>, alone: bool) {
    let dragged = egui::DragAndDrop::has_payload_of_type::<Dragged>(ui.ctx());
    let under = ui.input(|input| input.pointer.latest_pos()).is_some_and(|at| viewed.rect.contains(at));
    let active = viewed.case.viewer.active == viewed.id && !alone;
    let width = if dragged && under { 2.0 } else { 1.0 };
    if active || (dragged && under) {
        let stroke = Stroke::new(width, theme::ACCENT);
        ui.painter().rect_stroke(viewed.rect, 0.0, stroke, StrokeKind::Inside);
    }
}

/// Names a viewport's area after what is painted in it, not after what was there before the mouse acted.
fn name(ui: &Ui, panel: &Panel<'_>, viewed: &Viewed<'_>) {
    let value = [corner::window(panel, viewed), corner::zoom(panel, viewed)];
    let value = match viewed.text() {
        Some((standing, document)) => page::spoken(panel, viewed, &standing, document),
        None => value.into_iter().flatten().collect::<Vec<_>>().join("; "),
    };
    let label = label(panel, viewed);
    ui.ctx().accesskit_node_builder(area_id(viewed.id), |node| {
        node.set_label(label);
        node.set_value(value);
    });
}

/// What a screen reader says of a viewport.
fn label(panel: &Panel<'_>, viewed: &Viewed<'_>) -> String {
    let number = viewed.id.place + 1;
    let named = |id| Message::new(id).with("number", number);
    let base = match (&viewed.standing, viewed.mpr()) {
        (Some(standing), _) => named("viewer-area-image")
            .with("title", words::title(standing))
            .with("at", standing.position + 1)
            .with("count", standing.stack.images.len()),
        (None, Some(_)) => {
            let plane = crate::session::viewer::Mpr::PLANES.get(usize::from(viewed.id.place)).copied();
            let plane = plane.map_or_else(String::new, |plane| panel.word(words::plane_name(plane)));
            named("viewer-area-plane").with("plane", plane)
        }
        (None, None) => named("viewer-area"),
    };
    let base = panel.say(&base);
    match &viewed.scene {
        Ok(_) | Err(Blank::Text) => base,
        Err(blank) => format!("{base}. {}", sentence(panel, blank)),
    }
}
