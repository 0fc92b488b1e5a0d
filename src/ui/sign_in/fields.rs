//! The fields of the sign-in.

use egui::text_edit::TextEditState;
use egui::{Id, Key, Margin, Response, RichText, TextBuffer, TextEdit, Ui, vec2};

use super::form::{Choice, Form};
use crate::session::sign_in::{Method, Secret};
use crate::ui::Panel;
use crate::ui::theme::{GRID, QUIET};

const PASSWORD: &str = "sign in: password";
const CERTIFICATE: &str = "sign in: certificate";
const PASSPHRASE: &str = "sign in: passphrase";
const PASSPHRASE_AGAIN: &str = "sign in: passphrase again";

/// The quiet line above a group of fields.
pub(super) fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).small().color(QUIET));
}

/// The centres to choose from, and the fields of a new one.
pub(super) fn centres(ui: &mut Ui, panel: &Panel<'_>, form: &mut Form) {
    heading(ui, &panel.word("worklist-centre"));
    for centre in &panel.state.sign_in.centres {
        let choice = Choice::Known(centre.name.clone());
        if one_centre(ui, form, &choice, &centre.name, &centre.url) {
            form.choose(choice, centre.user.clone());
        }
    }
    let (new, about) = (panel.word("worklist-new-centre"), panel.word("worklist-new-centre-about"));
    if one_centre(ui, form, &Choice::New, &new, &about) {
        form.choose(Choice::New, None);
    }
    if form.choice == Choice::New {
        ui.indent("sign in: new centre", |ui| new_centre(ui, panel, form));
    }
    let (demo, about) = (panel.word("worklist-demo"), panel.word("worklist-demo-about"));
    if one_centre(ui, form, &Choice::Demo, &demo, &about) {
        form.choose(Choice::Demo, None);
    }
}

/// A centre with a quiet line about it; true when it is chosen now.
fn one_centre(ui: &mut Ui, form: &Form, choice: &Choice, name: &str, about: &str) -> bool {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let chosen = form.choice == *choice;
        let radio = ui.radio(chosen, name);
        ui.horizontal(|ui| {
            let beside = ui.spacing().icon_width + ui.spacing().icon_spacing;
            ui.add_space(beside);
            ui.add(egui::Label::new(RichText::new(about).small().color(QUIET)).truncate());
        });
        radio.clicked() && !chosen
    })
    .inner
}

fn new_centre(ui: &mut Ui, panel: &Panel<'_>, form: &mut Form) {
    let hint = panel.word("worklist-centre-name-hint");
    let name = line(ui, &panel.word("worklist-centre-name"), &mut form.name, &hint);
    place(form.placed || !form.name.is_empty(), &mut form.placed, &name);
    line(ui, &panel.word("worklist-centre-address"), &mut form.url, "https://pacs.example.jp/dicom-web");
    line(ui, &panel.word("worklist-centre-certificate"), &mut form.certificate, "");
}

/// Who reads, and what opens the vault; true when Enter was pressed in one of the fields.
pub(super) fn reader(ui: &mut Ui, panel: &Panel<'_>, form: &mut Form) -> bool {
    let entered = at_the_door(ui, panel, form);
    vault(ui, panel, form) || entered
}

/// What opens the centre's door, in the way of the centre; true when Enter was pressed.
pub(super) fn at_the_door(ui: &mut Ui, panel: &Panel<'_>, form: &mut Form) -> bool {
    let mut entered = false;
    let sign_in = &panel.state.sign_in;
    if form.has_user(sign_in) {
        let elsewhere = form.choice == Choice::New && form.name.is_empty();
        let (user, password) = ui.columns(2, |halves| {
            let user = line(&mut halves[0], &panel.word("worklist-user"), &mut form.user, "");
            let name = panel.word("worklist-password");
            (user, secret(&mut halves[1], &name, PASSWORD, &mut form.password))
        });
        place(form.placed || elsewhere || !form.user.is_empty(), &mut form.placed, &user);
        place(form.placed || elsewhere, &mut form.placed, &password);
        entered |= enter(ui, &user) || enter(ui, &password);
    }
    match form.method(sign_in) {
        Method::Token => {
            let name = panel.word("worklist-token");
            let token = secret(ui, &name, PASSWORD, &mut form.password);
            place(form.placed, &mut form.placed, &token);
            entered |= enter(ui, &token);
        }
        Method::Browser => heading(ui, &panel.word("worklist-browser-about")),
        Method::Password => {}
    }
    if form.certificate_is_locked {
        let name = panel.word("worklist-certificate-password");
        let password = secret(ui, &name, CERTIFICATE, &mut form.certificate_password);
        entered |= enter(ui, &password);
    }
    entered
}

fn vault(ui: &mut Ui, panel: &Panel<'_>, form: &mut Form) -> bool {
    let mut entered = false;
    let sign_in = &panel.state.sign_in;
    if sign_in.needs_passphrase {
        let twice = Form::asks_passphrase_again(sign_in);
        let (first, again) = ui.columns(if twice { 2 } else { 1 }, |parts| {
            let name = panel.word("worklist-passphrase");
            let first = secret(&mut parts[0], &name, PASSPHRASE, &mut form.passphrase);
            let again = panel.word("worklist-passphrase-again");
            let again = parts
                .get_mut(1)
                .map(|part| secret(part, &again, PASSPHRASE_AGAIN, &mut form.passphrase_again));
            (first, again)
        });
        place(form.placed, &mut form.placed, &first);
        entered |= enter(ui, &first) || again.is_some_and(|again| enter(ui, &again));
        ui.label(RichText::new(panel.word("worklist-passphrase-why")).small().color(QUIET));
    }
    entered
}

/// Lets go of what the fields remember of their text for undoing.
pub(super) fn forget_secrets(ctx: &egui::Context) {
    for id in [PASSWORD, CERTIFICATE, PASSPHRASE, PASSPHRASE_AGAIN] {
        ctx.data_mut(|data| data.remove::<TextEditState>(Id::unique(id)));
    }
}

/// Sends the keyboard to the first field that waits for it.
fn place(placed: bool, done: &mut bool, field: &Response) {
    if !placed {
        field.request_focus();
        *done = true;
    }
}

/// Enter was pressed in this field, and not to commit what an input method composed.
fn enter(ui: &Ui, field: &Response) -> bool {
    let pressed = ui.input(|input| {
        let composed = input.events.iter().any(|event| matches!(event, egui::Event::Ime(_)));
        input.key_pressed(Key::Enter) && !composed
    });
    field.lost_focus() && pressed
}

fn line(ui: &mut Ui, name: &str, text: &mut String, hint: &str) -> Response {
    let edit = |text| TextEdit::singleline(text).hint_text(RichText::new(hint).color(QUIET));
    named(ui, name, |ui| ui.add(dressed(edit(text))))
}

fn secret(ui: &mut Ui, name: &str, id: &'static str, secret: &mut Secret) -> Response {
    // Growing would leave copies of the text behind that nobody wipes.
    let spare = 256_usize.saturating_sub(secret.0.len());
    secret.0.reserve(spare);
    let text: &mut String = &mut secret.0;
    let edit = TextEdit::singleline(text as &mut dyn TextBuffer).password(true).id(Id::unique(id));
    named(ui, name, |ui| ui.add(dressed(edit)))
}

fn dressed(edit: TextEdit<'_>) -> TextEdit<'_> {
    edit.desired_width(f32::INFINITY).margin(Margin::symmetric(8, 6))
}

/// A field under its name.
fn named(ui: &mut Ui, name: &str, field: impl FnOnce(&mut Ui) -> Response) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, GRID / 2.0);
        let label = ui.label(RichText::new(name).small().color(QUIET));
        field(ui).labelled_by(label.id)
    })
    .inner
}
