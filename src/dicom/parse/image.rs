//! Image Pixel module and what else holds for all frames (PS3.3 C.7.6.1, C.7.6.3), validated.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::grey::Stored;
use super::values::{Field, Reader, word_value};
use super::{Origin, display, dose, frames, geometry, nuclear, orientation, palette, ultrasound};
use crate::dicom::error::WarningCode;
use crate::dicom::gate::tag_name;
use crate::dicom::instance::{FrameAttributes, ImageModule, Lossy, PixelPadding};
use crate::dicom::pixel::Photometric;
use crate::dicom::sop_class::{ImageKind, ObjectKind};
use crate::dicom::{DicomError, PixelFormat, Uid};

/// More frames than any object has: whole-slide images have some 10^5.
const MOST_FRAMES: i32 = 1_000_000;

/// The image modules; `None` for an object that is no image.
pub(super) fn read(
    reader: Reader<'_>,
    origin: &Origin,
    transfer_syntax: Option<&Uid>,
    kind: ObjectKind,
) -> Result<Option<ImageModule>, DicomError> {
    if !origin.has_pixels && !reader.has(tags::ROWS) && !reader.has(tags::COLUMNS) {
        return Ok(None);
    }
    let format = format(reader, origin)?;
    let stored = Stored {
        signed: format.signed,
        bits: format.bits_stored,
        default_unit: match reader.text(tags::MODALITY).as_str() {
            "CT" => "HU".to_owned(),
            "PT" => reader.text(tags::UNITS),
            _ => String::new(),
        },
    };
    let mut frames = frames::read(reader, format.frames, &stored, origin.file_bytes)?;
    match kind {
        ObjectKind::Image(ImageKind::Dose) => dose::scale(reader, &mut frames),
        ObjectKind::Image(ImageKind::Nuclear) => {
            nuclear::place(reader, format.frames, &mut frames);
            frames = nuclear::named(reader, format.frames, frames, origin.file_bytes)?;
        }
        _ => {}
    }
    let image = ImageModule {
        image_type: reader.texts(tags::IMAGE_TYPE),
        palette: palette_of(reader, &format, &frames),
        display: display::read(reader, &format),
        padding: padding(reader, &format),
        presentation_inverse: presentation_inverse(reader, &format.photometric),
        lossy: lossy(reader, transfer_syntax),
        burned_in: reader.text(tags::BURNED_IN_ANNOTATION) == "YES",
        ultrasound_regions: ultrasound::regions(reader),
        pixel_aspect: geometry::aspect(reader),
        patient_orientation: orientation::patient(reader),
        laterality: orientation::laterality(reader),
        view_position: reader.text(tags::VIEW_POSITION),
        stack_discriminators: discriminators(reader),
        format,
        frames,
    };
    warn_of(reader, &image, kind);
    Ok(Some(image))
}

/// Layout of the pixel data: nothing that contradicts itself passes.
fn format(reader: Reader<'_>, origin: &Origin) -> Result<PixelFormat, DicomError> {
    let size = |tag| match reader.whole(tag).good() {
        Some(size @ 1..=65_535) => Ok(size.unsigned_abs()),
        _ => Err(DicomError::Missing { tag: tag_name(tag) }),
    };
    let (rows, columns) = (size(tags::ROWS)?, size(tags::COLUMNS)?);
    let samples_per_pixel = small(reader, tags::SAMPLES_PER_PIXEL, 1)?;
    if !matches!(samples_per_pixel, 1 | 3) {
        return unsupported(format!("{samples_per_pixel} samples per pixel"));
    }
    let bits_allocated = small(reader, tags::BITS_ALLOCATED, 0)?;
    if !matches!(bits_allocated, 1 | 8 | 16 | 32 | 64) {
        return unsupported(format!("{bits_allocated} bits allocated"));
    }
    let float = origin.float_pixels || (!reader.has(tags::BITS_STORED) && bits_allocated >= 32);
    let bits_stored = if float { bits_allocated } else { small(reader, tags::BITS_STORED, bits_allocated)? };
    if bits_stored == 0 || bits_stored > bits_allocated {
        return Err(malformed(tags::BITS_STORED, "bits stored do not fit bits allocated"));
    }
    let high_bit = if float { bits_stored - 1 } else { small(reader, tags::HIGH_BIT, bits_stored - 1)? };
    if high_bit >= bits_allocated || high_bit + 1 < bits_stored {
        return Err(malformed(tags::HIGH_BIT, "high bit does not fit bits stored"));
    }
    let representation = small(reader, tags::PIXEL_REPRESENTATION, 0)?;
    if representation > 1 {
        return Err(malformed(tags::PIXEL_REPRESENTATION, "pixel representation is neither 0 nor 1"));
    }
    let photometric = photometric(reader, samples_per_pixel)?;
    Ok(PixelFormat {
        rows,
        columns,
        frames: frame_count(reader)?,
        samples_per_pixel,
        bits_allocated,
        bits_stored,
        high_bit,
        signed: float || representation == 1,
        photometric,
        planar: samples_per_pixel > 1 && small(reader, tags::PLANAR_CONFIGURATION, 0)? == 1,
        float,
    })
}

/// A small number that has a default where the element is absent, and a warning with it.
fn small(reader: Reader<'_>, tag: Tag, default: u16) -> Result<u16, DicomError> {
    match reader.whole(tag) {
        Field::Good(value) => u16::try_from(value).map_err(|_| malformed(tag, "a number out of its range")),
        Field::Bad => Err(malformed(tag, "not a number")),
        Field::Absent => {
            if tag != tags::PLANAR_CONFIGURATION {
                reader.warn(WarningCode::MissingElement, tag);
            }
            Ok(default)
        }
    }
}

fn frame_count(reader: Reader<'_>) -> Result<u32, DicomError> {
    match reader.whole(tags::NUMBER_OF_FRAMES) {
        Field::Absent => Ok(1),
        Field::Good(count @ 1..=MOST_FRAMES) => Ok(count.unsigned_abs()),
        Field::Good(0) | Field::Bad => {
            reader.warn(WarningCode::BadValue, tags::NUMBER_OF_FRAMES);
            Ok(1)
        }
        Field::Good(_) => Err(malformed(tags::NUMBER_OF_FRAMES, "an impossible number of frames")),
    }
}

/// The photometric interpretation; one that cannot go with the samples per pixel is refused.
fn photometric(reader: Reader<'_>, samples_per_pixel: u16) -> Result<Photometric, DicomError> {
    let name = reader.text(tags::PHOTOMETRIC_INTERPRETATION);
    if name.is_empty() {
        reader.warn(WarningCode::MissingElement, tags::PHOTOMETRIC_INTERPRETATION);
        return Ok(if samples_per_pixel == 1 { Photometric::Monochrome2 } else { Photometric::Rgb });
    }
    let photometric = Photometric::parse(&name);
    let one_sample = photometric.is_monochrome() || photometric == Photometric::PaletteColor;
    let fits = match photometric {
        Photometric::Other(_) => {
            reader.warn(WarningCode::BadValue, tags::PHOTOMETRIC_INTERPRETATION);
            true
        }
        _ => one_sample == (samples_per_pixel == 1),
    };
    if fits {
        return Ok(photometric);
    }
    Err(malformed(tags::PHOTOMETRIC_INTERPRETATION, "does not go with the samples per pixel"))
}

/// The tables of PALETTE COLOR, or of a monochrome image with frames whose Pixel Presentation is COLOR.
fn palette_of(
    reader: Reader<'_>,
    format: &PixelFormat,
    frames: &[FrameAttributes],
) -> Option<crate::dicom::instance::Palette> {
    let supplemental =
        format.photometric.is_monochrome() && frames.iter().any(|frame| frame.supplemental_colour);
    if format.photometric != Photometric::PaletteColor && !supplemental {
        return None;
    }
    let palette = palette::read(reader, format.signed);
    if palette.is_none() {
        reader.warn(WarningCode::MissingElement, tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA);
    }
    palette
}

/// Presentation LUT Shape: IDENTITY or INVERSE (PS3.3 C.11.6). Another word is none and is warned about, and so is one
/// that contradicts the photometric interpretation (C.8.11.3.1.2: MONOCHROME2 goes with IDENTITY, MONOCHROME1 with
/// INVERSE): either of the two that says so makes low values bright.
fn presentation_inverse(reader: Reader<'_>, photometric: &Photometric) -> bool {
    let shape = reader.text(tags::PRESENTATION_LUT_SHAPE);
    let odd = match (shape.as_str(), photometric) {
        ("", _) => false,
        ("IDENTITY", Photometric::Monochrome1) | ("INVERSE", Photometric::Monochrome2) => true,
        ("IDENTITY" | "INVERSE", _) => false,
        _ => true,
    };
    if odd {
        reader.warn(WarningCode::BadValue, tags::PRESENTATION_LUT_SHAPE);
    }
    shape == "INVERSE"
}

/// Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2), signed as the pixels are, whatever their VR; of float
/// pixels those of their own (C.7.6.24, C.7.6.25).
fn padding(reader: Reader<'_>, format: &PixelFormat) -> Option<PixelPadding> {
    let word = |tag| reader.words(tag)?.first().map(|word| f64::from(word_value(*word, format.signed)));
    let float = |tag| reader.number(tag).good();
    let (value, limit) = match (format.float, format.bits_allocated) {
        (false, _) => (word(tags::PIXEL_PADDING_VALUE), word(tags::PIXEL_PADDING_RANGE_LIMIT)),
        (true, 32) => (float(tags::FLOAT_PIXEL_PADDING_VALUE), float(tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT)),
        (true, _) => (
            float(tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE),
            float(tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT),
        ),
    };
    value.map(|value| PixelPadding { value, limit: limit.unwrap_or(value) })
}

/// Lossy Image Compression (PS3.3 C.7.6.1.1.5). Where it is not said and the transfer syntax can lose, it is
/// taken to have.
fn lossy(reader: Reader<'_>, transfer_syntax: Option<&Uid>) -> Option<Lossy> {
    let said = reader.text(tags::LOSSY_IMAGE_COMPRESSION);
    let syntax = transfer_syntax.and_then(|uid| uid.as_str().strip_prefix("1.2.840.10008.1.2.4."));
    let always = matches!(syntax, Some("50" | "51" | "81" | "111"));
    let perhaps = matches!(syntax, Some("91" | "93" | "203" | "112"));
    let video = syntax.is_some_and(|rest| rest.starts_with("10"));
    let lost = said == "01" || always || video || (perhaps && said.is_empty());
    if !lost {
        return None;
    }
    let ratio =
        reader.numbers(tags::LOSSY_IMAGE_COMPRESSION_RATIO).good().and_then(|all| all.last().copied());
    let method = reader.texts(tags::LOSSY_IMAGE_COMPRESSION_METHOD).pop().unwrap_or_default();
    Some(Lossy { ratio, method, declared: said == "01" })
}

/// What may separate images at one place (PS3.3 C.7.6.1, C.8.3.1, C.8.13.5.9): the maker's values of Image Type,
/// temporal position, echo, b-value, acquisition, trigger delay, times, in the order in which they are tried.
fn discriminators(reader: Reader<'_>) -> Vec<String> {
    let makers_type = reader.texts(tags::IMAGE_TYPE).into_iter().skip(3).collect::<Vec<_>>().join("\\");
    let others = [
        tags::TEMPORAL_POSITION_IDENTIFIER,
        tags::ECHO_NUMBERS,
        tags::ECHO_TIME,
        tags::DIFFUSION_B_VALUE,
        tags::DIFFUSION_GRADIENT_ORIENTATION,
        tags::ACQUISITION_NUMBER,
        tags::TRIGGER_TIME,
        tags::ACQUISITION_TIME,
        tags::CONTENT_TIME,
    ]
    .map(|tag| reader.texts(tag).join("\\"));
    std::iter::once(makers_type).chain(others).collect()
}

/// Warnings that follow from the modules.
fn warn_of(reader: Reader<'_>, image: &ImageModule, kind: ObjectKind) {
    if let Some(lossy) = &image.lossy {
        let ratio = lossy.ratio.map(|ratio| format!("{ratio}:1"));
        reader
            .warn_about(WarningCode::Lossy, ratio.unwrap_or_else(|| tag_name(tags::LOSSY_IMAGE_COMPRESSION)));
    }
    // That an image is a secondary capture follows from its class: a badge says it.
    if image.image_type.first().is_some_and(|value| value == "DERIVED") {
        reader.warn_about(WarningCode::Derived, "(0008,0008)");
    }
    let cross_sectional = kind == ObjectKind::Image(ImageKind::CrossSection)
        || matches!(reader.text(tags::MODALITY).as_str(), "CT" | "MR" | "PT");
    if cross_sectional && image.frames.iter().any(|frame| frame.plane.is_none()) {
        reader.warn(WarningCode::GeometryUnknown, tags::IMAGE_POSITION_PATIENT);
    }
    if cross_sectional && image.frames.iter().any(|frame| frame.spacing.is_none()) {
        reader.warn(WarningCode::Uncalibrated, tags::PIXEL_SPACING);
    }
}

fn unsupported<T>(what: String) -> Result<T, DicomError> {
    Err(DicomError::UnsupportedPixels { what })
}

fn malformed(tag: Tag, what: &'static str) -> DicomError {
    DicomError::Malformed { tag: tag_name(tag), what }
}
