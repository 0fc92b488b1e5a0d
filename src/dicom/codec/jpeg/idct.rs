//! The inverse DCT of an 8x8 block (T.81 A.3.3) in integers, with the rounding of libjpeg's accurate method, so
//! that the samples are those that its users see.
//!
//! The method is that of Loeffler, Ligtenberg and Moschytz (ICASSP 1989): twelve multiplications for eight
//! values, here with factors of 13 fractional bits; columns first, with a few fractional bits kept for the rows.

use std::num::Wrapping;

/// Fractional bits of the factors.
const FACTOR_BITS: usize = 13;

/// One number of each of eight columns or rows, calculated together. A hostile stream may make them overflow,
/// which only makes wrong samples of wrong numbers.
type Lanes = [Wrapping<i32>; 8];

/// Eight lanes, one for each line of the block.
type Lines = [Lanes; 8];

/// A sample of a DCT stream.
pub(super) trait Level: Copy + Default {
    /// Fractional bits kept between the two steps; as many as libjpeg keeps.
    const KEPT: usize;
    /// Half of the range, added to every sample (T.81 A.3.1).
    const MIDDLE: i32;
    /// Limits to the range.
    fn limited(value: i32) -> Self;
}

impl Level for u8 {
    const KEPT: usize = 2;
    const MIDDLE: i32 = 128;
    fn limited(value: i32) -> Self {
        value.clamp(0, 255) as Self
    }
}

/// Twelve bits.
impl Level for u16 {
    const KEPT: usize = 1;
    const MIDDLE: i32 = 2048;
    fn limited(value: i32) -> Self {
        value.clamp(0, 4095) as Self
    }
}

/// Samples of a block, line by line, from its coefficients and their quantisation steps, both row by row.
pub(super) fn block<T: Level>(coefficients: &[i16; 64], steps: &[u16; 64]) -> [[T; 8]; 8] {
    let mut lines = [[Wrapping(0); 8]; 8];
    for ((line, coefficients), steps) in
        lines.iter_mut().zip(coefficients.as_chunks::<8>().0).zip(steps.as_chunks::<8>().0)
    {
        for lane in 0..8 {
            line[lane] = Wrapping(i32::from(coefficients[lane])) * Wrapping(i32::from(steps[lane]));
        }
    }
    let columns = one_dimension(&lines, FACTOR_BITS - T::KEPT);
    // Eight times the sample, since each of the two steps is the transform times the square root of eight.
    let rows = one_dimension(&transposed(&columns), FACTOR_BITS + T::KEPT + 3);
    transposed(&rows).map(|line| line.map(|value| T::limited((value + Wrapping(T::MIDDLE)).0)))
}

/// A block of which only the mean is coded.
pub(super) fn flat<T: Level>(coefficient: i16, step: u16) -> T {
    let value = Wrapping(i32::from(coefficient)) * Wrapping(i32::from(step));
    let kept = value << T::KEPT;
    T::limited((((kept + Wrapping(1 << (T::KEPT + 2))) >> (T::KEPT + 3)) + Wrapping(T::MIDDLE)).0)
}

fn transposed(lines: &Lines) -> Lines {
    std::array::from_fn(|row| std::array::from_fn(|column| lines[column][row]))
}

/// Transforms eight columns, and drops `bits` fractional bits with rounding.
#[inline(always)]
fn one_dimension(lines: &Lines, bits: usize) -> Lines {
    let mut out = [[Wrapping(0); 8]; 8];
    for lane in 0..8 {
        let column = [0, 1, 2, 3, 4, 5, 6, 7].map(|line: usize| lines[line][lane]);
        let sums = even(column[0], column[2], column[4], column[6]);
        let turned = odd(column[1], column[3], column[5], column[7]);
        for line in 0..4 {
            let half = Wrapping(1 << (bits - 1));
            out[line][lane] = (sums[line] + turned[line] + half) >> bits;
            out[7 - line][lane] = (sums[line] - turned[line] + half) >> bits;
        }
    }
    out
}

type Number = Wrapping<i32>;

/// The even half of the butterfly. Factors are those of the paper in 1/8192.
#[inline(always)]
fn even(x0: Number, x2: Number, x4: Number, x6: Number) -> [Number; 4] {
    let common = (x2 + x6) * Wrapping(4433);
    let (low, high) = (common + x2 * Wrapping(6270), common - x6 * Wrapping(15_137));
    let (plus, minus) = ((x0 + x4) << FACTOR_BITS, (x0 - x4) << FACTOR_BITS);
    [plus + low, minus + high, minus - high, plus - low]
}

/// The odd half.
#[inline(always)]
fn odd(x1: Number, x3: Number, x5: Number, x7: Number) -> [Number; 4] {
    let common = (x1 + x3 + x5 + x7) * Wrapping(9633);
    let (a, b) = (common - (x3 + x7) * Wrapping(16_069), common - (x1 + x5) * Wrapping(3196));
    let (c, d) = ((x1 + x7) * Wrapping(7373), (x3 + x5) * Wrapping(20_995));
    [
        x1 * Wrapping(12_299) - c + b,
        x3 * Wrapping(25_172) - d + a,
        x5 * Wrapping(16_819) - d + b,
        x7 * Wrapping(2446) - c + a,
    ]
}
