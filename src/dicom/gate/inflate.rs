//! Deflated data sets (PS3.5 A.5), inflated under limits.

use std::io::Read;

use flate2::bufread::DeflateDecoder;

use super::limits;
use crate::dicom::DicomError;

/// Inflates a raw deflate stream (RFC 1951). It runs twice: once to learn the size without keeping anything,
/// once into memory of exactly that size.
///
/// # Errors
/// [`DicomError::Malformed`] for a damaged stream or one that grows beyond the limits.
pub(super) fn inflate(deflated: &[u8]) -> Result<Vec<u8>, DicomError> {
    let allowed = limits::allowed_inflated(deflated.len() as u64);
    let mut first_pass = DeflateDecoder::new(deflated).take(allowed + 1);
    let size = std::io::copy(&mut first_pass, &mut std::io::sink()).map_err(|_| damaged())?;
    if size > allowed {
        return Err(malformed(
            "a deflated data set that grows beyond 200 times its size or what a file of its size may hold",
        ));
    }
    let mut inflated = Vec::with_capacity(usize::try_from(size).map_err(|_| damaged())?);
    DeflateDecoder::new(deflated).take(size).read_to_end(&mut inflated).map_err(|_| damaged())?;
    Ok(inflated)
}

fn damaged() -> DicomError {
    malformed("damaged deflate stream")
}

fn malformed(what: &'static str) -> DicomError {
    DicomError::Malformed { tag: "(0002,0010)".to_owned(), what }
}
