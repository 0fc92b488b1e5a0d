//! The measurements and key images in the report: each leads to its image, and can be taken out.

use egui::{Align, Button, Label, Layout, RichText, Ui};

use super::heading;
use crate::dicom::{Phi, Uid};
use crate::imaging::FrameKey;
use crate::session::case::Case;
use crate::session::draft::{self, KeyFrame};
use crate::session::drawings::{self, Drawing};
use crate::session::{self, Command, Remote, viewer};
use crate::text::Message;
use crate::ui::Panel;
use crate::ui::drawings as drawn;
use crate::ui::theme::{ALARM, GRID, QUIET, TEXT};

pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case) {
    let cited: Vec<&Drawing> = case.draft.cited.iter().filter_map(|id| case.drawings.get(*id)).collect();
    if !cited.is_empty() {
        heading(ui, &panel.word("draft-measurements"));
        cited.into_iter().for_each(|drawing| measurement(ui, panel, drawing));
        ui.add_space(GRID);
    }
    if !case.draft.key_images.is_empty() {
        heading(ui, &panel.word("draft-key-images"));
        case.draft.key_images.iter().for_each(|key_image| one_key_image(ui, panel, case, key_image));
    }
}

fn measurement(ui: &mut Ui, panel: &mut Panel<'_>, drawing: &Drawing) {
    let kind = drawn::kind(panel.language(), &drawing.figure);
    let label = drawing.label.reveal();
    let what = if label.is_empty() { kind } else { format!("{kind} {label}") };
    let (colour, value, why) = match &drawing.values {
        Remote::Ready(values) => (TEXT, drawn::brief(panel.language(), values, &drawing.real_world), None),
        Remote::Failed { problem, .. } => (ALARM, panel.word("draft-no-value"), Some(panel.explain(problem))),
        Remote::Pending { .. } => (QUIET, panel.word("draft-measuring"), None),
        Remote::NotAsked => (QUIET, String::new(), None),
    };
    let visit = Command::Drawings(drawings::Command::Visit(drawing.id));
    let remove = Command::Draft(draft::Command::Uncite(drawing.id));
    line(ui, panel, &what, vec![visit], remove, |ui| {
        let value = ui.add(Label::new(RichText::new(value).color(colour)).truncate());
        if let Some(why) = why {
            value.on_hover_text(why);
        }
    });
}

fn one_key_image(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case, key_image: &KeyFrame) {
    let place = place(case, &key_image.frame);
    let what = match &place {
        Some(place) => name(panel, place),
        None => panel.word("draft-key-image-elsewhere"),
    };
    let visit = place.map(|place| place.visit(case)).unwrap_or_default();
    let (frame, sentence) = (key_image.frame.clone(), Phi::default());
    let remove = Command::Draft(draft::Command::KeyImage { frame, sentence });
    line(ui, panel, &what, visit, remove, |ui| {
        ui.add(Label::new(RichText::new(key_image.note.reveal()).color(QUIET)).truncate());
    });
}

/// One line: what, more of it, and the two buttons at its end.
fn line(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    what: &str,
    visit: Vec<Command>,
    remove: Command,
    more: impl FnOnce(&mut Ui),
) {
    ui.horizontal(|ui| {
        ui.set_min_height(7.0 * GRID);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if button(ui, panel, "draft-remove", "draft-remove-what", what) {
                panel.send(remove);
            }
            if !visit.is_empty() && button(ui, panel, "draft-visit", "draft-visit-what", what) {
                visit.into_iter().for_each(|command| panel.send(command));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(what);
                more(ui);
            });
        });
    });
}

fn button(ui: &mut Ui, panel: &Panel<'_>, word: &'static str, about: &'static str, what: &str) -> bool {
    let about = panel.say(&Message::new(about).with("what", what));
    let response = ui.add(Button::new(RichText::new(panel.word(word)).small()));
    response.accessible_name(about.as_str()).on_hover_text(about).clicked()
}

/// Where an image stands in the study.
struct Place {
    series: Uid,
    series_number: Option<i32>,
    stack: usize,
    position: usize,
    frames: u32,
    image_number: Option<i32>,
    frame: u32,
}

impl Place {
    /// What brings it into the active viewport.
    fn visit(&self, case: &Case) -> Vec<Command> {
        let viewport = case.viewer.active;
        let show = viewer::Command::Show { viewport, series: self.series.clone(), stack: self.stack };
        let go_to = viewer::Command::GoTo { viewport, position: self.position };
        vec![session::Command::Viewer(show), session::Command::Viewer(go_to)]
    }
}

fn place(case: &Case, frame: &FrameKey) -> Option<Place> {
    for series in &case.entry()?.series {
        for (stack, images) in series.stacks.iter().enumerate() {
            let found = images.images.iter().position(|image| {
                image.frame == frame.frame && image.instance.sop_instance == frame.sop_instance
            });
            if let Some(position) = found {
                let instance = &images.images[position].instance;
                return Some(Place {
                    series: series.series.uid.clone(),
                    series_number: series.series.number,
                    stack,
                    position,
                    frames: instance.image.as_ref().map_or(1, |image| image.format.frames),
                    image_number: instance.instance_number,
                    frame: frame.frame,
                });
            }
        }
    }
    None
}

fn name(panel: &Panel<'_>, place: &Place) -> String {
    let number = |number: Option<i32>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let message = Message::new("draft-key-image")
        .with("series", number(place.series_number))
        .with("image", number(place.image_number));
    let image = panel.say(&message);
    match place.frames {
        0 | 1 => image,
        _ => panel
            .say(&Message::new("draft-frame").with("image", image).with("frame", u64::from(place.frame) + 1)),
    }
}
