//! What the reader drew on the images: measurements, arrows, text. Every change can be undone.

use glam::DVec2;

use super::{Problem, Remote, RequestId};
use crate::dicom::{Phi, Uid};
use crate::imaging::FrameKey;
use crate::imaging::measure::{Measured, Shape};

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

    /// Whether there is something to undo, and to redo.
    pub fn history(&self) -> (bool, bool) {
        (!self.undo.is_empty(), !self.redo.is_empty())
    }
}

pub(super) fn on_command(_state: &mut super::State, _command: Command) -> Vec<super::Effect> {
    Vec::new()
}

pub(super) fn on_event(_state: &mut super::State, _event: Event) -> Vec<super::Effect> {
    Vec::new()
}

pub(super) fn restore(_state: &mut super::State, _kept: &super::kept::KeptCase) -> Vec<super::Effect> {
    Vec::new()
}

pub(super) fn keep(_drawings: &Drawings) -> Vec<super::kept::KeptDrawing> {
    Vec::new()
}
