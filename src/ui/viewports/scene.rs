//! What a viewport shows: from the state and the pixels to a scene, or to the reason why there is none.

use std::sync::Arc;

use glam::DVec2;

use crate::dicom::Uid;
use crate::dicom::catalogue::{SeriesEntry, Stack, StackImage, StudyEntry};
use crate::dicom::instance::VoiFunction;
use crate::imaging::{
    FrameKey, FrameScene, FrameView, GreyMapping, Interpolation, PictureSize, Plane, PlaneScene, Scene, Slab,
    SlabMode, Stores, VoiCurve, Window,
};
use crate::session::case::Case;
use crate::session::viewer::{Look, Mpr, Shown, ViewportId};
use crate::session::{Problem, Remote};
use crate::text::Explain;

/// Why a viewport shows no image.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Blank {
    /// Nothing was put there.
    Empty,
    /// No image of the study is here yet.
    Coming,
    /// The image is here and is being decoded.
    Decoding,
    /// The volume is being made.
    Building,
    /// It is text, which is written and not drawn.
    Text,
    /// It cannot be shown.
    Failed(Problem),
}

/// Where an image stands in the catalogue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    /// Its study.
    pub(crate) study: &'a StudyEntry,
    /// Its series.
    pub(crate) series: &'a SeriesEntry,
    /// The stack's place in the series.
    pub(crate) index: usize,
    /// Its stack.
    pub(crate) stack: &'a Stack,
    /// Its place in the stack, from 0.
    pub(crate) position: usize,
    /// The image.
    pub(crate) image: &'a StackImage,
}

impl Standing<'_> {
    /// The number that other systems know the image by: Instance Number, or the frame of a loop; else its place
    /// in the stack. From 1.
    pub(crate) fn number(&self) -> i64 {
        let frames = self.image.instance.image.as_ref().map_or(1, |image| image.format.frames);
        match self.image.instance.instance_number {
            _ if frames > 1 => i64::from(self.image.frame) + 1,
            Some(number) => i64::from(number),
            None => self.position as i64 + 1,
        }
    }
}

/// Whether this is the image of that key.
fn is(image: &StackImage, key: &FrameKey) -> bool {
    image.frame == key.frame && image.instance.sop_instance == key.sop_instance
}

/// Where an image stands; `None` while the catalogue does not have it.
pub(crate) fn standing<'a>(case: &'a Case, series: &Uid, key: &FrameKey) -> Option<Standing<'a>> {
    series_of(case, series).find_map(|(study, series)| {
        series.all().enumerate().find_map(|(index, stack)| {
            let position = stack.images.iter().position(|image| is(image, key))?;
            Some(Standing { study, series, index, stack, position, image: stack.images.get(position)? })
        })
    })
}

/// Where the first image of an instance stands, whatever its series.
pub(crate) fn standing_anywhere<'a>(case: &'a Case, sop_instance: &Uid) -> Option<Standing<'a>> {
    let all = case.catalogue.iter().flat_map(|study| study.series.iter().map(move |series| (study, series)));
    all.into_iter().find_map(|(study, series)| {
        series.all().enumerate().find_map(|(index, stack)| {
            let is_it = |image: &StackImage| image.instance.sop_instance == *sop_instance;
            let position = stack.images.iter().position(is_it)?;
            Some(Standing { study, series, index, stack, position, image: stack.images.get(position)? })
        })
    })
}

/// The same for what a viewport shows, where it is known to stand.
pub(crate) fn standing_of<'a>(case: &'a Case, shown: &Shown) -> Option<Standing<'a>> {
    let expected = series_of(case, &shown.series).find_map(|(study, series)| {
        let stack = series.stack(shown.stack)?;
        let image = stack.images.get(shown.position).filter(|image| is(image, &shown.frame))?;
        Some(Standing { study, series, index: shown.stack, stack, position: shown.position, image })
    });
    expected.or_else(|| standing(case, &shown.series, &shown.frame))
}

fn series_of<'a>(
    case: &'a Case,
    uid: &Uid,
) -> impl Iterator<Item = (&'a StudyEntry, &'a SeriesEntry)> + use<'a> {
    let uid = uid.clone();
    let of_study = move |study: &'a StudyEntry| {
        let series = study.series.iter().find(|entry| entry.series.uid == uid)?;
        Some((study, series))
    };
    case.catalogue.iter().filter_map(of_study)
}

/// The scene of a viewport in a picture of `size`.
pub(crate) fn scene(case: &Case, stores: &Stores, id: ViewportId, size: PictureSize) -> Result<Scene, Blank> {
    let window = case.viewer.windows.get(usize::from(id.window)).ok_or(Blank::Empty)?;
    let look = case.viewer.look(id).ok_or(Blank::Empty)?;
    if let Some(mpr) = &window.mpr {
        return plane(case, stores, mpr, id, look, size).map(Scene::Plane);
    }
    let shown = case.viewer.viewport(id).and_then(|viewport| viewport.shown.as_ref());
    let waits =
        case.catalogue.is_empty() && !matches!(case.arrived, Remote::Ready(_) | Remote::Failed { .. });
    let shown = shown.ok_or(if waits { Blank::Coming } else { Blank::Empty })?;
    if standing_of(case, shown).is_some_and(|standing| !standing.stack.has_pixels()) {
        return Err(Blank::Text);
    }
    match stores.frames.get(&shown.frame) {
        Some(frame) => {
            let view = FrameView::placed(&frame, size, &look.placement);
            let grey = grey(frame.preset_grey(look.preset), look);
            let over = case.viewer.over;
            Ok(Scene::Frame(FrameScene { interpolation: interpolation(&view), frame, view, grey, over }))
        }
        None => Err(match case.viewer.pixels.failed.get(&shown.frame) {
            Some(problem) => Blank::Failed(problem.clone()),
            None => Blank::Decoding,
        }),
    }
}

fn plane(
    case: &Case,
    stores: &Stores,
    mpr: &Mpr,
    id: ViewportId,
    look: &Look,
    size: PictureSize,
) -> Result<PlaneScene, Blank> {
    let Some(volume) = stores.volumes.get(&mpr.volume) else {
        return Err(match case.viewer.pixels.volumes.get(&mpr.volume) {
            Some(Remote::Failed { problem, .. }) => Blank::Failed(problem.clone()),
            _ => Blank::Building,
        });
    };
    let kind = Mpr::PLANES.get(usize::from(id.place)).copied().ok_or(Blank::Empty)?;
    let plane = Plane::placed(&volume, kind, mpr.crosshair_mm, size, &look.placement)
        .map_err(|error| Blank::Failed(error.message().into()))?;
    let slab = (mpr.thickness_mm > 0.0).then(|| Slab::new(mpr.thickness_mm, mpr.mode).ok()).flatten();
    let grey = grey(volume.preset_grey(look.preset), look);
    Ok(PlaneScene { volume: Arc::clone(&volume), plane, slab, interpolation: Interpolation::Linear, grey })
}

/// A window of the reader's in place of the image's own, and the reader's inversion on top of the image's.
fn grey(own: GreyMapping, look: &Look) -> GreyMapping {
    let given = look.window.and_then(|[center, width]| {
        let function = if width >= 1.0 { VoiFunction::Linear } else { VoiFunction::LinearExact };
        Window::new(center, width, function).ok()
    });
    GreyMapping { voi: given.map_or(own.voi, VoiCurve::Window), invert: own.invert != look.invert }
}

/// Exact copies where an image pixel covers a whole number of screen pixels; else between the pixels.
fn interpolation(view: &FrameView) -> Interpolation {
    let matrix = view.image_from_picture.matrix2;
    let steps = DVec2::new(matrix.x_axis.length(), matrix.y_axis.length());
    let pixels = 1.0 / steps.x;
    let whole = pixels >= 0.5 && (pixels - pixels.round()).abs() < 1e-9 && (steps.x - steps.y).abs() < 1e-12;
    if whole { Interpolation::Nearest } else { Interpolation::Linear }
}

/// Centre and width of what is shown now, for a drag that changes it; a table counts by its inputs.
pub(crate) fn window_of(grey: &GreyMapping) -> [f64; 2] {
    match &grey.voi {
        VoiCurve::Window(window) => [window.center(), window.width()],
        VoiCurve::Table(table) => {
            let inputs = table.entries.len() as f64;
            [f64::from(table.first) + inputs / 2.0, inputs.max(1.0)]
        }
    }
}

/// The value that a slab or plane shows at a whole picture pixel.
pub(crate) fn plane_value(scene: &PlaneScene, column: u32, row: u32) -> Option<f64> {
    let index = crate::imaging::PlaneInGrid::new(&scene.volume, &scene.plane, scene.slab);
    let mode = scene.slab.map_or(SlabMode::Mean, |slab| slab.mode());
    index.value(&scene.volume, (column, row), mode, scene.interpolation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::Magnification;
    use glam::{DAffine2, DMat2};

    #[test]
    fn only_whole_magnifications_are_copied_exactly() {
        let size = PictureSize::new(10, 10).unwrap();
        for (pixels, expected) in [
            (1.0, Interpolation::Nearest),
            (3.0, Interpolation::Nearest),
            (1.5, Interpolation::Linear),
            (0.5, Interpolation::Linear),
        ] {
            let matrix = DMat2::from_diagonal(DVec2::splat(1.0 / pixels));
            let view = FrameView { size, image_from_picture: DAffine2::from_mat2(matrix) };
            assert_eq!(interpolation(&view), expected, "{pixels}");
        }
    }

    #[test]
    fn the_readers_inversion_undoes_that_of_the_image() {
        let window = Window::new(40.0, 400.0, VoiFunction::Linear).unwrap();
        let own = GreyMapping { voi: VoiCurve::Window(window), invert: true };
        let look = Look { invert: true, window: Some([10.0, 20.0]), ..Look::default() };
        let shown = grey(own.clone(), &look);
        assert!(!shown.invert);
        assert_eq!(window_of(&shown), [10.0, 20.0]);
        let unusable = Look { window: Some([f64::NAN, 1.0]), ..Look::default() };
        assert_eq!(grey(own.clone(), &unusable), own);
        assert_eq!(unusable.placement.magnification, Magnification::Fit(1.0));
    }
}
