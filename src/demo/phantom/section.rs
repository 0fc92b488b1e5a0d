//! A solid whose axial cross-sections are rounded rectangles that change with height: trunk, thoracic cage,
//! vertebral bodies.

use glam::Vec3;

use super::solid::{Bounds, Solid};

/// The cross-section at one height.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// Height, patient z, mm.
    pub(super) z: f32,
    /// Centre, patient y, mm.
    pub(super) y: f32,
    /// Half width along x, mm.
    pub(super) half_width: f32,
    /// From the centre to the front (towards smaller y), mm.
    pub(super) front: f32,
    /// From the centre to the back, mm.
    pub(super) back: f32,
}

impl Cut {
    fn mix(a: Self, b: Self, t: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * t;
        Self {
            z: mix(a.z, b.z),
            y: mix(a.y, b.y),
            half_width: mix(a.half_width, b.half_width),
            front: mix(a.front, b.front),
            back: mix(a.back, b.back),
        }
    }
}

/// `z, y, half width, front, back`, from the lowest cut up.
pub(super) type CutTable = [[f32; 5]];

/// A stack of cross-sections, one a millimetre. The outline is `(1-k)(u^2+v^2) + k(u^4+v^4) = 1` with `u` and
/// `v` the offsets over the half widths: `k` (0 to 1) makes an ellipse squarer.
#[derive(Debug, Clone)]
pub(super) struct Section {
    cuts: Vec<Cut>,
    x: f32,
    squareness: f32,
    low: f32,
    high: f32,
}

impl Section {
    /// Interpolates a table and smooths it over about a centimetre.
    pub(super) fn new(table: &CutTable, squareness: f32) -> Self {
        let cut =
            |row: &[f32; 5]| Cut { z: row[0], y: row[1], half_width: row[2], front: row[3], back: row[4] };
        let (low, high) = (table[0][0], table[table.len() - 1][0]);
        let sampled = (0..=(high - low) as usize).map(|i| {
            let z = low + i as f32;
            let above = table.iter().position(|row| row[0] > z).unwrap_or(table.len() - 1).max(1);
            let (a, b) = (cut(&table[above - 1]), cut(&table[above]));
            Cut::mix(a, b, ((z - a.z) / (b.z - a.z)).clamp(0.0, 1.0))
        });
        let mut cuts: Vec<Cut> = sampled.collect();
        for _ in 0..2 {
            cuts = smoothed(&cuts);
        }
        Self { cuts, x: 0.0, squareness, low, high }
    }

    /// The same cross-section from `low` to `high`.
    pub(super) fn drum(x: f32, cut: Cut, [low, high]: [f32; 2], squareness: f32) -> Self {
        Self { cuts: vec![cut], x, squareness, low, high }
    }

    /// The same, smaller by `side` on both sides, `front` and `back` (negative: larger); heights unchanged.
    pub(super) fn inset(&self, side: f32, front: f32, back: f32) -> Self {
        let cuts = self.cuts.iter().map(|c| Cut {
            half_width: (c.half_width - side).max(0.5),
            front: (c.front - front).max(0.5),
            back: (c.back - back).max(0.5),
            ..*c
        });
        Self { cuts: cuts.collect(), ..self.clone() }
    }

    /// The cross-section at a height.
    pub(super) fn cut(&self, z: f32) -> Cut {
        let last = self.cuts.len() - 1;
        if last == 0 {
            return self.cuts[0];
        }
        let at = (z - self.low).clamp(0.0, last as f32);
        let below = at as usize;
        Cut::mix(self.cuts[below], self.cuts[(below + 1).min(last)], at - below as f32)
    }

    /// The point of the outline at height `z` in the direction `(sine, cosine)` from the centre, the cosine
    /// counted towards the back.
    pub(super) fn outline(&self, z: f32, sine: f32, cosine: f32) -> Vec3 {
        let cut = self.cut(z);
        let depth = if cosine < 0.0 { cut.front } else { cut.back };
        let (u2, v2) = (sine * sine, cosine * cosine);
        let (q, r) = ((1.0 - self.squareness) * (u2 + v2), self.squareness * (u2 * u2 + v2 * v2));
        // q t^2 + r t^4 = 1 for the scale t of the direction.
        let square = if r < 1e-6 { 1.0 / q } else { ((q * q + 4.0 * r).sqrt() - q) / (2.0 * r) };
        let t = square.sqrt();
        Vec3::new(self.x + sine * t * cut.half_width, cut.y + cosine * t * depth, z)
    }
}

fn smoothed(cuts: &[Cut]) -> Vec<Cut> {
    const REACH: usize = 5;
    (0..cuts.len())
        .map(|i| {
            let reach = REACH.min(i).min(cuts.len() - 1 - i);
            let near = &cuts[i - reach..=i + reach];
            let share = 1.0 / near.len() as f32;
            let mean = |of: fn(&Cut) -> f32| near.iter().map(of).sum::<f32>() * share;
            Cut {
                z: cuts[i].z,
                y: mean(|c| c.y),
                half_width: mean(|c| c.half_width),
                front: mean(|c| c.front),
                back: mean(|c| c.back),
            }
        })
        .collect()
}

impl Solid for Section {
    fn distance(&self, p: Vec3) -> f32 {
        let ends = (self.low - p.z).max(p.z - self.high);
        if ends > 20.0 {
            return ends;
        }
        let cut = self.cut(p.z);
        let dy = p.y - cut.y;
        let depth = if dy < 0.0 { cut.front } else { cut.back };
        let (u, v) = ((p.x - self.x) / cut.half_width, dy / depth);
        let (u2, v2, k) = (u * u, v * v, self.squareness);
        let (q, r) = ((1.0 - k) * (u2 + v2), k * (u2 * u2 + v2 * v2));
        let slope = Vec3::new(
            u * (2.0 * (1.0 - k) + 4.0 * k * u2) / cut.half_width,
            v * (2.0 * (1.0 - k) + 4.0 * k * v2) / depth,
            0.0,
        );
        let near = (q + r - 1.0) / slope.length().max(1e-5);
        let around = if near > -2.0 {
            near
        } else {
            // The share of the way to the outline: q / n^2 + r / n^4 = 1.
            let share = ((q + (q * q + 4.0 * r).sqrt()) * 0.5).sqrt();
            ((share - 1.0) * cut.half_width.min(depth)).min(-1.0)
        };
        around.max(ends)
    }

    fn bounds(&self) -> Bounds {
        let most = |of: fn(&Cut) -> f32| self.cuts.iter().map(of).fold(f32::MIN, f32::max);
        let width = most(|c| c.half_width);
        Bounds {
            low: Vec3::new(self.x - width, -most(|c| c.front - c.y), self.low),
            high: Vec3::new(self.x + width, most(|c| c.back + c.y), self.high),
        }
    }
}
