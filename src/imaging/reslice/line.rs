//! A line of samples through a volume: the sums of [`sample_volume`](crate::imaging::sample_volume), many at once.
//!
//! A block of samples goes through three steps, each a plain loop that the compiler turns into vector
//! instructions of the machine at hand: where between the voxels each sample lies, the eight voxels around it,
//! and what lies between them. Positions within a block are worked out in f32 in two parts, so that a share is
//! good to about 1e-7 of a voxel whatever the index.

use fearless_simd::{Level, Simd, dispatch};
use glam::DVec3;

use crate::dicom::instance::PixelPadding;
use crate::imaging::{HULL_TOLERANCE, Interpolation, Rescale, Volume, Voxels, sample_volume};

/// Samples in a block.
const BLOCK: usize = 64;
/// Adding this to a small f32 rounds it to a whole number, which then stands in its lowest bits.
const ROUNDING: f32 = 12_582_912.0;
/// The digits of a step that stay when its products with numbers below [`BLOCK`] shall be exact.
const EXACT_STEP: u32 = !0x7f;

/// Samples lines of one volume.
pub(super) struct Lines<'a> {
    volume: &'a Volume,
    level: Level,
}

/// A block of samples on their way.
struct Block<V> {
    /// The lower voxel on each axis.
    low: [[u32; BLOCK]; 3],
    /// The share of the higher one.
    share: [[f32; BLOCK]; 3],
    /// Pairs of neighbours along a row: of the lower and the higher row in the lower slice, then in the higher.
    pairs: [[[V; 2]; BLOCK]; 4],
    values: [f32; BLOCK],
}

impl<'a> Lines<'a> {
    /// `None` for volumes whose slices lie off the grid, and for those that are too flat to have a cell.
    pub(super) fn new(volume: &'a Volume) -> Option<Self> {
        let thick = volume.size().into_iter().all(|side| side > 1);
        (thick && volume.places().is_none()).then(|| Self { volume, level: Level::new() })
    }

    /// The modality values at the grid positions `start + n x step`; NaN where there is no data.
    pub(super) fn sample(&self, start: DVec3, step: DVec3, values: &mut [f32]) {
        values.fill(f32::NAN);
        match self.volume.voxels() {
            Voxels::U16(voxels) => dispatch!(self.level, simd => self.run(simd, voxels, start, step, values)),
            Voxels::I16(voxels) => dispatch!(self.level, simd => self.run(simd, voxels, start, step, values)),
        }
    }

    #[inline(always)]
    fn run<S: Simd, V: Copy + Default + Into<f32>>(
        &self,
        simd: S,
        voxels: &[V],
        start: DVec3,
        step: DVec3,
        values: &mut [f32],
    ) {
        let Some((first, end)) = self.inside(start, step, values.len()) else { return };
        let mut block = Block::new();
        for (number, values) in values[first..end].chunks_mut(BLOCK).enumerate() {
            let at = start + step * (first + number * BLOCK) as f64;
            simd.vectorize(
                #[inline(always)]
                || {
                    block.place(self.volume, at, step);
                    block.gather(self.volume, voxels, values.len());
                    block.mix(self.volume);
                },
            );
            values.copy_from_slice(&block.values[..values.len()]);
            if let Some(padding) = self.volume.padding() {
                for (n, value) in values.iter_mut().enumerate().filter(|(n, _)| block.touches(*n, padding)) {
                    let sampled = sample_volume(self.volume, at + step * n as f64, Interpolation::Linear);
                    *value = sampled.map_or(f32::NAN, |sampled| sampled as f32);
                }
            }
        }
    }

    /// The samples from the first to before the last that are within the hull of the voxel centres.
    fn inside(&self, start: DVec3, step: DVec3, count: usize) -> Option<(usize, usize)> {
        let last = DVec3::from_array(self.volume.size().map(|side| f64::from(side - 1)));
        let (low, high) = (DVec3::splat(-HULL_TOLERANCE), last + HULL_TOLERANCE);
        let holds = |n: f64| {
            let at = start + step * n;
            at.cmpge(low).all() && at.cmple(high).all()
        };
        let (mut first, mut end) = (0.0_f64, count as f64 - 1.0);
        for axis in 0..3 {
            if step[axis] != 0.0 {
                let ways = [low[axis], high[axis]].map(|side| (side - start[axis]) / step[axis]);
                first = first.max(ways[0].min(ways[1]).ceil());
                end = end.min(ways[0].max(ways[1]).floor());
            }
        }
        // Division rounds: the ends are what the positions themselves say.
        while first <= end && !holds(first) {
            first += 1.0;
        }
        while first <= end && !holds(end) {
            end -= 1.0;
        }
        (first <= end).then_some((first as usize, end as usize + 1))
    }
}

impl<V: Copy + Default + Into<f32>> Block<V> {
    fn new() -> Self {
        Self {
            low: [[0; BLOCK]; 3],
            share: [[0.0; BLOCK]; 3],
            pairs: [[[V::default(); 2]; BLOCK]; 4],
            values: [0.0; BLOCK],
        }
    }

    /// Which voxels each sample lies between.
    #[inline(always)]
    fn place(&mut self, volume: &Volume, start: DVec3, step: DVec3) {
        for axis in 0..3 {
            let base = start[axis].floor();
            let part = (start[axis] - base) as f32;
            let coarse = f32::from_bits((step[axis] as f32).to_bits() & EXACT_STEP);
            let fine = (step[axis] - f64::from(coarse)) as f32;
            let last_cell = f64::from(volume.size()[axis]) - 2.0;
            let (lowest, highest) = (-base as f32, (last_cell - base) as f32);
            let zero = (base as i32 as u32).wrapping_sub(ROUNDING.to_bits());
            let low = &mut self.low[axis];
            let share = &mut self.share[axis];
            for n in 0..BLOCK {
                let number = n as i32 as f32;
                let (way, rest) = (coarse * number, part + fine * number);
                // Half a voxel less, rounded: the voxel below, or just as well the one before it on a voxel.
                let rounded = (way + rest - 0.5).max(lowest).min(highest) + ROUNDING;
                share[n] = ((way - (rounded - ROUNDING)) + rest).clamp(0.0, 1.0);
                low[n] = rounded.to_bits().wrapping_add(zero);
            }
        }
    }

    /// The voxels around the first `count` samples.
    #[inline(always)]
    fn gather(&mut self, volume: &Volume, voxels: &[V], count: usize) {
        let [columns, rows, _] = volume.size().map(|side| side as usize);
        let slice = columns * rows;
        let [x, y, z] = &self.low;
        let [one, two, three, four] = &mut self.pairs;
        for n in 0..count.min(BLOCK) {
            let at = z[n] as usize * slice + y[n] as usize * columns + x[n] as usize;
            let near = &voxels[at..][..columns + 2];
            let far = &voxels[at + slice..][..columns + 2];
            one[n] = [near[0], near[1]];
            two[n] = [near[columns], near[columns + 1]];
            three[n] = [far[0], far[1]];
            four[n] = [far[columns], far[columns + 1]];
        }
    }

    /// Whether a voxel around a sample is padding.
    fn touches(&self, n: usize, padding: PixelPadding) -> bool {
        let voxels = self.pairs.iter().flat_map(|pairs| pairs[n]);
        voxels.map(Into::<f32>::into).any(|stored| padding.contains(f64::from(stored)))
    }

    /// The modality values between them.
    #[inline(always)]
    fn mix(&mut self, volume: &Volume) {
        let [x, y, z] = &self.share;
        let pairs = &self.pairs;
        let plane = |n: usize, pair: usize| {
            let along = |pair: usize| {
                let [left, right]: [f32; 2] = pairs[pair][n].map(Into::into);
                left + x[n] * (right - left)
            };
            let (upper, lower) = (along(pair), along(pair + 1));
            upper + y[n] * (lower - upper)
        };
        if let Some(line) = volume.one_rescale() {
            let (slope, intercept) = (line.slope as f32, line.intercept as f32);
            for (n, value) in self.values.iter_mut().enumerate() {
                let (near, far) = (plane(n, 0), plane(n, 2));
                *value = slope * (near + z[n] * (far - near)) + intercept;
            }
        } else {
            let lines = volume.rescale();
            let modality = |line: Rescale, stored: f32| line.slope as f32 * stored + line.intercept as f32;
            for (n, value) in self.values.iter_mut().enumerate() {
                let low = (self.low[2][n] as usize).min(lines.len() - 2);
                let (near, far) = (modality(lines[low], plane(n, 0)), modality(lines[low + 1], plane(n, 2)));
                *value = near + z[n] * (far - near);
            }
        }
    }
}
