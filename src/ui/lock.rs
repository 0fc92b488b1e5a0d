//! A locked workstation: whose it is, what opens it, what goes on meanwhile. No patient, no image, no other field.

use egui::text_edit::TextEditState;
use egui::{
    Button, Context, CornerRadius, DragAndDrop, Id, Key, Margin, Popup, Rect, RichText, TextBuffer, TextEdit,
    Ui, vec2,
};

use super::theme::{ACCENT, ALARM, GRID, PANEL, QUIET};
use super::{Panel, drawings, leave, palette, settings, sign_in, theme, typing, viewports, waiting};
use crate::dicom::person_name::group_for_display;
use crate::report::Reader;
use crate::session::lock::{Closed, Command, Way};
use crate::session::settings::Language;
use crate::session::shell::{Command as Shell, Dialog};
use crate::session::sign_in::{Command as SignIn, Secret};
use crate::session::{self, Remote};
use crate::text::Message;

/// The column's width, points.
const WIDTH: f32 = 360.0;
const FIELD: &str = "lock: what is typed";

fn memory() -> Id {
    Id::unique(FIELD)
}

/// Who had the keyboard when the workstation was locked.
#[derive(Clone, Copy)]
struct Focus(Id);

fn focus_memory() -> Id {
    Id::unique("lock: who had the keyboard")
}

/// Lets go of all that egui remembers of what was on screen and can be read: what was being typed or dragged, the
/// texts that fields keep for undoing, open menus. Where cursors stand and panels end stays.
pub fn wipe(ctx: &Context) {
    let focused = ctx.memory(egui::Memory::focused);
    ctx.stop_dragging();
    DragAndDrop::clear_payload(ctx);
    Popup::close_all(ctx);
    typing::forget(ctx);
    drawings::forget(ctx);
    viewports::forget(ctx);
    palette::forget(ctx);
    settings::forget(ctx);
    sign_in::forget(ctx);
    ctx.data_mut(|data| {
        data.iter_mut_temp_by_type::<TextEditState>().for_each(TextEditState::clear_undoer);
        if let Some(focused) = focused {
            data.insert_temp(focus_memory(), Focus(focused));
        }
    });
    if let Some(focused) = focused {
        ctx.memory_mut(|memory| memory.surrender_focus(focused));
    }
}

/// Somebody is back: the keyboard goes to where it was.
pub fn come_back(ctx: &Context) {
    forget_typed(ctx);
    if let Some(Focus(focused)) = ctx.data(|data| data.get_temp(focus_memory())) {
        ctx.data_mut(|data| data.remove::<Focus>(focus_memory()));
        ctx.memory_mut(|memory| memory.request_focus(focused));
    }
}

fn forget_typed(ctx: &Context) {
    ctx.data_mut(|data| {
        data.remove::<Secret>(memory());
        data.remove::<TextEditState>(memory());
    });
}

/// A further window.
pub fn blank(ui: &mut Ui, panel: &Panel<'_>) {
    let room = ui.max_rect();
    ui.painter().rect_filled(room, CornerRadius::ZERO, PANEL);
    let place = Rect::from_center_size(room.center(), vec2(WIDTH.min(room.width()), theme::ROW));
    ui.put(place, egui::Label::new(RichText::new(panel.word("lock-title")).color(QUIET)));
}

/// The main window.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(closed) = panel.state.lock.closed.clone() else { return };
    let room = ui.max_rect();
    ui.painter().rect_filled(room, CornerRadius::ZERO, PANEL);
    let width = WIDTH.min(room.width() - 8.0 * GRID);
    let left = ((room.width() - width) / 2.0).round();
    let top = (room.height() * 0.2 / GRID).round() * GRID;
    let column = Rect::from_min_size(room.min + vec2(left, top), vec2(width, room.height() - top));
    ui.scope_builder(egui::UiBuilder::new().max_rect(column), |ui| {
        ui.spacing_mut().item_spacing = vec2(2.0 * GRID, 2.0 * GRID);
        whose(ui, panel);
        ui.add_space(5.0 * GRID);
        opening(ui, panel, &closed);
        ui.add_space(5.0 * GRID);
        meanwhile(ui, panel, &closed);
        ui.add_space(5.0 * GRID);
        sign_out(ui, panel);
    });
    // Leaving asks as always: it names nobody.
    if let Some(Dialog::Leave { unsent }) = &panel.state.shell.dialog {
        let unsent = *unsent;
        let modal = egui::Modal::new(Id::unique("dialog")).frame(theme::sheet());
        if modal.show(ui.ctx(), |ui| leave::show(ui, panel, unsent)).should_close() {
            panel.send(session::Command::Shell(Shell::CloseDialog));
        }
    }
}

/// The program, the reader, the centre.
fn whose(ui: &mut Ui, panel: &Panel<'_>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("読影 Dokuei").heading());
        ui.label(RichText::new(panel.word("lock-title")).color(QUIET));
    });
    let reader = &panel.state.shell.settings.reader.name;
    let name = Reader::new(reader, "", "").name;
    let groups = match panel.language() {
        Language::English => [&name.alphabetic, &name.ideographic],
        Language::Japanese => [&name.ideographic, &name.alphabetic],
    };
    if let Some(group) = groups.into_iter().find(|group| !group.is_empty()) {
        ui.label(group_for_display(group));
    }
    if let Some(signed_in) = panel.state.sign_in.signed_in() {
        let centre = match &signed_in.user {
            Some(user) => {
                panel.say(&Message::new("lock-at").with("user", user).with("centre", &signed_in.centre))
            }
            None => signed_in.centre.clone(),
        };
        ui.label(RichText::new(centre).color(QUIET));
    }
}

/// The field, the button, and why it did not open.
fn opening(ui: &mut Ui, panel: &mut Panel<'_>, closed: &Closed) {
    let Some(way) = &closed.way else {
        waiting::mark(ui, panel.state);
        return;
    };
    let waits_ms = closed.wait_until_ms.saturating_sub(panel.state.shell.now_ms);
    let free = waits_ms == 0 && !closed.opened.is_pending();
    let label = match way {
        Way::Passphrase => Some(panel.word("lock-passphrase")),
        Way::Password { centre, .. } => {
            Some(panel.say(&Message::new("lock-password").with("centre", centre)))
        }
        Way::Token { centre } => Some(panel.say(&Message::new("lock-token").with("centre", centre))),
        Way::Browser { .. } => None,
        Way::Button => {
            ui.label(RichText::new(panel.word("lock-button-why")).color(QUIET));
            None
        }
        Way::SignIn => {
            ui.label(panel.word("lock-sign-in"));
            return;
        }
    };
    let typed = label.map(|label| field(ui, &label, free));
    let ready = free && typed.as_ref().is_none_or(|(secret, _)| !secret.0.is_empty());
    let name = match way {
        Way::Browser { .. } => "lock-browser",
        _ => "lock-open",
    };
    let name = RichText::new(panel.word(name));
    let button = match ready {
        true => Button::new(name.color(PANEL).strong()).fill(ACCENT),
        false => Button::new(name.color(QUIET)),
    };
    let button = button.min_size(vec2(ui.available_width(), 9.0 * GRID));
    let button = ui.vertical_centered_justified(|ui| ui.add_enabled(ready, button)).inner;
    if typed.is_none() && ready && !button.has_focus() {
        // Enter is enough where there is no field.
        button.request_focus();
    }
    let clicked = button.clicked();
    let entered = typed.as_ref().is_some_and(|(_, entered)| *entered);
    if ready && (clicked || entered) {
        forget_typed(ui.ctx());
        let secret = typed.map(|(secret, _)| secret).unwrap_or_default();
        panel.send(session::Command::Lock(Command::Open(secret)));
    }
    match &closed.opened {
        Remote::Pending { .. } if panel.state.sign_in.browser.is_some() => in_browser(ui, panel),
        Remote::Pending { .. } => {
            ui.horizontal(|ui| {
                waiting::mark(ui, panel.state);
                ui.label(panel.word("lock-checking"));
            });
        }
        Remote::Failed { problem, .. } => {
            // How long to wait is told anew each second.
            if problem.id != "lock-wait" {
                ui.label(RichText::new(panel.explain(problem)).color(ALARM));
            }
        }
        Remote::NotAsked | Remote::Ready(()) => {}
    }
    if waits_ms > 0 {
        let seconds = waits_ms.div_ceil(1_000);
        ui.label(panel.say(&Message::new("lock-again-in").with("seconds", seconds)));
    }
}

/// The browser is waited for.
fn in_browser(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(browser) = panel.state.sign_in.browser.clone() else { return };
    sign_in::browser::show(ui, panel, &browser, session::Command::Lock(Command::BreakOff));
}

/// The only field there is: it has the keyboard whatever is done. Gives what is typed, and whether Enter was pressed.
fn field(ui: &mut Ui, label: &str, free: bool) -> (Secret, bool) {
    let id = memory();
    let mut secret = ui.data_mut(|data| data.remove_temp::<Secret>(id)).unwrap_or_default();
    // Growing would leave copies of the text behind that nobody wipes.
    let spare = 256_usize.saturating_sub(secret.0.len());
    secret.0.reserve(spare);
    let entered = free && ui.input(|input| input.key_pressed(Key::Enter));
    let name = ui.label(RichText::new(label).small().color(QUIET));
    let text: &mut String = &mut secret.0;
    let edit = TextEdit::singleline(text as &mut dyn TextBuffer).password(true).id(id);
    let edit = edit.desired_width(f32::INFINITY).margin(Margin::symmetric(8, 6));
    let field = ui.add_enabled(free, edit).labelled_by(name.id);
    if free && !field.has_focus() {
        field.request_focus();
    }
    ui.data_mut(|data| data.insert_temp(id, secret.clone()));
    (secret, entered)
}

/// What goes on while nobody is there.
fn meanwhile(ui: &mut Ui, panel: &Panel<'_>, closed: &Closed) {
    let mut quiet = |text: String| {
        ui.label(RichText::new(text).small().color(QUIET));
    };
    if let Some(progress) = closed.receiving {
        let expected = progress.expected.map_or_else(|| "?".to_owned(), |expected| expected.to_string());
        let message = Message::new("lock-receiving").with("received", progress.received);
        quiet(panel.say(&message.with("expected", expected)));
    }
    let unsent = panel.state.outbox.unsent();
    if unsent > 0 {
        let id = if closed.holds_keys { "lock-sending" } else { "lock-waiting" };
        quiet(panel.say(&Message::new(id).with("count", unsent)));
    }
    quiet(panel.word(if closed.holds_keys { "lock-keys-held" } else { "lock-keys-gone" }));
    if panel.state.sign_in.signed_in().is_some() {
        quiet(panel.word("lock-no-stat"));
    }
}

/// For another reader, and for who cannot open it.
fn sign_out(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.state.sign_in.signed_in().is_none() {
        return;
    }
    ui.horizontal(|ui| {
        if ui.button(panel.word("lock-sign-out")).clicked() {
            forget_typed(ui.ctx());
            panel.send(session::Command::SignIn(SignIn::Leave));
        }
        ui.label(RichText::new(panel.word("lock-sign-out-why")).small().color(QUIET));
    });
}
