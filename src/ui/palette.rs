//! Every action by its name: type a part of it, Enter does it.

use egui::{Button, Id, Key, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::actions::{self, Action, spoken};
use super::{Panel, theme};
use crate::session::shell::Command as Shell;
use crate::session::{Command, State};
use crate::text::Language;

/// Rows that are shown at once.
const ROWS: f32 = 14.0;

/// What was typed and which row is chosen, while the palette is open.
#[derive(Debug, Clone, Default)]
struct Typed {
    text: String,
    row: usize,
}

fn memory() -> Id {
    Id::unique("palette")
}

/// The palette is closed: the next one begins empty.
pub(super) fn forget(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove::<Typed>(memory()));
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let memory = memory();
    let mut typed: Typed = ui.data_mut(|data| data.get_temp(memory)).unwrap_or_default();
    ui.set_width(480.0);
    let (step, enter) = ui.input_mut(|input| {
        let down = input.count_and_consume_key(egui::Modifiers::NONE, Key::ArrowDown);
        let up = input.count_and_consume_key(egui::Modifiers::NONE, Key::ArrowUp);
        // The Enter that ends a composition belongs to the input method.
        let composing = input.events.iter().any(|event| matches!(event, egui::Event::Ime(_)));
        (down as isize - up as isize, input.key_pressed(Key::Enter) && !composing)
    });
    let name = panel.word("shell-palette-field");
    let field = TextEdit::singleline(&mut typed.text).hint_text(&name).desired_width(f32::INFINITY);
    let field = ui.add(field);
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &name));
    if !field.has_focus() {
        field.request_focus();
    }
    if field.changed() {
        typed.row = 0;
    }
    let found = found(&typed.text, panel.state);
    typed.row = typed.row.saturating_add_signed(step).min(found.len().saturating_sub(1));
    let clicked = rows(ui, panel, &found, typed.row, step != 0);
    let chosen = clicked.or_else(|| found.get(typed.row).copied().filter(|_| enter));
    if found.is_empty() {
        ui.label(panel.word("shell-palette-none"));
    }
    match chosen.filter(|action| (action.enabled)(panel.state)) {
        Some(action) => {
            panel.send(Command::Shell(Shell::CloseDialog));
            panel.perform(action);
        }
        None => {
            ui.data_mut(|data| data.insert_temp(memory, typed));
        }
    }
}

/// The rows; the one that was clicked.
fn rows(
    ui: &mut Ui,
    panel: &Panel<'_>,
    found: &[&'static Action],
    row: usize,
    moved: bool,
) -> Option<&'static Action> {
    let mut clicked = None;
    ScrollArea::vertical().max_height(ROWS * theme::ROW).auto_shrink([false, true]).show(ui, |ui| {
        for (place, action) in found.iter().enumerate() {
            let (label, enabled) = (action.name(panel.state), (action.enabled)(panel.state));
            let keys = action.keys.first().map(|key| spoken(*key)).unwrap_or_default();
            let button = Button::selectable(place == row, &label).shortcut_text(keys);
            let response =
                ui.add_enabled(enabled, button.min_size([ui.available_width(), theme::ROW].into()));
            response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, place == row, &label));
            if place == row && moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                clicked = Some(*action);
            }
        }
    });
    clicked
}

/// The actions whose name holds every typed word, in either language: what a screen shows and what a manual says
/// are not always the same.
fn found(typed: &str, state: &State) -> Vec<&'static Action> {
    let shown = state.shell.settings.language;
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let holds = |action: &Action, language| {
        // What it is called on the image that is shown is a name of it too.
        let named = if language == shown { action.name(state) } else { String::new() };
        let name = format!("{} {named}", action.label(language)).to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    let (mut here, elsewhere): (Vec<_>, Vec<_>) = actions::all()
        .filter(|action| action.id != "all-commands" && (action.offered)(state))
        .filter(|action| Language::ALL.into_iter().any(|language| holds(action, language)))
        .partition(|action| holds(action, shown));
    here.extend(elsewhere);
    here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_either_language_by_words_in_any_order() {
        let state = State::default();
        let ids = |typed: &str| found(typed, &state).iter().map(|a| a.id).collect::<Vec<_>>();
        assert_eq!(ids("lung"), ["lung-window"]);
        assert_eq!(ids("肺野"), ["lung-window"]);
        assert_eq!(ids("RIGHT rotate"), ["turn-right"]);
        assert!(ids("nothing of the kind").is_empty());
    }
}
