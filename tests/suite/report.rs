//! Behaviour of the room `report`: what is signed is a valid DICOM SR that others read as it was written.

mod fixtures;
mod foreign;
mod judges;
mod refusals;

use dicom_dictionary_std::tags;
use dokuei::report::{ContentItem, measurements, parse, read};
use fixtures::{Study, part10};

/// The lines of a report's tree: level, concept, value.
fn lines(content: &[ContentItem]) -> Vec<(usize, &str, &str)> {
    content.iter().map(|i| (i.level, i.concept.as_str(), i.value.reveal().as_str())).collect()
}

#[test]
fn every_section_comes_back_as_it_was_written_in_both_languages() {
    let study = Study::new();
    for (document, language) in
        [(fixtures::ENGLISH_FINAL, "English (United States)"), (fixtures::JAPANESE_FINAL, "Japanese (Japan)")]
    {
        let report = parse(document).unwrap();
        let object = study.sign(&report, 1).unwrap();
        let (sr, warnings) = read(&fixtures::reread(&object));
        assert_eq!(warnings, []);
        let tree = lines(&sr.content);
        assert_eq!(tree[0].1, "Diagnostic Imaging Report");
        assert!(tree.contains(&(1, "Language of Content Item and Descendants", language)));
        for section in &report.sections {
            let written = section.text.reveal().as_str();
            assert!(tree.iter().any(|(level, _, value)| *level == 2 && *value == written), "{section:?}");
        }
        assert_eq!(report.sections.len(), 5, "every section is in the case");
        assert_eq!(
            (sr.header.completion.as_str(), sr.header.verification.as_str()),
            ("COMPLETE", "VERIFIED")
        );
        assert_eq!((sr.header.preliminary.as_str(), sr.header.template.as_str()), ("FINAL", "2000"));
        assert_eq!(sr.header.verifiers.len(), 1);
    }
}

#[test]
fn a_preliminary_report_is_neither_complete_nor_verified() {
    let study = Study::new();
    let report = parse(fixtures::PRELIMINARY).unwrap();
    let object = study.sign(&report, 2).unwrap();
    let (sr, _) = read(&object);
    let flags = [&sr.header.completion, &sr.header.verification, &sr.header.preliminary];
    assert_eq!(flags, ["PARTIAL", "UNVERIFIED", "PRELIMINARY"]);
    assert!(sr.header.verifiers.is_empty() && object.get(tags::VERIFYING_OBSERVER_SEQUENCE).is_none());
}

#[test]
fn an_addendum_names_the_report_it_follows() {
    let study = Study::new();
    let report = parse(fixtures::ADDENDUM).unwrap();
    let object = study.sign(&report, 3).unwrap();
    let (sr, _) = read(&fixtures::reread(&object));
    let named: Vec<_> = sr.header.predecessors.iter().map(|uid| uid.as_str()).collect();
    assert_eq!(named, [fixtures::PREDECESSOR]);
}

#[test]
fn seven_kinds_of_measurement_carry_computed_values_with_their_units_and_places() {
    let study = Study::new();
    let report = parse(fixtures::MEASURED).unwrap();
    let computed = study.with(|evidence| measurements(&report, evidence)).unwrap();
    let principal: Vec<_> =
        computed.iter().map(|c| (c.kind.as_str(), c.values[0].value, c.values[0].unit.symbol())).collect();
    assert_eq!(
        principal,
        [
            ("length", 50.0, "mm"),        // 60 columns of 0.5 mm, 50 rows of 0.8 mm
            ("bidirectional", 32.0, "mm"), // 40 rows of 0.8 mm beat 50 columns of 0.5 mm
            ("angle", 90.0, "deg"),
            ("ellipse", 502.65, "mm2"), // pi x 40 x 0.5 x 10 x 0.8
            ("rectangle", 320.0, "mm2"),
            ("polygon", 160.0, "mm2"),
            ("point", 105.0, "HU"),  // the image is column + row
            ("length", 5.0, "mm"),   // ultrasound: 0.5 mm and 1 mm a pixel
            ("length", 22.36, "mm"), // at the detector
            ("angle", 45.0, "deg"),  // Cobb
        ]
    );
    let rectangle: Vec<_> = computed[4].values.iter().map(|v| v.value).collect();
    assert_eq!(rectangle, [320.0, 229.0, 12.9, 200.0, 258.0, 800.0], "area, mean, sd, min, max, count");

    let object = study.sign(&report, 4).unwrap();
    let (sr, warnings) = read(&fixtures::reread(&object));
    assert_eq!(warnings, []);
    let tree = lines(&sr.content);
    for line in [
        (2, "Finding", "右上葉結節"),
        (3, "Length", "50 mm"),
        (4, "Path", "POLYLINE 100.5,100.5,160.5,150.5"),
        (3, "Long axis", "32 mm"),
        (3, "Short axis", "25 mm"),
        (2, "Angle", "90 deg"),
        (2, "Finding", "計測4"),
        (3, "Area of defined region", "502.65 mm2"),
        (4, "Area outline", "ELLIPSE 160,200,240,200,200,190,200,210"),
        (3, "Attenuation Coefficient", "229 [hnsf'U]"),
        (4, "Derivation", "Mean"),
        (4, "Area outline", "POLYLINE 100,100,140,100,140,120,100,120,100,100"),
        (5, "", "2.25.1003 [7]"),
        (4, "Comment", "検出器面での計測値です。拡大率の補正がないため、患者内の実寸より大きくなります。"),
    ] {
        assert!(tree.contains(&line), "{line:?} in {tree:#?}");
    }
    // The values that were announced are the values that were written.
    for value in computed.iter().flat_map(|c| &c.values) {
        let text = value.value.to_string();
        assert!(tree.iter().any(|(_, _, v)| v.split(' ').next() == Some(&text)), "{value:?}");
    }
}

#[test]
fn key_images_refer_to_their_frame_and_every_reference_is_evidence() {
    let study = Study::new();
    let report = parse(fixtures::KEY_IMAGES).unwrap();
    let object = study.sign(&report, 5).unwrap();
    let (sr, _) = read(&fixtures::reread(&object));
    let tree = lines(&sr.content);
    for line in [
        (2, "Finding", "最大断面"),
        (3, "Best illustration of finding", "2.25.1001"),
        (2, "Best illustration of finding", "2.25.1003 [10]"),
        (3, "Best illustration of finding", "2.25.1005"),
    ] {
        assert!(tree.contains(&line), "{line:?} in {tree:#?}");
    }
    let listed = |tag| fixtures::referenced_instances(&object, tag);
    assert_eq!(listed(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE), ["2.25.1001", "2.25.1003"]);
    assert_eq!(
        listed(tags::PERTINENT_OTHER_EVIDENCE_SEQUENCE),
        ["2.25.1005"],
        "the prior of the same patient"
    );
}

#[test]
fn patient_study_and_order_are_those_of_the_images() {
    let study = Study::new();
    let object = study.sign(&parse(fixtures::JAPANESE_FINAL).unwrap(), 6).unwrap();
    let text = |tag| object.element(tag).unwrap().to_str().unwrap().into_owned();
    assert_eq!(text(tags::PATIENT_NAME), "YAMADA^TARO=山田^太郎=やまだ^たろう");
    assert_eq!(text(tags::PATIENT_ID), "0012345");
    assert_eq!(text(tags::STUDY_INSTANCE_UID), "2.25.100");
    assert_eq!(text(tags::SPECIFIC_CHARACTER_SET), "ISO_IR 192");
    assert_eq!(text(tags::TIMEZONE_OFFSET_FROM_UTC), "+0900");
    assert_eq!((text(tags::CONTENT_DATE), text(tags::CONTENT_TIME)), ("20260401".into(), "031007".into()));
    let order = object.element(tags::REFERENCED_REQUEST_SEQUENCE).unwrap().items().unwrap();
    assert_eq!(order[0].element(tags::ACCESSION_NUMBER).unwrap().to_str().unwrap(), "A-77");
}

#[test]
fn signing_again_makes_the_same_bytes() {
    let study = Study::new();
    let report = parse(fixtures::MEASURED).unwrap();
    let once = part10(&study.sign(&report, 7).unwrap());
    let again = part10(&study.sign(&report, 7).unwrap());
    assert!(once == again, "a retry must send the object that was saved");
}
