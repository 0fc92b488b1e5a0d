//! Modules that every kind of image has: patient, study, series, equipment, SOP common, image plane.

use dicom_dictionary_std::tags;

use super::super::head::Technique;
use super::super::slices::Stack;
use super::super::study::{InstanceIdentity, PhantomStudy, Series};
use super::Kind;
use super::elements::Elements;

/// Patient, General Study and Patient Study (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2).
pub(super) fn patient_and_study(e: &mut Elements, study: &PhantomStudy) {
    let date = study.date.format("%Y%m%d").to_string();
    let patient = &study.patient;
    e.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
    e.text(tags::TIMEZONE_OFFSET_FROM_UTC, "+0900");
    e.text(tags::PATIENT_NAME, &patient.name.reveal().to_dicom());
    e.text(tags::PATIENT_ID, patient.id.reveal());
    e.text(tags::ISSUER_OF_PATIENT_ID, patient.issuer.reveal());
    e.text(tags::PATIENT_BIRTH_DATE, patient.birth_date.reveal());
    e.text(tags::PATIENT_SEX, &patient.sex);
    e.text(tags::PATIENT_AGE, &patient.age);
    e.text(tags::STUDY_INSTANCE_UID, study.study.as_str());
    e.text(tags::STUDY_DATE, &date);
    e.text(tags::STUDY_TIME, study.time);
    e.text(tags::REFERRING_PHYSICIAN_NAME, "Sasaki^Yuko=佐々木^優子=ささき^ゆうこ");
    e.text(tags::STUDY_ID, &study.accession[1..]);
    e.text(tags::ACCESSION_NUMBER, &study.accession);
    e.text(tags::STUDY_DESCRIPTION, study.description);
}

/// Series Description, Body Part Examined, Patient Position.
fn series_words(kind: Kind) -> (&'static str, &'static str, Option<&'static str>) {
    match kind {
        Kind::ChestCt(_) => ("造影後期動脈相 1.0mm", "CHEST", Some("HFS")),
        Kind::HeadCt => ("頭部単純 4.0mm", "HEAD", Some("HFS")),
        Kind::HeadMr(Technique::T1) => ("T1WI SAG", "BRAIN", Some("HFS")),
        Kind::HeadMr(Technique::Flair) => ("FLAIR OBL", "BRAIN", Some("HFS")),
        Kind::HeadMr(_) => ("T2WI AX", "BRAIN", Some("HFS")),
        Kind::Film(_) => ("胸部正面 PA", "CHEST", None),
        Kind::Ultrasound => ("肝 動画", "LIVER", None),
    }
}

/// General Series and General Equipment (PS3.3 C.7.3.1, C.7.5.1).
pub(super) fn series_and_equipment(e: &mut Elements, study: &PhantomStudy, series: &Series) {
    let (description, body_part, position) = series_words(series.kind);
    e.text(tags::MODALITY, study.modality);
    e.text(tags::SERIES_INSTANCE_UID, series.uid.as_str());
    e.integer(tags::SERIES_NUMBER, series.number);
    e.text(tags::SERIES_DESCRIPTION, description);
    e.text(tags::BODY_PART_EXAMINED, body_part);
    if let Some(position) = position {
        e.text(tags::PATIENT_POSITION, position);
    }
    e.text(tags::MANUFACTURER, "Dokuei");
    e.text(tags::INSTITUTION_NAME, "読影デモセンター");
    e.text(tags::MANUFACTURER_MODEL_NAME, "Phantom");
    e.text(tags::DEVICE_SERIAL_NUMBER, "0");
    e.text(tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION"));
}

/// SOP Common and what General Image asks of every instance (PS3.3 C.12.1, C.7.6.1).
pub(super) fn instance(e: &mut Elements, study: &PhantomStudy, identity: &InstanceIdentity, n: u32) {
    let date = study.date.format("%Y%m%d").to_string();
    e.text(tags::SOP_CLASS_UID, identity.sop_class.as_str());
    e.text(tags::SOP_INSTANCE_UID, identity.sop_instance.as_str());
    e.integer(tags::INSTANCE_NUMBER, n + 1);
    for (date_tag, time_tag) in [
        (tags::SERIES_DATE, tags::SERIES_TIME),
        (tags::ACQUISITION_DATE, tags::ACQUISITION_TIME),
        (tags::CONTENT_DATE, tags::CONTENT_TIME),
    ] {
        e.text(date_tag, &date);
        e.text(time_tag, study.time);
    }
    e.integer(tags::ACQUISITION_NUMBER, 1);
    e.text(tags::BURNED_IN_ANNOTATION, "NO");
    e.text(tags::LOSSY_IMAGE_COMPRESSION, "00");
    e.text(tags::IMAGE_COMMENTS, "Computed phantom, not a patient");
}

/// Frame of Reference and Image Plane (PS3.3 C.7.4.1, C.7.6.2).
pub(super) fn plane(e: &mut Elements, series: &Series, stack: &Stack, n: u32) {
    let position = stack.position_mm(n);
    let orientation = [stack.row_direction.to_array(), stack.column_direction.to_array()].concat();
    e.text(tags::FRAME_OF_REFERENCE_UID, series.frame_of_reference.as_str());
    e.text(tags::POSITION_REFERENCE_INDICATOR, "");
    e.decimals(tags::IMAGE_POSITION_PATIENT, &position.to_array());
    e.decimals(tags::IMAGE_ORIENTATION_PATIENT, &orientation);
    e.decimals(tags::PIXEL_SPACING, &[stack.pixel_mm; 2]);
    e.decimals(tags::SLICE_THICKNESS, &[stack.thickness_mm]);
    let normal = stack.row_direction.cross(stack.column_direction);
    e.decimals(tags::SLICE_LOCATION, &[position.dot(normal)]);
    if stack.slice_step_mm.length() > stack.thickness_mm {
        e.decimals(tags::SPACING_BETWEEN_SLICES, &[stack.slice_step_mm.length()]);
    }
    grey(e, stack.columns, stack.rows);
}

/// Image Pixel of a grey image in 16 bits (PS3.3 C.7.6.3); bits stored and sign follow.
fn grey(e: &mut Elements, columns: usize, rows: usize) {
    e.short(tags::SAMPLES_PER_PIXEL, 1);
    e.short(tags::ROWS, rows as u16);
    e.short(tags::COLUMNS, columns as u16);
    e.short(tags::BITS_ALLOCATED, 16);
}

/// MONOCHROME2 with `bits` significant bits.
pub(super) fn samples(e: &mut Elements, bits: u16, signed: bool) {
    e.text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
    e.short(tags::BITS_STORED, bits);
    e.short(tags::HIGH_BIT, bits - 1);
    e.short(tags::PIXEL_REPRESENTATION, u16::from(signed));
}

/// Windows, the first the default, with their names.
pub(super) fn windows(e: &mut Elements, windows: &[(f64, f64, &str)]) {
    e.decimals(tags::WINDOW_CENTER, &windows.iter().map(|w| w.0).collect::<Vec<_>>());
    e.decimals(tags::WINDOW_WIDTH, &windows.iter().map(|w| w.1).collect::<Vec<_>>());
    let names: Vec<&str> = windows.iter().map(|w| w.2).collect();
    e.text(tags::WINDOW_CENTER_WIDTH_EXPLANATION, &names.join("\\"));
}
