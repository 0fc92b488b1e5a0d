//! First run and sign-in: one calm column with language, centre and who reads; and the same fields over a case whose
//! centre has ended the sign-in.

mod again;
pub(super) mod browser;
mod fields;
mod form;

pub(super) use again::show as again;

use egui::{Button, Id, RichText, ScrollArea, Ui, vec2};

use super::theme::{ACCENT, ALARM, GRID, PANEL, QUIET};
use super::{Panel, actions, waiting};
use crate::session::settings::Language;
use crate::session::sign_in::{CentreChoice, Command, Method};
use crate::session::{self, Remote, shell};
use crate::text::Message;
use form::Form;

/// The column's width, points.
const WIDTH: f32 = 420.0;

fn memory() -> Id {
    Id::unique("sign in: what is typed")
}

/// Somebody is signed in: what was typed is gone, the passphrase with it.
pub(super) fn forget(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove::<Form>(memory()));
    fields::forget_secrets(ctx);
}

/// Draws it.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let id = memory();
    let mut form = ui.data_mut(|data| data.remove_temp::<Form>(id)).unwrap_or_default();
    form.meet(&panel.state.sign_in);
    form.learn(&panel.state.sign_in);
    let room = ui.available_size();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space((room.y * 0.1 / GRID).round() * GRID);
        ui.horizontal(|ui| {
            let width = WIDTH.min(room.x - 8.0 * GRID);
            ui.add_space((room.x - width) / 2.0);
            ui.vertical(|ui| {
                ui.set_width(width);
                column(ui, panel, &mut form);
                ui.add_space(8.0 * GRID);
            });
        });
    });
    ui.data_mut(|data| data.insert_temp(id, form));
}

fn column(ui: &mut Ui, panel: &mut Panel<'_>, form: &mut Form) {
    ui.spacing_mut().item_spacing = vec2(2.0 * GRID, 2.0 * GRID);
    let version = Message::new("worklist-version").with("version", env!("CARGO_PKG_VERSION"));
    ui.horizontal(|ui| {
        ui.label(RichText::new("読影 Dokuei").heading());
        ui.label(RichText::new(panel.say(&version)).small().color(QUIET));
    });
    ui.add_space(3.0 * GRID);
    languages(ui, panel);
    ui.add_space(3.0 * GRID);
    let pending = panel.state.sign_in.entered.is_pending();
    let entered = ui.add_enabled_ui(!pending, |ui| {
        fields::centres(ui, panel, form);
        ui.add_space(2.0 * GRID);
        fields::reader(ui, panel, form)
    });
    ui.add_space(2.0 * GRID);
    ending(ui, panel, form, entered.inner);
    ui.add_space(4.0 * GRID);
    local(ui, panel);
}

/// Images of this computer, for which nobody needs to sign in.
fn local(ui: &mut Ui, panel: &mut Panel<'_>) {
    fields::heading(ui, &panel.word("worklist-local"));
    ui.horizontal(|ui| {
        for action in ["open-files", "open-folder"].into_iter().filter_map(actions::get) {
            let name = RichText::new(action.label(panel.language()));
            let button = Button::new(name).min_size(vec2(24.0 * GRID, 7.0 * GRID));
            if ui.add(button).on_hover_text(action.tooltip(panel.language())).clicked() {
                panel.perform(action);
            }
        }
    });
}

/// Each language in its own words, so that it is found by who cannot read the other.
fn languages(ui: &mut Ui, panel: &mut Panel<'_>) {
    fields::heading(ui, &panel.word("worklist-language"));
    ui.horizontal(|ui| {
        for language in Language::ALL {
            let own_name = match language {
                Language::English => "English",
                Language::Japanese => "日本語",
            };
            let chosen = language == panel.language();
            let button = Button::selectable(chosen, own_name).min_size(vec2(24.0 * GRID, 7.0 * GRID));
            if ui.add(button.frame_when_inactive(true)).clicked() {
                panel.send(session::Command::Shell(shell::Command::Speak(language)));
            }
        }
    });
}

/// The button, what is still missing, what is being done, and what went wrong.
fn ending(ui: &mut Ui, panel: &mut Panel<'_>, form: &mut Form, entered: bool) {
    let sign_in = &panel.state.sign_in;
    let pending = sign_in.entered.is_pending();
    let missing = form.missing(sign_in);
    let choice = form.centre();
    let demo = choice == CentreChoice::Demo;
    let name = panel.word(match form.method(sign_in) {
        _ if demo => "worklist-enter-demo",
        Method::Browser => "worklist-enter-browser",
        Method::Password | Method::Token => "worklist-enter",
    });
    let ready = missing.is_none() && !pending;
    let button = match ready {
        true => Button::new(RichText::new(name).color(PANEL).strong()).fill(ACCENT),
        false => Button::new(RichText::new(name).color(QUIET)),
    };
    let button = button.min_size(vec2(ui.available_width(), 9.0 * GRID));
    let clicked = ui.vertical_centered_justified(|ui| ui.add_enabled(ready, button)).inner.clicked();
    if let Some(waiting) = sign_in.browser.as_ref().filter(|_| pending) {
        let stop = session::Command::SignIn(Command::BreakOff);
        browser::show(ui, panel, waiting, stop);
    } else if pending {
        let doing = match &choice {
            CentreChoice::Demo => Message::new("worklist-entering-demo"),
            CentreChoice::Known(name) | CentreChoice::New { name, .. } => {
                Message::new("worklist-entering").with("centre", name)
            }
        };
        ui.horizontal_wrapped(|ui| {
            waiting::mark(ui, panel.state);
            ui.label(panel.say(&doing));
        });
    } else if let Remote::Failed { problem, .. } = &sign_in.entered {
        let said = ui.label(RichText::new(panel.explain(problem)).color(ALARM));
        if !form.told {
            form.told = true;
            said.scroll_to_me(Some(egui::Align::BOTTOM));
        }
    }
    if let Some(missing) = missing.filter(|_| !pending) {
        ui.label(RichText::new(panel.word(missing)).color(QUIET));
    }
    if ready && (clicked || entered) {
        send(ui, panel, form, choice);
    }
}

/// Sends what was typed. The password leaves its field with it, and the fields' own memory of secrets is let go. All
/// else stays until it has opened the vault: a failed attempt must not cost what was typed.
fn send(ui: &Ui, panel: &mut Panel<'_>, form: &mut Form, centre: CentreChoice) {
    (form.chosen, form.told) = (true, false);
    let sign_in = &panel.state.sign_in;
    let command = Command::Enter {
        centre,
        user: if form.has_user(sign_in) { form.user.trim().to_owned() } else { String::new() },
        password: std::mem::take(&mut form.password),
        passphrase: (sign_in.needs_passphrase && !form.without_vault).then(|| form.passphrase.clone()),
        certificate_password: form.certificate_is_locked.then(|| form.certificate_password.clone()),
    };
    fields::forget_secrets(ui.ctx());
    panel.send(session::Command::SignIn(command));
}
