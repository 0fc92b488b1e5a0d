//! Every way in which PS3.5 8.1 lets a sample lie in its cell, native, deflated and in RLE.

use bytes::Bytes;
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, DicomError, PixelData, PixelFormat, Samples, Uid, codec};

use super::cases::{LITTLE_ENDIAN, RLE, encapsulated, grey, rle_frame};

/// Numbers without pattern, the same in every run.
fn numbers(count: usize) -> Vec<u64> {
    let next =
        |n: &u64| Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(7), next).skip(1).map(|n| n ^ n >> 29).take(count).collect()
}

fn native(format: &PixelFormat, bytes: Vec<u8>, big_endian: bool) -> Result<DecodedFrame, DicomError> {
    let pixels = PixelData::Native { value: Bytes::from(bytes), big_endian };
    codec::decode(format, &Uid::parse(LITTLE_ENDIAN).unwrap(), &pixels, 0)
}

/// The bits that belong to a sample, as a number.
fn sample(cell: u64, format: &PixelFormat) -> f64 {
    let (stored, high) = (u32::from(format.bits_stored), u32::from(format.high_bit));
    let bits = (u128::from(cell) >> (high + 1 - stored)) & ((1_u128 << stored) - 1);
    if format.signed && bits >> (stored - 1) == 1 {
        bits as f64 - (1_u128 << stored) as f64
    } else {
        bits as f64
    }
}

#[test]
fn a_sample_is_its_bits_wherever_they_lie_in_the_cell() {
    let mut faults = Vec::new();
    for allocated in [8_u16, 16, 32, 64] {
        let cell_bytes = usize::from(allocated / 8);
        // 53 bits are what a double holds.
        let depths: Vec<u16> = (1..=allocated.min(53)).collect();
        for (&bits_stored, signed) in depths.iter().flat_map(|depth| [(depth, false), (depth, true)]) {
            for high_bit in [bits_stored - 1, (bits_stored - 1 + allocated) / 2, allocated - 1] {
                let format = PixelFormat { bits_stored, high_bit, signed, ..grey(3, 4, allocated) };
                let cells = numbers(12);
                let little: Vec<u8> =
                    cells.iter().flat_map(|cell| cell.to_le_bytes().into_iter().take(cell_bytes)).collect();
                let big: Vec<u8> = cells
                    .iter()
                    .flat_map(|cell| cell.to_le_bytes().into_iter().take(cell_bytes).rev())
                    .collect();
                let outcomes = [
                    native(&format, little.clone(), false),
                    // Bytes have no order of their own (PS3.5 8.1.1).
                    native(&format, big, allocated > 8),
                    encapsulated(&format, "1.2.840.10008.1.2.1.98", &little),
                ];
                for (way, outcome) in ["little", "big", "fragment"].iter().zip(outcomes) {
                    let right = outcome.as_ref().is_ok_and(|frame| {
                        cells
                            .iter()
                            .enumerate()
                            .all(|(i, cell)| frame.samples.get(i) == sample(*cell, &format))
                    });
                    if !right {
                        faults.push(format!(
                            "{allocated} {bits_stored} {high_bit} {signed}, {way}: {outcome:?}"
                        ));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults, first {}", faults.len(), faults[0]);
}

#[test]
fn integers_that_no_double_holds_are_refused_and_not_rounded() {
    for (number, good) in [(1_u64 << 53, true), ((1 << 53) + 1, false), (u64::MAX, false)] {
        let outcome = native(&grey(1, 1, 64), number.to_le_bytes().to_vec(), false);
        assert_eq!(outcome.is_ok(), good, "{number}: {outcome:?}");
    }
    let least = PixelFormat { signed: true, ..grey(1, 1, 64) };
    assert_eq!(native(&least, vec![0xFF; 8], false).unwrap().samples, Samples::F64(vec![-1.0]));
}

/// Bits of frames of an odd number of pixels: without gaps where native, from a byte on in RLE and when deflated.
#[test]
fn one_bit_samples_cross_bytes_natively_and_begin_with_a_byte_elsewhere() {
    for (rows, columns, frames) in [(1, 1, 9), (3, 5, 7), (7, 9, 3), (1, 13, 5), (8, 8, 2), (5, 33, 4)] {
        let pixels = (rows * columns) as usize;
        let bits: Vec<u8> = numbers(pixels * frames as usize).iter().map(|n| (n >> 40 & 1) as u8).collect();
        let pack = |bits: &[u8]| -> Vec<u8> {
            bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | bit)).collect()
        };
        let format = PixelFormat { frames, ..grey(rows, columns, 1) };
        let mut packed = pack(&bits);
        packed.resize(packed.len().next_multiple_of(2), 0);
        let turned = packed.chunks(2).flat_map(|word| [word[1], word[0]]).collect::<Vec<u8>>();
        let little = PixelData::Native { value: packed.into(), big_endian: false };
        let big = PixelData::Native { value: turned.into(), big_endian: true };
        let of_frames = |coded: &dyn Fn(Vec<u8>) -> Vec<u8>| PixelData::Encapsulated {
            offsets: Vec::new(),
            fragments: bits.chunks(pixels).map(|frame| coded(pack(frame)).into()).collect(),
        };
        let rle = of_frames(&|plane| rle_frame(&[plane]));
        let alone = of_frames(&|plane| plane);
        for (uid, pixel_data) in
            [(LITTLE_ENDIAN, &little), (LITTLE_ENDIAN, &big), (RLE, &rle), ("1.2.840.10008.1.2.1.98", &alone)]
        {
            for (number, expected) in bits.chunks(pixels).enumerate() {
                let frame = codec::decode(&format, &Uid::parse(uid).unwrap(), pixel_data, number as u32);
                let label = format!("{rows} x {columns}, frame {number} of {frames}, {uid}");
                assert_eq!(frame.expect(&label).samples, Samples::U8(expected.to_vec()), "{label}");
            }
        }
    }
}

#[test]
fn layouts_that_nothing_here_reads_are_refused_by_name() {
    let colour = |photometric: &str, bits: u16| PixelFormat {
        samples_per_pixel: 3,
        photometric: Photometric::parse(photometric),
        ..grey(2, 2, bits)
    };
    for (format, name) in [
        (colour("YBR_PARTIAL_422", 8), "YBR_PARTIAL_422"),
        (colour("YBR_PARTIAL_420", 8), "YBR_PARTIAL_420"),
        (PixelFormat { planar: true, ..colour("YBR_FULL_422", 8) }, "YBR_FULL_422"),
        (PixelFormat { columns: 3, ..colour("YBR_FULL_422", 8) }, "YBR_FULL_422"),
        (colour("RGB", 64), "64-bit colour"),
        (colour("RGB", 1), "1-bit colour"),
        (grey(2, 2, 12), "12 bits allocated"),
        (grey(2, 2, 24), "24 bits allocated"),
    ] {
        match native(&format, vec![0; 96], false) {
            Err(DicomError::UnsupportedPixels { what }) => assert!(what.contains(name), "{what}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}
