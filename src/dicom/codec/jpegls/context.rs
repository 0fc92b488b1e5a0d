//! What the decoder learns from the samples so far (T.87 A.4 to A.7): a context for each kind of neighbourhood.

use super::parameters::Coding;

/// Contexts of the regular mode; 365 are used, the rest makes any index of nine bits valid.
pub(super) const CONTEXTS: usize = 512;

/// A context of the regular mode. What the next sample needs of it, `k`, `inverted` and `correction`, is worked
/// out when the last one is counted: the decoder waits for each sample before it can begin the next.
#[derive(Clone, Copy)]
pub(super) struct Regular {
    /// Sum of the errors' sizes (A).
    sizes: u32,
    /// Bias: the errors' sum, kept near zero (B).
    bias: i32,
    /// Errors counted (N).
    count: u16,
    /// Correction of the prediction (C).
    pub(super) correction: i16,
    /// Golomb parameter.
    pub(super) k: u8,
    /// -1 where the errors' signs are mapped the other way (T.87 A.5.2), else 0.
    pub(super) inverted: i8,
}

/// A context of the run mode.
#[derive(Clone, Copy)]
pub(super) struct Run {
    sizes: u32,
    count: u32,
    negative: u32,
    /// 1 where the sample above equals the run, else 0 (RItype).
    kind: u32,
}

/// The start value of every A (T.87 A.2.1).
fn first_sizes(coding: &Coding) -> u32 {
    ((coding.range + 32) / 64).max(2) as u32
}

/// The least k for which `count << k` is not below `sizes`, no more than 16: a conforming stream never needs more.
#[inline(always)]
fn golomb_parameter(count: u32, sizes: u32) -> u32 {
    // The ones spare the question whether there is a bit at all, and change nothing.
    let shift = (count | 1).leading_zeros().saturating_sub((sizes | 1).leading_zeros());
    (shift + u32::from((count << shift) < sizes)).min(16)
}

impl Regular {
    pub(super) fn new(coding: &Coding) -> Self {
        let sizes = first_sizes(coding);
        let k = golomb_parameter(1, sizes) as u8;
        Self { sizes, bias: 0, count: 1, correction: 0, k, inverted: 0 }
    }

    /// Counts an error (T.87 A.6). Without branches: which of them were taken would be a coin's toss.
    #[inline(always)]
    pub(super) fn count<const WRAPS: bool>(&mut self, error: i32, coding: &Coding) {
        let mut sizes = self.sizes.wrapping_add(error.unsigned_abs());
        let mut bias = self.bias.wrapping_add(if WRAPS { error } else { error.wrapping_mul(coding.step) });
        let mut count = u32::from(self.count);
        if count == coding.reset {
            (sizes, bias, count) = (sizes >> 1, bias >> 1, count >> 1);
        }
        count = count.wrapping_add(1);
        let n = count as i32;
        let (low, high) = (i32::from(bias <= -n), i32::from(bias > 0));
        self.correction = (i32::from(self.correction) + high - low).clamp(-128, 127) as i16;
        bias = bias.wrapping_add(n * (low - high)).clamp(1 - n, 0);
        let k = golomb_parameter(count, sizes);
        let invert = (WRAPS || coding.near == 0) && k == 0 && 2 * bias <= -n;
        *self = Self { sizes, bias, count: count as u16, k: k as u8, inverted: -i8::from(invert), ..*self };
    }
}

impl Run {
    pub(super) fn new(coding: &Coding, kind: u32) -> Self {
        Self { sizes: first_sizes(coding), count: 1, negative: 0, kind }
    }

    /// Golomb parameter (T.87 A.7.2).
    pub(super) fn k(&self) -> u32 {
        golomb_parameter(self.count, self.sizes.wrapping_add((self.count >> 1) * self.kind))
    }

    /// The error that a code means, which is counted.
    pub(super) fn error(&mut self, code: u32, k: u32, reset: u32) -> i32 {
        let mapped = code.wrapping_add(self.kind);
        let odd = mapped & 1 != 0;
        let size = (mapped >> 1) + u32::from(odd);
        let negative = (k != 0 || 2 * self.negative >= self.count) == odd;
        self.negative += u32::from(negative && size != 0);
        self.sizes = self.sizes.wrapping_add((code + 1 - self.kind) >> 1);
        if self.count == reset {
            (self.sizes, self.count, self.negative) = (self.sizes >> 1, self.count >> 1, self.negative >> 1);
        }
        self.count += 1;
        if negative { -(size as i32) } else { size as i32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golomb_parameter_is_the_least_that_reaches_the_sum() {
        for (count, sizes) in
            [(1, 2), (1, 4), (3, 2), (3, 3), (3, 4), (5, 41), (63, 64), (64, 1 << 20), (1, 0)]
        {
            let slow = (0..32).find(|&k| u64::from(count) << k >= u64::from(sizes)).unwrap();
            assert_eq!(golomb_parameter(count, sizes), slow, "{count} {sizes}");
        }
    }
}
