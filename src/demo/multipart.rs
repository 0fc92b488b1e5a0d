//! multipart/related, both ways (RFC 2046 5.1, RFC 2387, PS3.18 8.6.1.2).

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::StatusCode;

use super::accept::MediaType;
use super::body::{LineCut, streamed};
use super::faults::Damage;
use super::reply::{Reply, with_type};

/// Header bytes that one received part may have.
const HEADER_LIMIT: usize = 16 * 1024;

/// Parts that one received message may have.
const PART_LIMIT: usize = 100_000;

/// One part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its Content-Type; empty in a received part that has none.
    pub(super) content_type: String,
    /// Its Content-Location, if any.
    pub(super) location: Option<String>,
    /// Its content.
    pub(super) body: Bytes,
}

/// An answer of parts that are sent as they come; each says its length.
pub(super) fn related(
    part_type: &str,
    parts: impl Stream<Item = Result<Part, LineCut>> + Send + 'static,
    damage: Damage,
) -> Reply {
    let boundary = format!("dokuei-{}", uuid::Uuid::new_v4().simple());
    let said = if damage.wrong_boundary { "dokuei-another" } else { boundary.as_str() };
    let content_type = format!("multipart/related; type=\"{part_type}\"; boundary={said}");
    let last = Bytes::from(format!("--{boundary}--\r\n"));
    let whole = damage.end_after_parts.unwrap_or(usize::MAX);
    let chunks = parts
        .take(whole.saturating_add(1))
        .enumerate()
        .flat_map(move |(n, part)| stream::iter(chunks(&boundary, part, n >= whole)))
        .chain(stream::iter(damage.end_after_parts.is_none().then_some(Ok(last))));
    with_type(StatusCode::OK, &content_type, streamed(chunks))
}

/// A part on the wire; a `torn` one ends in the middle of its body.
fn chunks(boundary: &str, part: Result<Part, LineCut>, torn: bool) -> Vec<Result<Bytes, LineCut>> {
    let part = match part {
        Ok(part) => part,
        Err(cut) => return vec![Err(cut)],
    };
    let location = part.location.map(|uri| format!("Content-Location: {uri}\r\n")).unwrap_or_default();
    let head = format!(
        "--{boundary}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{location}\r\n",
        part.content_type,
        part.body.len(),
    );
    let mut chunks = vec![Ok(Bytes::from(head))];
    if torn {
        chunks.push(Ok(part.body.slice(..part.body.len() / 2)));
    } else {
        chunks.extend([Ok(part.body), Ok(Bytes::from_static(b"\r\n"))]);
    }
    chunks
}

/// What keeps a received message from being taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The Content-Type has no usable boundary.
    NoBoundary,
    /// The boundary is nowhere in the message.
    NoParts,
    /// The message ends without its final boundary.
    EndsEarly,
    /// A part's header is not one, or too long, or there are too many parts.
    BadHeader,
}

/// Takes a received message apart without copying. What follows the final boundary is ignored.
///
/// # Errors
/// [`Broken`]; then nothing of it counts.
pub(super) fn take_apart(message: &Bytes, content_type: &MediaType) -> Result<Vec<Part>, Broken> {
    let boundary = content_type.parameter("boundary").filter(|b| !b.is_empty() && b.len() <= 70);
    let delimiter = format!("\r\n--{}", boundary.ok_or(Broken::NoBoundary)?);
    // The first boundary may stand at the very start, without the line end before it.
    let first = delimiter.as_bytes().get(2..).filter(|dashes| message.starts_with(dashes)).map(<[u8]>::len);
    let mut at = match first {
        Some(end) => end,
        None => find(message, delimiter.as_bytes(), 0).ok_or(Broken::NoParts)? + delimiter.len(),
    };
    let mut parts = Vec::new();
    loop {
        let rest = message.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        if parts.len() == PART_LIMIT {
            return Err(Broken::BadHeader);
        }
        let padding = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if !rest[padding..].starts_with(b"\r\n") {
            return Err(if rest.len() <= padding + 1 { Broken::EndsEarly } else { Broken::BadHeader });
        }
        // The search starts at the line end, so that a part without headers is seen as such.
        let head_start = at + padding;
        let end = find(message, delimiter.as_bytes(), head_start).ok_or(Broken::EndsEarly)?;
        parts.push(part(&message.slice(head_start..end))?);
        at = end + delimiter.len();
    }
}

/// A part from its header's first line end to the end of its body.
fn part(bytes: &Bytes) -> Result<Part, Broken> {
    let head_end = match bytes.get(2..) {
        Some(after) if after.starts_with(b"\r\n") => 0,
        _ => find(bytes, b"\r\n\r\n", 0).filter(|end| *end <= HEADER_LIMIT).ok_or(Broken::BadHeader)?,
    };
    let head = std::str::from_utf8(&bytes[..head_end]).map_err(|_| Broken::BadHeader)?;
    let mut part = Part {
        content_type: String::new(),
        location: None,
        body: bytes.slice((head_end + 4).min(bytes.len())..),
    };
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(Broken::BadHeader)?;
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => part.content_type = value.trim().to_owned(),
            "content-location" => part.location = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    Ok(part)
}

/// The first place of `needle` at or after `from`.
fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = from;
    loop {
        at += haystack.get(at..)?.iter().position(|byte| *byte == first)?;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}

/// A message of parts, as a client would send it.
#[cfg(test)]
fn put_together(boundary: &str, parts: &[Part]) -> Bytes {
    let mut message = bytes::BytesMut::new();
    for one in parts {
        for chunk in chunks(boundary, Ok(one.clone()), false) {
            message.extend_from_slice(&chunk.unwrap());
        }
    }
    message.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    message.freeze()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boundary_is(boundary: &str) -> MediaType {
        MediaType::parse(&format!("multipart/related; type=\"application/dicom\"; boundary=\"{boundary}\""))
            .unwrap()
    }

    fn dicom(body: &[u8]) -> Part {
        Part {
            content_type: "application/dicom".to_owned(),
            location: None,
            body: Bytes::copy_from_slice(body),
        }
    }

    proptest! {
        #[test]
        fn what_is_put_together_comes_apart_and_any_cut_is_noticed(
            bodies in prop::collection::vec(prop::collection::vec(prop::sample::select(b"\r\n-bx\0".to_vec()), 0..40), 1..5),
            cut in any::<prop::sample::Index>(),
        ) {
            // A body that holds the boundary would be a fault of the sender.
            prop_assume!(bodies.iter().all(|body| find(body, b"\r\n--bnd", 0).is_none()));
            let parts: Vec<_> = bodies.iter().map(|body| dicom(body)).collect();
            let message = put_together("bnd", &parts);
            prop_assert_eq!(take_apart(&message, &boundary_is("bnd")), Ok(parts));
            let final_boundary = message.len() - b"\r\n".len();
            let short = message.slice(..cut.index(final_boundary));
            prop_assert!(take_apart(&short, &boundary_is("bnd")).is_err());
        }
    }

    #[test]
    fn lenient_where_the_standard_is() {
        let message = Bytes::from_static(
            b"preamble\r\n--b x \r\nContent-Type: application/dicom\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--epilogue",
        );
        let parts = take_apart(&message.slice_ref(&message), &boundary_is("b"));
        assert_eq!(parts, Err(Broken::BadHeader), "text after a boundary is no padding");
        let message = Bytes::from_static(
            b"preamble\r\n--b \t\r\nContent-Type: application/dicom\r\nX: y\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--epilogue",
        );
        let parts = take_apart(&message, &boundary_is("b")).unwrap();
        assert_eq!(parts[0], dicom(b"one"));
        assert_eq!((parts[1].content_type.as_str(), &parts[1].body[..]), ("", &b"two"[..]));
    }

    #[test]
    fn hostile_messages_are_refused() {
        let long_header =
            [b"--b\r\nX: ".to_vec(), vec![b'a'; HEADER_LIMIT + 1], b"\r\n\r\n\r\n--b--".to_vec()].concat();
        for (message, expected) in [
            (&b""[..], Broken::NoParts),
            (b"no boundary at all", Broken::NoParts),
            (b"--b", Broken::EndsEarly),
            (b"--b\r\nContent-Type: a/b\r\n\r\nbody", Broken::EndsEarly),
            (b"--b\r\nno colon\r\n\r\nbody\r\n--b--", Broken::BadHeader),
            (b"--b\r\nheader: only\r\n--b--", Broken::BadHeader),
            (b"--b\r\n\xFF: x\r\n\r\n\r\n--b--", Broken::BadHeader),
            (&long_header, Broken::BadHeader),
        ] {
            let message = Bytes::copy_from_slice(message);
            assert_eq!(take_apart(&message, &boundary_is("b")), Err(expected), "{message:?}");
        }
        let none = MediaType::parse("multipart/related").unwrap();
        assert_eq!(take_apart(&Bytes::from_static(b"--b--"), &none), Err(Broken::NoBoundary));
    }
}
