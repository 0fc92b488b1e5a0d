//! The real broken files: the samples that other toolkits agree on, or a clear error, each at once.

use std::time::{Duration, Instant};

use dokuei::dicom::{codec, part10};
use sha2::{Digest, Sha256};

use super::meter;
use crate::data;

#[test]
fn broken_real_files_give_the_stated_samples_or_an_error_within_a_second() {
    let (Some(files), Some(expected)) = (data::files("broken"), data::read("expected.json")) else { return };
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let mut faults = Vec::new();
    for path in files {
        let name = format!("broken/{}", path.file_name().unwrap().to_string_lossy());
        let facts = expected["files"].as_array().unwrap().iter().find(|facts| facts["file"] == name.as_str());
        let Some(facts) = facts else { continue };
        let bytes = std::fs::read(&path).unwrap();
        let (begun, before) = (Instant::now(), meter::thread_time());
        let Ok((object, _)) = part10::read(bytes.into()) else { continue };
        let (Some(image), Some(pixels)) = (&object.instance.image, &object.pixels) else { continue };
        for (number, frame) in facts["decoded"]["frames"].as_array().into_iter().flatten().enumerate() {
            // What is refused as a whole has no frames; what is read shows what others show. NumberOfFrames is `1A`
            // in one of them: it has one frame here.
            if number as u32 >= image.format.frames {
                break;
            }
            match codec::decode(&image.format, &object.transfer_syntax, pixels, number as u32) {
                Ok(decoded) => {
                    let sum = Sha256::digest(decoded.samples.to_le_bytes());
                    let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
                    if frame["sha256"] != sum.as_str() {
                        faults.push(format!("{name}, frame {number}: other samples"));
                    }
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        let busy = before.zip(meter::thread_time()).map_or_else(|| begun.elapsed(), |(from, to)| to - from);
        if busy > Duration::from_secs(1) {
            faults.push(format!("{name}: {busy:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
