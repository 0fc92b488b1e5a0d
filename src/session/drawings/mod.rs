//! What the reader drew on the images: measurements, arrows, text. Every change can be undone.

mod figure;
mod history;
mod keeping;
#[cfg(test)]
mod tests;
mod values;

use glam::DVec2;

use super::viewer::{self, Catalogue};
use super::{Problem, Remote, RequestId, State, pixels};
use crate::dicom::{Phi, Uid};
use crate::imaging::FrameKey;
use crate::imaging::measure::{Measured, RealWorld, Shape};

pub use figure::{distance, handle_at};
pub(super) use keeping::{keep, restore};
pub(super) use values::{catalogued, settled};

/// What was drawn on the images of a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawings {
    /// In the order in which they were drawn.
    pub all: Vec<Drawing>,
    /// The one that keys act on.
    pub selected: Option<u64>,
    pub(super) next: u64,
    pub(super) undo: Vec<Vec<Drawing>>,
    pub(super) redo: Vec<Vec<Drawing>>,
}

/// Something drawn on one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Names it within the case; never used again.
    pub id: u64,
    /// The frame.
    pub on: FrameKey,
    /// Series Instance UID of the image.
    pub series: Uid,
    /// What.
    pub figure: Figure,
    /// The reader's words, or empty.
    pub label: Phi<String>,
    /// Its values, the principal one first; empty for arrows and text. Marked stale while the figure has
    /// changed and they are being computed.
    pub values: Remote<Vec<Measured>>,
    /// What the image's own maps make of the same pixels, beside [`Self::values`] and never in their place; empty
    /// until they are computed.
    pub real_world: Vec<RealWorld>,
    pub(super) awaited: RequestId,
}

/// What was drawn; points are column, row in image coordinates (`0.5,0.5` is the first pixel's centre).
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A measurement.
    Shape(Shape),
    /// From its tail to its tip.
    Arrow([DVec2; 2]),
    /// Where the text begins.
    Text(DVec2),
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Keep what was drawn, and select it.
    Add {
        /// The frame.
        on: FrameKey,
        /// Series Instance UID.
        series: Uid,
        /// What.
        figure: Figure,
        /// The reader's words, or empty.
        label: Phi<String>,
    },
    /// Another shape or place.
    Change {
        /// Which.
        drawing: u64,
        /// What it is now.
        figure: Figure,
    },
    /// Other words.
    Label {
        /// Which.
        drawing: u64,
        /// The reader's words, or empty.
        label: Phi<String>,
    },
    /// Gone.
    Delete(u64),
    /// Keys act on this one.
    Select(Option<u64>),
    /// Select it and show its image in the active viewport.
    Visit(u64),
    /// As it was before.
    Undo,
    /// As it was before that.
    Redo,
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Compute the values of a shape from its frame.
    Measure {
        /// The request.
        id: RequestId,
        /// Which drawing.
        drawing: u64,
        /// The frame.
        on: FrameKey,
        /// The shape.
        shape: Shape,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The values, or why there are none.
    Measured {
        /// The request.
        id: RequestId,
        /// Which drawing.
        drawing: u64,
        /// The values.
        outcome: Result<Vec<Measured>, Problem>,
        /// Real-world values of the same pixels.
        real_world: Vec<RealWorld>,
    },
}

impl Drawings {
    /// The drawing of that name.
    pub fn get(&self, id: u64) -> Option<&Drawing> {
        self.all.iter().find(|drawing| drawing.id == id)
    }

    /// What lies on a frame.
    pub fn on<'a>(&'a self, frame: &'a FrameKey) -> impl Iterator<Item = &'a Drawing> {
        self.all.iter().filter(move |drawing| drawing.on == *frame)
    }

    fn get_mut(&mut self, id: u64) -> Option<&mut Drawing> {
        self.all.iter_mut().find(|drawing| drawing.id == id)
    }

    /// Whether there is something to undo, and to redo.
    pub fn history(&self) -> (bool, bool) {
        (!self.undo.is_empty(), !self.redo.is_empty())
    }
}

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    match command {
        Command::Add { on, series, figure, label } => {
            history::change(state, |drawings| {
                let id = drawings.next;
                drawings.next += 1;
                drawings.selected = Some(id);
                drawings.all.push(Drawing::new(id, on, series, figure, label));
            });
        }
        Command::Change { drawing, figure } => {
            history::change(state, |drawings| {
                if let Some(drawing) = drawings.get_mut(drawing).filter(|drawing| drawing.figure != figure) {
                    drawing.figure = figure;
                    drawing.forget_values();
                }
            });
        }
        Command::Label { drawing, label } => {
            history::change(state, |drawings| {
                if let Some(drawing) = drawings.get_mut(drawing) {
                    drawing.label = label;
                }
            });
        }
        Command::Delete(gone) => {
            history::change(state, |drawings| drawings.all.retain(|drawing| drawing.id != gone));
        }
        Command::Undo => history::undo(state),
        Command::Redo => history::redo(state),
        Command::Select(selected) => select(state, selected),
        Command::Visit(drawing) => return visit(state, drawing),
    }
    values::catalogued(state)
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    let Event::Measured { id, drawing, outcome, real_world } = event;
    let drawing = state.case.as_mut().and_then(|case| case.drawings.get_mut(drawing));
    if let Some(drawing) = drawing.filter(|drawing| drawing.awaited == id && drawing.values.is_pending()) {
        drawing.values.answer(outcome);
        drawing.real_world = real_world;
    }
    Vec::new()
}

fn select(state: &mut State, selected: Option<u64>) {
    if let Some(case) = state.case.as_mut() {
        case.drawings.selected = selected.filter(|id| case.drawings.get(*id).is_some());
    }
}

/// Selects a drawing and brings its image into the active viewport, as far as it is here.
fn visit(state: &mut State, drawing: u64) -> Vec<super::Effect> {
    select(state, Some(drawing));
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let catalogue = Catalogue::of(case);
    let Some(drawing) = case.drawings.get(drawing) else { return Vec::new() };
    if viewer::show_frame(&mut case.viewer, &catalogue, &drawing.series, &drawing.on) {
        super::case::touched(state);
    }
    pixels::want(state)
}
