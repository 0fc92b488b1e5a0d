//! Grey levels and colours of every real image against pydicom's, frame by frame (the first and the last).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use dokuei::dicom::{DicomError, Samples};
use dokuei::imaging::{Frame, FrameScene, FrameView, Interpolation, Over, Scene, draw};
use dokuei::work::loaded::Loaded;
use serde_json::json;

use crate::data;
use crate::support::{judge, note};

/// Real files that pydicom does not judge, or judges otherwise, each with its cause.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// One frame, ours, and what the judge needs of it.
struct Case {
    name: String,
    frame: Arc<Frame>,
    samples: Samples,
    facts: serde_json::Value,
}

#[test]
fn levels_of_every_real_image_equal_pydicom_within_one() {
    let Some(root) = data::path("expected.json").and_then(|path| Some(path.parent()?.to_owned())) else {
        return;
    };
    let Some(mut python) = judge::python(&["numpy", "pydicom", "PIL"]) else { return };
    let out = tempfile::tempdir().unwrap();
    let mut cases: Vec<Case> = images(&root).iter().flat_map(|path| cases(&root, path)).collect();
    for (n, case) in cases.iter_mut().enumerate() {
        let samples = out.path().join(format!("{n}.in"));
        std::fs::write(&samples, case.samples.to_le_bytes()).unwrap();
        case.facts["samples"] = json!(samples);
    }
    let list = out.path().join("cases.json");
    let facts: Vec<_> = cases.iter().map(|case| &case.facts).collect();
    std::fs::write(&list, serde_json::to_string(&facts).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/imaging/levels.py");
    let output = python.arg(script).arg(out.path()).arg(&list).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));

    let (mut faults, mut agreed) = (BTreeMap::new(), 0);
    for (n, case) in cases.iter().enumerate() {
        match std::fs::read(out.path().join(format!("{n}.raw"))) {
            Ok(judged) => match compare(&case.frame, &judged, allowed(case)) {
                Ok(()) => agreed += 1,
                Err(fault) => drop(faults.insert(case.name.clone(), fault)),
            },
            Err(_) => {
                let why = std::fs::read_to_string(out.path().join(format!("{n}.txt"))).unwrap();
                faults.insert(case.name.clone(), format!("not judged: {why}"));
            }
        }
    }
    for (name, cause) in EXCEPTIONS {
        let known = cases.iter().any(|case| case.name == *name);
        assert!(!known || faults.remove(*name).is_some(), "{name} is no exception any more ({cause})");
    }
    note(&format!(
        "grey levels and colours: {agreed} frames agree with pydicom, {} exceptions\n",
        EXCEPTIONS.len()
    ));
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(agreed > 200, "only {agreed} frames compared");
}

/// All files but the broken ones.
fn images(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with("broken") => {}
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    files
}

/// The first and the last frame of an image that is decoded here.
fn cases(root: &Path, path: &Path) -> Vec<Case> {
    let Ok(object) = Loaded::read(Bytes::from(std::fs::read(path).unwrap())) else { return Vec::new() };
    let (Some(image), Some(_)) = (&object.instance.image, &object.pixels) else { return Vec::new() };
    let last = image.format.frames - 1;
    let numbers = if last == 0 { vec![0] } else { vec![0, last] };
    let name = path.strip_prefix(root).unwrap().to_string_lossy();
    let one = |number: u32| {
        let decoded = match object.decode(number) {
            Ok(decoded) => decoded,
            // Whether a code stream is decoded is judged with the codecs, and so are its samples.
            Err(DicomError::Codestream { .. }) => panic!("{name} frame {number}: damaged"),
            Err(_) => return None,
        };
        let facts = json!({
            "file": path, "frame": number, "dtype": decoded.samples.dtype(),
            "rows": decoded.rows, "columns": decoded.columns,
            "samples_per_pixel": decoded.samples_per_pixel,
            "photometric": decoded.photometric.as_str(),
        });
        let samples = decoded.samples.clone();
        let frame = Frame::new(decoded, image, number).unwrap_or_else(|e| panic!("{name}: {e}"));
        Some(Case { name: format!("{name}#{number}"), frame: Arc::new(frame), samples, facts })
    };
    numbers.into_iter().filter_map(one).collect()
}

/// One level; two where pydicom rounds its YBR matrix to whole numbers on the way, or lcms a profile's curves.
fn allowed(case: &Case) -> u8 {
    let through_profile = case.frame.samples() != &case.samples;
    let ybr = case.facts["photometric"].as_str().unwrap().starts_with("YBR");
    if ybr || through_profile { 2 } else { 1 }
}

/// Levels of all pixels that are neither padding nor colours of a grey image; padding is background.
fn compare(frame: &Arc<Frame>, judged: &[u8], allowed: u8) -> Result<(), String> {
    let view = FrameView::native(frame).unwrap();
    let grey = frame.default_grey();
    let scene = FrameScene {
        frame: Arc::clone(frame),
        view,
        interpolation: Interpolation::Nearest,
        grey,
        over: Over::NOTHING,
    };
    let picture = draw(&Scene::Frame(scene));
    let pixels = picture.size.pixels();
    let channels = judged.len() / pixels;
    if !matches!(channels, 1 | 3) || !judged.len().is_multiple_of(pixels) {
        return Err(format!("{} judged samples for {pixels} pixels", judged.len()));
    }
    let first_colour = frame.supplement().map_or(f64::INFINITY, |table| f64::from(table.first()));
    let mut worst = (0, 0);
    for (i, (ours, judged)) in picture.rgba.chunks_exact(4).zip(judged.chunks_exact(channels)).enumerate() {
        if frame.samples().len() == pixels && frame.samples().get(i) >= first_colour {
            continue;
        }
        let (column, row) = (i as u32 % frame.columns(), i as u32 / frame.columns());
        if frame.padding().is_some() && frame.is_padding(column, row) {
            if ours[..3] != [0; 3] {
                return Err(format!("padding at {column},{row} is not background"));
            }
            continue;
        }
        let off = (0..3).map(|c| ours[c].abs_diff(judged[c % channels])).max().unwrap();
        worst = worst.max((off, i));
    }
    if worst.0 <= allowed { Ok(()) } else { Err(format!("{} levels at pixel {}", worst.0, worst.1)) }
}
