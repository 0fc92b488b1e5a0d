//! The first words of a JPEG XL code stream (ISO/IEC 18181-1 annex D): what decides a decoder's cost.

use crate::dicom::codec::fault::Fault;

const SHORT: Fault = Fault::Damaged("a JPEG XL code stream is cut short");

/// What the image header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Lines as coded, before any orientation.
    pub(super) rows: u64,
    /// Samples of a line as coded.
    pub(super) columns: u64,
    /// Bits of a sample.
    pub(super) precision: u32,
    /// Coded in XYB, the colour space of lossy coding: comes out as RGB or grey.
    pub(super) xyb: bool,
    /// JPEG data that was packed without loss is said to be in it.
    pub(super) from_jpeg: bool,
}

impl Header {
    /// Reads a bare code stream, or that of a container (ISO/IEC 18181-2).
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (codestream, from_jpeg) = match bytes {
            [0xFF, 0x0A, rest @ ..] => (rest, false),
            _ => {
                let opened = Container::open(bytes)?;
                let rest = opened.codestream.strip_prefix(&[0xFF, 0x0A]).ok_or(SHORT)?;
                (rest, opened.from_jpeg)
            }
        };
        let mut bits = Bits { bytes: codestream, at: 0 };
        let (rows, columns) = size(&mut bits)?;
        let (precision, xyb) = metadata(&mut bits)?;
        Ok(Self { rows, columns, precision, xyb, from_jpeg })
    }
}

/// SizeHeader (D.2).
fn size(bits: &mut Bits<'_>) -> Result<(u64, u64), Fault> {
    let small = bits.flag()?;
    let rows = side(bits, small)?;
    let columns = match bits.take(3)? {
        0 => side(bits, small)?,
        1 => rows,
        2 => rows * 12 / 10,
        3 => rows * 4 / 3,
        4 => rows * 3 / 2,
        5 => rows * 16 / 9,
        6 => rows * 5 / 4,
        _ => rows * 2,
    };
    Ok((rows, columns))
}

fn side(bits: &mut Bits<'_>, small: bool) -> Result<u64, Fault> {
    if small {
        return Ok((bits.take(5)? + 1) * 8);
    }
    let width = [9, 13, 18, 30][bits.take(2)? as usize];
    Ok(bits.take(width)? + 1)
}

/// ImageMetadata (D.3) up to the colour encoding: bits of a sample, and whether it is XYB.
fn metadata(bits: &mut Bits<'_>) -> Result<(u32, bool), Fault> {
    let all_default = bits.flag()?;
    if all_default {
        return Ok((8, true));
    }
    if bits.flag()? {
        // The orientation, which the data set has instead.
        bits.take(3)?;
        let intrinsic_size = bits.flag()?;
        if intrinsic_size {
            size(bits)?;
        }
        let (preview, animation) = (bits.flag()?, bits.flag()?);
        if preview || animation {
            return Err(Fault::Pixels("JPEG XL with a preview or an animation".to_owned()));
        }
    }
    let float = bits.flag()?;
    if float {
        return Err(Fault::Pixels("JPEG XL with float samples".to_owned()));
    }
    let precision = match bits.take(2)? {
        0 => 8,
        1 => 10,
        2 => 12,
        _ => bits.take(6)? + 1,
    };
    let _modular_in_16_bits = bits.flag()?;
    if bits.take(2)? != 0 {
        return Err(Fault::Pixels("JPEG XL with extra channels".to_owned()));
    }
    Ok((precision as u32, bits.flag()?))
}

/// The code stream's first part in its container.
struct Container<'a> {
    codestream: &'a [u8],
    from_jpeg: bool,
}

impl<'a> Container<'a> {
    /// Walks the boxes (ISO/IEC 14496-12 4.2): `jxlc` holds the code stream, `jxlp` a part of it behind four
    /// bytes of counting, `jbrd` what a JPEG file is put together from.
    fn open(mut bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut from_jpeg = false;
        let mut codestream = None;
        while let (Some((length, rest)), None) = (bytes.split_first_chunk::<4>(), codestream) {
            let (kind, rest) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
            let (contents, next) = match u32::from_be_bytes(*length) {
                0 => (rest, &[][..]),
                1 => {
                    let (length, rest) = rest.split_first_chunk::<8>().ok_or(SHORT)?;
                    let length = usize::try_from(u64::from_be_bytes(*length)).ok();
                    let length = length.and_then(|length| length.checked_sub(16)).ok_or(SHORT)?;
                    rest.split_at_checked(length).ok_or(SHORT)?
                }
                length => {
                    let length = (length as usize).checked_sub(8).ok_or(SHORT)?;
                    rest.split_at_checked(length).ok_or(SHORT)?
                }
            };
            match kind {
                b"jbrd" => from_jpeg = true,
                b"jxlc" => codestream = Some(contents),
                b"jxlp" => codestream = Some(contents.get(4..).ok_or(SHORT)?),
                _ => {}
            }
            bytes = next;
        }
        let codestream = codestream.ok_or(Fault::Damaged("a JPEG XL container without a code stream"))?;
        Ok(Self { codestream, from_jpeg })
    }
}

/// Bits of bytes, the lowest of each first (B.2).
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Result<u64, Fault> {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.at / 8).ok_or(SHORT)?;
            value |= u64::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        Ok(value)
    }

    fn flag(&mut self) -> Result<bool, Fault> {
        Ok(self.take(1)? == 1)
    }
}
