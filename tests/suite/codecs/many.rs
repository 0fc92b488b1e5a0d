//! Objects of thousands of frames: each frame is cut and decoded without the others.

use bytes::Bytes;
use dokuei::dicom::{PixelData, PixelFormat, Samples, Uid, codec};

use super::cases::{JPEG_2000, LITTLE_ENDIAN, RLE, grey};

const FRAMES: u32 = 2000;

/// An RLE frame of 4 x 4 pixels, all of one value (PS3.5 annex G).
fn rle(value: u8) -> Vec<u8> {
    let mut frame = vec![0; 64];
    frame[0] = 1;
    frame[4] = 64;
    frame.extend([0xF1, value]);
    frame
}

fn value_of(frame: u32) -> u8 {
    (frame % 251) as u8
}

/// Frames in fragments of `parts` pieces each, and where each frame starts (PS3.5 A.4).
fn fragmented(parts: usize) -> (Vec<u64>, Vec<Bytes>) {
    let (mut offsets, mut fragments, mut at) = (Vec::new(), Vec::new(), 0);
    for frame in 0..FRAMES {
        offsets.push(at);
        let code = rle(value_of(frame));
        for piece in code.chunks(code.len().div_ceil(parts)) {
            at += 8 + piece.len() as u64;
            fragments.push(Bytes::copy_from_slice(piece));
        }
    }
    (offsets, fragments)
}

#[test]
fn any_frame_of_thousands_is_found_by_tables_or_by_fragments() {
    let format = PixelFormat { frames: FRAMES, ..grey(4, 4, 8) };
    let uid = Uid::parse(RLE).unwrap();
    for (parts, with_table) in [(1, false), (1, true), (3, true)] {
        let (offsets, fragments) = fragmented(parts);
        let offsets = if with_table { offsets } else { Vec::new() };
        let pixels = PixelData::Encapsulated { offsets, fragments };
        let index = codec::FrameIndex::of(&format, &pixels);
        for frame in [0, 1, 999, 1000, FRAMES - 1] {
            let decoded = codec::decode_indexed(&index, &format, &uid, &pixels, frame).unwrap();
            assert_eq!(decoded.samples, Samples::U8(vec![value_of(frame); 16]), "{parts} parts, {frame}");
        }
    }
    // Several fragments a frame and no table: nothing in RLE says where a frame starts.
    let pixels = PixelData::Encapsulated { offsets: Vec::new(), fragments: fragmented(3).1 };
    assert!(codec::decode(&format, &uid, &pixels, 0).is_err());
}

/// The frames that are not asked for are damaged beyond use: whoever touched them would fail.
#[test]
fn a_frame_is_decoded_though_all_others_are_damaged() {
    let wanted = 1234_usize;
    let (offsets, mut fragments) = fragmented(1);
    for (number, fragment) in fragments.iter_mut().enumerate() {
        if number != wanted {
            *fragment = Bytes::from(vec![0xFF; fragment.len()]);
        }
    }
    let format = PixelFormat { frames: FRAMES, ..grey(4, 4, 8) };
    let pixels = PixelData::Encapsulated { offsets, fragments };
    let decode = |frame| codec::decode(&format, &Uid::parse(RLE).unwrap(), &pixels, frame);
    assert_eq!(decode(wanted as u32).unwrap().samples, Samples::U8(vec![value_of(wanted as u32); 16]));
    assert!(decode(0).is_err());
}

#[test]
fn an_index_of_another_object_is_an_error_and_not_another_frame() {
    let many = PixelFormat { frames: FRAMES, ..grey(4, 4, 8) };
    let (offsets, fragments) = fragmented(3);
    let index = codec::FrameIndex::of(&many, &PixelData::Encapsulated { offsets, fragments });
    let few = PixelData::Encapsulated { offsets: Vec::new(), fragments: vec![Bytes::from(rle(1))] };
    let outcome = codec::decode_indexed(&index, &many, &Uid::parse(RLE).unwrap(), &few, FRAMES - 1);
    assert!(outcome.is_err());
}

#[test]
fn uncompressed_frames_in_fragments_and_deflated_ones_come_back() {
    let deflate = |bytes: &[u8]| {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    // Three pixels of one bit in each frame, which begins at a byte.
    let bits = PixelFormat { frames: 2, ..grey(1, 3, 1) };
    let words = PixelFormat { frames: 2, ..grey(1, 2, 16) };
    for (format, native, expected) in [
        (bits, [vec![0b101], vec![0b010]], Samples::U8(vec![0, 1, 0])),
        (words, [vec![1, 2, 3, 4], vec![5, 6, 7, 8]], Samples::U16(vec![0x0605, 0x0807])),
    ] {
        let deflated = native.each_ref().map(|frame| deflate(frame));
        for (uid, frames) in [("1.2.840.10008.1.2.1.98", &native), ("1.2.840.10008.1.2.8.1", &deflated)] {
            for padding in [0, 1] {
                let padded = frames.iter().map(|frame| [frame.as_slice(), &vec![0; padding]].concat());
                let fragments = padded.map(Bytes::from).collect();
                let pixels = PixelData::Encapsulated { offsets: Vec::new(), fragments };
                let outcome = codec::decode(&format, &Uid::parse(uid).unwrap(), &pixels, 1);
                // A byte too many makes an even number, or is one too many.
                let even = padding == 0 || frames[1].len() % 2 == 1 || uid.ends_with("8.1");
                assert_eq!(outcome.is_ok(), even, "{uid}: {outcome:?}");
                if let Ok(frame) = outcome {
                    assert_eq!(frame.samples, expected, "{uid}");
                }
            }
        }
    }
    // As many bytes as the data set says, neither less nor more.
    let format = grey(4, 4, 8);
    for length in [0, 15, 17, 18, 1 << 20] {
        let outcome =
            super::cases::encapsulated(&format, "1.2.840.10008.1.2.8.1", &deflate(&vec![0; length]));
        assert!(outcome.is_err(), "{length}");
    }
}

#[test]
fn the_last_native_frame_is_cut_where_it_lies() {
    let format = PixelFormat { frames: FRAMES, ..grey(1, 3, 1) };
    let value: Bytes = (0..FRAMES as usize * 3 / 8).map(|i| (i * 37) as u8).collect();
    let bit = |i: usize| value[i / 8] >> (i % 8) & 1;
    let pixels = PixelData::Native { value: value.clone(), big_endian: false };
    for frame in [0, 1, 2, 3, 1000, FRAMES - 1] {
        let decoded = codec::decode(&format, &Uid::parse(LITTLE_ENDIAN).unwrap(), &pixels, frame).unwrap();
        let first = frame as usize * 3;
        assert_eq!(decoded.samples, Samples::U8(vec![bit(first), bit(first + 1), bit(first + 2)]));
    }
}

#[test]
fn tables_that_contradict_the_fragments_cut_nothing() {
    let format = PixelFormat { frames: 2, ..grey(4, 4, 8) };
    let fragments: Vec<Bytes> = [&[0xFF, 0x4F][..], &[1; 4], &[2; 4]].map(Bytes::copy_from_slice).into();
    for offsets in [vec![0, 11], vec![0, 10, 22], vec![0, u64::MAX], vec![10, 22], vec![0]] {
        let pixels = PixelData::Encapsulated { offsets: offsets.clone(), fragments: fragments.clone() };
        let outcome = codec::decode(&format, &Uid::parse(JPEG_2000).unwrap(), &pixels, 1);
        let text = outcome.unwrap_err().to_string();
        assert!(text.contains("table") || text.contains("frames found"), "{offsets:?}: {text}");
    }
}
