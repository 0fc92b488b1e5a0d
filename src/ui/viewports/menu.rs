//! What the right button offers on a viewport: the actions that act on the active viewport, which it is since the
//! button went down on it.

use egui::{Button, Ui};

use super::viewed::Viewed;
use crate::ui::actions::{self, Action, Group};
use crate::ui::drawings as drawn;
use crate::ui::{Panel, menu};

/// The items; a choice closes the menu.
pub(super) fn items(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    ui.set_min_width(180.0);
    drawing(ui, panel, viewed);
    possible(ui, panel, actions::of(Group::Windows));
    ui.separator();
    // All in one column would be higher than a small screen.
    ui.menu_button(panel.word(Group::Image.label()), |ui| {
        possible(ui, panel, actions::of(Group::Image));
    });
    possible(ui, panel, actions::get("planes"));
    layout(ui, panel, viewed);
    possible(ui, panel, actions::get("key-image"));
}

/// Those of the actions that can be done now. True when one was chosen.
fn possible(ui: &mut Ui, panel: &mut Panel<'_>, some: impl IntoIterator<Item = &'static Action>) -> bool {
    let mut chosen = false;
    for action in some {
        if (action.enabled)(panel.state) {
            chosen |= menu::item(ui, panel, action);
        }
    }
    chosen
}

fn layout(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    if viewed.mpr().is_some() {
        return;
    }
    ui.menu_button(panel.word(Group::Layout.label()), |ui| {
        if possible(ui, panel, actions::of(Group::Layout)) {
            super::grid::set_alone(ui.ctx(), viewed.id.window, false);
        }
    });
}

/// About the drawing that was under the mouse.
fn drawing(ui: &mut Ui, panel: &mut Panel<'_>, viewed: &Viewed<'_>) {
    let drawings = &viewed.case.drawings;
    let selected = drawings.selected.and_then(|id| drawings.get(id));
    let Some(selected) = selected.filter(|drawing| Some(&drawing.on) == viewed.frame()) else { return };
    if ui.add(Button::new(panel.word("drawing-edit-text"))).clicked() {
        drawn::write(ui.ctx(), viewed, selected);
        ui.close();
    }
    possible(ui, panel, ["cite", "delete"].into_iter().filter_map(actions::get));
    ui.separator();
}
