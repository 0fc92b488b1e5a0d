//! Sequential DCT scans (T.81 F.2): every block whole, one after the other.

use super::bits::Bits;
use super::entropy::Entropy;
use super::huffman::{END, Huffman};
use super::idct::{self, Level};
use super::markers::{Frame, Scan, Tables, ZIGZAG, needed};
use super::planes::{Extent, Plane, walk};
use super::scans;
use super::NO_CODE;
use crate::dicom::codec::fault::Fault;

/// The planes of all components. The spectral selection of a scan header is not looked at: it has no meaning
/// here, and real encoders write zeros.
pub(super) fn planes<T: Level>(frame: &Frame, bytes: &[u8]) -> Result<Vec<Plane<T>>, Fault> {
    let extents = (0..frame.components.len()).map(|index| Extent::of(frame, index));
    let mut planes: Vec<Plane<T>> = extents.map(Plane::new).collect();
    let mut seen = vec![false; planes.len()];
    scans::each(frame, bytes, |scan, tables, entropy| {
        for component in &scan.components {
            if std::mem::replace(&mut seen[component.index], true) {
                return Err(Fault::Damaged("a JPEG component with two scans"));
            }
        }
        decode_scan(frame, scan, tables, entropy, &mut planes)?;
        Ok(if seen.iter().all(|&seen| seen) { scans::Image::Complete } else { scans::Image::Incomplete })
    })?;
    Ok(planes)
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

fn decode_scan<T: Level>(
    frame: &Frame,
    scan: &Scan,
    tables: &Tables,
    entropy: &Entropy,
    planes: &mut [Plane<T>],
) -> Result<(), Fault> {
    let parts = scan.components.iter().map(|component| {
        let steps = needed(&tables.quantisers, frame.components[component.index].quantiser)?;
        let (dc, ac) = (needed(&tables.dc, component.dc)?, needed(&tables.ac, component.ac)?);
        Ok(Part { dc, ac, steps, index: component.index, before: 0 })
    });
    let mut parts = parts.collect::<Result<Vec<_>, Fault>>()?;
    let restart = |parts: &mut Vec<Part<'_>>| parts.iter_mut().for_each(|part| part.before = 0);
    walk(frame, scan, (tables.restart_interval, entropy), &mut parts, restart, |parts, part, block, bits| {
        let part = &mut parts[part];
        let mut coefficients = [0; 64];
        let flat = read_block(part, bits, &mut coefficients)?;
        let samples = if flat {
            [[idct::flat(coefficients[0], part.steps[0]); 8]; 8]
        } else {
            idct::block(&coefficients, part.steps)
        };
        planes[part.index].put(block, &samples);
        Ok(())
    })
}

/// One block: a DC difference and up to 63 AC coefficients with their runs of zeros (T.81 F.1.2), row by row.
/// Says whether there is none but the first.
#[inline(always)]
fn read_block(part: &mut Part<'_>, bits: &mut Bits<'_>, block: &mut [i16; 64]) -> Result<bool, Fault> {
    let step = part.dc.step(bits).map_err(|_| NO_CODE)?;
    part.before = part.before.wrapping_add(step.value as i16);
    block[0] = part.before;
    let mut next = 1;
    while next < 64 {
        let step = part.ac.step(bits).map_err(|_| NO_CODE)?;
        next += step.run;
        if next >= 64 {
            break;
        }
        block[usize::from(ZIGZAG[next as usize & 63]) & 63] = step.value as i16;
        next += 1;
    }
    match next {
        64 | END.. => Ok(next == 1 + END),
        _ => Err(Fault::Damaged("a JPEG block with too many coefficients")),
    }
}
