//! Bits of one restart interval (T.81 F.2.2.5), taken without a branch for each byte.
//!
//! Beyond the last byte there are zeros, as many as one asks for, so that the decoding loops need not look for
//! the end at every code. Whether they were used, [`Bits::overrun`] says: a decoder asks at the end of every
//! line and keeps nothing that came out of them.

/// Reads one restart interval, already clean of byte stuffing.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte that is not counted in `count`; beyond the end where zeros were counted.
    at: usize,
    /// Bits not yet taken, from the top. Behind `count` bits it may hold more of the same.
    window: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// Starts at the first bit of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, window: 0, count: 0 }
    }

    /// Sees to it that the window holds a code and its additional bits: at least 32 bits.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count < 32 {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let next = rest.first_chunk().map_or_else(|| tail(rest), |word| u64::from_be_bytes(*word));
            self.window |= next >> (self.count & 31);
            self.at += ((63 - self.count) / 8) as usize;
            self.count |= 56;
        }
    }

    /// The next bits from the top, at least 32 of them after [`Bits::refill`].
    #[inline(always)]
    pub(super) fn window(&self) -> u64 {
        self.window
    }

    /// The next `N` bits (1 to 32) after [`Bits::refill`].
    #[inline(always)]
    pub(super) fn peek<const N: u32>(&self) -> usize {
        (self.window >> (64 - N)) as usize
    }

    /// Takes `n` bits, at most 32 since [`Bits::refill`].
    #[inline(always)]
    pub(super) fn skip(&mut self, n: u32) {
        self.window <<= n & 63;
        self.count = self.count.wrapping_sub(n);
    }

    /// Takes `n` bits (0 to 16) as a number.
    #[inline(always)]
    pub(super) fn take(&mut self, n: u32) -> u32 {
        self.refill();
        let value = (self.window >> 32 >> (32 - n.min(16))) as u32;
        self.skip(n.min(16));
        value
    }

    /// Whether more bits were taken than there are.
    pub(super) fn overrun(&self) -> bool {
        8 * self.at > 8 * self.bytes.len() + self.count as usize
    }
}

/// The last bytes, with zeros behind them.
#[cold]
fn tail(rest: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_they_were_put_in_and_the_end_is_known() {
        let bytes: Vec<u8> = (0..100).map(|i| (i * 77) as u8).collect();
        let bit = |at: usize| u32::from(bytes[at / 8] >> (7 - at % 8) & 1);
        let (mut bits, mut at) = (Bits::new(&bytes), 0);
        for size in (1..=16).cycle() {
            if at + size > 800 {
                break;
            }
            let expected = (at..at + size).fold(0, |value, at| value << 1 | bit(at));
            assert_eq!(bits.take(size as u32), expected, "{size} bits at {at}");
            at += size;
            assert!(!bits.overrun());
        }
        bits.take((800 - at) as u32);
        assert!(!bits.overrun());
        assert_eq!(bits.take(3), 0);
        assert!(bits.overrun());
        bits.take(16);
        bits.take(16);
        assert!(bits.overrun());
    }
}
