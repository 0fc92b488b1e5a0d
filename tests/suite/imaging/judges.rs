//! The CPU twin against SimpleITK and SciPy (reslices) and dcmtk (grey and colour levels) on real files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dokuei::dicom::Samples;
use dokuei::dicom::instance::{
    LookupTable, ModalityTransform, Palette, PixelSpacing, PlanePosition, SpacingSource, Voi, VoiFunction,
};
use dokuei::dicom::pixel::Photometric;
use dokuei::imaging::{
    Frame, FrameScene, FrameView, GreyMapping, Interpolation, Over, PictureSize, Plane, PlaneScene, Scene,
    StandardPlane, Volume, draw,
};
use glam::DVec3;
use serde_json::{Value, json};

use super::made;
use crate::data;
use crate::support::judge;

/// Runs judge.py; `None` where there is no python for it.
fn python(arguments: &[&Path]) -> Option<()> {
    let mut python = judge::python(&["numpy", "pydicom", "SimpleITK", "scipy"])?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/imaging/judge.py");
    let output = python.arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    Some(())
}

/// The first frame of each file, and its Modality, as pydicom reads them.
fn export(files: &[PathBuf]) -> Option<Vec<(String, Arc<Frame>)>> {
    let out = tempfile::tempdir().unwrap();
    let mut arguments = vec![Path::new("export"), out.path()];
    arguments.extend(files.iter().map(PathBuf::as_path));
    python(&arguments)?;
    let frame = |n: usize| {
        let facts = std::fs::read_to_string(out.path().join(format!("{n}.json"))).unwrap();
        let facts: Value = serde_json::from_str(&facts).unwrap();
        let raw = std::fs::read(out.path().join(format!("{n}.raw"))).unwrap();
        (facts["modality_code"].as_str().unwrap().to_owned(), frame(&facts, &raw))
    };
    Some((0..files.len()).map(frame).collect())
}

fn frame(facts: &Value, raw: &[u8]) -> Arc<Frame> {
    let words = || raw.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let samples = match facts["dtype"].as_str().unwrap() {
        "uint8" => Samples::U8(raw.to_vec()),
        "uint16" => Samples::U16(words().collect()),
        "int16" => Samples::I16(words().map(|v| v as i16).collect()),
        other => panic!("{other}"),
    };
    let number = |value: &Value| value.as_f64().unwrap();
    let count = |name: &str| facts[name].as_u64().unwrap() as u32;
    let photometric = Photometric::parse(facts["photometric"].as_str().unwrap());
    let mut image = made::module(count("columns"), count("rows"), photometric, &samples);
    image.format.bits_stored = count("bits_stored") as u16;
    image.format.samples_per_pixel = count("samples_per_pixel") as u16;
    image.presentation_inverse = facts["inverse"].as_bool().unwrap();
    image.palette = facts["palette"].as_array().map(|tables| Palette {
        red: table(&tables[0]),
        green: table(&tables[1]),
        blue: table(&tables[2]),
    });
    let attributes = &mut image.frames[0];
    let modality = &facts["modality"];
    attributes.modality = match modality {
        Value::Null => ModalityTransform::Identity,
        _ if modality["table"].is_object() => ModalityTransform::Table(table(&modality["table"])),
        _ => ModalityTransform::Rescale {
            slope: number(&modality["slope"]),
            intercept: number(&modality["intercept"]),
            unit: String::new(),
        },
    };
    attributes.voi = facts["voi"].as_array().unwrap().iter().map(voi).collect();
    let numbers = |name: &str| facts[name].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
    if let ([x, y, z], [a, b, c, d, e, f]) = (&numbers("position")[..], &numbers("orientation")[..]) {
        attributes.plane = Some(PlanePosition {
            origin_mm: DVec3::new(*x, *y, *z),
            row_direction: DVec3::new(*a, *b, *c),
            column_direction: DVec3::new(*d, *e, *f),
        });
    }
    if let [between_rows_mm, between_columns_mm] = numbers("spacing")[..] {
        let source = SpacingSource::Patient;
        attributes.spacing = Some(PixelSpacing { between_rows_mm, between_columns_mm, source });
    }
    Arc::new(made::try_frame(&image, samples).unwrap())
}

fn voi(facts: &Value) -> Voi {
    if facts["table"].is_object() {
        return Voi::Table { table: table(&facts["table"]), explanation: String::new() };
    }
    made::voi(facts["center"].as_f64().unwrap(), facts["width"].as_f64().unwrap())
}

fn table(facts: &Value) -> LookupTable {
    LookupTable {
        first: facts["first"].as_i64().unwrap() as i32,
        bits: facts["bits"].as_u64().unwrap() as u16,
        entries: facts["entries"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u16).collect(),
        explanation: String::new(),
    }
}

/// The stack of one modality among files, sorted along its normal, and its files.
fn stack(files: &[PathBuf], modality: &str) -> Option<(Vec<PathBuf>, Vec<Arc<Frame>>)> {
    let frames = export(files)?;
    let of_modality = files.iter().cloned().zip(frames).filter(|(_, (code, _))| code == modality);
    let mut slices: Vec<_> = of_modality.map(|(file, (_, frame))| (file, frame)).collect();
    let normal = dokuei::imaging::slice_normal(&slices[0].1.attributes().plane.unwrap());
    let along = |frame: &Arc<Frame>| frame.attributes().plane.unwrap().origin_mm.dot(normal);
    slices.sort_by(|a, b| along(&a.1).total_cmp(&along(&b.1)));
    Some(slices.into_iter().unzip())
}

#[test]
fn reslices_of_real_series_equal_simpleitk() {
    for (name, modality) in [
        ("volumes/cerr-head-neck-ct", "CT"),
        ("volumes/nist-pet-ct", "PT"),
        ("volumes/nist-pet-ct", "CT"),
        ("geometry/oblique-small", "CT"),
        ("geometry/tilt-encoded-in-orientation", "CT"),
    ] {
        let Some(files) = data::files(name) else { continue };
        let Some((files, frames)) = stack(&files, modality) else { return };
        let volume = Arc::new(Volume::from_slices(&frames).unwrap_or_else(|e| panic!("{name}: {e}")));
        let planes = planes(&volume, None);
        let judged = samples_of("reslice", &files, &planes);
        for (plane, judged) in planes.iter().zip(judged) {
            compare(name, &volume, plane, &judged, 0.01, 0);
        }
    }
}

/// Along the slices, across them, and oblique.
fn planes(volume: &Volume, at_mm: Option<DVec3>) -> Vec<Plane> {
    [
        (StandardPlane::Axial, None),
        (StandardPlane::Coronal, None),
        (StandardPlane::Sagittal, PictureSize::new(217, 160).ok()),
        (StandardPlane::Normal(DVec3::new(0.31, -0.52, 0.79)), PictureSize::new(256, 256).ok()),
        (StandardPlane::Normal(DVec3::new(-0.6, 0.7, 0.2)), PictureSize::new(300, 150).ok()),
    ]
    .into_iter()
    .map(|(plane, size)| Plane::through(volume, plane, at_mm, size).unwrap())
    .collect()
}

#[test]
fn uneven_and_gapped_real_series_equal_scipy_over_slice_numbers() {
    for (name, gaps) in [("geometry/missing-slice", 1), ("geometry/ge-gantry-tilt-irregular", 0)] {
        let Some(files) = data::files(name) else { continue };
        let Some((files, frames)) = stack(&files, "CT") else { return };
        let volume = Arc::new(Volume::from_slices(&frames).unwrap_or_else(|e| panic!("{name}: {e}")));
        assert_eq!(volume.places().map(|places| places.gaps()), Some(gaps), "{name}");
        // Not in the middle, which may be a gap.
        let at_mm = volume
            .patient_from_grid()
            .transform_point3(DVec3::from_array(volume.size().map(|n| 0.3 * f64::from(n))));
        let planes = planes(&volume, Some(at_mm));
        for (plane, judged) in planes.iter().zip(samples_of("uneven", &files, &planes)) {
            // It takes orientations for exact unit vectors; ours are as they were written.
            compare(name, &volume, plane, &judged, 0.1, 2 * plane.size.width());
        }
    }
}

#[test]
fn a_real_stack_of_two_orientations_is_refused_with_the_reason() {
    use dokuei::imaging::ImagingError as E;
    let Some(files) = data::files("geometry/two-orientations") else { return };
    let Some((_, frames)) = stack(&files, "MR") else { return };
    let error = Volume::from_slices(&frames).unwrap_err();
    assert!(matches!(error, E::OrientationDiffers { .. } | E::SizeDiffers { .. }), "{error}");
}

/// What another toolkit samples on planes.
fn samples_of(how: &str, files: &[PathBuf], planes: &[Plane]) -> Vec<Vec<f32>> {
    let out = tempfile::tempdir().unwrap();
    let asked: Vec<_> = planes
        .iter()
        .map(|plane| {
            json!({
                "origin_mm": plane.origin_mm.to_array(),
                "column_step_mm": plane.column_step_mm.to_array(),
                "row_step_mm": plane.row_step_mm.to_array(),
                "width": plane.size.width(),
                "height": plane.size.height(),
            })
        })
        .collect();
    let list = out.path().join("planes.json");
    std::fs::write(&list, serde_json::to_string(&asked).unwrap()).unwrap();
    let mut arguments = vec![Path::new(how), out.path(), &list];
    arguments.extend(files.iter().map(PathBuf::as_path));
    python(&arguments).unwrap();
    let samples = |n: usize| {
        let raw = std::fs::read(out.path().join(format!("{n}.raw"))).unwrap();
        raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
    };
    (0..planes.len()).map(samples).collect()
}

/// Where we have data the judge has the same (SimpleITK also fills the outer half of the outermost voxels, which we
/// leave empty), and we have data on most of what it fills. `at_hull`: pixels that a judge without tolerance at the hull
/// may lack.
fn compare(name: &str, volume: &Arc<Volume>, plane: &Plane, judged: &[f32], within: f32, at_hull: u32) {
    let grey = made::window(0.0, 100.0, VoiFunction::Linear);
    let (volume, interpolation) = (Arc::clone(volume), Interpolation::Linear);
    let thin = volume.size().into_iter().min().unwrap();
    let ours = draw(&Scene::Plane(PlaneScene { volume, plane: *plane, slab: None, interpolation, grey }))
        .values
        .unwrap();
    let (mut compared, mut beside) = (0, 0);
    for (i, (ours, judged)) in ours.iter().zip(judged).enumerate().filter(|(_, (ours, _))| !ours.is_nan()) {
        if judged.is_nan() {
            beside += 1;
            continue;
        }
        assert!((ours - judged).abs() <= within, "{name} {plane:?}: pixel {i}: {ours} for {judged}");
        compared += 1;
    }
    assert!(beside <= at_hull, "{name} {plane:?}: {beside} outside for the judge");
    let filled = judged.iter().filter(|value| !value.is_nan()).count();
    let share = if thin > 10 { 0.9 } else { 0.3 };
    assert!(compared as f64 > share * filled as f64, "{name} {plane:?}: {compared} of {filled}");
}

#[test]
fn levels_of_real_files_equal_dcmtk_within_one() {
    let window = |center, width, function| Some(made::window(center, width, function));
    let cases: &[(&str, &[&str], Option<GreyMapping>)] = &[
        ("CT_small.dcm", &["+Ww", "40", "400"], window(40.0, 400.0, VoiFunction::Linear)),
        ("CT_small.dcm", &["+Ww", "40", "400", "+Wfs"], window(40.0, 400.0, VoiFunction::Sigmoid)),
        ("CT_small.dcm", &["+Wm"], None),
        ("mlut_18.dcm", &["+Wm"], None),
        ("vlut_04.dcm", &["+Wl", "1"], None),
        ("gdcm-CR-MONO1-10-chest.dcm", &["+Wi", "1"], None),
        ("dx_image.dcm", &["+Wi", "1"], None),
        ("examples_overlay.dcm", &["+Wi", "1", "-O"], None),
        ("NM-MONO2-16-13x-heart", &["+Wi", "1"], None),
        ("IM-0001-0170-0001.dcm", &["+Wm"], None),
        ("US-PAL-8-10x-echo", &[], None),
        ("examples_palette.dcm", &[], None),
        ("examples_rgb_color.dcm", &[], None),
        ("YBR_FULL-RLE.dcm", &[], None),
    ];
    let here = cases.iter().filter_map(|case| Some((case, data::path(&format!("modality/{}", case.0))?)));
    let (here, files): (Vec<_>, Vec<_>) = here.unzip();
    let Some(frames) = export(&files) else { return };
    for (((name, options, mapping), file), (_, frame)) in here.into_iter().zip(&files).zip(frames) {
        let Some(judged) = dcm2pnm(file, options) else { return };
        let grey = mapping.clone().unwrap_or_else(|| frame.default_grey());
        let (view, interpolation) = (FrameView::native(&frame).unwrap(), Interpolation::Linear);
        let ours =
            draw(&Scene::Frame(FrameScene { frame, view, interpolation, grey, over: Over::default() })).rgba;
        let levels: Vec<u8> = ours.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        assert_eq!(levels.len(), judged.len(), "{name}");
        let worst = levels.iter().zip(&judged).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        // dcmtk puts "no chrominance" at 127.5, the standard at 128: half a level more, times 1.772.
        let allowed = if name.starts_with("YBR") { 2 } else { 1 };
        assert!(worst <= allowed, "{name} {options:?}: {worst} levels");
    }
}

/// dcmtk's picture of the first frame as RGB.
fn dcm2pnm(file: &Path, options: &[&str]) -> Option<Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let picture = out.path().join("picture.pnm");
    let output = judge::find("dcm2pnm")?.args(options).arg("+op").arg(file).arg(&picture).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    let bytes = std::fs::read(picture).unwrap();
    let channels = if bytes.starts_with(b"P6") { 3 } else { 1 };
    // Magic, width, height and maximum, each ended by white space; dcmtk writes no comments.
    let header = bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_whitespace()).nth(3).unwrap().0;
    let pixels = &bytes[header + 1..];
    Some(if channels == 3 { pixels.to_vec() } else { pixels.iter().flat_map(|&grey| [grey; 3]).collect() })
}
