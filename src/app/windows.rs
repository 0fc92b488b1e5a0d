//! The further windows: egui's deferred viewports, each drawn only when something in it changed.

use egui::{Context, Event, ViewportBuilder, ViewportCommand, ViewportId};

use super::{Core, Shared, lock, turn};
use crate::session::viewer::Command as Viewer;
use crate::session::{self, Command, State};

/// The program's name, and all that a title says: titles are seen by others (task bars, screen sharing).
pub(super) const TITLE: &str = "Dokuei";

/// Has the windows shown that the state names beside the main one.
pub(super) fn show(ctx: &Context, shared: &Shared) {
    let others = others(lock(&shared.core).state());
    for window in others {
        let builder = ViewportBuilder::default()
            .with_title(format!("{TITLE} – {}", window + 1))
            .with_inner_size([960.0, 720.0]);
        let shared = shared.clone();
        ctx.show_viewport_deferred(id(window), builder, move |ui, _| {
            turn(ui, &shared, window);
            if ui.ctx().input(|input| input.viewport().close_requested()) {
                lock(&shared.core).command(Command::Viewer(Viewer::CloseWindow(window)));
                ui.ctx().request_repaint_of(ViewportId::ROOT);
            }
        });
    }
}

/// What is done in a further window is about that window: a click gives it the keyboard, also where no window
/// manager does, and a key acts on one of its viewports. Says whether another viewport became active.
pub(super) fn attend(ctx: &Context, core: &mut Core, window: u8) -> bool {
    let is_key = |event: &Event| matches!(event, Event::Key { pressed: true, .. });
    let (clicked, typed, focused) = ctx.input(|input| {
        (input.pointer.any_pressed(), input.events.iter().any(is_key), input.viewport().focused)
    });
    if clicked && focused == Some(false) {
        ctx.send_viewport_cmd(ViewportCommand::Focus);
    }
    let viewer = core.state().case.as_ref().map(|case| &case.viewer);
    let elsewhere = viewer.is_some_and(|viewer| viewer.active.window != window);
    if typed && elsewhere {
        let place = session::viewer::ViewportId { window, place: 0 };
        core.command(Command::Viewer(Viewer::Activate(place)));
    }
    typed && elsewhere
}

/// Every window is drawn again.
pub(super) fn repaint_all(ctx: &Context, state: &State) {
    ctx.request_repaint_of(ViewportId::ROOT);
    for window in others(state) {
        ctx.request_repaint_of(id(window));
    }
}

/// The places of the further windows, from 1.
fn others(state: &State) -> std::ops::Range<u8> {
    if let Some(closed) = &state.lock.closed {
        // They stay where they are, empty.
        return 1..closed.windows;
    }
    let windows = state.case.as_ref().map_or(1, |case| case.viewer.windows.len());
    1..u8::try_from(windows).unwrap_or(1)
}

fn id(window: u8) -> ViewportId {
    ViewportId::from_hash_of(("images", window))
}
