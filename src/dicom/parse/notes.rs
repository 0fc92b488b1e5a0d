//! What is kept beside the values while an object's modules are read: warnings, and how much was read.
//!
//! A value in the shared functional groups is read for every frame. A file of 1 MB can have 100,000 frames and a
//! value of 60 KB, so that what is read is counted, and beyond all measure nothing more is.

use std::cell::{Cell, RefCell};

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;

use crate::dicom::gate::{MOST_WARNINGS, tag_name};
use crate::dicom::{DicomError, Warning};

/// What may be read of any object, in bytes, and what may beyond that for each byte of the file.
const FREE: usize = 64 << 20;
const PER_BYTE: usize = 16;

/// Warnings and the budget of one object.
pub(super) struct Notes {
    warnings: RefCell<Vec<Warning>>,
    left: Cell<usize>,
    stopped_at: Cell<Option<Tag>>,
}

impl Notes {
    /// For an object out of a file of so many bytes.
    pub(super) fn new(file_bytes: usize) -> Self {
        let left = file_bytes.saturating_mul(PER_BYTE).saturating_add(FREE);
        Self { warnings: RefCell::default(), left: Cell::new(left), stopped_at: Cell::default() }
    }

    /// Notes a warning, once.
    pub(super) fn warn(&self, warning: Warning) {
        let mut warnings = self.warnings.borrow_mut();
        if warnings.len() < MOST_WARNINGS && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// Pays for reading a value; false when nothing more is to be read.
    pub(super) fn pay(&self, tag: Tag, value: &PrimitiveValue) -> bool {
        match self.left.get().checked_sub(weight(value)) {
            Some(left) => self.left.set(left),
            None => {
                self.left.set(0);
                self.stopped_at.set(self.stopped_at.get().or(Some(tag)));
            }
        }
        self.stopped_at.get().is_none()
    }

    /// The warnings.
    ///
    /// # Errors
    /// [`DicomError::Malformed`] when not everything could be read.
    pub(super) fn finish(self) -> Result<Vec<Warning>, DicomError> {
        match self.stopped_at.get() {
            None => Ok(self.warnings.into_inner()),
            Some(tag) => Err(DicomError::Malformed {
                tag: tag_name(tag),
                what: "to be read for more frames than a file of this size may ask for",
            }),
        }
    }
}

/// About what it takes to copy a value: many strings weigh more than one of their length.
fn weight(value: &PrimitiveValue) -> usize {
    match value {
        PrimitiveValue::Str(text) => text.len(),
        PrimitiveValue::Strs(texts) => match texts.as_slice() {
            [one] => one.len(),
            many => many.len() * 32,
        },
        other => other.multiplicity() as usize * 4,
    }
}
