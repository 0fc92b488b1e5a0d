//! Sequential DCT scans (T.81 F.2): every block whole, one after the other.

use super::bits::Bits;
use super::huffman::{END, Huffman};
use super::idct;
use super::markers::{Frame, ZIGZAG, needed};
use super::planes::{Walker, walk};
use super::upsample::{Blend, Canvas};
use super::{NO_CODE, scans};
use crate::dicom::codec::fault::Fault;

/// The image, row by row and interleaved. The spectral selection of a scan header is not looked at: it has no
/// meaning here, and real encoders write zeros.
pub(super) fn image<T: Blend>(frame: &Frame, bytes: &[u8]) -> Result<Vec<T>, Fault> {
    let count = frame.components.len();
    let mut canvas = None;
    let mut seen = vec![false; count];
    scans::each(frame, bytes, |scan, tables, entropy| {
        for component in &scan.components {
            if std::mem::replace(&mut seen[component.index], true) {
                return Err(Fault::Damaged("a JPEG component with two scans"));
            }
        }
        // With all components in one scan, lines are put together while they are in the processor's cache.
        let at_once = scan.components.len() == count;
        let canvas = canvas.get_or_insert_with(|| Canvas::new(frame, at_once));
        let parts = scan.components.iter().map(|component| {
            let steps = needed(&tables.quantisers, frame.components[component.index].quantiser)?;
            let (dc, ac) = (needed(&tables.dc, component.dc)?, needed(&tables.ac, component.ac)?);
            Ok(Part { dc, ac, steps, index: component.index, before: 0 })
        });
        let parts = parts.collect::<Result<Vec<_>, Fault>>()?;
        let interval = tables.restart_interval;
        walk(frame, scan, (interval, entropy), &mut Blocks { parts, canvas, at_once })?;
        Ok(if seen.iter().all(|&seen| seen) { scans::Image::Complete } else { scans::Image::Incomplete })
    })?;
    Ok(canvas.map_or_else(Vec::new, Canvas::finish))
}

/// A component's part in a scan.
struct Part<'a> {
    dc: &'a Huffman,
    ac: &'a Huffman,
    steps: &'a [u16; 64],
    /// Its plane.
    index: usize,
    /// The DC coefficient of the block before (T.81 F.1.1.5.1).
    before: i16,
}

/// A scan being decoded.
struct Blocks<'a, 'f, T> {
    parts: Vec<Part<'a>>,
    canvas: &'a mut Canvas<'f, T>,
    at_once: bool,
}

impl<T: Blend> Walker for Blocks<'_, '_, T> {
    fn restart(&mut self) {
        self.parts.iter_mut().for_each(|part| part.before = 0);
    }

    #[inline(always)]
    fn block(&mut self, part: usize, at: (usize, usize), bits: &mut Bits<'_>) -> Result<(), Fault> {
        let part = &mut self.parts[part];
        let mut coefficients = [0; 64];
        let samples = match read_block(part, bits, &mut coefficients)? {
            1 => [[idct::flat(coefficients[0], part.steps[0]); 8]; 8],
            2..=CORNER => idct::block::<T, 4>(&coefficients, part.steps),
            _ => idct::block::<T, 8>(&coefficients, part.steps),
        };
        self.canvas.planes[part.index].put(at, &samples);
        Ok(())
    }

    fn line(&mut self, y: usize) {
        if self.at_once {
            self.canvas.line_of_units(y);
        }
    }
}

/// So many coefficients in the order in which they are coded stand in the first four lines and columns.
const CORNER: u32 = 10;

/// One block: a DC difference and up to 63 AC coefficients with their runs of zeros (T.81 F.1.2), row by row.
/// Returns how many there were, without zeros at the end.
#[inline(always)]
fn read_block(part: &mut Part<'_>, bits: &mut Bits<'_>, block: &mut [i16; 64]) -> Result<u32, Fault> {
    let step = part.dc.step(bits).map_err(|_| NO_CODE)?;
    part.before = part.before.wrapping_add(step.value as i16);
    block[0] = part.before;
    let mut next = 1;
    while next < 64 {
        let step = part.ac.step(bits).map_err(|_| NO_CODE)?;
        let place = next + step.run;
        if place >= 64 {
            if place < END {
                return Err(Fault::Damaged("a JPEG block with too many coefficients"));
            }
            break;
        }
        block[usize::from(ZIGZAG[place as usize & 63]) & 63] = step.value as i16;
        next = place + 1;
    }
    Ok(next)
}
