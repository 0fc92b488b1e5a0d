//! The gate, dicom-rs behind it and the typed modules: a whole object from any bytes.
#![no_main]

use dokuei_fuzz::dicom::part10;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((object, warnings)) = part10::read(bytes.to_vec().into()) {
        assert!(warnings.len() <= 256, "warnings without end");
        let sop_instance = object.instance.sop_instance.as_str();
        assert!(sop_instance.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "a UID that is none");
    }
});
