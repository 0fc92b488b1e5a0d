//! What is on screen: windows, their viewports, and how each shows what it shows.

mod find;
mod growing;
mod keeping;
mod planes;
mod stacks;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use glam::DVec3;

use super::pixels::{self, Pixels};
use super::{State, case};
use crate::dicom::Uid;
use crate::dicom::catalogue::Stack;
use crate::imaging::measure::Kind;
use crate::imaging::{FrameKey, Over, Placement, SlabMode, StandardPlane, VolumeKey};

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
    /// Whether the images' own overlays and display shutters are drawn; both are in every case that opens.
    pub over: Over,
    pub(super) memory: Memory,
}

/// What the viewer keeps in mind and nobody sees.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Memory {
    /// The last scrolling went towards the start: that is where it will go on.
    pub(super) backwards: bool,
    /// Viewports that showed an image before the program ended, and it has not come yet.
    pub(super) awaited: Vec<(ViewportId, Uid, FrameKey)>,
    /// Windows that showed planes then, and their stack has not come yet.
    pub(super) planes: Vec<(u8, super::kept::KeptMpr)>,
    /// The first viewport shows a localiser only because nothing better was here.
    pub(super) provisional: bool,
    /// The reader has done something to the viewer: what is on screen is what they want to see.
    pub(super) touched: bool,
}

/// One window's viewports.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageWindow {
    /// How they are laid out.
    pub layout: Layout,
    /// Row by row; the first [`Layout::places`] are on screen, the rest come back with a larger layout.
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
    /// Which of the image's own windows and tables, from 0 in their order; its first where it has fewer.
    #[serde(default)]
    pub preset: usize,
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
    /// One of the image's own windows and tables.
    Preset {
        /// Where.
        viewport: ViewportId,
        /// Its place in the image's order, from 0.
        place: usize,
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
    /// The images' own overlays and display shutters on or off.
    Over(Over),
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

impl Layout {
    /// One viewport.
    pub const SINGLE: Self = Self { columns: 1, rows: 1 };

    /// How many viewports it has.
    pub fn places(self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }

    /// 1 to 3 each way, whatever was asked for.
    fn bounded(self) -> Self {
        Self { columns: self.columns.clamp(1, 3), rows: self.rows.clamp(1, 3) }
    }
}

impl ImageWindow {
    /// How many viewports or planes are on screen.
    pub fn places(&self) -> usize {
        if self.mpr.is_some() { Mpr::PLANES.len() } else { self.layout.places() }
    }

    /// The viewports of the layout, also while planes are in their place.
    pub fn laid_out(&self) -> &[Viewport] {
        self.viewports.get(..self.layout.places()).unwrap_or(&self.viewports)
    }

    fn new(layout: Layout) -> Self {
        Self { layout, viewports: vec![Viewport::default(); layout.places()], mpr: None }
    }
}

impl Default for Viewer {
    fn default() -> Self {
        Self {
            windows: vec![ImageWindow::new(Layout::SINGLE)],
            active: ViewportId::default(),
            tool: Tool::default(),
            pixels: Pixels::default(),
            annotations: true,
            over: Over::default(),
            memory: Memory::default(),
        }
    }
}

impl Viewer {
    /// The most windows with images.
    pub const MOST_WINDOWS: usize = 3;

    /// The viewport of that name, if the layout has it.
    pub fn viewport(&self, id: ViewportId) -> Option<&Viewport> {
        self.windows.get(usize::from(id.window))?.laid_out().get(usize::from(id.place))
    }

    /// The look of a viewport or of a plane.
    pub fn look(&self, id: ViewportId) -> Option<&Look> {
        let window = self.windows.get(usize::from(id.window))?;
        match &window.mpr {
            Some(mpr) => mpr.looks.get(usize::from(id.place)),
            None => window.laid_out().get(usize::from(id.place)).map(|viewport| &viewport.look),
        }
    }

    fn window_mut(&mut self, window: u8) -> Option<&mut ImageWindow> {
        self.windows.get_mut(usize::from(window))
    }

    fn viewport_mut(&mut self, id: ViewportId) -> Option<&mut Viewport> {
        let window = self.window_mut(id.window)?;
        let places = window.layout.places();
        window.viewports.get_mut(usize::from(id.place)).filter(|_| usize::from(id.place) < places)
    }

    fn look_mut(&mut self, id: ViewportId) -> Option<&mut Look> {
        let window = self.window_mut(id.window)?;
        let (place, places) = (usize::from(id.place), window.layout.places());
        match window.mpr.as_mut() {
            Some(mpr) => mpr.looks.get_mut(place),
            None => {
                window.viewports.get_mut(place).filter(|_| place < places).map(|viewport| &mut viewport.look)
            }
        }
    }

    /// All that show the same grey values as `id`: the viewport itself, or the three planes of its window.
    fn greys_mut(&mut self, id: ViewportId) -> &mut [Look] {
        let Some(window) = self.windows.get_mut(usize::from(id.window)) else { return &mut [] };
        let (place, places) = (usize::from(id.place), window.layout.places());
        match window.mpr.as_mut() {
            Some(mpr) => &mut mpr.looks,
            None if place < places => {
                let viewport = window.viewports.get_mut(place);
                viewport.map_or(&mut [], |viewport| std::slice::from_mut(&mut viewport.look))
            }
            None => &mut [],
        }
    }

    /// The active viewport is one that is on screen.
    fn settle_active(&mut self) {
        match self.windows.get(usize::from(self.active.window)) {
            Some(window) if usize::from(self.active.place) < window.places() => {}
            Some(_) => self.active.place = 0,
            None => self.active = ViewportId::default(),
        }
    }
}

/// The key of an image of a stack.
pub fn frame_key(stack: &Stack, position: usize) -> Option<FrameKey> {
    let image = stack.images.get(position)?;
    Some(FrameKey { sop_instance: image.instance.sop_instance.clone(), frame: image.frame })
}

pub(super) use find::Catalogue;
pub(super) use growing::{catalogued, settled};
pub(super) use keeping::{keep, restore};
pub(super) use planes::{Answer, answered};
pub(super) use stacks::show_frame;

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    let before = state.case.as_ref().map(|case| (case.viewer.windows.clone(), case.viewer.active));
    let mut effects = change(state, command);
    if before != state.case.as_ref().map(|case| (case.viewer.windows.clone(), case.viewer.active)) {
        case::touched(state);
    }
    effects.extend(pixels::want(state));
    effects
}

fn change(state: &mut State, command: Command) -> Vec<super::Effect> {
    if let Some(case) = state.case.as_mut().filter(|_| !matches!(command, Command::Activate(_))) {
        case.viewer.memory.touched = true;
    }
    if let Command::Mpr(viewport) = command {
        return planes::toggle(state, viewport);
    }
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let catalogue = Catalogue::of(case);
    let viewer = &mut case.viewer;
    match command {
        Command::Layout(layout) => {
            stacks::lay_out(viewer, layout.bounded());
            growing::fill(viewer, &catalogue);
        }
        Command::Activate(viewport) => {
            let window = viewer.windows.get(usize::from(viewport.window));
            if window.is_some_and(|window| usize::from(viewport.place) < window.places()) {
                viewer.active = viewport;
            }
        }
        Command::Show { viewport, series, stack } => {
            stacks::show(viewer, &catalogue, viewport, &series, stack);
        }
        Command::Scroll { viewport, by } => {
            viewer.memory.backwards = by < 0;
            if viewer.window_mut(viewport.window).is_some_and(|window| window.mpr.is_some()) {
                planes::scroll(viewer, &catalogue, viewport, by);
            } else {
                stacks::scroll(viewer, &catalogue, viewport, by);
            }
        }
        Command::GoTo { viewport, position } => {
            stacks::go_to(viewer, &catalogue, viewport, position);
        }
        Command::NextStack { viewport, by } => stacks::next(viewer, &catalogue, viewport, by),
        Command::Window { viewport, window } => {
            let usable =
                window.is_none_or(|[centre, width]| centre.is_finite() && width.is_finite() && width > 0.0);
            for look in viewer.greys_mut(viewport).iter_mut().filter(|_| usable) {
                look.window = window;
                look.preset = if window.is_some() { look.preset } else { 0 };
            }
        }
        Command::Preset { viewport, place } => {
            for look in viewer.greys_mut(viewport) {
                (look.window, look.preset) = (None, place);
            }
        }
        Command::Invert(viewport) => {
            viewer.greys_mut(viewport).iter_mut().for_each(|look| look.invert = !look.invert);
        }
        Command::Place { viewport, placement } => {
            if let Some(look) = viewer.look_mut(viewport) {
                look.placement = placement;
            }
        }
        Command::Reset(viewport) => {
            viewer.greys_mut(viewport).iter_mut().for_each(|look| *look = Look::default());
        }
        Command::Tool(tool) => {
            viewer.tool = tool;
            // Nobody draws what they cannot see.
            viewer.annotations |= matches!(tool, Tool::Measure(_) | Tool::Arrow | Tool::Text);
        }
        Command::Annotations(shown) => viewer.annotations = shown,
        Command::Over(over) => viewer.over = over,
        Command::Crosshair { window, point_mm } => {
            planes::cross_at(viewer, &catalogue, window, point_mm);
        }
        Command::Slab { window, thickness_mm, mode } => {
            planes::slab(viewer, window, thickness_mm, mode);
        }
        Command::OpenWindow => stacks::open_window(viewer, &catalogue),
        Command::CloseWindow(window) => stacks::close_window(viewer, window),
        Command::Mpr(_) => {}
    }
    Vec::new()
}
