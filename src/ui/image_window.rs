//! The images of a window: what the mouse does to them, then they themselves.

use egui::{Rect, Ui, UiBuilder};

use super::{Panel, viewports};

/// Takes the mouse on the images of a window, in all of the room that is left; gives that room.
pub fn image_window(ui: &mut Ui, panel: &mut Panel<'_>, window: u8) -> Rect {
    let room = ui.available_rect_before_wrap();
    viewports::input(&mut film(ui, room), panel, window);
    room
}

/// Draws the images of a window in `room`, from the state as it is now.
pub fn images(ui: &mut Ui, panel: &mut Panel<'_>, window: u8, room: Rect) {
    viewports::paint(&mut film(ui, room), panel, window);
}

/// The same part of the window for both steps.
fn film(ui: &mut Ui, room: Rect) -> Ui {
    let mut film = ui.new_child(UiBuilder::new().id_salt("film").max_rect(room));
    film.set_clip_rect(room);
    film
}
