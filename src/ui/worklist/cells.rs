//! What stands in the cells of a row. What nobody knows is a dash, never a guess.

use egui::{Color32, CornerRadius, Label, Rect, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::dicom::PersonName;
use crate::session::outbox;
use crate::session::worklist::{Claim, Priority, Readiness, ReadingState, Row, Stage};
use crate::text::{Message, format};
use crate::ui::Panel;
use crate::ui::theme::{ACCENT, ALARM, GOOD, GRID, PANEL, QUIET, TEXT, WARN};

/// Text that is cut where its column ends, and shown whole under the mouse.
fn text(ui: &mut Ui, text: &str, colour: Color32) {
    ui.add(Label::new(RichText::new(text).color(colour)).truncate());
}

/// Plain text, or a dash.
pub(super) fn plain(ui: &mut Ui, content: &str) {
    match content.is_empty() {
        true => text(ui, format::NOTHING, QUIET),
        false => text(ui, content, TEXT),
    }
}

pub(super) fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::Stat => "worklist-priority-stat",
        Priority::High => "worklist-priority-high",
        Priority::Medium => "worklist-priority-medium",
        Priority::Low => "worklist-priority-low",
        Priority::Unknown => "worklist-priority-unknown",
    }
}

pub(super) fn state_word(state: ReadingState) -> &'static str {
    match state {
        ReadingState::Unread => "worklist-state-unread",
        ReadingState::Claimed => "worklist-state-claimed",
        ReadingState::Draft => "worklist-state-draft",
        ReadingState::Preliminary => "worklist-state-preliminary",
        ReadingState::Final => "worklist-state-final",
        ReadingState::Unknown => "worklist-state-unknown",
    }
}

/// STAT is a filled badge, HIGH has a triangle: neither is told by its colour alone.
pub(super) fn priority(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let word = panel.word(priority_word(row.priority));
    match row.priority {
        Priority::Stat => {
            let badge = egui::Frame::new().fill(ALARM).corner_radius(3.0);
            badge.inner_margin(egui::Margin::symmetric(6, 1)).show(ui, |ui| {
                ui.add(Label::new(RichText::new(word).color(PANEL).strong()).truncate());
            });
        }
        Priority::High => {
            let (rect, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
            let points = vec![rect.left_bottom(), rect.center_top(), rect.right_bottom()];
            ui.painter().add(egui::Shape::convex_polygon(points, WARN, Stroke::NONE));
            text(ui, &word, WARN);
        }
        Priority::Medium => text(ui, &word, TEXT),
        Priority::Low | Priority::Unknown => text(ui, &word, QUIET),
    }
}

/// The name in the reader's writing, and beside it the other one.
pub(super) fn patient(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let (name, beside) = format::name(panel.language(), row.patient.name.reveal());
    if name.is_empty() {
        return text(ui, format::NOTHING, QUIET);
    }
    text(ui, &name, TEXT);
    if !beside.is_empty() {
        ui.add(Label::new(RichText::new(beside).small().color(QUIET)).truncate());
    }
}

/// `男 73歳`, `F 8 mo`.
pub(super) fn sex_and_age(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let sex = format::sex(panel.language(), &row.patient.sex);
    let (age, why) = format::age_at_study(panel.language(), &row.patient, &row.date);
    plain(ui, format!("{sex} {age}").trim());
    if !why.is_empty() {
        // The labels of a row take no mouse: it belongs to the row.
        let cell = ui.interact(ui.max_rect(), ui.scope_id().with("age"), Sense::hover());
        cell.on_hover_text(why);
    }
}

pub(super) fn images(ui: &mut Ui, row: &Row) {
    plain(ui, &row.instances.map(|count| count.to_string()).unwrap_or_default());
}

pub(super) fn moment(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let date = format::date(panel.language(), &row.date);
    plain(ui, format!("{date} {}", format::time(&row.time)).trim());
}

/// How much of the study is here, as a bar and in numbers; what becomes of the rest is a word, and why it does not
/// come stands under the mouse.
pub(super) fn readiness(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let here = panel.state.worklist.readiness(row, panel.state.case.as_ref(), panel.state.shell.now_ms);
    let complete = here.expected.is_some_and(|expected| expected > 0 && here.received >= expected);
    if let Some(expected) = here.expected.filter(|expected| *expected > 0) {
        let part = (here.received as f32 / expected as f32).min(1.0);
        bar(ui, part, if complete { GOOD } else { ACCENT });
    }
    if row.grown > 0 {
        let more = panel.say(&Message::new("growth-row").with("count", row.grown));
        ui.add(Label::new(RichText::new(more).color(WARN)).truncate());
    }
    match here.rest.as_ref().filter(|_| !complete) {
        Some(Stage::Failed(problem)) => {
            text(ui, &panel.word("worklist-not-here"), WARN);
            // The labels of a row take no mouse: it belongs to the row.
            let cell = ui.interact(ui.max_rect(), ui.scope_id().with("readiness"), Sense::hover());
            cell.on_hover_text(panel.explain(problem));
        }
        Some(Stage::Waiting) if here.received == 0 => text(ui, &panel.word("worklist-waiting"), QUIET),
        _ if complete => text(ui, &panel.word("worklist-ready"), GOOD),
        _ => match here.expected.filter(|expected| *expected > 0) {
            Some(expected) => {
                text(ui, &received(panel, &here, expected), if here.received == 0 { QUIET } else { TEXT });
            }
            None if here.received == 0 => text(ui, format::NOTHING, QUIET),
            None => text(ui, &here.received.to_string(), TEXT),
        },
    }
}

fn received(panel: &Panel<'_>, here: &Readiness, expected: u32) -> String {
    let counted = |id| Message::new(id).with("received", here.received).with("expected", expected);
    let Some(seconds) = here.seconds_left else { return panel.say(&counted("worklist-received")) };
    let (id, number) = match seconds {
        0..90 => ("worklist-left-seconds", seconds),
        _ => ("worklist-left-minutes", seconds.div_ceil(60)),
    };
    let left = panel.say(&Message::new(id).with("number", number));
    panel.say(&counted("worklist-received-left").with("left", left))
}

fn bar(ui: &mut Ui, part: f32, colour: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(9.0 * GRID, GRID), Sense::hover());
    let done = Rect::from_min_max(rect.min, pos2(rect.left() + rect.width() * part, rect.bottom()));
    // The empty part must be seen on the selected row too, whose ground is nearly that of lines.
    ui.painter().rect_filled(rect, CornerRadius::same(2), PANEL);
    ui.painter().rect_stroke(
        rect.expand(0.5),
        CornerRadius::same(2),
        Stroke::new(1.0, QUIET),
        StrokeKind::Outside,
    );
    ui.painter().rect_filled(done, CornerRadius::same(2), colour);
}

pub(super) fn state(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let colour = match row.state {
        ReadingState::Unread => TEXT,
        ReadingState::Claimed | ReadingState::Draft => ACCENT,
        ReadingState::Preliminary => WARN,
        ReadingState::Final => GOOD,
        ReadingState::Unknown => QUIET,
    };
    let word = match (&row.claim, row.state) {
        (Claim::Mine, ReadingState::Claimed) => panel.word("claim-mine"),
        (Claim::Other(name), ReadingState::Claimed) => {
            let name = PersonName::parse(name.reveal());
            let (name, _) = format::name(panel.language(), &name);
            match name.is_empty() {
                true => panel.word(state_word(row.state)),
                false => panel.say(&Message::new("claim-of").with("reader", name)),
            }
        }
        _ => panel.word(state_word(row.state)),
    };
    text(ui, &word, colour);
}

/// How far the newest report on the study has come: three dots and a word.
pub(super) fn report(ui: &mut Ui, panel: &Panel<'_>, row: &Row) {
    let reports = panel.state.outbox.reports.latest().map_or(&[][..], Vec::as_slice);
    let Some(newest) = reports.iter().rev().find(|report| report.study == row.study) else {
        return text(ui, format::NOTHING, QUIET);
    };
    progress(ui, newest.state);
    let (colour, id) = match newest.state {
        outbox::State::Saved => (TEXT, "worklist-report-saved"),
        outbox::State::Sent => (TEXT, "worklist-report-sent"),
        outbox::State::Confirmed => (GOOD, "worklist-report-confirmed"),
        outbox::State::Failed => (ALARM, "worklist-report-failed"),
    };
    let word = ui.add(Label::new(RichText::new(panel.word(id)).color(colour)).truncate());
    if let Some(problem) = &newest.problem {
        word.on_hover_text(panel.explain(problem));
    }
}

/// Saved, sent, confirmed as three dots; the step that failed is crossed out.
pub(in crate::ui) fn progress(ui: &mut Ui, state: outbox::State) {
    let (reached, failed) = match state {
        outbox::State::Saved => (1, None),
        outbox::State::Sent => (2, None),
        outbox::State::Confirmed => (3, None),
        outbox::State::Failed => (1, Some(1)),
    };
    let (rect, _) = ui.allocate_exact_size(vec2(7.0 * GRID, 2.0 * GRID), Sense::hover());
    let painter = ui.painter();
    for step in 0..3_u8 {
        let centre = pos2(rect.left() + GRID + f32::from(step) * 2.5 * GRID, rect.center().y);
        if failed == Some(step) {
            let cross = Stroke::new(1.5, ALARM);
            for rise in [-3.0, 3.0] {
                painter.line_segment([centre + vec2(-3.0, rise), centre + vec2(3.0, -rise)], cross);
            }
        } else if step < reached {
            painter.circle_filled(centre, 3.0, GOOD);
        } else {
            painter.circle_stroke(centre, 2.5, Stroke::new(1.0, QUIET));
        }
    }
}
