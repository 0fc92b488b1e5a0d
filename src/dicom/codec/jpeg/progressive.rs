//! Progressive DCT scans (T.81 annex G): each adds a band of coefficients or one bit to it.

use std::ops::Range;

use super::bits::Bits;
use super::huffman::{END, Huffman};
use super::idct::{self, Level};
use super::markers::{Frame, Scan, Tables, ZIGZAG, needed};
use super::planes::{Extent, Plane, Walker, walk};
use super::upsample::{Blend, Canvas};
use super::{NO_CODE, scans};
use crate::dicom::codec::fault::Fault;

const ORDER: Fault = Fault::Damaged("a progressive JPEG scan that does not continue those before it");
const TOO_MANY: Fault = Fault::Damaged("a JPEG block with too many coefficients");

/// A component while its scans come in.
struct Component {
    extent: Extent,
    /// All blocks, each row by row.
    blocks: Vec<[i16; 64]>,
    /// As they were at its first scan.
    steps: Option<[u16; 64]>,
    /// By place in the zigzag order: bits that are still unknown, or none if nothing is known.
    missing_bits: [Option<u8>; 64],
}

/// The image, row by row and interleaved, when every coefficient is known to its last bit: an image that lacks a scan
/// looks whole, but is blurred.
pub(super) fn image<T: Blend>(frame: &Frame, bytes: &[u8]) -> Result<Vec<T>, Fault> {
    let mut components: Vec<Component> = (0..frame.components.len())
        .map(|index| Extent::of(frame, index))
        .map(|extent| Component {
            extent,
            blocks: vec![[0; 64]; extent.blocks()],
            steps: None,
            missing_bits: [None; 64],
        })
        .collect();
    scans::each(frame, bytes, |scan, tables, entropy| {
        begin(frame, scan, tables, &mut components)?;
        let entropy = (tables.restart_interval, entropy);
        match (scan.start, scan.high) {
            (0, 0) => {
                let parts = scan.components.iter();
                let parts = parts.map(|part| Ok((part.index, needed(&tables.dc, part.dc)?, 0)));
                let parts = parts.collect::<Result<_, Fault>>()?;
                let components = &mut components;
                walk(frame, scan, entropy, &mut DcFirst { components, parts, shift: scan.low })?;
            }
            (0, _) => walk(frame, scan, entropy, &mut DcBit { components: &mut components, scan })?,
            _ => {
                let part = scan.components[0];
                let table = needed(&tables.ac, part.ac)?;
                let band = Band { next: scan.start.into(), last: scan.end.into(), shift: scan.low };
                let component = &mut components[part.index];
                let again = scan.high > 0;
                walk(frame, scan, entropy, &mut Ac { component, table, band, again, ended: 0 })?;
            }
        }
        let complete = components.iter().all(|component| component.missing_bits == [Some(0); 64]);
        Ok(if complete { scans::Image::Complete } else { scans::Image::Incomplete })
    })?;
    let mut canvas = Canvas::new(frame, true);
    for y in 0..canvas.lines_of_units() {
        for ((component, plane), sampling) in components.iter().zip(&mut canvas.planes).zip(&frame.components)
        {
            component.transform(plane, y * sampling.down..(y + 1) * sampling.down);
        }
        canvas.line_of_units(y);
    }
    Ok(canvas.finish())
}

impl Component {
    /// Puts lines of blocks into the plane.
    fn transform<T: Level>(&self, plane: &mut Plane<T>, lines: Range<usize>) {
        let steps = self.steps.unwrap_or([0; 64]);
        for y in lines {
            for x in 0..self.extent.blocks_across {
                let block = &self.blocks[y * self.extent.blocks_across + x];
                plane.put((x, y), &idct::block::<T, 8>(block, &steps));
            }
        }
    }

    /// The coefficients of a block.
    fn block(&mut self, (x, y): (usize, usize)) -> &mut [i16; 64] {
        &mut self.blocks[y * self.extent.blocks_across + x]
    }
}

/// Checks that the scan's band and bit follow what is known, and notes what will be.
fn begin(frame: &Frame, scan: &Scan, tables: &Tables, components: &mut [Component]) -> Result<(), Fault> {
    let band = usize::from(scan.start)..=usize::from(scan.end);
    let lawful = match scan.start {
        0 => scan.end == 0,
        1..=63 => (scan.start..=63).contains(&scan.end) && scan.components.len() == 1,
        _ => false,
    };
    if !lawful || scan.low > 13 || (scan.high > 0 && scan.low + 1 != scan.high) {
        return Err(Fault::Damaged("a progressive JPEG scan header that breaks its rules"));
    }
    let before = (scan.high > 0).then_some(scan.high);
    for part in &scan.components {
        let component = &mut components[part.index];
        if component.steps.is_none() {
            component.steps = Some(*needed(&tables.quantisers, frame.components[part.index].quantiser)?);
        }
        for missing in &mut component.missing_bits[band.clone()] {
            if missing.replace(scan.low) != before {
                return Err(ORDER);
            }
        }
    }
    Ok(())
}

/// The first scan of DC coefficients (T.81 G.1.2.1).
struct DcFirst<'a> {
    components: &'a mut [Component],
    /// The component, its table and the coefficient of the block before.
    parts: Vec<(usize, &'a Huffman, i16)>,
    shift: u8,
}

impl Walker for DcFirst<'_> {
    fn restart(&mut self) {
        self.parts.iter_mut().for_each(|part| part.2 = 0);
    }

    fn block(&mut self, part: usize, at: (usize, usize), bits: &mut Bits<'_>) -> Result<(), Fault> {
        let (index, table, before) = &mut self.parts[part];
        *before = before.wrapping_add(table.step(bits).map_err(|_| NO_CODE)?.value as i16);
        self.components[*index].block(at)[0] = *before << self.shift;
        Ok(())
    }
}

/// One more bit of DC coefficients.
struct DcBit<'a> {
    components: &'a mut [Component],
    scan: &'a Scan,
}

impl Walker for DcBit<'_> {
    fn block(&mut self, part: usize, at: (usize, usize), bits: &mut Bits<'_>) -> Result<(), Fault> {
        let bit = bits.take(1) as i16;
        self.components[self.scan.components[part].index].block(at)[0] |= bit << self.scan.low;
        Ok(())
    }
}

/// A scan of AC coefficients of one component.
struct Ac<'a> {
    component: &'a mut Component,
    table: &'a Huffman,
    band: Band,
    /// Whether the band was coded before, to a bit less.
    again: bool,
    /// How many blocks more have no code of their own (EOBRUN).
    ended: u32,
}

impl Walker for Ac<'_> {
    fn restart(&mut self) {
        self.ended = 0;
    }

    fn block(&mut self, _part: usize, at: (usize, usize), bits: &mut Bits<'_>) -> Result<(), Fault> {
        let block = self.component.block(at);
        if self.again {
            self.band.bit(self.table, bits, block, &mut self.ended)
        } else {
            self.band.first(self.table, bits, block, &mut self.ended)
        }
    }
}

/// The coefficients of a scan, by place in the zigzag order.
#[derive(Clone, Copy)]
struct Band {
    next: u32,
    last: u32,
    shift: u8,
}

impl Band {
    /// The first scan of a band (T.81 G.1.2.2).
    fn first(
        mut self,
        table: &Huffman,
        bits: &mut Bits<'_>,
        block: &mut [i16; 64],
        ended: &mut u32,
    ) -> Result<(), Fault> {
        if *ended > 0 {
            *ended -= 1;
            return Ok(());
        }
        while self.next <= self.last {
            let step = table.step(bits).map_err(|_| NO_CODE)?;
            if step.run >= END {
                *ended = blocks_of_end(step.run, bits) - 1;
                return Ok(());
            }
            self.next += step.run;
            if self.next > self.last {
                return Err(TOO_MANY);
            }
            *at(block, self.next) = (step.value as i16) << self.shift;
            self.next += 1;
        }
        Ok(())
    }

    /// One more bit of a band (T.81 G.1.2.3): corrections of the coefficients that are known not to be zero,
    /// and new ones of magnitude 1 in between.
    fn bit(
        mut self,
        table: &Huffman,
        bits: &mut Bits<'_>,
        block: &mut [i16; 64],
        ended: &mut u32,
    ) -> Result<(), Fault> {
        while self.next <= self.last && *ended == 0 {
            let step = table.step(bits).map_err(|_| NO_CODE)?;
            if step.run >= END {
                *ended = blocks_of_end(step.run, bits);
                break;
            }
            if step.value.abs() > 1 {
                return Err(Fault::Damaged("a progressive JPEG refinement by more than one bit"));
            }
            self.correct(bits, block, step.run);
            if self.next <= self.last {
                *at(block, self.next) = (step.value as i16) << self.shift;
            } else if step.value != 0 {
                return Err(TOO_MANY);
            }
            self.next += 1;
        }
        if *ended > 0 {
            *ended -= 1;
            self.correct(bits, block, 64);
        }
        Ok(())
    }

    /// Corrects coefficients up to the zero behind `zeros` others, or to the end of the band.
    fn correct(&mut self, bits: &mut Bits<'_>, block: &mut [i16; 64], mut zeros: u32) {
        while self.next <= self.last {
            let coefficient = at(block, self.next);
            if *coefficient != 0 {
                let bit = bits.take(1) as i16;
                *coefficient = coefficient.wrapping_add(coefficient.signum() * (bit << self.shift));
            } else if zeros == 0 {
                return;
            } else {
                zeros -= 1;
            }
            self.next += 1;
        }
    }
}

/// How many blocks an end of block is for, this one included.
fn blocks_of_end(run: u32, bits: &mut Bits<'_>) -> u32 {
    let exponent = (run - END).min(14);
    (1 << exponent) + bits.take(exponent)
}

fn at(block: &mut [i16; 64], place: u32) -> &mut i16 {
    &mut block[usize::from(ZIGZAG[place as usize & 63]) & 63]
}
