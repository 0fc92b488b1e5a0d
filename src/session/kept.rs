//! What is kept of a case in the vault, so that a kill loses nothing. Plain data with a form of its own, so that
//! the state can change without old cases becoming unreadable.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::draft::KeyFrame;
use super::drawings;
use super::viewer::{self, Layout, Look, ViewportId};
use crate::dicom::{Phi, Uid};
use crate::imaging::FrameKey;
use crate::report::ReportState;

/// The form that this program writes.
const FORM: u32 = 1;

/// What the reader made on a case. `Debug` shows no patient data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptCase {
    /// The form, for later programs.
    pub form: u32,
    /// The centre's name.
    pub centre: String,
    /// Study Instance UID.
    pub study: String,
    /// The windows, the main one first.
    pub windows: Vec<KeptWindow>,
    /// The viewport that keys act on.
    pub active: ViewportId,
    /// What was drawn.
    pub drawings: Vec<KeptDrawing>,
    /// The text of the sections.
    pub sections: [String; 5],
    /// Drawings in the report, by their place in `drawings`.
    pub cited: Vec<usize>,
    /// Key images: SOP Instance UID, frame from 0, note.
    pub key_images: Vec<(String, u32, String)>,
    /// Signing makes it final.
    pub is_final: bool,
}

impl KeptCase {
    /// The form that this program writes and reads.
    pub const FORM: u32 = 1;
}

impl std::fmt::Debug for KeptCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptCase({})", self.study)
    }
}

impl KeptCase {
    /// What there is to keep of a case; `None` for files.
    pub(super) fn of(case: &Case) -> Option<Self> {
        (case.centre().is_some() && case.study.is_some()).then(|| Self::whole(case))
    }

    /// The same for files too, without centre or study where there is none: what a lock takes away.
    pub(super) fn whole(case: &Case) -> Self {
        let (windows, active) = viewer::keep(&case.viewer);
        let place = |id: &u64| case.drawings.all.iter().position(|drawing| drawing.id == *id);
        let key_image =
            |key: &KeyFrame| (key.frame.sop_instance.to_string(), key.frame.frame, key.note.reveal().clone());
        Self {
            form: FORM,
            centre: case.centre().unwrap_or_default().to_owned(),
            study: case.study.as_ref().map(Uid::to_string).unwrap_or_default(),
            windows,
            active,
            drawings: drawings::keep(&case.drawings),
            sections: case.draft.sections.each_ref().map(|text| text.reveal().clone()),
            cited: case.draft.cited.iter().filter_map(place).collect(),
            key_images: case.draft.key_images.iter().map(key_image).collect(),
            is_final: case.draft.state == ReportState::Final,
        }
    }

    /// The key images; what names no image is left out.
    pub(super) fn key_frames(&self) -> impl Iterator<Item = KeyFrame> {
        self.key_images.iter().filter_map(|(image, frame, note)| {
            let frame = FrameKey { sop_instance: Uid::parse(image).ok()?, frame: *frame };
            Some(KeyFrame { frame, note: Phi::new(note.clone()) })
        })
    }

    /// The drawings that are in the report; places without a drawing are left out.
    pub(super) fn cited_drawings(&self) -> impl Iterator<Item = &KeptDrawing> {
        self.cited.iter().filter_map(|place| self.drawings.get(*place))
    }

    /// What signing makes of the report.
    pub(super) fn report_state(&self) -> ReportState {
        if self.is_final { ReportState::Final } else { ReportState::Preliminary }
    }
}

/// One window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptWindow {
    /// How it is laid out.
    pub layout: Layout,
    /// Its viewports.
    pub viewports: Vec<KeptViewport>,
    /// Its planes.
    pub mpr: Option<KeptMpr>,
}

/// One viewport.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptViewport {
    /// Series, image and frame (from 0), if it shows one.
    pub shown: Option<(String, String, u32)>,
    /// How.
    pub look: Look,
}

/// The planes of a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptMpr {
    /// Series Instance UID.
    pub series: String,
    /// The stack's place in its series.
    pub stack: usize,
    /// Where the planes meet, patient mm.
    pub crosshair_mm: Option<[f64; 3]>,
    /// Axial, coronal, sagittal.
    pub looks: [Look; 3],
    /// Thickness, mm.
    pub thickness_mm: f64,
    /// `mip`, `minip` or `mean`.
    pub mode: String,
}

/// Something drawn.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptDrawing {
    /// Series Instance UID.
    pub series: String,
    /// SOP Instance UID.
    pub image: String,
    /// Frame from 0.
    pub frame: u32,
    /// A measurement's kind by its name, `arrow` or `text`.
    pub kind: String,
    /// Column, row pairs.
    pub points: Vec<[f64; 2]>,
    /// The reader's words.
    pub label: String,
}

impl std::fmt::Debug for KeptDrawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptDrawing({})", self.kind)
    }
}
