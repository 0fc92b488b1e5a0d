//! From the stream to its scans, each with the tables in force and its entropy-coded data.

use super::entropy::Entropy;
use super::markers::{EOI, Frame, SOS, Scan, Tables, segment_at};
use crate::dicom::codec::fault::Fault;

/// The most scans of one image. A progressive one of three components has about thirty; every scan may cost a
/// walk over the whole image however few bytes it has.
const MOST_SCANS: usize = 100;

/// What a scan's decoder says of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Image {
    /// Every sample is known to its last bit.
    Complete,
    /// More scans must come.
    Incomplete,
}

/// Hands the scans to `decode` in order, until it says that the image is complete. A stream that ends before
/// is an error: what it lacks would be grey.
pub(super) fn each(
    frame: &Frame,
    bytes: &[u8],
    mut decode: impl FnMut(&Scan, &Tables, &Entropy) -> Result<Image, Fault>,
) -> Result<(), Fault> {
    const PARTLY: Fault = Fault::Damaged("the JPEG stream ends before the last scan of its image");
    let (mut tables, mut at) = (Tables::default(), 0);
    for _ in 0..MOST_SCANS {
        let segment = loop {
            if at >= bytes.len() {
                return Err(PARTLY);
            }
            let segment = segment_at(bytes, at)?;
            at = segment.end;
            match segment.marker {
                SOS => break segment,
                EOI => return Err(PARTLY),
                _ => tables.update(&segment)?,
            }
        };
        let entropy = Entropy::read(bytes, at);
        at = entropy.end;
        if decode(&Scan::parse(segment.body, frame)?, &tables, &entropy)? == Image::Complete {
            return Ok(());
        }
    }
    Err(Fault::Damaged("a JPEG image of too many scans"))
}
