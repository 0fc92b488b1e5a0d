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
