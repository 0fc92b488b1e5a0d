//! Components of fewer samples than the image, brought to its size (T.81 A.1.1), and put together.
//!
//! Half the samples across, down or both are interpolated as libjpeg does by default ("fancy": three parts of
//! the nearer sample, one of the farther, with the same rounding); other ratios, which no encoder of medical
//! images is known to write, repeat samples.

use super::idct::Level;
use super::markers::Frame;
use super::planes::{Extent, Plane};

/// A sample that can be calculated with. Sixteen of twelve bits fit into 16 bits.
pub(super) trait Blend: Level + Into<u16> {
    /// Back from the calculation, whose result is within the range.
    fn from_blend(value: u16) -> Self;
}

impl Blend for u8 {
    #[inline(always)]
    fn from_blend(value: u16) -> Self {
        value as Self
    }
}

impl Blend for u16 {
    #[inline(always)]
    fn from_blend(value: u16) -> Self {
        value
    }
}

/// The image while its planes come in.
pub(super) struct Canvas<'a, T> {
    frame: &'a Frame,
    /// Of each component.
    pub(super) planes: Vec<Plane<T>>,
    /// What is put together, row by row and interleaved.
    image: Vec<T>,
    /// A line of each component in the image's size, if it must be brought to it.
    lines: Vec<Vec<T>>,
    /// Sums of two lines.
    sums: Vec<u16>,
}

impl<'a, T: Blend> Canvas<'a, T> {
    /// Nothing drawn yet. With `at_once` the planes of all components grow together, and
    /// [`Canvas::line_of_units`] is called when they have.
    pub(super) fn new(frame: &'a Frame, at_once: bool) -> Self {
        let plane = |index: usize| {
            let extent = Extent::of(frame, index);
            if at_once { Plane::rolling(extent, frame.components[index].down) } else { Plane::whole(extent) }
        };
        let count = frame.components.len();
        Self {
            frame,
            planes: (0..count).map(plane).collect(),
            image: Vec::with_capacity(frame.rows * frame.columns * count),
            lines: vec![vec![T::default(); frame.columns + 1]; count],
            sums: vec![0; frame.columns],
        }
    }

    /// Lines of units of all components.
    pub(super) fn lines_of_units(&self) -> usize {
        self.frame.rows.div_ceil(8 * self.frame.most_sampling().1)
    }

    /// Line `y` of units is in the planes: puts together what needs no line below it.
    pub(super) fn line_of_units(&mut self, y: usize) {
        let most_down = self.frame.most_sampling().1;
        let below = if y + 1 == self.lines_of_units() { 0 } else { most_down - 1 };
        self.draw_to(((y + 1) * 8 * most_down - below).min(self.frame.rows));
    }

    /// The image, when all planes are whole.
    pub(super) fn finish(mut self) -> Vec<T> {
        self.draw_to(self.frame.rows);
        self.image
    }

    /// Puts together the lines before `end` that are not yet.
    fn draw_to(&mut self, end: usize) {
        let start = self.image.len() / (self.frame.columns * self.planes.len());
        for row in start..end {
            for (index, plane) in self.planes.iter().enumerate() {
                resize(self.frame, index, plane, row, &mut self.lines[index], &mut self.sums);
            }
            let columns = self.frame.columns;
            let line = |index: usize| {
                let own = self.planes[index].extent;
                let same = (own.columns, own.rows) == (columns, self.frame.rows);
                if same { self.planes[index].line(row) } else { &self.lines[index][..columns] }
            };
            let drawn = self.image.len();
            let count = self.planes.len();
            if count == 1 {
                self.image.extend_from_slice(line(0));
                continue;
            }
            self.image.resize(drawn + columns * count, T::default());
            let pixels = &mut self.image[drawn..];
            if count == 3 {
                let pixels = pixels.as_chunks_mut::<3>().0.iter_mut();
                for (((pixel, a), b), c) in pixels.zip(line(0)).zip(line(1)).zip(line(2)) {
                    *pixel = [*a, *b, *c];
                }
            } else {
                for index in 0..count {
                    let samples = pixels.iter_mut().skip(index).step_by(count);
                    samples.zip(line(index)).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
}

/// Line `row` of the image as component `index` has it, into `line`, unless the plane has the image's size;
/// `line` has room for one sample more.
fn resize<T: Blend>(
    frame: &Frame,
    index: usize,
    plane: &Plane<T>,
    row: usize,
    line: &mut [T],
    sums: &mut [u16],
) {
    let (most_across, most_down) = frame.most_sampling();
    let component = &frame.components[index];
    let wider = most_across == 2 * component.across;
    let taller = most_down == 2 * component.down;
    // Too few columns are not interpolated by libjpeg.
    let wide = plane.extent.columns > 2;
    match (component.across == most_across, component.down == most_down) {
        (true, true) => {}
        (false, true) if wider && wide => {
            across::<_, _, 2>(plane.line(row), line, [1, 2]);
        }
        (true, false) if taller => {
            add_nearest(plane, row, sums);
            let rounding = if row.is_multiple_of(2) { 1 } else { 2 };
            line.iter_mut()
                .zip(&*sums)
                .for_each(|(to, sum)| *to = T::from_blend(sum.wrapping_add(rounding) >> 2));
        }
        (false, false) if wider && taller && wide => {
            let sums = &mut sums[..plane.extent.columns];
            add_nearest(plane, row, sums);
            across::<_, _, 4>(sums, line, [8, 7]);
        }
        _ => {
            let from = plane.line(row * component.down / most_down);
            for (column, to) in line.iter_mut().enumerate() {
                *to = from[(column * component.across / most_across).min(from.len() - 1)];
            }
        }
    }
}

/// Three times the nearer and once the farther of the two lines around the image's line `row`, in a plane of
/// half its height.
fn add_nearest<T: Blend>(plane: &Plane<T>, row: usize, sums: &mut [u16]) {
    let near = row / 2;
    let far = if row.is_multiple_of(2) { near.saturating_sub(1) } else { near + 1 };
    for ((sum, near), far) in sums.iter_mut().zip(plane.line(near)).zip(plane.line(far)) {
        *sum = three_to_one((*near).into(), (*far).into());
    }
}

/// Twice as many columns, without the lowest `BITS` bits, rounded by adding the one and the other number.
fn across<S: Copy + Into<u16>, T: Blend, const BITS: u32>(from: &[S], line: &mut [T], rounding: [u16; 2]) {
    let pair = |left: S, own: S, right: S| {
        let [a, b] = [left, right].map(|other| three_to_one(own.into(), other.into()));
        [
            T::from_blend(a.wrapping_add(rounding[0]) >> BITS),
            T::from_blend(b.wrapping_add(rounding[1]) >> BITS),
        ]
    };
    let (pairs, _) = line.as_chunks_mut::<2>();
    for (to, [left, own, right]) in pairs[1..].iter_mut().zip(from.array_windows()) {
        *to = pair(*left, *own, *right);
    }
    if let ([first, second, ..], [.., last_but_one, last]) = (from, from) {
        pairs[0] = pair(*first, *first, *second);
        pairs[from.len() - 1] = pair(*last_but_one, *last, *last);
    }
}

#[inline(always)]
fn three_to_one(near: u16, far: u16) -> u16 {
    near.wrapping_mul(3).wrapping_add(far)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::codec::jpeg::markers::Component;

    const SAMPLING: [(usize, usize); 3] = [(2, 1), (1, 2), (2, 2)];

    /// A frame whose first component has so many samples for one of the second and third.
    fn frame(rows: usize, columns: usize, (across, down): (usize, usize)) -> Frame {
        let component = |id: u8, across: usize, down: usize| Component { id, across, down, quantiser: 0 };
        let components = vec![component(1, across, down), component(2, 1, 1), component(3, 1, 1)];
        Frame { process: 0, precision: 8, rows, columns, components }
    }

    fn sample(index: usize, x: usize, y: usize) -> u8 {
        ((x * x * 13 + y * 57 + x * y * 7 + index * 101) % 256) as u8
    }

    /// Draws all planes, in lines of units if `at_once`.
    fn drawn(frame: &Frame, at_once: bool) -> Vec<u8> {
        let mut canvas = Canvas::new(frame, at_once);
        for unit in 0..canvas.lines_of_units() {
            for (index, component) in frame.components.iter().enumerate() {
                let extent = canvas.planes[index].extent;
                for y in unit * component.down..(unit + 1) * component.down {
                    for x in 0..extent.blocks_across {
                        let block: [[u8; 8]; 8] = std::array::from_fn(|dy| {
                            std::array::from_fn(|dx| sample(index, 8 * x + dx, 8 * y + dy))
                        });
                        canvas.planes[index].put((x, y), &block);
                    }
                }
            }
            if at_once {
                canvas.line_of_units(unit);
            }
        }
        canvas.finish()
    }

    /// The interpolated sample, with the outermost repeated beyond the edge.
    fn exact(index: usize, extent: Extent, (across, down): (usize, usize), x: usize, y: usize) -> f64 {
        let place = |at: usize, ratio: usize, most: usize| {
            let own = (at as f64 + 0.5) / ratio as f64 - 0.5;
            let limited = |value: f64| value.clamp(0.0, (most - 1) as f64) as usize;
            (limited(own.floor()), limited(own.floor() + 1.0), own - own.floor())
        };
        let (left, right, dx) = place(x, across, extent.columns);
        let (above, below, dy) = place(y, down, extent.rows);
        let line = |y: usize| {
            f64::from(sample(index, left, y)) * (1.0 - dx) + f64::from(sample(index, right, y)) * dx
        };
        line(above) * (1.0 - dy) + line(below) * dy
    }

    #[test]
    fn shared_samples_are_interpolated_between_the_nearest() {
        for (sampling, rows, columns) in
            SAMPLING.iter().flat_map(|&sampling| [(sampling, 37, 41), (sampling, 16, 32), (sampling, 1, 5)])
        {
            let frame = frame(rows, columns, sampling);
            let image = drawn(&frame, true);
            assert_eq!(image.len(), rows * columns * 3);
            for (at, &ours) in image.iter().enumerate() {
                let (index, x, y) = (at % 3, at / 3 % columns, at / 3 / columns);
                let ratio = if index == 0 { (1, 1) } else { sampling };
                let exact = exact(index, Extent::of(&frame, index), ratio, x, y);
                assert!(
                    (f64::from(ours) - exact).abs() < 1.0,
                    "{sampling:?} at {x}, {y}: {ours} for {exact}"
                );
            }
        }
    }

    #[test]
    fn lines_put_together_as_they_come_are_those_of_whole_planes() {
        for (sampling, rows, columns) in
            SAMPLING.iter().flat_map(|&sampling| (1..40).map(move |rows| (sampling, rows, rows * 3 % 31 + 1)))
        {
            let frame = frame(rows, columns, sampling);
            assert!(drawn(&frame, true) == drawn(&frame, false), "{sampling:?}, {rows} x {columns}");
        }
    }
}
