//! Every real file gives the facts that other toolkits found in it, or a clear error, in time.

use std::time::{Duration, Instant};

use dokuei::dicom::instance::{ImageModule, ModalityTransform, Voi};
use dokuei::dicom::part10::{self, Part10};
use dokuei::dicom::{DicomError, PixelData, dicomdir};
use serde_json::Value;

use super::build::{EXPLICIT, file, implicit, long, text};
use crate::data;

/// The entries of `expected.json` with the file's bytes.
fn files() -> impl Iterator<Item = (String, Value, Vec<u8>)> {
    let expected =
        data::read("expected.json").map_or(Value::Null, |text| serde_json::from_slice(&text).unwrap());
    let entries = expected["files"].as_array().cloned().unwrap_or_default();
    entries.into_iter().filter_map(|entry| {
        let name = entry["file"].as_str()?.to_owned();
        let bytes = data::read(&name)?;
        Some((name, entry, bytes))
    })
}

/// On a stack as large as that of the decoding threads.
fn on_a_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().name("files".into()).stack_size(64 << 20);
    thread.spawn(work).unwrap().join().unwrap()
}

#[test]
fn every_real_file_gives_its_facts_or_a_clear_error_in_time() {
    let (mut read, mut refused, mut problems) = (0, Vec::new(), Vec::new());
    for (name, entry, bytes) in files() {
        let begun = Instant::now();
        let result = on_a_large_stack(move || part10::read(bytes.into()));
        // Megabytes a second, or something is wrong; the rest is patience with a busy machine.
        if begun.elapsed() > Duration::from_secs(10) {
            problems.push(format!("{name}: took {:?}", begun.elapsed()));
        }
        match result {
            Ok((object, _)) => {
                read += 1;
                problems
                    .extend(differences(&entry, &object).into_iter().map(|what| format!("{name}: {what}")));
            }
            Err(error) => refused.push(format!("{name}: {error}")),
        }
    }
    let unexpected: Vec<_> =
        refused.iter().filter(|line| !REFUSED.iter().any(|name| line.contains(name))).collect();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(unexpected.is_empty(), "refused: {unexpected:#?}");
    assert!(read == 0 || read > 350, "only {read} read");
}

/// Files that end early, are not DICOM, or do not say what they are (no SOP Class UID), with the error.
const REFUSED: &[&str] = &[
    "broken/MR_truncated.dcm: ends early at byte 1488 (tag (7fe0,0010))",
    "broken/dwv-test_no-number-rows.dcm: missing or unusable (0008,0016)",
    "broken/emri_small_jpeg_2k_lossless_too_short.dcm: ends early at byte",
    "broken/meta_missing_tsyntax.dcm: missing or unusable (0008,0016)",
    "broken/nested_priv_SQ.dcm: missing or unusable (0008,0016)",
    "broken/no_meta.dcm: not a DICOM file",
    "broken/rtplan_truncated.dcm: ends early at byte",
    "charset/empty_charset_LEI.dcm: missing or unusable (0008,0016)",
];

/// Facts of `expected` that the object read does not have.
fn differences(expected: &Value, object: &Part10) -> Vec<String> {
    let instance = &object.instance;
    let mut found = Vec::new();
    let mut check = |what: &str, theirs: &Value, ours: Value| {
        if !theirs.is_null() && *theirs != ours {
            found.push(format!("{what}: expected {theirs}, got {ours}"));
        }
    };
    check(
        "transfer_syntax",
        &expected["transfer_syntax"],
        instance.transfer_syntax.as_ref().map(|u| u.as_str()).into(),
    );
    check("sop_class", &expected["sop_class"], instance.sop_class.as_str().into());
    check("modality", &expected["modality"], instance.series.modality.as_str().into());
    // Empty components at the end of a group say nothing and are not kept.
    let patient = expected["patient_name_utf8"].as_str().map(|name| name.trim_end_matches('^'));
    check("patient", &patient.into(), instance.patient.name.reveal().to_dicom().into());
    let Some(image) = &instance.image else {
        check("image", &expected["rows"], Value::Null);
        return found;
    };
    let format = &image.format;
    check("rows", &expected["rows"], format.rows.into());
    check("columns", &expected["columns"], format.columns.into());
    check("samples", &expected["samples_per_pixel"], format.samples_per_pixel.into());
    check("allocated", &expected["bits_allocated"], format.bits_allocated.into());
    check("stored", &expected["bits_stored"], format.bits_stored.into());
    check("high bit", &expected["high_bit"], format.high_bit.into());
    if !format.float {
        check("signed", &expected["pixel_representation"], u8::from(format.signed).into());
    }
    check("photometric", &expected["photometric"], format.photometric.as_str().into());
    if let Some(frames) = expected["frames_attr"].as_str().and_then(|text| text.trim().parse::<u32>().ok()) {
        check("frames", &frames.into(), format.frames.into());
    }
    found.extend(grey_differences(expected, image));
    found.extend(place_differences(expected, image));
    found
}

fn features(expected: &Value) -> String {
    expected["features"].to_string()
}

/// A number, or the first of several, as `expected.json` writes them.
fn number(value: &Value) -> Option<f64> {
    let first = value.as_array().map_or(value, |all| &all[0]);
    first.as_f64().or_else(|| first.as_str()?.trim().parse().ok())
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(number).collect()
}

fn grey_differences(expected: &Value, image: &ImageModule) -> Vec<String> {
    let mut found = Vec::new();
    let frame = image.frame(0).unwrap();
    if let (Some(slope), Some(intercept)) =
        (number(&expected["rescale_slope"]), number(&expected["rescale_intercept"]))
    {
        match &frame.modality {
            ModalityTransform::Rescale { slope: s, intercept: i, .. } if (*s, *i) == (slope, intercept) => {}
            // Where both stand, the table is the transform.
            ModalityTransform::Table(_) if features(expected).contains("ModalityLUTSequence") => {}
            other => found.push(format!("rescale {slope} {intercept}: got {other:?}")),
        }
    }
    if let (Some(center), Some(width)) =
        (number(&expected["window_center"]), number(&expected["window_width"]))
    {
        match frame.voi.first() {
            Some(Voi::Window { center: c, width: w, .. }) if (*c, *w) == (center, width) => {}
            // LINEAR has no window narrower than 1 (PS3.3 C.11.2.1.2.1).
            None if width < 1.0 => {}
            other => found.push(format!("window {center} {width}: got {other:?}")),
        }
    }
    found
}

fn place_differences(expected: &Value, image: &ImageModule) -> Vec<String> {
    let mut found = Vec::new();
    let frame = image.frame(0).unwrap();
    if let Some(spacing) = numbers(&expected["pixel_spacing"]) {
        let ours = frame.spacing.map(|s| vec![s.between_rows_mm, s.between_columns_mm]);
        if ours.as_ref() != Some(&spacing) && spacing.iter().all(|s| *s > 0.0) {
            found.push(format!("spacing {spacing:?}: got {ours:?}"));
        }
    }
    if let (Some(origin), Some(cosines)) =
        (numbers(&expected["image_position"]), numbers(&expected["image_orientation"]))
    {
        let Some(plane) = frame.plane else {
            if image.format.frames == 1 {
                found.push(format!("no plane for {origin:?} {cosines:?}"));
            }
            return found;
        };
        let ours: Vec<f64> =
            plane.row_direction.to_array().into_iter().chain(plane.column_direction.to_array()).collect();
        if ours.iter().zip(&cosines).any(|(a, b)| (a - b).abs() > 2e-3)
            || plane.origin_mm.to_array()[..] != origin[..]
        {
            found.push(format!("plane {origin:?} {cosines:?}: got {plane:?}"));
        }
    }
    found
}

#[test]
fn native_pixel_data_under_a_code_stream_syntax_is_read_as_what_it_is() {
    let Some(bytes) = data::read("broken/20-wrong-transfer-syntax.dcm") else { return };
    let (object, warnings) = part10::read(bytes.into()).unwrap();
    assert_eq!(object.transfer_syntax.as_str(), "1.2.840.10008.1.2.1");
    assert_eq!(object.instance.transfer_syntax.unwrap().as_str(), "1.2.840.10008.1.2.4.80");
    assert!(matches!(object.pixels, Some(PixelData::Native { .. })));
    assert!(warnings.iter().any(|warning| warning.about == "(0002,0010)"));
}

#[test]
fn a_file_cut_anywhere_is_never_taken_for_whole() {
    let Some(bytes) = data::read("modality/CT_small.dcm") else { return };
    let whole = bytes::Bytes::from(bytes);
    // This file ends in Data Set Trailing Padding behind the pixel data.
    let pixels_end = whole.len() - 138;
    let mut shortened = 0;
    for end in (132..pixels_end).step_by(37) {
        match part10::read(whole.slice(..end)) {
            Err(_) => shortened += 1,
            // At an element's boundary before Rows it is a whole object without an image.
            Ok((object, _)) => assert!(object.instance.image.is_none(), "cut at {end}"),
        }
    }
    assert!(shortened > 100);
    assert!(matches!(part10::read(whole.slice(..pixels_end - 1)), Err(DicomError::Truncated { .. })));
}

#[test]
fn a_dicomdir_lists_the_files_of_its_medium_in_every_encoding() {
    let Some(root) = data::path("objects/dicomdirtests") else { return };
    let mut lists = Vec::new();
    for name in ["DICOMDIR", "DICOMDIR-bigEnd", "DICOMDIR-implicit"] {
        let (object, _) = part10::read(std::fs::read(root.join(name)).unwrap().into()).unwrap();
        assert_eq!(object.instance.sop_class.as_str(), dicomdir::SOP_CLASS);
        lists.push(dicomdir::listing(&object.dataset).files);
    }
    assert_eq!(lists[0], lists[1]);
    assert_eq!(lists[0], lists[2]);
    assert!(lists[0].len() > 20);
    for id in &lists[0] {
        assert!(id.iter().fold(root.clone(), |path, part| path.join(part)).is_file(), "{id:?}");
    }
}

#[test]
fn a_file_id_that_leads_out_of_the_medium_is_not_listed() {
    let record = |id: &str| {
        let inner = text((4, 0x1500), "CS", id);
        implicit((0xfffe, 0xe000), u32::try_from(inner.len()).unwrap(), &inner)
    };
    let ids = ["A\\B.DCM", "..\\etc", "A\\..\\B", "/etc/passwd", "C:", "A\\\\B", "a/b c.dcm;1", ".", "../x"];
    let items: Vec<u8> = ids.iter().flat_map(|id| record(id)).collect();
    let directory = long((4, 0x1220), "SQ", u32::try_from(items.len()).unwrap(), &items);
    let (dataset, _) = part10::read_dataset(&file(EXPLICIT, &directory).into()).unwrap();
    let listing = dicomdir::listing(&dataset);
    assert_eq!(listing.files, [["A", "B.DCM"], ["a", "b c.dcm;1"]]);
    assert_eq!(listing.elsewhere, 7);
}

#[test]
fn nothing_of_the_patient_is_in_debug_output() {
    let Some(bytes) = data::read("charset/chrH31.dcm") else { return };
    let (object, warnings) = part10::read(bytes.into()).unwrap();
    let printed = format!("{object:?} {:?} {warnings:?}", object.instance);
    assert!(!printed.contains("Yamada") && !printed.contains("山田"), "{printed}");
}
