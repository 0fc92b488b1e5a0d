//! Layouts of native and RLE data for which no real file exists, spelt out.

use bytes::Bytes;
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, DicomError, PixelData, PixelFormat, Samples, Uid, codec};
use proptest::prelude::*;

pub(super) const LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";
pub(super) const RLE: &str = "1.2.840.10008.1.2.5";
pub(super) const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
pub(super) const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
pub(super) const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";
pub(super) const JPEG_2000_PART_2: &str = "1.2.840.10008.1.2.4.92";

/// Grey, unsigned, all bits stored.
pub(super) fn grey(rows: u32, columns: u32, bits_allocated: u16) -> PixelFormat {
    PixelFormat {
        rows,
        columns,
        frames: 1,
        samples_per_pixel: 1,
        bits_allocated,
        bits_stored: bits_allocated,
        high_bit: bits_allocated - 1,
        signed: false,
        photometric: Photometric::Monochrome2,
        planar: false,
        float: false,
    }
}

/// The same in colour.
pub(super) fn colour(rows: u32, columns: u32, bits_allocated: u16, photometric: Photometric) -> PixelFormat {
    PixelFormat { samples_per_pixel: 3, photometric, ..grey(rows, columns, bits_allocated) }
}

/// Decodes native bytes.
fn native(
    format: &PixelFormat,
    bytes: &[u8],
    big_endian: bool,
    frame: u32,
) -> Result<DecodedFrame, DicomError> {
    let pixels = PixelData::Native { value: Bytes::copy_from_slice(bytes), big_endian };
    codec::decode(format, &Uid::parse(LITTLE_ENDIAN).unwrap(), &pixels, frame)
}

/// Decodes one encapsulated frame in one fragment.
pub(super) fn encapsulated(
    format: &PixelFormat,
    uid: &str,
    bytes: &[u8],
) -> Result<DecodedFrame, DicomError> {
    let fragments = vec![Bytes::copy_from_slice(bytes)];
    let pixels = PixelData::Encapsulated { offsets: Vec::new(), fragments };
    codec::decode(format, &Uid::parse(uid).unwrap(), &pixels, 0)
}

#[test]
fn big_endian_words_are_turned_and_bytes_are_not() {
    let samples = |format: &PixelFormat, bytes: &[u8], big| native(format, bytes, big, 0).unwrap().samples;
    assert_eq!(samples(&grey(1, 2, 16), &[1, 2, 3, 4], true), Samples::U16(vec![0x0102, 0x0304]));
    assert_eq!(samples(&grey(1, 2, 16), &[1, 2, 3, 4], false), Samples::U16(vec![0x0201, 0x0403]));
    assert_eq!(samples(&grey(1, 1, 32), &[1, 2, 3, 4], true), Samples::U32(vec![0x0102_0304]));
    assert_eq!(samples(&grey(1, 3, 8), &[1, 2, 3, 4], false), Samples::U8(vec![1, 2, 3]));
    // 8 bits in OW: the second byte of a word is the first sample (PS3.5 annex D).
    assert_eq!(samples(&grey(1, 3, 8), &[2, 1, 4, 3], true), Samples::U8(vec![1, 2, 3]));
    let frames = PixelFormat { frames: 2, ..grey(1, 3, 8) };
    assert_eq!(native(&frames, &[2, 1, 4, 3, 6, 5], true, 1).unwrap().samples, Samples::U8(vec![4, 5, 6]));
}

#[test]
fn one_bit_frames_follow_each_other_without_padding() {
    let format = PixelFormat { frames: 3, ..grey(1, 5, 1) };
    let bytes = [0b0110_1101, 0b0101_0010];
    for (frame, expected) in [[1, 0, 1, 1, 0], [1, 1, 0, 0, 1], [0, 0, 1, 0, 1]].into_iter().enumerate() {
        let decoded = native(&format, &bytes, false, frame as u32).unwrap();
        assert_eq!(decoded.samples, Samples::U8(expected.to_vec()), "frame {frame}");
        let turned = native(&format, &[bytes[1], bytes[0]], true, frame as u32).unwrap();
        assert_eq!(turned.samples, decoded.samples);
    }
}

#[test]
fn colour_by_plane_becomes_colour_by_pixel() {
    let format = PixelFormat { planar: true, ..colour(1, 2, 16, Photometric::Rgb) };
    let decoded = native(&format, &[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0], false, 0).unwrap();
    assert_eq!(decoded.samples, Samples::U16(vec![1, 3, 5, 2, 4, 6]));
}

#[test]
fn shared_chrominance_is_given_to_both_pixels() {
    let format = PixelFormat { frames: 2, ..colour(1, 2, 8, Photometric::YbrFull422) };
    let decoded = native(&format, &[10, 11, 12, 13, 20, 21, 22, 23], false, 1).unwrap();
    assert_eq!(decoded.samples, Samples::U8(vec![20, 22, 23, 21, 22, 23]));
    assert_eq!(decoded.photometric, Photometric::YbrFull);
    let unshared = native(&format, &[0; 12], false, 0);
    assert!(unshared.is_err(), "as many bytes as without sharing would be drawn scrambled");
}

#[test]
fn float_samples_keep_every_bit() {
    let format = |bits| PixelFormat { float: true, ..grey(1, 2, bits) };
    let values = [1.5_f32, f32::MIN_POSITIVE];
    let (little, big) = (values.map(f32::to_le_bytes).concat(), values.map(f32::to_be_bytes).concat());
    assert_eq!(native(&format(32), &little, false, 0).unwrap().samples, Samples::F32(values.to_vec()));
    assert_eq!(native(&format(32), &big, true, 0).unwrap().samples, Samples::F32(values.to_vec()));
    let values = [-2.25_f64, f64::MAX];
    let (little, big) = (values.map(f64::to_le_bytes).concat(), values.map(f64::to_be_bytes).concat());
    assert_eq!(native(&format(64), &little, false, 0).unwrap().samples, Samples::F64(values.to_vec()));
    assert_eq!(native(&format(64), &big, true, 0).unwrap().samples, Samples::F64(values.to_vec()));
}

#[test]
fn a_frame_that_is_not_wholly_there_is_an_error_and_the_others_are_not() {
    let format = PixelFormat { frames: 2, ..grey(2, 2, 16) };
    assert!(native(&format, &[0; 15], false, 1).is_err());
    assert!(native(&format, &[0; 15], false, 0).is_ok());
    assert!(native(&PixelFormat { frames: u32::MAX, ..format }, &[0; 15], false, u32::MAX - 1).is_err());
    let missing = native(&grey(2, 2, 16), &[0; 8], false, 1);
    assert_eq!(missing, Err(DicomError::NoSuchFrame { frame: 1, frames: 1 }));
}

#[test]
fn native_bytes_under_a_compressed_transfer_syntax_are_believed_only_at_the_exact_length() {
    let decode = |length: usize| {
        let pixels = PixelData::Native { value: vec![0; length].into(), big_endian: false };
        codec::decode(&grey(3, 3, 8), &Uid::parse("1.2.840.10008.1.2.4.80").unwrap(), &pixels, 0)
    };
    for (length, good) in [(8, false), (9, true), (10, true), (12, false)] {
        assert_eq!(decode(length).is_ok(), good, "{length}");
    }
}

/// PackBits (PS3.5 G.3.1): runs of two and more, literals between them.
fn pack(plane: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    for run in plane.chunk_by(|a, b| a == b) {
        for part in run.chunks(128) {
            match part {
                [single] => packed.extend([0, *single]),
                _ => packed.extend([(257 - part.len()) as u8, part[0]]),
            }
        }
    }
    if packed.len() % 2 == 1 {
        packed.push(128);
    }
    packed
}

/// An RLE frame (PS3.5 annex G) of byte planes.
pub(super) fn rle_frame(planes: &[Vec<u8>]) -> Vec<u8> {
    let segments: Vec<Vec<u8>> = planes.iter().map(|plane| pack(plane)).collect();
    let mut fields = vec![segments.len() as u32];
    let mut at = 64;
    for segment in &segments {
        fields.push(at);
        at += segment.len() as u32;
    }
    fields.resize(16, 0);
    let mut frame: Vec<u8> = fields.iter().flat_map(|field| field.to_le_bytes()).collect();
    segments.iter().for_each(|segment| frame.extend(segment));
    frame
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rle_gives_back_what_was_packed(
        (rows, columns) in (1_u32..20, 1_u32..300),
        bytes in prop::sample::select(vec![1_usize, 2, 4]),
        three in any::<bool>(),
        seed in prop::collection::vec(0_u8..4, 1..50),
    ) {
        let samples = if three { 3 } else { 1 };
        let count = (rows * columns) as usize * samples;
        let values: Vec<u32> =
            (0..count).map(|i| (u32::from(seed[(i / 3) % seed.len()]) * 0x0101_0305) >> (32 - 8 * bytes)).collect();
        let planes: Vec<Vec<u8>> = (0..samples * bytes)
            .map(|p| (p / bytes, 8 * (bytes - 1 - p % bytes)))
            .map(|(sample, shift)| values.iter().skip(sample).step_by(samples).map(|v| (v >> shift) as u8).collect())
            .collect();
        let bits = 8 * bytes as u16;
        let format = if three { colour(rows, columns, bits, Photometric::Rgb) } else { grey(rows, columns, bits) };
        let decoded = encapsulated(&format, RLE, &rle_frame(&planes)).unwrap();
        prop_assert_eq!(decoded.samples.len(), count);
        prop_assert!(values.iter().enumerate().all(|(i, &v)| decoded.samples.get(i) == f64::from(v)));
    }
}
