//! Language, reader, sound.

use egui::{Id, RichText, TextEdit, Ui};

use super::{Panel, theme};
use crate::session::Command;
use crate::session::settings::{Identity, Language};
use crate::session::shell::Command as Shell;

fn memory() -> Id {
    Id::unique("settings-reader")
}

/// The settings are closed: what was typed and not kept is gone.
pub(super) fn forget(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove::<Identity>(memory()));
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    ui.set_width(400.0);
    ui.label(RichText::new(panel.word("shell-settings-title")).heading());
    ui.add_space(theme::GRID * 2.0);
    languages(ui, panel);
    let mut sound = panel.state.shell.settings.sound;
    if ui.checkbox(&mut sound, panel.word("shell-settings-sound")).changed() {
        panel.send(Command::Shell(Shell::Sound(sound)));
    }
    ui.add_space(theme::GRID * 2.0);
    reader(ui, panel);
}

fn languages(ui: &mut Ui, panel: &mut Panel<'_>) {
    ui.horizontal(|ui| {
        ui.label(panel.word("shell-settings-language"));
        for (language, name) in [(Language::English, "English"), (Language::Japanese, "日本語")] {
            if ui.selectable_label(panel.language() == language, name).clicked() {
                panel.send(Command::Shell(Shell::Speak(language)));
            }
        }
    });
}

/// Who signs. What is typed lives here until it is kept.
fn reader(ui: &mut Ui, panel: &mut Panel<'_>) {
    let memory = memory();
    let known = panel.state.shell.settings.reader.clone();
    let mut typed: Identity = ui.data_mut(|data| data.get_temp(memory)).unwrap_or_else(|| known.clone());
    ui.label(RichText::new(panel.word("shell-settings-reader")).color(theme::ACCENT));
    let fields = [
        ("shell-settings-reader-name", &mut typed.name),
        ("shell-settings-reader-id", &mut typed.id),
        ("shell-settings-reader-organisation", &mut typed.organisation),
    ];
    egui::Grid::new("reader").num_columns(2).show(ui, |ui| {
        for (label, text) in fields {
            let label = ui.label(panel.word(label));
            ui.add(TextEdit::singleline(text).desired_width(240.0)).labelled_by(label.id);
            ui.end_row();
        }
    });
    ui.label(RichText::new(panel.word("shell-settings-reader-hint")).small().color(theme::QUIET));
    ui.horizontal(|ui| {
        let changed = typed != known;
        let keep = ui.add_enabled(changed, egui::Button::new(panel.word("shell-settings-keep"))).clicked();
        let done = ui.button(panel.word("shell-close")).clicked();
        if keep {
            panel.send(Command::Shell(Shell::SignAs(typed.clone())));
        }
        if done {
            panel.send(Command::Shell(Shell::CloseDialog));
        }
        ui.data_mut(|data| data.insert_temp(memory, typed));
    });
}
