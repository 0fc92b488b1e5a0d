//! The reversible colour transforms of Hewlett-Packard's encoder. They are outside the standard and DICOM does not
//! know them, but CharLS writes them, and samples left transformed would be other colours without a word.

use super::header::{Frame, Interleave, Scan, Transform};

/// Whether a transform can have been used: CharLS's conditions.
pub(super) fn possible(frame: &Frame, scan: &Scan) -> bool {
    matches!(frame.precision, 8 | 16)
        && frame.components.len() == 3
        && scan.components == [0, 1, 2]
        && scan.interleave != Interleave::None
        && scan.near == 0
}

/// Undoes a transform of samples of 8 or 16 bits, in pixels of three. Sums are modulo their range.
pub(super) fn undo(transform: Transform, precision: u8, row: &mut [u16]) {
    let most = u16::MAX >> (16 - precision);
    let half = 1 << (precision - 1);
    let quarter = half / 2;
    for pixel in row.as_chunks_mut::<3>().0 {
        let [v1, v2, v3] = *pixel;
        let sum = |a: u16, b: u16| a.wrapping_add(b).wrapping_sub(half) & most;
        *pixel = match transform {
            Transform::Hp1 => [sum(v1, v2), v2, sum(v3, v2)],
            Transform::Hp2 => {
                let red = sum(v1, v2);
                [red, v2, sum(v3, mean(red, v2, 1))]
            }
            Transform::Hp3 => {
                let green = v1.wrapping_sub(mean(v2, v3, 2)).wrapping_add(quarter) & most;
                [sum(v3, green), green, sum(v2, green)]
            }
        };
    }
}

/// `(a + b) >> shift`, which may need a bit more in between.
fn mean(a: u16, b: u16, shift: u32) -> u16 {
    ((u32::from(a) + u32::from(b)) >> shift) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transforms as their encoder has them, modulo `most + 1`.
    fn apply(transform: Transform, most: i32, [red, green, blue]: [i32; 3]) -> [u16; 3] {
        let (half, quarter) = ((most + 1) / 2, (most + 1) / 4);
        let difference = |a: i32, b: i32| (a - b + half) & most;
        let pixel = match transform {
            Transform::Hp1 => [difference(red, green), green, difference(blue, green)],
            Transform::Hp2 => [difference(red, green), green, difference(blue, (red + green) / 2)],
            Transform::Hp3 => {
                let (v2, v3) = (difference(blue, green), difference(red, green));
                [(green + (v2 + v3) / 4 - quarter) & most, v2, v3]
            }
        };
        pixel.map(|value| value as u16)
    }

    #[test]
    fn every_transform_is_undone_exactly() {
        for (precision, step) in [(8, 5), (16, 1285)] {
            let most = (1 << precision) - 1;
            let levels = || (0..=most).step_by(step);
            for transform in [Transform::Hp1, Transform::Hp2, Transform::Hp3] {
                for (red, green) in levels().flat_map(|red| levels().map(move |green| (red, green))) {
                    for blue in levels() {
                        let mut row = apply(transform, most, [red, green, blue]);
                        undo(transform, precision, &mut row);
                        assert_eq!(row.map(i32::from), [red, green, blue], "{transform:?}, {precision} bits");
                    }
                }
            }
        }
    }
}
