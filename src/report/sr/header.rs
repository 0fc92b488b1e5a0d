//! The modules around the content: patient, study, series, equipment, SOP common, SR document general.

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::super::codes::{DIAGNOSTIC_IMAGING_REPORT, PRIVATE_SCHEME};
use super::super::{Reader, Report, ReportState};
use super::Signing;
use super::dataset::{item, sequence, text};
use super::document::PRODUCT;
use crate::dicom::Instance;

fn put(object: &mut InMemDicomObject, elements: impl IntoIterator<Item = InMemElement>) {
    for element in elements {
        object.put(element);
    }
}

/// Patient and General Study modules (PS3.3 C.7.1.1, C.7.2.1), copied from an object of the study so that
/// an archive files the report beside its images.
pub(super) fn patient_and_study(object: &mut InMemDicomObject, source: &Instance) {
    let (patient, study) = (&source.patient, &source.study);
    put(
        object,
        [
            text(tags::PATIENT_NAME, VR::PN, &patient.name.reveal().to_dicom()),
            text(tags::PATIENT_ID, VR::LO, patient.id.reveal()),
            text(tags::PATIENT_BIRTH_DATE, VR::DA, patient.birth_date.reveal()),
            text(tags::PATIENT_SEX, VR::CS, &patient.sex),
            text(tags::STUDY_INSTANCE_UID, VR::UI, study.uid.as_str()),
            text(tags::STUDY_DATE, VR::DA, &study.date),
            text(tags::STUDY_TIME, VR::TM, &study.time),
            text(tags::REFERRING_PHYSICIAN_NAME, VR::PN, &study.referring_physician.reveal().to_dicom()),
            text(tags::STUDY_ID, VR::SH, study.id.reveal()),
            text(tags::ACCESSION_NUMBER, VR::SH, study.accession.reveal()),
        ],
    );
    // Type 3: absent rather than empty, or rather than handing on what breaks the standard.
    for (tag, value) in [
        (tags::ISSUER_OF_PATIENT_ID, patient.issuer.reveal().as_str()),
        (tags::STUDY_DESCRIPTION, study.description.as_str()),
    ] {
        let sound = value.chars().count() <= 64 && !value.chars().any(|c| c.is_control() || c == '\\');
        if sound && !value.is_empty() {
            object.put(text(tag, VR::LO, value));
        }
    }
}

/// SR Document Series and General Equipment modules (PS3.3 C.17.1, C.7.5.1).
pub(super) fn series_and_equipment(object: &mut InMemDicomObject, signing: &Signing) {
    put(
        object,
        [
            text(tags::MODALITY, VR::CS, "SR"),
            text(tags::SERIES_INSTANCE_UID, VR::UI, signing.series.as_str()),
            text(tags::SERIES_NUMBER, VR::IS, &signing.series_number.to_string()),
            text(tags::SERIES_DATE, VR::DA, &date(signing)),
            text(tags::SERIES_TIME, VR::TM, &time(signing)),
            text(tags::SERIES_DESCRIPTION, VR::LO, DIAGNOSTIC_IMAGING_REPORT.meaning),
            sequence(tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, Vec::new()),
            text(tags::MANUFACTURER, VR::LO, PRODUCT),
            text(tags::MANUFACTURER_MODEL_NAME, VR::LO, PRODUCT),
            text(tags::DEVICE_UID, VR::UI, signing.device.as_str()),
            text(tags::SOFTWARE_VERSIONS, VR::LO, &signing.software_version),
        ],
    );
}

/// SOP Common module (PS3.3 C.12.1).
pub(super) fn sop_common(object: &mut InMemDicomObject, signing: &Signing) {
    let scheme = item([
        text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, PRIVATE_SCHEME),
        text(
            tags::CODING_SCHEME_NAME,
            VR::ST,
            "Concepts of the workstation Dokuei that PS3.16 does not code",
        ),
        text(tags::CODING_SCHEME_RESPONSIBLE_ORGANIZATION, VR::ST, PRODUCT),
    ]);
    put(
        object,
        [
            text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
            text(tags::SOP_CLASS_UID, VR::UI, uids::ENHANCED_SR_STORAGE),
            text(tags::SOP_INSTANCE_UID, VR::UI, signing.sop_instance.as_str()),
            text(tags::INSTANCE_CREATION_DATE, VR::DA, &date(signing)),
            text(tags::INSTANCE_CREATION_TIME, VR::TM, &time(signing)),
            text(tags::TIMEZONE_OFFSET_FROM_UTC, VR::SH, &signing.now.format("%z").to_string()),
            sequence(tags::CODING_SCHEME_IDENTIFICATION_SEQUENCE, vec![scheme]),
        ],
    );
}

/// SR Document General module (PS3.3 C.17.2).
///
/// A final report is complete and verified by its reader. A preliminary one is partial and unverified: what
/// it is measured against is the final report that is expected to follow.
pub(super) fn document_general(
    object: &mut InMemDicomObject,
    report: &Report,
    reader: &Reader,
    signing: &Signing,
) {
    let (completion, verification, preliminary) = match report.state {
        ReportState::Preliminary => ("PARTIAL", "UNVERIFIED", "PRELIMINARY"),
        ReportState::Final => ("COMPLETE", "VERIFIED", "FINAL"),
    };
    put(
        object,
        [
            text(tags::INSTANCE_NUMBER, VR::IS, &signing.instance_number.to_string()),
            text(tags::PRELIMINARY_FLAG, VR::CS, preliminary),
            text(tags::COMPLETION_FLAG, VR::CS, completion),
            text(tags::VERIFICATION_FLAG, VR::CS, verification),
            text(tags::CONTENT_DATE, VR::DA, &date(signing)),
            text(tags::CONTENT_TIME, VR::TM, &time(signing)),
            sequence(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new()),
        ],
    );
    if report.state == ReportState::Final {
        let verifier = item([
            text(tags::VERIFYING_OBSERVER_NAME, VR::PN, &reader.name.to_dicom()),
            // Type 2: a reader's id has no coding scheme of its own; it stands in the observer context.
            sequence(tags::VERIFYING_OBSERVER_IDENTIFICATION_CODE_SEQUENCE, Vec::new()),
            text(tags::VERIFYING_ORGANIZATION, VR::LO, &reader.organisation),
            text(tags::VERIFICATION_DATE_TIME, VR::DT, &signing.now.format("%Y%m%d%H%M%S%z").to_string()),
        ]);
        object.put(sequence(tags::VERIFYING_OBSERVER_SEQUENCE, vec![verifier]));
    }
}

fn date(signing: &Signing) -> String {
    signing.now.format("%Y%m%d").to_string()
}

fn time(signing: &Signing) -> String {
    signing.now.format("%H%M%S").to_string()
}
