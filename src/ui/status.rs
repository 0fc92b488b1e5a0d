//! The line at the bottom: whom the reader works for, what is on its way, what is safe. It says nothing that is
//! not so.

use egui::{Align, Color32, Id, Layout, RichText, Ui};

use super::{Panel, theme};
use crate::session::Remote;
use crate::session::case::{Case, Origin};
use crate::session::outbox::State as Stage;
use crate::session::study::Progress;
use crate::text::Message;

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &Panel<'_>) {
    ui.horizontal(|ui| {
        let (connection, colour) = connection(panel);
        say(ui, connection, colour);
        if let Some(case) = &panel.state.case {
            ui.separator();
            transfer(ui, panel, case);
            keeping(ui, panel, case);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if panel.canvas.is_twin() {
                say(ui, panel.word("shell-cpu"), theme::WARN).on_hover_text(panel.word("shell-cpu-hint"));
                ui.separator();
            }
            outbox(ui, panel);
        });
    });
}

fn say(ui: &mut Ui, words: String, colour: Color32) -> egui::Response {
    ui.label(RichText::new(words).color(colour))
}

fn connection(panel: &Panel<'_>) -> (String, Color32) {
    let named = |id: &'static str, centre: &str| panel.say(&Message::new(id).with("centre", centre));
    match &panel.state.sign_in.entered {
        Remote::Ready(signed_in) if signed_in.demo => {
            (named("shell-connected-demo", &signed_in.centre), theme::WARN)
        }
        Remote::Ready(signed_in) => (named("shell-connected", &signed_in.centre), theme::QUIET),
        Remote::Pending { .. } => (panel.word("shell-connecting"), theme::QUIET),
        Remote::Failed { problem, .. } => (panel.explain(problem), theme::ALARM),
        Remote::NotAsked => (panel.word("shell-not-connected"), theme::QUIET),
    }
}

/// How much of the study is here, and how long the rest takes.
fn transfer(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    let Progress { expected, received, .. } = case.progress;
    let count = |id: &'static str| {
        let expected = expected.map_or_else(|| "?".to_owned(), |expected| expected.to_string());
        panel.say(&Message::new(id).with("received", received).with("expected", expected))
    };
    let whole = case.arrived.latest().is_some_and(crate::session::study::Fetched::is_complete);
    match &case.arrived {
        Remote::Ready(_) if whole => drop(say(ui, count("shell-whole"), theme::GOOD)),
        Remote::Ready(_) => drop(say(ui, count("shell-incomplete"), theme::WARN)),
        Remote::Failed { problem, .. } => {
            say(ui, count("shell-incomplete"), theme::WARN).on_hover_text(panel.explain(problem));
        }
        Remote::Pending { .. } | Remote::NotAsked => {
            say(ui, count("shell-arriving"), theme::TEXT);
            if let Some(seconds) = seconds_left(ui, panel.state.shell.now_ms, case) {
                say(ui, panel.say(&Message::new("shell-time-left").with("seconds", seconds)), theme::QUIET);
            }
        }
    }
    if let Some(at_ms) = case.again.at_ms {
        let seconds = at_ms.saturating_sub(panel.state.shell.now_ms).div_ceil(1000);
        say(ui, panel.say(&Message::new("shell-asks-again").with("seconds", seconds)), theme::QUIET);
    }
    if !case.refused.is_empty() {
        let refused = panel.say(&Message::new("shell-refused").with("count", case.refused.len()));
        let why: Vec<String> = case.refused.iter().take(8).map(|problem| panel.explain(problem)).collect();
        say(ui, refused, theme::WARN).on_hover_text(why.join("\n"));
    }
}

/// Where a transfer stood when this window saw it first.
#[derive(Debug, Clone, Copy)]
struct Begin {
    case_ms: u64,
    at_ms: u64,
    received: u32,
}

/// Seconds that the rest takes at the rate since this window saw the transfer first: what the vault had before
/// does not count. `None` while there is too little to tell.
fn seconds_left(ui: &Ui, now_ms: u64, case: &Case) -> Option<u64> {
    let memory = Id::unique("transfer");
    let fresh = Begin { case_ms: case.began_ms, at_ms: now_ms, received: case.progress.received };
    let known = ui.data(|data| data.get_temp::<Begin>(memory)).filter(|known| known.case_ms == case.began_ms);
    let begin = known.unwrap_or(fresh);
    ui.data_mut(|data| data.insert_temp(memory, begin));
    rest(begin, now_ms, case.progress)
}

fn rest(begin: Begin, now_ms: u64, progress: Progress) -> Option<u64> {
    let came = u64::from(progress.received.checked_sub(begin.received)?);
    let missing = u64::from(progress.expected?.checked_sub(progress.received)?);
    let took_ms = now_ms.checked_sub(begin.at_ms)?;
    (came >= 3 && took_ms >= 2000).then(|| (missing * took_ms / came).div_ceil(1000))
}

/// Whether what the reader made is safe. Files have no report, so nothing of them is kept.
fn keeping(ui: &mut Ui, panel: &Panel<'_>, case: &Case) {
    if !matches!(case.origin, Origin::Centre(_)) {
        return;
    }
    ui.separator();
    let keeping = &case.keeping;
    if let Some(problem) = &keeping.problem {
        say(ui, panel.word("shell-not-kept"), theme::ALARM).on_hover_text(panel.explain(problem));
    } else if keeping.kept >= keeping.revision {
        say(ui, panel.word("shell-kept"), theme::QUIET);
    } else {
        say(ui, panel.word("shell-keeping"), theme::TEXT);
    }
}

/// How far the reports of this vault have come.
fn outbox(ui: &mut Ui, panel: &Panel<'_>) {
    let Some(reports) = panel.state.outbox.reports.latest() else { return };
    let stages = [
        (Stage::Failed, "shell-reports-failed", theme::ALARM),
        (Stage::Confirmed, "shell-reports-confirmed", theme::GOOD),
        (Stage::Sent, "shell-reports-sent", theme::TEXT),
        (Stage::Saved, "shell-reports-saved", theme::TEXT),
    ];
    for (stage, id, colour) in stages {
        let count = reports.iter().filter(|report| report.state == stage).count();
        if count > 0 {
            say(ui, panel.say(&Message::new(id).with("count", count)), colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_what_came_over_the_line_and_not_what_was_here_before() {
        let begin = Begin { case_ms: 1, at_ms: 1000, received: 200 };
        let progress = |received| Progress { expected: Some(300), received, bytes: 0 };
        assert_eq!(rest(begin, 2000, progress(250)), None, "too early");
        assert_eq!(rest(begin, 6000, progress(202)), None, "too few");
        assert_eq!(rest(begin, 6000, progress(250)), Some(5));
        assert_eq!(rest(begin, 6000, Progress { expected: None, ..progress(250) }), None);
    }
}
