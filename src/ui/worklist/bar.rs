//! Above the list: whose it is, how many, the filter, and how old it is.

use egui::{Align, Button, EventFilter, Id, Key, Layout, Margin, Modifiers, Popup, RichText, Ui};

use crate::session::worklist::Command;
use crate::session::{self, Remote};
use crate::text::{Message, format};
use crate::ui::theme::{GRID, QUIET, WARN};
use crate::ui::{Panel, typing};

/// Draws it; true when the keyboard goes from the filter to the list.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) -> bool {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(7.0 * GRID);
        ui.label(RichText::new(panel.word("worklist-title")).heading());
        if let Some(signed_in) = panel.state.sign_in.entered.latest() {
            ui.label(RichText::new(&signed_in.centre).color(QUIET));
        }
        ui.add_space(2.0 * GRID);
        let to_list = filter(ui, panel);
        count(ui, panel);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| age(ui, panel));
        to_list
    })
    .inner
}

fn filter(ui: &mut Ui, panel: &mut Panel<'_>) -> bool {
    let id = Id::unique("worklist: filter");
    let free = panel.state.shell.dialog.is_none() && !Popup::is_any_open(ui.ctx());
    let asked = free && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F));
    // Before the field is drawn: it takes what was typed in this very frame.
    if asked || (free && !ui.memory(|memory| memory.has_focus(id)) && types_a_word(ui)) {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    let focused = ui.memory(|memory| memory.has_focus(id));
    let hint = RichText::new(panel.word("worklist-filter-hint")).color(QUIET);
    let keeps = EventFilter { escape: true, horizontal_arrows: true, vertical_arrows: true, tab: false };
    let typed = typing::field(ui, id, &panel.state.worklist.filter, false, |edit| {
        edit.hint_text(hint).desired_width(70.0 * GRID).margin(Margin::symmetric(8, 5)).event_filter(keeps)
    });
    let field = typed.response.accessible_name(panel.word("worklist-filter"));
    if let Some(text) = typed.written {
        panel.send(session::Command::Worklist(Command::Filter(text)));
    }
    if typed.composing {
        return false;
    }
    let filled = !panel.state.worklist.filter.is_empty();
    if free && (focused || filled) && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        panel.send(session::Command::Worklist(Command::Filter(String::new())));
        field.surrender_focus();
        return true;
    }
    if !focused {
        return false;
    }
    let down = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
    let entered = ui.input_mut(|input| {
        let composed = input.events.iter().any(|event| matches!(event, egui::Event::Ime(_)));
        !composed && input.consume_key(Modifiers::NONE, Key::Enter)
    });
    down || entered
}

/// Somebody types letters or digits: whatever has the focus here takes none, so the filter does.
fn types_a_word(ui: &Ui) -> bool {
    let word = |text: &str| text.chars().next().is_some_and(char::is_alphanumeric);
    ui.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Text(text) if word(text))))
}

fn count(ui: &mut Ui, panel: &Panel<'_>) {
    let (all, shown) = (super::rows(panel), panel.state.worklist.visible().len());
    if panel.state.worklist.list.latest().is_none() {
        return;
    }
    let count = match shown == all {
        true => Message::new("worklist-count").with("number", all),
        false => Message::new("worklist-count-of").with("shown", shown).with("number", all),
    };
    ui.label(RichText::new(panel.say(&count)).color(QUIET));
}

fn age(ui: &mut Ui, panel: &mut Panel<'_>) {
    let list = &panel.state.worklist;
    let button = Button::new(panel.word("worklist-refresh"));
    let can_ask = !list.list.is_pending() && panel.state.sign_in.entered.latest().is_some();
    if ui.add_enabled(can_ask, button).clicked() {
        super::refresh(panel);
    }
    if let Some(at) = list.list.latest().and_then(|list| list.kept_at.as_ref()) {
        let said = panel.say(&Message::new("growth-no-line").with("time", at));
        ui.add(egui::Label::new(RichText::new(said).color(WARN)).truncate());
        return;
    }
    let said = match (&list.list, list.answered_ms) {
        (Remote::Pending { previous: Some(_) }, _) => panel.word("worklist-stale-asking"),
        (Remote::Ready(_) | Remote::Failed { previous: Some(_), .. }, Some(at)) => {
            let time = format::clock_ago(panel.state.shell.now_ms.saturating_sub(at));
            panel.say(&Message::new("worklist-as-of").with("time", time))
        }
        _ => return,
    };
    ui.add(egui::Label::new(RichText::new(said).small().color(QUIET)).truncate());
}
