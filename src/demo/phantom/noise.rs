//! Counter-based noise: a value is a function of a seed and a place, so every run and every machine gets the
//! same pixels in any order of computation. Only `+ - * /` and integer operations are used, which IEEE 754
//! rounds the same everywhere.

use std::sync::OnceLock;

use glam::Vec3;

/// Mixes a seed and a lattice place into 32 well-spread bits.
pub(super) fn hash(seed: u32, x: i32, y: i32, z: i32) -> u32 {
    let mut h = seed.wrapping_mul(0x9E37_79B9)
        ^ (x as u32).wrapping_mul(0x85EB_CA6B)
        ^ (y as u32).wrapping_mul(0xC2B2_AE35).rotate_left(11)
        ^ (z as u32).wrapping_mul(0x27D4_EB2F).rotate_left(21);
    h = (h ^ (h >> 16)).wrapping_mul(0x7FEB_352D);
    h = (h ^ (h >> 15)).wrapping_mul(0x846C_A68B);
    h ^ (h >> 16)
}

/// A number in `0.0..1.0` from a hash.
pub(super) fn unit(seed: u32, x: i32, y: i32, z: i32) -> f32 {
    (hash(seed, x, y, z) >> 8) as f32 / 16_777_216.0
}

fn floor(v: f32) -> i32 {
    let truncated = v as i32;
    truncated - i32::from((truncated as f32) > v)
}

/// Cells of the lattice under [`smooth`] along each axis; it repeats after them.
const LATTICE: i32 = 32;

/// Random values in `-1.0..1.0`, a lattice that repeats: looked up instead of hashed, eight times a pixel.
fn lattice() -> &'static [f32] {
    static VALUES: OnceLock<Vec<f32>> = OnceLock::new();
    VALUES.get_or_init(|| (0..LATTICE * LATTICE * LATTICE).map(|i| 2.0 * unit(1, i, 0, 0) - 1.0).collect())
}

/// Smooth noise in `-1.0..1.0` with one lattice cell a unit of `p`; a seed is a place to start from.
pub(super) fn smooth(seed: u32, p: Vec3) -> f32 {
    let values = lattice();
    let start = hash(seed, 0, 0, 0);
    let (ix, iy, iz) = (floor(p.x), floor(p.y), floor(p.z));
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (tx, ty, tz) = (ease(p.x - ix as f32), ease(p.y - iy as f32), ease(p.z - iz as f32));
    let wrap = |i: i32, part: u32| i.wrapping_add(part as i32) & (LATTICE - 1);
    let (x0, x1) = (wrap(ix, start), wrap(ix + 1, start));
    let row = |y: i32, z: i32| {
        let line = ((wrap(z, start >> 20) * LATTICE + wrap(y, start >> 10)) * LATTICE) as usize;
        let (a, b) = (values[line + x0 as usize], values[line + x1 as usize]);
        a + (b - a) * tx
    };
    let layer = |z: i32| {
        let (a, b) = (row(iy, z), row(iy + 1, z));
        a + (b - a) * ty
    };
    let (a, b) = (layer(iz), layer(iz + 1));
    a + (b - a) * tz
}

/// One bell-shaped number of mean 0 and standard deviation 1: the sum of four 16-bit parts of two hashes.
pub(super) fn bell(seed: u32, x: i32, y: i32, z: i32) -> f32 {
    let (a, b) = (hash(seed, x, y, z), hash(seed ^ 0x5bd1_e995, y, z, x));
    let sum = (a & 0xffff) + (a >> 16) + (b & 0xffff) + (b >> 16);
    // Four uniform parts of 0..=65535: mean 131070, variance 4 (65536^2 - 1) / 12.
    (sum as f32 - 131_070.0) / 37_837.2
}

/// A field of bell-shaped noise of standard deviation 1, row by row, with the short-range correlation that a
/// reconstruction kernel leaves (weights `tail, 1, tail` along rows and columns).
pub(super) fn grain(seed: u32, slice: i32, columns: usize, rows: usize, tail: f32) -> Vec<f32> {
    let (wide, high) = (columns + 2, rows + 2);
    let norm = 1.0 / (1.0 + 2.0 * tail * tail);
    let mut across = vec![0.0; columns * high];
    let mut raw = vec![0.0; wide];
    for (y, out) in across.chunks_exact_mut(columns).enumerate() {
        for (x, v) in raw.iter_mut().enumerate() {
            *v = bell(seed, x as i32, y as i32, slice);
        }
        for (v, near) in out.iter_mut().zip(raw.windows(3)) {
            *v = tail * (near[0] + near[2]) + near[1];
        }
    }
    let mut field = vec![0.0; columns * rows];
    for (y, out) in field.chunks_exact_mut(columns).enumerate() {
        let (above, here, below) =
            (&across[y * columns..], &across[(y + 1) * columns..], &across[(y + 2) * columns..]);
        for (x, v) in out.iter_mut().enumerate() {
            *v = (tail * (above[x] + below[x]) + here[x]) * norm;
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_sigma(values: &[f32]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
        let variance = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt())
    }

    #[test]
    fn grain_has_the_sigma_it_promises_with_and_without_correlation() {
        for tail in [0.0, 0.3, 0.5] {
            let (mean, sigma) = mean_and_sigma(&grain(7, 3, 256, 256, tail));
            assert!(mean.abs() < 0.02 && (sigma - 1.0).abs() < 0.02, "{tail}: {mean} {sigma}");
        }
    }

    #[test]
    fn smooth_noise_is_continuous_and_bounded() {
        let at = |i: i32| smooth(1, Vec3::new(i as f32 * 0.01, 0.3, -7.2));
        for i in -500..500 {
            assert!(at(i).abs() <= 1.0 && (at(i + 1) - at(i)).abs() < 0.05);
        }
    }
}
