//! Text in every character set, equal to what pydicom reads, and made harmless.

use std::path::Path;

use dicom_object::InMemDicomObject;
use dokuei::dicom::error::WarningCode;
use dokuei::dicom::part10;
use serde_json::Value;

use super::build::{EXPLICIT, file, identity, long, text};
use super::pydicom;
use crate::data;

/// All values of the text VRs, depth first, as `ggggeeee[item].ggggeeee` and the value without padding.
fn texts(dataset: &InMemDicomObject, path: &str, found: &mut Vec<(String, String)>) {
    for element in dataset {
        let tag = element.header().tag;
        let name = format!("{path}{:04x}{:04x}", tag.group(), tag.element());
        if let Some(items) = element.items() {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{name}[{index}]."), found);
            }
        } else if ["PN", "LO", "SH", "ST", "LT", "UC", "UT"].contains(&element.vr().to_string()) {
            let values = element.value().primitive().unwrap().to_multi_str();
            let values: Vec<&str> =
                values.iter().map(|value| value.trim_end_matches([' ', '\0', '='])).collect();
            found.push((name, values.join("\\")));
        }
    }
}

/// Our reading of the files of a folder against pydicom's: how many texts were compared, and how many of those
/// go beyond ASCII.
fn compare(folder: &Path, theirs: &[u8]) -> (usize, usize) {
    let theirs: Value = serde_json::from_slice(theirs).unwrap();
    let (mut compared, mut beyond_ascii, mut problems) = (0, 0, Vec::new());
    for (name, expected) in theirs.as_object().unwrap() {
        let bytes = std::fs::read(folder.join(name)).unwrap().into();
        let Ok((dataset, _)) = part10::read_dataset(&bytes) else { continue };
        let mut ours = Vec::new();
        texts(&dataset, "", &mut ours);
        let ours: std::collections::BTreeMap<_, _> = ours.into_iter().collect();
        for (element, text) in expected.as_object().unwrap() {
            let text = text.as_str().unwrap();
            if !ours.contains_key(element) && is_private(element) {
                // Bytes to us: pydicom knows this maker's dictionary.
                continue;
            }
            compared += 1;
            beyond_ascii += usize::from(!text.is_ascii());
            let same = ours.get(element).map(String::as_str) == Some(text);
            if !same {
                problems.push(format!("{name} {element}: {text:?}, ours {:?}", ours.get(element)));
            }
        }
    }
    assert!(problems.is_empty(), "{} texts differ:\n{}", problems.len(), problems.join("\n"));
    (compared, beyond_ascii)
}

/// Whether a private element is on the way to this one.
fn is_private(path: &str) -> bool {
    path.split('.').any(|step| u16::from_str_radix(&step[..4], 16).unwrap() % 2 == 1)
}

#[test]
fn every_text_of_every_real_file_is_what_pydicom_reads() {
    let Some(folder) = data::path("charset").and_then(|charset| Some(charset.parent()?.to_owned())) else {
        return;
    };
    let Some(theirs) = pydicom::run("texts.py", std::slice::from_ref(&folder)) else { return };
    let (compared, beyond_ascii) = compare(&folder, &theirs);
    assert!(
        compared > 5000 && beyond_ascii > 20,
        "only {compared} compared, {beyond_ascii} of them beyond ASCII"
    );
}

#[test]
fn every_character_of_every_set_is_what_pydicom_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let Some(written) = pydicom::run("charsets.py", &[folder.path().to_owned()]) else { return };
    let (compared, beyond_ascii) = compare(folder.path(), &written);
    assert!(compared > 150 && beyond_ascii > 120, "only {compared} compared, {beyond_ascii} beyond ASCII");
}

fn name_of(charset: &str, name: &[u8]) -> (String, Vec<WarningCode>) {
    let mut name = name.to_vec();
    if name.len() % 2 == 1 {
        name.push(b' ');
    }
    let body = [identity(charset), super::build::short((0x10, 0x10), "PN", &name)].concat();
    let (object, warnings) = part10::read(file(EXPLICIT, &body).into()).unwrap();
    let codes = warnings.iter().filter(|warning| warning.about != "(0020,000d)").map(|warning| warning.code);
    (object.instance.patient.name.reveal().to_dicom(), codes.collect())
}

/// PS3.5 annexes H, I, J, K as their bytes stand there.
#[test]
fn the_names_of_the_standard_come_out_as_printed() {
    let cases: [(&str, &[u8], &str); 8] = [
        ("\\ISO 2022 IR 87",
         b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
         "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO 2022 IR 13\\ISO 2022 IR 87",
         b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
         "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
        ("\\ISO 2022 IR 149",
         b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
         "Hong^Gildong=洪^吉洞=홍^길동"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小東".as_bytes(), "Wang^XiaoDong=王^小東"),
        ("GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
        ("GBK", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
        ("\\ISO 2022 IR 58", b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东"),
        ("\\ISO 2022 IR 87\\ISO 2022 IR 159", b"A^B=\x1b$(D0!0\"\x1b(B", "A^B=丂丄"),
    ];
    for (charset, bytes, expected) in cases {
        assert_eq!(name_of(charset, bytes), (expected.to_owned(), vec![]), "{charset}");
    }
}

#[test]
fn single_byte_sets_decode_and_thai_too() {
    let cases: [(&str, &[u8], &str); 7] = [
        ("ISO_IR 203", b"\xa4 \xbd", "€ œ"),
        ("ISO_IR 100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
        ("ISO_IR 148", b"\xddnce^\xde\xfd\xf0", "İnce^Şığ"),
        ("ISO_IR 166", b"\xca\xc1\xaa\xd2\xc2", "สมชาย"),
        ("ISO_IR 144", b"\xbb\xee\xdasceb", "Люкsceb"),
        ("ISO_IR 13", b"\xd4\xcf\xc0\xde", "ﾔﾏﾀﾞ"),
        ("ISO_IR 101", b"W\xb3adys\xb3aw", "Władysław"),
    ];
    for (charset, bytes, expected) in cases {
        assert_eq!(name_of(charset, bytes), (expected.to_owned(), vec![]), "{charset}");
    }
}

#[test]
fn what_cannot_be_decoded_is_marked_and_warned_about() {
    let (name, codes) = name_of("", b"J\xe9r\xf4me");
    assert_eq!((name.as_str(), codes), ("J\u{fffd}r\u{fffd}me", vec![WarningCode::BadText]));
    let (name, codes) = name_of("ISO_IR 999", b"Plain^Name");
    assert_eq!((name.as_str(), codes), ("Plain^Name", vec![WarningCode::UnknownCharset]));
    let (name, codes) = name_of("ISO IR 100", b"J\xe9r\xf4me");
    assert_eq!((name.as_str(), codes), ("Jérôme", vec![WarningCode::OddCharset]));
    let (_, codes) = name_of("ISO_IR 192", b"\xc0\xaf\xed\xa0\x80");
    assert_eq!(codes, [WarningCode::BadText]);
}

#[test]
fn hostile_names_are_neutralised_and_cut() {
    let (name, codes) = name_of("ISO_IR 192", "DOE\u{202e}^JOHN\u{1b}[2J\u{200b}".as_bytes());
    assert_eq!((name.as_str(), codes), ("DOE\u{fffd}^JOHN\u{fffd}[2J\u{fffd}", vec![WarningCode::BadText]));
    let huge = vec![b'A'; 1 << 20];
    let body = [identity(""), long((0x10, 0x20), "UN", 1 << 20, &huge)].concat();
    let (object, warnings) = part10::read(file(EXPLICIT, &body).into()).unwrap();
    let id = object.instance.patient.id.reveal();
    assert!(id.len() <= 65_534 && id.ends_with('\u{fffd}'));
    assert!(warnings.iter().any(|warning| warning.code == WarningCode::BadText));
}

#[test]
fn an_item_inherits_the_character_set_and_may_have_its_own() {
    use super::build::implicit;
    let meaning = |bytes: &[u8]| super::build::short((8, 0x104), "LO", bytes);
    let item = |parts: &[Vec<u8>]| {
        let inner = parts.concat();
        implicit((0xfffe, 0xe000), u32::try_from(inner.len()).unwrap(), &inner)
    };
    let items = [
        item(&[meaning(b"J\xe9r\xf4me ")]),
        item(&[text((8, 5), "CS", "ISO_IR 192"), meaning("山田".as_bytes())]),
        item(&[meaning(b"\xe9\xe9")]),
    ]
    .concat();
    let sequence = long((0x8, 0x1032), "SQ", u32::try_from(items.len()).unwrap(), &items);
    let body = [identity("ISO_IR 100"), sequence].concat();
    let (object, _) = part10::read(file(EXPLICIT, &body).into()).unwrap();
    let mut found = Vec::new();
    texts(&object.dataset, "", &mut found);
    let values: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(values, ["Jérôme", "山田", "éé"]);
    assert_eq!(object.instance.charset, ["ISO_IR 100"]);
}
