//! What is on screen: windows, their viewports, and how each shows what it shows.

use serde::{Deserialize, Serialize};

use glam::DVec3;

use super::pixels::Pixels;
use crate::dicom::Uid;
use crate::dicom::catalogue::Stack;
use crate::imaging::measure::Kind;
use crate::imaging::{FrameKey, Placement, SlabMode, StandardPlane, VolumeKey};

/// What is on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Viewer {
    /// The windows with images, the main one first; at least one, at most three.
    pub windows: Vec<ImageWindow>,
    /// The viewport that keys act on.
    pub active: ViewportId,
    /// What the left mouse button does.
    pub tool: Tool,
    /// Frames and volumes.
    pub pixels: Pixels,
    /// Whether corner text, letters, scale bar and drawings lie over the images.
    pub annotations: bool,
}

/// One window's viewports.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageWindow {
    /// How they are laid out.
    pub layout: Layout,
    /// Row by row; as many as the layout has.
    pub viewports: Vec<Viewport>,
    /// The three planes of a volume, in place of the viewports while it is there.
    pub mpr: Option<Mpr>,
}

/// Columns and rows of viewports, each 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Side by side.
    pub columns: u8,
    /// One above the other.
    pub rows: u8,
}

/// Names a viewport: its window, and its place there row by row. In a window with [`ImageWindow::mpr`] the
/// places are axial, coronal, sagittal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ViewportId {
    /// The window, from 0.
    pub window: u8,
    /// The place, from 0.
    pub place: u8,
}

/// One viewport.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Viewport {
    /// The stack it shows.
    pub shown: Option<Shown>,
    /// How it shows it.
    pub look: Look,
}

/// An image of a stack. While instances arrive, stacks grow and change places: the image stays, and where it
/// stands is found anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Series Instance UID.
    pub series: Uid,
    /// The stack's place in its series.
    pub stack: usize,
    /// The image's place in its stack.
    pub position: usize,
    /// The image.
    pub frame: FrameKey,
}

/// How a viewport shows its images.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Look {
    /// Centre and width in modality units; the image's own without.
    pub window: Option<[f64; 2]>,
    /// Black for white, on top of what the image itself says.
    pub invert: bool,
    /// Turned, moved, enlarged.
    pub placement: Placement,
}

/// What the left mouse button does. Wheel, middle and right button do the same with every tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tool {
    /// Drag changes the window.
    #[default]
    Window,
    /// Drag scrolls.
    Scroll,
    /// Drag moves.
    Pan,
    /// Drag enlarges.
    Zoom,
    /// Draws a measurement.
    Measure(Kind),
    /// Draws an arrow.
    Arrow,
    /// Writes on the image.
    Text,
}

/// Three orthogonal planes of a volume that meet in one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Mpr {
    /// The volume.
    pub volume: VolumeKey,
    /// The series and the stack it is made of.
    pub series: Uid,
    /// The stack's place in its series.
    pub stack: usize,
    /// Where the planes meet, patient mm; the volume's middle without.
    pub crosshair_mm: Option<DVec3>,
    /// Axial, coronal, sagittal.
    pub looks: [Look; 3],
    /// Thickness of the slab, mm; 0 is one sample.
    pub thickness_mm: f64,
    /// What the slab shows.
    pub mode: SlabMode,
}

impl Mpr {
    /// The planes by their place.
    pub const PLANES: [StandardPlane; 3] =
        [StandardPlane::Axial, StandardPlane::Coronal, StandardPlane::Sagittal];
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Lay the active window out anew; what no longer has a place comes back with a larger layout.
    Layout(Layout),
    /// Keys act on this viewport.
    Activate(ViewportId),
    /// Show a stack in a viewport, from its first image.
    Show {
        /// Where.
        viewport: ViewportId,
        /// Series Instance UID.
        series: Uid,
        /// The stack's place in its series.
        stack: usize,
    },
    /// Scroll by images, or a plane by samples along its normal.
    Scroll {
        /// Where.
        viewport: ViewportId,
        /// How far; positive is towards the end.
        by: i32,
    },
    /// Show the image at this place of the stack.
    GoTo {
        /// Where.
        viewport: ViewportId,
        /// From 0; the last where there are fewer.
        position: usize,
    },
    /// Show the next or previous stack of the study.
    NextStack {
        /// Where.
        viewport: ViewportId,
        /// How many further.
        by: i32,
    },
    /// Centre and width, or the image's own.
    Window {
        /// Where.
        viewport: ViewportId,
        /// Modality units.
        window: Option<[f64; 2]>,
    },
    /// Black for white.
    Invert(ViewportId),
    /// Turned, moved, enlarged.
    Place {
        /// Where.
        viewport: ViewportId,
        /// How.
        placement: Placement,
    },
    /// Everything as the image itself has it.
    Reset(ViewportId),
    /// What the left mouse button does.
    Tool(Tool),
    /// Corner text, letters and drawings on or off.
    Annotations(bool),
    /// The three planes of the volume that the viewport's stack forms, or back to the stack.
    Mpr(ViewportId),
    /// Where the planes of a window meet.
    Crosshair {
        /// The window.
        window: u8,
        /// Patient mm.
        point_mm: DVec3,
    },
    /// Thickness and mode of the slabs of a window.
    Slab {
        /// The window.
        window: u8,
        /// mm.
        thickness_mm: f64,
        /// What the slab shows.
        mode: SlabMode,
    },
    /// One more window with images.
    OpenWindow,
    /// Close a window other than the main one.
    CloseWindow(u8),
}

impl Viewer {
    /// The viewport of that name, if the layout has it.
    pub fn viewport(&self, id: ViewportId) -> Option<&Viewport> {
        self.windows.get(usize::from(id.window))?.viewports.get(usize::from(id.place))
    }

    /// The look of a viewport or of a plane.
    pub fn look(&self, id: ViewportId) -> Option<&Look> {
        let window = self.windows.get(usize::from(id.window))?;
        match &window.mpr {
            Some(mpr) => mpr.looks.get(usize::from(id.place)),
            None => window.viewports.get(usize::from(id.place)).map(|viewport| &viewport.look),
        }
    }
}

/// The key of an image of a stack.
pub fn frame_key(stack: &Stack, position: usize) -> Option<FrameKey> {
    let image = stack.images.get(position)?;
    Some(FrameKey { sop_instance: image.instance.sop_instance.clone(), frame: image.frame })
}

pub(super) fn on_command(_state: &mut super::State, _command: Command) -> Vec<super::Effect> {
    Vec::new()
}

impl Default for Viewer {
    fn default() -> Self {
        let layout = Layout { columns: 1, rows: 1 };
        let window = ImageWindow { layout, viewports: vec![Viewport::default()], mpr: None };
        Self {
            windows: vec![window],
            active: ViewportId::default(),
            tool: Tool::default(),
            pixels: Pixels::default(),
            annotations: true,
        }
    }
}

pub(super) fn catalogued(_state: &mut super::State) -> Vec<super::Effect> {
    Vec::new()
}

pub(super) fn restore(_state: &mut super::State, _kept: &super::kept::KeptCase) {}

pub(super) fn keep(viewer: &Viewer) -> (Vec<super::kept::KeptWindow>, ViewportId) {
    (Vec::new(), viewer.active)
}
