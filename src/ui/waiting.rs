//! Something is on its way: three dots, one of them lit, that walk with the ticks of the session.
//!
//! egui's own spinner would draw the whole window anew as fast as it can.

use egui::{Sense, Ui, pos2, vec2};

use super::theme::{GRID, LINE, TEXT};
use crate::session::State;

/// How long a dot is lit, ms.
const STEP_MS: u64 = 400;

/// Draws the dots in the line.
pub(super) fn mark(ui: &mut Ui, state: &State) {
    let (area, _) = ui.allocate_exact_size(vec2(6.0 * GRID, 4.0 * GRID), Sense::hover());
    let lit = (state.shell.now_ms / STEP_MS) % 3;
    for dot in 0..3_u8 {
        let centre = pos2(area.left() + (f32::from(dot) * 2.0 + 1.0) * GRID, area.center().y);
        let colour = if u64::from(dot) == lit { TEXT } else { LINE };
        ui.painter().circle_filled(centre, GRID * 0.6, colour);
    }
}
