//! Frames out of stored files, without decoding (PS3.5 8, A.4, PS3.18 8.7.3.3).

use bytes::Bytes;
use dicom_core::value::{PixelFragmentSequence, Value as Element};
use dicom_core::{DataElement, PrimitiveValue, Tag};
use dicom_dictionary_std::tags;
use dicom_object::from_reader;

use super::reply::Refusal;
use crate::dicom::PixelData;
use crate::dicom::part10::{self, Part10};

/// The media type of uncompressed pixels and other bulk data.
pub(super) const OCTETS: &str = "application/octet-stream";

/// The pixel data of an instance, as stored.
pub(super) struct Pixels {
    stored: PixelData,
    frames: usize,
    frame_bits: usize,
}

impl Pixels {
    /// Finds the pixel data of an instance in its file.
    ///
    /// # Errors
    /// 404 without pixel data, 406 for big-endian samples, which are not turned round here.
    pub(super) fn read(file: &Bytes) -> Result<Self, Refusal> {
        let object = parse(file)?;
        let (image, stored) = object.instance.image.zip(object.pixels).ok_or(Refusal::NotFound)?;
        if matches!(stored, PixelData::Native { big_endian: true, .. }) {
            return Err(Refusal::NotAcceptable);
        }
        let bits = image.format.samples_per_frame().checked_mul(image.format.bits_allocated.into());
        let frame_bits = bits.and_then(|bits| usize::try_from(bits).ok()).ok_or(Refusal::NotFound)?;
        Ok(Self { stored, frames: image.format.frames as usize, frame_bits })
    }

    /// How many frames there are.
    pub(super) fn frames(&self) -> usize {
        self.frames
    }

    /// Whether the frames are samples, not code streams.
    pub(super) fn is_native(&self) -> bool {
        matches!(self.stored, PixelData::Native { .. })
    }

    /// The media type of a frame stored in this transfer syntax.
    pub(super) fn media_type(&self, transfer_syntax: &str) -> &'static str {
        if self.is_native() { OCTETS } else { codestream_type(transfer_syntax) }
    }

    /// Frame `number`, from 1: its samples, or its code stream.
    ///
    /// # Errors
    /// 404 beyond the last frame, 406 where frames do not begin at a byte or fragments do not tell which
    /// frame they are of.
    pub(super) fn frame(&self, number: u32) -> Result<Bytes, Refusal> {
        let n = number as usize;
        if n == 0 || n > self.frames {
            return Err(Refusal::NotFound);
        }
        match &self.stored {
            PixelData::Native { value: samples, .. } => {
                if !self.frame_bits.is_multiple_of(8) && self.frames > 1 {
                    return Err(Refusal::NotAcceptable);
                }
                let size = self.frame_bits.div_ceil(8);
                let end = size.checked_mul(n).filter(|end| *end <= samples.len()).ok_or(Refusal::NotFound)?;
                Ok(samples.slice(end - size..end))
            }
            PixelData::Encapsulated { offsets, fragments } => self.codestream(n - 1, offsets, fragments),
        }
    }

    /// The fragments of frame `n` (from 0), joined (PS3.5 A.4).
    fn codestream(&self, n: usize, offsets: &[u64], fragments: &[Bytes]) -> Result<Bytes, Refusal> {
        if self.frames == 1 {
            return Ok(fragments.concat().into());
        }
        if fragments.len() == self.frames {
            return Ok(fragments[n].clone());
        }
        if offsets.len() != self.frames {
            return Err(Refusal::NotAcceptable);
        }
        let start = offsets[n];
        let end = offsets.get(n + 1).map_or(u64::MAX, |next| *next);
        let mut at = 0;
        let mut joined = Vec::new();
        for fragment in fragments {
            if (start..end).contains(&at) {
                joined.extend_from_slice(fragment);
            }
            at += 8 + fragment.len() as u64;
        }
        Ok(joined.into())
    }
}

/// The value of a bulk data element that is not encapsulated.
///
/// # Errors
/// 404 when it is not there.
pub(super) fn bulk_value(file: &Bytes, tag: Tag) -> Result<Bytes, Refusal> {
    let mut object = parse(file)?;
    if tag == tags::PIXEL_DATA {
        return match object.pixels {
            Some(PixelData::Native { value, .. }) => Ok(value),
            _ => Err(Refusal::NotFound),
        };
    }
    match object.dataset.take(tag).ok_or(Refusal::NotFound)?.into_value() {
        Element::Primitive(value) => Ok(little_endian(&value)),
        Element::Sequence(_) | Element::PixelSequence(_) => Err(Refusal::NotFound),
    }
}

/// The same file with half of its pixel data, for [`super::FaultKind::ShortPixels`]; a file without pixels
/// stays as it is.
pub(super) fn with_short_pixels(file: &Bytes) -> Bytes {
    // The gate has been over the file when it was made or stored.
    let Ok(mut object) = from_reader(&file[..]) else { return file.clone() };
    let Some(pixels) = object.take(tags::PIXEL_DATA) else { return file.clone() };
    let vr = pixels.vr();
    let half = |bytes: &[u8]| bytes[..bytes.len() / 4 * 2].to_vec();
    match pixels.into_value() {
        Element::Primitive(samples) => {
            let short = PrimitiveValue::from(half(&little_endian(&samples)));
            object.put(DataElement::new(tags::PIXEL_DATA, vr, short));
        }
        Element::PixelSequence(sequence) => {
            let (offsets, fragments) = sequence.into_parts();
            let fragments: Vec<_> = fragments.iter().map(|fragment| half(fragment)).collect();
            let short = PixelFragmentSequence::new(offsets, fragments);
            object.put(DataElement::new(tags::PIXEL_DATA, vr, short));
        }
        Element::Sequence(_) => {}
    }
    let mut written = Vec::with_capacity(file.len());
    match object.write_all(&mut written) {
        Ok(()) => written.into(),
        Err(_) => file.clone(),
    }
}

fn parse(file: &Bytes) -> Result<Part10, Refusal> {
    part10::read(file.clone()).map(|(object, _)| object).map_err(|_| Refusal::Internal)
}

/// The bytes of a value as they stand in a little-endian data set.
fn little_endian(value: &PrimitiveValue) -> Bytes {
    match value {
        PrimitiveValue::U8(v) => Bytes::copy_from_slice(v),
        PrimitiveValue::U16(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>().into(),
        PrimitiveValue::I16(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>().into(),
        PrimitiveValue::U32(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>().into(),
        PrimitiveValue::F32(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>().into(),
        PrimitiveValue::F64(v) => v.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>().into(),
        other => Bytes::copy_from_slice(&other.to_bytes()),
    }
}

/// The media type of a code stream (PS3.18 Tables 8.7.3-3 and 8.7.3-5).
fn codestream_type(transfer_syntax: &str) -> &'static str {
    match transfer_syntax.strip_prefix("1.2.840.10008.1.2.") {
        Some("5") => "image/dicom-rle",
        Some("4.50" | "4.51" | "4.57" | "4.70") => "image/jpeg",
        Some("4.80" | "4.81") => "image/jls",
        Some("4.90" | "4.91") => "image/jp2",
        Some("4.92" | "4.93") => "image/jpx",
        Some("4.201" | "4.202" | "4.203") => "image/jphc",
        Some("4.110" | "4.111" | "4.112") => "image/jxl",
        _ => OCTETS,
    }
}
