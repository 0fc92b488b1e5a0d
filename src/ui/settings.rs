//! Language, reader, sound.

use egui::{DragValue, Id, RichText, TextEdit, Ui};

use super::{Panel, theme};
use crate::dicom::PersonName;
use crate::dicom::person_name::group_for_display;
use crate::report::Reader;
use crate::session::Command;
use crate::session::settings::{Identity, Language, Settings};
use crate::session::shell::Command as Shell;

/// What is typed of the signer: the name in its three writings, family name first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Typed {
    writings: [String; 3],
    id: String,
    organisation: String,
}

impl Typed {
    fn of(known: &Identity) -> Self {
        // As a report reads it: a name in kanji without groups stands among the kanji.
        let name = Reader::new(&known.name, "", "").name;
        let writings = [&name.alphabetic, &name.ideographic, &name.phonetic];
        Self {
            writings: writings.map(|group| group_for_display(group)),
            id: known.id.clone(),
            organisation: known.organisation.clone(),
        }
    }

    /// The signer; a name that was not touched stays as it was, with what the three fields cannot show.
    fn identity(&self, known: &Identity) -> Identity {
        let name = match Self::of(known).writings == self.writings {
            true => known.name.clone(),
            false => self.person_name().to_dicom(),
        };
        Identity { name, id: self.id.clone(), organisation: self.organisation.clone() }
    }

    fn person_name(&self) -> PersonName {
        let [alphabetic, ideographic, phonetic] = self.writings.each_ref().map(|writing| group(writing));
        PersonName { alphabetic, ideographic, phonetic }
    }
}

/// One writing as a component group of PN (PS3.5 6.2.1.2): what stands before the first space is the family name.
fn group(writing: &str) -> String {
    let plain: String = writing.chars().filter(|c| !matches!(c, '=' | '\\')).collect();
    let plain = plain.trim();
    match plain.split_once(char::is_whitespace) {
        Some((family, given)) if !plain.contains('^') => format!("{family}^{}", given.trim()),
        _ => plain.to_owned(),
    }
}

fn memory() -> Id {
    Id::unique("settings-reader")
}

/// The settings are closed: what was typed and not kept is gone.
pub(super) fn forget(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove::<Typed>(memory()));
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
    lock(ui, panel);
    ui.add_space(theme::GRID * 2.0);
    reader(ui, panel);
}

/// After how many minutes without anybody the workstation locks.
fn lock(ui: &mut Ui, panel: &mut Panel<'_>) {
    let mut minutes = panel.state.shell.settings.lock_minutes;
    ui.horizontal(|ui| {
        let label = ui.label(panel.word("lock-after"));
        let value = DragValue::new(&mut minutes).range(1..=Settings::MOST_LOCK_MINUTES);
        if ui.add(value).labelled_by(label.id).changed() {
            panel.send(Command::Shell(Shell::LockAfter(minutes)));
        }
    });
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
    let mut typed = ui.data_mut(|data| data.get_temp(memory)).unwrap_or_else(|| Typed::of(&known));
    ui.label(RichText::new(panel.word("shell-settings-reader")).color(theme::ACCENT));
    let [romaji, kanji, kana] = &mut typed.writings;
    let fields = [
        ("shell-settings-reader-romaji", romaji),
        ("shell-settings-reader-kanji", kanji),
        ("shell-settings-reader-kana", kana),
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
        let identity = typed.identity(&known);
        let changed = identity != known;
        let keep = ui.add_enabled(changed, egui::Button::new(panel.word("shell-settings-keep"))).clicked();
        let done = ui.button(panel.word("shell-close")).clicked();
        if keep {
            panel.send(Command::Shell(Shell::SignAs(identity)));
        }
        if done {
            panel.send(Command::Shell(Shell::CloseDialog));
        }
        ui.data_mut(|data| data.insert_temp(memory, typed));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_fields_make_a_person_name_and_are_read_back_from_it() {
        let known = |name: &str| Identity { name: name.to_owned(), ..Identity::default() };
        for (name, writings) in [
            ("Sato^Hanako=佐藤^花子=さとう^はなこ", ["Sato Hanako", "佐藤 花子", "さとう はなこ"]),
            ("=佐藤^花子", ["", "佐藤 花子", ""]),
            ("", ["", "", ""]),
        ] {
            let typed = Typed::of(&known(name));
            assert_eq!(typed.writings, writings);
            assert_eq!(typed.person_name().to_dicom(), name);
        }
        let mut typed = Typed::of(&known("佐藤　花子"));
        assert_eq!(typed.writings, ["", "佐藤　花子", ""], "a plain name in kanji");
        assert_eq!(typed.identity(&known("佐藤　花子")).name, "佐藤　花子", "what was not touched stays");
        typed.writings[0] = " Sato  Hanako=x ".into();
        assert_eq!(typed.identity(&known("")).name, "Sato^Hanakox=佐藤^花子");
    }
}
