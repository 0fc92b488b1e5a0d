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

/// A component's samples: all of them, or the lines that are still needed.
pub(super) struct Plane<T> {
    /// The size of the whole plane.
    pub(super) extent: Extent,
    /// Which bits of a line of blocks' number say where it is kept: a later line takes the place of an earlier.
    kept: usize,
    samples: Vec<T>,
}

impl<T: Level> Plane<T> {
    /// With room for all lines.
    pub(super) fn whole(extent: Extent) -> Self {
        Self { extent, kept: usize::MAX, samples: vec![T::default(); 64 * extent.blocks()] }
    }

    /// With room for two lines of units with `down` blocks each.
    pub(super) fn rolling(extent: Extent, down: usize) -> Self {
        let lines = (2 * down).next_power_of_two();
        Self { extent, kept: lines - 1, samples: vec![T::default(); 64 * extent.blocks_across * lines] }
    }

    /// The image samples of line `row`; the last line's beyond it.
    pub(super) fn line(&self, row: usize) -> &[T] {
        let row = row.min(self.extent.rows - 1);
        let start = (8 * ((row / 8) & self.kept) + row % 8) * 8 * self.extent.blocks_across;
        &self.samples[start..start + self.extent.columns]
    }

    /// Puts the samples of the block at `x`, `y`, counted in blocks.
    #[inline(always)]
    pub(super) fn put(&mut self, (x, y): (usize, usize), block: &[[T; 8]; 8]) {
        let stride = 8 * self.extent.blocks_across;
        let start = 8 * ((y & self.kept) * stride + x);
        for (number, values) in block.iter().enumerate() {
            let line = &mut self.samples[start + number * stride..];
            line[..8].copy_from_slice(values);
        }
    }
}

/// What is done with a scan's blocks.
pub(super) trait Walker {
    /// A restart interval begins.
    fn restart(&mut self) {}
    /// Reads the block at `(x, y)`, counted in blocks, of the component at place `part` of the scan.
    fn block(&mut self, part: usize, at: (usize, usize), bits: &mut Bits<'_>) -> Result<(), Fault>;
    /// Line `y` of units is whole: all its bits were there.
    fn line(&mut self, _y: usize) {}
}

/// Goes through a scan's blocks in the order in which they are coded.
pub(super) fn walk<W: Walker>(
    frame: &Frame,
    scan: &Scan,
    (interval, entropy): (usize, &Entropy),
    walker: &mut W,
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
    walker.restart();
    for y in 0..down {
        for x in 0..across {
            if interval > 0 {
                if left == 0 {
                    if bits.overrun() {
                        return Err(EARLY);
                    }
                    number += 1;
                    bits = Bits::new(entropy.interval(number).ok_or(EARLY)?);
                    walker.restart();
                    left = interval;
                }
                left -= 1;
            }
            for place in &places {
                walker.block(place.part, place.at(x, y), &mut bits)?;
            }
        }
        if bits.overrun() {
            return Err(EARLY);
        }
        walker.line(y);
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
}

impl Place {
    /// Where the block stands for the unit at `x`, `y`.
    #[inline(always)]
    fn at(&self, x: usize, y: usize) -> (usize, usize) {
        (x * self.across + self.dx, y * self.down + self.dy)
    }
}

/// The blocks of a unit, in order (T.81 A.2.3).
fn places(frame: &Frame, scan: &Scan) -> Vec<Place> {
    let mut places = Vec::new();
    for (part, component) in scan.components.iter().enumerate() {
        let sampling = &frame.components[component.index];
        let (across, down) =
            if scan.components.len() == 1 { (1, 1) } else { (sampling.across, sampling.down) };
        for (dy, dx) in (0..down).flat_map(|dy| (0..across).map(move |dx| (dy, dx))) {
            places.push(Place { part, across, down, dx, dy });
        }
    }
    places
}
