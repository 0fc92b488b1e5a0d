//! The windows as they are kept, and back.

use glam::DVec3;

use super::find::Catalogue;
use super::{FrameKey, ImageWindow, Layout, Mpr, SlabMode, Viewer, Viewport, ViewportId, growing, planes};
use crate::dicom::Uid;
use crate::session::State;
use crate::session::kept::{KeptCase, KeptMpr, KeptViewport, KeptWindow};

/// The names of the modes in what is kept.
const MODES: [(SlabMode, &str); 3] =
    [(SlabMode::Mip, "mip"), (SlabMode::MinIp, "minip"), (SlabMode::Mean, "mean")];

/// The windows and the active viewport, to be kept.
pub(in crate::session) fn keep(viewer: &Viewer) -> (Vec<KeptWindow>, ViewportId) {
    let windows = viewer.windows.iter().enumerate().map(|(at, window)| {
        let planes = window.mpr.as_ref().map(keep_planes);
        let awaited = viewer.memory.planes.iter().find(|(window, _)| usize::from(*window) == at);
        let viewports = window.viewports.iter().enumerate();
        KeptWindow {
            layout: window.layout,
            viewports: viewports
                .map(|(place, viewport)| keep_viewport(viewer, at, place, viewport))
                .collect(),
            mpr: planes.or_else(|| awaited.map(|(_, planes)| planes.clone())),
        }
    });
    (windows.collect(), viewer.active)
}

fn keep_viewport(viewer: &Viewer, window: usize, place: usize, viewport: &Viewport) -> KeptViewport {
    let image = |series: &Uid, frame: &FrameKey| {
        (series.as_str().to_owned(), frame.sop_instance.as_str().to_owned(), frame.frame)
    };
    let awaited = viewer
        .memory
        .awaited
        .iter()
        .find(|(id, ..)| (usize::from(id.window), usize::from(id.place)) == (window, place));
    // Something else may stand in for what has not come back yet.
    let awaited = awaited.map(|(_, series, frame)| image(series, frame));
    let shown = viewport.shown.as_ref().map(|shown| image(&shown.series, &shown.frame));
    KeptViewport { shown: awaited.or(shown), look: viewport.look.clone() }
}

fn keep_planes(mpr: &Mpr) -> KeptMpr {
    let mode = MODES.iter().find(|(mode, _)| *mode == mpr.mode);
    KeptMpr {
        series: mpr.series.as_str().to_owned(),
        stack: mpr.stack,
        crosshair_mm: mpr.crosshair_mm.map(|point| point.to_array()),
        looks: mpr.looks.clone(),
        thickness_mm: mpr.thickness_mm,
        mode: mode.map_or("mip", |(_, name)| name).to_owned(),
    }
}

/// The windows as they were. Images and planes that are not here yet come back when they are.
pub(in crate::session) fn restore(state: &mut State, kept: &KeptCase) {
    let Some(case) = state.case.as_mut().filter(|_| !kept.windows.is_empty()) else { return };
    let catalogue = Catalogue::of(case);
    let viewer = &mut case.viewer;
    viewer.windows.clear();
    viewer.memory = super::Memory { touched: true, ..super::Memory::default() };
    for (at, window) in (0..).zip(kept.windows.iter().take(Viewer::MOST_WINDOWS)) {
        let (restored, awaited) = restore_window(at, window);
        viewer.windows.push(restored);
        viewer.memory.awaited.extend(awaited);
        viewer.memory.planes.extend(window.mpr.clone().map(|planes| (at, planes)));
    }
    viewer.active = kept.active;
    if viewer.memory.planes.is_empty() {
        viewer.settle_active();
    }
    growing::bring_back(viewer, &catalogue);
}

fn restore_window(at: u8, kept: &KeptWindow) -> (ImageWindow, Vec<(ViewportId, Uid, FrameKey)>) {
    let layout = Layout::bounded(kept.layout);
    let mut window = ImageWindow::new(layout);
    window.viewports =
        kept.viewports.iter().map(|v| Viewport { shown: None, look: v.look.clone() }).collect();
    if window.viewports.len() < layout.places() {
        window.viewports.resize(layout.places(), Viewport::default());
    }
    let awaited = (0..).zip(&kept.viewports).filter_map(|(place, viewport)| {
        let (series, image, frame) = viewport.shown.as_ref()?;
        let frame = FrameKey { sop_instance: Uid::parse(image).ok()?, frame: *frame };
        Some((ViewportId { window: at, place }, Uid::parse(series).ok()?, frame))
    });
    (window, awaited.collect())
}

/// The planes as they were, of what is here of their stack.
pub(super) fn planes(kept: &KeptMpr, catalogue: &Catalogue) -> Option<Mpr> {
    let series = Uid::parse(&kept.series).ok()?;
    let stack = catalogue.stack(&series, kept.stack).filter(|stack| stack.images.len() > 1)?;
    let mode = MODES.iter().find(|(_, name)| *name == kept.mode);
    Some(Mpr {
        volume: planes::volume_key(&series, stack)?,
        series,
        stack: kept.stack,
        crosshair_mm: kept.crosshair_mm.map(DVec3::from_array),
        looks: kept.looks.clone(),
        thickness_mm: kept.thickness_mm,
        mode: mode.map_or(SlabMode::Mip, |(mode, _)| *mode),
    })
}
