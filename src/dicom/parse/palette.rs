//! Palette colour tables, plain or segmented (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6, C.7.9.2).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::lut::{self, Descriptor};
use super::values::Reader;
use crate::dicom::instance::{LookupTable, Palette};

/// The tags of one colour: descriptor, data, segmented data.
type Colour = [Tag; 3];

const RED: Colour = [
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
];
const GREEN: Colour = [
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
];
const BLUE: Colour = [
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
];

/// The three tables, or `None` when one is absent or damaged.
pub(super) fn read(reader: Reader<'_>, signed: bool) -> Option<Palette> {
    let colour = |tags| colour(reader, tags, signed);
    Some(Palette { red: colour(RED)?, green: colour(GREEN)?, blue: colour(BLUE)? })
}

fn colour(reader: Reader<'_>, [descriptor, data, segmented]: Colour, signed: bool) -> Option<LookupTable> {
    let descriptor = lut::descriptor(reader, descriptor, signed)?;
    let entries = if reader.has(data) {
        lut::unpack(reader.words(data)?, descriptor.entries, descriptor.bits)?
    } else {
        expand(&units(reader.words(segmented)?, descriptor.bits), descriptor)?
    };
    Some(LookupTable { first: descriptor.first, bits: descriptor.bits, entries, explanation: String::new() })
}

/// Segmented data counts in units of an entry: bytes or words.
fn units(words: Vec<u16>, bits: u16) -> Vec<u16> {
    if bits > 8 { words } else { words.iter().flat_map(|word| word.to_le_bytes()).map(u16::from).collect() }
}

/// Expands discrete (0), linear (1) and indirect (2) segments. The number of entries is the limit of the work:
/// a segment that would add nothing or too much ends the expansion.
fn expand(units: &[u16], descriptor: Descriptor) -> Option<Vec<u16>> {
    let mut out = Vec::with_capacity(descriptor.entries);
    let mut at = 0;
    while out.len() < descriptor.entries {
        let (&opcode, &count) = (units.get(at)?, units.get(at + 1)?);
        if opcode == 2 {
            at = indirect(units, at, descriptor, &mut out)?;
        } else {
            at = direct(units, at, (opcode, usize::from(count)), &mut out)?;
        }
    }
    (out.len() == descriptor.entries).then_some(out)
}

/// One discrete or linear segment at `at`; returns where the next begins.
fn direct(units: &[u16], at: usize, (opcode, count): (u16, usize), out: &mut Vec<u16>) -> Option<usize> {
    match opcode {
        0 if count > 0 => {
            out.extend_from_slice(units.get(at + 2..at + 2 + count)?);
            Some(at + 2 + count)
        }
        1 if count > 0 => {
            let (&end, &start) = (units.get(at + 2)?, out.last()?);
            let (start, span) = (f64::from(start), f64::from(end) - f64::from(start));
            for step in 1..=count {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between two u16"
                )]
                out.push((start + span * step as f64 / count as f64).round() as u16);
            }
            Some(at + 3)
        }
        _ => None,
    }
}

/// An indirect segment: `count` earlier segments again, from an offset of two units, least significant first.
fn indirect(units: &[u16], at: usize, descriptor: Descriptor, out: &mut Vec<u16>) -> Option<usize> {
    let count = *units.get(at + 1)?;
    let shift = if descriptor.bits > 8 { 16 } else { 8 };
    let offset_units = if descriptor.bits > 8 { 2 } else { 4 };
    let offset = units
        .get(at + 2..at + 2 + offset_units)?
        .iter()
        .rev()
        .fold(0_usize, |offset, unit| offset << shift | usize::from(*unit));
    // The offset is in bytes from the start of the data.
    let mut source = if descriptor.bits > 8 { offset / 2 } else { offset };
    for _ in 0..count {
        let (&opcode, &length) = (units.get(source)?, units.get(source + 1)?);
        if out.len() > descriptor.entries {
            return None;
        }
        source = direct(units, source, (opcode, usize::from(length)), out)?;
    }
    Some(at + 2 + offset_units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_of_bytes_count_their_offset_in_four_of_them() {
        let descriptor = Descriptor { entries: 8, first: 0, bits: 8 };
        // 5, 6 | linear to 10 in 2 | both again from byte 0: 5 6 8 10 5 6 8 10
        let bytes: Vec<u8> = vec![0, 2, 5, 6, 1, 2, 10, 2, 2, 0, 0, 0, 0, 0];
        let words = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        assert_eq!(expand(&units(words, 8), descriptor), Some(vec![5, 6, 8, 10, 5, 6, 8, 10]));
    }

    #[test]
    fn segments_expand_and_their_total_must_fit() {
        let descriptor = Descriptor { entries: 9, first: 0, bits: 16 };
        // 10, 20 | linear to 50 in 3 | the discrete segment again, then 2 of its own: 10 20 30 40 50 10 20 7 8
        let units = [0, 2, 10, 20, 1, 3, 50, 2, 1, 0, 0, 0, 2, 7, 8];
        assert_eq!(expand(&units, descriptor), Some(vec![10, 20, 30, 40, 50, 10, 20, 7, 8]));
        for broken in [&units[..12], &[1, 3, 50][..], &[0, 0][..], &[3, 1, 1][..], &[0, 200, 1][..]] {
            assert_eq!(expand(broken, descriptor), None, "{broken:?}");
        }
        assert_eq!(expand(&units, Descriptor { entries: 8, ..descriptor }), None);
    }
}
