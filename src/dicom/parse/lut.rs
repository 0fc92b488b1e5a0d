//! Lookup tables: descriptor and data (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::values::{Reader, word_value};
use crate::dicom::error::WarningCode;
use crate::dicom::instance::LookupTable;

/// A descriptor: how many entries, the first value mapped, bits of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Descriptor {
    /// 1 to 65536; 0 is written for 65536.
    pub(super) entries: usize,
    /// First stored pixel value mapped.
    pub(super) first: i32,
    /// 8 to 16.
    pub(super) bits: u16,
}

/// Reads a descriptor. The second value is signed when the values that it maps are, whatever VR it came under;
/// the other two are unsigned always.
pub(super) fn descriptor(reader: Reader<'_>, tag: Tag, signed: bool) -> Option<Descriptor> {
    let words = reader.words(tag)?;
    let &[entries, first, bits] = words.as_slice() else { return None };
    let entries = if entries == 0 { 65_536 } else { usize::from(entries) };
    let first = word_value(first, signed);
    (8..=16).contains(&bits).then_some(Descriptor { entries, first, bits })
}

/// A table from an item of a Modality or VOI LUT Sequence; `explanation` names the element that describes it.
/// `None` when descriptor and data do not fit together. Entries that need more bits than the descriptor says prove
/// it wrong: then they are counted, and there is a warning.
pub(super) fn table(item: Reader<'_>, signed: bool, explanation: Tag) -> Option<LookupTable> {
    let Descriptor { entries, first, bits } = descriptor(item, tags::LUT_DESCRIPTOR, signed)?;
    let entries = unpack(item.words(tags::LUT_DATA)?, entries, bits)?;
    let needed = entries.iter().max().map_or(0, |largest| 16 - largest.leading_zeros());
    if needed > u32::from(bits) {
        item.warn(WarningCode::BadValue, tags::LUT_DESCRIPTOR);
    }
    let bits = bits.max(u16::try_from(needed).unwrap_or(16));
    Some(LookupTable { first, bits, entries, explanation: item.text(explanation) })
}

/// The entries: a word each or, for 8 bits, two to a word with the first in the low byte.
pub(super) fn unpack(words: Vec<u16>, entries: usize, bits: u16) -> Option<Vec<u16>> {
    if words.len() >= entries {
        return Some(words.into_iter().take(entries).collect());
    }
    if bits == 8 && words.len() >= entries.div_ceil(2) {
        let bytes = words.iter().flat_map(|word| word.to_le_bytes()).map(u16::from);
        return Some(bytes.take(entries).collect());
    }
    None
}
