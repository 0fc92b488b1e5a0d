//! Reconstructed nuclear medicine (PS3.3 C.8.4.11, C.8.4.15): slices that only the first places.

use dicom_dictionary_std::tags;

use super::geometry;
use super::values::Reader;
use crate::dicom::instance::{FrameAttributes, PlanePosition};

/// Whether the image is made of slices: Image Type, third value.
fn is_reconstructed(reader: Reader<'_>) -> bool {
    reader.texts(tags::IMAGE_TYPE).get(2).is_some_and(|value| value.starts_with("RECON"))
}

/// Gives each frame its place. The first slice lies where the detector says; the others follow along its normal,
/// into the screen where Spacing Between Slices is positive. Without all of that no frame has a place.
pub(super) fn place(reader: Reader<'_>, count: u32, frames: &mut Vec<FrameAttributes>) {
    let [common] = frames.as_slice() else { return };
    if count < 2 || !is_reconstructed(reader) {
        return;
    }
    let first = reader
        .item(tags::DETECTOR_INFORMATION_SEQUENCE)
        .and_then(|detector| geometry::plane(detector, detector));
    let spacing = reader.number(tags::SPACING_BETWEEN_SLICES).good().filter(|spacing| *spacing != 0.0);
    let (Some(first), Some(spacing), Some(slices)) = (first, spacing, slices(reader, count)) else { return };
    let normal = first.row_direction.cross(first.column_direction);
    let others = [tags::ENERGY_WINDOW_VECTOR, tags::RR_INTERVAL_VECTOR, tags::TIME_SLOT_VECTOR];
    let others = others.map(|tag| reader.texts(tag));
    let placed = |(n, slice): (usize, f64)| {
        let origin_mm = first.origin_mm + normal * (spacing * (slice - 1.0));
        let of = |vector: &Vec<String>| vector.get(n).cloned().unwrap_or_default();
        FrameAttributes {
            plane: Some(PlanePosition { origin_mm, ..first }),
            discriminators: others.iter().map(of).collect(),
            ..common.clone()
        }
    };
    *frames = slices.into_iter().enumerate().map(placed).collect();
}

/// The slice of each frame, from 1: Slice Vector, or the order of the frames where all are slices.
fn slices(reader: Reader<'_>, count: u32) -> Option<Vec<f64>> {
    match reader.numbers(tags::SLICE_VECTOR).good() {
        Some(vector) => (vector.len() == count as usize).then_some(vector),
        None if reader.integer(tags::NUMBER_OF_SLICES) == i32::try_from(count).ok() => {
            Some((1..=count).map(f64::from).collect())
        }
        None => None,
    }
}
