//! Character sets: the first line is (0008,0005), the rest a patient's name, a description and a report's text.
#![no_main]

use dokuei_fuzz::dicom::part10;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let cut = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (terms, text) = bytes.split_at(cut);
    let mut object = Vec::with_capacity(3 * bytes.len() + 200);
    for (tag, value) in [
        ([8, 0, 5, 0], terms),
        ([8, 0, 0x16, 0], b"1.2.840.10008.5.1.4.1.1.7"),
        ([8, 0, 0x18, 0], b"1.2.3"),
        ([8, 0, 0x30, 0x10], text),
        ([8, 0, 0x11, 0x21], text),
        ([0x10, 0, 0x10, 0], text),
    ] {
        object.extend(tag);
        object.extend(u32::try_from(value.len()).unwrap_or(0).to_le_bytes());
        object.extend(value);
    }
    if let Ok((object, _)) = part10::read(object.into()) {
        let name = object.instance.patient.name.reveal().to_dicom();
        let hostile = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
        assert!(
            !name.chars().any(|c| hostile(c) || ('\u{202a}'..='\u{202e}').contains(&c)),
            "not neutralised"
        );
    }
});
