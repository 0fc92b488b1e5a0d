//! Lossless JPEG with Huffman coding (T.81 annex H; transfer syntaxes .57 and .70).

use super::bits::Bits;
use super::huffman::Huffman;
use super::markers::{EOI, Header, SOS, Scan, Tables, entropy_end, segment_at};
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
    let mut image = Image { values: vec![0; count], columns: frame.columns, components };
    let mut tables = Tables::default();
    let mut seen = vec![false; components];
    let mut segment = segment_at(bytes, 0)?;
    while !seen.iter().all(|&seen| seen) {
        segment = segment_at(bytes, segment.end)?;
        match segment.marker {
            SOS => {
                let scan = Scan::parse(segment.body, frame)?;
                for component in &scan.components {
                    if std::mem::replace(&mut seen[component.index], true) {
                        return Err(Fault::Damaged("a JPEG component with two scans"));
                    }
                }
                let end = entropy_end(bytes, segment.end);
                decode_scan(&mut image, &scan, &tables, frame.precision, &bytes[segment.end..end])?;
                segment.end = end;
            }
            EOI => return Err(Fault::Damaged("a JPEG component without a scan")),
            _ => tables.update(&segment)?,
        }
    }
    Ok(Cells::widen(image.values, format.bits_allocated)?.into_samples(&of_codestream(format)))
}

/// Reconstructed values, before the point transform is undone while a scan is decoded.
struct Image {
    values: Vec<u16>,
    columns: usize,
    components: usize,
}

/// How samples are predicted from their neighbours Ra (left), Rb (above), Rc (above left), T.81 table H.1.
#[derive(Clone, Copy)]
struct Prediction {
    selection: u8,
    /// Prediction of the first sample of a scan and after a restart.
    start: i32,
}

impl Prediction {
    fn of(scan: &Scan, precision: u8) -> Result<Self, Fault> {
        if !(1..=7).contains(&scan.predictor) || scan.point_transform >= precision {
            return Err(Fault::Damaged(
                "a lossless JPEG scan with a predictor or point transform out of range",
            ));
        }
        Ok(Self { selection: scan.predictor, start: 1 << (precision - scan.point_transform - 1) })
    }

    fn of_neighbours(self, left: u16, above: u16, above_left: u16) -> i32 {
        let (ra, rb, rc) = (i32::from(left), i32::from(above), i32::from(above_left));
        match self.selection {
            1 => ra,
            2 => rb,
            3 => rc,
            4 => ra + rb - rc,
            5 => ra + ((rb - rc) >> 1),
            6 => rb + ((ra - rc) >> 1),
            _ => (ra + rb) >> 1,
        }
    }
}

fn decode_scan(
    image: &mut Image,
    scan: &Scan,
    tables: &Tables,
    precision: u8,
    entropy: &[u8],
) -> Result<(), Fault> {
    let prediction = Prediction::of(scan, precision)?;
    let interval = tables.restart_interval;
    if !interval.is_multiple_of(image.columns) {
        return Err(Fault::Damaged("a lossless JPEG restart interval that is not whole lines"));
    }
    let parts = scan
        .components
        .iter()
        .map(|component| {
            let table = tables.dc.get(component.dc).and_then(Option::as_ref);
            table.map(|table| (component.index, table))
        })
        .collect::<Option<Vec<_>>>()
        .ok_or(Fault::Damaged("a JPEG scan that uses a table never defined"))?;
    let lines_between_restarts = interval / image.columns;
    let line_length = image.columns * image.components;
    let mut bits = Bits::new(entropy);
    let mut first_line = true;
    for line in 0..image.values.len() / line_length {
        if lines_between_restarts > 0 && line > 0 && line.is_multiple_of(lines_between_restarts) {
            bits.restart(((line / lines_between_restarts - 1) % 8) as u8)?;
            first_line = true;
        }
        let (before, rest) = image.values.split_at_mut(line * line_length);
        let above = (!first_line).then(|| &before[before.len() - line_length..]);
        decode_line(&mut rest[..line_length], above, image.components, prediction, &parts, &mut bits)?;
        first_line = false;
    }
    if scan.point_transform > 0 {
        for (index, value) in image.values.iter_mut().enumerate() {
            if parts.iter().any(|&(component, _)| component == index % image.components) {
                *value <<= scan.point_transform;
            }
        }
    }
    Ok(())
}

/// One line of all components of the scan. The first line, without one above, is predicted from the left; the
/// first sample of the others from above (T.81 H.1.2.1). Sums are modulo 2^16.
fn decode_line(
    line: &mut [u16],
    above: Option<&[u16]>,
    components: usize,
    prediction: Prediction,
    parts: &[(usize, &Huffman)],
    bits: &mut Bits<'_>,
) -> Result<(), Fault> {
    for pixel in (0..line.len()).step_by(components) {
        for &(component, table) in parts {
            let at = pixel + component;
            let predicted = match (above, at.checked_sub(components)) {
                (None, None) => prediction.start,
                (None, Some(left)) => i32::from(line[left]),
                (Some(above), None) => i32::from(above[at]),
                (Some(above), Some(left)) => prediction.of_neighbours(line[left], above[at], above[left]),
            };
            let size = table.decode(bits)?;
            line[at] = (predicted + bits.difference(size)?) as u16;
        }
    }
    Ok(())
}
