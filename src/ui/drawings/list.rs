//! The list of what was drawn: what it is, what it measures, where; a click goes there.

use egui::{
    Align, Button, Id, Layout, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
};

use super::values::{citation, kind, lines, place, real_world};
use crate::imaging::measure::Kind;
use crate::session::drawings::{Command, Drawing, Figure};
use crate::session::{Command as Any, Remote, draft};
use crate::text::Message;
use crate::ui::viewports::scene::standing;
use crate::ui::{Panel, theme};

/// Side of an icon, points.
const ICON: f32 = 14.0;

/// Lists the drawings of the case in the order in which they were made, in a scroll area of its own.
pub fn list(ui: &mut Ui, panel: &mut Panel<'_>) {
    let state = panel.state;
    let Some(case) = &state.case else { return };
    if case.drawings.all.is_empty() {
        ui.colored_label(theme::QUIET, panel.word("drawing-none"));
        return;
    }
    ScrollArea::vertical().id_salt("list of drawings").auto_shrink([false, true]).show(ui, |ui| {
        let mut last = None;
        for (drawing, number) in case.drawings.all.iter().zip(1..) {
            last = Some(row(ui, panel, drawing, number));
        }
        // One that is higher than the list is seen from its top.
        if let Some(last) = last.filter(|_| newly_drawn(ui, &case.drawings.all)) {
            ui.scroll_to_rect(last, Some(Align::TOP));
        }
    });
}

/// Something was drawn since the list was shown last: it stands at the end, and is scrolled to.
fn newly_drawn(ui: &Ui, all: &[Drawing]) -> bool {
    let memory = Id::unique("list of drawings: newest");
    let newest = all.last().map(|drawing| drawing.id);
    ui.data_mut(|data| {
        let before = data.get_temp(memory);
        data.insert_temp(memory, newest);
        before != Some(newest)
    })
}

/// One drawing; where it stands.
fn row(ui: &mut Ui, panel: &mut Panel<'_>, drawing: &Drawing, number: usize) -> Rect {
    let state = panel.state;
    let Some(case) = &state.case else { return Rect::NOTHING };
    let language = panel.language();
    let what = format!("{number}  {}", kind(language, &drawing.figure));
    let place = standing(case, &drawing.series, &drawing.on).map(|standing| place(language, &standing));
    let selected = case.drawings.selected == Some(drawing.id);
    let cited = case.draft.cited.contains(&drawing.id);
    let shown = ui.horizontal(|ui| {
        icon(ui, &drawing.figure);
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let delete = panel.say(&Message::new("drawing-delete-named").with("what", &what));
            if ui.small_button("×").on_hover_text(&delete).accessible_name(&delete).clicked() {
                panel.send(Any::Drawings(Command::Delete(drawing.id)));
            }
            cite(ui, panel, drawing, &what, cited);
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                let mut texts = vec![what.clone()];
                texts.extend(Some(drawing.label.reveal().clone()).filter(|label| !label.is_empty()));
                texts.extend(value(panel, drawing));
                texts.extend(real_world(language, &drawing.real_world));
                texts.extend(place);
                let text = texts.join("\n");
                let response = ui.add(Button::selectable(selected, text.as_str()).wrap());
                let info = || WidgetInfo::selected(Role::Button, true, selected, text.replace('\n', ", "));
                response.widget_info(info);
                let response = match &drawing.values {
                    Remote::Failed { problem, .. } => response.on_hover_text(panel.explain(problem)),
                    _ => response,
                };
                if response.clicked() {
                    panel.send(Any::Drawings(Command::Visit(drawing.id)));
                }
            });
        });
    });
    ui.separator();
    shown.response.rect
}

fn value(panel: &Panel<'_>, drawing: &Drawing) -> Option<String> {
    match &drawing.values {
        Remote::Failed { .. } => Some(panel.word("drawing-no-value")),
        Remote::Pending { previous: None } => Some("…".to_owned()),
        values => {
            let all = values.latest()?;
            let mark = if values.is_pending() { " …" } else { "" };
            let text = lines(panel.language(), all).join(", ");
            (!text.is_empty()).then(|| format!("{text}{mark}"))
        }
    }
}

fn cite(ui: &mut Ui, panel: &mut Panel<'_>, drawing: &Drawing, what: &str, cited: bool) {
    let sentence = citation(panel.state, drawing.id);
    let id = if cited { "drawing-cited" } else { "drawing-cite" };
    let button = Button::new(panel.word(id)).small();
    let name = panel.say(&Message::new("drawing-cite-named").with("what", what));
    let response = ui.add_enabled(sentence.is_some(), button).accessible_name(name.as_str());
    if let Some(sentence) = sentence.filter(|_| response.clicked()) {
        panel.send(Any::Draft(draft::Command::Cite { drawing: drawing.id, sentence }));
    }
}

/// A small picture of the kind.
fn icon(ui: &mut Ui, figure: &Figure) {
    let (room, _) = ui.allocate_exact_size(Vec2::splat(ICON), Sense::hover());
    let painter = ui.painter();
    let stroke = Stroke::new(1.2, theme::DRAWN);
    let box_ = Rect::from_center_size(room.center(), Vec2::new(ICON - 2.0, ICON - 5.0));
    let line = |a, b| {
        painter.line_segment([a, b], stroke);
    };
    match figure {
        Figure::Shape(shape) => match shape.kind() {
            Kind::Length => line(room.left_bottom(), room.right_top()),
            Kind::Bidirectional => {
                line(room.left_bottom(), room.right_top());
                line(room.left_top() + Vec2::splat(3.0), room.right_bottom() - Vec2::splat(3.0));
            }
            Kind::Angle => {
                line(room.left_bottom(), room.right_bottom());
                line(room.left_bottom(), room.right_top());
            }
            Kind::Ellipse => {
                painter.circle_stroke(room.center(), ICON / 2.0 - 1.0, stroke);
            }
            Kind::Rectangle => {
                painter.rect_stroke(box_, 0.0, stroke, StrokeKind::Inside);
            }
            Kind::Polygon => {
                line(room.left_bottom(), room.center_top());
                line(room.center_top(), room.right_bottom());
                line(room.right_bottom(), room.left_bottom());
            }
            Kind::Point => {
                line(room.center_top(), room.center_bottom());
                line(room.left_center(), room.right_center());
            }
        },
        Figure::Arrow(_) => {
            painter.arrow(room.left_bottom(), room.right_top() - room.left_bottom(), stroke);
        }
        Figure::Text(_) => {
            line(room.left_top(), room.right_top());
            line(room.center_top(), room.center_bottom());
        }
    }
}
