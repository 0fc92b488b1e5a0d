//! Ultrasound Multi-frame Image with its calibration (PS3.3 A.7, C.8.5.5, C.8.5.6, C.7.6.5).

use dicom_dictionary_std::tags;

use super::super::{answers, echo};
use super::elements::Elements;

/// Physical Units: centimetres.
const CENTIMETRES: u16 = 3;
/// Region Data Type: tissue, colour flow.
const TISSUE: u16 = 1;
const COLOUR_FLOW: u16 = 2;

pub(super) fn clip(e: &mut Elements) {
    e.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\ABDOMINAL\\0011");
    e.text(tags::PATIENT_ORIENTATION, "");
    e.short(tags::SAMPLES_PER_PIXEL, 3);
    e.text(tags::PHOTOMETRIC_INTERPRETATION, "RGB");
    e.short(tags::PLANAR_CONFIGURATION, 0);
    e.short(tags::ROWS, echo::ROWS as u16);
    e.short(tags::COLUMNS, echo::COLUMNS as u16);
    e.short(tags::BITS_ALLOCATED, 8);
    e.short(tags::BITS_STORED, 8);
    e.short(tags::HIGH_BIT, 7);
    e.short(tags::PIXEL_REPRESENTATION, 0);
    e.integer(tags::NUMBER_OF_FRAMES, echo::FRAMES as u32);
    e.pointer(tags::FRAME_INCREMENT_POINTER, tags::FRAME_TIME);
    e.decimals(tags::FRAME_TIME, &[66.7]);
    e.integer(tags::RECOMMENDED_DISPLAY_FRAME_RATE, 15);
    e.short(tags::ULTRASOUND_COLOR_DATA_PRESENT, 1);
    e.text(tags::TRANSDUCER_TYPE, "CURVED LINEAR");
    let regions = [(echo::SECTOR, TISSUE), (echo::FLOW_BOX, COLOUR_FLOW)];
    e.items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS, regions.map(|(bounds, kind)| region(bounds, kind)).into());
}

/// One calibrated region: left, top, right, bottom pixel, inclusive.
fn region([left, top, right, bottom]: [usize; 4], data_type: u16) -> Elements {
    let mut item = Elements::new();
    item.short(tags::REGION_SPATIAL_FORMAT, 1);
    item.short(tags::REGION_DATA_TYPE, data_type);
    item.long(tags::REGION_FLAGS, 0);
    item.long(tags::REGION_LOCATION_MIN_X0, left as u32);
    item.long(tags::REGION_LOCATION_MIN_Y0, top as u32);
    item.long(tags::REGION_LOCATION_MAX_X1, right as u32);
    item.long(tags::REGION_LOCATION_MAX_Y1, bottom as u32);
    item.signed_long(tags::REFERENCE_PIXEL_X0, 0);
    item.signed_long(tags::REFERENCE_PIXEL_Y0, 0);
    item.short(tags::PHYSICAL_UNITS_X_DIRECTION, CENTIMETRES);
    item.short(tags::PHYSICAL_UNITS_Y_DIRECTION, CENTIMETRES);
    item.double(tags::PHYSICAL_DELTA_X, answers::ECHO_PIXEL_CM);
    item.double(tags::PHYSICAL_DELTA_Y, answers::ECHO_PIXEL_CM);
    item
}
