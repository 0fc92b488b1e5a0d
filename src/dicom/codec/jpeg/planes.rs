//! The blocks of a DCT image: how many there are, in which order a scan has them (T.81 A.1.1, A.2), and the
//! planes of samples that they make.

use super::EARLY;
use super::bits::Bits;
use super::entropy::Entropy;
use super::idct::Level;
use super::markers::{Frame, Scan};
use crate::dicom::codec::fault::Fault;

/// The size of a component's plane. It is padded to whole minimum coded units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Samples of a line that are image.
    pub(super) columns: usize,
    /// Lines that are image.
    pub(super) rows: usize,
    /// Blocks of a line, padding included.
    pub(super) blocks_across: usize,
    /// Lines of blocks, padding included.
    pub(super) blocks_down: usize,
}

impl Extent {
    /// That of component `index`.
    pub(super) fn of(frame: &Frame, index: usize) -> Self {
        let (most_across, most_down) = frame.most_sampling();
        let component = &frame.components[index];
        Self {
            columns: (frame.columns * component.across).div_ceil(most_across),
            rows: (frame.rows * component.down).div_ceil(most_down),
            blocks_across: frame.columns.div_ceil(8 * most_across) * component.across,
            blocks_down: frame.rows.div_ceil(8 * most_down) * component.down,
        }
    }

    /// Blocks, padding included.
    pub(super) fn blocks(&self) -> usize {
        self.blocks_across * self.blocks_down
    }
}

/// A component's samples.
pub(super) struct Plane<T> {
    /// Its size.
    pub(super) extent: Extent,
    samples: Vec<T>,
}

impl<T: Level> Plane<T> {
    /// All samples zero.
    pub(super) fn new(extent: Extent) -> Self {
        Self { extent, samples: vec![T::default(); 64 * extent.blocks()] }
    }

    /// Samples of a line, padding included.
    pub(super) fn stride(&self) -> usize {
        8 * self.extent.blocks_across
    }

    /// The image samples of line `row`; the last line's beyond it.
    pub(super) fn line(&self, row: usize) -> &[T] {
        let start = row.min(self.extent.rows - 1) * self.stride();
        &self.samples[start..start + self.extent.columns]
    }

    /// Puts the samples of block `index`, counted row by row.
    #[inline(always)]
    pub(super) fn put(&mut self, index: usize, block: &[[T; 8]; 8]) {
        let stride = self.stride();
        let start = index / self.extent.blocks_across * 8 * stride + index % self.extent.blocks_across * 8;
        for (line, values) in self.samples[start..].chunks_mut(stride).zip(block) {
            line[..8].copy_from_slice(values);
        }
    }

    /// The samples without padding.
    pub(super) fn into_image(mut self) -> Vec<T> {
        let (stride, columns) = (self.stride(), self.extent.columns);
        if stride != columns {
            for row in 1..self.extent.rows {
                self.samples.copy_within(row * stride..row * stride + columns, row * columns);
            }
        }
        self.samples.truncate(self.extent.rows * columns);
        self.samples
    }
}

/// Goes through a scan's blocks in the order in which they are coded. `decode` gets the component's place in the
/// scan, the block's index in its plane and the bits, and says whether it could; `restart` is called at the
/// start of every restart interval.
///
/// That all bits were there is checked after every line of units and every interval.
pub(super) fn walk<S>(
    frame: &Frame,
    scan: &Scan,
    (interval, entropy): (usize, &Entropy),
    state: &mut S,
    restart: impl Fn(&mut S),
    mut decode: impl FnMut(&mut S, usize, usize, &mut Bits<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let places = places(frame, scan);
    let (across, down) = match scan.components.as_slice() {
        // Alone, a component has its own blocks only, without padding to the others' (T.81 A.2.2).
        [only] => {
            let extent = Extent::of(frame, only.index);
            (extent.columns.div_ceil(8), extent.rows.div_ceil(8))
        }
        _ => {
            let (most_across, most_down) = frame.most_sampling();
            (frame.columns.div_ceil(8 * most_across), frame.rows.div_ceil(8 * most_down))
        }
    };
    let mut number = 0;
    let mut bits = Bits::new(entropy.interval(0).ok_or(EARLY)?);
    let mut left = interval;
    restart(state);
    for y in 0..down {
        for x in 0..across {
            if interval > 0 {
                if left == 0 {
                    if bits.overrun() {
                        return Err(EARLY);
                    }
                    number += 1;
                    bits = Bits::new(entropy.interval(number).ok_or(EARLY)?);
                    restart(state);
                    left = interval;
                }
                left -= 1;
            }
            for place in &places {
                decode(state, place.part, place.index(x, y), &mut bits)?;
            }
        }
        if bits.overrun() {
            return Err(EARLY);
        }
    }
    Ok(())
}

/// A block of a minimum coded unit.
struct Place {
    /// The component's place in the scan.
    part: usize,
    /// Blocks of the component in a unit, across and down.
    across: usize,
    down: usize,
    /// Which of them this is.
    dx: usize,
    dy: usize,
    blocks_across: usize,
}

impl Place {
    /// The block's index in its plane for the unit at `x`, `y`.
    #[inline(always)]
    fn index(&self, x: usize, y: usize) -> usize {
        (y * self.down + self.dy) * self.blocks_across + x * self.across + self.dx
    }
}

/// The blocks of a unit, in order (T.81 A.2.3).
fn places(frame: &Frame, scan: &Scan) -> Vec<Place> {
    let mut places = Vec::new();
    for (part, component) in scan.components.iter().enumerate() {
        let blocks_across = Extent::of(frame, component.index).blocks_across;
        let sampling = &frame.components[component.index];
        let (across, down) =
            if scan.components.len() == 1 { (1, 1) } else { (sampling.across, sampling.down) };
        for (dy, dx) in (0..down).flat_map(|dy| (0..across).map(move |dx| (dy, dx))) {
            places.push(Place { part, across, down, dx, dy, blocks_across });
        }
    }
    places
}
