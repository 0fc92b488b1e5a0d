//! Bits of entropy-coded data (T.81 F.2.2.5): byte stuffing removed, and no bit beyond the last one.

use crate::dicom::codec::fault::Fault;

const EARLY: Fault = Fault::Damaged("the JPEG entropy-coded data ends before the image does");

/// Reads the entropy-coded segments of one scan.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits not yet taken, from the top; zeros behind them.
    window: u64,
    /// How many of them are real.
    count: u32,
}

impl<'a> Bits<'a> {
    /// Starts at the first byte of `bytes`, which end where the scan does.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, window: 0, count: 0 }
    }

    /// The next 16 bits, with zeros for those that are not there. At least 32 bits are in the window then.
    pub(super) fn peek(&mut self) -> u16 {
        if self.count < 32 {
            self.fill();
        }
        (self.window >> 48) as u16
    }

    /// Takes `n` bits (at most 32) that [`Bits::peek`] has seen.
    pub(super) fn skip(&mut self, n: u32) -> Result<(), Fault> {
        self.count = self.count.checked_sub(n).ok_or(EARLY)?;
        self.window <<= n;
        Ok(())
    }

    /// A difference of `size` bits (0 to 16) as T.81 F.2.2.1 extends it; the size 16 has no bits and is 32768.
    pub(super) fn difference(&mut self, size: u8) -> Result<i32, Fault> {
        match size {
            0 => Ok(0),
            1..=15 => {
                let bits = i32::from(self.peek() >> (16 - size));
                self.skip(u32::from(size))?;
                let half = 1 << (size - 1);
                Ok(if bits < half { bits - (1 << size) + 1 } else { bits })
            }
            16 => Ok(32_768),
            _ => Err(Fault::Damaged("a JPEG difference of more than 16 bits")),
        }
    }

    /// Drops what is left before the restart marker number `expected` (0 to 7) and goes behind it.
    pub(super) fn restart(&mut self, expected: u8) -> Result<(), Fault> {
        (self.window, self.count) = (0, 0);
        while self.bytes.get(self.at..self.at + 2) == Some(&[0xFF, 0xFF]) {
            self.at += 1;
        }
        if self.bytes.get(self.at..self.at + 2) != Some(&[0xFF, 0xD0 + expected]) {
            return Err(Fault::Damaged("a JPEG restart marker is missing or out of order"));
        }
        self.at += 2;
        Ok(())
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match self.bytes.get(self.at..) {
                Some([0xFF, 0x00, ..]) => {
                    self.at += 2;
                    0xFF
                }
                Some([0xFF, ..] | []) | None => return,
                Some([byte, ..]) => {
                    self.at += 1;
                    *byte
                }
            };
            self.window |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }
}
