//! The keys of the list: up and down choose, Enter opens.

use egui::{EventFilter, Id, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo};

use crate::session::worklist::{Command, Row};
use crate::session::{self};
use crate::ui::Panel;
use crate::ui::theme::ACCENT;

/// The list as one stop of the Tab key, whatever it shows.
pub(super) fn id() -> Id {
    Id::unique("worklist: list")
}

/// Acts on the keys, while they belong to the list or to nobody.
pub(super) fn act(ui: &Ui, panel: &mut Panel<'_>, rows: &[&Row], from_filter: bool) {
    if from_filter {
        ui.memory_mut(|memory| memory.request_focus(id()));
        // A filter of this very frame chooses a row itself: a step would go past it.
        let filtered =
            |command: &session::Command| matches!(command, session::Command::Worklist(Command::Filter(_)));
        if panel.state.worklist.selected.is_none() && !panel.commands.iter().any(filtered) {
            step(panel, 1);
        }
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    if panel.state.shell.dialog.is_some() || focused.is_some_and(|focused| focused != id()) {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let page = 12.min(count);
    let steps = [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, page),
        (Key::PageUp, -page),
        (Key::Home, -count),
        (Key::End, count),
    ];
    for (key, by) in steps {
        for _ in 0..pressed(key) {
            step(panel, by);
        }
    }
    if let Some(study) = panel.state.worklist.selected.as_ref().filter(|study| shown(rows, study))
        && pressed(Key::Enter) > 0
    {
        super::open(panel, study);
    }
}

fn shown(rows: &[&Row], study: &crate::dicom::Uid) -> bool {
    rows.iter().any(|row| row.study == *study)
}

fn step(panel: &mut Panel<'_>, by: i32) {
    panel.send(session::Command::Worklist(Command::Step(by)));
}

/// Makes the list a place for the keyboard, and shows when it is there.
pub(super) fn stop(ui: &Ui, rect: Rect, name: &str) {
    let list = ui.interact(rect, id(), Sense::focusable_noninteractive());
    list.widget_info(|| WidgetInfo::labeled(Role::Table, true, name));
    let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id(), arrows));
    if list.has_focus() {
        let line = egui::Stroke::new(1.0, ACCENT);
        ui.painter().rect_stroke(rect, 2.0, line, egui::StrokeKind::Inside);
    }
}
