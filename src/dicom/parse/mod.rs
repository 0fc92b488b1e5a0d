//! Typed modules from a data set, once, at the edge. Strict where a wrong number could mislead (a broken
//! rescale is [`ModalityTransform::Broken`](super::instance::ModalityTransform::Broken), never 1 and 0), lenient
//! with a [`Warning`] elsewhere.

mod display;
mod document;
mod dose;
mod frames;
mod geometry;
mod grey;
mod image;
mod lut;
mod notes;
mod nuclear;
mod orientation;
mod palette;
mod subject;
mod ultrasound;
mod values;
mod weight;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use sha2::{Digest, Sha256};

use super::error::WarningCode;
use super::gate::tag_name;
use super::instance::ImageModule;
use super::sop_class::{self, DocumentKind, ObjectKind};
use super::{DicomError, Instance, Uid, Warning};
use notes::Notes;
use values::Reader;

/// What is known of an object from outside its data set.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// From the meta information, or from Available Transfer Syntax UID of a centre.
    pub(super) transfer_syntax: Option<Uid>,
    /// Used where the data set has none: Media Storage SOP Class UID.
    pub(super) sop_class: Option<Uid>,
    /// Used where the data set has none: Media Storage SOP Instance UID, or a stand-in.
    pub(super) sop_instance: Option<Uid>,
    /// Pixel data was found.
    pub(super) has_pixels: bool,
    /// It is Float or Double Float Pixel Data.
    pub(super) float_pixels: bool,
    /// How long the object was; 0 where only its metadata is known.
    pub(super) file_bytes: usize,
}

/// The typed modules of a data set whose text is decoded: from DICOM JSON, or made in this program.
///
/// # Errors
/// [`DicomError::Missing`] without SOP Class or SOP Instance UID, or with half an Image Pixel module;
/// [`DicomError::Malformed`] and [`DicomError::UnsupportedPixels`] for an Image Pixel module that contradicts
/// itself or is of a kind that is not read here.
pub fn instance(
    dataset: &InMemDicomObject,
    transfer_syntax: Option<Uid>,
) -> Result<(Instance, Vec<Warning>), DicomError> {
    read(dataset, &Origin { transfer_syntax, ..Origin::default() })
}

/// The same, with what the gate knows.
pub(super) fn read(
    dataset: &InMemDicomObject,
    origin: &Origin,
) -> Result<(Instance, Vec<Warning>), DicomError> {
    let notes = Notes::new(origin.file_bytes);
    let reader = Reader::new(dataset, &notes);
    let missing = |tag| DicomError::Missing { tag: tag_name(tag) };
    let sop_class = reader
        .uid(tags::SOP_CLASS_UID)
        .or_else(|| origin.sop_class.clone())
        .ok_or_else(|| missing(tags::SOP_CLASS_UID))?;
    let sop_instance = match reader.uid(tags::SOP_INSTANCE_UID) {
        Some(own) => own,
        None => {
            reader.warn(WarningCode::StandInUid, tags::SOP_INSTANCE_UID);
            origin.sop_instance.clone().ok_or_else(|| missing(tags::SOP_INSTANCE_UID))?
        }
    };
    let transfer_syntax =
        origin.transfer_syntax.clone().or_else(|| reader.uid(tags::AVAILABLE_TRANSFER_SYNTAX_UID));
    let modality = reader.text(tags::MODALITY);
    let kind = sop_class::kind_of(&sop_class, true, &modality);
    let image = image::read(reader, origin, transfer_syntax.as_ref(), kind)?;
    let document = match sop_class::kind_of(&sop_class, image.is_some(), &modality) {
        ObjectKind::Document(kind) => Some(document::read(reader, kind)),
        ObjectKind::Image(_) if image.is_none() => Some(document::read(reader, DocumentKind::Other)),
        ObjectKind::Image(_) => None,
    };
    let instance = Instance {
        charset: reader.texts(tags::SPECIFIC_CHARACTER_SET),
        patient: subject::patient(reader),
        study: subject::study(reader, &sop_instance),
        series: subject::series(reader, &sop_instance),
        instance_number: reader.integer(tags::INSTANCE_NUMBER),
        image,
        document,
        text_damaged: false,
        sop_class,
        sop_instance,
        transfer_syntax,
    };
    Ok((instance, notes.finish()?))
}

/// The module of a picture in colour, 8 bits a sample, that is drawn here and is in no file.
pub(super) fn colour_picture(rows: u32, columns: u32) -> Result<ImageModule, DicomError> {
    let word = |tag, value: u32| DataElement::new(tag, VR::UL, PrimitiveValue::from(value));
    let dataset = InMemDicomObject::from_element_iter([
        word(tags::ROWS, rows),
        word(tags::COLUMNS, columns),
        word(tags::SAMPLES_PER_PIXEL, 3),
        word(tags::BITS_ALLOCATED, 8),
        word(tags::BITS_STORED, 8),
        word(tags::HIGH_BIT, 7),
        word(tags::PIXEL_REPRESENTATION, 0),
        DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, PrimitiveValue::from("RGB")),
    ]);
    let notes = Notes::new(0);
    let image = image::read(Reader::new(&dataset, &notes), &Origin::default(), None, ObjectKind::CAPTURE)?;
    image.ok_or(DicomError::NoPixelData)
}

/// Whether the data set has a usable SOP Instance UID of its own.
pub(super) fn has_own_uid(dataset: &InMemDicomObject) -> bool {
    let notes = Notes::new(0);
    Reader::new(dataset, &notes).uid(tags::SOP_INSTANCE_UID).is_some()
}

/// A UUID-derived UID (PS3.5 B.2) from the first 128 bits of a digest.
pub(super) fn uid_from_digest(digest: &[u8]) -> Uid {
    let bits = digest.iter().take(16).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    Uid::from_uuid_bits(bits)
}

/// A mandatory UID, or its stand-in: the same unusable text always has the same one, and an object without any
/// text stands alone, so that two patients are never brought together by what both lack.
fn uid_or_stand_in(reader: Reader<'_>, tag: Tag, sop_instance: &Uid) -> Uid {
    reader.uid(tag).unwrap_or_else(|| {
        reader.warn(WarningCode::StandInUid, tag);
        let text = reader.text(tag);
        let ground = if text.is_empty() { sop_instance.as_str() } else { text.as_str() };
        uid_from_digest(Sha256::digest(format!("{}{ground}", tag_name(tag))).as_slice())
    })
}
