//! Deflated Image Frame Compression (PS3.5 8.2.16 and A.4.13): each frame a raw deflate stream (RFC 1951).

use flate2::{Decompress, FlushDecompress, Status};

use super::fault::Fault;

/// Deflate makes 1032 bytes of one at most.
const MOST_EXPANSION: usize = 1032;

/// The `length` native bytes of a frame: exactly these, and at most one byte to make them even.
pub(super) fn inflate(frame: &[u8], length: usize) -> Result<Vec<u8>, Fault> {
    if length / MOST_EXPANSION > frame.len() {
        return Err(Fault::Damaged("a deflated frame too short for its size"));
    }
    // Two bytes more than wanted tell a stream that is too long.
    let mut bytes = vec![0; length + 2];
    let mut inflater = Decompress::new(false);
    let status = inflater.decompress(frame, &mut bytes, FlushDecompress::Finish);
    let found = inflater.total_out() as usize;
    match status {
        Ok(Status::StreamEnd) if found == length || found == length.next_multiple_of(2) => {
            bytes.truncate(length);
            Ok(bytes)
        }
        Ok(Status::StreamEnd) if found < length => Err(Fault::Contradicts {
            what: "bytes of a deflated frame",
            stream: found as u64,
            dataset: length as u64,
        }),
        Ok(_) if found > length => Err(Fault::Damaged("a deflated frame longer than the data set says")),
        _ => Err(Fault::Damaged("a deflated frame is damaged or cut short")),
    }
}
