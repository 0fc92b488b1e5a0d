//! Behaviour of the codec door against other toolkits' samples.

mod cases;
mod hostile;
mod jpeg;
mod jpegls;
mod judged;
mod lossless;
mod lossy;
mod many;
mod samples;
mod video;

use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, DicomError, PixelData, PixelFormat, Samples, Uid, codec, part10};
use sha2::{Digest, Sha256};

/// Files that the gate refuses although other toolkits decode them, and what it says of each.
const REFUSED: [(&str, &str); 0] = [];

/// Files whose header is broken such that the frames cannot all be known: NumberOfFrames is `1A`.
const FRAMES_UNKNOWN: [&str; 1] = ["broken/badVR.dcm"];

/// Lossless by its transfer syntax (.70), but the code stream is baseline DCT.
const LOSSY_ALL_THE_SAME: [&str; 1] = ["modality/sample-op.dcm"];

/// The pixel data of a real file, cut and undecoded.
fn open(path: &str) -> Option<Cut> {
    cut(crate::data::read(path)?).ok()?
}

/// What the codec door is asked with.
type Cut = (PixelFormat, Uid, PixelData);

/// The pixel data of a file, if it has any; what the gate says, if it refuses the file.
fn cut(file: Vec<u8>) -> Result<Option<Cut>, DicomError> {
    let (object, _) = part10::read(file.into())?;
    let format = object.instance.image.map(|image| image.format);
    Ok(format.zip(object.pixels).map(|(format, pixels)| (format, object.transfer_syntax, pixels)))
}

/// The `files` of `expected.json`, none without it.
fn expected_files() -> Vec<serde_json::Value> {
    let Some(text) = crate::data::read("expected.json") else { return Vec::new() };
    let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
    document["files"].as_array().unwrap().clone()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Least, greatest and mean sample.
fn statistics(samples: &Samples) -> [f64; 3] {
    let values = (0..samples.len()).map(|i| samples.get(i));
    let (least, most, sum) =
        values.fold((f64::MAX, f64::MIN, 0.0), |(a, b, c), v| (f64::min(a, v), f64::max(b, v), c + v));
    [least, most, sum / samples.len() as f64]
}

/// What is wrong with a frame that should be as `facts` say, if anything.
fn disagreement(
    name: &str,
    lossless: bool,
    facts: &serde_json::Value,
    frame: &DecodedFrame,
) -> Option<String> {
    if lossless {
        let same = facts["sha256"] == sha256(&frame.samples.to_le_bytes());
        return (!same).then(|| format!("{name}: other samples than the reference"));
    }
    // Decoders of one lossy stream differ by rounding and by how they spread shared chrominance.
    let tolerance = [3.0, 3.0, 0.1];
    let ours = statistics(&frame.samples);
    let theirs = ["min", "max", "mean"].map(|key| facts[key].as_f64().unwrap());
    let close = (0..3).all(|i| (ours[i] - theirs[i]).abs() <= tolerance[i]);
    (!close).then(|| format!("{name}: {ours:?}, reference {theirs:?}"))
}

#[test]
fn every_frame_of_every_real_file_is_as_other_toolkits_decode_it() {
    let mut faults = Vec::new();
    let (expected, mut compared) = (expected_files(), 0);
    for file in &expected {
        let (name, decoded) = (file["file"].as_str().unwrap(), &file["decoded"]);
        if decoded.is_null() || FRAMES_UNKNOWN.contains(&name) {
            continue;
        }
        let Some(bytes) = crate::data::read(name) else { continue };
        let (format, transfer_syntax, pixels) =
            match (cut(bytes), REFUSED.iter().find(|(file, _)| *file == name)) {
                (Ok(Some(cut)), None) => cut,
                (Ok(None), _) => {
                    faults.push(format!("{name}: no image in it"));
                    continue;
                }
                (Err(error), Some((_, cause))) if error.to_string().contains(cause) => continue,
                (outcome, listed) => {
                    faults.push(format!(
                        "{name}: {:?}, listed as {listed:?}",
                        outcome.err().map(|error| error.to_string())
                    ));
                    continue;
                }
            };
        let lossless = decoded["lossless"] == true && !LOSSY_ALL_THE_SAME.contains(&name);
        for (number, facts) in decoded["frames"].as_array().unwrap().iter().enumerate() {
            compared += 1;
            match codec::decode(&format, &transfer_syntax, &pixels, number as u32) {
                Err(error) => faults.push(format!("{name}, frame {number}: {error}")),
                Ok(frame) => faults.extend(disagreement(name, lossless, facts, &frame)),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared > 1000 || expected.is_empty(), "only {compared} frames compared");
}

#[test]
fn files_that_no_reference_decodes_give_an_error_or_samples_but_no_panic() {
    for file in expected_files().iter().filter(|file| file["decoded"].is_null()) {
        if let Some((format, transfer_syntax, pixels)) = open(file["file"].as_str().unwrap()) {
            let _ = codec::decode(&format, &transfer_syntax, &pixels, 0);
        }
    }
}

#[test]
fn eight_bit_jpeg_is_within_three_levels_of_another_decoder() {
    for path in [
        "modality/jpeg8bit.dcm",
        "modality/sample-op.dcm",
        "transfer-syntax/JPEGBaseline_1s_1f_u_08_08.dcm",
        "transfer-syntax/JPEGExtended_3s_1f_u_08_08.dcm",
        "transfer-syntax/SC_rgb_small_odd_jpeg.dcm",
        "transfer-syntax/SC_jpeg_no_color_transform.dcm",
        "transfer-syntax/TestPattern_JPEG-Baseline_YBRFull.dcm",
    ] {
        let Some((format, transfer_syntax, pixels)) = open(path) else { continue };
        let PixelData::Encapsulated { fragments, .. } = &pixels else { panic!("{path} is encapsulated") };
        let Samples::U8(ours) = codec::decode(&format, &transfer_syntax, &pixels, 0).unwrap().samples else {
            panic!("{path} has 8 bits")
        };
        let mut judge = jpeg_decoder::Decoder::new(fragments[0].as_ref());
        if format.samples_per_pixel == 3 {
            // As they are and interleaved; `None` is not.
            judge.set_color_transform(jpeg_decoder::ColorTransform::RGB);
        }
        let theirs = judge.decode().unwrap();
        assert_eq!(ours.len(), theirs.len());
        let worst = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst <= Some(3), "{path}: {worst:?}");
    }
}

/// PS3.3 C.7.6.3.1.2, YBR_FULL.
fn rgb(photometric: &Photometric, pixel: [f64; 3]) -> [f64; 3] {
    match photometric {
        Photometric::Rgb => pixel,
        Photometric::YbrFull => {
            let [y, cb, cr] = [pixel[0], pixel[1] - 128.0, pixel[2] - 128.0];
            [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        }
        other => panic!("{other:?} should not come out of the door"),
    }
}

/// One picture in many codings: read by what `photometric` says, all show the same colours.
#[test]
fn the_stated_photometric_interpretation_is_the_one_of_the_samples() {
    let decode = |name: &str| {
        let bytes = crate::data::read(&format!("transfer-syntax/{name}"))?;
        let (format, transfer_syntax, pixels) = cut(bytes).unwrap().unwrap();
        Some(codec::decode(&format, &transfer_syntax, &pixels, 0).unwrap())
    };
    let Some(reference) = decode("SC_rgb_rle.dcm") else { return };
    for name in [
        "SC_rgb_dcmtk_+eb+cr.dcm",
        "SC_rgb_dcmtk_+eb+cy+n1.dcm",
        "SC_rgb_dcmtk_+eb+cy+n2.dcm",
        "SC_rgb_dcmtk_+eb+cy+np.dcm",
        "SC_rgb_dcmtk_+eb+cy+s2.dcm",
        "SC_rgb_dcmtk_+eb+cy+s4.dcm",
        "SC_rgb_gdcm_KY.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
        "SC_rgb_jpeg_gdcm.dcm",
        "SC_rgb_jpeg_lossy_gdcm.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
        "SC_ybr_full_uncompressed.dcm",
    ] {
        let Some(frame) = decode(name) else { continue };
        assert_eq!(frame.samples.len(), reference.samples.len());
        let pixel = |frame: &DecodedFrame, i: usize| [0, 1, 2].map(|s| frame.samples.get(3 * i + s));
        let off: f64 = (0..100 * 100)
            .map(|i| {
                let (ours, theirs) = (rgb(&frame.photometric, pixel(&frame, i)), pixel(&reference, i));
                (0..3).map(|s| (ours[s].clamp(0.0, 255.0) - theirs[s]).abs()).sum::<f64>()
            })
            .sum();
        let mean = off / 30_000.0;
        assert!(mean < 3.0, "{name}: {mean} levels off on average as {:?}", frame.photometric);
    }
}
