//! Dose grids (PS3.3 C.8.8.3): stored values times Dose Grid Scaling are the dose.

use dicom_dictionary_std::tags;

use super::values::{Field, Reader};
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{FrameAttributes, ModalityTransform};

/// Gives all frames the scaling of the grid. It alone holds: a rescale beside it is not part of the object. One
/// that is absent or unusable leaves no dose to tell.
pub(super) fn scale(reader: Reader<'_>, frames: &mut [FrameAttributes]) {
    let scaling = match reader.number(tags::DOSE_GRID_SCALING) {
        Field::Good(scaling) if scaling > 0.0 => Some(scaling),
        _ => None,
    };
    if scaling.is_none() {
        reader.warn(WarningCode::RescaleBroken, tags::DOSE_GRID_SCALING);
    }
    let unit = match reader.text(tags::DOSE_UNITS).as_str() {
        "GY" => "Gy".to_owned(),
        // Relative to a dose that the object does not name.
        _ => String::new(),
    };
    for frame in frames {
        frame.modality = scaling.map_or(ModalityTransform::Broken, |slope| ModalityTransform::Rescale {
            slope,
            intercept: 0.0,
            unit: unit.clone(),
        });
    }
}
