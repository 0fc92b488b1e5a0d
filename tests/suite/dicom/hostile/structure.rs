//! F1 and F2: lengths that lie, sequences without end, and what else breaks the structure of a data set.

use super::case::{Case, End, case, explicit, fragments, item, item_end, sequence_end};
use crate::dicom::build::{EXPLICIT, IMPLICIT, file, identity, image, implicit, long, short, text};

const LIES: [u32; 4] = [1 << 20, 1 << 30, 2 << 30, 0xffff_fff0];
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

pub(super) fn cases() -> Vec<Case> {
    [lengths(), nesting(), order(), ends()].into_iter().flatten().collect()
}

/// F1.
fn lengths() -> Vec<Case> {
    let mut all = Vec::new();
    for length in LIES {
        for vr in ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV", "ZZ"] {
            all.push(case(
                "F1",
                format!("{vr} of {length:#x} bytes"),
                End::Truncated("(0009,1010)"),
                move || explicit(&[long((0x9, 0x1010), vr, length, b"abc")]),
            ));
        }
        for (element, tag) in [(0x08, "(7fe0,0008)"), (0x09, "(7fe0,0009)"), (0x10, "(7fe0,0010)")] {
            all.push(case(
                "F1",
                format!("pixel data {tag} of {length:#x} bytes"),
                End::Truncated(tag),
                move || explicit(&[long((0x7fe0, element), "OW", length, b"abc")]),
            ));
        }
        for (tag, name) in [
            ((0x8, 0x16), "(0008,0016)"),
            ((0x8, 0x1032), "(0008,1032)"),
            ((0x10, 0x10), "(0010,0010)"),
            ((0x28, 0x10), "(0028,0010)"),
        ] {
            all.push(case(
                "F1",
                format!("implicit {name} of {length:#x} bytes"),
                End::Truncated(name),
                move || file(IMPLICIT, &[implicit((0x8, 5), 0, b""), implicit(tag, length, b"1.2")].concat()),
            ));
        }
        all.push(case(
            "F1",
            format!("item of {length:#x} bytes"),
            End::Truncated("(fffe,e000)"),
            move || {
                let item = implicit((0xfffe, 0xe000), length, b"");
                explicit(&[long((0x8, 0x1032), "SQ", u32::MAX, &item)])
            },
        ));
        for at in 0..2 {
            all.push(case(
                "F1",
                format!("fragment {at} of {length:#x} bytes"),
                End::Truncated("(7fe0,0010)"),
                move || {
                    let mut items = vec![item(b""); at];
                    items.push(implicit((0xfffe, 0xe000), length, b"abc"));
                    explicit(&[fragments(&items)])
                },
            ));
        }
        all.push(case(
            "F1",
            format!("meta of {length:#x} bytes"),
            End::Truncated("(0002,0001)"),
            move || [vec![0; 128], b"DICM".to_vec(), long((2, 1), "OB", length, b"")].concat(),
        ));
        all.push(case("F1", format!("big-endian OB of {length:#x} bytes"), End::Refused, move || {
            let mut body = vec![0, 8, 0, 5, b'C', b'S', 0, 0, 0, 9, 0x10, 0x10, b'O', b'B', 0, 0];
            body.extend(length.to_be_bytes());
            file(BIG_ENDIAN, &body)
        }));
    }
    for vr in ["CS", "DS", "FD", "IS", "LO", "PN", "US"] {
        all.push(case("F1", format!("{vr} of 65534 bytes"), End::Truncated("(0009,1010)"), move || {
            let mut element = short((0x9, 0x1010), vr, b"");
            element[6..8].copy_from_slice(&0xfffe_u16.to_le_bytes());
            explicit(&[element])
        }));
    }
    all
}

/// `depth` sequences in one another, each header made by `open`.
fn nested(depth: usize, closed: bool, open: &[u8]) -> Vec<u8> {
    let mut body = open.repeat(depth);
    if closed {
        body.extend([item_end(), sequence_end()].concat().repeat(depth));
    }
    body
}

/// The same with lengths that are right, from the inside out, shared by all 64 and more levels.
fn nested_by_length(depth: usize) -> Vec<u8> {
    let mut inner = Vec::new();
    for _ in 0..depth {
        let item = item(&inner);
        inner = long((0x40, 0xa730), "SQ", item.len() as u32, &item);
    }
    inner
}

/// F2.
fn nesting() -> Vec<Case> {
    let open_item = || implicit((0xfffe, 0xe000), u32::MAX, b"");
    let explicit_open = move || long((0x40, 0xa730), "SQ", u32::MAX, &open_item());
    let unknown_open = move || long((0x9, 0x1010), "UN", u32::MAX, &open_item());
    let implicit_open = move || implicit((0x40, 0xa730), u32::MAX, &open_item());
    let too_deep = || End::Malformed("(0040,a730)");
    let mut all = vec![
        case("F2", "64 levels", End::Blank, move || {
            explicit(&[image(&[]), nested(64, true, &explicit_open())])
        }),
        case("F2", "64 levels by length", End::Blank, || explicit(&[image(&[]), nested_by_length(64)])),
        case("F2", "65 levels by length", too_deep(), || explicit(&[nested_by_length(65)])),
        case("F2", "2000 levels by length", too_deep(), || explicit(&[nested_by_length(2000)])),
        case("F2", "UN within UN", End::Refused, move || explicit(&[nested(20_000, true, &unknown_open())])),
    ];
    for (depth, closed) in
        [(65, true), (65, false), (500, true), (5000, true), (29_000, true), (52_000, false)]
    {
        all.push(case("F2", format!("{depth} levels, closed {closed}"), too_deep(), move || {
            explicit(&[nested(depth, closed, &explicit_open())])
        }));
        all.push(case("F2", format!("{depth} implicit levels, closed {closed}"), too_deep(), move || {
            file(IMPLICIT, &[implicit((0x8, 5), 0, b""), nested(depth, closed, &implicit_open())].concat())
        }));
    }
    all
}

/// Elements where none may stand, or twice.
fn order() -> Vec<Case> {
    let twice = |vr: &'static str, tag, first: &'static str, second: &'static str| {
        move || explicit(&[image(&[]), text(tag, vr, first), text(tag, vr, second)])
    };
    vec![
        case("F2", "two patients", End::Malformed("(0010,0010)"), twice("PN", (0x10, 0x10), "A", "B")),
        case("F2", "one patient twice", End::Named("A"), twice("PN", (0x10, 0x10), "A", "A")),
        case("F2", "two study UIDs", End::Malformed("(0020,000d)"), twice("UI", (0x20, 0xd), "1.2", "1.2.4")),
        case("F2", "private twice", End::Blank, twice("LO", (0x11, 0x1001), "A", "B")),
        case("F2", "rows twice", End::Malformed("(0028,0010)"), || {
            let rows = |n: u16| short((0x28, 0x10), "US", &n.to_le_bytes());
            explicit(&[rows(4), image(&[]), rows(2)])
        }),
        case("F2", "pixel data twice", End::Malformed("(7fe0,0010)"), || {
            explicit(&[image(&[]), long((0x7fe0, 0x10), "OW", 32, &[1; 32])])
        }),
        case("F2", "rescale twice in one item", End::Malformed("(0028,1053)"), || {
            let inner = [text((0x28, 0x1053), "DS", "1"), text((0x28, 0x1053), "DS", "2")].concat();
            explicit(&[long((0x28, 0x9145), "SQ", u32::MAX, &[item(&inner), sequence_end()].concat())])
        }),
        case("F2", "an item at the root", End::Malformed("(fffe,e000)"), || explicit(&[item(b"")])),
        case("F2", "an element between items", End::Malformed("(0008,0100)"), || {
            let inner = [text((0x8, 0x100), "SH", "X"), sequence_end()].concat();
            explicit(&[long((0x8, 0x1032), "SQ", u32::MAX, &inner)])
        }),
        case("F2", "an item delimiter for a sequence", End::Malformed("(0008,1032)"), || {
            explicit(&[long((0x8, 0x1032), "SQ", u32::MAX, &item_end())])
        }),
        // dicom-rs takes the four bytes behind such a tag for a length, whatever the gate took them for.
        case("F2", "a delimiter that is none", End::Malformed("(fffe,e0aa)"), || {
            explicit(&[long((0xfffe, 0xe0aa), "UN", 4, b"abcd")])
        }),
        case("F2", "stray delimiters at the root", End::Blank, || {
            explicit(&[item_end(), sequence_end(), image(&[])])
        }),
        case("F2", "a command element", End::Malformed("(0000,0100)"), || {
            explicit(&[short((0, 0x100), "US", &[1, 0])])
        }),
        case("F2", "undefined length of text", End::Malformed("(0008,2111)"), || {
            explicit(&[implicit_like_ut()])
        }),
        case("F2", "a sequence longer than its item", End::Malformed("(0008,1199)"), || {
            let inner = long((0x8, 0x1199), "SQ", 400, b"");
            let padding = long((0x9, 0x1010), "OB", 600, &[0; 600]);
            explicit(&[long((0x8, 0x1032), "SQ", 20, &item(&inner)), padding])
        }),
        case("F2", "120000 empty items", End::Blank, || {
            let items = item(b"").repeat(120_000);
            explicit(&[long((0x9, 0x1010), "SQ", items.len() as u32, &items), image(&[])])
        }),
        case("F2", "120000 empty elements", End::Blank, || {
            let elements = (0..120_000_u32).flat_map(|n| {
                let tag = ((0x1001 + 2 * (n >> 16)) as u16, (n & 0xffff) as u16 | 0x1000);
                short(tag, "LO", b"")
            });
            explicit(&[elements.collect(), image(&[])])
        }),
        case("F2", "120000 elements backwards", End::Bounded, || {
            explicit(&[(0..60_000_u16).rev().flat_map(|n| short((0x1001, n), "LO", b"")).collect()])
        }),
    ]
}

fn implicit_like_ut() -> Vec<u8> {
    long((0x8, 0x2111), "UT", u32::MAX, &sequence_end())
}

/// R7: a file cut short is never whole; what stands behind the end.
fn ends() -> Vec<Case> {
    let whole = || explicit(&[image(&[])]);
    let mut all = Vec::new();
    for cut in [1, 2, 7, 16, 31, 32, 33, 40, 43] {
        all.push(case("R7", format!("{cut} bytes of pixel data missing"), End::Refused, move || {
            let mut bytes = whole();
            bytes.truncate(bytes.len() - cut);
            bytes
        }));
    }
    for length in [0, 1, 3, 4, 64, 128, 131, 132, 133, 139] {
        let end = if length < 132 { End::NotDicom } else { End::Refused };
        all.push(case("R7", format!("{length} bytes of a file"), end, move || whole()[..length].to_vec()));
    }
    let behind = |name: &'static str, end: End, tail: fn() -> Vec<u8>| {
        case("R7", name, end, move || [explicit(&[image(&[])]), tail()].concat())
    };
    all.extend([
        behind("zeros behind the data set", End::Blank, || vec![0; 1000]),
        behind("trailing padding", End::Blank, || long((0xfffc, 0xfffc), "OB", 100, &[0; 100])),
        behind("a text behind the data set", End::Refused, || b"-- sent by a gateway --".to_vec()),
        behind("a second file behind the data set", End::Refused, || explicit(&[image(&[])])),
        case("R7", "an element of odd length", End::Blank, || {
            explicit(&[short((0x9, 0x1010), "LO", b"odd"), image(&[])])
        }),
        case("R7", "a group length that lies", End::Blank, || {
            explicit(&[short((0x28, 0), "UL", &0xffff_0000_u32.to_le_bytes()), image(&[])])
        }),
        case("R7", "a meta group length that lies", End::Blank, || {
            let length = short((2, 0), "UL", &0x7fff_ffff_u32.to_le_bytes());
            let meta = [vec![0; 128], b"DICM".to_vec(), length, text((2, 0x10), "UI", EXPLICIT)];
            [meta.concat(), identity(""), image(&[])].concat()
        }),
        case("R7", "the prefix without the preamble", End::Blank, move || whole()[128..].to_vec()),
        case("R7", "no meta information", End::Blank, || [identity(""), image(&[])].concat()),
        case("R7", "explicit, called implicit", End::Blank, || {
            file(IMPLICIT, &[identity(""), image(&[])].concat())
        }),
        case("R7", "explicit, called big-endian", End::Blank, || {
            file(BIG_ENDIAN, &[identity(""), image(&[])].concat())
        }),
        case("R7", "explicit, called JPEG", End::Blank, || {
            file("1.2.840.10008.1.2.4.50", &[identity(""), image(&[])].concat())
        }),
    ]);
    all
}
