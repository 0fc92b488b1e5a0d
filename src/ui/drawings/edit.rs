//! The mouse on drawings: select, move, reshape, and make new ones.

use egui::{Context, Id, Key, Modifiers, Pos2, Rect, Ui};
use glam::DVec2;

use super::figure::{distance, moved, outline, points, reshaped};
use super::tool::Making;
use super::writing;
use crate::dicom::Phi;
use crate::imaging::FrameKey;
use crate::imaging::measure::Kind;
use crate::session::Command as Any;
use crate::session::drawings::{Command, Drawing, Figure};
use crate::session::viewer::{Tool, ViewportId};
use crate::ui::Panel;
use crate::ui::viewports::viewed::Viewed;

/// So close, in points, is on it.
const NEAR: f32 = 8.0;

/// A drawing in the hand.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    drawing: u64,
    handle: Option<usize>,
    before: Figure,
    now: Figure,
}

/// A figure that is being made, and where.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    on: ViewportId,
    frame: FrameKey,
    pub(super) making: Making,
}

fn begun_id() -> Id {
    Id::unique("drawing begun")
}

fn pulled_id() -> Id {
    Id::unique("drawing in the hand")
}

fn labels_id(viewport: ViewportId) -> Id {
    Id::unique(("labels of drawings", viewport.window, viewport.place))
}

/// Whether the left button draws with this tool.
pub(crate) fn draws(tool: Tool) -> bool {
    matches!(tool, Tool::Measure(_) | Tool::Arrow | Tool::Text)
}

/// What is being made on this viewport. A new tool or another image ends it.
pub(super) fn begun(ctx: &Context, viewed: &Viewed<'_>) -> Option<Begun> {
    let begun = ctx.data(|data| data.get_temp::<Begun>(begun_id()))?;
    let here = begun.on == viewed.id
        && Some(&begun.frame) == viewed.frame()
        && begun.making.tool() == viewed.case.viewer.tool;
    here.then_some(begun)
}

fn keep(ctx: &Context, begun: Option<Begun>) {
    ctx.data_mut(|data| match begun {
        Some(begun) if !begun.making.is_empty() => {
            data.insert_temp(begun_id(), begun);
        }
        _ => data.remove::<Begun>(begun_id()),
    });
}

fn begin(viewed: &Viewed<'_>) -> Option<Begun> {
    let making = Making::with(viewed.case.viewer.tool)?;
    Some(Begun { on: viewed.id, frame: viewed.frame()?.clone(), making })
}

/// The figure of a drawing as it is in the hand.
pub(super) fn pulled(ctx: &Context, drawing: u64) -> Option<Figure> {
    let pulled = ctx.data(|data| data.get_temp::<(u64, Figure)>(pulled_id()))?;
    (pulled.0 == drawing).then_some(pulled.1)
}

/// Where the labels of the drawings lie on screen.
pub(super) fn remember_labels(ctx: &Context, viewport: ViewportId, labels: Vec<(u64, Rect)>) {
    ctx.data_mut(|data| data.insert_temp(labels_id(viewport), labels));
}

/// What is being made, what is in the hand, and where labels are.
pub(super) fn forget(ctx: &Context) {
    ctx.data_mut(|data| {
        data.remove::<Begun>(begun_id());
        data.remove::<(u64, Figure)>(pulled_id());
        data.remove_by_type::<Vec<(u64, Rect)>>();
    });
}

/// A point of the image under the mouse; `None` beside the image.
fn inside(viewed: &Viewed<'_>, at: Pos2) -> Option<DVec2> {
    let (point, size) = (viewed.in_image(at)?, viewed.image_size()?);
    (point.cmpge(DVec2::ZERO).all() && point.cmple(size).all()).then_some(point)
}

/// The nearest point of the image.
pub(super) fn clamped(viewed: &Viewed<'_>, at: Pos2) -> Option<DVec2> {
    Some(viewed.in_image(at)?.clamp(DVec2::ZERO, viewed.image_size()?))
}

fn on_screen(viewed: &Viewed<'_>, point: DVec2) -> Option<DVec2> {
    let at = viewed.image_on_screen(point)?;
    Some(DVec2::new(f64::from(at.x), f64::from(at.y)))
}

/// The handle of a drawing that lies under the mouse.
fn handle(viewed: &Viewed<'_>, drawing: &Drawing, at: DVec2) -> Option<usize> {
    let near = |point: DVec2| on_screen(viewed, point).is_some_and(|p| p.distance(at) <= f64::from(NEAR));
    points(&drawing.figure).into_iter().position(near)
}

/// The drawing under the mouse, the newest first.
fn hit<'a>(ctx: &Context, viewed: &Viewed<'a>, at: Pos2) -> Option<&'a Drawing> {
    if !viewed.case.viewer.annotations || viewed.scene.is_err() {
        return None;
    }
    let labels = ctx.data(|data| data.get_temp::<Vec<(u64, Rect)>>(labels_id(viewed.id))).unwrap_or_default();
    let mouse = DVec2::new(f64::from(at.x), f64::from(at.y));
    let touches = |drawing: &&Drawing| {
        let labelled = labels.iter().any(|(id, rect)| *id == drawing.id && rect.contains(at));
        let lined = outline(&drawing.figure).iter().any(|line| {
            let line: Vec<DVec2> = line.iter().filter_map(|point| on_screen(viewed, *point)).collect();
            line.windows(2).any(|ends| distance(mouse, ends[0], ends[1]) <= f64::from(NEAR))
        });
        labelled || lined || handle(viewed, drawing, mouse).is_some()
    };
    let drawings: Vec<&Drawing> = viewed.case.drawings.on(viewed.frame()?).collect();
    drawings.into_iter().rev().find(touches)
}

/// Selects what is under the mouse.
pub(crate) fn select_at(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, at: Pos2) {
    let selected = hit(ui.ctx(), viewed, at).map(|drawing| drawing.id);
    if selected != viewed.case.drawings.selected {
        panel.send(Any::Drawings(Command::Select(selected)));
    }
}

/// A click: selects, or sets a point with a tool that draws.
pub(crate) fn click(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, at: Pos2) {
    let (ctx, tool) = (ui.ctx(), viewed.case.viewer.tool);
    let open = begun(ctx, viewed).filter(|begun| !begun.making.is_empty());
    if let Some(open) = open {
        let closes = tool == Tool::Measure(Kind::Polygon)
            && open
                .making
                .first()
                .and_then(|first| viewed.image_on_screen(first))
                .is_some_and(|first| first.distance(at) <= NEAR);
        if closes && close(ctx, panel, viewed) {
            return;
        }
        release(ui, panel, viewed, at);
        return;
    }
    if !draws(tool) || hit(ctx, viewed, at).is_some() {
        select_at(ui, panel, viewed, at);
    } else if inside(viewed, at).is_some() {
        match tool {
            Tool::Text => writing::begin(ctx, viewed, at),
            _ => release(ui, panel, viewed, at),
        }
    }
}

/// A double click: closes a polygon, or opens the words of a drawing. Says whether it meant a drawing.
pub(crate) fn double_click(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, at: Pos2) -> bool {
    if begun(ui.ctx(), viewed).is_some_and(|begun| !begun.making.is_empty()) {
        close(ui.ctx(), panel, viewed);
        return true;
    }
    let hit = hit(ui.ctx(), viewed, at);
    if let Some(drawing) = hit {
        writing::change(ui.ctx(), viewed, drawing);
    }
    hit.is_some()
}

/// A drag begins to draw; says whether it does.
pub(crate) fn press(ui: &Ui, viewed: &Viewed<'_>, at: Pos2) -> bool {
    let Some(mut begun) = begun(ui.ctx(), viewed).or_else(|| begin(viewed)) else { return false };
    let open = !begun.making.is_empty();
    let Some(point) = (if open { clamped(viewed, at) } else { inside(viewed, at) }) else { return false };
    begun.making.press(point);
    keep(ui.ctx(), Some(begun));
    true
}

/// The button is let go: one more point.
pub(crate) fn release(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, at: Pos2) {
    let Some(mut begun) = begun(ui.ctx(), viewed).or_else(|| begin(viewed)) else { return };
    let Some(point) = clamped(viewed, at) else { return };
    if let Some(figure) = begun.making.release(point) {
        add(panel, viewed, figure, String::new());
    }
    keep(ui.ctx(), Some(begun));
}

fn close(ctx: &Context, panel: &mut Panel<'_>, viewed: &Viewed<'_>) -> bool {
    let Some(mut begun) = begun(ctx, viewed) else { return false };
    let figure = begun.making.close();
    let closed = figure.is_some();
    if let Some(figure) = figure {
        add(panel, viewed, figure, String::new());
        keep(ctx, None);
    }
    closed
}

/// Keeps what was drawn on the frame that the viewport shows.
pub(super) fn add(panel: &mut Panel<'_>, viewed: &Viewed<'_>, figure: Figure, label: String) {
    if let Some(shown) = viewed.shown() {
        let (on, series) = (shown.frame.clone(), shown.series.clone());
        panel.send(Any::Drawings(Command::Add { on, series, figure, label: Phi::new(label) }));
    }
}

/// Enter closes a polygon, Escape gives up what is being made.
pub(crate) fn keys(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let ctx = ui.ctx();
    if begun(ctx, viewed).is_none_or(|begun| begun.making.is_empty()) || ctx.text_edit_focused() {
        return;
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        keep(ctx, None);
    } else if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
        close(ctx, panel, viewed);
    }
}

/// Takes the drawing under the mouse into the hand and selects it. Not while another is being made.
pub(crate) fn take(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>, at: Pos2) -> Option<Taken> {
    if begun(ui.ctx(), viewed).is_some_and(|begun| !begun.making.is_empty()) {
        return None;
    }
    let drawing = hit(ui.ctx(), viewed, at)?;
    if viewed.case.drawings.selected != Some(drawing.id) {
        panel.send(Any::Drawings(Command::Select(Some(drawing.id))));
    }
    let handle = handle(viewed, drawing, DVec2::new(f64::from(at.x), f64::from(at.y)));
    let (before, now) = (drawing.figure.clone(), drawing.figure.clone());
    Some(Taken { drawing: drawing.id, handle, before, now })
}

/// Follows the mouse with it.
pub(crate) fn pull(ui: &Ui, viewed: &Viewed<'_>, taken: &mut Taken, from: Pos2, at: Pos2) {
    let ways = (viewed.in_image(from), viewed.in_image(at), viewed.image_size());
    let (Some(from), Some(at), Some(size)) = ways else { return };
    let by = at - from;
    let changed = match taken.handle {
        Some(handle) if !matches!(taken.before, Figure::Text(_)) => points(&taken.before)
            .get(handle)
            .and_then(|point| reshaped(&taken.before, handle, *point + by, size)),
        _ => moved(&taken.before, by, size),
    };
    if let Some(changed) = changed {
        taken.now = changed;
        let pulled = (taken.drawing, taken.now.clone());
        ui.data_mut(|data| data.insert_temp(pulled_id(), pulled));
    }
}

/// Leaves it where it is: one change, so that one step undoes it.
pub(crate) fn let_go(ui: &Ui, panel: &mut Panel<'_>, taken: Taken) {
    ui.data_mut(|data| data.remove::<(u64, Figure)>(pulled_id()));
    if taken.now != taken.before {
        panel.send(Any::Drawings(Command::Change { drawing: taken.drawing, figure: taken.now }));
    }
}
