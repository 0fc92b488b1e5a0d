//! One file made to do harm, and how reading it must end.

use crate::dicom::build::{EXPLICIT, file, identity, implicit, long};

/// A case of the corpus.
pub(super) struct Case {
    /// The row of the list of attacks that it belongs to.
    pub(super) row: &'static str,
    /// What is wrong with the file.
    pub(super) name: String,
    /// How it must end.
    pub(super) end: End,
    /// Makes the file; only when it is its turn, since some are large.
    pub(super) make: Box<dyn Fn() -> Input>,
}

/// What is read.
pub(super) enum Input {
    /// A Part 10 file or a bare data set.
    Object(Vec<u8>),
    /// One object of a DICOM JSON reply.
    Json(String),
}

/// How a case must end. A tag is that which the error must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The gate says that the bytes end early.
    Truncated(&'static str),
    /// The gate says that the structure is broken.
    Malformed(&'static str),
    /// It is no DICOM file.
    NotDicom,
    /// Some error, from the gate or from the first frame.
    Refused,
    /// The picture of `build::image`: 4 x 4 zeros.
    Blank,
    /// It is read, and the patient's name is this.
    Named(&'static str),
    /// It is read, with a warning of this code.
    Warned(&'static str),
    /// An error or a reading, as long as it is quick and small.
    Bounded,
}

/// A case whose input is an object.
pub(super) fn case(
    row: &'static str,
    name: impl Into<String>,
    end: End,
    make: impl Fn() -> Vec<u8> + 'static,
) -> Case {
    Case { row, name: name.into(), end, make: Box::new(move || Input::Object(make())) }
}

/// Explicit VR Little Endian with the elements that every object needs.
pub(super) fn explicit(parts: &[Vec<u8>]) -> Vec<u8> {
    file(EXPLICIT, &[identity(""), parts.concat()].concat())
}

/// An item of encapsulated pixel data or of a sequence.
pub(super) fn item(value: &[u8]) -> Vec<u8> {
    implicit((0xfffe, 0xe000), value.len() as u32, value)
}

/// The Sequence Delimitation Item.
pub(super) fn sequence_end() -> Vec<u8> {
    implicit((0xfffe, 0xe0dd), 0, b"")
}

/// The Item Delimitation Item.
pub(super) fn item_end() -> Vec<u8> {
    implicit((0xfffe, 0xe00d), 0, b"")
}

/// Encapsulated pixel data: these items and the delimiter.
pub(super) fn fragments(items: &[Vec<u8>]) -> Vec<u8> {
    let items = [items.concat(), sequence_end()].concat();
    long((0x7fe0, 0x10), "OB", u32::MAX, &items)
}

/// An image whose pixel data is one code stream, or several fragments.
pub(super) fn encapsulated(syntax: &str, changes: &[Vec<u8>], streams: &[Vec<u8>]) -> Vec<u8> {
    let mut body = crate::dicom::build::image(changes);
    body.truncate(body.len() - 44);
    let items: Vec<_> = std::iter::once(item(b"")).chain(streams.iter().map(|stream| item(stream))).collect();
    file(syntax, &[identity(""), body, fragments(&items)].concat())
}
