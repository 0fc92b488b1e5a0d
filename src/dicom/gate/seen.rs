//! Elements that stand twice in one data set (PS3.5 7.1 allows each once).
//!
//! Of two patient names or two numbers of rows, one toolkit believes the first and another the last. Which one was
//! meant is not known, so such an object is refused, unless both say the same.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use dicom_core::Tag;

use super::{malformed, tag_name};
use crate::dicom::error::WarningCode;
use crate::dicom::{DicomError, Warning};

/// The elements of the root and of every open item, with the places of their values.
pub(super) struct Seen(Vec<BTreeMap<Tag, Range<usize>>>);

impl Seen {
    /// At the beginning of the root.
    pub(super) fn at_root() -> Self {
        Self(vec![BTreeMap::new()])
    }

    /// An item begins.
    pub(super) fn open_item(&mut self) {
        self.0.push(BTreeMap::new());
    }

    /// The innermost item ends.
    pub(super) fn close_item(&mut self) {
        self.0.pop();
    }

    /// Notes an element whose value lies at `place`; that of a sequence, which is not compared, is empty. A
    /// repetition is forgiven with a warning where it says the same or is private.
    ///
    /// # Errors
    /// [`DicomError::Malformed`] where an element of the standard stands twice with two values.
    pub(super) fn element(
        &mut self,
        tag: Tag,
        place: Range<usize>,
        bytes: &[u8],
    ) -> Result<Option<Warning>, DicomError> {
        let Some(level) = self.0.last_mut() else { return Ok(None) };
        let first = match level.entry(tag) {
            Entry::Vacant(entry) => {
                entry.insert(place);
                return Ok(None);
            }
            Entry::Occupied(entry) => entry.get().clone(),
        };
        let value = |place: Range<usize>| bytes.get(place).filter(|value| !value.is_empty());
        let private = tag.group() % 2 == 1;
        if private || value(first).is_some_and(|first| value(place) == Some(first)) {
            return Ok(Some(Warning::new(WarningCode::BadValue, tag_name(tag))));
        }
        Err(malformed(tag, "stands twice with different values"))
    }
}
