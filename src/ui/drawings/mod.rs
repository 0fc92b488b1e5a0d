//! Drawings over images, the tools that make them, and the list that jumps to them.
//!
//! Points are in image coordinates; only `over` and `edit` know the screen. What is half drawn lives in egui's
//! memory, and a figure in the hand becomes one command when it is let go.

mod edit;
mod figure;
mod list;
mod over;
mod tool;
mod values;
mod writing;

pub use list::list;
pub use values::{citation, key_image_sentence};

pub(crate) use edit::{
    Taken, click, double_click, draws, keys, let_go, press, pull, release, select_at, take,
};
pub(crate) use over::paint;
pub(crate) use values::{brief, kind};
pub(crate) use writing::{change as write, show as writing};

use super::Panel;

/// What is half drawn, in the hand or being written is gone.
pub(super) fn forget(ctx: &egui::Context) {
    edit::forget(ctx);
    writing::forget(ctx);
}

/// Draws the list.
pub fn show(ui: &mut egui::Ui, panel: &mut Panel<'_>) {
    list(ui, panel);
}
