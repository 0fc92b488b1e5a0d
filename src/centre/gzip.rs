//! Content-Encoding gzip, with an end to what it may become.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

/// A body this small may unpack to any ratio.
const ALWAYS_ALLOWED: u64 = 4 << 20;
/// Metadata of a long series shrinks to a thirtieth; nothing honest comes near this.
const RATIO: u64 = 200;

/// Why a packed body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GzipError {
    /// Not gzip, damaged, or cut.
    Broken,
    /// More than this many bytes.
    TooLarge(u64),
}

/// The unpacked body, at most `limit` bytes and at most 200 times the packed length (or 4 MiB).
pub(super) fn unpack(packed: &[u8], limit: u64) -> Result<Bytes, GzipError> {
    let limit = limit.min((packed.len() as u64).saturating_mul(RATIO).max(ALWAYS_ALLOWED));
    let mut out = Vec::new();
    MultiGzDecoder::new(packed).take(limit + 1).read_to_end(&mut out).map_err(|_| GzipError::Broken)?;
    if out.len() as u64 > limit { Err(GzipError::TooLarge(limit)) } else { Ok(out.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn honest_bodies_unpack_bombs_and_damage_do_not() {
        let honest = b"[{\"00080005\":{\"vr\":\"CS\"}}]".repeat(1000);
        let packed = pack(&honest);
        assert_eq!(unpack(&packed, 1 << 20).unwrap(), honest);
        assert_eq!(unpack(&packed, 1000), Err(GzipError::TooLarge(1000)));
        assert_eq!(unpack(&packed[..packed.len() - 9], 1 << 20), Err(GzipError::Broken));
        assert_eq!(unpack(b"plain", 1 << 20), Err(GzipError::Broken));

        let bomb = pack(&vec![b' '; 64 << 20]);
        assert!(matches!(unpack(&bomb, 1 << 30), Err(GzipError::TooLarge(limit)) if limit < 16 << 20));
    }
}
