//! Bits of entropy-coded data (T.87 A.1): behind a byte FF the next byte has seven.

use super::header::{RST0, segment_at};
use crate::dicom::codec::fault::Fault;

pub(super) const EARLY: Fault = Fault::Damaged("the JPEG-LS data ends before the image does");
const LATE: Fault = Fault::Damaged("more JPEG-LS data than the image has samples");

/// Reads up to the next marker. Small and `Copy`: the loops over samples work on a copy of their own, which the
/// compiler keeps in registers.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits not yet taken, from the top; zeros behind them.
    window: u64,
    /// How many of them there are.
    count: u32,
    /// How many of all given out so far are zeros that stand for missing ones.
    lent: u32,
    /// Whether the byte before `at` is an FF.
    stuffed: bool,
}

impl<'a> Bits<'a> {
    /// Starts at the byte `at`.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, window: 0, count: 0, lent: 0, stuffed: false }
    }

    /// Sees to it that at least `n` (at most 57) bits are there. Behind the last bit there are zeros:
    /// [`Bits::check`] tells whether one of them was taken.
    #[inline(always)]
    pub(super) fn need(&mut self, n: u32) {
        if self.count < n {
            self.fill();
        }
    }

    /// Zeros before the next one.
    #[inline(always)]
    pub(super) fn zeros(&self) -> u32 {
        self.window.leading_zeros()
    }

    /// Takes `n` bits (at most 32, and there by [`Bits::need`]).
    #[inline(always)]
    pub(super) fn take(&mut self, n: u32) -> u32 {
        // In two steps, since none can be taken, and a shift by 64 has no meaning.
        let value = (self.window >> 1) >> (63 - n);
        self.skip(n);
        value as u32
    }

    /// Drops `n` bits (below 64).
    #[inline(always)]
    pub(super) fn skip(&mut self, n: u32) {
        self.window <<= n;
        self.count = self.count.wrapping_sub(n);
    }

    /// Whether the last bit of the data has been read.
    pub(super) fn ended(&self) -> bool {
        self.lent > 0
    }

    /// Whether all bits taken so far were in the data.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.count < self.lent { Err(EARLY) } else { Ok(()) }
    }

    /// Makes them 57 at least. Eight bytes at once where none is FF.
    #[inline(always)]
    fn fill(&mut self) {
        let next = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        let word = next.map_or(u64::MAX, |chunk| u64::from_be_bytes(*chunk));
        let has_ff = (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0;
        if has_ff || self.stuffed {
            *self = self.fill_slowly();
            return;
        }
        self.window |= word >> self.count;
        let bytes = (63 - self.count) >> 3;
        self.at += bytes as usize;
        self.count += bytes << 3;
        // Bits of a byte that is not counted yet are read again, and are the same then.
    }

    #[cold]
    #[inline(never)]
    fn fill_slowly(mut self) -> Self {
        // What fill read beyond its count.
        self.window = if self.count == 0 { 0 } else { self.window >> (64 - self.count) << (64 - self.count) };
        while self.count <= 56 {
            match self.bytes.get(self.at..) {
                Some([0xFF]) | Some([0xFF, 0x80..=0xFF, ..]) | Some([]) | None => {
                    self.lent += 64 - self.count;
                    self.count = 64;
                    return self;
                }
                Some([byte, ..]) => {
                    let width = if self.stuffed { 7 } else { 8 };
                    self.window |= u64::from(*byte) << (64 - width - self.count);
                    self.count += width;
                    self.stuffed = *byte == 0xFF;
                    self.at += 1;
                }
            }
        }
        self
    }

    /// Goes behind the restart marker of this number, which must be next.
    pub(super) fn restart(&mut self, number: u8) -> Result<(), Fault> {
        let marker = segment_at(self.bytes, self.end()?)?;
        if marker.marker != RST0 + number {
            return Err(Fault::Damaged("a JPEG-LS restart marker is missing or out of order"));
        }
        *self = Self::new(self.bytes, marker.end);
        Ok(())
    }

    /// Where the marker behind the data stands, or the end of the bytes. What is left unread may be no more than
    /// the zeros that fill a last byte, or those that pad a stream without a marker.
    pub(super) fn end(mut self) -> Result<usize, Fault> {
        self.check()?;
        self = self.fill_slowly();
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let marker = matches!(rest, [0xFF, 0x80..=0xFF, ..]);
        let filled = self.count - self.lent < 16 || !marker && rest.iter().all(|&byte| byte == 0);
        if self.window == 0 && filled { Ok(self.at) } else { Err(LATE) }
    }
}
