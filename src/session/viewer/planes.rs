//! The three planes of a volume: making them, moving where they meet, renewing them when more slices came.

use glam::{DMat3, DVec3};

use super::find::Catalogue;
use super::{ImageWindow, Look, Mpr, Viewer, ViewportId, frame_key};
use crate::dicom::Uid;
use crate::dicom::catalogue::Stack;
use crate::imaging::{Placement, SlabMode, VolumeKey};
use crate::session::shell::{self, Weight};
use crate::session::{Effect, Problem, State, pixels};

/// The thickest slab, mm: more than any body.
const THICKEST_MM: f64 = 500.0;

impl Mpr {
    /// More or fewer images are here than the volume is made of.
    pub fn is_stale(&self, stack: &Stack) -> bool {
        usize::try_from(self.volume.images) != Ok(stack.images.len())
    }

    fn new(volume: VolumeKey, series: Uid, stack: usize, look: &Look) -> Self {
        // The grey values that the reader has set stay; how the images lay says nothing about planes.
        let look = Look { placement: Placement::default(), ..look.clone() };
        Self {
            volume,
            series,
            stack,
            crosshair_mm: None,
            looks: [look.clone(), look.clone(), look],
            thickness_mm: 0.0,
            mode: SlabMode::Mip,
        }
    }
}

/// The key of the volume that a stack makes now.
pub(super) fn volume_key(series: &Uid, stack: &Stack) -> Option<VolumeKey> {
    let images = u32::try_from(stack.images.len()).ok()?;
    Some(VolumeKey { series: series.clone(), first: frame_key(stack, 0)?, images })
}

/// Planes in place of the window's viewports, or the viewports again.
pub(super) fn toggle(state: &mut State, id: ViewportId) -> Vec<Effect> {
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let catalogue = Catalogue::of(case);
    let viewer = &mut case.viewer;
    viewer.memory.planes.retain(|(window, _)| *window != id.window);
    let Some(window) = viewer.window_mut(id.window) else { return Vec::new() };
    if window.mpr.take().is_some() {
        viewer.settle_active();
        return Vec::new();
    }
    let Some(viewport) = viewer.viewport(id) else { return Vec::new() };
    let Some(shown) = viewport.shown.clone() else { return Vec::new() };
    let Some(stack) = catalogue.stack(&shown.series, shown.stack) else { return Vec::new() };
    if stack.images.len() < 2 {
        let id = "imaging-too-few-slices".into();
        let args = vec![("slices".into(), stack.images.len().to_string())];
        shell::tell(state, Problem { id, args }, Weight::Note);
        return Vec::new();
    }
    let Some(key) = volume_key(&shown.series, stack) else { return Vec::new() };
    let mut planes = Mpr::new(key.clone(), shown.series, shown.stack, &viewport.look);
    planes.crosshair_mm =
        Grid::of(stack).and_then(|grid| Some(grid.nearest(middle_mm(stack, shown.position)?)));
    if let Some(window) = viewer.window_mut(id.window) {
        window.mpr = Some(planes);
    }
    viewer.active = ViewportId { window: id.window, place: 0 };
    pixels::build(state, key, stack)
}

/// The middle pixel of an image of a stack.
fn middle_mm(stack: &Stack, position: usize) -> Option<DVec3> {
    let shown = stack.images.get(position)?;
    let image = shown.instance.image.as_ref()?;
    let (spacing, plane) = (image.frame(shown.frame)?.spacing?, shown.plane()?);
    let along =
        |direction: DVec3, pixels: u32, spacing_mm: f64| direction * f64::from(pixels / 2) * spacing_mm;
    Some(
        plane.origin_mm
            + along(plane.row_direction, image.format.columns, spacing.between_columns_mm)
            + along(plane.column_direction, image.format.rows, spacing.between_rows_mm),
    )
}

/// Volumes whose stack has changed are built anew, and planes that were kept come back; the transfer has ended.
pub(super) fn renew(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    let catalogue = Catalogue::of(case);
    let viewer = &mut case.viewer;
    for (window, kept) in std::mem::take(&mut viewer.memory.planes) {
        let planes = super::keeping::planes(&kept, &catalogue);
        if let Some(window) = viewer.window_mut(window) {
            window.mpr = planes;
        }
    }
    viewer.settle_active();
    let shown = viewer.windows.iter().filter_map(|window| window.mpr.as_ref());
    let stacks = shown.filter_map(|mpr| {
        let stack = catalogue.stack(&mpr.series, mpr.stack)?;
        Some((volume_key(&mpr.series, stack)?, stack))
    });
    let stacks: Vec<(VolumeKey, &Stack)> = stacks.collect();
    stacks.into_iter().flat_map(|(key, stack)| pixels::build(state, key, stack)).collect()
}

/// What became of a volume.
pub(in crate::session) enum Answer<'a> {
    /// It is in the store.
    Built,
    /// There is none.
    Refused(&'a Problem),
}

/// Planes that waited for this volume show it, or give way to their stack.
pub(in crate::session) fn answered(state: &mut State, key: &VolumeKey, answer: Answer<'_>) {
    let Some(case) = state.case.as_mut() else { return };
    let catalogue = Catalogue::of(case);
    let is_its = |mpr: &Mpr| {
        let stack = catalogue.stack(&mpr.series, mpr.stack);
        mpr.volume == *key || stack.and_then(|stack| volume_key(&mpr.series, stack)).as_ref() == Some(key)
    };
    let mut hit = false;
    for window in &mut case.viewer.windows {
        let Some(mpr) = window.mpr.as_mut().filter(|mpr| is_its(mpr)) else { continue };
        hit = true;
        match answer {
            Answer::Built => mpr.volume = key.clone(),
            Answer::Refused(_) => window.mpr = None,
        }
    }
    case.viewer.settle_active();
    if let (true, Answer::Refused(problem)) = (hit, answer) {
        shell::tell(state, problem.clone(), Weight::Fault);
    }
}

/// Where the planes meet, moved along the normal of one of them; the ends of the volume hold.
pub(super) fn scroll(viewer: &mut Viewer, catalogue: &Catalogue, id: ViewportId, by: i32) {
    let Some(plane) = Mpr::PLANES.get(usize::from(id.place)) else { return };
    let Some((mpr, grid)) = planes(viewer, catalogue, id.window) else { return };
    let Ok((right, down)) = plane.directions() else { return };
    let from_mm = mpr.crosshair_mm.unwrap_or_else(|| grid.middle_mm());
    mpr.crosshair_mm = Some(grid.stepped(from_mm, right.cross(down), f64::from(by)));
}

/// Where the planes meet; the nearest point of the volume.
pub(super) fn cross_at(viewer: &mut Viewer, catalogue: &Catalogue, window: u8, point_mm: DVec3) {
    if let Some((mpr, grid)) = planes(viewer, catalogue, window).filter(|_| point_mm.is_finite()) {
        mpr.crosshair_mm = Some(grid.nearest(point_mm));
    }
}

/// Thickness and mode of the slabs.
pub(super) fn slab(viewer: &mut Viewer, window: u8, thickness_mm: f64, mode: SlabMode) {
    let mpr = viewer.window_mut(window).and_then(|window| window.mpr.as_mut());
    if let Some(mpr) = mpr.filter(|_| thickness_mm.is_finite()) {
        mpr.thickness_mm = thickness_mm.clamp(0.0, THICKEST_MM);
        mpr.mode = mode;
    }
}

fn planes<'a>(viewer: &'a mut Viewer, catalogue: &Catalogue, window: u8) -> Option<(&'a mut Mpr, Grid)> {
    let mpr = viewer.window_mut(window).and_then(|window: &mut ImageWindow| window.mpr.as_mut())?;
    let grid = Grid::of(catalogue.stack(&mpr.series, mpr.stack)?)?;
    Some((mpr, grid))
}

/// The grid of voxels that a stack makes, from its headers alone.
pub(super) struct Grid {
    origin_mm: DVec3,
    /// Index (column, row, slice) to mm from the origin.
    step_mm: DMat3,
    /// The last index.
    last: DVec3,
    middle: DVec3,
}

impl Grid {
    /// `None` where places or spacing are not known, or all slices lie in one plane.
    pub(super) fn of(stack: &Stack) -> Option<Self> {
        let (first, last) = (stack.images.first()?, stack.images.last()?);
        let image = first.instance.image.as_ref()?;
        let spacing = image.frame(first.frame)?.spacing?;
        let plane = first.plane()?;
        let slices = u32::try_from(stack.images.len()).ok().filter(|slices| *slices > 1)?;
        let size = [image.format.columns, image.format.rows, slices];
        let slice_step_mm = (last.plane()?.origin_mm - plane.origin_mm) / f64::from(slices - 1);
        let step_mm = DMat3::from_cols(
            plane.row_direction * spacing.between_columns_mm,
            plane.column_direction * spacing.between_rows_mm,
            slice_step_mm,
        );
        let determinant = step_mm.determinant();
        (determinant.is_finite() && determinant != 0.0).then(|| Self {
            origin_mm: plane.origin_mm,
            step_mm,
            last: DVec3::from_array(size.map(|n| f64::from(n.saturating_sub(1)))),
            middle: DVec3::from_array(size.map(|n| f64::from(n / 2))),
        })
    }

    /// The middle voxel, as [`crate::imaging::Volume::middle_voxel_mm`] has it.
    pub(super) fn middle_mm(&self) -> DVec3 {
        self.origin_mm + self.step_mm * self.middle
    }

    /// The nearest point by index within the outermost voxel centres.
    pub(super) fn nearest(&self, point_mm: DVec3) -> DVec3 {
        let index = self.step_mm.inverse() * (point_mm - self.origin_mm);
        self.origin_mm + self.step_mm * index.clamp(DVec3::ZERO, self.last)
    }

    /// So many samples further along a unit normal, the plane through it still meeting the volume. A sample is
    /// the way over which the index changes by 1 on the axis where it changes most.
    pub(super) fn stepped(&self, from_mm: DVec3, normal: DVec3, by: f64) -> DVec3 {
        let sample_mm = 1.0 / (self.step_mm.inverse() * normal).abs().max_element();
        let along = normal.dot(self.origin_mm);
        let ends = self.step_mm.transpose() * normal * self.last;
        let low = along + ends.min(DVec3::ZERO).element_sum();
        let high = along + ends.max(DVec3::ZERO).element_sum();
        let now = from_mm.dot(normal);
        from_mm + normal * ((now + sample_mm * by).clamp(low, high) - now)
    }
}
