//! A chest radiograph: the trunk's attenuation summed along the beam (from back to front), then tone and
//! detail as a digital system renders them.
//!
//! The beam is taken as parallel in the patient; the detector sees everything larger by
//! [`answers::FILM_MAGNIFICATION`].

use glam::Vec3;
use rayon::prelude::*;

use super::answers;
use super::noise::grain;
use super::raster::{Plane, render};
use super::torso::{Occasion, torso};

/// Columns of the detector.
pub(super) const COLUMNS: usize = 2140;
/// Rows of the detector.
pub(super) const ROWS: usize = 2400;
/// The largest stored value: 12 bits.
pub(super) const WHITE: f32 = 4095.0;

/// Sampling of the attenuation in the patient across the beam and along it, mm.
const ACROSS_MM: f32 = 0.6;
const ALONG_MM: f32 = 2.0;
/// Half the depth that the beam is followed over, mm: skin to skin.
const HALF_DEPTH_MM: f32 = 116.0;
/// Height of the film's upper edge, patient z, mm.
const TOP_MM: f32 = 236.0;

/// A grid of attenuations (natural logarithm of the loss).
struct Sums {
    columns: usize,
    rows: usize,
    values: Vec<f32>,
}

/// Stored values, row by row; a higher value had more exposure (MONOCHROME1: shown darker).
pub(super) fn stored(occasion: Occasion) -> Vec<u16> {
    let sums = project(occasion);
    let toned = tone(&sums);
    let noise = grain(occasion as u32 + 900, 0, COLUMNS, ROWS, 0.35);
    let step = answers::FILM_PIXEL_MM as f32 / (answers::FILM_MAGNIFICATION as f32 * ACROSS_MM);
    let mut film: Vec<u16> = noise
        .par_chunks_exact(COLUMNS)
        .enumerate()
        .flat_map_iter(|(row, noise)| {
            let toned = &toned;
            noise.iter().enumerate().map(move |(column, noise)| {
                let v = toned.cubic(column as f32 * step, row as f32 * step);
                (v + 13.0 * noise).round().clamp(0.0, WHITE) as u16
            })
        })
        .collect();
    side_marker(&mut film);
    film
}

/// Sums the attenuation from the front to the back of the trunk.
fn project(occasion: Occasion) -> Sums {
    let scene = torso(occasion);
    let in_patient = answers::FILM_PIXEL_MM as f32 / answers::FILM_MAGNIFICATION as f32;
    let columns = (COLUMNS as f32 * in_patient / ACROSS_MM) as usize + 2;
    let rows = (ROWS as f32 * in_patient / ACROSS_MM) as usize + 2;
    let depth = (2.0 * HALF_DEPTH_MM / ALONG_MM) as usize;
    let left = -0.5 * (columns - 1) as f32 * ACROSS_MM;
    let row = |row: usize| {
        let plane = Plane {
            origin: Vec3::new(left, -HALF_DEPTH_MM, TOP_MM - row as f32 * ACROSS_MM),
            column_step: Vec3::X * ACROSS_MM,
            row_step: Vec3::Y * ALONG_MM,
            columns,
            rows: depth,
        };
        let hu = render(scene, &plane);
        let mut sum = vec![0.0f32; columns];
        for line in hu.chunks_exact(columns) {
            for (sum, hu) in sum.iter_mut().zip(line) {
                *sum += attenuation_per_mm(*hu) * ALONG_MM;
            }
        }
        sum
    };
    let values = (0..rows).into_par_iter().flat_map_iter(row).collect();
    Sums { columns, rows, values }
}

/// Linear attenuation at a chest film's energy. Contrast medium counts little (a film is taken without), bone
/// more than its HU say.
fn attenuation_per_mm(hu: f32) -> f32 {
    const WATER: f32 = 0.0172;
    let hu = if hu > 80.0 { 80.0 + (hu - 80.0).min(220.0) * 0.5 + (hu - 300.0).max(0.0) * 1.6 } else { hu };
    WATER * (1.0 + hu / 1000.0).max(0.0)
}

/// Scatter, then the logarithm's answer with the large-scale contrast held back so that lungs and mediastinum
/// both fit.
fn tone(sums: &Sums) -> Sums {
    const SCATTER: f32 = 0.012;
    let open: Vec<f32> = sums.values.iter().map(|sum| -logarithm(exponential(-sum) + SCATTER)).collect();
    let open = Sums { values: open, ..*sums };
    let wide = open.blurred(22).blurred(22);
    let near = open.blurred(4);
    let values = (open.values.iter().zip(&wide.values).zip(&near.values))
        .map(|((v, wide), near)| {
            let held = wide + 1.25 * (v - wide) + 0.7 * (v - near);
            3700.0 - 780.0 * (held * 0.86 + 0.14 * v)
        })
        .collect();
    Sums { values, ..*sums }
}

/// e^x for x <= 0 by squaring, in operations that every machine rounds alike.
fn exponential(x: f32) -> f32 {
    let mut v = (1.0 + x / 1024.0).max(0.0);
    for _ in 0..10 {
        v *= v;
    }
    v
}

/// Natural logarithm by Newton's steps on [`exponential`] of its negative.
fn logarithm(v: f32) -> f32 {
    let mut x = -1.0;
    for _ in 0..12 {
        let e = exponential(x);
        x += 2.0 * (v - e) / (v + e);
        x = x.min(0.0);
    }
    x
}

impl Sums {
    /// Mean over a square of `2 reach + 1`, edges repeated.
    fn blurred(&self, reach: usize) -> Self {
        let lines = |values: &[f32], width: usize| -> Vec<f32> {
            values.par_chunks_exact(width).flat_map_iter(|line| box_mean(line, reach)).collect()
        };
        let across = lines(&self.values, self.columns);
        let down = lines(&transposed(&across, self.columns), self.rows);
        Self { values: transposed(&down, self.rows), ..*self }
    }

    /// Catmull-Rom interpolation at a place in samples.
    fn cubic(&self, x: f32, y: f32) -> f32 {
        let (ix, iy) = (x as usize, y as usize);
        let (wx, wy) = (weights(x - ix as f32), weights(y - iy as f32));
        let at = |c: usize, r: usize| {
            let (c, r) = (
                (ix + c).saturating_sub(1).min(self.columns - 1),
                (iy + r).saturating_sub(1).min(self.rows - 1),
            );
            self.values[r * self.columns + c]
        };
        (0..4).map(|r| wy[r] * (0..4).map(|c| wx[c] * at(c, r)).sum::<f32>()).sum()
    }
}

fn weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        0.5 * (2.0 * t2 - t - t3),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (4.0 * t2 - 3.0 * t3 + t),
        0.5 * (t3 - t2),
    ]
}

fn box_mean(line: &[f32], reach: usize) -> Vec<f32> {
    let last = line.len() - 1;
    let share = 1.0 / (2 * reach + 1) as f32;
    let at = |i: isize| f64::from(line[i.clamp(0, last as isize) as usize]);
    let mut sum: f64 = (-(reach as isize)..=reach as isize).map(at).sum();
    (0..line.len() as isize)
        .map(|i| {
            let mean = sum as f32 * share;
            sum += at(i + 1 + reach as isize) - at(i - reach as isize);
            mean
        })
        .collect()
}

fn transposed(values: &[f32], width: usize) -> Vec<f32> {
    let height = values.len() / width;
    (0..values.len()).map(|i| values[(i % height) * width + i / height]).collect()
}

/// The lead letter R at the patient's right shoulder, which is at the viewer's left.
fn side_marker(film: &mut [u16]) {
    const LETTER: [u8; 7] = [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001];
    const DOT: usize = 12;
    let (left, top) = (120, 150);
    for (r, bits) in LETTER.iter().enumerate() {
        for c in (0..5).filter(|c| bits & (0b10000 >> c) != 0) {
            for y in 0..DOT {
                let start = (top + r * DOT + y) * COLUMNS + left + c * DOT;
                film[start..start + DOT].fill(60);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_exponential_and_logarithm_agree_with_the_libraries() {
        for i in 1..60 {
            let x = -(i as f32) * 0.1;
            assert!((exponential(x) - x.exp()).abs() < 0.006, "{x}");
            assert!((logarithm(exponential(x)) - x).abs() < 0.02, "{x} {}", logarithm(exponential(x)));
        }
    }
}
