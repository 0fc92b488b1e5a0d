//! Any chunking gives the same parts; every truncation is noticed; nothing panics.

use proptest::prelude::*;

use super::*;

/// A part as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    headers: PartHeaders,
    body: Vec<u8>,
}

const BOUNDARY: &str = "b0undary";

fn reader() -> MultipartReader {
    let media_type = MediaType::parse("multipart/related; boundary=\"b0undary\"").unwrap();
    MultipartReader::new(&media_type, Limits::default()).unwrap()
}

/// The complete parts of a stream, and how it ended.
fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Part>, Result<(), MultipartError>) {
    read_with(reader(), chunks)
}

fn read_with<'a>(
    mut reader: MultipartReader,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Part>, Result<(), MultipartError>) {
    let (mut parts, mut open) = (Vec::new(), None);
    for chunk in chunks {
        reader.feed(chunk);
        loop {
            match reader.next_piece() {
                Ok(Some(Piece::Begin(headers))) => open = Some(Part { headers, body: Vec::new() }),
                Ok(Some(Piece::Body(bytes))) => {
                    assert!(!bytes.is_empty());
                    open.as_mut().expect("body inside a part").body.extend_from_slice(&bytes);
                }
                Ok(Some(Piece::End)) => parts.push(open.take().expect("end inside a part")),
                Ok(None) => break,
                Err(error) => return (parts, Err(error)),
            }
        }
    }
    (parts, reader.finish())
}

fn bodies(parts: &[Part]) -> Vec<&[u8]> {
    parts.iter().map(|part| part.body.as_slice()).collect()
}

#[test]
fn what_real_centres_send_is_read() {
    type Case<'a> = (&'a str, &'a [u8], &'a [&'a [u8]]);
    let cases: &[Case<'_>] = &[
        ("plain", b"--b0undary\r\nContent-Type: application/dicom\r\n\r\nONE\r\n--b0undary\r\n\r\nTWO\r\n--b0undary--\r\n", &[b"ONE", b"TWO"]),
        ("line break first", b"\r\n--b0undary\r\nA: 1\r\n\r\nONE\r\n--b0undary--\r\n", &[b"ONE"]),
        ("no line break after the final boundary", b"--b0undary\r\n\r\nONE\r\n--b0undary--", &[b"ONE"]),
        ("preamble and epilogue", b"hello\r\nyou\r\n--b0undary\r\n\r\nONE\r\n--b0undary--\r\nbye\r\n--b0undary\r\n\r\nNO", &[b"ONE"]),
        ("empty part with headers", b"--b0undary\r\nA: 1\r\n\r\n\r\n--b0undary\r\n\r\n\r\n--b0undary--", &[b"", b""]),
        ("part without a body at all", b"--b0undary\r\nA: 1\r\n\r\n--b0undary\r\n\r\n--b0undary--", &[b"", b""]),
        ("padding behind the boundary", b"--b0undary \t \r\n\r\nONE\r\n--b0undary--", &[b"ONE"]),
        ("data that looks like a boundary", b"--b0undary\r\n\r\nx\r\n--b0undaryX\r\n--b0undar\r\n--b0undary-\r\n--b0undary--", &[b"x\r\n--b0undaryX\r\n--b0undar\r\n--b0undary-"]),
        ("line breaks in the body are the body's", b"--b0undary\r\n\r\n\r\n\r\nONE\r\n\r\n\r\n--b0undary--", &[b"\r\n\r\nONE\r\n\r\n"]),
        ("no part", b"--b0undary--\r\n", &[]),
    ];
    for (name, stream, expected) in cases {
        let (parts, end) = read([*stream]);
        assert_eq!(end, Ok(()), "{name}");
        assert_eq!(&bodies(&parts), expected, "{name}");
    }
}

#[test]
fn headers_are_found_whatever_their_case_and_folding() {
    let (parts, _) = read([
        &b"--b0undary\r\nCONTENT-type: application/dicom;\r\n  transfer-syntax=1.2.3\r\ncontent-LENGTH: 3\r\n\r\nONE\r\n--b0undary--"[..],
    ]);
    let headers = &parts[0].headers;
    assert_eq!(headers.content_length(), Some(3));
    assert_eq!(headers.media_type().unwrap().transfer_syntax().unwrap().as_str(), "1.2.3");
}

#[test]
fn a_header_without_its_blank_line_cannot_swallow_the_next_part() {
    let (parts, end) = read([&b"--b0undary\r\nA: 1\r\n--b0undary\r\nB: 2\r\n\r\nbody\r\n--b0undary--"[..]]);
    assert_eq!((parts.len(), end), (0, Err(MultipartError::BadHeader)));
}

#[test]
fn a_wrong_boundary_never_yields_a_part() {
    let (parts, end) = read([&b"--other\r\n\r\nONE\r\n--other--\r\n"[..]]);
    assert_eq!((parts.len(), end), (0, Err(MultipartError::Truncated)));
    let long = vec![b'x'; 70_000];
    assert_eq!(read([&long[..]]).1, Err(MultipartError::PreambleTooLong));
}

#[test]
fn limits_hold() {
    let media_type = MediaType::parse("multipart/related; boundary=b0undary").unwrap();
    let limits = Limits { header_bytes: 32, part_bytes: 10, parts: 2, preamble_bytes: 10 };
    let end = |stream: &[u8]| {
        let whole = read_with(MultipartReader::new(&media_type, limits).unwrap(), [stream]).1;
        let sliced = read_with(MultipartReader::new(&media_type, limits).unwrap(), stream.chunks(1)).1;
        assert_eq!(whole, sliced);
        whole
    };
    assert_eq!(end(b"--b0undary\r\n\r\n0123456789\r\n--b0undary--"), Ok(()));
    assert_eq!(end(b"--b0undary\r\n\r\n0123456789A\r\n--b0undary--"), Err(MultipartError::PartTooLong(10)));
    assert_eq!(
        end(b"--b0undary\r\n\r\n\r\n--b0undary\r\n\r\n\r\n--b0undary\r\n\r\n\r\n--b0undary--"),
        Err(MultipartError::TooManyParts)
    );
    let header = format!("--b0undary\r\nA: {}\r\n\r\n\r\n--b0undary--", "x".repeat(40));
    assert_eq!(end(header.as_bytes()), Err(MultipartError::HeaderTooLong));
    for bad in ["multipart/related", "multipart/related; boundary=", "application/dicom; boundary=x"] {
        let media_type = MediaType::parse(bad).unwrap();
        assert_eq!(MultipartReader::new(&media_type, limits).unwrap_err(), MultipartError::NoBoundary);
    }
}

#[test]
fn nothing_is_searched_twice_so_that_a_large_part_takes_linear_time() {
    // The crate that this replaces kept the whole part and searched it again with every chunk: 64 MiB took 14 s.
    // Here no more than an unfinished boundary stays behind, whatever comes; that, unlike a time, is exact.
    let longest = BOUNDARY.len() + 4 + LONGEST_PADDING + 2;
    for content in [&b"\0"[..], b"\r", b"\r\n--b0undar", b"\r\n--b0undary \tx", b"\r\n--b0undary-x"] {
        let mut chunk = content.repeat((16 << 10) / content.len());
        chunk.extend_from_slice(&content[..content.len() / 2]);
        let mut reader = reader();
        reader.feed(b"--b0undary\r\n\r\n");
        let (mut fed, mut length) = (0, 0);
        for _ in 0..256 {
            reader.feed(&chunk);
            fed += chunk.len();
            while let Some(piece) = reader.next_piece().unwrap() {
                length += if let Piece::Body(bytes) = piece { bytes.len() } else { 0 };
            }
            assert!(reader.buffer.len() <= longest, "{} bytes stay behind", reader.buffer.len());
            assert_eq!(length + reader.buffer.len(), fed + if length == 0 { 2 } else { 0 });
        }
    }
}

/// Bytes in which line breaks, dashes and the boundary itself are frequent; a true delimiter is cut out.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"--".to_vec()),
        Just(b"\r\n--".to_vec()),
        Just(b"\r\n--b0undar".to_vec()),
        Just(b"\r\n--b0undaryX".to_vec()),
        Just(b"b0undary".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat()).prop_filter(
        "holds no boundary",
        |b| {
            // Neither inside nor formed with the line breaks around it.
            let around = [b"\r\n", &b[..], b"\r\n--b0undary"].concat();
            around.windows(12).filter(|w| w == b"\r\n--b0undary").count()
                == 1 + around.windows(13).filter(|w| w == b"\r\n--b0undaryX").count()
        },
    )
}

fn stream(parts: &[(Option<u16>, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (header, body) in parts {
        out.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
        if let Some(value) = header {
            out.extend_from_slice(format!("X-Test: {value}\r\n").as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{BOUNDARY}--").as_bytes());
    out
}

/// Cuts `stream` at the places given (as fractions of its length).
fn cut<'a>(stream: &'a [u8], places: &[f64]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = places.iter().map(|p| (p * stream.len() as f64) as usize).collect();
    at.extend([0, stream.len()]);
    at.sort_unstable();
    at.windows(2).map(|w| &stream[w[0]..w[1]]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunking_gives_the_same_parts(
        parts in prop::collection::vec((prop::option::of(any::<u16>()), body()), 0..6),
        places in prop::collection::vec(0.0..1.0_f64, 0..20),
    ) {
        let stream = stream(&parts);
        let (whole, end) = read([&stream[..]]);
        prop_assert_eq!(end, Ok(()));
        let expected: Vec<&[u8]> = parts.iter().map(|(_, body)| body.as_slice()).collect();
        prop_assert_eq!(bodies(&whole), expected);
        for (part, (header, _)) in whole.iter().zip(&parts) {
            prop_assert_eq!(part.headers.get("x-test").map(str::to_owned), header.map(|v| v.to_string()));
        }
        prop_assert_eq!(&read(cut(&stream, &places)), &(whole.clone(), Ok(())));
        prop_assert_eq!(&read(stream.chunks(1)), &(whole, Ok(())));
    }

    #[test]
    fn every_truncation_is_noticed_and_keeps_the_complete_parts(
        parts in prop::collection::vec((prop::option::of(any::<u16>()), body()), 1..4),
    ) {
        let stream = stream(&parts);
        let (whole, _) = read([&stream[..]]);
        for length in 0..stream.len() {
            let (got, end) = read(stream[..length].chunks(7));
            prop_assert_eq!(end, Err(MultipartError::Truncated), "cut at {}", length);
            prop_assert!(got.len() <= whole.len() && got == whole[..got.len()], "cut at {}", length);
        }
    }

    #[test]
    fn nothing_that_comes_makes_it_panic(
        tokens in prop::collection::vec(prop_oneof![
            Just(b"\r\n--b0undary".to_vec()), Just(b"\r\n".to_vec()), Just(b"--".to_vec()), Just(b"A: b".to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
        ], 0..30),
        size in 1_usize..40,
    ) {
        let stream = tokens.concat();
        prop_assert_eq!(read(stream.chunks(size)), read([&stream[..]]));
    }
}
