//! JPEG-LS against CharLS: every depth, order of components and error bound, bit by bit.

use std::path::Path;

use dokuei::dicom::PixelFormat;
use dokuei::dicom::pixel::Photometric;
use serde_json::Value;

use super::cases::{JPEG_LS, colour, encapsulated, grey};
use crate::support::judge;

/// What jpegls.py exits with where there is no CharLS.
const NO_LIBRARY: i32 = 77;

fn format(case: &Value) -> PixelFormat {
    let number = |name: &str| case[name].as_u64().unwrap();
    let (rows, columns, bits) = (number("rows") as u32, number("columns") as u32, number("bits") as u16);
    let allocated = if bits <= 8 { 8 } else { 16 };
    let format = match number("samples") {
        1 => grey(rows, columns, allocated),
        _ => colour(rows, columns, allocated, Photometric::Rgb),
    };
    PixelFormat { bits_stored: bits, high_bit: bits - 1, ..format }
}

#[test]
fn streams_of_charls_give_its_samples() {
    let Some(mut python) = judge::python(&["numpy"]) else { return };
    let out = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/codecs/jpegls.py");
    let made = python.arg(script).arg(out.path()).output().unwrap();
    if made.status.code() == Some(NO_LIBRARY) {
        return judge::absent("libcharls.so.2");
    }
    assert!(made.status.success(), "{}", judge::text(&made));
    let read = |name: &str| std::fs::read(out.path().join(name)).unwrap();
    let index: Vec<Value> = serde_json::from_slice(&read("index.json")).unwrap();
    let (streams, decoded) = (read("streams.bin"), read("decoded.bin"));
    let (mut streams, mut decoded) = (&streams[..], &decoded[..]);
    let mut faults = Vec::new();
    for case in &index {
        let length = |name: &str| case[name].as_u64().unwrap() as usize;
        let stream = streams.split_off(..length("stream")).unwrap();
        let theirs = decoded.split_off(..length("decoded")).unwrap();
        let fault = match encapsulated(&format(case), JPEG_LS, stream) {
            Ok(frame) if frame.samples.to_le_bytes() == theirs => continue,
            Ok(_) => "other samples".to_owned(),
            Err(error) => error.to_string(),
        };
        faults.push(format!("{}, {} bits, {} rows: {fault}", case["name"], case["bits"], case["rows"]));
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), index.len(), faults.join("\n"));
    assert!(index.len() > 5000, "only {} streams", index.len());
}
