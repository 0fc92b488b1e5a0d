//! One stack or document: its middle image or a sign, its name, how many images it has, and what is wrong with it.

use std::sync::Arc;

use egui::{FontId, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::{Dragged, Item, ground};
use crate::dicom::catalogue::Stack;
use crate::imaging::{Frame, FrameKey, FrameScene, FrameView, Interpolation, Over, Scene, Stores};
use crate::session::Command as Any;
use crate::session::case::Case;
use crate::session::viewer::{Command, Shown, frame_key};
use crate::text::{Explain, Message};
use crate::ui::canvas::Place;
use crate::ui::viewports::page;
use crate::ui::viewports::words::{plural, stack_title};
use crate::ui::{Panel, icons, theme};

/// Side of the picture, points.
const PICTURE: f32 = 96.0;
/// Height of a tile, points.
pub(super) const HEIGHT: f32 = PICTURE + 60.0;
/// Size of its text, points.
pub(super) const TEXT: f32 = 12.0;

/// Draws the tile; a click shows the stack in the active viewport, a drag takes it to another.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case, item: Item<'_>) {
    let size = Vec2::new(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let dragged = Dragged { series: item.series.series.uid.clone(), stack: item.index };
    let is_this = |shown: &Shown| shown.series == dragged.series && shown.stack == dragged.stack;
    let shown = on_screen(case).any(is_this);
    let in_active = case.viewer.viewport(case.viewer.active).and_then(|viewport| viewport.shown.as_ref());
    let active = in_active.is_some_and(is_this);
    let label = label(panel, case, item);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, active, &label));
    response.dnd_set_drag_payload(dragged.clone());
    if response.clicked() {
        let viewport = case.viewer.active;
        let Dragged { series, stack } = dragged;
        panel.send(Any::Viewer(Command::Show { viewport, series, stack }));
    }
    ui.painter().rect_filled(rect, 2.0, ground(active, response.hovered()));
    let middle = pos2(rect.center().x, rect.top() + PICTURE / 2.0 + 2.0);
    let picture = Rect::from_center_size(middle, Vec2::splat(PICTURE));
    ui.painter().rect_filled(picture, 0.0, theme::FILM);
    paint(ui, panel, case, item.stack, picture);
    words(ui, panel, case, item, pos2(rect.left() + 4.0, picture.bottom() + 3.0), rect.width() - 8.0);
    let problems = problems(panel, case, item.stack);
    if !problems.is_empty() {
        sign(ui, picture);
    }
    let stroke = match (active || response.has_focus(), shown) {
        (true, _) => Stroke::new(1.5, theme::ACCENT),
        (_, true) => Stroke::new(1.0, theme::QUIET),
        _ => Stroke::NONE,
    };
    ui.painter().rect_stroke(rect, 2.0, stroke, StrokeKind::Inside);
    let mut texts = vec![label];
    texts.extend(problems);
    response.on_hover_text(texts.join("\n"));
}

/// What the viewports of all windows show.
fn on_screen(case: &Case) -> impl Iterator<Item = &Shown> {
    let viewports = case.viewer.windows.iter().flat_map(|window| &window.viewports);
    viewports.filter_map(|viewport| viewport.shown.as_ref())
}

/// `Series 3, CHEST 1.0, 300 images`.
fn label(panel: &Panel<'_>, case: &Case, item: Item<'_>) -> String {
    let title = stack_title(item.series, item.index);
    let count = counted(panel, case, item.stack);
    let message = match item.series.series.number {
        Some(number) => Message::new("viewer-stack-numbered").with("number", number),
        None => Message::new("viewer-stack"),
    };
    panel.say(&message.with("title", title).with("images", count))
}

/// How many images it has; while images are coming, how many are here so far.
fn counted(panel: &Panel<'_>, case: &Case, stack: &Stack) -> String {
    let count = stack.images.len();
    if let (Some(document), Some(first)) = (stack.document(), stack.images.first()) {
        if document.has_pages() {
            return panel.say(&plural(count, "document-count-one", "document-count"));
        }
        return page::kind(panel, &first.instance, document);
    }
    if case.arrived.is_pending() {
        return panel.say(&Message::new("viewer-count-so-far").with("count", count));
    }
    panel.say(&plural(count, "viewer-count-one", "viewer-count"))
}

/// The title in up to two lines, so that what tells series apart is not cut off; then how many.
fn words(ui: &Ui, panel: &Panel<'_>, case: &Case, item: Item<'_>, at: Pos2, width: f32) {
    let title = match item.series.series.number {
        Some(number) => format!("{number}  {}", stack_title(item.series, item.index)),
        None => stack_title(item.series, item.index),
    };
    let count = counted(panel, case, item.stack);
    let count = match item.stack.document() {
        Some(_) => count,
        None => format!("{}  {count}", item.series.series.modality),
    };
    let mut at = at;
    for (text, colour, rows) in [(title, theme::TEXT, 2), (count, theme::QUIET, 1)] {
        let mut job = egui::text::LayoutJob::simple(text, FontId::proportional(TEXT), colour, width);
        job.wrap.max_rows = rows;
        job.wrap.break_anywhere = rows == 1;
        let galley = ui.painter().layout_job(job);
        let height = galley.size().y;
        ui.painter().galley(at, galley, colour);
        at.y += height + 1.0;
    }
}

/// Frames that cannot be shown, and what the catalogue warns of. What it finds while images are coming it may
/// find for no other reason.
fn problems(panel: &Panel<'_>, case: &Case, stack: &Stack) -> Vec<String> {
    let failed = &case.viewer.pixels.failed;
    let mut sentences: Vec<String> =
        if case.arrived.is_pending() { Vec::new() } else { warnings(panel, stack) };
    if !failed.is_empty() {
        let keys = (0..stack.images.len()).filter_map(|position| frame_key(stack, position));
        let of_stack: Vec<_> = keys.filter_map(|key| failed.get(&key)).collect();
        if let Some(first) = of_stack.first() {
            let count = plural(of_stack.len(), "viewer-undecodable-one", "viewer-undecodable");
            sentences.push(panel.say(&count));
            sentences.push(panel.explain(first));
        }
    }
    sentences
}

fn warnings(panel: &Panel<'_>, stack: &Stack) -> Vec<String> {
    stack.warnings.iter().map(|warning| panel.say(&warning.message())).collect()
}

/// The middle image; the first, or one that is on screen, until that is here.
fn frame(case: &Case, stores: &Stores, stack: &Stack) -> Option<Arc<Frame>> {
    let here = |key: FrameKey| stores.frames.contains(&key).then(|| stores.frames.get(&key))?;
    let at = |position| frame_key(stack, position).and_then(here);
    at(stack.images.len() / 2).or_else(|| at(0)).or_else(|| {
        let mut of_stack =
            on_screen(case).filter(|shown| frame_key(stack, shown.position).as_ref() == Some(&shown.frame));
        of_stack.find_map(|shown| here(shown.frame.clone()))
    })
}

fn paint(ui: &Ui, panel: &Panel<'_>, case: &Case, stack: &Stack, picture: Rect) {
    let place = Place::within(picture, ui.ctx().pixels_per_point());
    if let (Some(place), Some(frame)) = (place, frame(case, panel.stores, stack)) {
        let view = FrameView::fit(&frame, place.size);
        let grey = frame.default_grey();
        let over = Over::default();
        let scene = FrameScene { frame, view, interpolation: Interpolation::Linear, grey, over };
        panel.canvas.paint(ui, place, &Scene::Frame(scene));
    } else if !stack.has_pixels() {
        let font = FontId::new(PICTURE * 0.4, icons::family());
        ui.painter().text(picture.center(), egui::Align2::CENTER_CENTER, icons::DOCUMENT, font, theme::QUIET);
    } else {
        let galley = ui.painter().layout_no_wrap("…".to_owned(), FontId::proportional(20.0), theme::QUIET);
        let at = picture.center() - galley.size() / 2.0;
        ui.painter().galley(at, galley, theme::QUIET);
    }
}

/// A warning triangle in the corner of the picture.
fn sign(ui: &Ui, picture: Rect) {
    let corner = picture.right_top() + Vec2::new(-18.0, 4.0);
    let points = [Vec2::new(7.0, 0.0), Vec2::new(14.0, 13.0), Vec2::new(0.0, 13.0)].map(|way| corner + way);
    ui.painter().add(egui::Shape::convex_polygon(points.to_vec(), theme::WARN, Stroke::NONE));
    let at = corner + Vec2::new(7.0, 8.0);
    ui.painter().text(at, egui::Align2::CENTER_CENTER, "!", FontId::proportional(10.0), theme::FILM);
}
