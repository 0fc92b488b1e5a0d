//! What a file may ask for.

use dicom_core::Tag;

use super::malformed;
use crate::dicom::DicomError;

/// Sequences within sequences.
pub(super) const DEEPEST: usize = 64;
/// More warnings than these of one object say nothing new.
pub(in crate::dicom) const MOST_WARNINGS: usize = 64;
/// Elements and items of one object.
const MOST_ELEMENTS: usize = 2_000_000;
/// Inflated bytes for a byte of the file.
const MOST_INFLATION: u64 = 200;
/// Inflated bytes altogether.
const LARGEST_INFLATED: u64 = 4 << 30;
/// What any file may inflate to, and what it may beyond that for each of its bytes. A frame of it is copied once
/// more when it is decoded: a file of 1 MiB ends below 256 MiB.
const FREE_INFLATED: u64 = 96 << 20;
const INFLATED_PER_BYTE: u64 = 16;

/// How much a deflated stream of so many bytes may become.
pub(super) fn allowed_inflated(deflated: u64) -> u64 {
    let by_size = FREE_INFLATED.saturating_add(deflated.saturating_mul(INFLATED_PER_BYTE));
    deflated.saturating_mul(MOST_INFLATION).min(by_size).min(LARGEST_INFLATED)
}

/// What is left to spend on one object. An element costs some 200 bytes in memory and at least 8 in a file that
/// is not deflated, so only a deflated file can meet these limits before the length checks.
#[derive(Debug)]
pub(super) struct Budget {
    elements: usize,
    values: usize,
    plain_bytes: usize,
}

impl Budget {
    /// The budget of a file of so many bytes.
    pub(super) fn for_file(length: usize) -> Self {
        Self {
            elements: (length / 8).clamp(200_000, MOST_ELEMENTS),
            values: (length / 2).max(1_000_000),
            plain_bytes: length.saturating_mul(4).saturating_add(8 << 20),
        }
    }

    /// Pays for one element, item or fragment.
    pub(super) fn element(&mut self, tag: Tag) -> Result<(), DicomError> {
        spend(&mut self.elements, 1, tag, "too many elements")
    }

    /// Pays for the separate values of a text element.
    pub(super) fn values(&mut self, count: usize, tag: Tag) -> Result<(), DicomError> {
        spend(&mut self.values, count, tag, "too many values")
    }

    /// Whether a value of so many bytes can still be paid for: asked before it is turned plain, which copies it.
    pub(super) fn affords(&self, count: usize, tag: Tag) -> Result<(), DicomError> {
        spend(&mut self.plain_bytes.clone(), count, tag, TOO_MUCH)
    }

    /// Pays for the bytes of a value of the plain data set, which has 32 bits for its length.
    pub(super) fn plain_bytes(&mut self, count: usize, tag: Tag) -> Result<(), DicomError> {
        let longest = usize::try_from(u32::MAX - 1).unwrap_or(usize::MAX);
        if count >= longest {
            return Err(malformed(tag, TOO_MUCH));
        }
        spend(&mut self.plain_bytes, count, tag, TOO_MUCH)
    }
}

const TOO_MUCH: &str = "too much data outside the pixels";

fn spend(left: &mut usize, count: usize, tag: Tag, what: &'static str) -> Result<(), DicomError> {
    *left = left.checked_sub(count).ok_or_else(|| malformed(tag, what))?;
    Ok(())
}
