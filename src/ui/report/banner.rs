//! Whose report this is, so that report and images cannot diverge.

use egui::{Label, RichText, Ui};

use crate::session::case::Case;
use crate::text::format;
use crate::ui::Panel;
use crate::ui::banner::study_date;
use crate::ui::theme::{QUIET, TEXT};

pub(super) fn show(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    let language = panel.language();
    let date = study_date(case);
    let Some(patient) = case.patient() else {
        ui.label(RichText::new(panel.word("draft-title")).color(QUIET));
        return;
    };
    let (name, beside) = format::name(language, patient.name.reveal());
    let name = if name.is_empty() { panel.word("draft-unnamed") } else { name };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(name).color(TEXT).heading());
        ui.label(RichText::new(beside).small().color(QUIET));
    });
    let (age, why) = format::age_at_study(language, patient, date);
    let who = [patient.id.reveal().as_str(), &format::sex(language, &patient.sex), &age];
    let who = ui.add(Label::new(joined(&who)).wrap());
    if !why.is_empty() {
        who.on_hover_text(why);
    }
    let (modality, description) = study(case);
    let study = joined(&[&modality.replace('\\', " "), description, &format::long_date(language, date)]);
    ui.add(Label::new(RichText::new(study).color(QUIET)).wrap());
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}

/// Modality and description.
fn study(case: &Case) -> (&str, &str) {
    if let Some(row) = &case.row {
        return (&row.modality, &row.description);
    }
    let Some(entry) = case.entry() else { return ("", "") };
    let with_images = entry.series.iter().find(|series| !series.stacks.is_empty());
    let series = with_images.or_else(|| entry.series.first());
    let modality = series.map_or("", |series| series.series.modality.as_str());
    (modality, &entry.study.description)
}
