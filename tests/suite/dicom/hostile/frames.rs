//! F8 and F9: frames against fragments, attributes by frame, and what inflates.

use super::case::{Case, End, case, encapsulated, explicit, fragments, item, item_end, sequence_end};
use crate::dicom::build::{DEFLATED, EXPLICIT, RLE, file, identity, image, long, short, text};

pub(super) fn cases() -> Vec<Case> {
    [fragment_games(), by_frame(), inflated()].into_iter().flatten().collect()
}

/// An RLE frame of 4 x 4 zeros of 16 bits.
fn frame() -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..12].copy_from_slice(&[2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0]);
    bytes.extend([0xf1, 0, 0xf1, 0]);
    bytes
}

fn frames(count: &str) -> Vec<u8> {
    text((0x28, 8), "IS", count)
}

/// RLE pixel data out of these items, the first of them the offset table.
fn with_items(count: &'static str, extended: &[u8], items: &[Vec<u8>]) -> Vec<u8> {
    let mut body = image(&[frames(count)]);
    body.truncate(body.len() - 44);
    if !extended.is_empty() {
        body.extend(long((0x7fe0, 1), "OV", extended.len() as u32, extended));
    }
    file(RLE, &[identity(""), body, fragments(items)].concat())
}

fn fragment_games() -> Vec<Case> {
    let table = |offsets: &[u32]| item(&offsets.iter().flat_map(|o| o.to_le_bytes()).collect::<Vec<_>>());
    let wide = |offsets: &[u64]| offsets.iter().flat_map(|o| o.to_le_bytes()).collect::<Vec<u8>>();
    let halves = || vec![item(&frame()[..40]), item(&frame()[40..])];
    let f8 = |name: &'static str, end, make: Box<dyn Fn() -> Vec<u8>>| case("F8", name, end, make);
    vec![
        f8(
            "2 frames in 1 fragment",
            End::Refused,
            Box::new(|| encapsulated(RLE, &[frames("2")], &[frame()])),
        ),
        f8(
            "10^6 frames in 1 fragment",
            End::Refused,
            Box::new(|| encapsulated(RLE, &[frames("1000000")], &[frame()])),
        ),
        f8(
            "2 frames in 2 fragments",
            End::Blank,
            Box::new(|| encapsulated(RLE, &[frames("2")], &[frame(), frame()])),
        ),
        f8(
            "1 frame in 2 fragments",
            End::Blank,
            Box::new(move || with_items("1", b"", &[vec![item(b"")], halves()].concat())),
        ),
        f8("no fragment", End::Refused, Box::new(|| encapsulated(RLE, &[], &[]))),
        f8("no item at all", End::Refused, Box::new(|| with_items("1", b"", &[]))),
        f8(
            "130000 empty fragments",
            End::Refused,
            Box::new(|| with_items("1", b"", &vec![item(b""); 130_000])),
        ),
        f8(
            "130000 frames in empty fragments",
            End::Refused,
            Box::new(|| with_items("130000", b"", &vec![item(b""); 130_001])),
        ),
        f8(
            "an offset beyond the end",
            End::Refused,
            Box::new(move || {
                with_items("2", b"", &[vec![table(&[0, 0xffff_0000])], halves(), halves()].concat())
            }),
        ),
        f8(
            "offsets backwards",
            End::Refused,
            Box::new(move || with_items("2", b"", &[vec![table(&[120, 0])], halves(), halves()].concat())),
        ),
        f8(
            "offsets amid a fragment",
            End::Refused,
            Box::new(move || with_items("2", b"", &[vec![table(&[0, 50])], halves(), halves()].concat())),
        ),
        f8(
            "an offset table of 3 bytes",
            End::Refused,
            Box::new(move || with_items("2", b"", &[vec![item(&[0, 0, 0])], halves(), halves()].concat())),
        ),
        f8(
            "an offset table of 260000 entries",
            End::Refused,
            Box::new(move || {
                let entries: Vec<u32> = (0..260_000).collect();
                with_items("2", b"", &[vec![table(&entries)], halves(), halves()].concat())
            }),
        ),
        f8(
            "an extended offset beyond the end",
            End::Refused,
            Box::new(move || {
                with_items("2", &wide(&[0, u64::MAX]), &[vec![item(b"")], halves(), halves()].concat())
            }),
        ),
        f8(
            "extended offsets that are right",
            End::Blank,
            Box::new(move || {
                with_items("2", &wide(&[0, 84]), &[vec![item(b"")], halves(), halves()].concat())
            }),
        ),
        f8(
            "a fragment that has no item header",
            End::Malformed("(7fe0,0010)"),
            Box::new(|| with_items("1", b"", &[item(b""), short((0x8, 0x60), "CS", b"CT")])),
        ),
        f8(
            "a fragment of undefined length",
            End::Malformed("(7fe0,0010)"),
            Box::new(|| {
                let open = crate::dicom::build::implicit((0xfffe, 0xe000), u32::MAX, b"");
                with_items("1", b"", &[item(b""), open])
            }),
        ),
        f8(
            "fragments without an end",
            End::Truncated("(7fe0,0010)"),
            Box::new(|| {
                let mut whole = encapsulated(RLE, &[], &[frame()]);
                whole.truncate(whole.len() - 8);
                whole
            }),
        ),
        f8(
            "fragments under a native syntax",
            End::Blank,
            Box::new(|| {
                let mut body = image(&[]);
                body.truncate(body.len() - 44);
                let icon =
                    item(&[text((0x28, 0x10), "LO", "x"), fragments(&[item(b""), item(b"abcd")])].concat());
                let icon = long((0x88, 0x200), "SQ", u32::MAX, &[icon, sequence_end()].concat());
                file(EXPLICIT, &[identity(""), icon, image(&[])].concat())
            }),
        ),
    ]
}

/// What stands once in the file and holds for every one of very many frames.
fn by_frame() -> Vec<Case> {
    let us = |element: u16, value: u16| short((0x28, element), "US", &value.to_le_bytes());
    let one_bit = move |count: usize, more: Vec<Vec<u8>>| {
        let mut changes = vec![us(0x10, 1), us(0x11, 1), us(0x100, 1), us(0x101, 1), us(0x102, 0)];
        changes.push(frames(&count.to_string()));
        changes.extend(more);
        let mut body = image(&changes);
        body.truncate(body.len() - 44);
        let bytes = count.div_ceil(16) * 2;
        body.extend(long((0x7fe0, 0x10), "OB", bytes as u32, &vec![0; bytes]));
        explicit(&[body])
    };
    let table = || {
        let lut = [
            short((0x28, 0x3002), "US", &[0, 0, 0, 0, 16, 0]),
            long((0x28, 0x3006), "OW", 131_072, &[0; 131_072]),
        ];
        long((0x28, 0x3010), "SQ", u32::MAX, &[item(&lut.concat()), sequence_end()].concat())
    };
    let many_items = |count: usize| {
        let items = item(b"").repeat(count);
        long((0x5200, 0x9230), "SQ", items.len() as u32, &items)
    };
    let shared = |group: (u16, u16), inner: Vec<u8>| {
        let group = long(group, "SQ", u32::MAX, &[item(&inner), sequence_end()].concat());
        let open = crate::dicom::build::implicit((0xfffe, 0xe000), u32::MAX, b"");
        long((0x5200, 0x9229), "SQ", u32::MAX, &[open, group, item_end(), sequence_end()].concat())
    };
    let mut all = vec![case("F8", "100000 frames, each with its item", End::Bounded, move || {
        one_bit(100_000, vec![many_items(100_000)])
    })];
    type Making = Box<dyn Fn() -> Vec<u8>>;
    let contents: Vec<(&str, Making)> = vec![
        ("one VOI LUT at the root", Box::new(table)),
        ("one VOI LUT that is shared", Box::new(move || shared((0x28, 0x9132), table()))),
        (
            "one long explanation",
            Box::new(move || {
                let long = "x".repeat(60_000);
                let window = [
                    text((0x28, 0x1050), "DS", "1"),
                    text((0x28, 0x1051), "DS", "2"),
                    text((0x28, 0x1055), "LO", &long),
                ];
                shared((0x28, 0x9132), window.concat())
            }),
        ),
        (
            "30000 windows",
            Box::new(move || {
                let ones = "1\\".repeat(30_000);
                shared(
                    (0x28, 0x9132),
                    [text((0x28, 0x1050), "DS", &ones), text((0x28, 0x1051), "DS", &ones)].concat(),
                )
            }),
        ),
        (
            "one long stack name",
            Box::new(move || shared((0x20, 0x9111), text((0x20, 0x9056), "SH", &"x".repeat(60_000)))),
        ),
        (
            "one long unit",
            Box::new(move || {
                let rescale = [
                    text((0x28, 0x1052), "DS", "1"),
                    text((0x28, 0x1053), "DS", "2"),
                    text((0x28, 0x1054), "LO", &"x".repeat(60_000)),
                ];
                shared((0x28, 0x9145), rescale.concat())
            }),
        ),
    ];
    for (name, content) in contents {
        all.push(case("F8", format!("90000 frames and {name}"), End::Bounded, move || {
            one_bit(90_000, vec![content(), many_items(90_000)])
        }));
    }
    all.push(case("F8", "400000 offsets of a dose grid and one VOI LUT", End::Bounded, move || {
        let offsets = "0\\".repeat(400_000);
        let vector = long((0x3004, 0xc), "UN", offsets.len() as u32, offsets.as_bytes());
        let place = [text((0x20, 0x32), "DS", "0\\0\\0"), text((0x20, 0x37), "DS", "1\\0\\0\\0\\1\\0")];
        one_bit(400_000, vec![place.concat(), table(), vector])
    }));
    all
}

/// A raw deflate stream of `head`, then `count` blocks of `block`, each compressed alone.
fn deflate(head: &[u8], block: &[u8], count: usize) -> Vec<u8> {
    let alone = |bytes: &[u8], last: bool| {
        let mut deflate = flate2::Compress::new(flate2::Compression::best(), false);
        let mut out = Vec::with_capacity(bytes.len() / 2 + 1000);
        let flush = if last { flate2::FlushCompress::Finish } else { flate2::FlushCompress::Full };
        deflate.compress_vec(bytes, &mut out, flush).unwrap();
        out
    };
    [alone(head, false), alone(block, false).repeat(count), alone(b"", true)].concat()
}

/// F9.
fn inflated() -> Vec<Case> {
    const MIB: usize = 1 << 20;
    let us = |element: u16, value: u16| short((0x28, element), "US", &value.to_le_bytes());
    // Mebibytes of `fill` as the value of one element.
    let element = |tag: (u16, u16), vr: &'static str, fill: u8, mebibytes: usize| {
        move || {
            let head = [identity(""), long(tag, vr, (mebibytes * MIB) as u32, b"")].concat();
            file(DEFLATED, &deflate(&head, &vec![fill; MIB], mebibytes))
        }
    };
    let padded = |bytes: Vec<u8>, length: usize| {
        // Incompressible bytes behind the last block make the ratio look good.
        let mut bytes = bytes;
        let noise = (0..).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
        bytes.extend(noise.take(length.saturating_sub(bytes.len())));
        bytes
    };
    let picture = move |side: u16, length: usize| {
        move || {
            let mut body = image(&[us(0x10, side), us(0x11, side), us(0x100, 8), us(0x101, 8), us(0x102, 7)]);
            body.truncate(body.len() - 44);
            let bytes = usize::from(side) * usize::from(side);
            body.extend(long((0x7fe0, 0x10), "OB", bytes as u32, b""));
            let rest = bytes - bytes / MIB * MIB;
            body.extend(vec![0; rest]);
            let head = [identity(""), body].concat();
            padded(file(DEFLATED, &deflate(&head, &vec![0; MIB], bytes / MIB)), length)
        }
    };
    vec![
        case("F9", "an image deflated as it should be", End::Blank, || {
            file(DEFLATED, &deflate(&[identity(""), image(&[])].concat(), b"", 0))
        }),
        case(
            "F9",
            "1 GiB of zeros from 1 MiB",
            End::Malformed("(0002,0010)"),
            element((9, 0x1010), "OB", 0, 1024),
        ),
        case(
            "F9",
            "3 GiB of zeros as pixel data",
            End::Malformed("(0002,0010)"),
            element((0x7fe0, 0x10), "OB", 0, 3000),
        ),
        case(
            "F9",
            "150 MiB of text that cannot be decoded",
            End::Refused,
            element((8, 0x2111), "UT", 0x80, 150),
        ),
        case("F9", "90 MiB of text in a long file", End::Refused, move || {
            padded(element((8, 0x2111), "UT", 0x80, 90)(), MIB)
        }),
        case("F9", "90 MiB of values in a long file", End::Refused, move || {
            padded(element((9, 0x1010), "UC", b'\\', 90)(), MIB)
        }),
        case("F9", "90 MiB of elements in a long file", End::Refused, move || {
            let block = item(b"").repeat(MIB / 8);
            let head = [identity(""), long((9, 0x1010), "SQ", (90 * MIB) as u32, b"")].concat();
            padded(file(DEFLATED, &deflate(&head, &block, 90)), MIB)
        }),
        case("F9", "a picture of 12000 a side in a few bytes", End::Bounded, picture(12_000, 0)),
        case("F9", "a picture of 10000 a side in 1 MiB", End::Bounded, picture(10_000, MIB)),
        case("F9", "a picture of 12000 a side in 1 MiB", End::Bounded, picture(12_000, MIB)),
        case("F9", "a picture of 14000 a side in 1 MiB", End::Refused, picture(14_000, MIB)),
        case("F9", "ones instead of a stream", End::Malformed("(0002,0010)"), || {
            file(DEFLATED, &[0xff; 100])
        }),
        case("F9", "no stream", End::Refused, || file(DEFLATED, b"")),
        case("F9", "a stream cut short", End::Malformed("(0002,0010)"), || {
            let whole = deflate(&[identity(""), image(&[])].concat(), b"", 0);
            file(DEFLATED, &whole[..whole.len() / 2])
        }),
        case("F9", "a stored block that lies about its length", End::Malformed("(0002,0010)"), || {
            let mut stream = vec![0, 0xff, 0xff, 0, 0];
            stream.extend([0; 100]);
            file(DEFLATED, &stream)
        }),
    ]
}
