//! The typed modules: frame by frame, tables with their quirks, what a spacing measures.

use dokuei::dicom::error::WarningCode;
use dokuei::dicom::instance::{ImageModule, ModalityTransform, SpacingSource, Voi};
use dokuei::dicom::{Warning, part10};

use super::build::{EXPLICIT, file, identity, image, implicit, long, short, text};
use crate::data;

fn read(parts: &[Vec<u8>]) -> (ImageModule, Vec<Warning>) {
    let body = [identity(""), parts.concat()].concat();
    let (object, warnings) = part10::read(file(EXPLICIT, &body).into()).unwrap();
    (object.instance.image.unwrap(), warnings)
}

fn sequence(tag: (u16, u16), items: &[Vec<u8>]) -> Vec<u8> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
    let items: Vec<u8> =
        items.iter().flat_map(|item| implicit((0xfffe, 0xe000), length(item), item)).collect();
    long(tag, "SQ", length(&items), &items)
}

fn us(tag: (u16, u16), values: &[u16]) -> Vec<u8> {
    short(tag, "US", &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

/// A functional group with a rescale in it.
fn rescale(intercept: &str) -> Vec<u8> {
    let item = [text((0x28, 0x1052), "DS", intercept), text((0x28, 0x1053), "DS", "2")].concat();
    sequence((0x28, 0x9145), &[item])
}

fn intercept(image: &ImageModule, frame: u32) -> Option<f64> {
    match image.frame(frame)?.modality {
        ModalityTransform::Rescale { intercept, .. } => Some(intercept),
        _ => None,
    }
}

/// Three frames of 4 x 4, with these functional groups.
fn multi_frame(shared: &[u8], per_frame: &[Vec<u8>]) -> (ImageModule, Vec<Warning>) {
    let mut pixels = image(&[text((0x28, 8), "IS", "3")]);
    pixels.truncate(pixels.len() - 44);
    read(&[
        pixels,
        sequence((0x5200, 0x9229), &[shared.to_vec()]),
        sequence((0x5200, 0x9230), per_frame),
        long((0x7fe0, 0x10), "OW", 96, &[0; 96]),
    ])
}

#[test]
fn a_frame_without_its_own_group_takes_the_shared_one_and_never_a_neighbours() {
    let (image, _) = multi_frame(&rescale("5"), &[rescale("-1"), vec![], rescale("-3")]);
    assert_eq!([0, 1, 2].map(|frame| intercept(&image, frame)), [Some(-1.0), Some(5.0), Some(-3.0)]);
    let (image, _) = multi_frame(&[], &[rescale("-1"), vec![], rescale("-3")]);
    assert_eq!([0, 1, 2].map(|frame| intercept(&image, frame)), [Some(-1.0), None, Some(-3.0)]);
}

#[test]
fn groups_that_are_not_one_a_frame_are_not_used() {
    let (image, warnings) = multi_frame(&rescale("5"), &[rescale("-1"), rescale("-3")]);
    assert_eq!(image.frame(0).unwrap().modality, ModalityTransform::Broken);
    assert!(warnings.iter().any(|warning| warning.code == WarningCode::RescaleBroken));
}

#[test]
fn enhanced_images_have_a_place_for_every_frame() {
    // Origins of the first and the last frame, as pydicom reads them.
    let cases = [
        ("modality/IM-0001-0170-0001.dcm", 100.293579101562, 91.8935394287109),
        ("modality/eCT_Supplemental.dcm", 99.5, 99.5),
        ("objects/dcmqi-23x38x3/mf.dcm", 46.4649, 46.4649),
    ];
    for (name, first, last) in cases {
        let Some(bytes) = data::read(name) else { continue };
        let image = part10::read(bytes.into()).unwrap().0.instance.image.unwrap();
        assert_eq!(image.frames.len(), image.format.frames as usize, "{name}");
        let x = |frame: u32| image.frame(frame).unwrap().plane.unwrap().origin_mm.x;
        assert_eq!((x(0), x(image.format.frames - 1)), (first, last), "{name}");
    }
}

#[test]
fn dose_frames_lie_at_their_grid_offsets() {
    let Some(bytes) = data::read("broken/badVR.dcm") else { return };
    let Some(whole) = data::read("transfer-syntax/rtdose_rle.dcm") else { return };
    // Number of Frames is `1A` in the first: one frame, and a warning.
    let (object, warnings) = part10::read(bytes.into()).unwrap();
    assert_eq!(object.instance.image.unwrap().format.frames, 1);
    assert!(warnings.contains(&Warning::new(WarningCode::BadValue, "(0028,0008)")));
    let image = part10::read(whole.into()).unwrap().0.instance.image.unwrap();
    let height = |n: u32| image.frame(n).unwrap().plane.unwrap().origin_mm.z;
    assert_eq!((image.frames.len(), height(1) - height(0), height(14) - height(0)), (15, 5.0, 70.0));
}

#[test]
fn lut_descriptors_mean_what_the_standard_says() {
    let table = |descriptor: [u16; 3], data: Vec<u8>, signed: u16| {
        let item = [
            us((0x28, 0x3002), &descriptor),
            long((0x28, 0x3006), "OW", u32::try_from(data.len()).unwrap(), &data),
        ]
        .concat();
        let (image, _) = read(&[image(&[us((0x28, 0x103), &[signed])]), sequence((0x28, 0x3000), &[item])]);
        image.frames[0].modality.clone()
    };
    let entries =
        |count: usize| (0..count).flat_map(|n| u16::try_from(n % 4096).unwrap().to_le_bytes()).collect();
    let first_and_length = |modality: &ModalityTransform| match modality {
        ModalityTransform::Table(table) => Some((table.first, table.entries.len())),
        _ => None,
    };
    assert_eq!(first_and_length(&table([0, 0, 16], entries(65_536), 0)), Some((0, 65_536)), "0 is 65536");
    assert_eq!(first_and_length(&table([4, 0xfffe, 12], entries(4), 1)), Some((-2, 4)), "signed");
    assert_eq!(first_and_length(&table([4, 0xfffe, 12], entries(4), 0)), Some((65_534, 4)), "unsigned");
    let packed = table([4, 0, 8], vec![9, 8, 7, 6], 0);
    assert!(
        matches!(&packed, ModalityTransform::Table(table) if table.entries == [9, 8, 7, 6]),
        "{packed:?}"
    );
    assert_eq!(table([100, 0, 12], entries(4), 0), ModalityTransform::Broken, "too few entries");
    assert_eq!(table([4, 0, 17], entries(4), 0), ModalityTransform::Broken, "17 bits");
}

#[test]
fn a_spacing_says_what_it_measures() {
    let spacing = |pixel: Option<&str>, imager: Option<&str>, calibration: Option<&str>| {
        let mut elements = Vec::new();
        elements.extend(imager.map(|value| text((0x18, 0x1164), "DS", value)));
        elements.extend(pixel.map(|value| text((0x28, 0x30), "DS", value)));
        elements.extend(calibration.map(|value| text((0x28, 0xa02), "CS", value)));
        elements.push(image(&[]));
        let (image, _) = read(&elements);
        image.frames[0].spacing.map(|s| (s.between_rows_mm, s.between_columns_mm, s.source))
    };
    use SpacingSource::{Calibrated, Detector, Patient};
    assert_eq!(spacing(Some("0.5\\0.4"), None, None), Some((0.5, 0.4, Patient)));
    assert_eq!(spacing(Some("0.5\\0.4"), None, Some("FIDUCIAL")), Some((0.5, 0.4, Calibrated)));
    assert_eq!(spacing(Some("0.4\\0.4"), Some("0.5\\0.5"), None), Some((0.4, 0.4, Calibrated)));
    assert_eq!(spacing(Some("0.5\\0.5"), Some("0.5\\0.5"), None), Some((0.5, 0.5, Detector)));
    assert_eq!(spacing(None, Some("0.5\\0.5"), None), Some((0.5, 0.5, Detector)));
    assert_eq!(spacing(Some("0.5\\0.5"), Some("0.5\\0.5"), Some("GEOMETRY")), Some((0.5, 0.5, Calibrated)));
    for bad in ["0\\0", "-1\\1", "0,5\\0,5", "1", "NaN\\1"] {
        assert_eq!(spacing(Some(bad), None, None), None, "{bad}");
    }
}

/// PS3.3 C.8.7.5, C.8.19.6.9: what a shadow covers in the patient is told only where the object says how.
#[test]
fn millimetres_of_projections_say_whether_they_are_the_patients() {
    use SpacingSource::{Detector, Magnified, Patient, Unstated};
    let spacing = |modality: &str, tag: (u16, u16), factor: Option<&str>| {
        let mut elements = vec![text((8, 0x60), "CS", modality), text(tag, "DS", "0.5\\0.4")];
        elements.extend(factor.map(|factor| text((0x18, 0x1114), "DS", factor)));
        elements.push(image(&[]));
        let (image, warnings) = read(&elements);
        let spacing = image.frames[0].spacing.unwrap();
        (
            spacing.between_rows_mm,
            spacing.source,
            warnings.iter().any(|w| w.code == WarningCode::Uncalibrated),
        )
    };
    let (pixel, imager) = ((0x28, 0x30), (0x18, 0x1164));
    assert_eq!(spacing("XA", imager, Some("1.25")), (0.4, Magnified, false));
    assert_eq!(spacing("MG", imager, Some("1")), (0.5, Magnified, false));
    for factor in [None, Some("0.8"), Some("0"), Some("1000"), Some("abc")] {
        assert_eq!(spacing("DX", imager, factor), (0.5, Detector, true), "{factor:?}");
    }
    assert_eq!(spacing("CR", pixel, None), (0.5, Unstated, true));
    assert_eq!(spacing("CT", pixel, None), (0.5, Patient, false));
    let quarter = [0.25_f32.to_le_bytes(), 0.25_f32.to_le_bytes()].concat();
    let beam = sequence((0x18, 0x9401), &[short((0x18, 0x9404), "FL", &quarter)]);
    let shared = sequence((0x5200, 0x9229), &[beam]);
    let (image, _) = read(&[text(imager, "DS", "0.5\\0.5"), image(&[]), shared]);
    let in_beam = image.frames[0].spacing.unwrap();
    assert_eq!((in_beam.between_rows_mm, in_beam.source), (0.25, Magnified));
}

#[test]
fn padding_is_signed_as_the_pixels_are_whatever_its_vr() {
    for (signed, value) in [(1, -2000.0), (0, 63_536.0)] {
        let padding = us((0x28, 0x120), &[63_536]);
        let (image, _) = read(&[image(&[us((0x28, 0x103), &[signed])]), padding]);
        assert_eq!(image.padding.unwrap().value, value);
    }
}

#[test]
fn ct_without_a_rescale_type_is_in_hounsfield_units() {
    let parts = |modality: &str| {
        let rescale = [text((0x28, 0x1052), "DS", "-1024"), text((0x28, 0x1053), "DS", "1")];
        read(&[text((8, 0x60), "CS", modality), image(&rescale)]).0.frames[0].modality.clone()
    };
    let unit = |modality: &str| match parts(modality) {
        ModalityTransform::Rescale { unit, .. } => unit,
        other => format!("{other:?}"),
    };
    assert_eq!((unit("CT").as_str(), unit("CR").as_str()), ("HU", ""));
}

#[test]
fn windows_narrower_than_the_function_allows_are_left_out() {
    let windows = |center: &str, width: &str, function: &str| {
        let (image, _) = read(&[image(&[
            text((0x28, 0x1050), "DS", center),
            text((0x28, 0x1051), "DS", width),
            text((0x28, 0x1056), "CS", function),
        ])]);
        image.frames[0].voi.iter().map(|voi| matches!(voi, Voi::Window { .. })).collect::<Vec<_>>()
    };
    assert_eq!(windows("40\\500", "400\\1500", ""), [true, true]);
    assert_eq!(windows("40\\500", "400\\0", "LINEAR"), [true]);
    assert_eq!(windows("40", "0.5", "LINEAR"), [] as [bool; 0]);
    assert_eq!(windows("40", "0.5", "LINEAR_EXACT"), [true]);
    assert_eq!(windows("40,5", "400", ""), [] as [bool; 0]);
    assert_eq!(windows("40\\500\\30,5", "400\\abc\\80", ""), [true], "one bad window leaves the others");
}

/// PS3.3 C.11.6, C.8.11.3.1.2.
#[test]
fn a_presentation_shape_that_is_none_or_contradicts_the_image_is_warned_about() {
    for (photometric, shape, inverse, warned) in [
        ("MONOCHROME2", "IDENTITY", false, false),
        ("MONOCHROME1", "INVERSE", true, false),
        ("MONOCHROME2", "INVERSE", true, true),
        ("MONOCHROME1", "IDENTITY", false, true),
        ("MONOCHROME2", "LIN OD", false, true),
    ] {
        let (image, warnings) =
            read(&[image(&[text((0x28, 4), "CS", photometric)]), text((0x2050, 0x20), "CS", shape)]);
        let found = warnings.iter().any(|w| w.code == WarningCode::BadValue && w.about == "(2050,0020)");
        assert_eq!((image.presentation_inverse, found), (inverse, warned), "{photometric} {shape}");
    }
}

/// ICC.1 section 7: a header that is right is not enough, the colours must be there.
#[test]
fn a_colour_profile_whose_tags_are_not_there_is_left_out_with_a_warning() {
    let profile = |tags: &[(&[u8; 4], u32, u32)]| {
        let mut bytes = vec![0; 128];
        bytes[16..20].copy_from_slice(b"RGB ");
        bytes[36..40].copy_from_slice(b"acsp");
        bytes.extend(u32::try_from(tags.len()).unwrap().to_be_bytes());
        for (name, offset, length) in tags {
            bytes.extend_from_slice(*name);
            bytes.extend([offset.to_be_bytes(), length.to_be_bytes()].concat());
        }
        bytes.resize(400, 0);
        bytes[..4].copy_from_slice(&400_u32.to_be_bytes());
        bytes
    };
    let names = [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"];
    let all = |length: u32| names.map(|name| (name, 300, length));
    for (what, bytes, usable) in [
        ("primaries and curves", profile(&all(20)), true),
        ("a table", profile(&[(b"A2B0", 300, 100)]), true),
        ("no tags", profile(&[]), false),
        ("a curve missing", profile(&all(20)[..5]), false),
        ("tags beyond the end", profile(&all(101)), false),
        ("tags in the header", profile(&[(b"A2B0", 4, 100)]), false),
    ] {
        let length = u32::try_from(bytes.len()).unwrap();
        let (image, warnings) = read(&[image(&[]), long((0x28, 0x2000), "OB", length, &bytes)]);
        let warned = warnings.iter().any(|w| w.code == WarningCode::BadValue && w.about == "(0028,2000)");
        assert_eq!((image.display.icc_profile.is_some(), warned), (usable, !usable), "{what}");
    }
}
