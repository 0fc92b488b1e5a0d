//! The five sections. Each field grows with its text; findings have the most room, and on a screen of 1366 x 768
//! findings and impression are in sight together.

use egui::{Id, Margin, RichText, Ui};

use super::heading;
use crate::dicom::Phi;
use crate::report::Heading;
use crate::session::case::Case;
use crate::session::{self, draft};
use crate::ui::theme::{GRID, QUIET};
use crate::ui::{Panel, typing};

pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case) {
    ui.spacing_mut().item_spacing.y = GRID / 2.0;
    for section in Heading::ALL {
        let (name, hint, rows) = words(section);
        let label = heading(ui, &panel.word(name));
        let hint = RichText::new(panel.word(hint)).color(QUIET);
        // An undo must never bring back the text of another study.
        let study = case.study.as_ref().map_or("", |study| study.as_str());
        let id = Id::unique(("report: section", study, section.key()));
        let typed = typing::field(ui, id, case.draft.text(section), true, |edit| {
            let edit = edit.hint_text(hint).desired_rows(rows).desired_width(f32::INFINITY);
            edit.margin(Margin::symmetric(8, 4))
        });
        let _ = typed.response.labelled_by(label.id);
        if let Some(text) = typed.written {
            let write = draft::Command::Write { heading: section, text: Phi::new(text) };
            panel.send(session::Command::Draft(write));
        }
    }
}

/// Name, hint and first height in lines.
fn words(section: Heading) -> (&'static str, &'static str, usize) {
    match section {
        Heading::ClinicalInformation => ("draft-clinical", "draft-clinical-hint", 1),
        Heading::Technique => ("draft-technique", "draft-technique-hint", 1),
        Heading::Comparison => ("draft-comparison", "draft-comparison-hint", 1),
        Heading::Findings => ("draft-findings", "draft-findings-hint", 6),
        Heading::Impression => ("draft-impression", "draft-impression-hint", 3),
    }
}
