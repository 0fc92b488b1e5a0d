use super::*;
use crate::imaging::measure::{Kind, MeasureError};
use crate::report::Expected;

const WHOLE: &str = r#"
study = "1.2.3"
language = "ja-JP"
state = "final"
predecessor = "1.2.9"

[reader]
name = "Yamada^Taro=山田^太郎=やまだ^たろう"
id = "yamada"
organisation = "読影センター"

[sections]
impression = "肺癌の疑い。"
findings = """
右上葉に結節。
経過観察を推奨。
"""

[[measurements]]
kind = "length"
image = "1.2.5"
frame = 2
points = [[10, 20.5], [30.5, 4e1]]
label = "右上葉結節"

[[key_images]]
image = "1.2.5"
note = "最大断面"
"#;

#[test]
fn a_whole_document_is_read() {
    let report = parse(WHOLE).unwrap();
    assert_eq!((report.language, report.state), (ReportLanguage::JapaneseJp, ReportState::Final));
    assert_eq!(report.predecessor.as_ref().map(Uid::as_str), Some("1.2.9"));
    let reader = report.reader.clone().unwrap();
    assert_eq!((reader.name.ideographic.as_str(), reader.id.as_str()), ("山田^太郎", "yamada"));
    assert_eq!(report.text(Heading::Findings), "右上葉に結節。\n経過観察を推奨。");
    let order: Vec<_> = report.sections.iter().map(|s| s.heading).collect();
    assert_eq!(order, [Heading::Findings, Heading::Impression]);
    let [measurement] = report.measurements.as_slice() else { panic!() };
    assert_eq!((measurement.shape.kind(), measurement.frame), (Kind::Length, Some(2)));
    assert_eq!(measurement.shape.points()[1], glam::DVec2::new(30.5, 40.0));
    assert_eq!(report.key_images[0].note.reveal(), "最大断面");
    let debug = format!("{report:?}");
    assert!(!debug.contains("結節") && !debug.contains("最大断面"), "{debug}");
}

#[test]
fn problems_name_line_and_key_and_never_the_value() {
    let changed = |from: &str, to: &str| {
        assert!(WHOLE.contains(from), "{from}");
        parse(&WHOLE.replacen(from, to, 1)).unwrap_err()
    };
    let wrong = |line, key: &str, expected| ReportError::WrongValue { line, key: key.into(), expected };
    assert_eq!(
        changed("findings = \"\"\"", "finding = \"\"\""),
        ReportError::UnknownKey { line: 14, key: "sections.finding".into() }
    );
    assert_eq!(
        changed("label = ", "labell = "),
        ReportError::UnknownKey { line: 24, key: "measurements[1].labell".into() }
    );
    assert_eq!(
        changed("id = \"yamada\"", "\"山田 太郎\" = 1"),
        ReportError::UnknownKey { line: 9, key: "reader.?".into() }
    );
    assert_eq!(changed("study = \"1.2.3\"", ""), ReportError::MissingKey { line: 1, key: "study".into() });
    assert_eq!(
        changed("kind = \"length\"", ""),
        ReportError::MissingKey { line: 19, key: "measurements[1].kind".into() }
    );
    assert_eq!(changed("state = \"final\"", "state = \"done\""), wrong(4, "state", Expected::State));
    assert_eq!(changed("\"ja-JP\"", "\"fr\""), wrong(3, "language", Expected::Language));
    assert_eq!(
        changed("image = \"1.2.5\"", "image = \"../x\""),
        wrong(21, "measurements[1].image", Expected::Uid)
    );
    assert_eq!(changed("frame = 2", "frame = 0"), wrong(22, "measurements[1].frame", Expected::Count));
    assert_eq!(changed("[10, 20.5]", "[10]"), wrong(23, "measurements[1].points[1]", Expected::Point));
    assert_eq!(
        changed("[10, 20.5]", "[10, \"山田\"]"),
        wrong(23, "measurements[1].points[1][2]", Expected::Number)
    );
    assert_eq!(
        changed("[10, 20.5]", "[10, nan]"),
        wrong(23, "measurements[1].points[1][2]", Expected::Number)
    );
    assert_eq!(changed("id = \"yamada\"", "id = = 山田"), ReportError::Syntax { line: 9 });
    let part = Part::Measurement(1);
    let error = MeasureError::PointCount { given: 1 };
    assert_eq!(changed(", [30.5, 4e1]", ""), ReportError::Shape { part, error });
    assert_eq!(
        parse("study = \"1\"\nlanguage = \"en\"\nstate = \"final\"\n[sections]\nfindings = \"  \""),
        Err(ReportError::Empty)
    );
    let part = Part::Section(Heading::Findings);
    assert_eq!(
        changed("経過観察", "経過\\u001b観察"),
        ReportError::UnsafeCharacter { part, character: 0x1b, line: 2 }
    );
}

#[test]
fn a_kanji_name_without_groups_is_ideographic() {
    assert_eq!(Reader::new("山田 太郎", "", "").name.to_dicom(), "=山田 太郎");
    assert_eq!(Reader::new("Müller^Jürgen", "", "").name.to_dicom(), "Müller^Jürgen");
    assert_eq!(Reader::new("=山田^太郎", "", "").name.to_dicom(), "=山田^太郎");
}

#[test]
fn a_name_cannot_smuggle_a_second_value() {
    let reader =
        Reader { name: PersonName { alphabetic: "A=B".into(), ..Default::default() }, ..Default::default() };
    assert!(matches!(reader.checked(), Err(ReportError::UnsafeCharacter { character: 0x3D, .. })));
    assert!(Reader::new("A\\B", "", "").checked().is_err());
    assert!(Reader::new("A", "", "x\\y").checked().is_err());
}
