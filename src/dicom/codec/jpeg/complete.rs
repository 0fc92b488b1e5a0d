//! Proof that a sequential DCT stream holds every block of the image (T.81 F.2).
//!
//! Both decoders fill what is missing at the end of a stream with grey and say nothing. So the entropy-coded
//! data is walked first, code by code, without computing a sample; that costs about as much as decoding.

use super::bits::Bits;
use super::huffman::Huffman;
use super::markers::{EOI, Frame, Header, SOS, Scan, Tables, entropy_end, segment_at};
use crate::dicom::codec::fault::Fault;

/// Walks all scans.
pub(super) fn check(header: &Header, bytes: &[u8]) -> Result<(), Fault> {
    let frame = &header.frame;
    let mut tables = Tables::default();
    let mut at = 0;
    while at < header.scans_at {
        let segment = segment_at(bytes, at)?;
        tables.update(&segment)?;
        at = segment.end;
    }
    let mut seen = vec![false; frame.components.len()];
    while !seen.iter().all(|&seen| seen) {
        let segment = segment_at(bytes, at)?;
        at = segment.end;
        match segment.marker {
            SOS => {
                let scan = Scan::parse(segment.body, frame)?;
                let end = entropy_end(bytes, segment.end);
                walk(frame, &scan, &tables, &bytes[segment.end..end])?;
                at = end;
                for component in &scan.components {
                    if std::mem::replace(&mut seen[component.index], true) {
                        return Err(Fault::Damaged("a JPEG component with two scans"));
                    }
                }
            }
            EOI => return Err(Fault::Damaged("a JPEG component without a scan")),
            _ => tables.update(&segment)?,
        }
    }
    Ok(())
}

/// One component of a scan, ready to be walked.
struct Part<'a> {
    dc: &'a Huffman,
    ac: &'a Huffman,
    /// Blocks of one MCU.
    blocks: usize,
}

fn walk(frame: &Frame, scan: &Scan, tables: &Tables, entropy: &[u8]) -> Result<(), Fault> {
    const NO_TABLE: Fault = Fault::Damaged("a JPEG scan that uses a table never defined");
    let interleaved = scan.components.len() > 1;
    let parts = scan
        .components
        .iter()
        .map(|component| {
            let dc = tables.dc.get(component.dc).and_then(Option::as_ref).ok_or(NO_TABLE)?;
            let ac = tables.ac.get(component.ac).and_then(Option::as_ref).ok_or(NO_TABLE)?;
            let sampling = &frame.components[component.index];
            Ok(Part { dc, ac, blocks: if interleaved { sampling.across * sampling.down } else { 1 } })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let mut bits = Bits::new(entropy);
    for mcu in 0..mcus(frame, scan) {
        if tables.restart_interval > 0 && mcu > 0 && mcu.is_multiple_of(tables.restart_interval) {
            bits.restart(((mcu / tables.restart_interval - 1) % 8) as u8)?;
        }
        for part in &parts {
            for _ in 0..part.blocks {
                skip_block(part, &mut bits)?;
            }
        }
    }
    Ok(())
}

/// MCUs of a scan (T.81 A.2): of one component its own blocks, of several the interleaved groups of blocks.
fn mcus(frame: &Frame, scan: &Scan) -> usize {
    let (most_across, most_down) = frame.most_sampling();
    match scan.components.as_slice() {
        [only] => {
            let component = &frame.components[only.index];
            let columns = (frame.columns * component.across).div_ceil(most_across);
            let rows = (frame.rows * component.down).div_ceil(most_down);
            columns.div_ceil(8) * rows.div_ceil(8)
        }
        _ => frame.columns.div_ceil(8 * most_across) * frame.rows.div_ceil(8 * most_down),
    }
}

/// One block: a DC difference and up to 63 AC coefficients with their runs of zeros (T.81 F.1.2).
fn skip_block(part: &Part<'_>, bits: &mut Bits<'_>) -> Result<(), Fault> {
    let size = part.dc.decode(bits)?;
    skip(bits, size)?;
    let mut next = 1_u8;
    while next < 64 {
        let symbol = part.ac.decode(bits)?;
        match (symbol >> 4, symbol & 15) {
            (15, 0) => next += 16,
            (_, 0) => break,
            (run, size) => {
                next += run + 1;
                skip(bits, size)?;
            }
        }
    }
    if next > 64 { Err(Fault::Damaged("a JPEG block with too many coefficients")) } else { Ok(()) }
}

fn skip(bits: &mut Bits<'_>, size: u8) -> Result<(), Fault> {
    if size > 15 {
        return Err(Fault::Damaged("a JPEG coefficient of more than 15 bits"));
    }
    bits.peek();
    bits.skip(u32::from(size))
}
