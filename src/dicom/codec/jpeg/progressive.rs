//! Progressive DCT scans (T.81 annex G): each adds a band of coefficients or one bit to it.

use super::NO_CODE;
use super::bits::Bits;
use super::entropy::Entropy;
use super::huffman::{END, Huffman};
use super::idct::{self, Level};
use super::markers::{Frame, Scan, Tables, ZIGZAG, needed};
use super::planes::{Extent, Plane, walk};
use super::scans;
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

/// The planes of all components, when every coefficient is known to its last bit: an image that lacks a scan
/// looks whole, but is blurred.
pub(super) fn planes<T: Level>(frame: &Frame, bytes: &[u8]) -> Result<Vec<Plane<T>>, Fault> {
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
        match (scan.start, scan.high) {
            (0, 0) => dc_first(frame, scan, tables, entropy, &mut components)?,
            (0, _) => dc_bit(frame, scan, tables, entropy, &mut components)?,
            _ => ac(frame, scan, tables, entropy, &mut components)?,
        }
        let complete = components.iter().all(|component| component.missing_bits == [Some(0); 64]);
        Ok(if complete { scans::Image::Complete } else { scans::Image::Incomplete })
    })?;
    Ok(components.into_iter().map(Component::into_plane).collect())
}

impl Component {
    fn into_plane<T: Level>(self) -> Plane<T> {
        let mut plane = Plane::new(self.extent);
        let steps = self.steps.unwrap_or([0; 64]);
        for (index, block) in self.blocks.iter().enumerate() {
            plane.put(index, &idct::block(block, &steps));
        }
        plane
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
            if std::mem::replace(missing, Some(scan.low)) != before {
                return Err(ORDER);
            }
        }
    }
    Ok(())
}

/// The first scan of DC coefficients (T.81 G.1.2.1).
fn dc_first(
    frame: &Frame,
    scan: &Scan,
    tables: &Tables,
    entropy: &Entropy,
    components: &mut [Component],
) -> Result<(), Fault> {
    let parts = scan.components.iter().map(|part| Ok((part.index, needed(&tables.dc, part.dc)?, 0_i16)));
    let mut parts = parts.collect::<Result<Vec<_>, Fault>>()?;
    let restart = |parts: &mut Vec<(usize, &Huffman, i16)>| parts.iter_mut().for_each(|part| part.2 = 0);
    walk(frame, scan, (tables.restart_interval, entropy), &mut parts, restart, |parts, part, block, bits| {
        let (index, table, before) = &mut parts[part];
        *before = before.wrapping_add(table.step(bits).map_err(|_| NO_CODE)?.value as i16);
        components[*index].blocks[block][0] = *before << scan.low;
        Ok(())
    })
}

/// One more bit of DC coefficients.
fn dc_bit(
    frame: &Frame,
    scan: &Scan,
    tables: &Tables,
    entropy: &Entropy,
    components: &mut [Component],
) -> Result<(), Fault> {
    walk(frame, scan, (tables.restart_interval, entropy), &mut (), |()| (), |(), part, block, bits| {
        let bit = bits.take(1) as i16;
        components[scan.components[part].index].blocks[block][0] |= bit << scan.low;
        Ok(())
    })
}

/// A scan of AC coefficients of one component. The state is how many blocks more have none (EOBRUN).
fn ac(
    frame: &Frame,
    scan: &Scan,
    tables: &Tables,
    entropy: &Entropy,
    components: &mut [Component],
) -> Result<(), Fault> {
    let part = scan.components[0];
    let table = needed(&tables.ac, part.ac)?;
    let blocks = &mut components[part.index].blocks;
    let band = Band { next: scan.start.into(), last: scan.end.into(), shift: scan.low };
    let restart = |ended: &mut u32| *ended = 0;
    walk(frame, scan, (tables.restart_interval, entropy), &mut 0, restart, |ended, _, block, bits| {
        let block = &mut blocks[block];
        if scan.high == 0 { band.first(table, bits, block, ended) } else { band.bit(table, bits, block, ended) }
    })
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
