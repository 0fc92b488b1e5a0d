//! Lossless JPEG with Huffman coding (T.81 annex H; transfer syntaxes .57 and .70).

use super::bits::Bits;
use super::entropy::Entropy;
use super::huffman::Huffman;
use super::markers::{Frame, Header, Scan, Tables, needed};
use super::{EARLY, NO_CODE, scans};
use crate::dicom::codec::fault::Fault;
use crate::dicom::codec::stored::{Cells, of_codestream};
use crate::dicom::{PixelFormat, Samples};

/// Samples, interleaved. All seven predictors, 2 to 16 bits, any point transform, restart intervals, colour in
/// one scan or in several.
pub(super) fn decode(format: &PixelFormat, header: &Header, bytes: &[u8]) -> Result<Samples, Fault> {
    let frame = &header.frame;
    if frame.components.iter().any(|c| (c.across, c.down) != frame.most_sampling()) {
        return Err(Fault::Pixels("lossless JPEG with subsampled components".to_owned()));
    }
    let components = frame.components.len();
    // Every sample has a code of one bit at least.
    let count = frame.rows * frame.columns * components;
    if count / 8 > bytes.len() {
        return Err(Fault::Damaged("lossless JPEG too short for its size"));
    }
    let mut values = vec![0_u16; count];
    let mut seen = vec![false; components];
    scans::each(frame, bytes, |scan, tables, entropy| {
        for component in &scan.components {
            if std::mem::replace(&mut seen[component.index], true) {
                return Err(Fault::Damaged("a JPEG component with two scans"));
            }
        }
        match scan.components.len() {
            1 => decode_scan::<1>(frame, scan, tables, entropy, &mut values)?,
            2 => decode_scan::<2>(frame, scan, tables, entropy, &mut values)?,
            3 => decode_scan::<3>(frame, scan, tables, entropy, &mut values)?,
            _ => return Err(Fault::Pixels("lossless JPEG with more than three components".to_owned())),
        }
        Ok(if seen.iter().all(|&seen| seen) { scans::Image::Complete } else { scans::Image::Incomplete })
    })?;
    Ok(Cells::widen(values, format.bits_allocated)?.into_samples(&of_codestream(format)))
}

/// One line of the `N` components of a scan, before the point transform is undone.
type Line<const N: usize> = [[u16; N]];

/// Decodes the rest of a line whose first pixel is known.
type Rest<const N: usize> = fn(&mut Line<N>, &Line<N>, &[&Huffman; N], &mut Bits<'_>) -> bool;

/// Decodes one scan of `N` components into `values`, which hold all components of the frame.
fn decode_scan<const N: usize>(
    frame: &Frame,
    scan: &Scan,
    tables: &Tables,
    entropy: &Entropy,
    values: &mut [u16],
) -> Result<(), Fault> {
    let rest = rest_of_line::<N>(scan.start)?;
    let Some(shift) = frame.precision.checked_sub(scan.low + 1) else {
        return Err(Fault::Damaged("a lossless JPEG scan with a point transform out of range"));
    };
    let interval = tables.restart_interval;
    if !interval.is_multiple_of(frame.columns) {
        return Err(Fault::Damaged("a lossless JPEG restart interval that is not whole lines"));
    }
    let mut parts = [(0, needed(&tables.dc, scan.components[0].dc)?); N];
    for (part, component) in parts.iter_mut().zip(&scan.components) {
        *part = (component.index, needed(&tables.dc, component.dc)?);
    }
    let huffman = parts.map(|(_, table)| table);
    let lines = if interval == 0 { frame.rows } else { interval / frame.columns };
    let components = frame.components.len();
    let (mut above, mut line) = (vec![[0_u16; N]; frame.columns], vec![[0_u16; N]; frame.columns]);
    let of_interval = lines * frame.columns * components;
    for (number, values) in values.chunks_mut(of_interval).enumerate() {
        let mut bits = Bits::new(entropy.interval(number).ok_or(EARLY)?);
        for (row, values) in values.chunks_exact_mut(frame.columns * components).enumerate() {
            // The first line of an interval has none above it (T.81 H.1.2.1).
            let whole = if row == 0 {
                line[0] = [1 << shift; N];
                from_left(&mut line, &huffman, &mut bits)
            } else {
                line[0] = above[0];
                first_pixel(&mut line, &huffman, &mut bits) && rest(&mut line, &above, &huffman, &mut bits)
            };
            if !whole {
                return Err(NO_CODE);
            }
            if bits.overrun() {
                return Err(EARLY);
            }
            for (pixel, coded) in values.chunks_exact_mut(components).zip(&line) {
                for (&(component, _), value) in parts.iter().zip(coded) {
                    pixel[component] = value << scan.low;
                }
            }
            std::mem::swap(&mut above, &mut line);
        }
    }
    Ok(())
}

/// The decoder for a selection value (T.81 table H.1): Ra is left, Rb above, Rc above left. Sums are modulo 2^16.
fn rest_of_line<const N: usize>(selection: u8) -> Result<Rest<N>, Fault> {
    Ok(match selection {
        1 => |line, _, huffman, bits| from_known(line, huffman, bits),
        2 => |line, above, huffman, bits| predicted(line, above, huffman, bits, |_, rb, _| rb),
        3 => |line, above, huffman, bits| predicted(line, above, huffman, bits, |_, _, rc| rc),
        4 => |line, above, huffman, bits| predicted(line, above, huffman, bits, |ra, rb, rc| ra + rb - rc),
        5 => |line, above, huffman, bits| {
            predicted(line, above, huffman, bits, |ra, rb, rc| ra + ((rb - rc) >> 1))
        },
        6 => |line, above, huffman, bits| {
            predicted(line, above, huffman, bits, |ra, rb, rc| rb + ((ra - rc) >> 1))
        },
        7 => |line, above, huffman, bits| predicted(line, above, huffman, bits, |ra, rb, _| (ra + rb) >> 1),
        _ => return Err(Fault::Damaged("a lossless JPEG scan with a predictor out of range")),
    })
}

/// Adds the differences of the first pixel to the prediction that stands there.
fn first_pixel<const N: usize>(line: &mut Line<N>, huffman: &[&Huffman; N], bits: &mut Bits<'_>) -> bool {
    for (value, table) in line[0].iter_mut().zip(huffman) {
        let Ok(step) = table.step(bits) else { return false };
        *value = value.wrapping_add(step.value as u16);
    }
    true
}

/// A whole line predicted from the left, with the first prediction standing there.
fn from_left<const N: usize>(line: &mut Line<N>, huffman: &[&Huffman; N], bits: &mut Bits<'_>) -> bool {
    first_pixel(line, huffman, bits) && from_known(line, huffman, bits)
}

/// The same with the first pixel known.
fn from_known<const N: usize>(line: &mut Line<N>, huffman: &[&Huffman; N], bits: &mut Bits<'_>) -> bool {
    let Some((first, rest)) = line.split_first_mut() else { return true };
    let mut left = *first;
    for pixel in rest {
        for component in 0..N {
            let Ok(step) = huffman[component].step(bits) else { return false };
            left[component] = left[component].wrapping_add(step.value as u16);
        }
        *pixel = left;
    }
    true
}

/// The rest of a line predicted from its neighbours.
#[inline(always)]
fn predicted<const N: usize>(
    line: &mut Line<N>,
    above: &Line<N>,
    huffman: &[&Huffman; N],
    bits: &mut Bits<'_>,
    predict: impl Fn(i32, i32, i32) -> i32,
) -> bool {
    let Some((first, rest)) = line.split_first_mut() else { return true };
    let mut left = *first;
    for (pixel, neighbours) in rest.iter_mut().zip(above.array_windows::<2>()) {
        for component in 0..N {
            let Ok(step) = huffman[component].step(bits) else { return false };
            let [above_left, above] = neighbours.map(|pixel| i32::from(pixel[component]));
            let prediction = predict(left[component].into(), above, above_left);
            left[component] = (prediction as u16).wrapping_add(step.value as u16);
        }
        *pixel = left;
    }
    true
}
