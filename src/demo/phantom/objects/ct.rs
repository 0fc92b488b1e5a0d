//! CT Image and Contrast/Bolus (PS3.3 A.3, C.8.2.1, C.7.6.4).

use dicom_dictionary_std::tags;

use super::common::{samples, windows};
use super::elements::Elements;

/// Rescale Intercept of both CTs, HU.
pub(super) const INTERCEPT: f64 = -1024.0;

/// Contrast-enhanced chest and abdomen: signed 16-bit samples.
pub(super) fn chest(e: &mut Elements) {
    samples(e, 16, true);
    e.signed_short(tags::PIXEL_PADDING_VALUE, -2048);
    scanner(e, "CHEST", 384.0, 240);
    windows(e, &[(40.0, 400.0, "MEDIASTINUM"), (-600.0, 1500.0, "LUNG"), (400.0, 1800.0, "BONE")]);
    e.text(tags::CONTRAST_BOLUS_AGENT, "IOHEXOL 300");
    e.text(tags::CONTRAST_BOLUS_ROUTE, "IV");
    e.decimals(tags::CONTRAST_BOLUS_VOLUME, &[100.0]);
}

/// Unenhanced head: 12 of 16 bits, unsigned.
pub(super) fn head(e: &mut Elements) {
    samples(e, 12, false);
    scanner(e, "HEAD", 230.4, 320);
    windows(e, &[(40.0, 80.0, "BRAIN"), (60.0, 180.0, "SUBDURAL"), (500.0, 2500.0, "BONE")]);
}

fn scanner(e: &mut Elements, protocol: &str, field_mm: f64, milliampere: u32) {
    e.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\AXIAL");
    e.decimals(tags::RESCALE_INTERCEPT, &[INTERCEPT]);
    e.decimals(tags::RESCALE_SLOPE, &[1.0]);
    e.text(tags::RESCALE_TYPE, "HU");
    e.decimals(tags::KVP, &[120.0]);
    e.integer(tags::X_RAY_TUBE_CURRENT, milliampere);
    e.integer(tags::EXPOSURE_TIME, 500);
    e.text(tags::CONVOLUTION_KERNEL, "STANDARD");
    e.decimals(tags::GANTRY_DETECTOR_TILT, &[0.0]);
    e.decimals(tags::DATA_COLLECTION_DIAMETER, &[500.0]);
    e.decimals(tags::RECONSTRUCTION_DIAMETER, &[field_mm]);
    e.text(tags::PROTOCOL_NAME, protocol);
}
