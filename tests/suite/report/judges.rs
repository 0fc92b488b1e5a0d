//! What other people's programs say of our reports.

use std::path::{Path, PathBuf};

use dicom_core::VR;
use dicom_core::header::Header;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dokuei::report::parse;

use super::fixtures::{self, Study, part10};
use crate::support::judge;

/// Every kind of report as a file in a folder of its own.
fn files(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let rich = fixtures::rich();
    let cases: [(&str, &str); 7] = [
        ("english final", fixtures::ENGLISH_FINAL),
        ("japanese final", fixtures::JAPANESE_FINAL),
        ("preliminary", fixtures::PRELIMINARY),
        ("addendum", fixtures::ADDENDUM),
        ("measured", fixtures::MEASURED),
        ("key images", fixtures::KEY_IMAGES),
        ("rich", &rich),
    ];
    let study = Study::new();
    let write = |(number, (name, document)): (usize, (&'static str, &str))| {
        let object = study.sign(&parse(document).unwrap(), 20 + number as u32).unwrap();
        let path = folder.join(format!("{number}.dcm"));
        std::fs::write(&path, part10(&object)).unwrap();
        (name, path)
    };
    cases.into_iter().enumerate().map(write).collect()
}

#[test]
fn dciodvfy_finds_no_error() {
    let folder = tempfile::tempdir().unwrap();
    for (name, path) in files(folder.path()) {
        let Some(output) = judge::dciodvfy(&path) else { return };
        let said = judge::text(&output);
        assert!(said.contains("EnhancedSR"), "{name}: {said}");
        assert!(output.status.success() && !said.contains("Error"), "{name}: {said}");
    }
}

#[test]
fn dsrdump_reads_every_report_without_complaint_and_prints_the_text() {
    let folder = tempfile::tempdir().unwrap();
    for (name, path) in files(folder.path()) {
        let Some(mut dsrdump) = judge::find("dsrdump") else { return };
        let output = dsrdump.args(["+Pl", "+U8"]).arg(&path).output().unwrap();
        let said = judge::text(&output);
        // DCMTK 3.6.7 says this of every Unicode object: it does not check the VRs of UTF-8 text.
        const UNICODE: &str = "W: The VR checker does not support this Specific Character Set: ISO_IR 192";
        let complaint =
            |line: &&str| ["E:", "W:", "F:"].iter().any(|c| line.starts_with(c)) && *line != UNICODE;
        let complaints: Vec<_> = said.lines().filter(complaint).collect();
        assert!(output.status.success() && complaints.is_empty(), "{name}: {complaints:?}");
        let expected: &[&str] = match name {
            "english final" => &[
                "A 9 mm nodule in the right upper lobe, previously 6 mm.",
                "<script>alert(1)</script> &xxe; {{x}}",
            ],
            "japanese final" | "rich" => {
                &["右上葉S2に9 mmの結節を認める。前回6 mmから増大。", "髙﨑𠮷野家", "鈴木^花子"]
            }
            _ => &[],
        };
        for text in expected {
            assert!(said.contains(text), "{name}: {text} in {said}");
        }
    }
}

/// The retired DCM codes that DicomSRValidator's tables of 2007 still list, for the LOINC codes of the
/// current CID 7001 and CID 7002 (PS3.16 Annex D says which replaced which; Clinical Information is new).
const RETIRED: &[(&str, &str)] = &[
    ("55752-0", "121060"), // Clinical Information: History is the nearest heading of that time
    ("11329-0", "121060"),
    ("55111-9", "121064"),
    ("18834-2", "121068"),
    ("59776-5", "121070"),
    ("19005-8", "121072"),
    ("55113-5", "121180"),
];

/// The object in the terms of that time, so that its templates are checked at all.
fn in_retired_terms(object: &mut InMemDicomObject) {
    let value = object.get(tags::CODE_VALUE).and_then(|e| e.to_str().ok().map(|s| s.into_owned()));
    if let Some((_, retired)) = RETIRED.iter().find(|(current, _)| value.as_deref() == Some(current)) {
        object.put_str(tags::CODE_VALUE, VR::SH, *retired);
        object.put_str(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM");
    }
    let sequences: Vec<_> = object.iter().filter(|e| e.items().is_some()).map(|e| e.tag()).collect();
    for tag in sequences {
        object.update_value(tag, |value| {
            value.items_mut().into_iter().flatten().for_each(in_retired_terms);
        });
    }
}

/// What DicomSRValidator says of a file: its errors and its doubts.
fn pixelmed(path: &Path) -> Option<Vec<String>> {
    let said = judge::pixelmed_sr(path)?;
    assert!(said.contains("Found EnhancedSR IOD"), "{said}");
    assert!(said.contains("Found Root Template TID_2000"), "{said}");
    assert!(said.contains("Root Template Validation Complete"), "{said}");
    let doubt = |line: &&str| {
        ["Error", "Warning"].iter().any(|w| line.starts_with(w)) || line.contains("illegal relationship")
    };
    Some(said.lines().filter(doubt).map(str::to_owned).collect())
}

/// What DicomSRValidator does not know, and why we write it all the same. TID 1404 is empty in its tables;
/// TID 1401 there names the outline of an area "Path", which PS3.16 Annex D defines for linear measurements
/// only (121056 is the border of a region from which an area was inferred); both templates are extensible.
const NOT_IN_ITS_TEMPLATES: &[&str] = &[
    "NUM (1483009,SCT,\"Angle\")",
    "NUM (112031,DCM,\"Attenuation Coefficient\")",
    "NUM (pixel-count,99DOKUEI,\"Number of pixels\")",
    "SCOORD (121056,DCM,\"Area outline\")",
    "TEXT (121106,DCM,\"Comment\")",
];

/// One run takes half a minute of a processor: one report with everything in it.
#[test]
fn dicom_sr_validator_finds_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut object = Study::new().sign(&parse(&fixtures::rich()).unwrap(), 30).unwrap();
    in_retired_terms(&mut object);
    let path = folder.path().join("retired.dcm");
    std::fs::write(&path, part10(&object)).unwrap();
    let Some(doubts) = pixelmed(&path) else { return };
    let known = |line: &String| {
        // Meanings in its context groups are of that time; PS3.16 8.3 leaves the meaning free.
        let meaning = line.contains("has different code meaning");
        let absent = line.ends_with("Content Item not in template");
        meaning || (absent && NOT_IN_ITS_TEMPLATES.iter().any(|item| line.contains(item)))
    };
    let strange: Vec<_> = doubts.iter().filter(|line| line.starts_with("Error") || !known(line)).collect();
    assert!(strange.is_empty(), "{strange:#?}");
}

/// pydicom's own reading of the text, and of every code against its tables of PS3.16.
const PYTHON: &str = r#"
import sys, pydicom
from pydicom.sr._concepts_dict import concepts
known = {}
for scheme, words in concepts.items():
    for codes in words.values():
        for value, (meaning, _) in codes.items():
            known.setdefault((scheme, value), set()).add(meaning)
def walk(ds):
    for element in ds:
        if element.VR == "SQ":
            for item in element.value:
                if "CodeValue" in item:
                    key = (item.CodingSchemeDesignator, item.CodeValue)
                    if key[0] not in ("99DOKUEI", "RFC5646") and item.CodeMeaning not in known.get(key, ()):
                        if not item.CodeValue.startswith("{"):
                            print("UNKNOWN CODE", key, item.CodeMeaning, known.get(key))
                walk(item)
        elif element.VR == "UT":
            print("TEXT", ascii(element.value))
pydicom.config.settings.reading_validation_mode = pydicom.config.RAISE
for path in sys.argv[1:]:
    walk(pydicom.dcmread(path))
"#;

const HIGHDICOM: &str = r#"
import sys, pydicom, highdicom.sr
for path in sys.argv[1:]:
    highdicom.sr.EnhancedSR.from_dataset(pydicom.dcmread(path))
    print("READ", path)
"#;

#[test]
fn highdicom_reads_every_report_as_an_enhanced_sr() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let Some(mut python) = judge::python(&["highdicom.sr"]) else { return };
    let output = python.args(["-c", HIGHDICOM]).args(files.iter().map(|(_, path)| path)).output().unwrap();
    let said = judge::text(&output);
    let read = said.lines().filter(|line| line.starts_with("READ ")).count();
    assert!(output.status.success() && read == files.len(), "{said}");
}

#[test]
fn pydicom_knows_every_code_and_reads_the_same_text() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let Some(mut python) = judge::python(&["pydicom.sr._concepts_dict"]) else { return };
    let output = python.args(["-c", PYTHON]).args(files.iter().map(|(_, path)| path)).output().unwrap();
    let said = judge::text(&output);
    assert!(output.status.success() && !said.contains("UNKNOWN CODE"), "{said}");
    for document in [fixtures::ENGLISH_FINAL, fixtures::JAPANESE_FINAL] {
        for section in parse(document).unwrap().sections {
            let escaped: String = section.text.reveal().replace('\n', "\r\n");
            let line = format!("TEXT {}", python_ascii(&escaped));
            assert!(said.lines().any(|l| l == line), "{line} in {said}");
        }
    }
}

/// A string as Python's `ascii()` prints it.
fn python_ascii(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match (c, u32::from(c)) {
            ('\n', _) => out.push_str("\\n"),
            ('\r', _) => out.push_str("\\r"),
            ('\\', _) => out.push_str("\\\\"),
            (c, _) if c == quote => out.extend(['\\', c]),
            (c, 0x20..=0x7E) => out.push(c),
            (_, code @ ..=0xFF) => out.push_str(&format!("\\x{code:02x}")),
            (_, code @ ..=0xFFFF) => out.push_str(&format!("\\u{code:04x}")),
            (_, code) => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out.push(quote);
    out
}
