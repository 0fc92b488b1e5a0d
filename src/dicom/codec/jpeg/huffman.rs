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
            let (step, total) = self.long_step(bits.window())?;
            bits.skip(total);
            return Ok(step);
        }
        bits.skip(total);
        Ok(Step { run: entry >> 8 & 0xFF, value: entry as i32 >> 16 })
    }

    /// The same for a code that with its additional bits is too long for the fast table, and the bits to take.
    /// It gets the bits by value: what has an address is not kept in a register.
    #[inline(never)]
    fn long_step(&self, window: u64) -> Result<(Step, u32), NoCode> {
        let next = (window >> 48) as u32;
        let length = (1..=16).find(|&length| next < self.limit[length as usize]).ok_or(NoCode)?;
        let index = (next >> (16 - length)) as i32 + self.offset[length as usize];
        let symbol = *self.symbols.get(index as usize).ok_or(NoCode)?;
        let (run, size) = meaning(self.class, symbol);
        let value = match size {
            0 => 0,
            1..=15 => extended((window << length >> 32 >> (32 - size)) as u32, size),
            // The one lossless difference without additional bits (T.81 H.1.2.2).
            16 => return Ok((Step { run, value: 32_768 }, length)),
            _ => return Err(NoCode),
        };
        Ok((Step { run, value }, length + size))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes one step from the bits of `text`.
    fn step(class: Class, counts: [u8; 16], symbols: &[u8], text: &str) -> Result<Step, NoCode> {
        let padded = format!("{text:0<64}");
        let number = u64::from_str_radix(&padded, 2).unwrap();
        Huffman::new(class, &counts, symbols).unwrap().step(&mut Bits::new(&number.to_be_bytes()))
    }

    #[test]
    fn a_code_and_its_additional_bits_are_one_step_short_or_long() {
        // One code of 2 bits, one of 3, one of 15.
        let counts = [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
        let code = |bits: u32, length: usize| format!("{bits:0length$b}");
        for (class, symbols, text, expected) in [
            (Class::Difference, [3, 15, 1], code(0, 2) + "000", (0, -7)),
            (Class::Difference, [3, 15, 1], code(0, 2) + "011", (0, -4)),
            (Class::Difference, [3, 15, 1], code(0, 2) + "100", (0, 4)),
            (Class::Difference, [3, 15, 1], code(2, 3) + "000000000000000", (0, -32_767)),
            (Class::Difference, [3, 16, 1], code(2, 3), (0, 32_768)),
            (Class::Difference, [3, 15, 1], code(3 << 12, 15) + "1", (0, 1)),
            (Class::Coefficient, [0x52, 0xF0, 0x30], code(0, 2) + "10", (5, 2)),
            (Class::Coefficient, [0x52, 0xF0, 0x30], code(2, 3), (15, 0)),
            (Class::Coefficient, [0x52, 0xF0, 0x30], code(3 << 12, 15), (END + 3, 0)),
        ] {
            let (run, value) = expected;
            assert_eq!(step(class, counts, &symbols, &text), Ok(Step { run, value }), "{class:?} {text}");
        }
        assert_eq!(step(Class::Difference, counts, &[3, 15, 1], "1"), Err(NoCode));
        assert_eq!(step(Class::Difference, counts, &[3, 17, 1], &code(2, 3)), Err(NoCode));
    }

    #[test]
    fn tables_with_more_codes_than_bits_allow_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(Class::Difference, &counts, &[0, 1, 2]).is_err());
        counts[0] = 2;
        assert!(Huffman::new(Class::Difference, &counts, &[0]).is_err());
        assert!(Huffman::new(Class::Difference, &counts, &[0, 1]).is_ok());
    }
}
