//! Marker segments (T.87 annex C): the frame header, the presets, the scans.

use super::parameters::Preset;
use crate::dicom::codec::fault::Fault;

pub(super) const RST0: u8 = 0xD0;
const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
const DRI: u8 = 0xDD;
const DNL: u8 = 0xDC;
const APP8: u8 = 0xE8;
const SOF55: u8 = 0xF7;
const LSE: u8 = 0xF8;

const SHORT: Fault = Fault::Damaged("a JPEG-LS marker segment is cut short");

/// One marker and its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    let rest = bytes.get(at..).unwrap_or_default();
    let fill = rest.iter().take_while(|&&byte| byte == 0xFF).count();
    let Some(&marker) = rest.get(fill).filter(|_| fill > 0) else {
        return Err(Fault::Damaged("no JPEG-LS marker where one must be"));
    };
    let body_at = at + fill + 1;
    if matches!(marker, 0x01 | 0xD0..=EOI) {
        return Ok(Segment { marker, body: &[], end: body_at });
    }
    let length = bytes.get(body_at..).and_then(|rest| rest.first_chunk::<2>()).ok_or(SHORT)?;
    let end = body_at + usize::from(u16::from_be_bytes(*length));
    let body = bytes.get(body_at + 2..end).ok_or(SHORT)?;
    Ok(Segment { marker, body, end })
}

/// Whether the first frame header of a stream with JPEG's markers is JPEG-LS's.
pub(super) fn is_jpegls(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Ok(segment) = segment_at(bytes, at) {
        match segment.marker {
            SOF55 => return true,
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF | SOS | EOI => return false,
            _ => {}
        }
        at = segment.end;
    }
    false
}

/// A reversible colour transform, which Hewlett-Packard's encoder announces in an APP8 segment `mrfx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transform {
    /// Red and blue less green.
    Hp1,
    /// Red less green, blue less the mean of both.
    Hp2,
    /// Something like luminance and two chrominances.
    Hp3,
}

/// The frame header (T.87 C.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// Bits of a sample, 2 to 16.
    pub(super) precision: u8,
    /// Lines.
    pub(super) rows: usize,
    /// Samples of a line.
    pub(super) columns: usize,
    /// Identifiers of the components, in order.
    pub(super) components: Vec<u8>,
}

impl Frame {
    fn parse(body: &[u8]) -> Result<Self, Fault> {
        let (&[precision, y1, y0, x1, x0, count], rest) = body.split_first_chunk().ok_or(SHORT)?;
        let (components, []) = rest.as_chunks::<3>() else { return Err(SHORT) };
        if components.len() != usize::from(count) || !(2..=16).contains(&precision) {
            return Err(Fault::Damaged("a JPEG-LS frame header that breaks its rules"));
        }
        if components.iter().any(|&[_, sampling, _]| sampling != 0x11) {
            return Err(Fault::Pixels("JPEG-LS with subsampled components".to_owned()));
        }
        let (rows, columns) = (u16::from_be_bytes([y1, y0]).into(), u16::from_be_bytes([x1, x0]).into());
        Ok(Self { precision, rows, columns, components: components.iter().map(|c| c[0]).collect() })
    }
}

/// What is in force for the next scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tables {
    /// Preset coding parameters.
    pub(super) preset: Preset,
    /// Lines between restart markers; 0 for none.
    pub(super) restart_lines: usize,
    /// The colour transform to be undone.
    pub(super) transform: Option<Transform>,
}

impl Tables {
    /// Takes in a segment, if it says something that changes samples.
    pub(super) fn update(&mut self, segment: &Segment<'_>) -> Result<(), Fault> {
        match (segment.marker, segment.body) {
            (LSE, body) => self.preset_segment(body),
            (DRI, body @ ([_, _] | [_, _, _] | [_, _, _, _])) => {
                self.restart_lines = body.iter().fold(0, |lines, &byte| lines << 8 | usize::from(byte));
                Ok(())
            }
            (DRI, _) => Err(SHORT),
            (DNL, _) => Err(Fault::Damaged("a JPEG-LS image whose height is defined after its scan")),
            (SOF55 | 0xC0..=0xC3, _) => Err(Fault::Damaged("two JPEG-LS frame headers")),
            (APP8, [b'm', b'r', b'f', b'x', number]) => {
                self.transform = match number {
                    0 => None,
                    1 => Some(Transform::Hp1),
                    2 => Some(Transform::Hp2),
                    3 => Some(Transform::Hp3),
                    other => return Err(Fault::Pixels(format!("JPEG-LS with colour transform {other}"))),
                };
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// T.87 C.2.4.1.
    fn preset_segment(&mut self, body: &[u8]) -> Result<(), Fault> {
        match body {
            [1, numbers @ ..] => {
                let (&[most, t1, t2, t3, reset], []) = numbers.as_chunks::<2>() else { return Err(SHORT) };
                let [most, t1, t2, t3, reset] = [most, t1, t2, t3, reset].map(u16::from_be_bytes);
                self.preset = Preset { most, thresholds: [t1, t2, t3], reset };
                Ok(())
            }
            [2 | 3, ..] => Err(Fault::Pixels("JPEG-LS with a mapping table".to_owned())),
            [4, ..] => Err(Fault::Pixels("JPEG-LS with its size in a preset segment".to_owned())),
            [other, ..] => Err(Fault::Pixels(format!("JPEG-LS with preset parameters of type {other}"))),
            [] => Err(SHORT),
        }
    }
}

/// What stands before the first scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The frame header.
    pub(super) frame: Frame,
    /// What the segments before the first scan define.
    pub(super) tables: Tables,
    /// Where the first scan's marker stands, or a fill byte before it.
    pub(super) scans_at: usize,
}

impl Header {
    /// Reads up to the first scan.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (mut frame, mut tables) = (None, Tables::default());
        let mut segment = segment_at(bytes, 0)?;
        if segment.marker != SOI {
            return Err(Fault::Damaged("no JPEG-LS start of image"));
        }
        loop {
            let scans_at = segment.end;
            segment = segment_at(bytes, scans_at)?;
            match segment.marker {
                SOF55 if frame.is_none() => frame = Some(Frame::parse(segment.body)?),
                SOS => {
                    let frame = frame.ok_or(Fault::Damaged("a JPEG-LS scan before its frame header"))?;
                    return Ok(Self { frame, tables, scans_at });
                }
                EOI | SOI => return Err(Fault::Damaged("a JPEG-LS image without a scan")),
                _ => tables.update(&segment)?,
            }
        }
    }
}

/// How the components of a scan follow each other (ILV).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interleave {
    /// One component.
    None,
    /// A line of each.
    Line,
    /// A sample of each.
    Sample,
}

/// A scan header (T.87 C.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// Indices of the components in the frame header.
    pub(super) components: Vec<usize>,
    /// Greatest error of a sample.
    pub(super) near: u8,
    /// Their order.
    pub(super) interleave: Interleave,
}

impl Scan {
    /// Parses the segment's parameters.
    pub(super) fn parse(body: &[u8], frame: &Frame) -> Result<Self, Fault> {
        let (&count, rest) = body.split_first().ok_or(SHORT)?;
        let (pairs, rest) = rest.split_at_checked(usize::from(count) * 2).ok_or(SHORT)?;
        let &[near, interleave, transform] = rest else { return Err(SHORT) };
        let mut components = Vec::with_capacity(usize::from(count));
        for &[id, table] in pairs.as_chunks::<2>().0 {
            let index = frame.components.iter().position(|&component| component == id);
            let index =
                index.ok_or(Fault::Damaged("a JPEG-LS scan of a component that the frame has not"))?;
            if components.contains(&index) {
                return Err(Fault::Damaged("a JPEG-LS scan that names a component twice"));
            }
            if table != 0 {
                return Err(Fault::Pixels("JPEG-LS with a mapping table".to_owned()));
            }
            components.push(index);
        }
        if transform & 15 != 0 {
            return Err(Fault::Pixels("JPEG-LS with a point transform".to_owned()));
        }
        let interleave = match (interleave, components.len()) {
            (0..=2, 1) => Interleave::None,
            (1, 2..) => Interleave::Line,
            (2, 2..) => Interleave::Sample,
            _ => return Err(Fault::Damaged("a JPEG-LS scan with an impossible interleave mode")),
        };
        Ok(Self { components, near, interleave })
    }
}
