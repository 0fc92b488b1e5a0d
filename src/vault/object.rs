//! One instance's bytes in one sealed file.
//!
//! Layout: `DKVO`, format version 1, 19 random bytes, then segments of 64 KiB (the last shorter, an empty
//! object has one empty segment), each sealed with XChaCha20-Poly1305 and followed by its tag. The nonce of a
//! segment is the 19 bytes, its number and whether it is the last (STREAM, `StreamBE32`): segments cannot be
//! cut off, reordered or taken from elsewhere. Associated data: the layout's name, the row's id, the length.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::XChaCha20Poly1305;
use zeroize::Zeroizing;

use super::keys::Id;
use super::seal::random;
use super::{Part, VaultError, durable};

const MAGIC: &[u8; 5] = b"DKVO\x01";
const SEGMENT: usize = 64 * 1024;
const TAG: usize = 16;

/// What makes one writing of an object different from every other.
pub(super) type Nonce = [u8; 19];

/// A nonce for the next writing.
pub(super) fn fresh_nonce() -> Result<Nonce, VaultError> {
    random()
}

/// Lower-case hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The length on disk of an object of `size` bytes.
pub(super) fn sealed_size(size: u64) -> u64 {
    let segments = size.div_ceil(SEGMENT as u64).max(1);
    (MAGIC.len() + 19) as u64 + size + segments * TAG as u64
}

/// Seals `bytes` into the new file `path`, durably.
///
/// # Errors
/// The file system's; nothing is left behind then.
pub(super) fn write(
    path: &Path,
    key: &[u8; 32],
    id: &Id,
    nonce: &Nonce,
    bytes: &[u8],
) -> Result<(), VaultError> {
    let about = about(id, bytes.len() as u64);
    durable::write(path, |file| {
        file.write_all(MAGIC)?;
        file.write_all(nonce)?;
        let mut stream = EncryptorBE32::<XChaCha20Poly1305>::new(key.into(), nonce.into());
        let mut segment = Vec::with_capacity(SEGMENT + TAG);
        let last = bytes.len().saturating_sub(1) / SEGMENT * SEGMENT;
        for plain in bytes[..last].chunks(SEGMENT) {
            segment.clear();
            segment.extend_from_slice(plain);
            stream.encrypt_next_in_place(&about, &mut segment).map_err(too_long)?;
            file.write_all(&segment)?;
        }
        segment.clear();
        segment.extend_from_slice(&bytes[last..]);
        stream.encrypt_last_in_place(&about, &mut segment).map_err(too_long)?;
        Ok(file.write_all(&segment)?)
    })
}

/// The object, whole and authentic.
///
/// # Errors
/// [`VaultError::Damaged`] when the file is gone, has another length, or one bit is not what was written.
pub(super) fn read(
    path: &Path,
    key: &[u8; 32],
    id: &Id,
    nonce: &Nonce,
    size: u64,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let damaged = VaultError::damaged(Part::Instance);
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => damaged,
        _ => error.into(),
    })?;
    if file.metadata()?.len() != sealed_size(size) {
        return Err(damaged);
    }
    let mut header = [0; MAGIC.len() + 19];
    file.read_exact(&mut header)?;
    let (magic, found) = header.split_at(MAGIC.len());
    if magic != MAGIC || found != nonce {
        return Err(damaged);
    }
    let about = about(id, size);
    let mut left = usize::try_from(size).map_err(|_| damaged)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(left));
    let mut segment = Zeroizing::new(Vec::with_capacity(SEGMENT + TAG));
    let mut stream = DecryptorBE32::<XChaCha20Poly1305>::new(key.into(), nonce.into());
    while left > SEGMENT {
        next_segment(&mut file, SEGMENT, &mut segment)?;
        stream.decrypt_next_in_place(&about, &mut *segment).map_err(|_| damaged)?;
        plain.extend_from_slice(&segment);
        left -= SEGMENT;
    }
    next_segment(&mut file, left, &mut segment)?;
    stream.decrypt_last_in_place(&about, &mut *segment).map_err(|_| damaged)?;
    plain.extend_from_slice(&segment);
    Ok(plain)
}

fn next_segment(file: &mut File, plain: usize, segment: &mut Vec<u8>) -> Result<(), VaultError> {
    segment.resize(plain + TAG, 0);
    Ok(file.read_exact(segment)?)
}

fn about(id: &Id, size: u64) -> Vec<u8> {
    [b"dokuei object 1".as_slice(), id, &size.to_be_bytes()].concat()
}

/// 2^32 segments are 256 TiB.
fn too_long(_: aead_stream::aead::Error) -> VaultError {
    VaultError::Io { kind: std::io::ErrorKind::FileTooLarge }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::keys;

    fn body(size: usize) -> Vec<u8> {
        (0..size).map(|i| (i * 31 % 251) as u8).collect()
    }

    #[test]
    fn every_length_around_a_segment_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let (key, id) = (keys::fresh().unwrap(), [3; 32]);
        for size in [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 77] {
            let (path, nonce) = (folder.path().join(size.to_string()), fresh_nonce().unwrap());
            write(&path, &key, &id, &nonce, &body(size)).unwrap();
            assert_eq!(std::fs::metadata(&path).unwrap().len(), sealed_size(size as u64));
            assert_eq!(*read(&path, &key, &id, &nonce, size as u64).unwrap(), body(size));
        }
    }

    #[test]
    fn segments_cannot_be_cut_swapped_or_given_to_another_object() {
        let folder = tempfile::tempdir().unwrap();
        let (key, id, nonce) = (keys::fresh().unwrap(), [3; 32], fresh_nonce().unwrap());
        let path = folder.path().join("object");
        let size = 3 * SEGMENT;
        write(&path, &key, &id, &nonce, &body(size)).unwrap();
        let sealed = std::fs::read(&path).unwrap();
        let (start, step) = (24, SEGMENT + TAG);

        let mut swapped = sealed.clone();
        let (first, rest) = swapped[start..].split_at_mut(step);
        first.swap_with_slice(&mut rest[..step]);
        std::fs::write(&path, &swapped).unwrap();
        assert_eq!(read(&path, &key, &id, &nonce, size as u64), Err(VaultError::damaged(Part::Instance)));

        std::fs::write(&path, &sealed[..start + 2 * step]).unwrap();
        for claimed in [size, 2 * SEGMENT] {
            let answer = read(&path, &key, &id, &nonce, claimed as u64);
            assert_eq!(answer, Err(VaultError::damaged(Part::Instance)), "claimed {claimed}");
        }

        std::fs::write(&path, &sealed).unwrap();
        assert!(read(&path, &key, &id, &nonce, size as u64).is_ok());
        assert!(read(&path, &key, &[4; 32], &nonce, size as u64).is_err());
        assert!(read(&path, &key, &id, &[0; 19], size as u64).is_err());
    }
}
