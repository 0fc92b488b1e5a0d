//! Stored values to modality values (PS3.3 C.11.1).

use crate::dicom::instance::{LookupTable, ModalityTransform};

/// Whether there are modality values: slope and intercept are numbers, a table has entries.
pub fn is_trusted(transform: &ModalityTransform) -> bool {
    match transform {
        ModalityTransform::Identity => true,
        ModalityTransform::Rescale { slope, intercept, .. } => slope.is_finite() && intercept.is_finite(),
        ModalityTransform::Table(table) => !table.entries.is_empty(),
        ModalityTransform::Broken => false,
    }
}

/// The modality value of a stored value; `None` where slope, intercept or table cannot be trusted.
///
/// Rescale is `slope x stored + intercept` (C.11.1.1.2). Without a modality module the stored value is the
/// modality value.
pub fn modality_value(transform: &ModalityTransform, stored: f64) -> Option<f64> {
    match transform {
        ModalityTransform::Identity => Some(stored),
        ModalityTransform::Rescale { slope, intercept, .. } => Some(slope * stored + intercept),
        ModalityTransform::Table(table) => table_value(table, stored),
        ModalityTransform::Broken => None,
    }
}

/// The entry of a table for an input (PS3.3 C.11.1.1.1, C.11.2.1.1): inputs before the first take the first
/// entry, inputs past the last take the last. Between two integers (resampled values), the entries on both
/// sides are interpolated linearly, which the standard leaves open. `None` for a table without entries.
pub fn table_value(table: &LookupTable, input: f64) -> Option<f64> {
    let last = table.entries.len().checked_sub(1)?;
    let place = (input - f64::from(table.first)).clamp(0.0, last as f64);
    let before = place.floor();
    let low = f64::from(table.entries[before as usize]);
    let high = f64::from(table.entries[(before as usize + 1).min(last)]);
    Some(low + (high - low) * (place - before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> LookupTable {
        LookupTable { first: -2, bits: 12, entries: vec![10, 20, 40, 4095], explanation: String::new() }
    }

    #[test]
    fn a_table_clamps_at_both_ends_and_interpolates_between_integers() {
        for (input, output) in
            [(-9.0, 10.0), (-2.0, 10.0), (-1.0, 20.0), (-0.5, 30.0), (1.0, 4095.0), (7.0, 4095.0)]
        {
            assert_eq!(table_value(&table(), input), Some(output), "{input}");
        }
        assert_eq!(table_value(&LookupTable { entries: vec![], ..table() }, 0.0), None);
    }

    #[test]
    fn a_broken_rescale_gives_no_value_rather_than_the_stored_one() {
        assert_eq!(modality_value(&ModalityTransform::Broken, 12.0), None);
        assert_eq!(modality_value(&ModalityTransform::Identity, 12.0), Some(12.0));
        let hu = ModalityTransform::Rescale { slope: 2.0, intercept: -1024.0, unit: "HU".to_owned() };
        assert_eq!(modality_value(&hu, 12.0), Some(-1000.0));
    }
}
