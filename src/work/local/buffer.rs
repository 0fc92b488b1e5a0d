//! The bytes of one object at a time: read only if they begin as DICOM, into memory that is used again.
//!
//! A thread that catalogues thousands of files reads them all into the same buffer: fresh memory for each would
//! cost more than the reading.

use std::cell::Cell;
use std::io::{ErrorKind, Read};

use bytes::Bytes;

use super::error::LocalError;
use super::place::Place;
use crate::dicom::{DicomError, part10};
use crate::work::WorkError;

/// The most bytes of one object: what its lengths can say (PS3.5 7.1.1).
const MOST_GIB: u64 = 4;
/// A buffer that has grown beyond this is given back.
const KEPT_BYTES: usize = 64 << 20;
/// What a first look takes: enough for preamble, prefix and the first header (PS3.10 7.1).
const HEAD: usize = 160;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Hands the bytes of an object to `work`, which must not keep them: `None` when they do not begin as DICOM.
///
/// # Errors
/// The file system's or the archive's; [`LocalError::Within`] for an archive where an object was looked for.
pub(super) fn with_object<T>(place: &Place, work: impl FnOnce(Bytes) -> T) -> Result<Option<T>, WorkError> {
    let mut buffer = BUFFER.take();
    let read = read(place, &mut buffer);
    let kept = Bytes::from(buffer);
    let result = read.map(|length| length.map(|length| work(kept.slice(..length))));
    if kept.is_unique() && kept.len() <= KEPT_BYTES {
        BUFFER.set(Vec::from(kept));
    }
    result
}

/// The bytes of an object, to keep.
///
/// # Errors
/// As [`with_object`]; [`DicomError::NotDicom`].
pub(super) fn object(place: &Place) -> Result<Bytes, WorkError> {
    let mut buffer = Vec::new();
    let length = read(place, &mut buffer)?.ok_or(DicomError::NotDicom)?;
    buffer.truncate(length);
    Ok(buffer.into())
}

/// Reads to the start of `buffer`, which only grows; says how many bytes of it are the object.
fn read(place: &Place, buffer: &mut Vec<u8>) -> Result<Option<usize>, WorkError> {
    match place {
        Place::File(path) => {
            let broken = |e: &std::io::Error| WorkError::file(path, e);
            let mut file = std::fs::File::open(path).map_err(|e| broken(&e))?;
            let about = file.metadata().map_err(|e| broken(&e))?;
            if !about.is_file() {
                return Err(LocalError::NotAFile { path: path.clone() }.into());
            }
            fill(&mut file, about.len(), place, buffer)?.map_err(|e| broken(&e))
        }
        Place::Entry(archive, index) => archive.read(*index, |entry, size| {
            let damaged = |_| LocalError::DamagedEntry;
            let length = fill(entry, size, place, buffer)?.map_err(damaged)?;
            // Only at its end is the checksum compared.
            let is_object = length.is_some();
            let ends = is_object && entry.read(&mut [0]).map_err(damaged)? == 0;
            if is_object && !(ends && length.is_some_and(|length| length as u64 == size)) {
                return Err(LocalError::DamagedEntry.into());
            }
            Ok(length)
        }),
    }
}

/// The outer error is ours, the inner one the source's.
fn fill(
    source: &mut impl Read,
    length: u64,
    place: &Place,
    buffer: &mut Vec<u8>,
) -> Result<std::io::Result<Option<usize>>, WorkError> {
    let too_large = || LocalError::TooLarge { path: place.label(), most_gib: MOST_GIB };
    let head = HEAD.min(usize::try_from(length).unwrap_or(HEAD));
    grow(buffer, head).map_err(|()| too_large())?;
    match fill_exactly(source, &mut buffer[..head]) {
        Ok(got) if got == head && part10::begins_as_dicom(&buffer[..head]) => {}
        Ok(_) if is_archive(&buffer[..head], place) => return Err(LocalError::Within.into()),
        Ok(_) => return Ok(Ok(None)),
        Err(error) => return Ok(Err(error)),
    }
    let whole = usize::try_from(length).ok().filter(|_| length <= MOST_GIB << 30).ok_or_else(too_large)?;
    grow(buffer, whole).map_err(|()| too_large())?;
    let rest = fill_exactly(source, &mut buffer[head..whole]);
    Ok(rest.map(|rest| Some(head + rest)))
}

/// Room for so many bytes; memory that cannot be had is an error, not an end of the program.
fn grow(buffer: &mut Vec<u8>, length: usize) -> Result<(), ()> {
    if buffer.len() < length {
        buffer.try_reserve_exact(length - buffer.len()).map_err(|_| ())?;
        buffer.resize(length, 0);
    }
    Ok(())
}

/// Reads until `out` is full or the source ends.
fn fill_exactly(source: &mut impl Read, mut out: &mut [u8]) -> std::io::Result<usize> {
    let mut total = 0;
    while !out.is_empty() {
        match source.read(out) {
            Ok(0) => break,
            Ok(count) => {
                total += count;
                out = &mut out[count..];
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(total)
}

/// A ZIP archive by its first bytes and its name: office documents are ZIP archives too.
fn is_archive(head: &[u8], place: &Place) -> bool {
    let named = place.label().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    named && super::archive::begins_as_archive(head)
}
