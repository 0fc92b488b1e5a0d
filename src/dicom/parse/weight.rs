//! What the attributes of all frames weigh in memory.
//!
//! A table, a window or a text that stands once in the shared functional groups holds for every frame, and each
//! frame's attributes have their own copy: one table of 128 KiB and 100,000 frames of one bit are 13 GB out of a
//! file of 1 MB. The sum is therefore taken while they are made.

use dicom_dictionary_std::tags;

use crate::dicom::DicomError;
use crate::dicom::display::{RealWorldMap, RealWorldValues};
use crate::dicom::gate::tag_name;
use crate::dicom::instance::{FrameAttributes, LookupTable, ModalityTransform, Voi};

/// What any object's frames may weigh together, in bytes, and what they may beyond that for each byte of the file.
const FREE: usize = 64 << 20;
const PER_BYTE: usize = 8;

/// Collects the attributes of frames out of a file of so many bytes.
///
/// # Errors
/// [`DicomError::Malformed`] where they weigh more than such a file may ask for.
pub(super) fn collect(
    frames: impl Iterator<Item = FrameAttributes>,
    file_bytes: usize,
) -> Result<Vec<FrameAttributes>, DicomError> {
    let mut left = file_bytes.saturating_mul(PER_BYTE).saturating_add(FREE);
    let mut all = Vec::new();
    for frame in frames {
        left = left.checked_sub(of_frame(&frame)).ok_or_else(|| DicomError::Malformed {
            tag: tag_name(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE),
            what: "the attributes of all frames are more than a file of this size may ask for",
        })?;
        all.push(frame);
    }
    Ok(all)
}

fn of_frame(frame: &FrameAttributes) -> usize {
    let modality = match &frame.modality {
        ModalityTransform::Rescale { unit, .. } => unit.len(),
        ModalityTransform::Table(table) => of_table(table),
        ModalityTransform::Identity | ModalityTransform::Broken => 0,
    };
    let voi: usize = frame.voi.iter().map(of_voi).sum();
    let texts: usize = frame.discriminators.iter().map(|text| size_of::<String>() + text.len()).sum();
    let maps: usize = frame.real_world.iter().map(of_map).sum();
    let corners = frame.shutter.as_ref().and_then(|shutter| shutter.polygon.as_deref());
    size_of::<FrameAttributes>()
        + frame.name.len()
        + modality
        + voi
        + texts
        + maps
        + corners.map_or(0, size_of_val)
}

fn of_map(map: &RealWorldMap) -> usize {
    let values = match &map.values {
        RealWorldValues::Linear { .. } => 0,
        RealWorldValues::Table(values) => size_of_val(values.as_slice()),
    };
    size_of::<RealWorldMap>() + map.label.len() + map.unit.len() + map.unit_meaning.len() + values
}

fn of_voi(voi: &Voi) -> usize {
    size_of::<Voi>()
        + match voi {
            Voi::Window { explanation, .. } => explanation.len(),
            Voi::Table { table, explanation } => of_table(table) + explanation.len(),
        }
}

fn of_table(table: &LookupTable) -> usize {
    size_of_val(table.entries.as_slice()) + table.explanation.len()
}
