//! The sign-in over a case: the centre no longer lets the reader in. What is behind it stays as it is.

use egui::{RichText, Ui};

use super::form::{Choice, Form};
use super::{ending, fields, memory};
use crate::session::{self, Problem, Remote, shell};
use crate::text::Message;
use crate::ui::Panel;
use crate::ui::theme::{ALARM, GRID, QUIET};

const WIDTH: f32 = 380.0;

/// Draws it.
pub(in crate::ui) fn show(ui: &mut Ui, panel: &mut Panel<'_>, why: Option<&Problem>) {
    let sign_in = &panel.state.sign_in;
    let Some(signed_in) = sign_in.signed_in() else {
        panel.send(session::Command::Shell(shell::Command::CloseDialog));
        return;
    };
    let id = memory();
    let mut form = ui.data_mut(|data| data.remove_temp::<Form>(id)).unwrap_or_default();
    let centre = Choice::Known(signed_in.centre.clone());
    if form.choice != centre {
        form.choose(centre, signed_in.user.clone());
    }
    form.without_vault = true;
    form.learn(sign_in);
    ui.set_width(WIDTH);
    let title = Message::new("worklist-again-title").with("centre", &signed_in.centre);
    ui.label(RichText::new(panel.say(&title)).heading());
    let failed = matches!(sign_in.entered, Remote::Failed { .. });
    if let Some(why) = why.filter(|_| !failed) {
        ui.label(RichText::new(panel.explain(why)).color(ALARM));
    }
    ui.label(RichText::new(panel.word("worklist-again-about")).color(QUIET));
    ui.add_space(GRID);
    let pending = sign_in.entered.is_pending();
    let entered = ui.add_enabled_ui(!pending, |ui| fields::at_the_door(ui, panel, &mut form));
    ui.add_space(GRID);
    ending(ui, panel, &mut form, entered.inner);
    if !pending && ui.button(panel.word("worklist-again-later")).clicked() {
        panel.send(session::Command::Shell(shell::Command::CloseDialog));
    }
    ui.data_mut(|data| data.insert_temp(id, form));
}
