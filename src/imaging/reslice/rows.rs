//! A plane or slab, row by row of its picture.

use super::line::Lines;
use super::{PlaneInGrid, SlabMode};
use crate::imaging::{Interpolation, Volume};

/// Modality values of the rows of a picture.
pub(in crate::imaging) struct PlaneRows<'a> {
    volume: &'a Volume,
    plane: PlaneInGrid,
    mode: SlabMode,
    interpolation: Interpolation,
    /// Where whole lines can be sampled at once.
    lines: Option<Lines<'a>>,
}

impl<'a> PlaneRows<'a> {
    pub(in crate::imaging) fn new(
        volume: &'a Volume,
        plane: PlaneInGrid,
        mode: SlabMode,
        interpolation: Interpolation,
    ) -> Self {
        let lines = Lines::new(volume).filter(|_| interpolation == Interpolation::Linear);
        Self { volume, plane, mode, interpolation, lines }
    }

    /// The modality values of a row, NaN where there is no data.
    pub(in crate::imaging) fn row(&self, row: u32, values: &mut [f32]) {
        match &self.lines {
            Some(lines) if self.plane.depth_reach == 0 => self.thin(lines, row, 0, values),
            Some(lines) => self.slab(lines, row, values),
            None => {
                for (column, value) in values.iter_mut().enumerate() {
                    let at = (column as u32, row);
                    let sampled = self.plane.value(self.volume, at, self.mode, self.interpolation);
                    *value = sampled.map_or(f32::NAN, |sampled| sampled as f32);
                }
            }
        }
    }

    fn thin(&self, lines: &Lines<'_>, row: u32, depth: u32, values: &mut [f32]) {
        lines.sample(self.plane.position(0, row, depth), self.plane.column_step, values);
    }

    fn slab(&self, lines: &Lines<'_>, row: u32, values: &mut [f32]) {
        let mut line = vec![0.0_f32; values.len()];
        let mut means = vec![(0.0_f64, 0_u32); if self.mode == SlabMode::Mean { values.len() } else { 0 }];
        values.fill(f32::NAN);
        for depth in 0..=2 * self.plane.depth_reach {
            self.thin(lines, row, depth, &mut line);
            // A comparison with NaN is false: what has no data changes nothing.
            match self.mode {
                SlabMode::Mip => keep(values, &line, |new, old| new > old),
                SlabMode::MinIp => keep(values, &line, |new, old| new < old),
                SlabMode::Mean => {
                    for ((sum, count), value) in means.iter_mut().zip(&line).filter(|(_, v)| !v.is_nan()) {
                        *sum += f64::from(*value);
                        *count += 1;
                    }
                }
            }
        }
        for (value, (sum, count)) in values.iter_mut().zip(means).filter(|(_, (_, count))| *count > 0) {
            *value = (sum / f64::from(count)) as f32;
        }
    }
}

/// Puts the new values in the place of the old ones that are worse or none.
#[inline]
fn keep(values: &mut [f32], new: &[f32], better: impl Fn(f32, f32) -> bool) {
    for (value, new) in values.iter_mut().zip(new) {
        *value = if better(*new, *value) || value.is_nan() { *new } else { *value };
    }
}
