//! The report as a DICOM SR after PS3.16 TID 2000 "Basic Diagnostic Imaging Report".
//!
//! SOP class: Enhanced SR (PS3.3 A.35.2). It is the smallest one that carries everything TID 2000 needs here,
//! numbers (NUM) and coordinates (SCOORD SELECTED FROM IMAGE), and the one IHE's Simple Image and Numeric
//! Report names; Basic Text SR has neither, and Comprehensive SR only adds references by identifier, which
//! would let a content tree hold loops that every receiver must guard against.
//!
//! ```text
//! CONTAINER Diagnostic Imaging Report                                TID 2000 row 1
//!   HAS CONCEPT MOD  CODE Language                                   TID 1204
//!   HAS OBS CONTEXT  person (name, login, organisation), device      TID 1001, 1002, 1003, 1004
//!   CONTAINS CONTAINER Findings                                      row 8, CID 7001
//!     CONTAINS TEXT Finding "..."                                    TID 2002 row 3, CID 7002
//!     CONTAINS TEXT Finding "label"
//!       INFERRED FROM NUM Length 9.1 mm                              TID 2001 row 2, TID 1400
//!         INFERRED FROM SCOORD Path -> SELECTED FROM IMAGE
//!   CONTAINS CONTAINER Key Images
//!     CONTAINS TEXT Finding "note" -> INFERRED FROM IMAGE            TID 2001 row 1, CID 7003
//! ```
//!
//! Procedure and subject context are those of the patient and study modules, hence inherited and not
//! repeated (TID 1001 rows 2 and 3).

mod dataset;
mod document;
mod header;
mod item;
mod measured;
mod references;

use chrono::{DateTime, FixedOffset};
use dicom_object::InMemDicomObject;

use super::{Evidence, Report, ReportError, ReportState};
use crate::dicom::Uid;

/// What is decided at the moment of signing. UIDs come from the caller and stay the same on every retry.
#[derive(Debug, Clone)]
pub struct Signing {
    /// SOP Instance UID of the new object.
    pub sop_instance: Uid,
    /// Series Instance UID of the series it goes into.
    pub series: Uid,
    /// UID of this workstation, as Device Observer UID.
    pub device: Uid,
    /// The time of signing, local with its offset.
    pub now: DateTime<FixedOffset>,
    /// Series Number.
    pub series_number: u32,
    /// Instance Number.
    pub instance_number: u32,
    /// Version of this program.
    pub software_version: String,
}

/// Builds the data set of a report, without file meta information; text is Unicode and the data set says so
/// (ISO_IR 192). Measurements get their values from the images of `evidence`.
///
/// # Errors
/// [`ReportError`]: text that cannot be carried, no reader, a final report without organisation, images that
/// are absent, of another patient or study, shapes that cannot be measured.
pub fn build(
    report: &Report,
    evidence: &Evidence<'_>,
    signing: &Signing,
) -> Result<InMemDicomObject, ReportError> {
    let report = report.checked()?;
    evidence.check(&report)?;
    let reader = report.reader.as_ref().filter(|r| !r.name.is_empty()).ok_or(ReportError::NoReader)?;
    if report.state == ReportState::Final && reader.organisation.is_empty() {
        return Err(ReportError::NoOrganisation);
    }
    let content = document::content(&report, reader, evidence, signing)?;
    let mut object = InMemDicomObject::new_empty();
    header::patient_and_study(&mut object, evidence.study);
    header::series_and_equipment(&mut object, signing);
    header::sop_common(&mut object, signing);
    header::document_general(&mut object, &report, reader, signing);
    references::evidence(&mut object, &report, evidence, signing)?;
    for element in content.into_root() {
        object.put(element);
    }
    Ok(object)
}
