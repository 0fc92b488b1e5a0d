//! The end of a report: what it becomes, the signature, and whether the draft is safe.

use egui::{
    Align, Button, Id, Key, KeyboardShortcut, Label, Layout, Modifiers, RichText, ScrollArea, Ui, vec2,
};

use crate::report::ReportState;
use crate::session::case::{Case, Keeping};
use crate::session::settings::Identity;
use crate::session::{self, Remote, draft, outbox, shell};
use crate::text::{Message, format};
use crate::ui::theme::{ACCENT, ALARM, GOOD, GRID, PANEL, QUIET, TEXT, WARN};
use crate::ui::{Panel, waiting};

/// Height of what is said below the button: two lines, points.
const SAID: f32 = 10.0 * GRID;

/// Why a report cannot be signed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lack {
    Text,
    Name,
    Organisation,
}

pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case) {
    let signing = case.draft.signed.is_pending();
    ui.horizontal(|ui| {
        ui.add_enabled_ui(!signing, |ui| kinds(ui, panel, case.draft.state));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| safety(ui, panel, case));
    });
    let lack = lack(case, &panel.state.shell.settings.reader);
    sign(ui, panel, case, lack);
    // What is said here changes while one writes; the button above it must not move under the mouse.
    let said = ScrollArea::vertical().id_salt("report: what is said").auto_shrink(false);
    said.max_height(SAID).min_scrolled_height(SAID).show(ui, |ui| said_below(ui, panel, case, lack));
}

/// What stands in the way of a signature, or what became of it; and that nothing can be saved, before all else.
fn said_below(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case, lack: Option<Lack>) {
    if let Some(problem) = &case.keeping.problem {
        ui.add(Label::new(RichText::new(panel.explain(problem)).color(ALARM)).wrap());
    }
    match &case.draft.signed {
        Remote::Pending { .. } => {
            ui.horizontal(|ui| {
                waiting::mark(ui, panel.state);
                ui.label(panel.word("draft-signing"));
            });
        }
        Remote::Failed { problem, .. } => {
            ui.add(Label::new(RichText::new(panel.explain(problem)).color(ALARM)).wrap());
        }
        Remote::Ready(signed) => outcome(ui, panel, signed),
        Remote::NotAsked => {}
    }
    if let Some(lack) = lack.filter(|_| !case.draft.signed.is_pending()) {
        lacks(ui, panel, lack);
    }
}

/// Final or preliminary.
fn kinds(ui: &mut Ui, panel: &mut Panel<'_>, chosen: ReportState) {
    ui.horizontal(|ui| {
        for (state, id) in
            [(ReportState::Final, "draft-final"), (ReportState::Preliminary, "draft-preliminary")]
        {
            if ui.radio(state == chosen, panel.word(id)).clicked() && state != chosen {
                panel.send(session::Command::Draft(draft::Command::State(state)));
            }
        }
    });
}

fn sign(ui: &mut Ui, panel: &mut Panel<'_>, case: &Case, lack: Option<Lack>) {
    let id = match case.draft.state {
        ReportState::Final => "draft-sign-final",
        ReportState::Preliminary => "draft-sign-preliminary",
    };
    let key = ui.format_shortcut(&KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter));
    let ready = lack.is_none() && !case.draft.signed.is_pending();
    let ink = if ready { PANEL } else { QUIET };
    let mut button =
        Button::new(RichText::new(panel.word(id)).color(ink)).shortcut_text(RichText::new(key).color(ink));
    if ready {
        button = button.fill(ACCENT);
    }
    if ui.add_enabled(ready, button.min_size(vec2(ui.available_width(), 8.0 * GRID))).clicked() {
        panel.send(session::Command::Draft(draft::Command::Sign));
    }
}

/// The first thing that a signature lacks.
fn lack(case: &Case, reader: &Identity) -> Option<Lack> {
    if case.draft.is_empty() {
        Some(Lack::Text)
    } else if reader.name.trim().is_empty() {
        Some(Lack::Name)
    } else if case.draft.state == ReportState::Final && reader.organisation.trim().is_empty() {
        Some(Lack::Organisation)
    } else {
        None
    }
}

fn lacks(ui: &mut Ui, panel: &mut Panel<'_>, lack: Lack) {
    let (colour, id) = match lack {
        Lack::Text => (QUIET, "draft-need-text"),
        Lack::Name => (WARN, "draft-need-name"),
        Lack::Organisation => (WARN, "draft-need-organisation"),
    };
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        if lack != Lack::Text && ui.button(panel.word("draft-open-settings")).clicked() {
            panel.send(session::Command::Shell(shell::Command::Open(shell::Dialog::Settings)));
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.add(Label::new(RichText::new(panel.word(id)).color(colour)).wrap());
        });
    });
}

/// How far the signed report has come, by the newest word of the outbox.
fn outcome(ui: &mut Ui, panel: &Panel<'_>, signed: &outbox::Signed) {
    let reports = panel.state.outbox.reports.latest().map_or(&[][..], Vec::as_slice);
    let report = reports.iter().find(|report| report.sop_instance == signed.sop_instance);
    let stage = report.map_or(signed.state, |report| report.state);
    let (colour, id) = match stage {
        outbox::State::Saved => (TEXT, "draft-stage-saved"),
        outbox::State::Sent => (TEXT, "draft-stage-sent"),
        outbox::State::Confirmed => (GOOD, "draft-stage-confirmed"),
        outbox::State::Failed => (ALARM, "draft-stage-failed"),
    };
    let sentence = panel.say(&Message::new("draft-already-signed").with("state", panel.word(id)));
    ui.horizontal_wrapped(|ui| {
        crate::ui::worklist::progress(ui, stage);
        ui.label(RichText::new(sentence).color(colour));
    });
    if let Some(problem) = report.and_then(|report| report.problem.as_ref()) {
        ui.add(Label::new(RichText::new(panel.explain(problem)).color(ALARM)).wrap());
    }
}

/// Whether what was written is safe in the vault.
fn safety(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    let keeping = &case.keeping;
    let (colour, sentence) = if keeping.problem.is_some() {
        (ALARM, panel.word("shell-not-kept"))
    } else if keeping.kept < keeping.revision {
        (QUIET, panel.word("draft-saving"))
    } else if case.draft.is_empty() {
        (QUIET, panel.word("draft-nothing"))
    } else {
        (QUIET, saved(ui, panel, case, keeping))
    };
    ui.add(Label::new(RichText::new(sentence).small().color(colour)).truncate());
}

/// The state tells what is kept, not at which hour of the day: that is when it was first seen here.
fn saved(ui: &Ui, panel: &Panel<'_>, case: &Case, keeping: &Keeping) -> String {
    let study = case.study.as_ref().map_or("", |study| study.as_str());
    let id = Id::unique(("report: kept at", study));
    if keeping.kept == 0 {
        return panel.word("draft-saved");
    }
    let now = panel.state.shell.now_ms;
    let seen = ui.data_mut(|data| {
        let seen = data.get_temp_mut_or_insert_with(id, || (keeping.kept, now));
        if seen.0 != keeping.kept {
            *seen = (keeping.kept, now);
        }
        seen.1
    });
    let time = format::clock_ago(now.saturating_sub(seen));
    panel.say(&Message::new("draft-saved-at").with("time", time))
}
