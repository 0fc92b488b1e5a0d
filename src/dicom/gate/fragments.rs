//! Encapsulated pixel data: the fragments and the Basic Offset Table (PS3.5 A.4), located without copying.

use bytes::Bytes;
use dicom_core::Tag;

use super::encoding::Encoding;
use super::header::{self, ITEM, SEQUENCE_END};
use super::limits::Budget;
use super::tag_name;
use crate::dicom::DicomError;

/// The items of one encapsulated value.
#[derive(Debug)]
pub(super) struct Fragments {
    /// The Basic Offset Table's bytes: the first item.
    pub(super) offset_table: Bytes,
    /// The other items.
    pub(super) fragments: Vec<Bytes>,
    /// Behind the Sequence Delimitation Item.
    pub(super) end: usize,
}

/// Walks the items from `at` to the Sequence Delimitation Item.
///
/// # Errors
/// [`DicomError::Truncated`] when an item or the delimiter does not fit before `end`, [`DicomError::Malformed`]
/// when something else stands between the items.
pub(super) fn locate(
    bytes: &Bytes,
    tag: Tag,
    mut at: usize,
    end: usize,
    budget: &mut Budget,
) -> Result<Fragments, DicomError> {
    let truncated = |at: usize| DicomError::Truncated { at: at as u64, tag: tag_name(tag) };
    let mut items = Vec::new();
    loop {
        // Encapsulation exists in little endian only; FFFE elements are headed alike in both VR forms.
        let item = header::read(bytes, at, end, Encoding::EXPLICIT).map_err(|_| truncated(at))?;
        budget.element(tag)?;
        if item.tag == SEQUENCE_END {
            at = item.value_at;
            break;
        }
        if item.tag != ITEM || item.undefined() {
            return Err(DicomError::Malformed {
                tag: tag_name(tag),
                what: "fragment without an item header",
            });
        }
        let after = item.value_at + item.length as usize;
        if after > end {
            return Err(truncated(at));
        }
        items.push(bytes.slice(item.value_at..after));
        at = after;
    }
    let mut items = items.into_iter();
    Ok(Fragments { offset_table: items.next().unwrap_or_default(), fragments: items.collect(), end: at })
}

/// Offsets of 4 bytes (Basic) or 8 bytes (Extended, PS3.3 C.7.6.3.1.8) each; `None` when they do not rise or do
/// not fit the table, so that nothing is cut by them.
pub(super) fn offsets(table: &[u8], width: usize) -> Option<Vec<u64>> {
    if !table.len().is_multiple_of(width) {
        return None;
    }
    let read = |entry: &[u8]| entry.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let offsets: Vec<u64> = table.chunks_exact(width).map(read).collect();
    let rising = offsets.windows(2).all(|pair| pair[0] < pair[1]);
    (rising && offsets.first().is_none_or(|first| *first == 0)).then_some(offsets)
}

/// Whether an Extended Offset Table's lengths (PS3.3 C.7.6.3) are those of the fragments, of which each is then a
/// frame. A byte that makes a fragment's length even may be counted or not.
pub(super) fn have_lengths(fragments: &[Bytes], table: &[u8]) -> bool {
    let (lengths, []) = table.as_chunks::<8>() else { return false };
    let same = |(length, fragment): (&[u8; 8], &Bytes)| {
        let (length, there) = (u64::from_le_bytes(*length), fragment.len() as u64);
        length == there || length.checked_add(1) == Some(there)
    };
    lengths.len() == fragments.len() && lengths.iter().zip(fragments).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_fragments_or_of_other_ones() {
        let fragments = [&b"abcd"[..], b"ef"].map(Bytes::from_static);
        let table =
            |lengths: &[u64]| lengths.iter().flat_map(|length| length.to_le_bytes()).collect::<Vec<u8>>();
        for (lengths, right) in [
            (&[4, 2][..], true),
            (&[3, 2], true),
            (&[2, 2], false),
            (&[5, 2], false),
            (&[4], false),
            (&[4, 2, 0], false),
            (&[u64::MAX, 2], false),
        ] {
            assert_eq!(have_lengths(&fragments, &table(lengths)), right, "{lengths:?}");
        }
        assert!(!have_lengths(&fragments, &[4, 0, 0]));
    }
}
