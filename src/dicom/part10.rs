//! A DICOM object from bytes: the gate, then dicom-rs, then the typed modules.

use bytes::Bytes;
use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries::EXPLICIT_VR_LITTLE_ENDIAN;
use sha2::{Digest, Sha256};

use super::display::OverlayData;
use super::error::WarningCode;
use super::gate::{self, Gated};
use super::parse::{self, Origin};
use super::pixel::Photometric;
use super::{DicomError, Instance, PixelData, PixelFormat, Uid, Warning, names};

/// One object, read.
#[derive(Clone)]
pub struct Part10 {
    /// The typed modules.
    pub instance: Instance,
    /// Every element but the pixel data and an encapsulated document, text in UTF-8 (and (0008,0005) saying so): for the readers in `report`.
    /// Text that could mislead is already marked; `instance.charset` has the character set as it was.
    pub dataset: InMemDicomObject,
    /// The pixel data, cut but not decoded; `None` where the object has none.
    pub pixels: Option<PixelData>,
    /// Encapsulated Document (0042,0011), as it lies in the file.
    pub document: Option<Bytes>,
    /// By which the pixel data is to be decoded: `instance.transfer_syntax` unless the bytes prove that one
    /// wrong, or none was given.
    pub transfer_syntax: Uid,
}

impl std::fmt::Debug for Part10 {
    /// Without the data set, which would print the patient.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part10")
            .field("sop_instance", &self.instance.sop_instance)
            .field("transfer_syntax", &self.transfer_syntax)
            .field("pixels", &self.pixels)
            .finish_non_exhaustive()
    }
}

/// Reads a whole object, Part 10 file (PS3.10 7) or bare data set.
///
/// # Errors
/// [`DicomError::NotDicom`], [`DicomError::Truncated`], [`DicomError::Malformed`] from the gate;
/// [`DicomError::Missing`] and [`DicomError::UnsupportedPixels`] where the typed modules cannot be filled.
#[allow(clippy::needless_pass_by_value, reason = "the pixel data keeps views of these bytes")]
pub fn read(bytes: Bytes) -> Result<(Part10, Vec<Warning>), DicomError> {
    let gated = gate::check(&bytes)?;
    let mut dataset = parse_plain(&gated.plain)?;
    let mut origin = Origin {
        transfer_syntax: gated.declared.clone(),
        sop_class: gated.media_class.clone(),
        sop_instance: gated.media_instance.clone(),
        has_pixels: gated.pixels.is_some(),
        float_pixels: gated.float_pixels,
        file_bytes: bytes.len(),
    };
    if origin.sop_instance.is_none() && !parse::has_own_uid(&dataset) {
        // The same bytes have the same stand-in, other bytes another.
        origin.sop_instance = Some(parse::uid_from_digest(Sha256::digest(&bytes).as_slice()));
    }
    let (mut instance, mut warnings) = parse::read(&dataset, &origin)?;
    instance.charset.clone_from(&gated.charset);
    let Gated { mut pixels, transfer_syntax, byte_pixels, warnings: mut all, .. } = gated;
    if let (Some(image), Some(PixelData::Native { big_endian, .. })) = (&instance.image, &mut pixels) {
        // Bytes have no order: only words are turned round in Explicit VR Big Endian (PS3.5 A.3).
        *big_endian &= !(byte_pixels && image.format.bits_allocated <= 8);
    }
    if let (Some(image), Some(pixels)) = (&instance.image, &pixels) {
        check_amount(&image.format, pixels, &transfer_syntax)?;
        if has_excess(&image.format, pixels) {
            warnings.push(Warning::new(WarningCode::BadValue, "(7fe0,0010)"));
        }
    }
    take_embedded_overlays(&mut instance, pixels.as_ref(), &mut warnings);
    all.append(&mut warnings);
    let damaged =
        |warning: &Warning| matches!(warning.code, WarningCode::BadText | WarningCode::UnknownCharset);
    instance.text_damaged = all.iter().any(damaged);
    let document = encapsulated(&mut dataset);
    Ok((Part10 { instance, dataset, pixels, document, transfer_syntax }, all))
}

/// Takes the encapsulated document out of the data set, without the byte that makes its length even
/// (Encapsulated Document Length, PS3.3 C.24.2).
fn encapsulated(dataset: &mut InMemDicomObject) -> Option<Bytes> {
    let length = dataset.get(tags::ENCAPSULATED_DOCUMENT_LENGTH).and_then(|element| element.to_int().ok());
    let value = dataset.take(tags::ENCAPSULATED_DOCUMENT)?.into_value().into_primitive()?;
    let mut bytes = match value {
        PrimitiveValue::U8(bytes) => bytes.into_vec(),
        other => other.to_bytes().into_owned(),
    };
    bytes.truncate(length.filter(|length| *length > 0).unwrap_or(bytes.len()));
    Some(bytes.into())
}

/// Whether the first bytes of a file may be those of an object, so that the rest is worth reading: the prefix of
/// PS3.10 7.1, or an element of a low group in either byte order. At most 132 bytes are looked at.
pub fn begins_as_dicom(head: &[u8]) -> bool {
    let low = |group: u16| (0x0002..=0x0010).contains(&group);
    let group = |bytes: &[u8; 2]| low(u16::from_le_bytes(*bytes)) || low(u16::from_be_bytes(*bytes));
    head.get(128..132) == Some(b"DICM") || head.first_chunk().is_some_and(group)
}

/// Overlays in unused bits of the pixel cells (PS3.5 8.1.2) are packed now: decoded samples have lost those bits.
/// One that cannot be taken goes with a warning.
fn take_embedded_overlays(instance: &mut Instance, pixels: Option<&PixelData>, warnings: &mut Vec<Warning>) {
    let Some(image) = &mut instance.image else { return };
    let bits_allocated = image.format.bits_allocated;
    image.display.overlays.retain_mut(|overlay| {
        let taken = match (&overlay.data, pixels) {
            (OverlayData::Packed(_), _) => Some(()),
            (OverlayData::InPixels { .. }, Some(pixels)) => overlay.take_from_pixels(pixels, bits_allocated),
            (OverlayData::InPixels { .. }, None) => None,
        };
        if taken.is_none() {
            let about = gate::tag_name(Tag(overlay.group, 0x0102));
            warnings.push(Warning::new(WarningCode::BadValue, about));
        }
        taken.is_some()
    });
}

/// Only the data set of an object, for callers that need no typed modules (and for objects that have none of
/// them). Text as in [`Part10::dataset`].
///
/// # Errors
/// Those of the gate.
pub fn read_dataset(bytes: &Bytes) -> Result<(InMemDicomObject, Vec<Warning>), DicomError> {
    let gated = gate::check(bytes)?;
    Ok((parse_plain(&gated.plain)?, gated.warnings))
}

/// dicom-rs, on what the gate wrote.
fn parse_plain(plain: &[u8]) -> Result<InMemDicomObject, DicomError> {
    InMemDicomObject::read_dataset_with_ts_cs(
        plain,
        &EXPLICIT_VR_LITTLE_ENDIAN.erased(),
        dicom_encoding::text::SpecificCharacterSet::ISO_IR_192,
    )
    .map_err(|_| DicomError::Malformed {
        tag: "?".to_owned(),
        what: "the parser refuses what the gate passed",
    })
}

/// Whether the pixel data holds what Rows, Columns and Number of Frames promise.
fn check_amount(format: &PixelFormat, pixels: &PixelData, syntax: &Uid) -> Result<(), DicomError> {
    let lacking = |what| Err(DicomError::Malformed { tag: "(7fe0,0010)".to_owned(), what });
    match pixels {
        PixelData::Native { value, .. } if native_bytes(format) > value.len() as u128 => {
            lacking("pixel data is shorter than rows, columns and frames say")
        }
        PixelData::Encapsulated { fragments, .. }
            if !names::is_video(syntax) && fragments.len() < format.frames as usize =>
        {
            lacking("fewer fragments than frames")
        }
        _ => Ok(()),
    }
}

/// Whether there is more than the frames and their padding to even length: perhaps they are more, or larger.
fn has_excess(format: &PixelFormat, pixels: &PixelData) -> bool {
    let PixelData::Native { value, .. } = pixels else { return false };
    value.len() as u128 > native_bytes(format).next_multiple_of(2)
}

/// Bytes of all frames of native pixel data (PS3.5 8.1.1, 8.2).
fn native_bytes(format: &PixelFormat) -> u128 {
    let samples = u128::from(format.samples_per_frame()) * u128::from(format.frames);
    match (&format.photometric, format.bits_allocated) {
        (_, 1) => samples.div_ceil(8),
        // Two luminance samples share two chrominance samples (PS3.3 C.7.6.3.1.2).
        (Photometric::YbrFull422, bits) if format.samples_per_pixel == 3 => {
            samples * 2 / 3 * u128::from(bits / 8)
        }
        (_, bits) => samples * u128::from(bits / 8),
    }
}
