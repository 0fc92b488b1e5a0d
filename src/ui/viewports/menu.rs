//! What the right button offers on a viewport.

use egui::{Button, Ui};

use super::presets::PRESETS;
use super::viewed::Viewed;
use crate::imaging::{Magnification, Placement};
use crate::session::viewer::{Command, Layout};
use crate::session::{Command as Any, draft, drawings};
use crate::ui::Panel;
use crate::ui::drawings as drawn;

/// Layouts on offer: columns and rows.
const LAYOUTS: [(u8, u8); 6] = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2), (3, 3)];

/// The items; a choice closes the menu.
pub(super) fn items(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    ui.set_min_width(180.0);
    drawing(ui, panel, viewed);
    window(ui, panel, viewed);
    ui.separator();
    placing(ui, panel, viewed);
    ui.separator();
    if item(ui, panel, "viewer-reset", true) {
        panel.send(Any::Viewer(Command::Reset(viewed.id)));
    }
    mpr(ui, panel, viewed);
    layout(ui, panel, viewed);
    key_image(ui, panel, viewed);
}

fn item(ui: &mut Ui, panel: &Panel<'_>, id: &'static str, enabled: bool) -> bool {
    let clicked = ui.add_enabled(enabled, Button::new(panel.word(id))).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

fn window(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let viewport = viewed.id;
    let windows = viewed.grey_window().is_some();
    if item(ui, panel, "viewer-window-own", windows) {
        panel.send(Any::Viewer(Command::Window { viewport, window: None }));
    }
    if viewed.unit() == "HU" {
        for preset in PRESETS {
            if item(ui, panel, preset.name, true) {
                panel.send(Any::Viewer(Command::Window { viewport, window: Some(preset.window) }));
            }
        }
    }
    if item(ui, panel, "viewer-invert", windows) {
        panel.send(Any::Viewer(Command::Invert(viewport)));
    }
}

fn placing(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let Some(now) = viewed.placement() else { return };
    let fit = Placement { magnification: Magnification::Fit(1.0), pan: glam::DVec2::ZERO, ..now };
    let native = Placement { magnification: Magnification::Native(1.0), ..now };
    let choices = [
        ("viewer-fit", fit),
        ("viewer-native", native),
        ("viewer-turn-right", now.turned(1)),
        ("viewer-turn-left", now.turned(-1)),
        ("viewer-mirror-sides", now.mirrored_left_right()),
        ("viewer-mirror-top", now.mirrored_top_bottom()),
    ];
    for (id, placement) in choices {
        if item(ui, panel, id, viewed.scene.is_ok()) {
            panel.send(Any::Viewer(Command::Place { viewport: viewed.id, placement }));
        }
    }
}

fn mpr(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let planes = viewed.mpr().is_some();
    let volume = viewed.standing.is_some_and(|standing| standing.stack.geometry.is_some());
    let id = if planes { "viewer-stack-again" } else { "viewer-planes" };
    if item(ui, panel, id, planes || volume) {
        panel.send(Any::Viewer(Command::Mpr(viewed.id)));
    }
}

fn layout(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    if viewed.mpr().is_some() {
        return;
    }
    let mut chosen = None;
    ui.menu_button(panel.word("viewer-layout"), |ui| {
        for (columns, rows) in LAYOUTS {
            let layout = Layout { columns, rows };
            let now = viewed.window.layout == layout;
            if ui.add(Button::selectable(now, format!("{columns} × {rows}"))).clicked() {
                chosen = Some(layout);
                ui.close();
            }
        }
    });
    if let Some(layout) = chosen {
        super::grid::set_alone(ui.ctx(), viewed.id.window, false);
        panel.send(Any::Viewer(Command::Activate(viewed.id)));
        panel.send(Any::Viewer(Command::Layout(layout)));
    }
}

fn key_image(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let (Some(frame), Some(standing)) = (viewed.frame(), viewed.standing) else { return };
    let chosen = viewed.case.draft.key_images.iter().any(|key| key.frame == *frame);
    let id = if chosen { "viewer-key-image-off" } else { "viewer-key-image-on" };
    if item(ui, panel, id, true) {
        let sentence = drawn::key_sentence(panel.language(), &standing);
        panel.send(Any::Draft(draft::Command::KeyImage { frame: frame.clone(), sentence }));
    }
}

/// About the drawing that was under the mouse.
fn drawing(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let drawings = &viewed.case.drawings;
    let selected = drawings.selected.and_then(|id| drawings.get(id));
    let Some(selected) = selected.filter(|drawing| Some(&drawing.on) == viewed.frame()) else { return };
    if item(ui, panel, "drawing-edit-text", true) {
        drawn::write(ui.ctx(), viewed, selected);
    }
    let sentence = drawn::citation(panel.state, selected.id);
    if item(ui, panel, "drawing-cite", sentence.is_some())
        && let Some(sentence) = sentence
    {
        panel.send(Any::Draft(draft::Command::Cite { drawing: selected.id, sentence }));
    }
    if item(ui, panel, "drawing-delete", true) {
        panel.send(Any::Drawings(drawings::Command::Delete(selected.id)));
    }
    ui.separator();
}
