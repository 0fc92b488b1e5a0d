//! One line of samples (T.87 A.3 to A.7), the loop where the time goes.

use super::bits::{Bits, EARLY};
use super::context::{CONTEXTS, Regular, Run};
use super::gradient::Gradients;
use super::parameters::Coding;
use crate::dicom::codec::fault::Fault;

/// Run lengths are coded in blocks of 2^J samples (T.87 A.2.1).
const RUN_BLOCKS: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The longest unary part that is decoded without a second look. Any escape has more zeros.
const SHORT_UNARY: u32 = 16;

const DAMAGED: Fault = Fault::Damaged("a JPEG-LS code that no encoder writes");

/// State of a scan between lines: bits, and what was learnt.
pub(super) struct Decoder<'a> {
    pub(super) coding: Coding,
    pub(super) bits: Bits<'a>,
    gradients: Gradients,
    regular: [Regular; CONTEXTS],
    /// For runs that end at another sample than the one above, and at an equal one.
    run: [Run; 2],
}

impl<'a> Decoder<'a> {
    pub(super) fn new(coding: Coding, bits: Bits<'a>) -> Self {
        Self {
            coding,
            bits,
            gradients: Gradients::new(&coding),
            regular: [Regular::new(&coding); CONTEXTS],
            run: [Run::new(&coding, 0), Run::new(&coding, 1)],
        }
    }

    /// Goes behind the restart marker of this number (0 to 7) and forgets what was learnt.
    pub(super) fn restart(&mut self, number: u8) -> Result<(), Fault> {
        self.bits.restart(number)?;
        self.regular.fill(Regular::new(&self.coding));
        self.run = [Run::new(&self.coding, 0), Run::new(&self.coding, 1)];
        Ok(())
    }

    /// Decodes a line of pixels with `N` samples each. Both lines have one pixel more than the image at each end;
    /// the caller has set those of `line` and `above` (T.87 A.2.1).
    pub(super) fn line<const N: usize>(
        &mut self,
        above: &[[u16; N]],
        line: &mut [[u16; N]],
        run_index: &mut usize,
    ) -> Result<(), Fault> {
        if self.coding.wraps() {
            self.line_of::<N, true>(above, line, run_index)
        } else {
            self.line_of::<N, false>(above, line, run_index)
        }
    }

    fn line_of<const N: usize, const WRAPS: bool>(
        &mut self,
        above: &[[u16; N]],
        line: &mut [[u16; N]],
        run_index: &mut usize,
    ) -> Result<(), Fault> {
        let end = line.len() - 1;
        let (coding, mut bits, mut most_code) = (self.coding, self.bits, 0);
        let (mut ra, mut rb, mut rd) = (line[0], above[0], above[1]);
        let mut at = 1;
        while at < end {
            let rc = rb;
            (rb, rd) = (rd, above[at + 1]);
            let mut neighbourhoods = [0; N];
            for i in 0..N {
                let [a, b, c, d] = [ra[i], rb[i], rc[i], rd[i]].map(i32::from);
                neighbourhoods[i] = self.gradients.neighbourhood(a, b, c, d);
            }
            if neighbourhoods != [0; N] {
                for i in 0..N {
                    let [a, b, c] = [ra[i], rb[i], rc[i]].map(i32::from);
                    let predicted = (a + b - c).clamp(a.min(b), a.max(b));
                    let context =
                        &mut self.regular[neighbourhoods[i].unsigned_abs() as usize & (CONTEXTS - 1)];
                    let code = golomb(&mut bits, u32::from(context.k), &coding)?;
                    most_code = most_code.max(code);
                    ra[i] = regular::<WRAPS>(context, neighbourhoods[i] >> 31, predicted, code, &coding);
                }
                line[at] = ra;
                at += 1;
            } else {
                let length = run_length(&mut bits, run_index, end - at)?;
                line[at..at + length].fill(ra);
                at += length;
                if at < end {
                    let limit = coding.limit - RUN_BLOCKS[*run_index] - 1;
                    (bits, ra) = self.interruption(bits, limit, ra, above[at])?;
                    *run_index = run_index.saturating_sub(1);
                    line[at] = ra;
                    at += 1;
                    (rb, rd) = (above[at - 1], above[at]);
                }
            }
        }
        self.bits = bits;
        bits.check()?;
        if most_code <= coding.most_code() { Ok(()) } else { Err(DAMAGED) }
    }

    /// The pixel that ends a run (T.87 A.7.2). In pixels of several samples, each is predicted from above.
    #[inline(never)]
    fn interruption<const N: usize>(
        &mut self,
        mut bits: Bits<'a>,
        limit: u32,
        ra: [u16; N],
        rb: [u16; N],
    ) -> Result<(Bits<'a>, [u16; N]), Fault> {
        let coding = &self.coding;
        let mut pixel = [0; N];
        for i in 0..N {
            let (a, b) = (i32::from(ra[i]), i32::from(rb[i]));
            let equal = N == 1 && (a - b).abs() <= coding.near;
            let context = &mut self.run[usize::from(equal)];
            let k = context.k();
            let (rest, code) = long_golomb(bits, k, coding.escape(limit), coding.error_bits)?;
            bits = rest;
            if code > coding.most_code() {
                return Err(DAMAGED);
            }
            let error = context.error(code, k, coding.reset);
            pixel[i] = match (equal, a > b) {
                (true, _) => reconstruct(a, error, coding),
                (false, true) => reconstruct(b, -error, coding),
                (false, false) => reconstruct(b, error, coding),
            };
        }
        Ok((bits, pixel))
    }
}

/// A sample of the regular mode from its code; `sign` is -1 for neighbourhoods below zero, else 0.
#[inline(always)]
fn regular<const WRAPS: bool>(
    context: &mut Regular,
    sign: i32,
    predicted: i32,
    code: u32,
    coding: &Coding,
) -> u16 {
    let corrected = predicted + ((i32::from(context.correction) ^ sign) - sign);
    let predicted = corrected.clamp(0, coding.most);
    let error = (code >> 1) as i32 ^ -((code & 1) as i32) ^ i32::from(context.inverted);
    context.count::<WRAPS>(error, coding);
    let error = (error ^ sign) - sign;
    if WRAPS { ((predicted + error) & coding.most) as u16 } else { reconstruct(predicted, error, coding) }
}

/// The sample for a prediction and its error, which wraps around at the ends of the range (T.87 A.4.5).
#[inline(always)]
fn reconstruct(predicted: i32, error: i32, coding: &Coding) -> u16 {
    let whole = coding.range * coding.step;
    let mut value = predicted.wrapping_add(error.wrapping_mul(coding.step));
    if value < -coding.near {
        value += whole;
    } else if value > coding.most + coding.near {
        value -= whole;
    }
    value.clamp(0, coding.most) as u16
}

/// A code of the regular mode (T.87 A.5.3).
#[inline(always)]
fn golomb(bits: &mut Bits<'_>, k: u32, coding: &Coding) -> Result<u32, Fault> {
    bits.need(32);
    let zeros = bits.zeros();
    if zeros < SHORT_UNARY {
        bits.skip(zeros + 1);
        return Ok((zeros << k) | bits.take(k));
    }
    let (rest, code) = long_golomb(*bits, k, coding.escape(coding.limit), coding.error_bits)?;
    *bits = rest;
    Ok(code)
}

/// The same, where the unary part may be long or its bound low.
#[cold]
#[inline(never)]
fn long_golomb(mut bits: Bits<'_>, k: u32, escape: u32, error_bits: u32) -> Result<(Bits<'_>, u32), Fault> {
    bits.need(57);
    let zeros = bits.zeros();
    if zeros > escape {
        return Err(if bits.ended() { EARLY } else { DAMAGED });
    }
    bits.skip(zeros + 1);
    bits.need(32);
    let code = if zeros < escape { (zeros << k) | bits.take(k) } else { bits.take(error_bits) + 1 };
    Ok((bits, code))
}

/// Pixels of a run, at most `left`, which end the line (T.87 A.7.1).
#[inline(always)]
fn run_length(bits: &mut Bits<'_>, run_index: &mut usize, left: usize) -> Result<usize, Fault> {
    let mut length = 0;
    loop {
        bits.need(32);
        let block = RUN_BLOCKS[*run_index];
        if bits.take(1) == 0 {
            length += bits.take(block) as usize;
            return if length < left { Ok(length) } else { Err(DAMAGED) };
        }
        length += 1 << block;
        if length <= left {
            *run_index = (*run_index + 1).min(31);
        }
        if length >= left {
            return Ok(left);
        }
    }
}
