//! From stored values to modality values to grey levels (PS3.3 C.11.1, C.11.2).

use dicom_dictionary_std::tags;

use super::lut;
use super::values::{Field, Reader};
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{ModalityTransform, Voi, VoiFunction};

/// What the image says about stored values, needed to read tables and units.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    /// Pixel Representation is 1.
    pub(super) signed: bool,
    /// Bits Stored.
    pub(super) bits: u16,
    /// The unit that holds where Rescale Type is absent: HU for CT (PS3.3 C.8.2.1), Units (0054,1001) for PET.
    pub(super) default_unit: String,
}

/// The Modality LUT module, or the item of a Pixel Value Transformation Sequence.
pub(super) fn modality(reader: Reader<'_>, stored: &Stored) -> ModalityTransform {
    if let Some(item) = reader.item(tags::MODALITY_LUT_SEQUENCE) {
        return match lut::table(item, stored.signed, tags::MODALITY_LUT_TYPE) {
            Some(table) => ModalityTransform::Table(table),
            None => broken(reader),
        };
    }
    let (slope, intercept) = (reader.number(tags::RESCALE_SLOPE), reader.number(tags::RESCALE_INTERCEPT));
    match (slope, intercept) {
        (Field::Absent, Field::Absent) => ModalityTransform::Identity,
        (Field::Good(slope), Field::Good(intercept)) if slope != 0.0 => {
            let unit = Some(reader.text(tags::RESCALE_TYPE)).filter(|unit| !unit.is_empty());
            let unit = unit.unwrap_or_else(|| stored.default_unit.clone());
            ModalityTransform::Rescale { slope, intercept, unit }
        }
        _ => broken(reader),
    }
}

fn broken(reader: Reader<'_>) -> ModalityTransform {
    reader.warn(WarningCode::RescaleBroken, tags::RESCALE_SLOPE);
    ModalityTransform::Broken
}

/// The VOI LUT module, or the item of a Frame VOI LUT Sequence: windows first, then tables.
pub(super) fn voi(reader: Reader<'_>, stored: &Stored, modality: &ModalityTransform) -> Vec<Voi> {
    let mut all = windows(reader);
    for item in reader.items(tags::VOILUT_SEQUENCE) {
        match lut::table(item, has_negative_values(stored, modality), tags::LUT_EXPLANATION) {
            Some(table) => all.push(Voi::Table { explanation: table.explanation.clone(), table }),
            None => reader.warn(WarningCode::BadValue, tags::VOILUT_SEQUENCE),
        }
    }
    all
}

fn windows(reader: Reader<'_>) -> Vec<Voi> {
    let (centers, widths) = (reader.each_number(tags::WINDOW_CENTER), reader.each_number(tags::WINDOW_WIDTH));
    if centers.len() != widths.len() {
        reader.warn(WarningCode::BadValue, tags::WINDOW_WIDTH);
    }
    let function = match reader.text(tags::VOILUT_FUNCTION).as_str() {
        "SIGMOID" => VoiFunction::Sigmoid,
        "LINEAR_EXACT" => VoiFunction::LinearExact,
        "" | "LINEAR" => VoiFunction::Linear,
        _ => {
            reader.warn(WarningCode::BadValue, tags::VOILUT_FUNCTION);
            VoiFunction::Linear
        }
    };
    let explanations = reader.texts(tags::WINDOW_CENTER_WIDTH_EXPLANATION);
    let mut all = Vec::new();
    for (index, window) in centers.into_iter().zip(widths).enumerate() {
        // One that cannot be read does not take the others with it, nor their names.
        let (Some(center), Some(width)) = window else { continue };
        // LINEAR needs 1 at least, the others more than 0 (PS3.3 C.11.2.1.2, C.11.2.1.3).
        let usable = if function == VoiFunction::Linear { width >= 1.0 } else { width > 0.0 };
        if usable {
            let explanation = explanations.get(index).cloned().unwrap_or_default();
            all.push(Voi::Window { center, width, function, explanation });
        } else {
            reader.warn(WarningCode::BadValue, tags::WINDOW_WIDTH);
        }
    }
    all
}

/// Whether modality values below zero are possible: then the first mapped value of a VOI table is signed
/// (PS3.3 C.11.2.1.1).
fn has_negative_values(stored: &Stored, modality: &ModalityTransform) -> bool {
    let largest = (f64::from(stored.bits.min(32))).exp2();
    let (low, high) = if stored.signed { (-largest / 2.0, largest / 2.0) } else { (0.0, largest) };
    match modality {
        ModalityTransform::Identity | ModalityTransform::Broken => stored.signed,
        ModalityTransform::Rescale { slope, intercept, .. } => {
            (slope * low + intercept).min(slope * high + intercept) < 0.0
        }
        ModalityTransform::Table(_) => false,
    }
}
