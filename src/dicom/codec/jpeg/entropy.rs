//! Entropy-coded segments of one scan (T.81 B.1.1.5): found, cleaned of byte stuffing, cut at restart markers.

use std::ops::Range;

/// The data of a scan, ready for [`super::bits::Bits`].
pub(super) struct Entropy {
    /// All bytes without stuffing and markers.
    clean: Vec<u8>,
    /// The restart intervals in it, in order.
    intervals: Vec<Range<usize>>,
    /// Where the marker behind the scan stands in the stream, or its end.
    pub(super) end: usize,
}

impl Entropy {
    /// Reads from `at` to the first marker that is no restart, or that is a restart out of order.
    ///
    /// If there is none (real streams lack their EOI) the stream's last zeros are dropped: they may be padding
    /// and must not be read as samples.
    pub(super) fn read(bytes: &[u8], mut at: usize) -> Self {
        let mut clean = Vec::with_capacity(bytes.len().saturating_sub(at));
        let mut intervals = Vec::new();
        let mut start = 0;
        loop {
            let mark = at + plain_bytes(&bytes[at..]);
            clean.extend_from_slice(&bytes[at..mark]);
            match bytes.get(mark + 1) {
                Some(0x00) => {
                    clean.push(0xFF);
                    at = mark + 2;
                }
                // A fill byte.
                Some(0xFF) => at = mark + 1,
                Some(&byte) if byte == 0xD0 + (intervals.len() % 8) as u8 => {
                    intervals.push(start..clean.len());
                    start = clean.len();
                    at = mark + 2;
                }
                Some(_) => {
                    at = mark;
                    break;
                }
                None => {
                    let zeros = clean[start..].iter().rev().take_while(|&&byte| byte == 0).count();
                    clean.truncate(clean.len() - zeros);
                    at = bytes.len();
                    break;
                }
            }
        }
        intervals.push(start..clean.len());
        Self { clean, intervals, end: at }
    }

    /// The bytes of restart interval `index`, none if the scan has not so many.
    pub(super) fn interval(&self, index: usize) -> Option<&[u8]> {
        self.clean.get(self.intervals.get(index)?.clone())
    }
}

/// How many bytes come before the first 0xFF, looked at eight at a time.
fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, _) = bytes.as_chunks::<8>();
    let plain = words
        .iter()
        .take_while(|word| {
            let inverted = !u64::from_ne_bytes(**word);
            inverted.wrapping_sub(ONES) & !inverted & (ONES << 7) == 0
        })
        .count();
    let rest = &bytes[8 * plain..];
    8 * plain + rest.iter().position(|&byte| byte == 0xFF).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intervals(bytes: &[u8]) -> (Vec<&'static [u8]>, usize) {
        let entropy = Box::leak(Box::new(Entropy::read(bytes, 0)));
        ((0..).map_while(|index| entropy.interval(index)).collect(), entropy.end)
    }

    #[test]
    fn stuffing_goes_and_markers_cut() {
        for (bytes, expected, end) in [
            (&b"abcdefghij\xFF\x00k\xFF\xD9zz"[..], vec![&b"abcdefghij\xFFk"[..]], 13),
            (b"\xFF\xFF\xD0a\xFF\xD1\xFF\xD2b\xFF\xDA", vec![b"", b"a", b"", b"b"], 9),
            (b"a\xFF\xD1b", vec![b"a"], 1),
            (b"abc\0\0", vec![b"abc"], 5),
            (b"ab\xFF\0\0", vec![b"ab\xFF"], 5),
            (b"abc\xFF", vec![b"abc"], 4),
            (b"", vec![b""], 0),
        ] {
            assert_eq!(intervals(bytes), (expected, end), "{bytes:?}");
        }
    }

    #[test]
    fn an_ff_is_found_wherever_it_stands() {
        for length in 0..40 {
            let mut bytes = vec![0xFE; length];
            assert_eq!(plain_bytes(&bytes), length);
            for at in (0..length).rev() {
                bytes[at] = 0xFF;
                assert_eq!(plain_bytes(&bytes), at);
            }
        }
    }
}
