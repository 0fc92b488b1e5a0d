//! Bytes that were not written by an encoder, or not to the end (robustness F4, F5, F6, F8).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dokuei::dicom::{DecodedFrame, DicomError, PixelData, PixelFormat, Uid, codec};

use super::cases::{JPEG_2000, JPEG_2000_PART_2, JPEG_BASELINE, LITTLE_ENDIAN, RLE, encapsulated, grey};

/// Small real frames of every coding.
const SMALL: [&str; 14] = [
    "transfer-syntax/MR_small_RLE.dcm",
    "transfer-syntax/SC_rgb_rle_16bit.dcm",
    "transfer-syntax/SC_rgb_small_odd_jpeg.dcm",
    "transfer-syntax/SC_rgb_jpeg_dcmtk.dcm",
    "transfer-syntax/SC_rgb_dcmtk_+eb+cy+n1.dcm",
    "transfer-syntax/JPEGBaseline_1s_1f_u_08_08.dcm",
    "transfer-syntax/SC_rgb_jpeg_gdcm.dcm",
    "modality/GH184.dcm",
    "transfer-syntax/MR_small_jp2klossless.dcm",
    "transfer-syntax/SC_rgb_gdcm_KY.dcm",
    "transfer-syntax/MR_small_jpeg_ls_lossless.dcm",
    "transfer-syntax/JPEGLSNearLossless_16.dcm",
    "transfer-syntax/SC_rgb_jls_lossy_line.dcm",
    "transfer-syntax/SC_rgb_jls_lossy_sample.dcm",
];

/// Larger real frames of codings of which there is no small one: fewer copies of these are damaged.
const LARGE: [&str; 5] = [
    "transfer-syntax/CT1_JPH",
    "transfer-syntax/VL1_JPH",
    "transfer-syntax/synthetic/examples_rgb_JXL_110.dcm",
    "transfer-syntax/synthetic/examples_rgb_JXL_112.dcm",
    "transfer-syntax/liver_deflate.dcm",
];

/// A small real frame: format, transfer syntax and its bytes, which must decode.
fn small(path: &str) -> Option<(PixelFormat, Uid, Vec<u8>, DecodedFrame)> {
    let (format, transfer_syntax, pixels) = super::open(path)?;
    let PixelData::Encapsulated { fragments, .. } = &pixels else { panic!("{path} is encapsulated") };
    let format = PixelFormat { frames: 1, ..format };
    let bytes = fragments[0].to_vec();
    let decoded = encapsulated(&format, transfer_syntax.as_str(), &bytes).unwrap();
    Some((format, transfer_syntax, bytes, decoded))
}

/// Numbers that are the same in every run (xorshift).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    /// Cuts, flips, overwrites, inserts or removes, once or a few times, in the header more often than not.
    fn mutate(&mut self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        for _ in 0..=self.below(3) {
            let within = if self.below(2) == 0 { bytes.len().min(120) } else { bytes.len() };
            let at = self.below(within);
            let length = self.below(40).min(bytes.len() - at.min(bytes.len()));
            match self.below(6) {
                0 => bytes.truncate(self.below(bytes.len())),
                1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 if at < bytes.len() => bytes[at] = self.below(256) as u8,
                3 => bytes[at..at + length].fill([0x00, 0xFF][self.below(2)]),
                4 => drop(bytes.drain(at..at + length)),
                _ => {
                    let copy = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        bytes
    }
}

/// Decodes; a panic, or twice more than ten seconds (a busy machine may stand still once), fail the test and leave
/// the bytes at fault in a file.
fn survive(label: &str, format: &PixelFormat, uid: &str, bytes: &[u8]) -> Result<DecodedFrame, DicomError> {
    let blame = |what: &str| -> ! {
        let file = std::env::temp_dir().join("dokuei-hostile-frame");
        std::fs::write(&file, bytes).unwrap();
        panic!("{label} {what} on the {} bytes in {}", bytes.len(), file.display())
    };
    for _ in 0..2 {
        let begin = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| encapsulated(format, uid, bytes)));
        let outcome = outcome.unwrap_or_else(|_| blame("panics"));
        if begin.elapsed() < Duration::from_secs(10) {
            return outcome;
        }
    }
    blame("takes more than ten seconds")
}

#[test]
fn thousands_of_damaged_frames_end_in_samples_or_an_error() {
    let small_ones = SMALL.map(|path| (path, 1000));
    for (seed, (path, copies)) in (1..).zip(small_ones.into_iter().chain(LARGE.map(|path| (path, 100)))) {
        let Some((format, transfer_syntax, bytes, _)) = small(path) else { continue };
        let mut numbers = Seeded(0x9E37_79B9_7F4A_7C15_u64.rotate_left(seed));
        for _ in 0..copies {
            let damaged = numbers.mutate(&bytes);
            if let Ok(frame) = survive(path, &format, transfer_syntax.as_str(), &damaged) {
                assert_eq!(frame.samples.len() as u64, format.samples_per_frame(), "{path}");
            }
        }
    }
}

#[test]
fn a_frame_cut_short_is_whole_or_an_error_but_never_partly_blank() {
    let small_ones = SMALL.map(|path| (path, 200));
    for (path, steps) in small_ones.into_iter().chain(LARGE.map(|path| (path, 25))) {
        let Some((format, transfer_syntax, bytes, whole)) = small(path) else { continue };
        for step in 0..steps {
            let cut = &bytes[..bytes.len() * step / steps];
            // Padding, or an end marker put back, must not hide that data is missing.
            for end in [&[][..], &[0, 0], &[0xFF, 0xD9]] {
                if let Ok(frame) = survive(path, &format, transfer_syntax.as_str(), &[cut, end].concat()) {
                    assert!(frame == whole, "{path} cut to {} of {} bytes", cut.len(), bytes.len());
                }
            }
        }
    }
}

/// A JPEG stream of headers only: SOI, DQT, SOF, DHT, SOS, EOI.
fn jpeg_claiming(process: u8, precision: u8, rows: u16, columns: u16, components: u8) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    bytes.extend([1; 64]);
    bytes.extend([0xFF, 0xC0 + process, 0, 8 + 3 * components, precision]);
    bytes.extend(rows.to_be_bytes());
    bytes.extend(columns.to_be_bytes());
    bytes.push(components);
    (1..=components).for_each(|id| bytes.extend([id, 0x11, 0]));
    for class in [0x00, 0x10] {
        bytes.extend([0xFF, 0xC4, 0, 20, class, 1]);
        bytes.extend([0; 16]);
    }
    bytes.extend([0xFF, 0xDA, 0, 6 + 2 * components, components]);
    (1..=components).for_each(|id| bytes.extend([id, 0]));
    bytes.extend([0, 63, 0, 0x55, 0x55, 0xFF, 0xD9]);
    bytes
}

#[test]
fn jpeg_headers_that_contradict_the_data_set_are_refused_before_decoding() {
    for (label, bytes) in [
        ("empty", vec![]),
        ("start and end only", vec![0xFF, 0xD8, 0xFF, 0xD9]),
        ("garbage", b"not a code stream at all".to_vec()),
        ("huge", jpeg_claiming(0, 8, 65_500, 65_500, 1)),
        ("huge lossless", jpeg_claiming(3, 16, 65_500, 65_500, 1)),
        ("no lines", jpeg_claiming(0, 8, 0, 4, 1)),
        ("no columns", jpeg_claiming(3, 8, 4, 0, 1)),
        ("swapped sides", jpeg_claiming(0, 8, 8, 4, 1)),
        ("colour in grey", jpeg_claiming(0, 8, 4, 8, 3)),
        ("no components", jpeg_claiming(0, 8, 4, 8, 0)),
        ("too little data", jpeg_claiming(0, 8, 4, 8, 1)),
        ("too little progressive data", jpeg_claiming(2, 8, 4, 8, 1)),
        ("16 bits in 8", jpeg_claiming(3, 16, 4, 8, 1)),
    ] {
        let outcome = survive(label, &grey(4, 8, 8), JPEG_BASELINE, &bytes);
        assert!(matches!(outcome, Err(DicomError::Codestream { .. })), "{label}: {outcome:?}");
    }
    for (process, precision, cause) in [
        (9, 8, "arithmetic"),
        (11, 8, "arithmetic"),
        (5, 8, "hierarchical"),
        (7, 8, "hierarchical"),
        (1, 10, "bits"),
    ] {
        let outcome =
            survive("process", &grey(4, 8, 16), JPEG_BASELINE, &jpeg_claiming(process, precision, 4, 8, 1));
        let refused = matches!(&outcome, Err(DicomError::UnsupportedPixels { what }) if what.contains(cause));
        assert!(refused, "SOF{process} with {precision} bits: {outcome:?}");
    }
}

/// Changes `bytes` at `offset` behind the first `mark`.
fn patched(bytes: &[u8], mark: &[u8], offset: usize, with: &[u8]) -> Vec<u8> {
    let at = bytes.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len() + offset;
    let mut bytes = bytes.to_vec();
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}

#[test]
fn jpeg_2000_headers_that_contradict_the_data_set_or_cost_too_much_are_refused() {
    let Some((format, transfer_syntax, good, _)) = small("transfer-syntax/MR_small_jp2klossless.dcm") else {
        return;
    };
    let siz = |offset, with: &[u8]| patched(&good, &[0xFF, 0x51], offset, with);
    // Behind the marker: length, Rsiz at 2, Xsiz at 4, Ysiz at 8, tile sides at 20 and 24, components at 36.
    let enormous = [0x7F, 0xFF, 0xFF, 0xFF].repeat(2);
    let long_sides = 60_000_u32.to_be_bytes().repeat(2);
    for (label, bytes) in [
        ("2^31 - 1 a side", siz(4, &enormous)),
        ("60000 a side", siz(4, &long_sides)),
        ("tiles of one pixel", siz(20, &1_u32.to_be_bytes().repeat(2))),
        ("tiles of no pixel", siz(20, &[0; 8])),
        ("smaller tiles", siz(20, &32_u32.to_be_bytes().repeat(2))),
        ("16000 components", siz(36, &16_000_u16.to_be_bytes())),
        ("38 bits", siz(38, &[37])),
        ("subsampled", siz(39, &[2])),
        ("an image beyond its grid", siz(12, &[0xFF; 8])),
        ("a tile number out of range", patched(&good, &[0xFF, 0x90], 2, &[0, 9])),
        ("a tile-part longer than the stream", patched(&good, &[0xFF, 0x90], 4, &[0x7F, 0, 0, 0])),
        (
            "a last tile-part without an end",
            patched(&good, &[0xFF, 0x90], 4, &[0; 4])[..good.len() * 3 / 4].to_vec(),
        ),
        ("no tile-part", good[..good.windows(2).position(|pair| pair == [0xFF, 0x90]).unwrap()].to_vec()),
        ("colours in a grey image", patched(&good, &[0xFF, 0x52], 2, &[0xFF])),
    ] {
        let outcome = survive(label, &format, transfer_syntax.as_str(), &bytes);
        let refused =
            matches!(outcome, Err(DicomError::Codestream { .. } | DicomError::UnsupportedPixels { .. }));
        assert!(refused, "{label}: {outcome:?}");
    }
    let open_ended = patched(&good, &[0xFF, 0x90], 4, &[0; 4]);
    assert!(
        survive("a last tile-part up to the end", &format, transfer_syntax.as_str(), &open_ended).is_ok()
    );
    // The data set may be as hostile as the stream.
    let huge = PixelFormat { rows: 60_000, columns: 60_000, ..format.clone() };
    let outcome = survive("both huge", &huge, JPEG_2000, &siz(4, &long_sides));
    assert!(outcome.is_err());
    let extended = survive("Part 2", &format, JPEG_2000_PART_2, &siz(2, &[0x80, 0]));
    assert!(matches!(extended, Err(DicomError::UnsupportedTransferSyntax { .. })));
}

#[test]
fn htj2k_headers_that_contradict_the_data_set_or_cost_too_much_are_refused() {
    let Some((format, transfer_syntax, good, whole)) = small("transfer-syntax/CT1_JPH") else { return };
    let siz = |offset, with: &[u8]| patched(&good, &[0xFF, 0x51], offset, with);
    let cod = |offset, with: &[u8]| patched(&good, &[0xFF, 0x52], offset, with);
    let first_tile_part = good.windows(2).position(|pair| pair == [0xFF, 0x90]).unwrap();
    let with_segment = |marker: u8| {
        let mut bytes = good.clone();
        bytes.splice(first_tile_part..first_tile_part, [0xFF, marker, 0, 9, 0, 0, 0, 1, 1, 1, 0]);
        bytes
    };
    // COD behind its marker: length, Scod at 2, progression at 3, layers at 4, transform at 6, levels at 7, block
    // sides at 8 and 9, block style at 10.
    for (label, bytes) in [
        ("2^31 - 1 a side", siz(4, &[0x7F, 0xFF, 0xFF, 0xFF].repeat(2))),
        ("tiles of one pixel", siz(20, &1_u32.to_be_bytes().repeat(2))),
        ("16000 components", siz(36, &16_000_u16.to_be_bytes())),
        ("38 bits", siz(38, &[37])),
        ("65535 layers of fine precincts", {
            let mut bytes = cod(4, &[0xFF, 0xFF]);
            let style = bytes.windows(2).position(|pair| pair == [0xFF, 0x52]).unwrap();
            let levels = usize::from(bytes[style + 2 + 7]);
            let old = usize::from(bytes[style + 3]);
            bytes[style + 4] |= 1;
            bytes[style + 3] = (12 + levels + 1) as u8;
            bytes.splice(style + 2 + 12..style + 2 + old, vec![0x44; levels + 1]);
            bytes
        }),
        ("both kinds of blocks", cod(10, &[0xC0])),
        ("parts unknown", patched(&good, &[0xFF, 0x50], 2, &[0xFF; 4])),
        ("a progression change", with_segment(0x5F)),
        ("packet headers apart", with_segment(0x60)),
        ("a tile-part longer than the stream", patched(&good, &[0xFF, 0x90], 4, &[0x7F, 0, 0, 0])),
        ("no tile-part", good[..first_tile_part].to_vec()),
    ] {
        assert!(survive(label, &format, transfer_syntax.as_str(), &bytes).is_err(), "{label}");
    }
    // Without a length the last tile-part reaches to the end: whole it is read, and cut it is not padded.
    let parts: Vec<usize> =
        (0..good.len() - 1).filter(|at| good[*at..].starts_with(&[0xFF, 0x90, 0, 10, 0, 0])).collect();
    let last = *parts.last().unwrap();
    let mut open_ended = good.clone();
    open_ended[last + 6..last + 10].fill(0);
    let outcome = survive("up to the end", &format, transfer_syntax.as_str(), &open_ended);
    assert!(outcome.is_ok_and(|frame| frame == whole));
    for eighths in 1..8 {
        let kept = last + (good.len() - last) * eighths / 8;
        let cut = [&open_ended[..kept], &[0xFF, 0xD9][..]].concat();
        assert!(survive("open and cut", &format, transfer_syntax.as_str(), &cut).is_err(), "{eighths}/8");
    }
    // Whole tile-parts may be missing too.
    assert_eq!(parts.len(), 4);
    for end in &parts[1..] {
        let cut = [&good[..*end], &[0xFF, 0xD9][..]].concat();
        assert!(survive("fewer parts", &format, transfer_syntax.as_str(), &cut).is_err(), "{end}");
    }
}

/// Bits of a JPEG XL header, the lowest of each byte first.
fn jxl_header(fields: &[(u64, u32)]) -> Vec<u8> {
    let (mut bytes, mut count) = (vec![0xFF, 0x0A], 0);
    for bit in fields.iter().flat_map(|(value, width)| (0..*width).map(move |place| value >> place & 1)) {
        if count % 8 == 0 {
            bytes.push(0);
        }
        let last = bytes.len() - 1;
        bytes[last] |= (bit as u8) << (count % 8);
        count += 1;
    }
    bytes.extend([0; 64]);
    bytes
}

#[test]
fn jpeg_xl_headers_that_contradict_the_data_set_are_refused() {
    const LOSSLESS: &str = "1.2.840.10008.1.2.4.110";
    // Not small; rows - 1 in 9 bits; no ratio; columns - 1 in 9 bits.
    let sides = |rows: u64, columns: u64| [(0, 1), (0, 2), (rows - 1, 9), (0, 3), (0, 2), (columns - 1, 9)];
    let with = |rest: &[(u64, u32)]| jxl_header(&[&sides(4, 8)[..], rest].concat());
    // Of the metadata: all default, extra fields, float, depth of 8, in 16 bits, no extra channels, no XYB.
    let plain = [(0, 1), (0, 1), (0, 1), (0, 2), (1, 1), (0, 2), (0, 1)];
    for (label, bytes) in [
        ("nothing", vec![0xFF, 0x0A]),
        ("2^30 a side", jxl_header(&[(0, 1), (3, 2), ((1 << 30) - 1, 30), (1, 3)])),
        ("swapped sides", jxl_header(&[&sides(8, 4)[..], &plain].concat())),
        ("sides by ratio", jxl_header(&[&[(0, 1), (0, 2), (3, 9), (1, 3)][..], &plain].concat())),
        ("a preview", with(&[(0, 1), (1, 1), (0, 3), (0, 1), (1, 1), (0, 1)])),
        ("an animation", with(&[(0, 1), (1, 1), (0, 3), (0, 1), (0, 1), (1, 1)])),
        ("float samples", with(&[(0, 1), (0, 1), (1, 1)])),
        ("64 bits", with(&[(0, 1), (0, 1), (0, 1), (3, 2), (63, 6)])),
        ("extra channels", with(&[(0, 1), (0, 1), (0, 1), (0, 2), (1, 1), (3, 2), (4095, 12)])),
        ("colour in grey", with(&[(1, 1)])),
        ("nothing behind the header", with(&plain)),
        ("an empty container", b"\0\0\0\x0CJXL \r\n\x87\n".to_vec()),
        ("a box beyond the end", b"\0\0\0\x0CJXL \r\n\x87\n\x7F\xFF\xFF\xFFjxlc\xFF\x0A".to_vec()),
        ("a box shorter than its head", b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x07jxlc\xFF\x0A".to_vec()),
    ] {
        assert!(survive(label, &grey(4, 8, 8), LOSSLESS, &bytes).is_err(), "{label}");
    }
}

#[test]
fn rle_headers_that_lie_are_refused() {
    let frame = |fields: &[u32], data: &[u8]| {
        let mut fields = fields.to_vec();
        fields.resize(16, 0);
        let mut bytes: Vec<u8> = fields.iter().flat_map(|field| field.to_le_bytes()).collect();
        bytes.extend(data);
        bytes
    };
    let run = [0xF1_u8, 7];
    assert!(encapsulated(&grey(4, 4, 8), RLE, &frame(&[1, 64], &run)).is_ok());
    for (label, bytes) in [
        ("nothing", vec![]),
        ("four bytes", vec![1, 0, 0, 0]),
        ("no segments", frame(&[0, 64], &run)),
        ("99 segments", frame(&[99, 64], &run)),
        ("2 * 10^8 segments", frame(&[200_000_000, 64], &run)),
        ("2^32 - 2 segments", frame(&[0xFFFF_FFFE, 64], &run)),
        ("offset zero", frame(&[1, 0], &run)),
        ("offset out of range", frame(&[1, 6400], &run)),
        ("no data", frame(&[1, 64], &[])),
        ("literal overrun", frame(&[1, 64], &[15, 1, 2])),
        ("run without its byte", frame(&[1, 64], &[0xF1])),
        ("too short", frame(&[1, 64], &[0xF2, 7])),
    ] {
        let outcome = survive(label, &grey(4, 4, 8), RLE, &bytes);
        assert!(matches!(outcome, Err(DicomError::Codestream { .. })), "{label}: {outcome:?}");
    }
    for (label, fields) in [("reversed", [2, 66, 64]), ("equal", [2, 64, 64]), ("one of two", [1, 64, 0])] {
        let outcome = survive(label, &grey(4, 4, 16), RLE, &frame(&fields, &run.repeat(2)));
        assert!(matches!(outcome, Err(DicomError::Codestream { .. })), "{label}: {outcome:?}");
    }
    let outcome = survive("huge", &grey(65_535, 65_535, 8), RLE, &frame(&[1, 64], &run));
    assert!(outcome.is_err(), "four bytes cannot fill four thousand million");
}

#[test]
fn more_frames_than_fragments_is_an_error_at_once_for_every_frame() {
    let format = PixelFormat { frames: 1_000_000, ..grey(4, 4, 8) };
    let pixels = PixelData::Encapsulated {
        offsets: vec![0; 1_000_000],
        fragments: vec![Bytes::from_static(&[0; 80])],
    };
    for frame in [0, 1, 999_999] {
        let outcome = codec::decode(&format, &Uid::parse(RLE).unwrap(), &pixels, frame);
        assert!(matches!(outcome, Err(DicomError::Codestream { .. })), "{outcome:?}");
    }
    let outcome = codec::decode(&format, &Uid::parse(RLE).unwrap(), &pixels, 1_000_000);
    assert_eq!(outcome, Err(DicomError::NoSuchFrame { frame: 1_000_000, frames: 1_000_000 }));
}

#[test]
fn image_pixel_modules_that_make_no_sense_are_refused() {
    let good = grey(4, 4, 16);
    for (label, format) in [
        ("no rows", PixelFormat { rows: 0, ..good.clone() }),
        ("70000 columns", PixelFormat { columns: 70_000, ..good.clone() }),
        ("no samples", PixelFormat { samples_per_pixel: 0, ..good.clone() }),
        ("two samples", PixelFormat { samples_per_pixel: 2, ..good.clone() }),
        ("255 samples", PixelFormat { samples_per_pixel: 255, ..good.clone() }),
        ("no bits allocated", PixelFormat { bits_allocated: 0, ..good.clone() }),
        ("7 bits allocated", PixelFormat { bits_allocated: 7, ..good.clone() }),
        ("12 bits allocated", PixelFormat { bits_allocated: 12, ..good.clone() }),
        ("65535 bits allocated", PixelFormat { bits_allocated: 65_535, ..good.clone() }),
        ("no bits stored", PixelFormat { bits_stored: 0, ..good.clone() }),
        ("17 bits stored", PixelFormat { bits_stored: 17, ..good.clone() }),
        ("high bit below the sample", PixelFormat { bits_stored: 12, high_bit: 3, ..good.clone() }),
        ("high bit above the cell", PixelFormat { high_bit: 65_535, ..good.clone() }),
        ("float with 16 bits", PixelFormat { float: true, ..good.clone() }),
        ("one-bit colour", PixelFormat { samples_per_pixel: 3, ..grey(4, 4, 1) }),
    ] {
        let value = Bytes::from(vec![0; 4096]);
        let native = PixelData::Native { value: value.clone(), big_endian: false };
        let fragments = PixelData::Encapsulated { offsets: Vec::new(), fragments: vec![value] };
        for (uid, pixels) in [(LITTLE_ENDIAN, &native), (RLE, &fragments), (JPEG_2000, &fragments)] {
            let outcome = codec::decode(&format, &Uid::parse(uid).unwrap(), pixels, 0);
            assert!(matches!(outcome, Err(DicomError::UnsupportedPixels { .. })), "{label}: {outcome:?}");
        }
    }
}

#[test]
fn codings_that_are_not_decoded_are_named() {
    for (uid, extension) in [
        ("1.2.840.10008.1.2.4.100", "mpg"),
        ("1.2.840.10008.1.2.4.102", "mp4"),
        ("1.2.840.10008.1.2.4.103.1", "mp4"),
        ("1.2.840.10008.1.2.4.108", "mp4"),
    ] {
        let outcome = encapsulated(&grey(4, 4, 8), uid, &[0; 100]);
        let named = |name: &str| !name.is_empty();
        assert!(
            matches!(&outcome, Err(DicomError::Video { name, extension: told }) if *told == extension && named(name)),
            "{uid}: {outcome:?}"
        );
    }
    let private = encapsulated(&grey(4, 4, 8), "1.2.3.4.5", &[0; 100]);
    assert!(matches!(private, Err(DicomError::UnsupportedTransferSyntax { .. })));
    let samples = encapsulated(&grey(4, 4, 8), JPEG_BASELINE, &[0; 100]);
    assert!(matches!(samples, Err(DicomError::Codestream { .. })));
}
