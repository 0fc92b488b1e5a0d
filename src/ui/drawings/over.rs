//! Drawings as they lie over an image.

use egui::{Color32, FontId, Painter, Pos2, Rect, Shape as Ink, Stroke, StrokeKind, Ui, Vec2};

use super::edit::{begun, clamped, pulled, remember_labels};
use super::figure::{outline, points};
use super::values::{lines, real_world};
use crate::imaging::Scene;
use crate::imaging::measure::{Measured, Shape, measure};
use crate::session::Remote;
use crate::session::drawings::{Drawing, Figure};
use crate::ui::viewports::marks::TEXT;
use crate::ui::viewports::viewed::Viewed;
use crate::ui::{Panel, theme};

/// Width of lines, points.
const LINE: f32 = 1.5;
/// Side of a handle, points.
const HANDLE: f32 = 7.0;
/// Radius of the mark of a point, points.
const MARK: f32 = 4.0;

/// Draws what lies on the frame of a viewport, and what is being made there.
pub(crate) fn paint(ui: &Ui, panel: &Panel<'_>, viewed: &Viewed<'_>) {
    let Some(frame) = viewed.frame().filter(|_| viewed.scene.is_ok()) else { return };
    let mut labels = Vec::new();
    for drawing in viewed.case.drawings.on(frame) {
        let selected = viewed.case.drawings.selected == Some(drawing.id);
        let in_hand = pulled(ui.ctx(), drawing.id);
        let figure = in_hand.as_ref().unwrap_or(&drawing.figure);
        ink(ui.painter(), viewed, figure, selected);
        let mut texts: Vec<String> =
            Some(drawing.label.reveal().clone()).filter(|t| !t.is_empty()).into_iter().collect();
        texts.extend(match &in_hand {
            Some(figure) => live(panel, viewed, figure),
            None => known(panel, drawing),
        });
        let taken: Vec<Rect> = labels.iter().map(|(_, rect)| *rect).collect();
        labels.extend(label(ui.painter(), viewed, figure, &texts, &taken).map(|rect| (drawing.id, rect)));
    }
    let taken: Vec<Rect> = labels.iter().map(|(_, rect)| *rect).collect();
    remember_labels(ui.ctx(), viewed.id, labels);
    making(ui, panel, viewed, &taken);
}

fn making(ui: &Ui, panel: &Panel<'_>, viewed: &Viewed<'_>, taken: &[Rect]) {
    let Some(begun) = begun(ui.ctx(), viewed) else { return };
    let mouse = ui.input(|input| input.pointer.latest_pos());
    let Some(next) = mouse.and_then(|mouse| clamped(viewed, mouse)) else { return };
    let (figure, path) = begun.making.preview(next);
    match &figure {
        Some(figure) => {
            ink(ui.painter(), viewed, figure, false);
            label(ui.painter(), viewed, figure, &live(panel, viewed, figure), taken);
        }
        None => stroke(ui.painter(), viewed, &path, LINE),
    }
    for point in path.iter().take(path.len().saturating_sub(1)) {
        handle(ui.painter(), viewed, *point);
    }
}

/// The values of a drawing; marked while they are being computed anew.
fn known(panel: &Panel<'_>, drawing: &Drawing) -> Vec<String> {
    let mut texts = drawing.values.latest().map_or_else(Vec::new, |all| lines(panel.language(), all));
    match &drawing.values {
        Remote::Pending { .. } => texts.push("…".to_owned()),
        Remote::Failed { .. } => texts = vec![panel.word("drawing-no-value")],
        Remote::NotAsked | Remote::Ready(_) => {}
    }
    texts.extend(real_world(panel.language(), &drawing.real_world));
    texts
}

/// The values of a figure that is still in the hand: those that need no pixels.
fn live(panel: &Panel<'_>, viewed: &Viewed<'_>, figure: &Figure) -> Vec<String> {
    let Figure::Shape(shape @ (Shape::Length(_) | Shape::Bidirectional(..) | Shape::Angle(_))) = figure
    else {
        return Vec::new();
    };
    lines(panel.language(), &measured(viewed, shape).unwrap_or_default())
}

fn measured(viewed: &Viewed<'_>, shape: &Shape) -> Option<Vec<Measured>> {
    let image = viewed.standing?.image;
    let Ok(Scene::Frame(scene)) = &viewed.scene else { return None };
    measure(shape, &image.instance, image.frame, &|column, row| scene.frame.modality_value(column, row)).ok()
}

fn ink(painter: &Painter, viewed: &Viewed<'_>, figure: &Figure, selected: bool) {
    let width = if selected { LINE + 1.0 } else { LINE };
    for line in outline(figure) {
        stroke(painter, viewed, &line, width);
    }
    match figure {
        Figure::Arrow([tail, tip]) => arrow(painter, viewed, [*tail, *tip], width),
        Figure::Shape(Shape::Point(at)) => mark(painter, viewed, *at, width),
        _ => {}
    }
    if selected && !matches!(figure, Figure::Text(_)) {
        for point in points(figure) {
            handle(painter, viewed, point);
        }
    }
}

/// Dark around light, so that it shows on black and on white.
fn cased(painter: &Painter, width: f32, mut draw: impl FnMut(&Painter, Stroke)) {
    draw(painter, Stroke::new(width + 2.0, Color32::from_black_alpha(170)));
    draw(painter, Stroke::new(width, theme::DRAWN));
}

fn stroke(painter: &Painter, viewed: &Viewed<'_>, line: &[glam::DVec2], width: f32) {
    let line: Vec<Pos2> = line.iter().filter_map(|point| viewed.image_on_screen(*point)).collect();
    cased(painter, width, |painter, stroke| {
        painter.add(Ink::line(line.clone(), stroke));
    });
}

fn arrow(painter: &Painter, viewed: &Viewed<'_>, [tail, tip]: [glam::DVec2; 2], width: f32) {
    let (Some(tail), Some(tip)) = (viewed.image_on_screen(tail), viewed.image_on_screen(tip)) else { return };
    let back = (tail - tip).normalized() * 11.0;
    let side = back.rot90() * 0.4;
    cased(painter, width, |painter, stroke| {
        painter.add(Ink::line(vec![tip + back + side, tip, tip + back - side], stroke));
    });
}

fn mark(painter: &Painter, viewed: &Viewed<'_>, at: glam::DVec2, width: f32) {
    let Some(at) = viewed.image_on_screen(at) else { return };
    cased(painter, width, |painter, stroke| {
        for way in [Vec2::X, Vec2::Y, -Vec2::X, -Vec2::Y] {
            painter.line_segment([at + way * 1.5, at + way * (MARK + 3.0)], stroke);
        }
    });
}

fn handle(painter: &Painter, viewed: &Viewed<'_>, point: glam::DVec2) {
    let Some(at) = viewed.image_on_screen(point) else { return };
    let rect = Rect::from_center_size(at, Vec2::splat(HANDLE));
    painter.rect(
        rect,
        1.0,
        Color32::from_black_alpha(150),
        Stroke::new(1.0, theme::DRAWN),
        StrokeKind::Inside,
    );
}

/// The words beside a figure, kept inside the viewport and off the words that are there already. Where they lie.
fn label(
    painter: &Painter,
    viewed: &Viewed<'_>,
    figure: &Figure,
    texts: &[String],
    taken: &[Rect],
) -> Option<Rect> {
    if texts.is_empty() {
        return None;
    }
    let ends = points(figure).into_iter().filter_map(|point| viewed.image_on_screen(point));
    let rightmost = ends.reduce(|a, b| if b.x > a.x { b } else { a })?;
    let way = if matches!(figure, Figure::Text(_)) { Vec2::ZERO } else { Vec2::new(10.0, 2.0) };
    let galley = painter.layout(texts.join("\n"), FontId::proportional(TEXT), theme::DRAWN, 240.0);
    let room = viewed.rect.shrink(3.0);
    let size = galley.size() + Vec2::new(6.0, 2.0);
    let most = (room.max - size).max(room.min);
    let wanted = Rect::from_min_size((rightmost + way).clamp(room.min, most), size);
    let rect = beside(wanted, room, taken);
    painter.rect_filled(rect, 2.0, Color32::from_black_alpha(153));
    painter.galley(rect.min + Vec2::new(3.0, 1.0), galley, theme::DRAWN);
    Some(rect)
}

/// The room nearest to `wanted`, above or below it, that nothing `taken` touches; `wanted` where there is none.
fn beside(wanted: Rect, room: Rect, taken: &[Rect]) -> Rect {
    let free = |rect: &Rect| room.contains_rect(*rect) && !taken.iter().any(|other| other.intersects(*rect));
    let edges = taken.iter().flat_map(|other| {
        let (below, above) = (other.bottom() + 2.0, other.top() - 2.0 - wanted.height());
        [below, above].map(|top| wanted.translate(Vec2::new(0.0, top - wanted.top())))
    });
    let distance = |rect: &Rect| (rect.top() - wanted.top()).abs();
    let all = std::iter::once(wanted).chain(edges).filter(free);
    all.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn words_give_way_to_words_and_stay_in_the_viewport() {
        let room = Rect::from_min_size(Pos2::ZERO, Vec2::new(200.0, 60.0));
        let at = |y: f32| Rect::from_min_size(pos2(10.0, y), Vec2::new(50.0, 20.0));
        assert_eq!(beside(at(5.0), room, &[]), at(5.0));
        assert_eq!(beside(at(5.0), room, &[at(4.0)]), at(26.0));
        assert_eq!(beside(at(30.0), room, &[at(28.0)]), at(6.0), "below it there is no room");
        assert_eq!(beside(at(20.0), room, &[at(10.0), at(31.0)]), at(20.0), "nowhere");
    }
}
