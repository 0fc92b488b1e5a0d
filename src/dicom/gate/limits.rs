//! What a file may ask for.

use dicom_core::Tag;

use super::tag_name;
use crate::dicom::DicomError;

/// Sequences within sequences.
pub(super) const DEEPEST: usize = 64;
/// Elements and items of one object.
const MOST_ELEMENTS: usize = 2_000_000;
/// Inflated bytes for a byte of the file.
pub(super) const MOST_INFLATION: u64 = 200;
/// Inflated bytes altogether.
pub(super) const LARGEST_INFLATED: u64 = 4 << 30;

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

    /// Pays for bytes of the plain data set.
    pub(super) fn plain_bytes(&mut self, count: usize, tag: Tag) -> Result<(), DicomError> {
        spend(&mut self.plain_bytes, count, tag, "too much data outside the pixels")
    }
}

fn spend(left: &mut usize, count: usize, tag: Tag, what: &'static str) -> Result<(), DicomError> {
    *left = left.checked_sub(count).ok_or_else(|| DicomError::Malformed { tag: tag_name(tag), what })?;
    Ok(())
}
