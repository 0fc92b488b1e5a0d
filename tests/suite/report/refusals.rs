//! What is not signed, and why.

use dokuei::dicom::{PersonName, Phi};
use dokuei::imaging::measure::MeasureError;
use dokuei::report::{Heading, Part, ReportError, ReportState, Section, parse};

use super::fixtures::{self, Study, uid};

fn measured() -> dokuei::report::Report {
    parse(fixtures::MEASURED).unwrap()
}

#[test]
fn an_object_of_another_patient_is_refused() {
    let mut study = Study::new();
    study.instances[1].patient.id = Phi::new("0099999".into());
    let part = Part::Measurement(8);
    assert_eq!(study.sign(&measured(), 1), Err(ReportError::OtherPatient { part }));

    let mut study = Study::new();
    study.instances[3].patient.issuer = Phi::new("OTHER".into());
    let part = Part::KeyImage(3);
    let report = parse(fixtures::KEY_IMAGES).unwrap();
    assert_eq!(study.sign(&report, 1), Err(ReportError::OtherPatient { part }));

    let mut study = Study::new();
    study.predecessor.patient.id = Phi::new("0099999".into());
    let report = parse(fixtures::ADDENDUM).unwrap();
    assert_eq!(study.sign(&report, 1), Err(ReportError::OtherPatient { part: Part::Predecessor }));
}

#[test]
fn images_of_another_study_cannot_stand_for_the_reported_one() {
    let study = Study::new();
    let mut report = measured();
    report.study = uid("2.25.101");
    assert_eq!(study.sign(&report, 1), Err(ReportError::OtherStudy));
}

#[test]
fn references_to_nothing_are_refused() {
    let study = Study::new();
    let mut report = measured();
    report.measurements[0].image = uid("2.25.9");
    assert_eq!(study.sign(&report, 1), Err(ReportError::UnknownImage { part: Part::Measurement(1) }));
    let mut report = measured();
    report.measurements[7].frame = Some(11);
    let part = Part::Measurement(8);
    assert_eq!(study.sign(&report, 1), Err(ReportError::NoSuchFrame { part, frame: 11, frames: 10 }));
    report.measurements[7].frame = None;
    assert_eq!(study.sign(&report, 1), Err(ReportError::NoFrame { part, frames: 10 }));
    let mut report = parse(fixtures::ADDENDUM).unwrap();
    report.predecessor = Some(uid("2.25.9"));
    assert_eq!(study.sign(&report, 1), Err(ReportError::UnknownPredecessor));
    let mut study = Study::new();
    study.instances[0].image = None;
    assert_eq!(study.sign(&measured(), 1), Err(ReportError::NotAnImage { part: Part::Measurement(1) }));
}

#[test]
fn a_shape_outside_its_image_is_refused() {
    let mut study = Study::new();
    study.instances[0].image.as_mut().unwrap().format.rows = 140;
    let part = Part::Measurement(1);
    let error = MeasureError::OutsideImage;
    assert_eq!(study.sign(&measured(), 1), Err(ReportError::Shape { part, error }));
}

#[test]
fn a_report_has_a_reader_and_a_final_one_an_organisation() {
    let study = Study::new();
    let mut report = parse(fixtures::ENGLISH_FINAL).unwrap();
    report.reader.as_mut().unwrap().organisation.clear();
    assert_eq!(study.sign(&report, 1), Err(ReportError::NoOrganisation));
    report.state = ReportState::Preliminary;
    assert!(study.sign(&report, 1).is_ok());
    report.reader.as_mut().unwrap().name = PersonName::default();
    assert_eq!(study.sign(&report, 1), Err(ReportError::NoReader));
    report.reader = None;
    assert_eq!(study.sign(&report, 1), Err(ReportError::NoReader));
}

#[test]
fn text_that_was_not_typed_in_a_document_is_checked_too() {
    let study = Study::new();
    let mut report = parse(fixtures::ENGLISH_FINAL).unwrap();
    report.sections = vec![Section { heading: Heading::Findings, text: Phi::new("a\u{202E}b".into()) }];
    let part = Part::Section(Heading::Findings);
    assert_eq!(
        study.sign(&report, 1),
        Err(ReportError::UnsafeCharacter { part, character: 0x202E, line: 1 })
    );
    report.sections[0].text = Phi::new(" \n".into());
    assert_eq!(study.sign(&report, 1), Err(ReportError::Empty));
}

#[test]
fn no_error_shows_text_of_the_report_or_of_the_patient() {
    let mut study = Study::new();
    study.instances[1].patient.id = Phi::new("0099999".into());
    let error = study.sign(&measured(), 1).unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("00") && !text.contains("2.25"), "{text}");
    }
}
