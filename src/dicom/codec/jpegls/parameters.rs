//! Coding parameters of a scan: what the preset segment gives, the defaults, and what follows from both.

use crate::dicom::codec::fault::Fault;

/// The five parameters of a preset segment (T.87 C.2.4.1.1); 0 means the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Preset {
    /// Greatest sample value (MAXVAL).
    pub(super) most: u16,
    /// Gradient thresholds T1 to T3.
    pub(super) thresholds: [u16; 3],
    /// Samples after which a context's sums are halved.
    pub(super) reset: u16,
}

impl Preset {
    /// Whether the greatest value is given and is less than the bits allow.
    pub(super) fn lowers_most(&self, precision: u8) -> bool {
        (1..(1_u32 << precision) - 1).contains(&u32::from(self.most))
    }

    /// What Java's image library takes for the defaults of 13 to 16 bits: the standard's, without its bound of 12.
    fn of_java(precision: u8) -> Self {
        let factor = 1 << (precision - 8);
        Self { most: 0, thresholds: [factor + 2, factor * 4 + 3, factor * 17 + 4], reset: 0 }
    }
}

/// How the presets are read, where encoders differ and nothing in their streams says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As the standard says.
    Standard,
    /// CharLS takes the default thresholds from a greatest value, and everything else from the bits.
    CharLs,
    /// Java's image library (JAI, in archives of the 2000s) has its own default thresholds beyond 12 bits.
    Java,
}

/// Everything that the decoder of a scan computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coding {
    /// Greatest sample value (MAXVAL).
    pub(super) most: i32,
    /// The greatest error of a sample (NEAR); 0 is lossless.
    pub(super) near: i32,
    /// Distance between the errors that can be coded, 2 NEAR + 1.
    pub(super) step: i32,
    /// How many errors there are (RANGE).
    pub(super) range: i32,
    /// Bits that hold any of them (qbpp).
    pub(super) error_bits: u32,
    /// Longest code in bits (LIMIT).
    pub(super) limit: u32,
    /// Gradient thresholds T1 to T3.
    pub(super) thresholds: [i32; 3],
    /// Samples after which a context's sums are halved (RESET).
    pub(super) reset: u32,
}

impl Coding {
    /// Parameters for samples of `precision` bits with errors up to `near`.
    ///
    /// # Errors
    /// A preset or a NEAR that breaks the limits of T.87 C.2.3 and C.2.4.1.1.
    pub(super) fn new(precision: u8, near: u8, preset: &Preset, reading: Reading) -> Result<Self, Fault> {
        let preset = match reading {
            Reading::Java => Preset::of_java(precision),
            Reading::Standard | Reading::CharLs => *preset,
        };
        let whole = (1_i32 << precision) - 1;
        let most = if preset.most == 0 { whole } else { i32::from(preset.most) };
        let near = i32::from(near);
        if most > whole || near > most / 2 {
            return Err(Fault::Damaged("a JPEG-LS greatest value or NEAR out of range"));
        }
        let thresholds = thresholds(most, near, preset.thresholds)?;
        let most = if reading == Reading::CharLs { whole } else { most };
        let step = 2 * near + 1;
        let range = (most + 2 * near) / step + 1;
        let bits = bits_below(most + 1).max(2);
        let reset = if preset.reset == 0 { 64 } else { i32::from(preset.reset) };
        if !(3..=most.max(255)).contains(&reset) {
            return Err(Fault::Damaged("a JPEG-LS reset value out of range"));
        }
        Ok(Self {
            most,
            near,
            step,
            range,
            error_bits: bits_below(range),
            limit: 2 * (bits + bits.max(8)),
            thresholds,
            reset: reset as u32,
        })
    }

    /// Whether samples are kept exactly and their sums wrap at a power of two: the common case, decoded faster.
    pub(super) fn wraps(&self) -> bool {
        self.near == 0 && (self.most + 1).count_ones() == 1
    }

    /// The greatest code of an error (T.87 A.4.5, A.5.2, A.7.2.1): beyond it the data are damaged.
    pub(super) fn most_code(&self) -> u32 {
        self.range as u32
    }

    /// Zeros of a code's unary part that say: the error follows as it is (T.87 A.5.3).
    pub(super) fn escape(&self, limit: u32) -> u32 {
        limit.saturating_sub(self.error_bits + 1)
    }
}

/// Bits that hold the numbers below `count`.
fn bits_below(count: i32) -> u32 {
    i32::BITS - (count - 1).leading_zeros()
}

/// The gradient thresholds: given ones in their order, defaults for the others (T.87 C.2.4.1.1.1).
fn thresholds(most: i32, near: i32, given: [u16; 3]) -> Result<[i32; 3], Fault> {
    let defaults = if most >= 128 {
        let factor = (most.min(4095) + 128) / 256;
        [factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near]
    } else {
        let factor = 256 / (most + 1);
        [(3 / factor + 3 * near).max(2), (7 / factor + 5 * near).max(3), (21 / factor + 7 * near).max(4)]
    };
    let mut least = near + 1;
    let mut thresholds = [0; 3];
    for ((threshold, default), given) in thresholds.iter_mut().zip(defaults).zip(given) {
        *threshold = match given {
            0 if (least..=most).contains(&default) => default,
            0 => least,
            given => i32::from(given),
        };
        if !(least..=most).contains(threshold) {
            return Err(Fault::Damaged("a JPEG-LS gradient threshold out of range"));
        }
        least = *threshold;
    }
    Ok(thresholds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T.87 table C.3 and its formulas.
    #[test]
    fn defaults_follow_the_depth_and_near() {
        for (precision, near, expected) in [
            (8, 0, [3, 7, 21]),
            (8, 3, [12, 22, 42]),
            (12, 0, [18, 67, 276]),
            (16, 0, [18, 67, 276]),
            (16, 3, [27, 82, 297]),
            (4, 0, [2, 3, 4]),
            (2, 0, [2, 3, 3]),
        ] {
            let coding = Coding::new(precision, near, &Preset::default(), Reading::Standard).unwrap();
            assert_eq!(coding.thresholds, expected, "{precision} bits, near {near}");
        }
    }

    #[test]
    fn what_breaks_the_limits_is_refused() {
        let preset = |most, thresholds, reset| Preset { most, thresholds, reset };
        for (near, preset) in [
            (128, preset(0, [0; 3], 0)),
            (0, preset(256, [0; 3], 0)),
            (0, preset(0, [0, 2, 0], 0)),
            (0, preset(0, [300, 0, 0], 0)),
            (0, preset(0, [0; 3], 2)),
            (0, preset(0, [0; 3], 256)),
        ] {
            assert!(Coding::new(8, near, &preset, Reading::Standard).is_err(), "{near} {preset:?}");
        }
        let coding = Coding::new(8, 3, &preset(200, [10, 20, 30], 255), Reading::Standard).unwrap();
        assert_eq!((coding.range, coding.error_bits, coding.limit), (30, 5, 32));
    }
}
