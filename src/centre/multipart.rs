//! A streaming reader of multipart/related (RFC 2046 section 5.1, RFC 2387, PS3.18 8.6.1.2).
//!
//! It does no input or output: it is fed chunks of any size and gives out pieces of parts. Every byte is
//! looked at a bounded number of times whatever the chunks are. A part has ended only when the boundary after
//! it was seen, and the whole only when the final boundary was: [`MultipartReader::finish`] says so.

use bytes::{Buf, Bytes, BytesMut};

use super::MediaType;

/// How much is taken from a centre before it is called malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one part's header.
    pub header_bytes: usize,
    /// Bytes of one part's body.
    pub part_bytes: u64,
    /// Parts in all.
    pub parts: usize,
    /// Bytes before the first boundary.
    pub preamble_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_bytes: 16 << 10, part_bytes: 2 << 30, parts: 1_000_000, preamble_bytes: 64 << 10 }
    }
}

/// What is wrong with a multipart body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MultipartError {
    /// The media type is not multipart, or names no usable boundary.
    #[error("no usable boundary")]
    NoBoundary,
    /// It ended before its final boundary.
    #[error("ended before the final boundary")]
    Truncated,
    /// A line of a part's header is none.
    #[error("bad part header")]
    BadHeader,
    /// A part's header is longer than the limit.
    #[error("part header too long")]
    HeaderTooLong,
    /// A part is longer than the limit, given here in bytes.
    #[error("part longer than {0} bytes")]
    PartTooLong(u64),
    /// More parts than the limit.
    #[error("too many parts")]
    TooManyParts,
    /// More than the limit before the first boundary.
    #[error("no boundary found")]
    PreambleTooLong,
}

/// The next thing that a reader found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A part begins.
    Begin(PartHeaders),
    /// Some bytes of its body; never empty.
    Body(Bytes),
    /// The part is complete.
    End,
}

/// The header of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartHeaders(Vec<(String, String)>);

impl PartHeaders {
    /// The first field of that name, in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// Content-Type.
    pub fn media_type(&self) -> Option<MediaType> {
        MediaType::parse(self.get("content-type")?)
    }

    /// Content-Length, where a centre gives it: the body's length in bytes.
    pub fn content_length(&self) -> Option<u64> {
        self.get("content-length")?.trim().parse().ok()
    }

    /// Fields line by line; a line that begins with white space continues the one before (RFC 5322 2.2.3).
    fn parse(block: &[u8], dash_boundary: &[u8]) -> Result<Self, MultipartError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in block.split(|&b| b == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // A boundary here means a header without its blank line: reading on would swallow the next part.
            if line.starts_with(dash_boundary) {
                return Err(MultipartError::BadHeader);
            }
            let text = String::from_utf8_lossy(line);
            match (text.starts_with([' ', '\t']), fields.last_mut(), text.split_once(':')) {
                _ if text.is_empty() => {}
                (true, Some((_, value)), _) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                (false, _, Some((name, value))) => {
                    fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
                _ => return Err(MultipartError::BadHeader),
            }
        }
        Ok(Self(fields))
    }
}

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Preamble,
    Headers,
    /// `skip` bytes at the head of the buffer belong to the header (its blank line, which may also be the
    /// line break of the next boundary when the body is empty).
    Body {
        skip: usize,
    },
    Done,
}

/// Where the next boundary is in the buffer.
enum Boundary {
    /// Not there; the bytes before this index are certainly not part of one.
    None { before: usize },
    /// At `at`, its line ending at `end`; `last` when it is the final one.
    Found { at: usize, end: usize, last: bool },
}

/// What stands behind a boundary.
enum Tail {
    Part { len: usize },
    Final { len: usize },
    NotABoundary,
    Unknown,
}

/// White space that a gateway may have added behind a boundary (RFC 2046 5.1.1, transport-padding).
const LONGEST_PADDING: usize = 128;

/// The reader. Feed it, take pieces until there are none, feed again, and at the end of the stream ask
/// [`finish`](Self::finish).
#[derive(Debug)]
pub struct MultipartReader {
    /// CRLF, two dashes and the boundary.
    delimiter: Vec<u8>,
    limits: Limits,
    buffer: BytesMut,
    state: State,
    parts: usize,
    /// Bytes of the present header in which its end is not.
    searched: usize,
    /// Bytes given out of the present part, or thrown away of the preamble.
    length: u64,
}

impl MultipartReader {
    /// A reader for a body of this media type.
    ///
    /// # Errors
    /// [`MultipartError::NoBoundary`] when it is not multipart or its boundary is absent, longer than 200
    /// characters (RFC 2046 allows 70) or has control characters.
    pub fn new(media_type: &MediaType, limits: Limits) -> Result<Self, MultipartError> {
        let boundary = media_type.param("boundary").unwrap_or_default();
        let usable = (1..=200).contains(&boundary.len()) && !boundary.chars().any(char::is_control);
        if !media_type.essence().starts_with("multipart/") || !usable {
            return Err(MultipartError::NoBoundary);
        }
        // The line break before the first boundary may be the start of the body itself.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        Ok(Self { delimiter, limits, buffer, state: State::Preamble, parts: 0, searched: 0, length: 0 })
    }

    /// More of the stream.
    pub fn feed(&mut self, chunk: &[u8]) {
        if self.state != State::Done {
            self.buffer.extend_from_slice(chunk);
        }
    }

    /// The next piece, or `None` until more is fed.
    ///
    /// # Errors
    /// When a limit is passed or a header cannot be read; the reader is of no use after that.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, MultipartError> {
        loop {
            match self.state {
                State::Preamble => {
                    let found = self.boundary();
                    let (Boundary::None { before: length } | Boundary::Found { at: length, .. }) = found;
                    let limit = self.limits.preamble_bytes as u64;
                    self.count(length, limit, |_| MultipartError::PreambleTooLong)?;
                    let Boundary::Found { end, last, .. } = found else {
                        self.buffer.advance(length);
                        return Ok(None);
                    };
                    self.pass_boundary(end, last);
                }
                State::Headers => return self.headers(),
                State::Body { skip } => return self.body(skip),
                State::Done => return Ok(None),
            }
        }
    }

    /// The stream has ended: was everything there?
    ///
    /// # Errors
    /// [`MultipartError::Truncated`] unless the final boundary was seen.
    pub fn finish(&self) -> Result<(), MultipartError> {
        if self.state == State::Done { Ok(()) } else { Err(MultipartError::Truncated) }
    }

    /// Whether the final boundary was seen; what follows it is of no meaning.
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    fn headers(&mut self) -> Result<Option<Piece>, MultipartError> {
        let length = if self.buffer.starts_with(b"\r\n") {
            0
        } else {
            let unseen = &self.buffer[self.searched..];
            match unseen.windows(4).position(|w| w == b"\r\n\r\n") {
                Some(at) => self.searched + at + 2,
                None if self.buffer.len() > self.limits.header_bytes + 4 => {
                    return Err(MultipartError::HeaderTooLong);
                }
                None => {
                    // Its first three bytes may be there already.
                    self.searched = self.buffer.len().saturating_sub(3);
                    return Ok(None);
                }
            }
        };
        if length > self.limits.header_bytes {
            return Err(MultipartError::HeaderTooLong);
        }
        if self.parts == self.limits.parts {
            return Err(MultipartError::TooManyParts);
        }
        let headers = PartHeaders::parse(&self.buffer.split_to(length), &self.delimiter[2..])?;
        self.parts += 1;
        self.searched = 0;
        self.length = 0;
        self.state = State::Body { skip: 2 };
        Ok(Some(Piece::Begin(headers)))
    }

    fn body(&mut self, skip: usize) -> Result<Option<Piece>, MultipartError> {
        let until = match self.boundary() {
            Boundary::Found { at, end, last } if at <= skip => {
                self.pass_boundary(end, last);
                return Ok(Some(Piece::End));
            }
            Boundary::Found { at, .. } => at,
            Boundary::None { before } if before <= skip => return Ok(None),
            Boundary::None { before } => before,
        };
        let mut piece = self.buffer.split_to(until).freeze();
        piece.advance(skip);
        self.state = State::Body { skip: 0 };
        self.count(piece.len(), self.limits.part_bytes, MultipartError::PartTooLong)?;
        Ok(Some(Piece::Body(piece)))
    }

    fn pass_boundary(&mut self, end: usize, last: bool) {
        self.buffer.advance(end);
        self.state = if last { State::Done } else { State::Headers };
        if last {
            self.buffer.clear();
        }
    }

    fn count(
        &mut self,
        bytes: usize,
        limit: u64,
        error: fn(u64) -> MultipartError,
    ) -> Result<(), MultipartError> {
        self.length += bytes as u64;
        if self.length > limit { Err(error(limit)) } else { Ok(()) }
    }

    /// Looks for the next boundary. What it says is certainly before one is given out at once, so that the
    /// buffer afterwards holds no more than an unfinished boundary and nothing is searched again and again.
    fn boundary(&self) -> Boundary {
        let buffer = &self.buffer[..];
        let mut from = 0;
        while let Some(offset) = buffer[from..].iter().position(|&b| b == b'\r') {
            let at = from + offset;
            let rest = &buffer[at..];
            if let Some(behind) = rest.strip_prefix(&self.delimiter[..]) {
                let start = at + self.delimiter.len();
                match tail(behind) {
                    Tail::Part { len } => return Boundary::Found { at, end: start + len, last: false },
                    Tail::Final { len } => return Boundary::Found { at, end: start + len, last: true },
                    Tail::Unknown => return Boundary::None { before: at },
                    Tail::NotABoundary => {}
                }
            } else if self.delimiter.starts_with(rest) {
                return Boundary::None { before: at };
            }
            from = at + 1;
        }
        Boundary::None { before: buffer.len() }
    }
}

/// A boundary is followed by white space and a line break, or by two dashes when it is the final one. Anything
/// else is data that looks like a boundary.
fn tail(behind: &[u8]) -> Tail {
    if behind.starts_with(b"--") {
        return Tail::Final { len: 2 };
    }
    let padding = behind.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    match &behind[padding..] {
        _ if padding > LONGEST_PADDING => Tail::NotABoundary,
        [b'\r', b'\n', ..] => Tail::Part { len: padding + 2 },
        [] | [b'\r'] => Tail::Unknown,
        [b'-'] if padding == 0 => Tail::Unknown,
        _ => Tail::NotABoundary,
    }
}

#[cfg(test)]
mod tests;
