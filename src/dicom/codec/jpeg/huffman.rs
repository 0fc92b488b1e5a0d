//! Huffman tables (T.81 annex C and F.2.2.3), with the additional bits behind a code in the same look-up.

use super::bits::Bits;
use crate::dicom::codec::fault::Fault;

/// A code and its additional bits, if together no longer than this, are one look-up.
const FAST: u32 = 11;

/// [`Step::run`] from here on is an end of block: [`END`] plus the exponent of how many blocks (T.81 G.1.2.2).
pub(super) const END: u32 = 128;

/// A bit pattern that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoCode;

/// What the symbols of a table mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Sizes of DC or lossless differences.
    Difference,
    /// Runs of zeros and sizes of coefficients.
    Coefficient,
}

/// One decoded code with its additional bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Zero coefficients before the value, or [`END`] and more.
    pub(super) run: u32,
    /// The value; zero behind a run of sixteen or an end of block.
    pub(super) value: i32,
}

/// A table ready for decoding.
pub(super) struct Huffman {
    class: Class,
    /// By the next [`FAST`] bits: value (16 bits), run (8), bits to take (8). With no bits to take, the code and
    /// its additional bits are longer.
    fast: Box<[u32; 1 << FAST]>,
    /// By length: one more than the greatest code, aligned to 16 bits; codes are found by comparing.
    limit: [u32; 17],
    /// By length: index of the first symbol minus the first code.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// From the number of codes of each length 1 to 16 and the symbols in order of code.
    pub(super) fn new(class: Class, counts: &[u8; 16], symbols: &[u8]) -> Result<Self, Fault> {
        let mut table = Self {
            class,
            fast: Box::new([0; 1 << FAST]),
            limit: [0; 17],
            offset: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for (length, &count) in (1_u32..).zip(counts) {
            let first = code;
            code += u32::from(count);
            if code > 1 << length || symbols.len() < index + usize::from(count) {
                return Err(Fault::Damaged("a JPEG Huffman table with too many codes"));
            }
            table.offset[length as usize] = index as i32 - first as i32;
            table.limit[length as usize] = code << (16 - length);
            for code in first..code {
                table.ease(length, code, symbols[index]);
                index += 1;
            }
            code <<= 1;
        }
        Ok(table)
    }

    /// Enters a code into the fast table, with every value that its additional bits can say, if they fit.
    fn ease(&mut self, length: u32, code: u32, symbol: u8) {
        let (run, size) = meaning(self.class, symbol);
        let total = length + size;
        if total > FAST || size > 15 {
            return;
        }
        for additional in 0..1_u32 << size {
            let first = (code << size | additional) << (FAST - total);
            let value = if size == 0 { 0 } else { extended(additional, size) };
            let entry = (value as u32) << 16 | run << 8 | total;
            self.fast[first as usize..][..1 << (FAST - total)].fill(entry);
        }
    }

    /// The next code and its additional bits, decoded as one.
    #[inline(always)]
    pub(super) fn step(&self, bits: &mut Bits<'_>) -> Result<Step, NoCode> {
        bits.refill();
        let entry = self.fast[bits.peek::<FAST>()];
        let total = entry & 0xFF;
        if total == 0 {
            return self.long_step(bits);
        }
        bits.skip(total);
        Ok(Step { run: entry >> 8 & 0xFF, value: entry as i32 >> 16 })
    }

    /// The same for a code that with its additional bits is too long for the fast table.
    #[inline(never)]
    fn long_step(&self, bits: &mut Bits<'_>) -> Result<Step, NoCode> {
        let next = bits.peek::<16>() as u32;
        let length = (1..=16).find(|&length| next < self.limit[length as usize]).ok_or(NoCode)?;
        let index = (next >> (16 - length)) as i32 + self.offset[length as usize];
        let symbol = *self.symbols.get(index as usize).ok_or(NoCode)?;
        bits.skip(length);
        let (run, size) = meaning(self.class, symbol);
        let value = match size {
            0 => 0,
            1..=15 => bits.signed(size),
            // The one lossless difference without additional bits (T.81 H.1.2.2).
            16 => 32_768,
            _ => return Err(NoCode),
        };
        Ok(Step { run, value })
    }
}

/// Run and size of a symbol.
fn meaning(class: Class, symbol: u8) -> (u32, u32) {
    let (high, low) = (u32::from(symbol >> 4), u32::from(symbol & 15));
    match class {
        Class::Difference => (0, symbol.into()),
        Class::Coefficient if low == 0 && high < 15 => (END + high, 0),
        Class::Coefficient => (high, low),
    }
}

/// The number that `size` additional bits mean (T.81 F.2.2.1).
fn extended(bits: u32, size: u32) -> i32 {
    if bits < 1 << (size - 1) { bits as i32 - (1 << size) + 1 } else { bits as i32 }
}
