//! Components of fewer samples than the image, brought to its size (T.81 A.1.1), and put together.
//!
//! Half the samples across, down or both are interpolated as libjpeg does by default ("fancy": three parts of
//! the nearer sample, one of the farther, with the same rounding); other ratios, which no encoder of medical
//! images is known to write, repeat samples.

use super::idct::Level;
use super::markers::Frame;
use super::planes::Plane;

/// A sample that can be calculated with.
pub(super) trait Blend: Level + Into<u32> {
    /// Back from the calculation, whose result is within the range.
    fn from_blend(value: u32) -> Self;
}

impl Blend for u8 {
    fn from_blend(value: u32) -> Self {
        value as Self
    }
}

impl Blend for u16 {
    fn from_blend(value: u32) -> Self {
        value as Self
    }
}

/// The image, row by row and interleaved.
pub(super) fn image<T: Blend>(frame: &Frame, mut planes: Vec<Plane<T>>) -> Vec<T> {
    if planes.len() == 1
        && let Some(plane) = planes.pop()
    {
        return plane.into_image();
    }
    let count = planes.len();
    let mut image = vec![T::default(); frame.rows * frame.columns * count];
    let mut lines: Vec<Vec<T>> = vec![vec![T::default(); frame.columns + 1]; count];
    for (row, pixels) in image.chunks_exact_mut(frame.columns * count).enumerate() {
        let lines: Vec<&[T]> = planes
            .iter()
            .zip(&mut lines)
            .enumerate()
            .map(|(index, (plane, line))| component_line(frame, index, plane, row, line))
            .collect();
        if let [first, second, third] = lines.as_slice() {
            let (pixels, _) = pixels.as_chunks_mut::<3>();
            for (((pixel, first), second), third) in pixels.iter_mut().zip(*first).zip(*second).zip(*third) {
                *pixel = [*first, *second, *third];
            }
        } else {
            for (index, line) in lines.iter().enumerate() {
                pixels.iter_mut().skip(index).step_by(count).zip(*line).for_each(|(to, from)| *to = *from);
            }
        }
    }
    image
}

/// Line `row` of the image as component `index` has it; `line` has room for it and one sample more.
fn component_line<'a, T: Blend>(
    frame: &Frame,
    index: usize,
    plane: &'a Plane<T>,
    row: usize,
    line: &'a mut [T],
) -> &'a [T] {
    let (most_across, most_down) = frame.most_sampling();
    let component = &frame.components[index];
    let twice = |most: usize, own: usize| most == 2 * own;
    // Too few columns are not interpolated by libjpeg.
    let wide = plane.extent.columns > 2;
    match (component.across == most_across, component.down == most_down) {
        (true, true) => return plane.line(row),
        (false, true) if twice(most_across, component.across) && wide => {
            across(plane.line(row), line);
        }
        (true, false) if twice(most_down, component.down) => {
            let (near, far) = nearest(plane, row);
            let rounding = if row % 2 == 0 { 1 } else { 2 };
            for ((to, near), far) in line.iter_mut().zip(near).zip(far) {
                *to = T::from_blend((3 * (*near).into() + (*far).into() + rounding) >> 2);
            }
        }
        (false, false)
            if twice(most_across, component.across) && twice(most_down, component.down) && wide =>
        {
            let (near, far) = nearest(plane, row);
            both_ways(near, far, line);
        }
        _ => {
            let from = plane.line(row * component.down / most_down);
            for (column, to) in line.iter_mut().enumerate() {
                *to = from[(column * component.across / most_across).min(from.len() - 1)];
            }
        }
    }
    &line[..frame.columns]
}

/// The lines above and below the image's line `row` in a plane of half the height, the nearer first.
fn nearest<T: Level>(plane: &Plane<T>, row: usize) -> (&[T], &[T]) {
    let near = row / 2;
    let far = if row % 2 == 0 { near.saturating_sub(1) } else { near + 1 };
    (plane.line(near), plane.line(far))
}

/// Twice as many columns.
fn across<T: Blend>(from: &[T], line: &mut [T]) {
    let last = from.len() - 1;
    let (pairs, _) = line.as_chunks_mut::<2>();
    for (column, pair) in pairs.iter_mut().enumerate().take(from.len()) {
        let [left, own, right] =
            [column.saturating_sub(1), column, (column + 1).min(last)].map(|at| from[at].into());
        *pair = [(3 * own + left + 1) >> 2, (3 * own + right + 2) >> 2].map(T::from_blend);
    }
}

/// Twice as many columns, from two lines.
fn both_ways<T: Blend>(near: &[T], far: &[T], line: &mut [T]) {
    let last = near.len() - 1;
    let sum = |column: usize| 3 * near[column].into() + far[column].into();
    let (pairs, _) = line.as_chunks_mut::<2>();
    for (column, pair) in pairs.iter_mut().enumerate().take(near.len()) {
        let [left, own, right] = [column.saturating_sub(1), column, (column + 1).min(last)].map(sum);
        *pair = [(3 * own + left + 8) >> 4, (3 * own + right + 7) >> 4].map(T::from_blend);
    }
}
