//! Where a frame lies and how far its pixels are apart (PS3.3 C.7.6.2, 10.7).

use dicom_dictionary_std::tags;
use glam::DVec3;

use super::values::{Field, Reader};
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{PixelSpacing, PlanePosition, SpacingSource};

/// How far a direction cosine may be from unit length or from a right angle: six decimals are usual, three occur.
const COSINE_TOLERANCE: f64 = 2e-3;

/// Image Position (Patient) and Image Orientation (Patient), which functional groups keep in two items. `None`
/// when either is absent or does not describe a plane.
pub(super) fn plane(position: Reader<'_>, orientation: Reader<'_>) -> Option<PlanePosition> {
    let origin = position.exactly::<3>(tags::IMAGE_POSITION_PATIENT).good()?;
    let cosines = orientation.exactly::<6>(tags::IMAGE_ORIENTATION_PATIENT).good()?;
    let row = DVec3::new(cosines[0], cosines[1], cosines[2]);
    let column = DVec3::new(cosines[3], cosines[4], cosines[5]);
    let unit = |v: DVec3| (v.length() - 1.0).abs() <= COSINE_TOLERANCE;
    if !unit(row) || !unit(column) || row.dot(column).abs() > COSINE_TOLERANCE {
        orientation.warn(WarningCode::BadValue, tags::IMAGE_ORIENTATION_PATIENT);
        return None;
    }
    Some(PlanePosition {
        origin_mm: DVec3::from_array(origin),
        row_direction: row.normalize(),
        column_direction: column.normalize(),
    })
}

/// Modalities whose images are shadows on a detector: what a pixel covers there is larger than in the patient.
const PROJECTIONS: [&str; 7] = ["CR", "DX", "IO", "MG", "PX", "RF", "XA"];
/// The strongest magnification that is believed: no object lies so near to the focus.
const MOST_MAGNIFIED: f64 = 20.0;

/// Pixel Spacing, or what stands in its place, and what it measures (PS3.3 10.7.1.1, 10.7.1.3). `reader` holds it,
/// `root` what is said of the whole object.
pub(super) fn spacing(reader: Reader<'_>, root: Reader<'_>) -> Option<PixelSpacing> {
    let pixel = positive_pair(reader, tags::PIXEL_SPACING);
    let imager = positive_pair(reader, tags::IMAGER_PIXEL_SPACING)
        .or_else(|| positive_pair(reader, tags::NOMINAL_SCANNED_PIXEL_SPACING));
    let (pair, source) = match (pixel, imager) {
        (Some(pixel), _) if reader.has(tags::PIXEL_SPACING_CALIBRATION_TYPE) => {
            (pixel, SpacingSource::Calibrated)
        }
        (Some(pixel), Some(imager)) if !same(pixel, imager) => (pixel, SpacingSource::Calibrated),
        (_, Some(imager)) => at_detector(imager, root),
        (Some(pixel), None) if is_projection(root) => (pixel, SpacingSource::Unstated),
        (Some(pixel), None) => (pixel, SpacingSource::Patient),
        (None, None) => return None,
    };
    match source {
        SpacingSource::Detector => reader.warn(WarningCode::Uncalibrated, tags::IMAGER_PIXEL_SPACING),
        SpacingSource::Unstated => reader.warn(WarningCode::Uncalibrated, tags::PIXEL_SPACING),
        _ => {}
    }
    Some(PixelSpacing { between_rows_mm: pair[0], between_columns_mm: pair[1], source })
}

/// Object Pixel Spacing in Center of Beam, from the item of a Projection Pixel Calibration Sequence.
pub(super) fn in_beam(item: Reader<'_>) -> Option<PixelSpacing> {
    let [between_rows_mm, between_columns_mm] =
        positive_pair(item, tags::OBJECT_PIXEL_SPACING_IN_CENTER_OF_BEAM)?;
    Some(PixelSpacing { between_rows_mm, between_columns_mm, source: SpacingSource::Magnified })
}

/// What pixels cover at the detector, or in the patient where the object estimates how much larger its shadow is: at
/// least once, since the detector is behind the patient.
fn at_detector(imager: [f64; 2], root: Reader<'_>) -> ([f64; 2], SpacingSource) {
    match root.number(tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR) {
        Field::Good(factor) if (1.0..=MOST_MAGNIFIED).contains(&factor) => {
            (imager.map(|spacing| spacing / factor), SpacingSource::Magnified)
        }
        Field::Good(_) => {
            root.warn(WarningCode::BadValue, tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR);
            (imager, SpacingSource::Detector)
        }
        Field::Absent | Field::Bad => (imager, SpacingSource::Detector),
    }
}

fn is_projection(root: Reader<'_>) -> bool {
    PROJECTIONS.contains(&root.text(tags::MODALITY).as_str())
}

fn same(a: [f64; 2], b: [f64; 2]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-4 * b)
}

fn positive_pair(reader: Reader<'_>, tag: dicom_core::Tag) -> Option<[f64; 2]> {
    let pair = reader.exactly::<2>(tag).good()?;
    if pair.iter().all(|spacing| *spacing > 0.0) {
        return Some(pair);
    }
    reader.warn(WarningCode::BadValue, tag);
    None
}

/// Slice Thickness, mm.
pub(super) fn thickness(reader: Reader<'_>) -> Option<f64> {
    reader.number(tags::SLICE_THICKNESS).good().filter(|thickness| *thickness > 0.0)
}

/// Pixel Aspect Ratio, vertical : horizontal (PS3.3 C.7.6.3.1.7).
pub(super) fn aspect(reader: Reader<'_>) -> Option<(u32, u32)> {
    match reader.exactly::<2>(tags::PIXEL_ASPECT_RATIO) {
        Field::Good([vertical, horizontal]) => {
            let whole = |value: f64| {
                let inside = value.fract() == 0.0 && (1.0..=1e6).contains(&value);
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
                inside.then_some(value as u32)
            };
            whole(vertical).zip(whole(horizontal))
        }
        Field::Absent | Field::Bad => None,
    }
}
