//! A multipart reply in chunks of any size: the same parts come out as of one chunk.
#![no_main]

use dokuei_fuzz::MediaType;
use dokuei_fuzz::multipart::{Limits, MultipartReader, Piece};
use libfuzzer_sys::fuzz_target;

/// The bodies of the parts that ended, and whether the whole did.
fn parts<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Option<(Vec<Vec<u8>>, bool)> {
    let limits = Limits { header_bytes: 256, part_bytes: 1 << 16, parts: 64, preamble_bytes: 256 };
    let mut reader =
        MultipartReader::new(&MediaType::parse("multipart/related; boundary=b")?, limits).ok()?;
    let (mut bodies, mut open) = (Vec::new(), Vec::new());
    for chunk in chunks {
        reader.feed(chunk);
        while let Some(piece) = reader.next_piece().ok()? {
            match piece {
                Piece::Begin(headers) => drop((headers.media_type(), headers.content_length())),
                Piece::Body(bytes) => open.extend_from_slice(&bytes),
                Piece::End => bodies.push(std::mem::take(&mut open)),
            }
        }
    }
    Some((bodies, reader.finish().is_ok()))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&size, stream)) = bytes.split_first() else { return };
    let whole = parts(std::iter::once(stream));
    let pieces = parts(stream.chunks(usize::from(size).max(1)));
    // A limit may be met in the middle of a chunk or at its end; what came out is the same.
    if let (Some(whole), Some(pieces)) = (whole, pieces) {
        assert_eq!(whole, pieces, "the chunks change the parts");
    }
});
