//! Behaviour of the codec door against other toolkits' samples.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{Tag, VR};
use dicom_object::OpenFileOptions;
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, DicomError, PixelData, PixelFormat, Samples, Uid, codec};
use sha2::{Digest, Sha256};

const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// The pixel data of a real file, uncut and undecoded.
fn open(path: &str) -> Option<(PixelFormat, Uid, PixelData)> {
    let bytes = crate::data::read(path)?;
    let object = OpenFileOptions::new().from_reader(bytes.as_slice()).ok()?;
    let transfer_syntax = Uid::parse(object.meta().transfer_syntax()).ok()?;
    let number = |element| object.element(Tag(0x0028, element)).ok()?.to_int::<u32>().ok();
    let small = |element| number(element).map(|n| n as u16);
    let float = object.element(Tag(0x7FE0, 0x0008)).is_ok();
    let format = PixelFormat {
        rows: number(0x0010)?,
        columns: number(0x0011)?,
        frames: number(0x0008).unwrap_or(1),
        samples_per_pixel: small(0x0002)?,
        bits_allocated: small(0x0100)?,
        bits_stored: small(0x0101).unwrap_or(32),
        high_bit: small(0x0102).unwrap_or(31),
        signed: number(0x0103) == Some(1),
        photometric: Photometric::parse(&object.element(Tag(0x0028, 0x0004)).ok()?.to_str().ok()?),
        planar: number(0x0006) == Some(1),
        float,
    };
    let element = object.element(Tag(0x7FE0, if float { 0x0008 } else { 0x0010 })).ok()?;
    let pixels = match element.value() {
        Value::PixelSequence(sequence) => PixelData::Encapsulated {
            offsets: sequence.offset_table().iter().map(|&offset| offset.into()).collect(),
            fragments: sequence.fragments().iter().map(|fragment| Bytes::from(fragment.clone())).collect(),
        },
        Value::Primitive(value) => native(value, element.header().vr, transfer_syntax.as_str(), &format),
        Value::Sequence(_) => return None,
    };
    Some((format, transfer_syntax, pixels))
}

/// The native value as it lies in the file; dicom-rs has put big-endian words into this machine's order.
fn native(value: &PrimitiveValue, vr: VR, transfer_syntax: &str, format: &PixelFormat) -> PixelData {
    let mut value = value.to_bytes().into_owned();
    let big_endian = transfer_syntax == BIG_ENDIAN;
    if big_endian && vr == VR::OW {
        value.as_chunks_mut::<2>().0.iter_mut().for_each(|word| word.reverse());
    }
    let words = vr == VR::OW || format.bits_allocated > 8;
    PixelData::Native { value: value.into(), big_endian: big_endian && words }
}

fn expected_files() -> Vec<serde_json::Value> {
    let Some(text) = crate::data::read("expected.json") else { return Vec::new() };
    let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
    document["files"].as_array().unwrap().clone()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn statistics(samples: &Samples) -> (f64, f64, f64) {
    let values = (0..samples.len()).map(|i| samples.get(i));
    let (least, most, sum) =
        values.fold((f64::MAX, f64::MIN, 0.0), |(a, b, c), v| (f64::min(a, v), f64::max(b, v), c + v));
    (least, most, sum / samples.len() as f64)
}

#[test]
#[allow(clippy::print_stdout)]
fn explore() {
    for file in expected_files() {
        let name = file["file"].as_str().unwrap();
        let decoded = &file["decoded"];
        if decoded.is_null() { continue; }
        let Some((format, ts, pixels)) = open(name) else { println!("NOTOPEN {name} {}", file["transfer_syntax"]); continue };
        let frames = decoded["frames"].as_array().unwrap();
        let mut worst = String::new();
        let mut ok = 0;
        for (n, facts) in frames.iter().enumerate() {
            let t = Instant::now();
            match codec::decode(&format, &ts, &pixels, n as u32) {
                Ok(f) => {
                    let sha = sha256(&f.samples.to_le_bytes());
                    if facts["sha256"] == sha { ok += 1 } else {
                        let (a, b, c) = statistics(&f.samples);
                        worst = format!("frame {n} {} got {a} {b} {c:.4} want {} {} {} phot {:?} in {:?}", f.samples.dtype(), facts["min"], facts["max"], facts["mean"], f.photometric, t.elapsed());
                    }
                }
                Err(e) => worst = format!("frame {n} ERR {e}"),
            }
        }
        if ok != frames.len() { println!("{} {name} {} {}: {ok}/{} {worst}", if decoded["lossless"] == true { "BAD" } else { "lossy" }, file["photometric"], ts, frames.len()); }
    }
}
