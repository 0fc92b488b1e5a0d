//! What is kept of a case in the vault, so that a kill loses nothing. Plain data with a form of its own, so that
//! the state can change without old cases becoming unreadable.

use serde::{Deserialize, Serialize};

use super::viewer::{Layout, Look, ViewportId};

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
