//! The report being written on the open case.

use super::Remote;
use super::outbox::Signed;
use crate::dicom::Phi;
use crate::imaging::FrameKey;
use crate::report::{Heading, ReportState};

/// The report being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The text of each section, in the order of [`Heading::ALL`], lines ending in LF.
    pub sections: [Phi<String>; 5],
    /// The drawings that go into the report, by their names in `drawings`.
    pub cited: Vec<u64>,
    /// The images that go into it.
    pub key_images: Vec<KeyFrame>,
    /// What signing makes of it.
    pub state: ReportState,
    /// The newest signature on this case.
    pub signed: Remote<Signed>,
}

/// An image worth looking at.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyFrame {
    /// Which.
    pub frame: FrameKey,
    /// Why, or empty.
    pub note: Phi<String>,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The whole text of a section as it is now.
    Write {
        /// Which section.
        heading: Heading,
        /// Its text.
        text: Phi<String>,
    },
    /// Put a drawing into the report: among its measurements, and `sentence` at the end of the findings. Once in
    /// it, only the sentence is added.
    Cite {
        /// Which drawing.
        drawing: u64,
        /// What it says, in the language of the report.
        sentence: Phi<String>,
    },
    /// Take a drawing out of the report; the text stays.
    Uncite(u64),
    /// Make an image a key image, or no longer.
    KeyImage {
        /// Which.
        frame: FrameKey,
        /// What it says, in the language of the report; goes to the end of the findings when it becomes one.
        sentence: Phi<String>,
    },
    /// What signing makes of it.
    State(ReportState),
    /// Sign, save, send; then the next case opens.
    Sign,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            sections: Default::default(),
            cited: Vec::new(),
            key_images: Vec::new(),
            state: ReportState::Final,
            signed: Remote::NotAsked,
        }
    }
}

impl Draft {
    /// The text under a heading.
    pub fn text(&self, heading: Heading) -> &str {
        let place = Heading::ALL.iter().position(|one| *one == heading);
        place.map_or("", |place| self.sections[place].reveal())
    }

    /// Nothing was written, cited or marked.
    pub fn is_empty(&self) -> bool {
        let written = self.sections.iter().any(|text| !text.reveal().trim().is_empty());
        !written && self.cited.is_empty() && self.key_images.is_empty()
    }
}

pub(super) fn on_command(_state: &mut super::State, _command: Command) -> Vec<super::Effect> {
    Vec::new()
}

/// A drawing is gone: the report no longer cites it.
pub(super) fn forget_drawing(state: &mut super::State, drawing: u64) {
    if let Some(case) = state.case.as_mut() {
        case.draft.cited.retain(|cited| *cited != drawing);
    }
}
