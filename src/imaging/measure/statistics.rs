//! Statistics of the modality values inside an outline.

use super::region::Region;
use super::{Measured, PixelValues, Provenance, Quantity, Unit};

/// Statistics over pixels that have a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// How many pixels; at least 1.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, divisor n.
    pub standard_deviation: f64,
    /// The least value.
    pub minimum: f64,
    /// The greatest value.
    pub maximum: f64,
}

impl Statistics {
    /// Over the pixels of a `columns` x `rows` image whose centres are inside `region` and that have a finite
    /// value; `None` where there are none.
    pub(super) fn over(region: &Region, columns: u32, rows: u32, pixel: &PixelValues<'_>) -> Option<Self> {
        Self::of(region.pixels(columns, rows).filter_map(|(column, row)| pixel(column, row)))
    }

    /// Of a run of values; those that are not finite are skipped. `None` where none is left.
    ///
    /// Welford's recurrence: values around a large offset lose no digits.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (mut count, mut mean, mut squares) = (0_u64, 0.0, 0.0);
        let (mut minimum, mut maximum) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|v| v.is_finite()) {
            count += 1;
            let before = value - mean;
            mean += before / count as f64;
            squares += before * (value - mean);
            minimum = minimum.min(value);
            maximum = maximum.max(value);
        }
        let standard_deviation = (squares / count as f64).sqrt();
        (count > 0).then_some(Self { count, mean, standard_deviation, minimum, maximum })
    }

    /// As values with their unit.
    pub(super) fn measured(&self, unit: &Unit) -> [Measured; 5] {
        let value = |quantity, value| Measured {
            quantity,
            value,
            unit: if quantity == Quantity::PixelCount { Unit::Count } else { unit.clone() },
            provenance: Provenance::PixelValues,
        };
        [
            value(Quantity::Mean, self.mean),
            value(Quantity::StandardDeviation, self.standard_deviation),
            value(Quantity::Minimum, self.minimum),
            value(Quantity::Maximum, self.maximum),
            value(Quantity::PixelCount, self.count as f64),
        ]
    }
}
