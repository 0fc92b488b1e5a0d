//! Lossy streams of real files against the C library's own decode (pip's imagecodecs), sample by sample.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, PixelData, Samples, codec};

use crate::support::{judge, note};

/// What the transfer syntax ends in behind `1.2.840.10008.1.2.4.`, its name here, and how far we may be from the
/// C library. JPEG decoders differ in how they spread shared chrominance and round; JPEG 2000's irreversible
/// wavelet is computed in another order; near-lossless JPEG-LS leaves no choice.
const CODECS: [(&[&str], &str, f64); 6] = [
    (&["50", "70"], "JPEG, 8 bits, libjpeg-turbo", 4.0),
    (&["51", "53", "55"], "JPEG, 12 bits, libjpeg-turbo", 2.0),
    (&["81"], "JPEG-LS near-lossless, CharLS", 0.0),
    (&["91"], "JPEG 2000, OpenJPEG", 3.0),
    (&["201", "202", "203"], "HTJ2K, OpenJPEG", 1.0),
    (&["110", "111", "112"], "JPEG XL, libjxl", 1.0),
];

/// Frames of a file that are compared at most.
const FRAMES: u32 = 3;

/// Decodes with imagecodecs what standard input lists, and writes each frame as 32-bit integers.
const JUDGE: &str = r#"
import json, sys, numpy, pydicom, imagecodecs
from pydicom.encaps import generate_frames
for job in json.load(sys.stdin):
    d = pydicom.dcmread(job["path"], force=True)
    frames = generate_frames(d.PixelData, number_of_frames=int(d.get("NumberOfFrames") or 1))
    data = next(f for i, f in enumerate(frames) if i == job["frame"])
    if data[:3] == b"\xff\xd8\xff" and b"\xff\xf7" not in data[:256]:
        space = {"colorspace": job["space"], "outcolorspace": job["space"]} if job["space"] else {}
        image = imagecodecs.jpeg8_decode(data, **space)
    elif data[:3] == b"\xff\xd8\xff":
        image = imagecodecs.jpegls_decode(data)
        if d.PixelRepresentation:  # which a JPEG-LS stream does not know
            image = image.view(f"i{image.itemsize}")
    elif data[:2] == b"\xff\x4f" or data[4:8] == b"jP  ":
        image = imagecodecs.jpeg2k_decode(data)
    else:
        image = imagecodecs.jpegxl_decode(data)
    if job["signed"] and image.dtype.kind == "u":
        # JPEG and JPEG-LS know no sign: its place is the data set's highest stored bit.
        spare = 8 * image.itemsize - job["bits"]
        image = (image << spare).astype(image.dtype).view("i" + str(image.itemsize)) >> spare
    numpy.ascontiguousarray(image).astype("<i4").tofile(job["out"])
"#;

/// A frame that both decode.
struct Compared {
    label: String,
    codec: usize,
    ours: DecodedFrame,
    out: std::path::PathBuf,
}

#[test]
fn lossy_frames_are_within_a_few_levels_of_the_c_library() {
    let work = tempfile::tempdir().unwrap();
    let (mut compared, mut jobs, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for file in super::expected_files() {
        let name = file["file"].as_str().unwrap();
        let lossy = file["decoded"]["lossless"] == false || super::LOSSY_ALL_THE_SAME.contains(&name);
        let (true, Some(path)) = (lossy, lossy.then(|| crate::data::path(name)).flatten()) else { continue };
        let Some((format, transfer_syntax, pixels)) = super::open(name) else { continue };
        if matches!(pixels, PixelData::Native { .. }) {
            continue;
        }
        let last = transfer_syntax.as_str().rsplit('.').next().unwrap();
        let Some(codec) = CODECS.iter().position(|(syntaxes, ..)| syntaxes.contains(&last)) else {
            faults.push(format!("{name}: no limit for {last}"));
            continue;
        };
        for frame in 0..format.frames.min(FRAMES) {
            let label = format!("{name}, frame {frame}");
            let ours = match codec::decode(&format, &transfer_syntax, &pixels, frame) {
                Ok(ours) => ours,
                Err(error) => {
                    faults.push(format!("{label}: {error}"));
                    continue;
                }
            };
            let out = work.path().join(jobs.len().to_string());
            let space = match ours.photometric {
                Photometric::Rgb => "RGB",
                Photometric::YbrFull => "YCBCR",
                _ => "",
            };
            jobs.push(serde_json::json!({
                "path": path, "frame": frame, "space": space, "out": out,
                "signed": format.signed, "bits": format.bits_stored,
            }));
            compared.push(Compared { label, codec, ours, out });
        }
    }
    if jobs.is_empty() {
        return;
    }
    let Some(mut python) = judge::python(&["imagecodecs", "pydicom", "numpy"]) else { return };
    let list = work.path().join("jobs.json");
    std::fs::write(&list, serde_json::to_vec(&jobs).unwrap()).unwrap();
    let output = python.args(["-c", JUDGE]).stdin(std::fs::File::open(&list).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    let mut worst: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
    for frame in &compared {
        match distance(&frame.ours.samples, &std::fs::read(&frame.out).unwrap()) {
            Some(most) => {
                let (count, so_far) = worst.entry(frame.codec).or_default();
                (*count, *so_far) = (*count + 1, so_far.max(most));
                if most > CODECS[frame.codec].2 {
                    faults.push(format!("{}: {most} levels off", frame.label));
                }
            }
            None => faults.push(format!("{}: another number of samples", frame.label)),
        }
    }
    let mut table = "lossy frames: worst difference from the C library's own decode\n".to_owned();
    for (codec, (count, most)) in worst {
        let (_, name, limit) = CODECS[codec];
        let _ = writeln!(table, "  {name}: {most} of {limit} levels, {count} frames");
    }
    note(&table);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The greatest difference of two frames' samples.
fn distance(ours: &Samples, theirs: &[u8]) -> Option<f64> {
    let theirs: Vec<f64> =
        theirs.as_chunks::<4>().0.iter().map(|value| f64::from(i32::from_le_bytes(*value))).collect();
    (theirs.len() == ours.len())
        .then(|| theirs.iter().enumerate().map(|(i, value)| (ours.get(i) - value).abs()).fold(0.0, f64::max))
}
