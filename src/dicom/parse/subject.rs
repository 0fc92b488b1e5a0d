//! Patient, General Study and General Series modules (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::uid_or_stand_in;
use super::values::Reader;
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{Patient, Series, Study};
use crate::dicom::{Phi, Uid};

pub(super) fn patient(reader: Reader<'_>) -> Patient {
    Patient {
        name: Phi::new(reader.person_name(tags::PATIENT_NAME)),
        id: Phi::new(reader.only_text(tags::PATIENT_ID)),
        issuer: Phi::new(reader.only_text(tags::ISSUER_OF_PATIENT_ID)),
        birth_date: Phi::new(date(reader, tags::PATIENT_BIRTH_DATE)),
        sex: reader.text(tags::PATIENT_SEX),
        age: reader.text(tags::PATIENT_AGE),
    }
}

pub(super) fn study(reader: Reader<'_>, sop_instance: &Uid) -> Study {
    Study {
        uid: uid_or_stand_in(reader, tags::STUDY_INSTANCE_UID, sop_instance),
        date: date(reader, tags::STUDY_DATE),
        time: time(reader, tags::STUDY_TIME),
        id: Phi::new(reader.only_text(tags::STUDY_ID)),
        accession: Phi::new(reader.only_text(tags::ACCESSION_NUMBER)),
        description: reader.text(tags::STUDY_DESCRIPTION),
        referring_physician: Phi::new(reader.person_name(tags::REFERRING_PHYSICIAN_NAME)),
    }
}

pub(super) fn series(reader: Reader<'_>, sop_instance: &Uid) -> Series {
    Series {
        uid: uid_or_stand_in(reader, tags::SERIES_INSTANCE_UID, sop_instance),
        modality: reader.text(tags::MODALITY),
        number: reader.integer(tags::SERIES_NUMBER),
        description: reader.text(tags::SERIES_DESCRIPTION),
        body_part: reader.text(tags::BODY_PART_EXAMINED),
        frame_of_reference: reader.uid(tags::FRAME_OF_REFERENCE_UID),
    }
}

/// `YYYYMMDD`; the `YYYY.MM.DD` of ACR-NEMA is read too (PS3.5 6.2 note).
fn date(reader: Reader<'_>, tag: Tag) -> String {
    let text: String = reader.text(tag).chars().filter(|c| *c != '.').collect();
    let good = text.len() == 8
        && text.bytes().all(|b| b.is_ascii_digit())
        && (1..=12).contains(&text[4..6].parse::<u8>().unwrap_or(0))
        && (1..=31).contains(&text[6..8].parse::<u8>().unwrap_or(0));
    keep_if(good, text, reader, tag)
}

/// `HHMMSS.FFFFFF` or a prefix of it; the `HH:MM:SS` of ACR-NEMA is read too.
fn time(reader: Reader<'_>, tag: Tag) -> String {
    let text: String = reader.text(tag).chars().filter(|c| *c != ':').collect();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let good = matches!(whole.len(), 2 | 4 | 6) && digits(whole) && digits(fraction);
    keep_if(good, text, reader, tag)
}

fn keep_if(good: bool, text: String, reader: Reader<'_>, tag: Tag) -> String {
    if good || text.is_empty() {
        return text;
    }
    reader.warn(WarningCode::BadValue, tag);
    String::new()
}
