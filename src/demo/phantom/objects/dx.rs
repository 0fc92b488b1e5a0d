//! Digital X-Ray Image, for presentation (PS3.3 A.26, C.8.11).

use dicom_dictionary_std::tags;

use super::super::{answers, film};
use super::elements::Elements;

pub(super) fn chest(e: &mut Elements) {
    e.text(tags::PRESENTATION_INTENT_TYPE, "FOR PRESENTATION");
    e.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\");
    pixels(e);
    positioning(e);
    detector(e);
    e.items(tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new());
}

/// DX Image (C.8.11.3): a higher value had more exposure, and MONOCHROME1 shows it darker.
fn pixels(e: &mut Elements) {
    e.short(tags::SAMPLES_PER_PIXEL, 1);
    e.text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");
    e.short(tags::ROWS, film::ROWS as u16);
    e.short(tags::COLUMNS, film::COLUMNS as u16);
    e.short(tags::BITS_ALLOCATED, 16);
    e.short(tags::BITS_STORED, 12);
    e.short(tags::HIGH_BIT, 11);
    e.short(tags::PIXEL_REPRESENTATION, 0);
    e.text(tags::PIXEL_INTENSITY_RELATIONSHIP, "LOG");
    e.signed_short(tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN, 1);
    e.decimals(tags::RESCALE_INTERCEPT, &[0.0]);
    e.decimals(tags::RESCALE_SLOPE, &[1.0]);
    e.text(tags::RESCALE_TYPE, "US");
    e.text(tags::PRESENTATION_LUT_SHAPE, "INVERSE");
    e.decimals(tags::WINDOW_CENTER, &[1900.0]);
    e.decimals(tags::WINDOW_WIDTH, &[2600.0]);
}

/// DX Anatomy Imaged and DX Positioning (C.8.11.2, C.8.11.5).
fn positioning(e: &mut Elements) {
    e.text(tags::PATIENT_ORIENTATION, "L\\F");
    e.text(tags::IMAGE_LATERALITY, "U");
    e.code(tags::ANATOMIC_REGION_SEQUENCE, "51185008", "SCT", "Chest");
    e.text(tags::VIEW_POSITION, "PA");
    e.text(tags::POSITIONER_TYPE, "");
    e.code(tags::VIEW_CODE_SEQUENCE, "399348003", "SCT", "postero-anterior");
    e.decimals(tags::DISTANCE_SOURCE_TO_DETECTOR, &[1800.0]);
    e.decimals(tags::DISTANCE_SOURCE_TO_PATIENT, &[1666.67]);
    e.decimals(tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, &[answers::FILM_MAGNIFICATION]);
    e.decimals(tags::KVP, &[120.0]);
    e.integer(tags::EXPOSURE_TIME, 8);
    e.integer(tags::X_RAY_TUBE_CURRENT, 250);
}

/// DX Detector (C.8.11.4).
fn detector(e: &mut Elements) {
    e.text(tags::DETECTOR_TYPE, "DIRECT");
    e.text(tags::DETECTOR_CONFIGURATION, "AREA");
    e.decimals(tags::IMAGER_PIXEL_SPACING, &[answers::FILM_PIXEL_MM; 2]);
    e.text(tags::GRID, "FIXED");
}
