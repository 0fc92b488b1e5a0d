//! Proof that an instance is the one that was asked for, and whole, before it counts as received
//! (PS3.18 10.4 says nothing of either).
//!
//! [`part10::read`](crate::dicom::part10::read) has held the structure against the bytes and the pixel data
//! against rows, columns, bits and frames; here the object is held against what the centre listed.

use super::WorkError;
use crate::dicom::part10::Part10;
use crate::dicom::{DicomError, Uid, names};

/// What the centre said an instance is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) study: Uid,
    pub(crate) series: Uid,
    /// Series Number, where the centre gave one.
    pub(crate) series_number: Option<i32>,
    pub(crate) sop_instance: Uid,
    /// SOP Class UID, where the centre gave one.
    pub(crate) sop_class: Option<Uid>,
    /// Number of Frames, where the centre gave one.
    pub(crate) frames: Option<u32>,
    /// Patient ID of the study, where the centre gave one.
    pub(crate) patient_id: Option<String>,
}

/// Proves that an object is the one expected, and that an image is one.
pub(crate) fn prove(object: &Part10, expected: Option<&Expected>) -> Result<(), WorkError> {
    let instance = &object.instance;
    let expected = expected.ok_or(WorkError::WrongObject { what: "SOP Instance UID" })?;
    let same_patient = |id: &String| instance.patient.id.reveal().trim() == id.trim();
    let frames = instance.image.as_ref().map(|image| image.format.frames);
    let same = [
        ("Series Instance UID", instance.series.uid == expected.series),
        ("Study Instance UID", instance.study.uid == expected.study),
        ("SOP Class UID", expected.sop_class.as_ref().is_none_or(|class| *class == instance.sop_class)),
        ("Patient ID", expected.patient_id.as_ref().is_none_or(same_patient)),
        (
            "Number of Frames",
            expected.frames.is_none_or(|listed| frames.is_none_or(|frames| frames == listed)),
        ),
    ];
    if let Some((what, _)) = same.into_iter().find(|(_, same)| !same) {
        return Err(WorkError::WrongObject { what });
    }
    // An image cut off before its rows and columns would pass as an object that is no image.
    let should_be_image = instance.image.is_some() || names::is_image_storage(&instance.sop_class);
    if should_be_image && object.pixels.is_none() {
        return Err(DicomError::NoPixelData.into());
    }
    Ok(())
}
