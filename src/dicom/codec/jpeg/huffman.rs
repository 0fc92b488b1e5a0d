//! Huffman tables (T.81 annex C and F.2.2.3).

use super::bits::Bits;
use crate::dicom::codec::fault::Fault;

/// Codes up to this length are looked up in one step.
const FAST: u32 = 9;

/// A table ready for decoding.
pub(super) struct Huffman {
    /// By the next [`FAST`] bits: length in the high byte, symbol in the low; 0 where the code is longer.
    fast: Box<[u16; 1 << FAST]>,
    /// By length: one more than the greatest code, aligned to 16 bits; codes are found by comparing.
    limit: [u32; 17],
    /// By length: index of the first symbol minus the first code.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// From the number of codes of each length 1 to 16 and the symbols in order of code.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, Fault> {
        let mut table = Self {
            fast: Box::new([0; 1 << FAST]),
            limit: [0; 17],
            offset: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for (length, &count) in (1_u32..).zip(counts) {
            let (first, count) = (code, u32::from(count));
            code += count;
            if code > 1 << length || symbols.len() < index + count as usize {
                return Err(Fault::Damaged("a JPEG Huffman table with too many codes"));
            }
            table.offset[length as usize] = index as i32 - first as i32;
            table.limit[length as usize] = code << (16 - length);
            if length <= FAST {
                let span = 1 << (FAST - length);
                let start = (first << (FAST - length)) as usize;
                for (slot, &symbol) in
                    table.fast[start..].chunks_mut(span).zip(&symbols[index..][..count as usize])
                {
                    slot.fill((length as u16) << 8 | u16::from(symbol));
                }
            }
            index += count as usize;
            code <<= 1;
        }
        Ok(table)
    }

    /// The next symbol.
    pub(super) fn decode(&self, bits: &mut Bits<'_>) -> Result<u8, Fault> {
        let next = u32::from(bits.peek());
        let entry = self.fast[(next >> (16 - FAST)) as usize];
        if entry != 0 {
            bits.skip(u32::from(entry >> 8))?;
            return Ok(entry as u8);
        }
        let length = (FAST + 1..=16).find(|&length| next < self.limit[length as usize]);
        let length = length.ok_or(Fault::Damaged("a bit pattern that is no JPEG Huffman code"))?;
        bits.skip(length)?;
        let index = (next >> (16 - length)) as i32 + self.offset[length as usize];
        self.symbols
            .get(index as usize)
            .copied()
            .ok_or(Fault::Damaged("a bit pattern that is no JPEG Huffman code"))
    }
}
