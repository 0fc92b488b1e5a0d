//! Where a painting samples: sums of what column, row and depth add, in fixed point.
//!
//! A single f32 holds a voxel index of some hundreds to about 1e-5, and shader compilers may reorder what
//! would make up for it. So positions are worked out in f64 here, and the shader adds integers: whole samples
//! (i32) and fractions of 2^-32.

use glam::DVec3;

use crate::imaging::{FrameView, Places, PlaneInGrid};

/// The lists of a painting, each entry as whole and fraction of x, y and z.
pub(super) struct Positions {
    /// What each column of the picture adds.
    pub(super) columns: Vec<Fixed>,
    /// What each row adds, with the origin.
    pub(super) rows: Vec<Fixed>,
    /// What each depth sample adds.
    pub(super) depths: Vec<Fixed>,
    /// Where the slices of a volume lie, if not on its grid; the fourth whole number is 1 before a gap.
    pub(super) places: Vec<Fixed>,
}

/// A point in 32.32 fixed point: the fourth number of each is mostly unused (texels have four).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fixed {
    /// The bits of the whole numbers as i32.
    pub(super) whole: [u32; 4],
    /// Fractions in 2^-32.
    pub(super) part: [u32; 4],
}

/// Three of these still add up within i32; nothing sampled is that far away.
const FAR: f64 = 5e8;

impl Fixed {
    fn new(point: DVec3) -> Self {
        let point = point.clamp(DVec3::splat(-FAR), DVec3::splat(FAR));
        let whole = point.floor();
        // Below 1 by construction; times 2^32 it fits u32.
        let part = (point - whole) * 4_294_967_296.0;
        Self {
            whole: [whole.x as i32 as u32, whole.y as i32 as u32, whole.z as i32 as u32, 0],
            part: [part.x as u32, part.y as u32, part.z as u32, 0],
        }
    }
}

impl Positions {
    pub(super) fn of_frame(view: &FrameView) -> Self {
        let matrix = view.image_from_picture;
        let step = |axis: glam::DVec2, n: u32| (axis * f64::from(n)).extend(0.0);
        Self {
            columns: (0..view.size.width()).map(|x| Fixed::new(step(matrix.x_axis, x))).collect(),
            rows: (0..view.size.height())
                .map(|y| Fixed::new(matrix.translation.extend(0.0) + step(matrix.y_axis, y)))
                .collect(),
            depths: vec![Fixed::new(DVec3::ZERO)],
            places: Vec::new(),
        }
    }

    pub(super) fn of_plane(plane: &PlaneInGrid, places: Option<&Places>, width: u32, height: u32) -> Self {
        let reach = f64::from(plane.depth_reach);
        Self {
            columns: (0..width).map(|x| Fixed::new(plane.column_step * f64::from(x))).collect(),
            rows: (0..height).map(|y| Fixed::new(plane.origin + plane.row_step * f64::from(y))).collect(),
            depths: (0..=2 * plane.depth_reach)
                .map(|d| Fixed::new(plane.depth_step * (f64::from(d) - reach)))
                .collect(),
            places: places
                .iter()
                .flat_map(|places| places.slices())
                .map(|place| {
                    let mut fixed = Fixed::new(place.grid);
                    fixed.whole[3] = u32::from(place.gap);
                    fixed
                })
                .collect(),
        }
    }

    /// The longest list: the width of the texture that holds them.
    pub(super) fn width(&self) -> usize {
        self.lists().map(Vec::len).into_iter().fold(0, usize::max)
    }

    fn lists(&self) -> [&Vec<Fixed>; 4] {
        [&self.columns, &self.rows, &self.depths, &self.places]
    }

    /// The texels of that texture, eight lines: whole and fraction of columns, rows, depths, places.
    pub(super) fn texels(&self) -> Vec<[u32; 4]> {
        let width = self.width();
        let mut texels = Vec::with_capacity(8 * width);
        for list in self.lists() {
            let filled = |pick: fn(&Fixed) -> [u32; 4]| {
                list.iter().map(pick).chain(std::iter::repeat([0; 4])).take(width)
            };
            texels.extend(filled(|fixed| fixed.whole));
            texels.extend(filled(|fixed| fixed.part));
        }
        texels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fixed_point_sums_stay_within_a_billionth_of_a_sample(
            origin in -3000.0..3000.0_f64, step in -2.0..2.0_f64, n in 0_u32..16384, depth in -900.0..900.0_f64,
        ) {
            let parts = [origin, step * f64::from(n), depth].map(|x| Fixed::new(DVec3::splat(x)));
            let fraction: u64 = parts.iter().map(|fixed| u64::from(fixed.part[0])).sum();
            let whole: i64 = parts.iter().map(|fixed| i64::from(fixed.whole[0] as i32)).sum();
            let sum = whole as f64 + fraction as f64 / 4_294_967_296.0;
            prop_assert!((sum - (origin + step * f64::from(n) + depth)).abs() < 1e-9);
        }
    }
}
