//! The rows of search answers (PS3.18 tables 10.6.3-3 to 10.6.3-5), typed.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::json::Item;
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{Patient, Series, Study};
use crate::dicom::{Phi, Uid, Warning};

/// A study as a centre lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyRow {
    /// The patient.
    pub patient: Patient,
    /// The study.
    pub study: Study,
    /// Modalities in the study.
    pub modalities: Vec<String>,
    /// How many series it has, if the centre says.
    pub series: Option<u32>,
    /// How many instances it has, if the centre says.
    pub instances: Option<u32>,
}

/// A series as a centre lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesRow {
    /// The series.
    pub series: Series,
    /// How many instances it has, if the centre says.
    pub instances: Option<u32>,
}

/// An instance as a centre lists it: what must be there when a study is said to be complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceRow {
    /// SOP Class UID.
    pub sop_class: Option<Uid>,
    /// SOP Instance UID.
    pub sop_instance: Uid,
    /// Series Instance UID.
    pub series: Option<Uid>,
    /// Instance Number.
    pub number: Option<i32>,
    /// Number of Frames; `None` where the centre does not say (one frame, or no image).
    pub frames: Option<u32>,
}

/// The unique identifier without which a row is of no use.
fn required(item: Item<'_>, tag: Tag) -> Result<Uid, Warning> {
    item.uid(tag).ok_or_else(|| {
        let code = if item.has(tag) { WarningCode::BadValue } else { WarningCode::MissingElement };
        Warning::new(code, tag.to_string())
    })
}

pub(super) fn patient(item: Item<'_>) -> Patient {
    Patient {
        name: Phi::new(item.person_name(tags::PATIENT_NAME)),
        id: Phi::new(item.text(tags::PATIENT_ID)),
        issuer: Phi::new(item.text(tags::ISSUER_OF_PATIENT_ID)),
        birth_date: Phi::new(item.text(tags::PATIENT_BIRTH_DATE)),
        sex: item.text(tags::PATIENT_SEX),
        age: item.text(tags::PATIENT_AGE),
    }
}

pub(super) fn study_row(item: Item<'_>) -> Result<StudyRow, Warning> {
    let study = Study {
        uid: required(item, tags::STUDY_INSTANCE_UID)?,
        date: item.text(tags::STUDY_DATE),
        time: item.text(tags::STUDY_TIME),
        id: Phi::new(item.text(tags::STUDY_ID)),
        accession: Phi::new(item.text(tags::ACCESSION_NUMBER)),
        description: item.text(tags::STUDY_DESCRIPTION),
        referring_physician: Phi::new(item.person_name(tags::REFERRING_PHYSICIAN_NAME)),
    };
    Ok(StudyRow {
        patient: patient(item),
        study,
        modalities: item.texts(tags::MODALITIES_IN_STUDY),
        series: item.integer(tags::NUMBER_OF_STUDY_RELATED_SERIES),
        instances: item.integer(tags::NUMBER_OF_STUDY_RELATED_INSTANCES),
    })
}

pub(super) fn series_row(item: Item<'_>) -> Result<SeriesRow, Warning> {
    let series = Series {
        uid: required(item, tags::SERIES_INSTANCE_UID)?,
        modality: item.text(tags::MODALITY),
        number: item.integer(tags::SERIES_NUMBER),
        description: item.text(tags::SERIES_DESCRIPTION),
        body_part: item.text(tags::BODY_PART_EXAMINED),
        frame_of_reference: item.uid(tags::FRAME_OF_REFERENCE_UID),
    };
    Ok(SeriesRow { series, instances: item.integer(tags::NUMBER_OF_SERIES_RELATED_INSTANCES) })
}

pub(super) fn instance_row(item: Item<'_>) -> Result<InstanceRow, Warning> {
    Ok(InstanceRow {
        sop_instance: required(item, tags::SOP_INSTANCE_UID)?,
        sop_class: item.uid(tags::SOP_CLASS_UID),
        series: item.uid(tags::SERIES_INSTANCE_UID),
        number: item.integer(tags::INSTANCE_NUMBER),
        frames: item.integer(tags::NUMBER_OF_FRAMES),
    })
}
