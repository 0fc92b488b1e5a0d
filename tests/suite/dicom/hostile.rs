//! Objects made to do harm end in an error, in time and in memory, and
//! values made to mislead are refused or marked (section 0.3).

mod answer;
mod broken;
mod case;
mod corpus;
mod cut;
mod frames;
mod geometry;
pub(super) mod meter;
mod streams;
mod structure;
mod words;

use std::io::Write;
use std::time::{Duration, Instant};

use dokuei::dicom::error::WarningCode;
use dokuei::dicom::instance::ModalityTransform;
use dokuei::dicom::part10::{self, Part10};
use dokuei::dicom::{DicomError, PixelData, Warning};
use proptest::prelude::*;

use super::build::{DEFLATED, EXPLICIT, IMPLICIT, RLE, file, identity, image, implicit, long, short, text};
use crate::data;

fn read(bytes: Vec<u8>) -> Result<(Part10, Vec<Warning>), DicomError> {
    let begun = Instant::now();
    let result = part10::read(bytes.into());
    assert!(begun.elapsed() < Duration::from_secs(10), "took {:?}", begun.elapsed());
    result
}

fn explicit(parts: &[Vec<u8>]) -> Vec<u8> {
    file(EXPLICIT, &[identity(""), parts.concat()].concat())
}

#[test]
fn a_length_beyond_the_file_is_an_error_and_costs_nothing() {
    let lies = [1 << 30, 2 << 30, 0xffff_fff0_u32];
    for length in lies {
        for vr in ["OB", "UT", "UN", "OW", "SQ", "UC", "ZZ"] {
            let result = read(explicit(&[long((0x9, 0x1010), vr, length, b"abc")]));
            assert!(
                matches!(result, Err(DicomError::Truncated { .. })),
                "{vr} {length:x}: {:?}",
                result.err()
            );
        }
        for element in [0x10, 0x08] {
            let result = read(explicit(&[long((0x7fe0, element), "OW", length, b"abc")]));
            assert!(matches!(result, Err(DicomError::Truncated { .. })), "{element:x} {length:x}");
        }
        let body = implicit((0x8, 0x16), length, b"1.2");
        assert!(read(file(IMPLICIT, &body)).is_err());
        let item = implicit((0xfffe, 0xe000), length, b"");
        let fragments = long((0x7fe0, 0x10), "OB", u32::MAX, &item);
        assert!(matches!(read(explicit(&[fragments])), Err(DicomError::Truncated { .. })));
    }
    let meta = [vec![0; 128], b"DICM".to_vec(), long((2, 1), "OB", 0xffff_fff0, b"")].concat();
    assert!(matches!(read(meta), Err(DicomError::Truncated { .. })));
}

#[test]
fn a_value_that_leaves_its_item_is_an_error() {
    let inner = text((0x8, 0x100), "SH", "CODE");
    let item = implicit((0xfffe, 0xe000), 6, &inner);
    let sequence = long((0x8, 0x1032), "SQ", u32::MAX, &item);
    let end = implicit((0xfffe, 0xe0dd), 0, b"");
    let result = read(explicit(&[sequence, end]));
    assert!(
        matches!(&result, Err(DicomError::Malformed { .. } | DicomError::Truncated { .. })),
        "{:?}",
        result.err()
    );
}

#[test]
fn sequences_nest_to_64_and_no_deeper() {
    let nested = |depth: usize, closed: bool| {
        let mut body = Vec::new();
        for _ in 0..depth {
            body.extend(long((0x40, 0xa730), "SQ", u32::MAX, &implicit((0xfffe, 0xe000), u32::MAX, b"")));
        }
        for _ in 0..if closed { depth } else { 0 } {
            body.extend(implicit((0xfffe, 0xe00d), 0, b""));
            body.extend(implicit((0xfffe, 0xe0dd), 0, b""));
        }
        explicit(&[body])
    };
    assert!(read(nested(64, true)).is_ok());
    for (depth, closed) in [(65, true), (500, true), (50_000, false), (50_000, true)] {
        let result = read(nested(depth, closed));
        assert!(matches!(result, Err(DicomError::Malformed { .. })), "{depth} {closed}");
    }
    assert!(matches!(read(nested(3, false)), Err(DicomError::Truncated { .. })), "unclosed");
}

#[test]
fn an_inflated_bomb_stops_at_200_times() {
    let deflate = |bytes: &[u8]| {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let small = [identity(""), long((0x9, 0x1010), "OB", 4000, &[7; 4000])].concat();
    assert!(read(file(DEFLATED, &deflate(&small))).is_ok());
    let length = 64 << 20;
    let bomb = [identity(""), long((0x9, 0x1010), "OB", length, &vec![0; length as usize])].concat();
    let result = read(file(DEFLATED, &deflate(&bomb)));
    assert!(matches!(result, Err(DicomError::Malformed { .. })), "{:?}", result.err());
    assert!(read(file(DEFLATED, b"\xff\xff\xff\xff")).is_err());
}

#[test]
fn an_image_that_contradicts_itself_is_refused() {
    let us = |element: u16, value: u16| short((0x28, element), "US", &value.to_le_bytes());
    let changes = [
        ("rows 0", us(0x10, 0)),
        ("columns 0", us(0x11, 0)),
        ("rows 65535", us(0x10, 65_535)),
        ("rows as text", text((0x28, 0x10), "LO", "four")),
        ("columns as 2^31", short((0x28, 0x11), "UL", &0x8000_0000_u32.to_le_bytes())),
        ("samples 0", us(2, 0)),
        ("samples 2", us(2, 2)),
        ("samples 255", us(2, 255)),
        ("samples 3 in grey", us(2, 3)),
        ("allocated 0", us(0x100, 0)),
        ("allocated 7", us(0x100, 7)),
        ("allocated 12", us(0x100, 12)),
        ("allocated 65535", us(0x100, 65_535)),
        ("stored 0", us(0x101, 0)),
        ("stored 17", us(0x101, 17)),
        ("high bit 3", us(0x102, 3)),
        ("high bit 65535", us(0x102, 65_535)),
        ("representation 2", us(0x103, 2)),
        ("frames 2^31-1", text((0x28, 8), "IS", "2147483647")),
        ("frames 2", text((0x28, 8), "IS", "2")),
        ("frames -1", text((0x28, 8), "IS", "-1")),
    ];
    assert!(read(explicit(&[image(&[])])).is_ok());
    for (what, change) in changes {
        let result = read(explicit(&[image(&[change])]));
        assert!(result.is_err(), "{what}");
    }
}

#[test]
fn fewer_fragments_than_frames_are_an_error() {
    let object = |frames: &str, fragments: usize| {
        let mut items = implicit((0xfffe, 0xe000), 0, b"");
        for _ in 0..fragments {
            items.extend(implicit((0xfffe, 0xe000), 4, &[0; 4]));
        }
        items.extend(implicit((0xfffe, 0xe0dd), 0, b""));
        let mut pixels = image(&[text((0x28, 8), "IS", frames)]);
        pixels.truncate(pixels.len() - 44);
        pixels.extend(long((0x7fe0, 0x10), "OB", u32::MAX, &items));
        read(file(RLE, &[identity(""), pixels].concat()))
    };
    let (whole, _) = object("3", 3).unwrap();
    assert!(matches!(whole.pixels, Some(PixelData::Encapsulated { fragments, .. }) if fragments.len() == 3));
    assert!(object("3", 1).is_err());
}

#[test]
fn a_broken_rescale_never_becomes_one_and_zero() {
    let ds = |element: u16, value: &str| text((0x28, element), "DS", value);
    let rescale = |slope: Option<&str>, intercept: Option<&str>| {
        let mut changes = Vec::new();
        changes.extend(intercept.map(|value| ds(0x1052, value)));
        changes.extend(slope.map(|value| ds(0x1053, value)));
        let (object, warnings) = read(explicit(&[image(&changes)])).unwrap();
        let broken = warnings.iter().any(|warning| warning.code == WarningCode::RescaleBroken);
        (object.instance.image.unwrap().frames[0].modality.clone(), broken)
    };
    for bad in ["abc", "NaN", "2,0", "1e999", "0", "inf", "1 2", "0x1"] {
        assert_eq!(rescale(Some(bad), Some("-1024")), (ModalityTransform::Broken, true), "slope {bad}");
    }
    for bad in ["-1024,0", "x", "NaN"] {
        assert_eq!(rescale(Some("1"), Some(bad)), (ModalityTransform::Broken, true), "intercept {bad}");
    }
    assert_eq!(rescale(Some("2"), None), (ModalityTransform::Broken, true));
    assert_eq!(rescale(None, Some("2")), (ModalityTransform::Broken, true));
    assert_eq!(rescale(None, None), (ModalityTransform::Identity, false));
    let good = ModalityTransform::Rescale { slope: 2.0, intercept: -1024.0, unit: String::new() };
    assert_eq!(rescale(Some(" 2.0"), Some("-1.024E3")), (good, false));
}

#[test]
fn an_orientation_that_is_no_plane_gives_none() {
    let plane = |cosines: &str| {
        let position = text((0x20, 0x32), "DS", "1\\2\\3");
        let orientation = text((0x20, 0x37), "DS", cosines);
        let (object, _) = read(explicit(&[position, orientation, image(&[])])).unwrap();
        object.instance.image.unwrap().frames[0].plane
    };
    assert!(plane("1\\0\\0\\0\\0\\-1").is_some());
    for bad in [
        "1\\0\\0\\1\\0\\0",
        "2\\0\\0\\0\\1\\0",
        "1\\0\\0\\0\\1",
        "0\\0\\0\\0\\0\\0",
        "1\\0\\0\\0,5\\1\\0",
        "NaN\\0\\0\\0\\1\\0",
    ] {
        assert_eq!(plane(bad), None, "{bad}");
    }
}

#[test]
fn random_bytes_never_panic_the_gate() {
    let config = ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bytes in proptest::collection::vec(any::<u8>(), 0..512))| {
        let _ = part10::read(bytes.clone().into());
        let _ = part10::read(file(EXPLICIT, &bytes).into());
        let _ = part10::read(file(IMPLICIT, &bytes).into());
    });
}

#[test]
fn mutated_real_files_never_panic_and_stay_fast() {
    let names = [
        "charset/chrH32.dcm",
        "modality/CT_small.dcm",
        "transfer-syntax/emri_small_RLE.dcm",
        "transfer-syntax/image_dfl.dcm",
        "objects/dicomdirtests/DICOMDIR",
        "broken/UN_sequence.dcm",
    ];
    let files: Vec<Vec<u8>> = names.iter().filter_map(|name| data::read(name)).collect();
    if files.is_empty() {
        return;
    }
    let config = ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() };
    // Half of the edits fall on the headers, where they do most.
    let edit = (any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    proptest!(config, |(which in 0..files.len(), edits in proptest::collection::vec(edit, 1..12))| {
        let mut bytes = files[which].clone();
        for (index, value, near) in edits {
            let limit = if near { bytes.len().min(2000) } else { bytes.len() };
            let at = index.index(limit);
            bytes[at] = value;
        }
        let begun = Instant::now();
        let _ = part10::read(bytes.into());
        prop_assert!(begun.elapsed() < Duration::from_secs(10));
    });
}
