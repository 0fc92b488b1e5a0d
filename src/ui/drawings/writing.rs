//! The field over the image in which the words of a drawing are written.

use egui::{Area, Context, Event, Id, ImeEvent, Key, Order, Pos2, TextEdit, Ui};
use glam::DVec2;

use super::edit;
use super::figure::points;
use crate::dicom::Phi;
use crate::imaging::FrameKey;
use crate::session::Command as Any;
use crate::session::drawings::{Command, Drawing, Figure};
use crate::session::viewer::ViewportId;
use crate::ui::Panel;
use crate::ui::viewports::viewed::Viewed;

/// Words being written.
#[derive(Clone)]
struct Writing {
    on: ViewportId,
    frame: FrameKey,
    at: DVec2,
    drawing: Option<u64>,
    text: Phi<String>,
    fresh: bool,
}

fn id() -> Id {
    Id::unique("words of a drawing")
}

/// What is being written.
pub(super) fn forget(ctx: &Context) {
    ctx.data_mut(|data| data.remove::<Writing>(id()));
}

/// A new text on the image.
pub(super) fn begin(ctx: &Context, viewed: &Viewed<'_>, at: Pos2) {
    if let Some(at) = viewed.in_image(at) {
        open(ctx, viewed, at, None, String::new());
    }
}

/// Other words for a drawing.
pub(crate) fn change(ctx: &Context, viewed: &Viewed<'_>, drawing: &Drawing) {
    if let Some(at) = points(&drawing.figure).first() {
        open(ctx, viewed, *at, Some(drawing.id), drawing.label.reveal().clone());
    }
}

fn open(ctx: &Context, viewed: &Viewed<'_>, at: DVec2, drawing: Option<u64>, text: String) {
    let Some(frame) = viewed.frame().cloned() else { return };
    let text = Phi::new(text);
    let writing = Writing { on: viewed.id, frame, at, drawing, text, fresh: true };
    ctx.data_mut(|data| data.insert_temp(id(), writing));
}

/// Shows the field, if words are written on this viewport. Enter and a click elsewhere keep them, Escape does
/// not; another image ends it without.
pub(crate) fn show(ui: &Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let ctx = ui.ctx().clone();
    let found = ctx.data(|data| data.get_temp::<Writing>(id())).filter(|writing| writing.on == viewed.id);
    let Some(mut writing) = found else { return };
    let here = Some(&writing.frame) == viewed.frame();
    let Some(at) = viewed.image_on_screen(writing.at).filter(|_| here) else {
        ctx.data_mut(|data| data.remove::<Writing>(id()));
        return;
    };
    // The key that ends a composition is not the one that ends the text.
    let composing = ui.input(|input| {
        input.events.iter().any(|event| match event {
            Event::Ime(ImeEvent::Commit(_)) => true,
            Event::Ime(ImeEvent::Preedit { text, .. }) => !text.is_empty(),
            _ => false,
        })
    });
    let mut text = writing.text.reveal().clone();
    let hint = panel.word("drawing-words");
    let area = Area::new(id().with("field")).order(Order::Foreground).fixed_pos(at).constrain_to(viewed.rect);
    let field = area.show(&ctx, |ui| {
        let edit = TextEdit::singleline(&mut text).desired_width(180.0).hint_text(hint.as_str());
        ui.add(edit).accessible_name(hint.as_str())
    });
    let response = field.inner;
    if writing.fresh || (response.lost_focus() && composing) {
        response.request_focus();
        writing.fresh = false;
    }
    let given_up = ui.input(|input| input.key_pressed(Key::Escape));
    let ended = response.lost_focus() && !composing;
    writing.text = Phi::new(text);
    if ended {
        if !given_up {
            keep(panel, viewed, &writing);
        }
        ctx.data_mut(|data| data.remove::<Writing>(id()));
    } else {
        ctx.data_mut(|data| data.insert_temp(id(), writing));
    }
}

fn keep(panel: &mut Panel<'_>, viewed: &Viewed<'_>, writing: &Writing) {
    let text = writing.text.reveal().trim().to_owned();
    match writing.drawing {
        Some(drawing) => {
            let before = viewed.case.drawings.get(drawing).map(|drawing| drawing.label.reveal().as_str());
            if before.is_some_and(|before| before != text) {
                panel.send(Any::Drawings(Command::Label { drawing, label: Phi::new(text) }));
            }
        }
        None if text.is_empty() => {}
        None => edit::add(panel, viewed, Figure::Text(writing.at), text),
    }
}
