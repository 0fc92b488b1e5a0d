//! Nuclear medicine: reconstructed slices that only the first places (PS3.3 C.8.4.11, C.8.4.15), and the names of what
//! its frames were counted by: detectors, energy windows, phases (C.8.4.8 to C.8.4.12).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::values::Reader;
use super::{geometry, weight};
use crate::dicom::DicomError;
use crate::dicom::instance::{FrameAttributes, PlanePosition};

/// What a frame belongs to: the vector that says which item, the sequence of the items, and what an item is called.
type Named = (Tag, Tag, fn(Reader<'_>) -> String);

const NAMED: [Named; 3] = [
    (tags::DETECTOR_VECTOR, tags::DETECTOR_INFORMATION_SEQUENCE, view),
    (tags::ENERGY_WINDOW_VECTOR, tags::ENERGY_WINDOW_INFORMATION_SEQUENCE, energy),
    (tags::PHASE_VECTOR, tags::PHASE_INFORMATION_SEQUENCE, phase),
];

/// View Code Sequence of a detector, as in `Anterior` (PS3.16 CID 26).
fn view(detector: Reader<'_>) -> String {
    detector.item(tags::VIEW_CODE_SEQUENCE).map(|code| code.text(tags::CODE_MEANING)).unwrap_or_default()
}

fn energy(window: Reader<'_>) -> String {
    window.text(tags::ENERGY_WINDOW_NAME)
}

/// Phase Description, as in `FLOW`.
fn phase(phase: Reader<'_>) -> String {
    phase.text(tags::PHASE_DESCRIPTION)
}

/// Gives each frame the names of what it belongs to, as far as the object gives any. One entry that holds for all
/// frames becomes one a frame only where their names differ.
///
/// # Errors
/// [`DicomError::Malformed`] where that would take more memory than such a file may ask for.
pub(super) fn named(
    reader: Reader<'_>,
    count: u32,
    mut frames: Vec<FrameAttributes>,
    file_bytes: usize,
) -> Result<Vec<FrameAttributes>, DicomError> {
    let columns: Vec<Vec<String>> = NAMED.iter().filter_map(|named| names(reader, *named, count)).collect();
    let name = |n: usize| {
        let parts = columns.iter().filter_map(|column| column.get(n).or_else(|| column.first()));
        parts.filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("  ")
    };
    if let ([common], true) = (frames.as_slice(), columns.iter().any(|column| column.len() > 1)) {
        let each = (0..count as usize).map(|n| FrameAttributes { name: name(n), ..common.clone() });
        return weight::collect(each, file_bytes);
    }
    frames.iter_mut().enumerate().for_each(|(n, frame)| frame.name = name(n));
    Ok(frames)
}

/// The names frame by frame, or the one that holds for all; `None` where there are none or nobody can tell whose they
/// are.
fn names(reader: Reader<'_>, (vector, sequence, name_of): Named, count: u32) -> Option<Vec<String>> {
    let items: Vec<String> = reader.items(sequence).map(name_of).collect();
    if items.iter().all(String::is_empty) {
        return None;
    }
    let vector = reader.numbers(vector).good();
    match vector {
        Some(vector) if vector.len() == count as usize => {
            let name = |number: &f64| items.get((*number as usize).checked_sub(1)?).cloned();
            Some(vector.iter().map(|number| name(number).unwrap_or_default()).collect())
        }
        _ => <[String; 1]>::try_from(items).ok().map(Vec::from),
    }
}

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
