//! From a collection of instances to a picture: which stack, which scene, drawn by whom.

use std::sync::Arc;

use glam::DVec3;

use super::args::{DeviceChoice, ModeChoice, PlaneChoice, Render};
use super::context::Failure;
use crate::dicom::catalogue::{SeriesEntry, Stack, StudyEntry};
use crate::dicom::{Uid, sop_class};
use crate::imaging::{
    self, Frame, FrameScene, FrameView, GreyMapping, Interpolation, Over, Picture, PictureSize, Plane,
    PlaneScene, Scene, Slab, SlabMode, StandardPlane, VoiFunction, Volume, Window,
};
use crate::render::Renderer;
use crate::work::WorkError;
use crate::work::loaded::Collection;

/// What to draw, whatever the images are.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    /// Position in the stack; the middle one without.
    pub(crate) frame: Option<u32>,
    /// Centre and width in modality units; the image's own without.
    pub(crate) window: Option<[f64; 2]>,
    /// A plane through the volume instead of a frame.
    pub(crate) plane: Option<PlaneView>,
    /// Size of the picture; the image's own without.
    pub(crate) size: Option<(u32, u32)>,
    /// Overlay planes are drawn; the display shutter always is.
    pub(crate) overlay: bool,
}

/// A plane or slab through the volume.
#[derive(Debug, Clone)]
pub(crate) struct PlaneView {
    pub(crate) plane: PlaneChoice,
    pub(crate) at_mm: Option<[f64; 3]>,
    pub(crate) slab: Option<(f64, ModeChoice)>,
}

impl From<&Render> for View {
    fn from(args: &Render) -> Self {
        let plane = args.plane.map(|plane| PlaneView {
            plane,
            at_mm: args.at,
            slab: args.slab.map(|thickness| (thickness, args.mode)),
        });
        Self { frame: args.frame, window: args.window, plane, size: args.size, overlay: args.overlay }
    }
}

/// What is shown and what belongs to it.
pub(crate) struct Chosen<'a> {
    pub(crate) study: &'a StudyEntry,
    pub(crate) series: &'a SeriesEntry,
    pub(crate) stack: &'a Stack,
}

/// The largest stack of the one series that has images, or of the series asked for. Which of several series is
/// meant is never guessed.
///
/// # Errors
/// [`WorkError::WhichSeries`], [`WorkError::NoImage`].
pub(crate) fn choose<'a>(collection: &'a Collection, series: Option<&Uid>) -> Result<Chosen<'a>, WorkError> {
    let all =
        collection.studies.iter().flat_map(|study| study.series.iter().map(move |series| (study, series)));
    let fits = |(_, entry): &(&StudyEntry, &SeriesEntry)| {
        !entry.stacks.is_empty() && series.is_none_or(|uid| entry.series.uid == *uid)
    };
    let fitting: Vec<_> = all.filter(fits).collect();
    match fitting.as_slice() {
        [] => document(collection, series),
        [(study, series)] => Ok(Chosen { study, series, stack: largest(series).ok_or(WorkError::NoImage)? }),
        many => {
            let series = many.iter().map(|(_, entry)| entry.series.uid.to_string()).collect();
            Err(WorkError::WhichSeries { series })
        }
    }
}

/// The one document with pages, where there is no image; else what there is instead of an image.
fn document<'a>(collection: &'a Collection, series: Option<&Uid>) -> Result<Chosen<'a>, WorkError> {
    let all =
        collection.studies.iter().flat_map(|study| study.series.iter().map(move |series| (study, series)));
    let all: Vec<_> = all.filter(|(_, entry)| series.is_none_or(|uid| entry.series.uid == *uid)).collect();
    let pages: Vec<Chosen<'a>> = all
        .iter()
        .flat_map(|&(study, series)| {
            let drawn = series.documents.iter().filter(|stack| stack.has_pixels());
            drawn.map(move |stack| Chosen { study, series, stack })
        })
        .collect();
    match <[Chosen<'a>; 1]>::try_from(pages) {
        Ok([one]) => Ok(one),
        Err(many) if !many.is_empty() => Err(WorkError::WhichSeries {
            series: many.iter().map(|c| c.series.series.uid.to_string()).collect(),
        }),
        Err(_) => {
            let mut others = all.iter().flat_map(|(_, entry)| &entry.others);
            let what = others.next().map(|instance| sop_class::name(&instance.sop_class));
            Err(what.map_or(WorkError::NoImage, |what| WorkError::NotAnImage { what }))
        }
    }
}

/// The stack with the most images; a localiser only where there is nothing else, the first of equals.
pub(crate) fn largest(series: &SeriesEntry) -> Option<&Stack> {
    let rank = |stack: &Stack| (!stack.localiser, stack.images.len());
    series.stacks.iter().rev().max_by_key(|stack| rank(stack))
}

/// Decodes what the view needs and says what is to be drawn.
pub(crate) fn scene(collection: &Collection, stack: &Stack, view: &View) -> Result<Scene, WorkError> {
    match &view.plane {
        None => frame_scene(collection, stack, view),
        Some(plane) => plane_scene(&volume(collection, stack)?, plane, view),
    }
}

fn frame_scene(collection: &Collection, stack: &Stack, view: &View) -> Result<Scene, WorkError> {
    let count = stack.images.len() as u32;
    // Documents begin with their first page.
    let usual = if stack.document().is_some() { 0 } else { count / 2 };
    let number = view.frame.unwrap_or(usual);
    let image = stack.images.get(number as usize);
    let image = image.ok_or(crate::dicom::DicomError::NoSuchFrame { frame: number, frames: count })?;
    let mut decoded = collection.decode(std::slice::from_ref(image));
    let frame: Arc<Frame> = decoded.pop().unwrap_or(Err(WorkError::NoImage))?;
    let grey = match view.window {
        Some(window) => frame.windowed(linear(window)?),
        None => frame.default_grey(),
    };
    let over = Over { overlays: view.overlay, ..Over::default() };
    let (view, interpolation) = match view.size {
        Some((width, height)) => {
            (FrameView::fit(&frame, PictureSize::new(width, height)?), Interpolation::Linear)
        }
        None => (FrameView::native(&frame)?, Interpolation::Nearest),
    };
    Ok(Scene::Frame(FrameScene { frame, view, interpolation, grey, over }))
}

/// The volume of a stack, all of it decoded.
pub(crate) fn volume(collection: &Collection, stack: &Stack) -> Result<Arc<Volume>, WorkError> {
    let slices = collection.decode(&stack.images).into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Volume::from_slices(&slices)?))
}

/// A plane through a volume.
pub(crate) fn plane_scene(volume: &Arc<Volume>, plane: &PlaneView, view: &View) -> Result<Scene, WorkError> {
    let standard = match plane.plane {
        PlaneChoice::Axial => StandardPlane::Axial,
        PlaneChoice::Coronal => StandardPlane::Coronal,
        PlaneChoice::Sagittal => StandardPlane::Sagittal,
        PlaneChoice::Normal(normal) => StandardPlane::Normal(DVec3::from_array(normal)),
    };
    let size = view.size.map(|(width, height)| PictureSize::new(width, height)).transpose()?;
    let slab = plane.slab.map(|(thickness_mm, mode)| {
        let mode = match mode {
            ModeChoice::Mip => SlabMode::Mip,
            ModeChoice::Minip => SlabMode::MinIp,
            ModeChoice::Mean => SlabMode::Mean,
        };
        Slab::new(thickness_mm, mode)
    });
    let slab = slab.transpose()?;
    let grey = match view.window {
        Some(window) => {
            GreyMapping { voi: imaging::VoiCurve::Window(linear(window)?), ..volume.default_grey().clone() }
        }
        None => volume.default_grey().clone(),
    };
    let at_mm = plane.at_mm.map(DVec3::from_array);
    if at_mm.is_some_and(|at_mm| !holds(volume, at_mm)) {
        return Err(WorkError::OutsideVolume);
    }
    let plane = Plane::through(volume, standard, at_mm, size)?;
    Ok(Scene::Plane(PlaneScene {
        volume: Arc::clone(volume),
        plane,
        slab,
        interpolation: Interpolation::Linear,
        grey,
    }))
}

/// Whether a point lies among the volume's voxels, half a voxel around the outermost included.
fn holds(volume: &Volume, point_patient_mm: DVec3) -> bool {
    let grid = volume.grid_from_patient().transform_point3(point_patient_mm);
    let Some(index) = volume.index(grid) else { return true };
    let last = DVec3::from_array(volume.size().map(f64::from)) - DVec3::ONE;
    index.is_finite() && (index + 0.5).min_element() >= 0.0 && (last + 0.5 - index).min_element() >= 0.0
}

fn linear([center, width]: [f64; 2]) -> Result<Window, WorkError> {
    Ok(Window::new(center, width, VoiFunction::Linear)?)
}

/// Who draws: the GPU while it can, the CPU twin when asked for.
pub(crate) enum Device {
    Gpu(Box<Renderer>),
    Cpu,
}

impl Device {
    pub(crate) fn new(choice: DeviceChoice) -> Result<Self, Failure> {
        Ok(match choice {
            DeviceChoice::Gpu => Self::Gpu(Box::new(Renderer::new()?)),
            DeviceChoice::Cpu => Self::Cpu,
        })
    }

    /// The GPU, or its twin where there is none.
    pub(crate) fn best() -> Self {
        Renderer::new().map_or(Self::Cpu, |renderer| Self::Gpu(Box::new(renderer)))
    }

    pub(crate) fn draw(&mut self, scene: &Scene) -> Result<Picture, Failure> {
        Ok(match self {
            Self::Gpu(renderer) => renderer.draw(scene)?,
            Self::Cpu => imaging::draw(scene),
        })
    }

    /// The word of the command-line contract.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Gpu(_) => "gpu",
            Self::Cpu => "cpu",
        }
    }
}
