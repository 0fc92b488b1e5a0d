//! The inverse DCT of an 8x8 block (T.81 A.3.3) in integers, with the rounding of libjpeg's accurate method, so
//! that the samples are those that its users see.
//!
//! The method is that of Loeffler, Ligtenberg and Moschytz (ICASSP 1989), here as sums of two products with
//! factors of 13 fractional bits; columns first, with a few fractional bits kept for the rows.
//!
//! The loops over eight columns are written such that the compiler makes the processor's instructions for eight
//! numbers of them: one body, each number loaded once, the turned block stored column by column.

/// Fractional bits of the factors.
const FACTOR_BITS: u32 = 13;

/// A block, line by line.
type Block<T> = [[T; 8]; 8];

/// A sample of a DCT stream, and how it is calculated.
pub(super) trait Level: Copy + Default {
    /// Numbers between the two steps: of 16 bits for samples of 8.
    type Number: Number;
    /// Fractional bits kept between the two steps; as many as libjpeg keeps.
    const KEPT: u32;
    /// From the transform, around zero: half of the range is added (T.81 A.3.1), what is outside is limited.
    fn centred(value: Self::Number) -> Self;
}

impl Level for u8 {
    type Number = i16;
    const KEPT: u32 = 2;
    #[inline(always)]
    fn centred(value: i16) -> Self {
        value.saturating_add(128).clamp(0, 255) as Self
    }
}

/// Twelve bits.
impl Level for u16 {
    type Number = i32;
    const KEPT: u32 = 1;
    #[inline(always)]
    fn centred(value: i32) -> Self {
        value.saturating_add(2048).clamp(0, 4095) as Self
    }
}

/// A number of the transform. A hostile stream may make it overflow, which only makes wrong samples of wrong
/// numbers.
pub(super) trait Number: Copy + Default {
    /// The coefficient times its quantisation step.
    fn product(coefficient: i16, step: u16) -> Self;
    /// The sum, modulo.
    fn plus(self, other: Self) -> Self;
    /// The difference, modulo.
    fn minus(self, other: Self) -> Self;
    /// The number itself.
    fn wide(self) -> i32;
    /// The nearest number.
    fn narrow(value: i32) -> Self;
}

impl Number for i16 {
    #[inline(always)]
    fn product(coefficient: i16, step: u16) -> Self {
        coefficient.wrapping_mul(step as Self)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
    #[inline(always)]
    fn wide(self) -> i32 {
        self.into()
    }
    #[inline(always)]
    fn narrow(value: i32) -> Self {
        value.clamp(Self::MIN.into(), Self::MAX.into()) as Self
    }
}

impl Number for i32 {
    #[inline(always)]
    fn product(coefficient: i16, step: u16) -> Self {
        Self::from(coefficient).wrapping_mul(step.into())
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
    #[inline(always)]
    fn wide(self) -> i32 {
        self
    }
    #[inline(always)]
    fn narrow(value: i32) -> Self {
        value
    }
}

/// Samples of a block from its coefficients and their quantisation steps, all line by line. Only the first
/// `USED` lines and columns of coefficients are looked at.
#[inline(never)]
pub(super) fn block<T: Level, const USED: usize>(coefficients: &[i16; 64], steps: &[u16; 64]) -> Block<T> {
    let mut lines: Block<T::Number> = Default::default();
    for (line, (coefficients, steps)) in
        lines.iter_mut().zip(coefficients.as_chunks::<8>().0.iter().zip(steps.as_chunks::<8>().0)).take(USED)
    {
        for ((number, coefficient), step) in line.iter_mut().zip(coefficients).zip(steps) {
            *number = T::Number::product(*coefficient, *step);
        }
    }
    let columns = turned::<_, _, USED>(&lines, FACTOR_BITS - T::KEPT, |number| number);
    // Each of the two steps is the transform times the square root of eight.
    turned::<_, _, USED>(&columns, FACTOR_BITS + T::KEPT + 3, T::centred)
}

/// The columns of a block, transformed; they come out as lines.
#[inline(always)]
fn turned<N: Number, T: Copy + Default, const USED: usize>(
    x: &Block<N>,
    bits: u32,
    finish: impl Fn(N) -> T,
) -> Block<T> {
    let mut columns = [[T::default(); 8]; 8];
    for at in 0..8 {
        let x = |line: usize| if line < USED { x[line][at] } else { N::default() };
        let values = transformed([x(0), x(1), x(2), x(3), x(4), x(5), x(6), x(7)], bits);
        for line in 0..8 {
            columns[at][line] = finish(values[line]);
        }
    }
    columns
}

/// A block of which only the mean is coded: the same for all its samples.
pub(super) fn flat<T: Level>(coefficient: i16, step: u16) -> T {
    let kept = T::Number::narrow(T::Number::product(coefficient, step).wide().wrapping_shl(T::KEPT));
    T::centred(T::Number::narrow(kept.wide().wrapping_add(1 << (T::KEPT + 2)) >> (T::KEPT + 3)))
}

/// Transforms eight numbers, and drops `bits` fractional bits with rounding. The factors are those of the paper
/// in 1/8192, put together where a number is multiplied by two of them.
#[inline(always)]
fn transformed<N: Number>(x: [N; 8], bits: u32) -> [N; 8] {
    let plus = x[0].plus(x[4]).wide() << FACTOR_BITS;
    let minus = x[0].minus(x[4]).wide() << FACTOR_BITS;
    let low = two_products(x[2], 4433 + 6270, x[6], 4433);
    let high = two_products(x[2], 4433, x[6], 4433 - 15_137);
    let even =
        [plus.wrapping_add(low), minus.wrapping_add(high), minus.wrapping_sub(high), plus.wrapping_sub(low)];

    let (x37, x15) = (x[3].plus(x[7]), x[1].plus(x[5]));
    let a = two_products(x37, 9633 - 16_069, x15, 9633);
    let b = two_products(x37, 9633, x15, 9633 - 3196);
    let odd = [
        two_products(x[1], 12_299 - 7373, x[7], -7373).wrapping_add(b),
        two_products(x[3], 25_172 - 20_995, x[5], -20_995).wrapping_add(a),
        two_products(x[5], 16_819 - 20_995, x[3], -20_995).wrapping_add(b),
        two_products(x[7], 2446 - 7373, x[1], -7373).wrapping_add(a),
    ];

    let rounded = |value: i32| N::narrow(value.wrapping_add(1 << (bits - 1)) >> bits);
    let sum = |line: usize| rounded(even[line].wrapping_add(odd[line]));
    let difference = |line: usize| rounded(even[line].wrapping_sub(odd[line]));
    [sum(0), sum(1), sum(2), sum(3), difference(3), difference(2), difference(1), difference(0)]
}

#[inline(always)]
fn two_products<N: Number>(a: N, by_a: i32, b: N, by_b: i32) -> i32 {
    a.wide().wrapping_mul(by_a).wrapping_add(b.wide().wrapping_mul(by_b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of pseudo-random coefficients, in the first `used` lines and columns.
    fn blocks(used: usize) -> impl Iterator<Item = [i16; 64]> {
        (1_u32..200).map(move |seed| {
            std::array::from_fn(|at| {
                let number =
                    seed.wrapping_mul(2_654_435_761).wrapping_mul(at as u32 * 40_503 + 1).rotate_left(15)
                        >> 20;
                let inside = at / 8 < used && at % 8 < used;
                if inside && number % 3 == 0 { number as i16 % 40 - 20 } else { 0 }
            })
        })
    }

    #[test]
    fn short_cuts_give_what_the_whole_transform_gives() {
        let steps = std::array::from_fn(|at| 3 + at as u16);
        for coefficients in blocks(4) {
            assert_eq!(block::<u8, 4>(&coefficients, &steps), block::<u8, 8>(&coefficients, &steps));
            assert_eq!(block::<u16, 4>(&coefficients, &steps), block::<u16, 8>(&coefficients, &steps));
        }
        for mean in i16::MIN..=i16::MAX {
            let mut coefficients = [0; 64];
            coefficients[0] = mean;
            let whole = block::<u16, 8>(&coefficients, &[1; 64]);
            assert_eq!(whole, [[flat::<u16>(mean, 1); 8]; 8], "{mean}");
            if mean.unsigned_abs() < 1 << 13 {
                let whole = block::<u8, 8>(&coefficients, &[1; 64]);
                assert_eq!(whole, [[flat::<u8>(mean, 1); 8]; 8], "{mean}");
            }
        }
    }

    #[test]
    fn both_widths_give_the_same_picture() {
        let steps = [5; 64];
        for coefficients in blocks(8) {
            let (narrow, wide) =
                (block::<u8, 8>(&coefficients, &steps), block::<u16, 8>(&coefficients, &steps));
            for (narrow, wide) in narrow.as_flattened().iter().zip(wide.as_flattened()) {
                let expected = (i32::from(*wide) - 2048 + 128).clamp(0, 255);
                assert!((i32::from(*narrow) - expected).abs() <= 1, "{narrow} for {expected}");
            }
        }
    }

    #[test]
    fn numbers_beyond_all_images_make_samples_and_no_panic() {
        for coefficient in [i16::MIN, i16::MAX] {
            let _ = block::<u8, 8>(&[coefficient; 64], &[u16::MAX; 64]);
            let _ = block::<u16, 8>(&[coefficient; 64], &[u16::MAX; 64]);
            let _ = (flat::<u8>(coefficient, u16::MAX), flat::<u16>(coefficient, u16::MAX));
        }
    }
}
