//! The pixel data on the walk: which elements they are, and by which offsets their frames are found.

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::fragments::{self, Fragments};
use crate::dicom::PixelData;

/// Pixel Data, Float Pixel Data, Double Float Pixel Data.
pub(super) fn is_pixels(tag: Tag) -> bool {
    matches!(tag, tags::PIXEL_DATA | tags::FLOAT_PIXEL_DATA | tags::DOUBLE_FLOAT_PIXEL_DATA)
}

/// The Extended Offset Table and its lengths (PS3.3 C.7.6.3.1.8), which stand before the pixel data.
#[derive(Default)]
pub(super) struct Tables {
    offsets: Option<Bytes>,
    lengths: Option<Bytes>,
}

impl Tables {
    /// Keeps the value of an element of the root, if it is one of the two.
    pub(super) fn keep(&mut self, tag: Tag, value: impl FnOnce() -> Bytes) {
        match tag {
            tags::EXTENDED_OFFSET_TABLE => self.offsets = Some(value()),
            tags::EXTENDED_OFFSET_TABLE_LENGTHS => self.lengths = Some(value()),
            _ => {}
        }
    }

    /// The pixel data with the offsets of their frames: of the basic table, else of the extended one. `warn` is told
    /// of a table that is none.
    pub(super) fn encapsulated(&mut self, found: Fragments, mut warn: impl FnMut(Tag)) -> PixelData {
        let basic = fragments::offsets(&found.offset_table, 4);
        let extended = self.offsets.take().map(|table| fragments::offsets(&table, 8));
        if basic.is_none() || extended == Some(None) {
            warn(tags::PIXEL_DATA);
        }
        let mut extended = extended.flatten();
        let lengths = self.lengths.take();
        if lengths.is_some_and(|lengths| !fragments::have_lengths(&found.fragments, &lengths)) {
            warn(tags::EXTENDED_OFFSET_TABLE_LENGTHS);
            extended = None;
        }
        let offsets = match (basic.unwrap_or_default(), extended) {
            (basic, Some(extended)) if basic.is_empty() => extended,
            (basic, _) => basic,
        };
        PixelData::Encapsulated { offsets, fragments: found.fragments }
    }
}
