//! F10 to F12, F14 and F17: what stands before the prefix, text, names, identifiers, JSON.

use super::case::{Case, End, Input, case, explicit};
use crate::dicom::build::{EXPLICIT, IMPLICIT, file, identity, image, implicit, long, text};

pub(super) fn cases() -> Vec<Case> {
    [polyglots(), charsets(), texts(), identifiers(), json()].into_iter().flatten().collect()
}

/// F10: an object is an object whatever its preamble is to other programs.
fn polyglots() -> Vec<Case> {
    let preambles: [(&str, &[u8]); 8] = [
        ("a Windows program", b"MZ\x90\0\x03"),
        ("a Linux program", b"\x7fELF\x02\x01\x01"),
        ("a shell script", b"#!/bin/sh\nrm -rf ~\n"),
        ("a web page", b"<script>alert(1)</script>"),
        ("an archive", b"PK\x03\x04"),
        ("a document", b"%PDF-1.7"),
        ("a TIFF picture", b"II*\0\x08\0\0\0"),
        ("ones", &[0xff; 128]),
    ];
    let object = |(name, preamble): (&str, &'static [u8])| {
        case("F10", format!("the preamble of {name}"), End::Blank, move || {
            let mut bytes = explicit(&[image(&[])]);
            bytes[..preamble.len()].copy_from_slice(preamble);
            bytes
        })
    };
    preambles.into_iter().map(object).collect()
}

/// F11: a name in a character set, its bytes as they are.
fn charsets() -> Vec<Case> {
    let names: [(&str, &str, &[u8], End); 14] = [
        (
            "PS3.5 H.3.1",
            "\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
            End::Named("Yamada^Tarou=山田^太郎"),
        ),
        (
            "PS3.5 H.3.2",
            "ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
            End::Named("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"),
        ),
        ("UTF-8", "ISO_IR 192", "王^小東".as_bytes(), End::Named("王^小東")),
        ("GB18030", "GB18030", b"\xcd\xf5^\xd0\xa1\xb6\xab", End::Named("王^小东")),
        ("Korean", "\\ISO 2022 IR 149", b"\x1b$)C\xb1\xe8\xc8\xf1\xc1\xdf", End::Named("김희중")),
        ("Latin 1", "ISO_IR 100", b"Buc^J\xe9r\xf4me", End::Named("Buc^Jérôme")),
        ("an unknown set", "KLINGON", b"Worf", End::Warned("UnknownCharset")),
        (
            "forty sets",
            "ISO 2022 IR 87\\ISO 2022 IR 149\\ISO 2022 IR 58\\ISO 2022 IR 13\\X\\X\\X\\X",
            b"A",
            End::Named("A"),
        ),
        ("an escape alone", "\\ISO 2022 IR 87", b"A\x1b", End::Warned("BadText")),
        ("an unknown escape", "\\ISO 2022 IR 87", b"A\x1b%GB", End::Warned("BadText")),
        ("half a kanji", "\\ISO 2022 IR 87", b"\x1b$B;", End::Warned("BadText")),
        ("overlong UTF-8", "ISO_IR 192", b"A\xc0\xaf", End::Warned("BadText")),
        ("UTF-8 surrogates", "ISO_IR 192", b"A\xed\xa0\x80", End::Warned("BadText")),
        (
            "a set that ends at a separator",
            "\\ISO 2022 IR 149",
            b"\x1b$)C\xfb\xf3^\xfb\xf3",
            End::Warned("BadText"),
        ),
    ];
    let named = |(name, terms, bytes, end): (&str, &'static str, &'static [u8], End)| {
        case("F11", format!("a name in {name}"), end, move || {
            let mut value = bytes.to_vec();
            value.resize(value.len().next_multiple_of(2), b' ');
            let name = long((0x10, 0x10), "UN", value.len() as u32, &value);
            file(EXPLICIT, &[identity(terms), name, image(&[])].concat())
        })
    };
    names.into_iter().map(named).collect()
}

/// F12.
fn texts() -> Vec<Case> {
    let name = |bytes: Vec<u8>| {
        let name = long((0x10, 0x10), "UN", bytes.len() as u32, &bytes);
        file(EXPLICIT, &[identity("ISO_IR 192"), name, image(&[])].concat())
    };
    let marked = ["\u{202e}evil", "A\u{200b}B", "\u{1b}[31mred", "A\u{7}B", "\u{2066}A\u{2069}", "\u{feff}A"];
    let mut all: Vec<Case> = marked
        .into_iter()
        .map(|text| {
            let title = format!("a name with {}", text.escape_unicode());
            case("F12", title, End::Warned("BadText"), move || name(text.as_bytes().to_vec()))
        })
        .collect();
    all.extend([
        case("F12", "a megabyte of name", End::Warned("BadText"), move || name(vec![b'A'; 1_000_000])),
        case("F12", "a megabyte of separators", End::Bounded, move || name(vec![b'\\'; 1_000_000])),
        case("F12", "a megabyte of carets", End::Bounded, move || name(vec![b'^'; 1_000_000])),
        case("F12", "a megabyte of escapes", End::Bounded, move || name(vec![0x1b; 1_000_000])),
        case("F12", "a megabyte of changes of set", End::Bounded, move || {
            name(b"\x1b$B\x1b(B".repeat(160_000))
        }),
        case("F12", "a megabyte that is no text", End::Bounded, move || name(vec![0xff; 1_000_000])),
        case("F12", "a megabyte of NUL", End::Bounded, move || name(vec![0; 1_000_000])),
        case("F12", "a megabyte of numbers in one element", End::Bounded, || {
            let numbers = implicit((0x18, 0x9087), 1_000_000, &b"1\\".repeat(500_000));
            file(IMPLICIT, &[implicit((0x8, 5), 0, b""), numbers].concat())
        }),
        case("F12", "thirty megabytes' worth of values in fifteen elements", End::Bounded, || {
            let values = "\\".repeat(65_000);
            explicit(&(0..15).map(|n| text((0x9, 0x1010 + n), "LO", &values)).collect::<Vec<_>>())
        }),
    ]);
    all
}

/// F14: identifiers that are paths or commands must not come out as they are.
fn identifiers() -> Vec<Case> {
    let hostile = ["../../x", "/etc/passwd", "C:\\x", "CON", ";id", "1.2.3\n4", "1..2", ".1", "1.2.３"];
    let long_one = "1.".repeat(150) + "1";
    let refuse = |uid: String| {
        case(
            "F14",
            format!("the instance {:.20}", uid.escape_debug()),
            End::Warned("StandInUid"),
            move || {
                let mut body = identity("");
                body.splice(34..34 + 16, text((8, 0x18), "UI", &uid));
                file(EXPLICIT, &[body, image(&[])].concat())
            },
        )
    };
    hostile.into_iter().map(str::to_owned).chain([long_one]).map(refuse).collect()
}

/// F17: metadata as a centre sends it.
fn json() -> Vec<Case> {
    let object = |name: &str, end: End, elements: fn() -> String| Case {
        row: "F17",
        name: format!("JSON with {name}"),
        end,
        make: Box::new(move || {
            let identity = r#""00080016":{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.7"]},"00080018":{"vr":"UI","Value":["1.2.3.4"]}"#;
            let name = r#""00100010":{"vr":"PN","Value":[{"Alphabetic":"A"}]}"#;
            Input::Json(format!("{{{identity},{name},{}}}", elements()))
        }),
    };
    let bad = || End::Warned("BadValue");
    vec![
        object("a tag that is not ASCII", bad(), || r#""00ああ":{"vr":"US","Value":[1]}"#.to_owned()),
        object("a tag of nine digits", bad(), || r#""000800160":{"vr":"US","Value":[1]}"#.to_owned()),
        object("-1 in US", bad(), || r#""00280103":{"vr":"US","Value":[-1]}"#.to_owned()),
        object("1e999 in FD", End::Bounded, || r#""00189087":{"vr":"FD","Value":[1e999]}"#.to_owned()),
        object("65536 in US", bad(), || r#""00280103":{"vr":"US","Value":[65536]}"#.to_owned()),
        object("half a number in US", bad(), || r#""00280103":{"vr":"US","Value":[0.5]}"#.to_owned()),
        object("null in PN", End::Named("A"), || {
            r#""00081048":{"vr":"PN","Value":[null,{"Alphabetic":null}]}"#.to_owned()
        }),
        object("a number for a value", bad(), || r#""00081048":{"vr":"PN","Value":7}"#.to_owned()),
        object("an unknown VR", bad(), || r#""00081048":{"vr":"ZZ","Value":[7]}"#.to_owned()),
        object("no VR", bad(), || r#""00081048":{"Value":[7]}"#.to_owned()),
        object("an element that is a list", bad(), || r#""00081048":[1,2]"#.to_owned()),
        object("binary that is none", bad(), || r#""00420011":{"vr":"OB","InlineBinary":"*"}"#.to_owned()),
        object("binary of half a word", bad(), || {
            r#""00283006":{"vr":"OW","InlineBinary":"AAAA"}"#.to_owned()
        }),
        object("a place that is none", bad(), || r#""00420011":{"vr":"OB","BulkDataURI":7}"#.to_owned()),
        object("both binary and a place", End::Named("A"), || {
            r#""00420011":{"vr":"OB","InlineBinary":"AAA=","BulkDataURI":"../x"}"#.to_owned()
        }),
        object("the same element twice", End::Bounded, || {
            r#""00080018":{"vr":"UI","Value":["1.2.9"]}"#.to_owned()
        }),
        object("a hostile name", End::Warned("BadText"), || {
            r#""00081048":{"vr":"PN","Value":[{"Alphabetic":"\u202e"}]}"#.to_owned()
        }),
        object("separators inside a group of a name", End::Warned("BadText"), || {
            r#""00081048":{"vr":"PN","Value":[{"Alphabetic":"===A"}]}"#.to_owned()
        }),
        object("nothing but broken elements", bad(), || {
            let broken: Vec<_> =
                (0..40_000).map(|n| format!(r#""{n:08x}":{{"vr":"US"  ,"Value":[-1]}}"#)).collect();
            broken.join(",")
        }),
        object("300000 empty items", End::Named("A"), || {
            format!(r#""00081199":{{"vr":"SQ","Value":[{}]}}"#, vec!["{}"; 300_000].join(","))
        }),
        object("40 levels", End::Named("A"), || {
            let (open, close) = (r#""00081199":{"vr":"SQ","Value":[{"#, "}]}");
            let open = open.repeat(39) + r#""00081199":{"vr":"SQ","Value":["#;
            open + "]}" + &close.repeat(39)
        }),
        object("5000 levels", End::Refused, || {
            let (open, close) = (r#""00081199":{"vr":"SQ","Value":[{"#, "}]}");
            open.repeat(5000) + &close.repeat(5000)
        }),
    ]
}
