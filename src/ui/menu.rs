//! The menu bar: every action, by group.

use egui::{Button, Role, Ui, WidgetInfo};

use super::Panel;
use super::actions::{self, Action, Group, spoken};

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    ui.label(egui::RichText::new(panel.word("shell-name")).size(super::theme::HEADING_SIZE));
    for group in Group::ALL {
        ui.menu_button(panel.word(group.label()), |ui| {
            for action in actions::of(group).filter(|action| (action.offered)(panel.state)) {
                item(ui, panel, action);
            }
        });
    }
}

/// One action in a menu: its name and its key. True when it was chosen.
pub(super) fn item(ui: &mut Ui, panel: &mut Panel<'_>, action: &Action) -> bool {
    let label = action.name(panel.state);
    let (enabled, on) = ((action.enabled)(panel.state), (action.on)(panel.state));
    let mut button = Button::selectable(on, &label);
    if let Some(key) = action.keys.first() {
        button = button.shortcut_text(spoken(*key));
    }
    let response = ui.add_enabled(enabled, button);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItem, enabled, on, &label));
    if response.clicked() {
        panel.perform(action);
        ui.close();
    }
    response.clicked()
}
