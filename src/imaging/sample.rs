//! Modality values between voxels.

use glam::DVec3;

use super::marks::NEARER;
use super::{PixelPadding, Rescale, Volume, Voxels};

/// How far outside the hull of the voxel centres, in voxels, a sample still takes the value on the hull, so
/// that rounding in matrices does not blank the outermost slices.
pub const HULL_TOLERANCE: f64 = 1e-4;

/// Between samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// Bilinear in a frame, trilinear in a volume.
    #[default]
    Linear,
    /// The closest sample; halfway, the one with the higher index.
    Nearest,
}

/// The modality value at an index position (column, row, slice): trilinear between the voxel centres around
/// it. `None` outside the hull of the voxel centres, and where the nearest voxel is padding: no value is made up there.
/// Beside padding the voxels that are none count alone.
pub fn sample_volume(volume: &Volume, index: DVec3, interpolation: Interpolation) -> Option<f64> {
    let size = volume.size();
    let mut low = [0_usize; 3];
    let mut high = [0_usize; 3];
    let mut share = [0.0_f64; 3];
    for axis in 0..3 {
        (low[axis], high[axis], share[axis]) = neighbours(index[axis], size[axis])?;
    }
    if interpolation == Interpolation::Nearest {
        for axis in 0..3 {
            if share[axis] >= 0.5 {
                low[axis] = high[axis];
            }
            share[axis] = 0.0;
        }
    }
    let around = Around { low, high, share };
    if let Some(padding) = volume.padding().filter(|padding| around.touches(volume, *padding)) {
        return around.beside(volume, padding);
    }
    let [x, y, z] = share;
    let in_slice = |slice: usize| {
        let at = |column, row| stored(volume, column, row, slice);
        let mixed = mix(
            mix(at(low[0], low[1]), at(high[0], low[1]), x),
            mix(at(low[0], high[1]), at(high[0], high[1]), x),
            y,
        );
        let Rescale { slope, intercept } = volume.rescale()[slice];
        slope * mixed + intercept
    };
    Some(if z == 0.0 { in_slice(low[2]) } else { mix(in_slice(low[2]), in_slice(high[2]), z) })
}

/// The eight voxels around a position and the shares of the higher ones.
struct Around {
    low: [usize; 3],
    high: [usize; 3],
    share: [f64; 3],
}

impl Around {
    /// Each of the eight with its weight; one may stand several times where a share is 0.
    fn voxels(&self) -> impl Iterator<Item = ([usize; 3], f64)> + '_ {
        (0..8_usize).map(|corner| {
            let upper = |axis: usize| corner >> axis & 1 == 1;
            let at = std::array::from_fn(|axis| if upper(axis) { self.high[axis] } else { self.low[axis] });
            let part = |axis: usize| if upper(axis) { self.share[axis] } else { 1.0 - self.share[axis] };
            (at, part(0) * part(1) * part(2))
        })
    }

    /// Whether a voxel that counts is padding.
    fn touches(&self, volume: &Volume, padding: PixelPadding) -> bool {
        self.voxels()
            .any(|(at, weight)| weight > 0.0 && padding.contains(stored(volume, at[0], at[1], at[2])))
    }

    /// The mean of the voxels that are no padding, by their weights; `None` where padding is nearest.
    fn beside(&self, volume: &Volume, padding: PixelPadding) -> Option<f64> {
        let is_padding = |at: [usize; 3]| padding.contains(stored(volume, at[0], at[1], at[2]));
        let nearer = |axis: usize| self.share[axis] >= NEARER;
        let nearest = std::array::from_fn(|axis| if nearer(axis) { self.high[axis] } else { self.low[axis] });
        if is_padding(nearest) {
            return None;
        }
        let value = |at: [usize; 3]| {
            let Rescale { slope, intercept } = volume.rescale()[at[2]];
            slope * stored(volume, at[0], at[1], at[2]) + intercept
        };
        let (sum, weights) = self
            .voxels()
            .filter(|(at, _)| !is_padding(*at))
            .fold((0.0, 0.0), |(sum, weights), (at, weight)| (sum + weight * value(at), weights + weight));
        Some(sum / weights)
    }
}

/// The two samples around a position on an axis of `count` samples and the share of the second; `None`
/// outside the first and last by more than [`HULL_TOLERANCE`].
fn neighbours(position: f64, count: u32) -> Option<(usize, usize, f64)> {
    let last = f64::from(count - 1);
    if !(position >= -HULL_TOLERANCE && position <= last + HULL_TOLERANCE) {
        return None;
    }
    let inside = position.clamp(0.0, last);
    let low = inside.floor();
    Some((low as usize, (low as usize + 1).min(count as usize - 1), inside - low))
}

fn stored(volume: &Volume, column: usize, row: usize, slice: usize) -> f64 {
    let [columns, rows, _] = volume.size().map(|n| n as usize);
    let i = (slice * rows + row) * columns + column;
    match volume.voxels() {
        Voxels::U16(v) => f64::from(v[i]),
        Voxels::I16(v) => f64::from(v[i]),
    }
}

fn mix(a: f64, b: f64, share: f64) -> f64 {
    a + (b - a) * share
}
