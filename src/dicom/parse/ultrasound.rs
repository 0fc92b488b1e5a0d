//! US Region Calibration module (PS3.3 C.8.5.5).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::values::Reader;
use crate::dicom::error::WarningCode;
use crate::dicom::instance::UltrasoundRegion;

/// Physical Units value for centimetres (PS3.3 C.8.5.5.1.15).
const CENTIMETRES: i32 = 3;

/// The regions; one with unusable bounds is left out with a warning.
pub(super) fn regions(reader: Reader<'_>) -> Vec<UltrasoundRegion> {
    let mut all = Vec::new();
    for item in reader.items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS) {
        match region(item) {
            Some(region) => all.push(region),
            None => reader.warn(WarningCode::BadValue, tags::SEQUENCE_OF_ULTRASOUND_REGIONS),
        }
    }
    all
}

fn region(item: Reader<'_>) -> Option<UltrasoundRegion> {
    let edge = |tag: Tag| u32::try_from(item.integer(tag)?).ok();
    let bounds = [
        edge(tags::REGION_LOCATION_MIN_X0)?,
        edge(tags::REGION_LOCATION_MIN_Y0)?,
        edge(tags::REGION_LOCATION_MAX_X1)?,
        edge(tags::REGION_LOCATION_MAX_Y1)?,
    ];
    if bounds[0] > bounds[2] || bounds[1] > bounds[3] {
        return None;
    }
    let in_cm = |tag: Tag| item.integer(tag) == Some(CENTIMETRES);
    // A negative delta says which way the axis points; the distance is its size.
    let delta = |tag: Tag| item.number(tag).good().map(f64::abs).filter(|delta| *delta > 0.0);
    let delta_cm = if in_cm(tags::PHYSICAL_UNITS_X_DIRECTION) && in_cm(tags::PHYSICAL_UNITS_Y_DIRECTION) {
        delta(tags::PHYSICAL_DELTA_X).zip(delta(tags::PHYSICAL_DELTA_Y))
    } else {
        None
    };
    let data_type = item.integer(tags::REGION_DATA_TYPE).and_then(|value| u16::try_from(value).ok());
    Some(UltrasoundRegion { bounds, data_type: data_type.unwrap_or(0), delta_cm })
}

#[cfg(test)]
mod tests {
    use dicom_core::value::{DataSetSequence, PrimitiveValue};
    use dicom_core::{DataElement, VR};
    use dicom_object::InMemDicomObject;

    use super::*;
    use crate::dicom::parse::notes::Notes;

    fn of(units: (u16, u16), right: u32, delta: f64) -> (Vec<UltrasoundRegion>, usize) {
        let word = |tag, value| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
        let long = |tag, value: u32| DataElement::new(tag, VR::UL, PrimitiveValue::from(value));
        let double = |tag, value: f64| DataElement::new(tag, VR::FD, PrimitiveValue::from(value));
        let item = InMemDicomObject::from_element_iter([
            long(tags::REGION_LOCATION_MIN_X0, 10),
            long(tags::REGION_LOCATION_MIN_Y0, 20),
            long(tags::REGION_LOCATION_MAX_X1, right),
            long(tags::REGION_LOCATION_MAX_Y1, 400),
            word(tags::REGION_DATA_TYPE, 1),
            word(tags::PHYSICAL_UNITS_X_DIRECTION, units.0),
            word(tags::PHYSICAL_UNITS_Y_DIRECTION, units.1),
            double(tags::PHYSICAL_DELTA_X, delta),
            double(tags::PHYSICAL_DELTA_Y, -0.04),
        ]);
        let sequence = DataSetSequence::from(vec![item]);
        let dataset = InMemDicomObject::from_element_iter([DataElement::new(
            tags::SEQUENCE_OF_ULTRASOUND_REGIONS,
            VR::SQ,
            sequence,
        )]);
        let notes = Notes::new(0);
        let regions = regions(Reader::new(&dataset, &notes));
        (regions, notes.finish().unwrap().len())
    }

    #[test]
    fn a_region_is_calibrated_only_where_both_axes_are_lengths() {
        let scale = |units, delta| of(units, 500, delta).0[0].delta_cm;
        assert_eq!(scale((3, 3), 0.03), Some((0.03, 0.04)));
        // Hertz, seconds, cm/s: a spectrum or a curve, whose pixels are no lengths.
        for units in [(4, 3), (3, 7), (4, 7), (0, 0), (3, 6)] {
            assert_eq!(scale(units, 0.03), None, "{units:?}");
        }
        for delta in [0.0, f64::NAN, f64::INFINITY] {
            assert_eq!(scale((3, 3), delta), None, "{delta}");
        }
    }

    #[test]
    fn a_region_turned_inside_out_is_left_out_with_a_warning() {
        assert_eq!(of((3, 3), 5, 0.03), (Vec::new(), 1));
    }
}
