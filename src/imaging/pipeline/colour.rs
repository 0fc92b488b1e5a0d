//! Colour: palettes and YBR_FULL (PS3.3 C.7.6.3.1).

use super::{LEVEL_MAX, level};
use crate::dicom::instance::{LookupTable, Palette};

/// The colour tables of PALETTE COLOR as 8-bit levels, one entry an index (PS3.3 C.7.6.3.1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteLevels {
    first: i32,
    entries: Vec<[u8; 3]>,
}

impl PaletteLevels {
    /// From the three tables; `None` when one is empty, they differ in length or start, or their bits are
    /// out of range.
    ///
    /// Entries run from 0 to 2^bits - 1. Some writers declare 16 bits and fill in 8-bit entries; tables in
    /// which no entry exceeds 255 would all be black, so they are read as 8-bit.
    pub fn from_palette(palette: &Palette) -> Option<Self> {
        let tables = [&palette.red, &palette.green, &palette.blue];
        let (first, length) = (tables[0].first, tables[0].entries.len());
        let usable = |t: &&LookupTable| {
            t.first == first && t.entries.len() == length && length > 0 && (8..=16).contains(&t.bits)
        };
        if !tables.iter().all(usable) {
            return None;
        }
        let narrow = tables.iter().all(|t| t.entries.iter().all(|&entry| entry <= 255));
        let full = |t: &LookupTable| if narrow { LEVEL_MAX } else { f64::from((1_u32 << t.bits) - 1) };
        let scaled = |t: &LookupTable, i: usize| level(f64::from(t.entries[i]) / full(t) * LEVEL_MAX);
        let entries = (0..length).map(|i| tables.map(|t| scaled(t, i))).collect();
        Some(Self { first, entries })
    }

    /// The same tables with their colours converted: `convert` takes and gives red, green and blue, entry by entry.
    /// `None` when it gives none.
    pub fn map(&self, convert: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> Option<Self> {
        let converted = convert(self.entries.as_flattened())?;
        let entries = converted.as_chunks::<3>().0.to_vec();
        (entries.len() == self.entries.len()).then_some(Self { first: self.first, entries })
    }

    /// The first index that is mapped; lower ones take the first entry.
    pub fn first(&self) -> i32 {
        self.first
    }

    /// Red, green and blue levels, entry by entry; never empty.
    pub fn entries(&self) -> &[[u8; 3]] {
        &self.entries
    }

    /// Red, green and blue of a stored index.
    pub fn rgb(&self, stored: f64) -> [u8; 3] {
        let last = self.entries.len() - 1;
        self.entries[(stored - f64::from(self.first)).clamp(0.0, last as f64) as usize]
    }
}

/// The real level, 0..=255, of a colour sample of `bits` significant bits.
pub fn level_of(stored: f64, bits: u16) -> f64 {
    let full = ((1_u64 << bits.clamp(1, 32)) - 1) as f64;
    stored / full * LEVEL_MAX
}

/// The real level of the sample that means no chrominance, 2^(bits - 1).
pub fn neutral_chrominance(bits: u16) -> f64 {
    level_of((1_u64 << (bits.clamp(1, 32) - 1)) as f64, bits)
}

/// Red, green and blue (real levels 0..=255) of YBR_FULL samples given as real levels: the inverse of the
/// matrix in PS3.3 C.7.6.3.1.2 (CCIR 601 luminance, chrominance full range). `neutral` is the level of no
/// chrominance, [`neutral_chrominance`]: 128 for 8-bit samples.
pub fn rgb_from_ybr([y, cb, cr]: [f64; 3], neutral: f64) -> [f64; 3] {
    let (cb, cr) = (cb - neutral, cr - neutral);
    let red = y + 1.402 * cr;
    let blue = y + 1.772 * cb;
    let green = (y - 0.299 * red - 0.114 * blue) / 0.587;
    [red, green, blue].map(|level| level.clamp(0.0, LEVEL_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Forward by the matrix as the standard prints it, back by ours.
        #[test]
        fn ybr_full_undoes_the_matrix_of_the_standard(r in 0.0..=255.0_f64, g in 0.0..=255.0_f64, b in 0.0..=255.0_f64) {
            let y = 0.2990 * r + 0.5870 * g + 0.1140 * b;
            let cb = -0.1687 * r - 0.3313 * g + 0.5000 * b + 128.0;
            let cr = 0.5000 * r - 0.4187 * g - 0.0813 * b + 128.0;
            for (back, original) in rgb_from_ybr([y, cb, cr], neutral_chrominance(8)).into_iter().zip([r, g, b]) {
                prop_assert!((back - original).abs() < 0.05, "{back} for {original}");
            }
        }
    }

    fn palette(bits: u16, [red, green, blue]: [Vec<u16>; 3]) -> Palette {
        let table = |entries: Vec<u16>| LookupTable { first: 5, bits, entries, explanation: String::new() };
        Palette { red: table(red), green: table(green), blue: table(blue) }
    }

    #[test]
    fn palettes_of_eight_and_sixteen_bits_give_the_same_levels() {
        let wide = palette(16, [vec![0, 65535], vec![257, 0], vec![65535, 32896]]);
        let narrow = palette(8, [vec![0, 255], vec![1, 0], vec![255, 128]]);
        let mislabelled = palette(16, [vec![0, 255], vec![1, 0], vec![255, 128]]);
        for palette in [wide, narrow, mislabelled] {
            let levels = PaletteLevels::from_palette(&palette).unwrap();
            assert_eq!(levels.rgb(0.0), [0, 1, 255]);
            assert_eq!(levels.rgb(5.0), [0, 1, 255]);
            assert_eq!(levels.rgb(6.0), [255, 0, 128]);
            assert_eq!(levels.rgb(700.0), [255, 0, 128]);
        }
    }

    #[test]
    fn palettes_that_do_not_agree_with_themselves_are_refused() {
        assert_eq!(PaletteLevels::from_palette(&palette(8, [vec![0, 1], vec![0], vec![0, 1]])), None);
        assert_eq!(PaletteLevels::from_palette(&palette(8, [vec![], vec![], vec![]])), None);
        assert_eq!(PaletteLevels::from_palette(&palette(0, [vec![1], vec![1], vec![1]])), None);
    }
}
