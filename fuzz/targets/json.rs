//! DICOM JSON: a reply's object into a data set, its modules, and out again.
#![no_main]

use dokuei_fuzz::dicom::{json, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(reply) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    let (dataset, warnings) = json::read_dataset(&reply);
    assert!(warnings.len() <= 256, "warnings without end");
    let _ = json::bulk_uris(&reply);
    let _ = parse::instance(&dataset, None);
    let written = json::write_dataset(&dataset, &|_| None);
    let (again, _) = json::read_dataset(&written);
    assert_eq!(json::write_dataset(&again, &|_| None), written, "reading what was written changes it");
});
