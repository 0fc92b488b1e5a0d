//! Marker segments (T.81 annex B): the frame header, the tables, the scans.

use super::huffman::{Class, Huffman};
use crate::dicom::codec::fault::Fault;

pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
const DHT: u8 = 0xC4;
const DQT: u8 = 0xDB;
const DRI: u8 = 0xDD;
const DNL: u8 = 0xDC;
const APP0: u8 = 0xE0;
const APP14: u8 = 0xEE;

/// Where the coefficients of a block stand, row by row, in the order in which they are coded (T.81 figure A.6).
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

const SHORT: Fault = Fault::Damaged("a JPEG marker segment is cut short");
const NUMBER: Fault = Fault::Damaged("a JPEG table with a number or precision out of range");

/// One marker and its parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    /// The marker's second byte.
    pub(super) marker: u8,
    /// Its parameters behind the length; empty for markers without.
    pub(super) body: &'a [u8],
    /// Where the next byte stands.
    pub(super) end: usize,
}

/// The segment at `at`, which must be a marker, perhaps behind fill bytes (T.81 B.1.1.2).
pub(super) fn segment_at(bytes: &[u8], at: usize) -> Result<Segment<'_>, Fault> {
    let mut mark = at;
    if bytes.get(mark) != Some(&0xFF) {
        return Err(Fault::Damaged("no JPEG marker where one must be"));
    }
    while bytes.get(mark + 1) == Some(&0xFF) {
        mark += 1;
    }
    let marker = *bytes.get(mark + 1).ok_or(SHORT)?;
    let body_at = mark + 2;
    if matches!(marker, 0x01 | 0xD0..=EOI) {
        return Ok(Segment { marker, body: &[], end: body_at });
    }
    let length = bytes.get(body_at..).and_then(|rest| rest.first_chunk::<2>()).ok_or(SHORT)?;
    let end = body_at + usize::from(u16::from_be_bytes(*length));
    let body = bytes.get(body_at + 2..end).ok_or(SHORT)?;
    Ok(Segment { marker, body, end })
}

/// A component of the frame (T.81 B.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    /// Identifier.
    pub(super) id: u8,
    /// Horizontal sampling factor, 1 to 4.
    pub(super) across: usize,
    /// Vertical sampling factor, 1 to 4.
    pub(super) down: usize,
    /// Quantisation table.
    pub(super) quantiser: usize,
}

/// The frame header (T.81 B.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// The number n of SOFn.
    pub(super) process: u8,
    /// Bits of a sample.
    pub(super) precision: u8,
    /// Lines.
    pub(super) rows: usize,
    /// Samples of a line.
    pub(super) columns: usize,
    /// In order.
    pub(super) components: Vec<Component>,
}

impl Frame {
    fn parse(marker: u8, body: &[u8]) -> Result<Self, Fault> {
        let (&[precision, y1, y0, x1, x0, count], rest) = body.split_first_chunk().ok_or(SHORT)?;
        let (components, []) = rest.as_chunks::<3>() else { return Err(SHORT) };
        let mut components: Vec<Component> = components
            .iter()
            .map(|&[id, sampling, quantiser]| Component {
                id,
                across: usize::from(sampling >> 4),
                down: usize::from(sampling & 15),
                quantiser: quantiser.into(),
            })
            .collect();
        let usable = components.iter().all(|c| (1..=4).contains(&c.across) && (1..=4).contains(&c.down));
        if components.len() != usize::from(count) || components.is_empty() || !usable {
            return Err(Fault::Damaged("a JPEG frame header that breaks its rules"));
        }
        // Alone, a component is the measure of itself, whatever real encoders write (T.81 A.2.2).
        if let [only] = components.as_mut_slice() {
            (only.across, only.down) = (1, 1);
        }
        let (rows, columns) = (u16::from_be_bytes([y1, y0]).into(), u16::from_be_bytes([x1, x0]).into());
        Ok(Self { process: marker - 0xC0, precision, rows, columns, components })
    }

    /// The greatest sampling factors, across and down.
    pub(super) fn most_sampling(&self) -> (usize, usize) {
        self.components.iter().fold((1, 1), |(across, down), c| (across.max(c.across), down.max(c.down)))
    }
}

/// What stands before the first scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The frame header.
    pub(super) frame: Frame,
    /// The transform flag of an Adobe APP14 segment: 0 none, 1 YCbCr, 2 YCCK.
    pub(super) adobe_transform: Option<u8>,
    /// A JFIF APP0 segment.
    pub(super) jfif: bool,
}

impl Header {
    /// Reads up to the first scan.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (mut frame, mut adobe_transform, mut jfif) = (None, None, false);
        let mut segment = segment_at(bytes, 0)?;
        if segment.marker != SOI {
            return Err(Fault::Damaged("no JPEG start of image"));
        }
        loop {
            segment = segment_at(bytes, segment.end)?;
            match segment.marker {
                SOS => break,
                EOI | SOI => return Err(Fault::Damaged("a JPEG image without a scan")),
                APP0 => jfif |= segment.body.starts_with(b"JFIF\0"),
                APP14 if segment.body.starts_with(b"Adobe") => {
                    adobe_transform = segment.body.get(11).copied();
                }
                DHT | 0xC8 | 0xCC => {}
                // JPEG-LS (ISO 14495-1 C.2.2).
                0xF7 => return Err(Fault::NotDecoded),
                0xC0..=0xCF if frame.is_some() => return Err(Fault::Damaged("two JPEG frame headers")),
                marker @ 0xC0..=0xCF => frame = Some(Frame::parse(marker, segment.body)?),
                _ => {}
            }
        }
        let frame = frame.ok_or(Fault::Damaged("a JPEG scan before its frame header"))?;
        Ok(Self { frame, adobe_transform, jfif })
    }
}

/// The tables in force (T.81 B.2.4).
#[derive(Default)]
pub(super) struct Tables {
    /// DC and lossless tables.
    pub(super) dc: [Option<Huffman>; 4],
    /// AC tables.
    pub(super) ac: [Option<Huffman>; 4],
    /// Quantisation tables, row by row.
    pub(super) quantisers: [Option<[u16; 64]>; 4],
    /// MCUs between restart markers; 0 for none.
    pub(super) restart_interval: usize,
}

impl Tables {
    /// Takes in a segment if it defines tables or the restart interval; others change nothing.
    pub(super) fn update(&mut self, segment: &Segment<'_>) -> Result<(), Fault> {
        match segment.marker {
            DHT => self.define_huffman(segment.body),
            DQT => self.define_quantisers(segment.body),
            DRI => {
                let interval = segment.body.first_chunk::<2>().ok_or(SHORT)?;
                self.restart_interval = u16::from_be_bytes(*interval).into();
                Ok(())
            }
            DNL => Err(Fault::Damaged("a JPEG image whose height is defined after its scan")),
            _ => Ok(()),
        }
    }

    fn define_huffman(&mut self, mut body: &[u8]) -> Result<(), Fault> {
        while let Some((&kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(SHORT)?;
            let total = counts.iter().map(|&n| usize::from(n)).sum();
            let (symbols, rest) = rest.split_at_checked(total).ok_or(SHORT)?;
            let (class, places) = match kind >> 4 {
                0 => (Class::Difference, &mut self.dc),
                1 => (Class::Coefficient, &mut self.ac),
                _ => return Err(NUMBER),
            };
            let place = places.get_mut(usize::from(kind & 15)).ok_or(NUMBER)?;
            *place = Some(Huffman::new(class, counts, symbols)?);
            body = rest;
        }
        Ok(())
    }

    fn define_quantisers(&mut self, mut body: &[u8]) -> Result<(), Fault> {
        while let Some((&kind, rest)) = body.split_first() {
            let size = match kind >> 4 {
                0 => 1,
                1 => 2,
                _ => return Err(NUMBER),
            };
            let (steps, rest) = rest.split_at_checked(64 * size).ok_or(SHORT)?;
            let place = self.quantisers.get_mut(usize::from(kind & 15)).ok_or(NUMBER)?;
            let table = place.insert([0; 64]);
            for (step, at) in steps.chunks(size).zip(ZIGZAG) {
                table[usize::from(at)] = step.iter().fold(0, |value, &byte| value << 8 | u16::from(byte));
            }
            body = rest;
        }
        Ok(())
    }
}

/// A component's part in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScanComponent {
    /// Index in the frame header.
    pub(super) index: usize,
    /// DC table.
    pub(super) dc: usize,
    /// AC table.
    pub(super) ac: usize,
}

/// A scan header (T.81 B.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// In order.
    pub(super) components: Vec<ScanComponent>,
    /// Start of spectral selection; in lossless scans the predictor.
    pub(super) start: u8,
    /// End of spectral selection.
    pub(super) end: u8,
    /// Successive approximation high: the bit position of the scan before, 0 for none.
    pub(super) high: u8,
    /// Successive approximation low; in lossless scans the point transform.
    pub(super) low: u8,
}

impl Scan {
    /// Parses the segment's parameters.
    pub(super) fn parse(body: &[u8], frame: &Frame) -> Result<Self, Fault> {
        let (&count, rest) = body.split_first().ok_or(SHORT)?;
        let (pairs, rest) = rest.split_at_checked(usize::from(count) * 2).ok_or(SHORT)?;
        let &[start, end, approximation] = rest.first_chunk::<3>().ok_or(SHORT)?;
        let mut components = Vec::with_capacity(usize::from(count));
        for &[id, tables] in pairs.as_chunks::<2>().0 {
            let index = frame.components.iter().position(|component| component.id == id);
            let index = index.ok_or(Fault::Damaged("a JPEG scan of a component that the frame has not"))?;
            if components.iter().any(|earlier: &ScanComponent| earlier.index == index) {
                return Err(Fault::Damaged("a JPEG scan that names a component twice"));
            }
            components.push(ScanComponent { index, dc: (tables >> 4).into(), ac: (tables & 15).into() });
        }
        if components.is_empty() {
            return Err(Fault::Damaged("a JPEG scan of no components"));
        }
        Ok(Self { components, start, end, high: approximation >> 4, low: approximation & 15 })
    }
}

/// The table number `index` of a kind that a scan needs.
pub(super) fn needed<T>(tables: &[Option<T>; 4], index: usize) -> Result<&T, Fault> {
    tables
        .get(index)
        .and_then(Option::as_ref)
        .ok_or(Fault::Damaged("a JPEG scan that uses a table never defined"))
}
