//! Proof that an instance is complete and the one that was asked for, before it counts as received
//! (`robustness.md` R7, N3).

use super::WorkError;
use crate::dicom::part10::Part10;
use crate::dicom::{DicomError, Uid, codec};

/// What the centre said an instance is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) study: Uid,
    pub(crate) series: Uid,
    pub(crate) sop_instance: Uid,
    /// Patient ID of the study, where the centre gave one.
    pub(crate) patient_id: Option<String>,
}

/// Proves that an object read to its end (the gate held its structure against its bytes) is the one asked for
/// and that every frame's bytes are there.
pub(crate) fn prove(object: &Part10, expected: Option<&Expected>) -> Result<(), WorkError> {
    let instance = &object.instance;
    let expected = expected.ok_or(WorkError::WrongObject { what: "SOP Instance UID" })?;
    let same_patient = |id: &String| instance.patient.id.reveal().trim() == id.trim();
    let same = [
        ("Series Instance UID", instance.series.uid == expected.series),
        ("Study Instance UID", instance.study.uid == expected.study),
        ("Patient ID", expected.patient_id.as_ref().is_none_or(same_patient)),
    ];
    if let Some((what, _)) = same.into_iter().find(|(_, same)| !same) {
        return Err(WorkError::WrongObject { what });
    }
    match (&instance.image, &object.pixels) {
        (Some(image), Some(pixels)) => {
            Ok(codec::check_complete(&image.format, &object.transfer_syntax, pixels)?)
        }
        (Some(_), None) => Err(DicomError::NoPixelData.into()),
        (None, _) => Ok(()),
    }
}
