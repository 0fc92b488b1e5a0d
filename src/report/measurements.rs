//! The values of a report's measurements, computed from its images.

use super::evidence::Reference;
use super::{Evidence, Measurement, Part, Report, ReportError};
use crate::dicom::Phi;
use crate::imaging::measure::{Kind, MeasureError, Measured, Unit, measure};

/// One measurement of a report with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// What was measured, or empty.
    pub label: Phi<String>,
    /// The kind of shape.
    pub kind: Kind,
    /// Its values, the principal one first, rounded as they stand in the DICOM object.
    pub values: Vec<Measured>,
}

/// The values of all measurements of `report`, in its order: exactly those that [`super::build`] writes.
///
/// # Errors
/// [`ReportError`] for a reference to an image that is absent, of another patient or without that frame, and
/// for shapes that cannot be measured on it.
pub fn measurements(report: &Report, evidence: &Evidence<'_>) -> Result<Vec<Computed>, ReportError> {
    let compute = |(index, measurement): (usize, &Measurement)| {
        let (_, values) = compute(measurement, index + 1, evidence)?;
        Ok(Computed { label: measurement.label.clone(), kind: measurement.shape.kind(), values })
    };
    report.measurements.iter().enumerate().map(compute).collect()
}

/// The checked image reference and the rounded values of measurement `number` (from 1).
pub(super) fn compute<'a>(
    measurement: &Measurement,
    number: usize,
    evidence: &Evidence<'a>,
) -> Result<(Reference<'a>, Vec<Measured>), ReportError> {
    let part = Part::Measurement(number);
    let mut reference = evidence.find(&measurement.image, measurement.frame, part)?;
    let instance = reference.image.instance;
    let frame = match (reference.frame, instance.image.as_ref().map_or(0, |image| image.format.frames)) {
        (Some(frame), _) => frame,
        (None, 1) => 0,
        // Which of several frames was meant must not be guessed.
        (None, frames) => return Err(ReportError::NoFrame { part, frames }),
    };
    reference.frame = Some(frame);
    let values = reference.image.values;
    let pixel = |column: u32, row: u32| values(frame, column, row);
    let mut measured = measure(&measurement.shape, instance, frame, &pixel)
        .map_err(|error| ReportError::Shape { part, error })?;
    for value in &mut measured {
        value.value = rounded(value.value, &value.unit);
        if !value.value.is_finite() {
            return Err(ReportError::Shape { part, error: MeasureError::NoValue });
        }
    }
    Ok((reference, measured))
}

/// Rounded to what a reader can use: hundredths of mm, degrees, HU and pixels; six significant digits of
/// other modality values, whose scale is not known (an SUV and a raw MR signal differ by a factor of 1000).
fn rounded(value: f64, unit: &Unit) -> f64 {
    let rounded = match unit {
        Unit::Modality(_) => format!("{value:.5e}").parse().unwrap_or(value),
        _ => (value * 100.0).round() / 100.0,
    };
    rounded + 0.0 // a negative zero would print a sign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_by_their_unit() {
        assert_eq!(rounded(9.125_000_1, &Unit::Millimetre), 9.13);
        assert_eq!(rounded(-0.001, &Unit::Hounsfield).to_string(), "0");
        let modality = Unit::Modality(String::new());
        assert_eq!(rounded(0.001_234_567_8, &modality), 0.001_234_57);
        assert_eq!(rounded(123_456_789.0, &modality), 123_457_000.0);
    }
}
