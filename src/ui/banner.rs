//! Whose images these are: in every window that shows a case, in one place, never cut off in the middle of a name.

use egui::{Align, Layout, RichText, Ui};

use super::{Panel, theme};
use crate::dicom::instance::Patient;
use crate::dicom::person_name::group_for_display;
use crate::session::case::Case;
use crate::session::settings::Language;
use crate::session::shell::Screen;
use crate::text::format;

/// Draws it at the right end of a row.
pub(super) fn show(ui: &mut Ui, panel: &Panel<'_>) {
    let reading = panel.state.shell.screen == Screen::Reading;
    let Some(case) = panel.state.case.as_ref().filter(|_| reading) else { return };
    let Some(patient) = case.patient() else { return };
    let language = panel.language();
    let (age, why) = format::age_at_study(language, patient, study_date(case));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let rest = details(language, patient, &age).join("  ");
        let rest = ui.label(RichText::new(rest).color(theme::QUIET));
        if !why.is_empty() {
            rest.on_hover_text(why);
        }
        let names = names(patient);
        let name = if names.is_empty() { panel.word("shell-no-name") } else { names };
        ui.label(RichText::new(name).size(theme::HEADING_SIZE - 2.0));
    });
}

/// The study's date, `YYYYMMDD` or empty: from the images, else from the worklist.
pub(super) fn study_date(case: &Case) -> &str {
    let imaged = case.entry().map(|entry| entry.study.date.as_str());
    imaged.or_else(|| case.row.as_ref().map(|row| row.date.as_str())).unwrap_or_default()
}

/// The writings of the name that there are: kanji first, then kana, then romaji.
fn names(patient: &Patient) -> String {
    let name = patient.name.reveal();
    let writings =
        [&name.ideographic, &name.phonetic, &name.alphabetic].map(|group| group_for_display(group));
    writings.into_iter().filter(|writing| !writing.is_empty()).collect::<Vec<_>>().join("  ")
}

fn details(language: Language, patient: &Patient, age: &str) -> Vec<String> {
    let born = format::date(language, patient.birth_date.reveal());
    let sex = format::sex(language, &patient.sex);
    let all = [patient.id.reveal().clone(), born, age.to_owned(), sex];
    all.into_iter().filter(|detail| !detail.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::{PersonName, Phi};

    #[test]
    fn kanji_stand_before_kana_and_romaji_and_what_is_missing_leaves_no_gap() {
        let patient = Patient {
            name: Phi::new(PersonName::parse("Yamada^Hanako=山田^花子=やまだ^はなこ")),
            id: Phi::new("123".into()),
            birth_date: Phi::new("19520314".into()),
            ..Patient::default()
        };
        assert_eq!(names(&patient), "山田 花子  やまだ はなこ  Yamada Hanako");
        assert_eq!(details(Language::Japanese, &patient, ""), ["123", "1952/03/14"]);
    }
}
