//! F4 to F7: code streams whose headers lie, in an image that is right or that lies with them.

use super::case::{Case, End, case, encapsulated};
use crate::dicom::build::{RLE, short, text};

const BASELINE: &str = "1.2.840.10008.1.2.4.50";
const EXTENDED: &str = "1.2.840.10008.1.2.4.51";
const LOSSLESS: &str = "1.2.840.10008.1.2.4.70";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";
const HTJ2K: &str = "1.2.840.10008.1.2.4.201";
const JPEG_XL: &str = "1.2.840.10008.1.2.4.110";

pub(super) fn cases() -> Vec<Case> {
    [rle(), jpeg(), jpeg_2000(), others(), large()].into_iter().flatten().collect()
}

/// Elements of an image of other sides and 8 or 16 bits.
fn sized(rows: u16, columns: u16, bits: u16) -> Vec<Vec<u8>> {
    let us = |element: u16, value: u16| short((0x28, element), "US", &value.to_le_bytes());
    vec![us(0x10, rows), us(0x11, columns), us(0x100, bits), us(0x101, bits), us(0x102, bits - 1)]
}

/// An RLE frame: its header's sixteen numbers, then segments.
fn rle_frame(header: &[u32], segments: &[u8]) -> Vec<u8> {
    let mut fields = header.to_vec();
    fields.resize(16, 0);
    [fields.iter().flat_map(|field| field.to_le_bytes()).collect(), segments.to_vec()].concat()
}

/// F4. The image has 4 x 4 cells of 16 bits: two segments of 16 bytes.
fn rle() -> Vec<Case> {
    let run = [0xf1, 0];
    let good = [run, run].concat();
    let frames: Vec<(&str, Vec<u8>)> = vec![
        ("no segments", rle_frame(&[0], &good)),
        ("one segment", rle_frame(&[1, 64], &good)),
        ("three segments", rle_frame(&[3, 64, 66, 68], &good)),
        ("99 segments", rle_frame(&[99, 64, 66], &good)),
        ("2*10^8 segments", rle_frame(&[200_000_000, 64, 66], &good)),
        ("2^32-2 segments", rle_frame(&[0xffff_fffe, 64, 66], &good)),
        ("offsets 0", rle_frame(&[2, 0, 0], &good)),
        ("offsets reversed", rle_frame(&[2, 66, 64], &good)),
        ("offsets beyond the frame", rle_frame(&[2, 64, 0xffff_fff0], &good)),
        ("offsets in the header", rle_frame(&[2, 4, 8], &good)),
        ("offsets equal", rle_frame(&[2, 64, 64], &good)),
        ("a literal run beyond the frame", rle_frame(&[2, 64, 66], &[0xf1, 0, 0x7f, 1, 2])),
        ("a repeated run without its byte", rle_frame(&[2, 64, 66], &[0xf1, 0, 0xf1])),
        ("a plane that ends early", rle_frame(&[2, 64, 66], &[0xf1, 0, 0xf2, 0])),
        (
            "a million times nothing",
            rle_frame(&[2, 64, 66], &[vec![0xf1, 0], vec![0x80; 1_000_000]].concat()),
        ),
        ("four bytes", vec![2, 0, 0, 0]),
        ("no bytes", vec![]),
    ];
    let mut all: Vec<Case> = frames
        .into_iter()
        .map(|(name, frame)| {
            case("F4", format!("RLE with {name}"), End::Refused, move || {
                encapsulated(RLE, &[], std::slice::from_ref(&frame))
            })
        })
        .collect();
    all.push(case("F4", "RLE as it should be", End::Blank, move || {
        encapsulated(RLE, &[], &[rle_frame(&[2, 64, 66], &good)])
    }));
    all
}

/// A JPEG stream of headers and next to no data.
fn jpeg_stream(process: u8, precision: u8, rows: u16, columns: u16, components: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xdb, 0, 67, 0];
    bytes.extend([1; 64]);
    bytes.extend([0xff, 0xc0 + process, 0, 8 + 3 * components, precision]);
    bytes.extend([rows.to_be_bytes(), columns.to_be_bytes()].concat());
    bytes.push(components);
    (1..=components).for_each(|id| bytes.extend([id, 0x11, 0]));
    for class in [0x00, 0x10] {
        bytes.extend([0xff, 0xc4, 0, 20, class, 1]);
        bytes.extend([0; 16]);
    }
    bytes.extend([0xff, 0xda, 0, 6 + 2 * components, components]);
    (1..=components).for_each(|id| bytes.extend([id, 0]));
    let (start, end) = if process == 3 { (1, 0) } else { (0, 63) };
    bytes.extend([start, end, 0, 0x55, 0x55, 0xff, 0xd9]);
    bytes
}

/// F5.
fn jpeg() -> Vec<Case> {
    let marker = |code: u8, length: u16, fill: usize| {
        let mut bytes = vec![0xff, 0xd8, 0xff, code];
        bytes.extend(length.to_be_bytes());
        bytes.extend(vec![0; fill]);
        bytes
    };
    let streams: Vec<(&str, &str, Vec<u8>)> = vec![
        ("65500 x 65500", BASELINE, jpeg_stream(0, 8, 65_500, 65_500, 1)),
        ("65500 x 65500 lossless", LOSSLESS, jpeg_stream(3, 16, 65_500, 65_500, 1)),
        ("0 x 0", BASELINE, jpeg_stream(0, 8, 0, 0, 1)),
        ("0 rows and no DNL", BASELINE, jpeg_stream(0, 8, 0, 4, 1)),
        ("0 columns lossless", LOSSLESS, jpeg_stream(3, 8, 4, 0, 1)),
        ("swapped sides", BASELINE, jpeg_stream(0, 8, 16, 1, 1)),
        ("3 components in grey", BASELINE, jpeg_stream(0, 8, 4, 4, 3)),
        ("0 components", BASELINE, jpeg_stream(0, 8, 4, 4, 0)),
        ("80 components", BASELINE, jpeg_stream(0, 8, 4, 4, 80)),
        ("precision 0", LOSSLESS, jpeg_stream(3, 0, 4, 4, 1)),
        ("precision 17", LOSSLESS, jpeg_stream(3, 17, 4, 4, 1)),
        ("no data", LOSSLESS, jpeg_stream(3, 16, 4, 4, 1)),
        ("arithmetic coding", EXTENDED, jpeg_stream(9, 8, 4, 4, 1)),
        ("a hierarchical frame", EXTENDED, jpeg_stream(5, 8, 4, 4, 1)),
        ("start and end only", BASELINE, vec![0xff, 0xd8, 0xff, 0xd9]),
        ("start only", BASELINE, vec![0xff, 0xd8]),
        ("a text", BASELINE, b"not a code stream at all".to_vec()),
        ("a marker of length 0", BASELINE, marker(0xdb, 0, 40)),
        ("a marker of length 1", BASELINE, marker(0xc4, 1, 40)),
        ("a marker beyond the end", BASELINE, marker(0xdb, 65_535, 40)),
        ("a million fill bytes", BASELINE, [vec![0xff, 0xd8], vec![0xff; 1_000_000]].concat()),
        ("half a million starts", BASELINE, [0xff, 0xd8].repeat(500_000)),
        ("half a million restarts", BASELINE, {
            let mut stream = jpeg_stream(0, 8, 4, 4, 1);
            stream.truncate(stream.len() - 4);
            stream.extend([0xff, 0xd0].repeat(500_000));
            stream
        }),
        ("two frame headers", BASELINE, {
            let mut stream = jpeg_stream(0, 8, 4, 4, 1);
            let frame = jpeg_stream(0, 8, 60_000, 60_000, 1)[71..84].to_vec();
            stream.splice(84..84, frame);
            stream
        }),
        ("Huffman codes of 255 symbols each", BASELINE, {
            let mut stream = vec![0xff, 0xd8, 0xff, 0xc4, 0x10, 0x03, 0];
            stream.extend([255; 16]);
            stream.extend(vec![0; 4080]);
            stream
        }),
    ];
    streams
        .into_iter()
        .map(|(name, syntax, stream)| {
            case("F5", format!("JPEG with {name}"), End::Refused, move || {
                encapsulated(syntax, &[], std::slice::from_ref(&stream))
            })
        })
        .collect()
}

/// What the headers of a JPEG 2000 code stream say.
struct Siz {
    size: [u32; 2],
    origin: [u32; 2],
    tile: [u32; 2],
    components: u16,
    depth: u8,
    step: u8,
    levels: u8,
    layers: u16,
}

impl Siz {
    /// 4 x 4 cells of 16 bits in one tile.
    fn right() -> Self {
        Self {
            size: [4; 2],
            origin: [0; 2],
            tile: [4; 2],
            components: 1,
            depth: 15,
            step: 1,
            levels: 1,
            layers: 1,
        }
    }

    /// SOC, SIZ, COD, QCD, one tile part with `data`, EOC.
    fn stream(&self, high_throughput: bool, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0x4f, 0xff, 0x51];
        bytes.extend((38 + 3 * self.components.min(8000)).to_be_bytes());
        bytes.extend(if high_throughput { [0x40, 0] } else { [0, 0] });
        for pair in [self.size, self.origin, self.tile, [0, 0]] {
            bytes.extend(pair.iter().flat_map(|side| side.to_be_bytes()));
        }
        bytes.extend(self.components.to_be_bytes());
        for _ in 0..self.components.min(8000) {
            bytes.extend([self.depth, self.step, self.step]);
        }
        if high_throughput {
            bytes.extend([0xff, 0x50, 0, 8, 0, 2, 0, 0, 0, 0]);
        }
        bytes.extend([0xff, 0x52, 0, 12, 0, 0]);
        bytes.extend(self.layers.to_be_bytes());
        bytes.extend([0, self.levels, 4, 4, if high_throughput { 0x40 } else { 0 }, 1]);
        let steps = usize::from(self.levels) * 3 + 1;
        bytes.extend([0xff, 0x5c, 0, (3 + steps) as u8, 0x40]);
        bytes.extend(vec![0x80; steps]);
        bytes.extend([0xff, 0x90, 0, 10, 0, 0]);
        bytes.extend((14 + data.len() as u32).to_be_bytes());
        bytes.extend([0, 1, 0xff, 0x93]);
        bytes.extend(data);
        bytes.extend([0xff, 0xd9]);
        bytes
    }
}

/// F6.
fn jpeg_2000() -> Vec<Case> {
    let change = |change: fn(&mut Siz)| {
        let mut siz = Siz::right();
        change(&mut siz);
        siz
    };
    let headers: Vec<(&str, Siz)> = vec![
        ("2^31-1 a side", change(|s| s.size = [0x7fff_ffff; 2])),
        ("60000 a side", change(|s| (s.size, s.tile) = ([60_000; 2], [60_000; 2]))),
        ("60000 a side in tiles of 1", change(|s| (s.size, s.tile) = ([60_000; 2], [1; 2]))),
        ("no size", change(|s| s.size = [0; 2])),
        ("an origin beyond its size", change(|s| s.origin = [9; 2])),
        ("tiles of 0", change(|s| s.tile = [0; 2])),
        ("no components", change(|s| s.components = 0)),
        ("8000 components", change(|s| s.components = 8000)),
        ("16384 components", change(|s| s.components = 16_384)),
        ("38 bits", change(|s| s.depth = 37)),
        ("128 bits", change(|s| s.depth = 127)),
        ("steps of 0", change(|s| s.step = 0)),
        ("steps of 255", change(|s| s.step = 255)),
        ("33 decompositions", change(|s| s.levels = 33)),
        ("65535 layers", change(|s| s.layers = 65_535)),
        ("no layers", change(|s| s.layers = 0)),
        ("swapped sides", change(|s| (s.size, s.tile) = ([8, 2], [8, 2]))),
    ];
    let mut all = Vec::new();
    for (name, siz) in headers {
        for (syntax, high_throughput) in [(JPEG_2000, false), (HTJ2K, true)] {
            let stream = siz.stream(high_throughput, &[0; 40]);
            let kind = if high_throughput { "HTJ2K" } else { "JPEG 2000" };
            all.push(case("F6", format!("{kind} with {name}"), End::Refused, move || {
                encapsulated(syntax, &[], std::slice::from_ref(&stream))
            }));
        }
    }
    for (name, cut) in [("a start alone", 2), ("half a header", 30), ("headers alone", 77)] {
        let stream = Siz::right().stream(false, b"")[..cut].to_vec();
        all.push(case("F6", format!("JPEG 2000 of {name}"), End::Refused, move || {
            encapsulated(JPEG_2000, &[], std::slice::from_ref(&stream))
        }));
    }
    for (name, start) in [
        ("a box of length 2", &b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x02jp2c"[..]),
        ("a box of 2^64 bytes", b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x01jp2c\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("half a million boxes", b""),
    ] {
        all.push(case("F6", format!("JP2 with {name}"), End::Refused, move || {
            let boxes = if start.is_empty() { b"\0\0\0\x08free".repeat(120_000) } else { Vec::new() };
            let opening = if start.is_empty() { &b"\0\0\0\x0cjP  \r\n\x87\n"[..] } else { start };
            encapsulated(JPEG_2000, &[], &[[opening.to_vec(), boxes].concat()])
        }));
    }
    all
}

/// A JPEG-LS stream of headers and next to no data.
fn jpeg_ls_stream(precision: u8, rows: u16, columns: u16, components: u8, near: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xf7, 0, 8 + 3 * components, precision];
    bytes.extend([rows.to_be_bytes(), columns.to_be_bytes()].concat());
    bytes.push(components);
    (1..=components).for_each(|id| bytes.extend([id, 0x11, 0]));
    bytes.extend([0xff, 0xda, 0, 6 + 2 * components, components]);
    (1..=components).for_each(|id| bytes.extend([id, 0]));
    bytes.extend([near, 0, 0, 0x12, 0x34, 0xff, 0xd9]);
    bytes
}

/// F7.
fn others() -> Vec<Case> {
    let presets = |maximum: u16, threshold: u16, reset: u16| {
        let mut stream = jpeg_ls_stream(16, 4, 4, 1, 0);
        let fields = [maximum, threshold, threshold, threshold, reset].map(u16::to_be_bytes).concat();
        stream.splice(2..2, [vec![0xff, 0xf8, 0, 13, 1], fields].concat());
        stream
    };
    let streams: Vec<(&str, &str, Vec<u8>)> = vec![
        ("JPEG-LS of 65535 a side", JPEG_LS, jpeg_ls_stream(16, 65_535, 65_535, 1, 0)),
        ("JPEG-LS of 0 a side", JPEG_LS, jpeg_ls_stream(16, 0, 0, 1, 0)),
        ("JPEG-LS of 4 components", JPEG_LS, jpeg_ls_stream(16, 4, 4, 4, 0)),
        ("JPEG-LS of 0 bits", JPEG_LS, jpeg_ls_stream(0, 4, 4, 1, 0)),
        ("JPEG-LS of 17 bits", JPEG_LS, jpeg_ls_stream(17, 4, 4, 1, 0)),
        ("JPEG-LS that may lose everything", JPEG_LS, jpeg_ls_stream(2, 4, 4, 1, 255)),
        ("JPEG-LS with a greatest value of 0", JPEG_LS, presets(0, 0, 0)),
        ("JPEG-LS with thresholds beyond", JPEG_LS, presets(3, 65_535, 1)),
        ("JPEG-LS with a reset of 0", JPEG_LS, presets(65_535, 0, 2)),
        ("JPEG-LS cut short", JPEG_LS, jpeg_ls_stream(16, 4, 4, 1, 0)[..20].to_vec()),
        ("JPEG XL of two bytes", JPEG_XL, vec![0xff, 0x0a]),
        ("JPEG XL of ones", JPEG_XL, [vec![0xff, 0x0a], vec![0xff; 4000]].concat()),
        ("JPEG XL of zeros", JPEG_XL, [vec![0xff, 0x0a], vec![0; 4000]].concat()),
        ("a JPEG XL container of nothing", JPEG_XL, b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\0jxlc".to_vec()),
        ("a JPEG XL box of 2^64 bytes", JPEG_XL, {
            b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x01jxlp\xff\xff\xff\xff\xff\xff\xff\xff\x80\0\0\0".to_vec()
        }),
        ("zeros for JPEG-LS", JPEG_LS, vec![0; 1000]),
    ];
    streams
        .into_iter()
        .map(|(name, syntax, stream)| {
            case("F7", name, End::Refused, move || encapsulated(syntax, &[], std::slice::from_ref(&stream)))
        })
        .collect()
}

/// Images as large as the data set says, with next to no data behind: what a decoder would make room for.
fn large() -> Vec<Case> {
    let jpeg_2000 = |side: u32, high_throughput| {
        let siz = Siz { size: [side; 2], tile: [side; 2], levels: 5, ..Siz::right() };
        siz.stream(high_throughput, &[0; 100])
    };
    let mut all = Vec::new();
    for side in [2000_u16, 4000, 5700, 16_000, 40_000] {
        let streams: Vec<(&str, u16, Vec<u8>)> = vec![
            (BASELINE, 8, jpeg_stream(0, 8, side, side, 1)),
            (EXTENDED, 16, jpeg_stream(1, 12, side, side, 1)),
            (LOSSLESS, 16, jpeg_stream(3, 16, side, side, 1)),
            (JPEG_LS, 16, jpeg_ls_stream(16, side, side, 1, 0)),
            (JPEG_2000, 16, jpeg_2000(u32::from(side), false)),
            (HTJ2K, 16, jpeg_2000(u32::from(side), true)),
            (RLE, 8, rle_frame(&[1, 64], &[0x81, 0].repeat(2000))),
        ];
        for (syntax, bits, stream) in streams {
            all.push(case(
                "F6",
                format!("{syntax} of {side} a side in a few bytes"),
                End::Bounded,
                move || {
                    let mut changes = sized(side, side, bits);
                    changes.push(text((0x28, 4), "CS", "MONOCHROME2"));
                    encapsulated(syntax, &changes, std::slice::from_ref(&stream))
                },
            ));
        }
    }
    all
}
