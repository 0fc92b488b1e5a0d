//! Streams spelt out: the standard's own example, others put together from it, and what must be refused.

use super::decode;
use crate::dicom::codec::fault::Fault;
use crate::dicom::codec::geometry::Geometry;
use crate::dicom::pixel::Photometric;
use crate::dicom::{PixelFormat, Samples};

/// T.87 H.3: four lines of four samples.
const IMAGE: [u8; 16] = [0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145];
/// Their entropy-coded data.
const DATA: &[u8] =
    b"\xC0\x00\x00\x6C\x80\x20\x8E\x01\xC0\x00\x00\x57\x40\x00\x00\x6E\xE6\x00\x00\x01\xBC\x18\
    \x00\x00\x05\xD8\x00\x00\x91\x60";

/// A made-up colour image of three lines of four pixels, in the three ways.
const COLOUR: [u8; 36] = [
    0, 200, 0, 10, 200, 0, 20, 40, 0, 30, 40, 0, 1, 200, 7, 11, 200, 7, 21, 40, 7, 31, 40, 7, 2, 200, 14, 12,
    200, 14, 22, 40, 14, 32, 40, 14,
];
const BY_LINE: &[u8] =
    b"\x83\x87\x24\x00\x0E\x80\x00\x00\x37\xD0\xBF\x69\xA4\x92\xDC\xCA\xD5\x34\x8D\x55\x80";
const BY_SAMPLE: &[u8] =
    b"\x40\x00\x00\x2D\xD0\x02\x49\x0E\x00\x00\x03\x7D\x24\xC2\xBA\x09\xA6\x49\x9B\xD6\xE3\x55\
    \x55\x4F\x80";
const BY_SAMPLE_HP1: &[u8] =
    b"\x00\x00\x01\x8E\x6F\x27\x87\xAA\x00\x00\x01\xAB\x02\x11\x02\xAC\x08\x1A\x00\xAC\
    \x92\x4D\x26\x86\xB5\x54\xA0";

const EOI: &[u8] = &[0xFF, 0xD9];

/// SOI and the frame header.
fn start(precision: u8, [rows, columns]: [u8; 2], components: u8) -> Vec<u8> {
    let mut bytes =
        vec![0xFF, 0xD8, 0xFF, 0xF7, 0, 8 + 3 * components, precision, 0, rows, 0, columns, components];
    (1..=components).for_each(|id| bytes.extend([id, 0x11, 0]));
    bytes
}

/// A marker segment.
fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xFF, marker, 0, body.len() as u8 + 2], body].concat()
}

/// A scan header of components from 1 without mapping tables.
fn scan(components: &[u8], near: u8, interleave: u8) -> Vec<u8> {
    let mut body = vec![components.len() as u8];
    components.iter().for_each(|&id| body.extend([id, 0]));
    body.extend([near, interleave, 0]);
    segment(0xDA, &body)
}

/// The standard's example with other segments between its frame header and its scan.
fn example_with(segments: &[u8]) -> Vec<u8> {
    [&start(8, [4, 4], 1), segments, &scan(&[1], 0, 0), DATA, EOI].concat()
}

fn format([rows, columns]: [u32; 2], samples_per_pixel: u16) -> PixelFormat {
    PixelFormat {
        rows,
        columns,
        frames: 1,
        samples_per_pixel,
        bits_allocated: 8,
        bits_stored: 8,
        high_bit: 7,
        signed: false,
        photometric: if samples_per_pixel == 1 { Photometric::Monochrome2 } else { Photometric::Rgb },
        planar: false,
        float: false,
    }
}

fn samples(format: &PixelFormat, bytes: &[u8]) -> Result<Samples, Fault> {
    decode(format, &Geometry::check(format).unwrap(), bytes).map(|frame| frame.samples)
}

/// Samples of four by four grey pixels.
fn grey(bytes: &[u8]) -> Result<Samples, Fault> {
    samples(&format([4, 4], 1), bytes)
}

#[test]
fn the_standards_example_is_decoded_with_whatever_stands_around_its_scan() {
    for (label, segments) in [
        ("nothing", vec![]),
        ("fill bytes", vec![0xFF, 0xFF]),
        ("a SPIFF header", segment(0xE8, b"SPIFF\0\x02\0")),
        ("a comment", segment(0xFE, b"\xFF\xDA\xFF\xF7")),
        ("the default presets", segment(0xF8, &[1, 0, 255, 0, 3, 0, 7, 0, 21, 0, 64])),
        ("presets of zero", segment(0xF8, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("no restart", segment(0xDD, &[0, 0])),
        ("a restart behind the last line", segment(0xDD, &[0, 0, 4])),
        ("no colour transform", segment(0xE8, b"mrfx\0")),
    ] {
        assert_eq!(grey(&example_with(&segments)), Ok(Samples::U8(IMAGE.to_vec())), "{label}");
    }
    let signed = PixelFormat { signed: true, ..format([4, 4], 1) };
    let two_s_complement = IMAGE.map(|value| value as i8).to_vec();
    assert_eq!(samples(&signed, &example_with(&[])), Ok(Samples::I8(two_s_complement)));
}

#[test]
fn a_missing_end_marker_is_forgiven_and_missing_data_are_not() {
    let whole = example_with(&[]);
    for end in [&[][..], &[0], &[0, 0, 0], &[0xFF]] {
        let bytes = [&whole[..whole.len() - 2], end].concat();
        assert_eq!(grey(&bytes), Ok(Samples::U8(IMAGE.to_vec())), "{end:x?} at the end");
    }
    let data_end = whole.len() - 2;
    for length in 0..data_end {
        let outcome = grey(&whole[..length]);
        assert!(matches!(outcome, Err(Fault::Damaged(_))), "{length} of {data_end} bytes: {outcome:?}");
        let padded = grey(&[&whole[..length], EOI].concat());
        assert!(padded.is_err(), "{length} bytes and an end: {padded:?}");
    }
}

#[test]
fn components_are_decoded_from_scans_of_their_own_by_line_and_by_sample() {
    let all = [1, 2, 3];
    for (data, interleave) in [(BY_LINE, 1), (BY_SAMPLE, 2)] {
        let bytes = [&start(8, [3, 4], 3), &scan(&all, 0, interleave), data, EOI].concat();
        assert_eq!(samples(&format([3, 4], 3), &bytes), Ok(Samples::U8(COLOUR.to_vec())), "{interleave}");
    }
    let transform = segment(0xE8, b"mrfx\x01");
    let bytes = [&start(8, [3, 4], 3), &transform, &scan(&all, 0, 2), BY_SAMPLE_HP1, EOI].concat();
    assert_eq!(samples(&format([3, 4], 3), &bytes), Ok(Samples::U8(COLOUR.to_vec())));

    let scans: Vec<u8> = [3, 1, 2].iter().flat_map(|&id| [&scan(&[id], 0, 0), DATA].concat()).collect();
    let bytes = [&start(8, [4, 4], 3), &scans[..], EOI].concat();
    let thrice = IMAGE.iter().flat_map(|&value| [value; 3]).collect();
    assert_eq!(samples(&format([4, 4], 3), &bytes), Ok(Samples::U8(thrice)));
}

#[test]
fn a_restart_marker_begins_anew() {
    let tall = format([12, 4], 1);
    let coded = |interval: u8, markers: [u8; 2]| {
        let [first, second] = markers.map(|number| [0xFF, 0xD0 + number]);
        let intervals = [DATA, &first, DATA, &second, DATA, EOI].concat();
        [&start(8, [12, 4], 1), &segment(0xDD, &[0, interval])[..], &scan(&[1], 0, 0), &intervals].concat()
    };
    assert_eq!(samples(&tall, &coded(4, [0, 1])), Ok(Samples::U8(IMAGE.repeat(3))));
    for (interval, markers) in [(4, [1, 2]), (4, [0, 0]), (3, [0, 1]), (6, [0, 1]), (0, [0, 1])] {
        let outcome = samples(&tall, &coded(interval, markers));
        assert!(matches!(outcome, Err(Fault::Damaged(_))), "{interval} {markers:?}: {outcome:?}");
    }
}

#[test]
fn a_greatest_value_is_read_as_its_encoder_meant_or_refused() {
    let preset = |most: u8| segment(0xF8, &[1, 0, most, 0, 3, 0, 7, 0, 21, 0, 64]);
    // As CharLS writes it: everything but the thresholds from the eight bits.
    for most in 205..255 {
        assert_eq!(grey(&example_with(&preset(most))), Ok(Samples::U8(IMAGE.to_vec())), "{most}");
    }
    // A single sample of 171, whose code is a sample with both ranges.
    let one = |most: u8| {
        [&start(8, [1, 1], 1), &preset(most)[..], &scan(&[1], 0, 0), b"\0\0\x01\xA7", EOI].concat()
    };
    assert_eq!(samples(&format([1, 1], 1), &one(255)), Ok(Samples::U8(vec![171])));
    for most in 172..255 {
        let outcome = samples(&format([1, 1], 1), &one(most));
        assert!(
            matches!(&outcome, Err(Fault::Pixels(what)) if what.contains("in two ways")),
            "{most}: {outcome:?}"
        );
    }
}

#[test]
fn what_is_not_decoded_is_refused_by_name() {
    let mut sampled = example_with(&[]);
    sampled[13] = 0x21;
    let of_scan = |body: &[u8]| [&start(8, [4, 4], 1), &segment(0xDA, body)[..], DATA, EOI].concat();
    for (name, bytes) in [
        ("mapping table", example_with(&segment(0xF8, &[2, 1, 1, 0, 1, 2, 3]))),
        ("mapping table", of_scan(&[1, 1, 9, 0, 0, 0])),
        ("point transform", of_scan(&[1, 1, 0, 0, 0, 2])),
        ("size in a preset", example_with(&segment(0xF8, &[4, 2, 0, 4, 0, 4]))),
        ("preset parameters of type 9", example_with(&segment(0xF8, &[9, 1]))),
        ("colour transform 4", example_with(&segment(0xE8, b"mrfx\x04"))),
        ("colour transform that does not fit", example_with(&segment(0xE8, b"mrfx\x01"))),
        ("subsampled", sampled),
    ] {
        let outcome = grey(&bytes);
        assert!(matches!(&outcome, Err(Fault::Pixels(what)) if what.contains(name)), "{name}: {outcome:?}");
    }
}

#[test]
fn streams_that_break_the_rules_are_damaged() {
    let of_scans = |scans: &[u8]| [&start(8, [4, 4], 1), scans].concat();
    let mut off_by_a_bit = example_with(&[]);
    off_by_a_bit[30] ^= 1;
    for (label, bytes) in [
        ("no scan", [&start(8, [4, 4], 1), EOI].concat()),
        ("two frame headers", example_with(&start(8, [4, 4], 1)[2..])),
        ("a scan of another component", of_scans(&[&scan(&[2], 0, 0), DATA].concat())),
        ("a component twice", of_scans(&[&scan(&[1, 1], 0, 1), DATA].concat())),
        ("interleaved without need", of_scans(&[&scan(&[1], 0, 3), DATA].concat())),
        ("a NEAR beyond half the range", of_scans(&[&scan(&[1], 128, 0), DATA].concat())),
        ("data left over", of_scans(&[&scan(&[1], 0, 0), DATA, DATA, EOI].concat())),
        ("thresholds out of order", example_with(&segment(0xF8, &[1, 0, 255, 0, 7, 0, 3, 0, 21, 0, 64]))),
        ("a wrong bit", off_by_a_bit),
        ("one bit a sample", [&start(1, [4, 4], 1), &scan(&[1], 0, 0), DATA, EOI].concat()),
    ] {
        let outcome = grey(&bytes);
        assert!(matches!(outcome, Err(Fault::Damaged(_))), "{label}: {outcome:?}");
    }
    let larger = grey(&[&start(8, [5, 4], 1), &scan(&[1], 0, 0), DATA, EOI].concat());
    assert!(matches!(larger, Err(Fault::Contradicts { what: "rows", .. })), "{larger:?}");
}
