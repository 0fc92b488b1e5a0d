//! The row of tools above the images. Every sign says its name and its key under the mouse and to a screen reader.

use egui::{Button, Role, Ui, Vec2, WidgetInfo};

use super::actions::{self, Action, Group};
use super::{Panel, icons, menu};

/// Side of a button, points.
const SIDE: f32 = 28.0;

/// What stands in it, group by group.
const ROW: &[&[&str]] = &[
    &["show-list", "next-case"],
    &["window-tool", "scroll-tool", "pan-tool", "zoom-tool"],
    &[
        "length-tool",
        "bidirectional-tool",
        "angle-tool",
        "ellipse-tool",
        "rectangle-tool",
        "polygon-tool",
        "point-tool",
        "arrow-tool",
        "text-tool",
    ],
    &["invert", "fit", "native", "turn-left", "turn-right", "mirror", "upend", "reset", "annotations"],
    &["planes", "second-window"],
    &["undo", "redo", "delete"],
    &["cite", "key-image", "sign"],
    &["all-commands", "help", "settings"],
];

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (place, group) in ROW.iter().enumerate() {
            if place > 0 {
                ui.separator();
            }
            for action in group.iter().filter_map(|id| actions::get(id)) {
                button(ui, panel, action);
            }
            if place == 3 {
                drop_down(ui, panel, icons::PRESETS, Group::Windows);
                drop_down(ui, panel, icons::LAYOUT, Group::Layout);
            }
        }
    });
}

/// One action as a sign.
fn button(ui: &mut Ui, panel: &mut Panel<'_>, action: &Action) {
    let Some(sign) = action.icon else { return };
    let (label, tip) = (action.label(panel.language()), action.tooltip(panel.language()));
    let (enabled, on) = ((action.enabled)(panel.state), (action.on)(panel.state));
    let button = Button::selectable(on, icons::icon(sign)).min_size(Vec2::splat(SIDE));
    let response = ui.add_enabled(enabled, button).on_hover_text(&tip).on_disabled_hover_text(&tip);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, &label));
    if response.clicked() {
        panel.perform(action);
    }
}

/// The actions of a group under one sign.
fn drop_down(ui: &mut Ui, panel: &mut Panel<'_>, sign: &str, group: Group) {
    let label = panel.word(group.label());
    let opened = ui.menu_button(icons::icon(sign), |ui| {
        for action in actions::of(group) {
            menu::item(ui, panel, action);
        }
    });
    let response = opened.response.on_hover_text(&label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_has_an_action_with_a_sign() {
        for id in ROW.iter().copied().flatten() {
            assert!(actions::get(id).is_some_and(|action| action.icon.is_some()), "{id}");
        }
    }
}
