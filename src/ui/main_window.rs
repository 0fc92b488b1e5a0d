//! The main window: which screen, and what lies over it.
//!
//! Drawn in two steps, so that what a person does to an image shows in the same frame: [`main_window`] draws
//! everything but the images and takes the mouse on them; the application applies what came of it; then
//! [`super::images`] draws them.

use egui::{Align2, Area, CentralPanel, Id, Order, Rect, RichText, Ui};

use super::image_window::image_window;
use super::{
    Panel, banner, drawings, help, leave, menu, notices, palette, report, settings, sign_grown, sign_in,
    sign_incomplete, status, theme, thumbnails, toolbar, trail, worklist,
};
use crate::session::shell::{Command as Shell, Dialog, Screen};
use crate::session::sign_in::Command as SignIn;
use crate::session::{Command, case};

/// Width of the thumbnails and of the report at first, points. On the smallest screen that is reckoned with
/// (1366 points) they leave the images 64 % of the width.
const THUMBNAILS: f32 = 148.0;
const REPORT: f32 = 336.0;
/// What the user may not make them narrower than, points.
const THUMBNAILS_LEAST: f32 = 112.0;
const REPORT_LEAST: f32 = 264.0;
/// Height of the list of measurements at first, points.
const DRAWINGS: f32 = 96.0;

/// Draws the main window but for its images; gives the room that is left for them.
pub fn main_window(ui: &mut Ui, panel: &mut Panel<'_>) -> Option<Rect> {
    let mut film = None;
    let mut room = ui.max_rect();
    let again = matches!(panel.state.shell.dialog, Some(Dialog::SignInAgain(_)));
    if panel.state.shell.screen != Screen::SignIn && !again {
        sign_in::forget(ui.ctx());
    }
    match panel.state.shell.screen {
        Screen::SignIn => bare(ui, |ui| sign_in::show(ui, panel)),
        Screen::Worklist => {
            edges(ui, panel, |_, _| {});
            room = ui.available_rect_before_wrap();
            bare(ui, |ui| worklist::show(ui, panel));
        }
        Screen::Reading => {
            edges(ui, panel, toolbar::show);
            film = Some(reading(ui, panel));
        }
    }
    dialogs(ui, panel);
    // What the edges have left is still the room of a screen without images.
    notices::show(ui.ctx(), panel, film.unwrap_or(room));
    dropped(ui, panel);
    film
}

/// Above and below every screen but the sign-in.
fn edges(ui: &mut Ui, panel: &mut Panel<'_>, below_menu: impl FnOnce(&mut Ui, &mut Panel<'_>)) {
    egui::Panel::top("menu").frame(theme::panel()).show(ui, |ui| {
        ui.horizontal(|ui| {
            menu::show(ui, panel);
            banner::show(ui, panel);
        });
        below_menu(ui, panel);
    });
    egui::Panel::bottom("status").frame(theme::panel()).show(ui, |ui| status::show(ui, panel));
}

fn reading(ui: &mut Ui, panel: &mut Panel<'_>) -> Rect {
    let width = ui.available_width();
    let left = egui::Panel::left("stacks").frame(theme::panel());
    let left =
        left.default_size(THUMBNAILS).size_range(THUMBNAILS_LEAST..=(width * 0.2).max(THUMBNAILS_LEAST));
    left.show(ui, |ui| thumbnails::show(ui, panel));
    let right = egui::Panel::right("reporting").frame(theme::panel());
    let right = right.default_size(REPORT).size_range(REPORT_LEAST..=(width * 0.5).max(REPORT_LEAST));
    right.show(ui, |ui| {
        let below = egui::Panel::bottom("drawn").resizable(true).default_size(DRAWINGS).min_size(88.0);
        below.frame(egui::Frame::new()).show(ui, |ui| drawings::show(ui, panel));
        bare(ui, |ui| report::show(ui, panel));
    });
    image_window(ui, panel, 0)
}

fn bare(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    CentralPanel::no_frame().frame(egui::Frame::new().fill(theme::PANEL)).show(ui, add);
}

/// What lies over the screen and takes the keys. Escape and a click beside it close it.
fn dialogs(ui: &Ui, panel: &mut Panel<'_>) {
    let dialog = panel.state.shell.dialog.as_ref();
    if !matches!(dialog, Some(Dialog::Palette)) {
        palette::forget(ui.ctx());
    }
    if !matches!(dialog, Some(Dialog::Settings)) {
        settings::forget(ui.ctx());
    }
    let Some(dialog) = dialog else { return };
    let modal = egui::Modal::new(Id::unique("dialog")).frame(theme::sheet());
    let shown = modal.show(ui.ctx(), |ui| match dialog {
        Dialog::Palette => palette::show(ui, panel),
        Dialog::Help => help::show(ui, panel),
        Dialog::Settings => settings::show(ui, panel),
        Dialog::Trail => trail::show(ui, panel),
        Dialog::Leave { unsent } => leave::show(ui, panel, *unsent),
        Dialog::SignInAgain(why) => sign_in::again(ui, panel, why.as_ref()),
        Dialog::SignIncomplete { .. } => sign_incomplete::show(ui, panel),
        Dialog::SignGrown { images } => sign_grown::show(ui, panel, *images),
    });
    if shown.should_close() {
        if matches!(dialog, Dialog::SignInAgain(_)) && panel.state.sign_in.browser.is_some() {
            panel.send(Command::SignIn(SignIn::BreakOff));
        }
        panel.send(Command::Shell(Shell::CloseDialog));
    }
}

/// Files that are dragged over the window, and those that were let go.
fn dropped(ui: &Ui, panel: &mut Panel<'_>) {
    let (hovering, paths) = ui.ctx().input(|input| {
        let paths: Vec<_> = input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect();
        (!input.raw.hovered_files.is_empty(), paths)
    });
    if !paths.is_empty() {
        panel.send(Command::Case(case::Command::OpenFiles(paths)));
    }
    if hovering {
        let words = panel.word("shell-drop");
        let over =
            Area::new(Id::unique("drop")).order(Order::Tooltip).anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
        over.interactable(false).show(ui.ctx(), |ui| {
            theme::sheet().show(ui, |ui| ui.label(RichText::new(words).heading()));
        });
    }
}
