//! Whether every frame's bytes are there, without decoding any: what a received object is held to before it
//! counts (`robustness.md` R7).

use super::fault::Fault;
use super::{frames, name, refuse_undecoded};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DicomError, PixelData, PixelFormat, Uid};

/// Proves that the pixel data hold all frames that the data set promises: native data by their length,
/// encapsulated data by fragments for each frame, none of them empty. Codings that are not decoded here pass
/// too: they are complete, only not shown yet.
///
/// # Errors
/// [`DicomError::Codestream`] naming the first frame that is not there.
pub fn check_complete(
    format: &PixelFormat,
    transfer_syntax: &Uid,
    pixels: &PixelData,
) -> Result<(), DicomError> {
    match pixels {
        PixelData::Native { value, .. } => {
            let frame_bits = native_frame_bits(format);
            let have_bits = value.len() as u128 * 8;
            if have_bits >= frame_bits * u128::from(format.frames) {
                return Ok(());
            }
            let frame = u32::try_from(have_bits / frame_bits.max(1)).unwrap_or(u32::MAX);
            Err(Fault::Damaged("the pixel data ends before the frame does").into_error(
                frame,
                transfer_syntax,
                "",
            ))
        }
        // The frames of a video are not found by fragments (PS3.5 8.2.5).
        PixelData::Encapsulated { .. } if refuse_undecoded(transfer_syntax).is_err() => Ok(()),
        PixelData::Encapsulated { offsets, fragments } => (0..format.frames).try_for_each(|frame| {
            let bytes = frames::frame_bytes(format.frames, offsets, fragments, frame);
            let there = bytes.and_then(|bytes| match bytes.is_empty() {
                true => Err(Fault::Damaged("the frame is empty")),
                false => Ok(()),
            });
            there.map_err(|fault| fault.into_error(frame, transfer_syntax, name(transfer_syntax)))
        }),
    }
}

/// Bits of one native frame (PS3.5 8.1.1); YBR_FULL_422 shares one chrominance pair between two pixels.
fn native_frame_bits(format: &PixelFormat) -> u128 {
    let bits = u128::from(format.samples_per_frame()) * u128::from(format.bits_allocated);
    if format.photometric == Photometric::YbrFull422 { bits / 3 * 2 } else { bits }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn format(frames: u32) -> PixelFormat {
        PixelFormat {
            rows: 3,
            columns: 3,
            frames,
            samples_per_pixel: 1,
            bits_allocated: 16,
            bits_stored: 12,
            high_bit: 11,
            signed: false,
            photometric: Photometric::Monochrome2,
            planar: false,
            float: false,
        }
    }

    fn native(bytes: usize) -> PixelData {
        PixelData::Native { value: Bytes::from(vec![0; bytes]), big_endian: false }
    }

    #[test]
    fn one_byte_short_names_the_frame_that_is_not_whole() {
        let uid = Uid::parse("1.2.840.10008.1.2.1").unwrap();
        assert_eq!(check_complete(&format(2), &uid, &native(36)), Ok(()));
        let short = check_complete(&format(2), &uid, &native(35));
        assert!(matches!(short, Err(DicomError::Codestream { frame: 1, .. })), "{short:?}");
    }

    #[test]
    fn fewer_fragments_than_frames_and_empty_ones_are_refused() {
        let uid = Uid::parse("1.2.840.10008.1.2.4.80").unwrap();
        let with = |fragments: &[&'static [u8]]| PixelData::Encapsulated {
            offsets: Vec::new(),
            fragments: fragments.iter().map(|f| Bytes::from_static(f)).collect(),
        };
        assert_eq!(check_complete(&format(2), &uid, &with(&[b"ab", b"cd"])), Ok(()));
        assert!(check_complete(&format(2), &uid, &with(&[b"ab"])).is_err());
        assert!(check_complete(&format(2), &uid, &with(&[b"ab", b""])).is_err());
    }
}
