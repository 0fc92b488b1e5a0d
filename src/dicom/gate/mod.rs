//! The gate: walks the bytes of an object before dicom-rs sees them.
//!
//! dicom-rs 0.10.1 recurses without a bound, believes a length of 4 GiB, inflates without a limit and decodes
//! text with the first character set alone. The gate therefore checks every length against the bytes that are
//! there, counts depth and elements, locates the pixel data without copying it, and writes the rest down as a
//! *plain* data set: Explicit VR Little Endian, UTF-8, undefined lengths, no group lengths, no pixel data. What
//! dicom-rs parses is only ever that. The walk is iterative; nothing that a file says allocates memory before
//! it is checked.
//!
//! Lenient where the meaning is certain (a guessed transfer syntax, UN of known elements, stray delimiters), each
//! with a [`Warning`]; otherwise an error that names the element.

mod encoding;
mod fragments;
mod header;
mod inflate;
mod limits;
mod meta;
mod pixels;
mod plain;
mod seen;
mod value;
mod walk;

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::uids;

use super::error::WarningCode;
use super::{DicomError, PixelData, Uid, Warning, names};
use encoding::Encoding;
use limits::Budget;

pub(super) use limits::MOST_WARNINGS;

/// An object that passed. No `Debug`: it holds the patient.
pub(super) struct Gated {
    /// The data set without pixel data and group lengths: Explicit VR Little Endian, UTF-8.
    pub(super) plain: Vec<u8>,
    /// Specific Character Set (0008,0005) as it was.
    pub(super) charset: Vec<String>,
    /// Transfer syntax that the file names.
    pub(super) declared: Option<Uid>,
    /// Transfer syntax by which the pixel data is to be read: the declared one, unless the bytes prove another.
    pub(super) transfer_syntax: Uid,
    /// Media Storage SOP Class UID.
    pub(super) media_class: Option<Uid>,
    /// Media Storage SOP Instance UID.
    pub(super) media_instance: Option<Uid>,
    /// The pixel data, views of the bytes given (or inflated).
    pub(super) pixels: Option<PixelData>,
    /// Whether it is Float or Double Float Pixel Data.
    pub(super) float_pixels: bool,
    /// The pixel data are bytes (OB), not words.
    pub(super) byte_pixels: bool,
    /// What was forgiven.
    pub(super) warnings: Vec<Warning>,
}

/// Checks a whole object: Part 10 (PS3.10 7.1) or a bare data set.
///
/// # Errors
/// [`DicomError::NotDicom`], [`DicomError::Truncated`] and [`DicomError::Malformed`].
pub(super) fn check(bytes: &Bytes) -> Result<Gated, DicomError> {
    let mut warnings = Vec::new();
    let meta = meta::read(bytes)?;
    let mut budget = Budget::for_file(bytes.len());
    let mut body = bytes.slice(meta.end..);
    let mut base = meta.end as u64;
    let declared = meta.transfer_syntax;
    let claim = declared.as_ref().map(Uid::as_str);
    if claim.is_some_and(is_deflated) {
        body = inflate::inflate(&body)?.into();
        base = 0;
    }
    let (encoding, certain) = Encoding::of_data_set(&body, claim, meta.present)?;
    if claim.is_none() {
        warnings.push(Warning::new(WarningCode::NoMeta, "(0002,0010)"));
    } else if !certain {
        warnings.push(Warning::new(WarningCode::BadValue, "(0002,0010)"));
    }
    let walked = walk::walk(&body, encoding, claim, &mut budget).map_err(|error| match error {
        DicomError::Truncated { at, tag } => DicomError::Truncated { at: base + at, tag },
        other => other,
    })?;
    warnings.extend(walked.warnings);
    let transfer_syntax = match &declared {
        Some(uid) if declaration_holds(uid, certain, walked.pixels.as_ref()) => uid.clone(),
        _ => encoding.transfer_syntax()?,
    };
    if declared.as_ref().is_some_and(|uid| *uid != transfer_syntax) {
        let warning = Warning::new(WarningCode::BadValue, "(0002,0010)");
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    Ok(Gated {
        plain: walked.plain,
        charset: walked.charset,
        declared,
        transfer_syntax,
        media_class: meta.sop_class,
        media_instance: meta.sop_instance,
        pixels: walked.pixels,
        float_pixels: walked.float_pixels,
        byte_pixels: walked.byte_pixels,
        warnings,
    })
}

/// Whether the pixel data is as the declared transfer syntax says. One that is not in PS3.6 is never replaced:
/// what it means is not known (GE's private one keeps big-endian pixels in a little-endian data set).
fn declaration_holds(declared: &Uid, certain: bool, pixels: Option<&PixelData>) -> bool {
    if names::transfer_syntax(declared.as_str()).is_none() {
        return true;
    }
    match pixels {
        Some(PixelData::Encapsulated { .. }) => true,
        Some(PixelData::Native { .. }) => certain && !names_code_stream(declared.as_str()),
        None => certain,
    }
}

/// Explicit VR Big Endian: retired, still in archives.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// Transfer syntaxes whose data set is deflated as a whole (PS3.5 A.5).
fn is_deflated(uid: &str) -> bool {
    [
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
        uids::JPIP_REFERENCED_DEFLATE,
        uids::JPIPHTJ2K_REFERENCED_DEFLATE,
    ]
    .contains(&uid)
}

/// Transfer syntaxes that keep pixel data as fragments (PS3.5 A.4): all but the few native ones.
fn names_code_stream(uid: &str) -> bool {
    let native = [uids::IMPLICIT_VR_LITTLE_ENDIAN, uids::EXPLICIT_VR_LITTLE_ENDIAN, BIG_ENDIAN];
    uid.starts_with("1.2.840.10008.1.2.") && !native.contains(&uid) && !is_deflated(uid)
}

/// An error that names the element and the fault.
fn malformed(tag: Tag, what: &'static str) -> DicomError {
    DicomError::Malformed { tag: tag_name(tag), what }
}

/// `(gggg,eeee)`, as errors and warnings name an element.
pub(super) fn tag_name(tag: Tag) -> String {
    format!("({:04x},{:04x})", tag.group(), tag.element())
}
