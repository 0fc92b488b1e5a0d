//! The one door from pixel data as it lies in the file to samples (PS3.5 section 8, annexes A.4 and G).
//!
//! [`decode`] takes the Image Pixel module, the transfer syntax and the cut pixel data, and returns the
//! stored samples of one frame without touching the others. It is pure and deterministic, it does not panic
//! on hostile input, and before it hands a code stream to any decoder it has read the stream's own header
//! and compared it with the data set:
//!
//! ```text
//! fragments ── frames ──► one frame's bytes ── header ──► kind of stream, rows, columns, components, precision
//!                                                │ must equal the data set, must be complete
//!                   rle / jpeg / jpegls / jpeg2000 ──► cells ── stored ──► Samples
//! native value ─────────────────────────────── native ──► cells ──┘
//! ```
//!
//! What a code stream is, its first bytes say, not the transfer syntax: real files are mislabelled.
//!
//! **Colour.** No colour conversion happens here but the one that a JPEG 2000 stream carries in itself
//! (PS3.5 8.2.4, YBR_RCT and YBR_ICT come out as RGB). [`DecodedFrame::photometric`] says what the samples
//! mean now: a YBR_FULL_422 image comes out as YBR_FULL with one chrominance pair a pixel, and a JPEG stream
//! that says of itself whether it is RGB or YCbCr is believed before the data set (`jpeg::colour`).
//!
//! **Not decoded here yet**, and refused by name: High-Throughput JPEG 2000, JPEG XL, frame-wise deflate and video.
//!
//! **Speed** (2026, one core): a 512x512 CT slice takes 0.2 ms native, 0.8 ms RLE, 0.3 ms JPEG (8 bits), 1 ms JPEG
//! lossless, 3 ms JPEG-LS (0.8 of CharLS's time), 6 ms JPEG 2000 lossy, 28 ms JPEG 2000 lossless.
//!
//! Decoders of others: hayro-jpeg2000. RLE, JPEG and JPEG-LS are our own: dicom-rs's RLE panics on damaged frames; the
//! JPEG libraries know no 12 bits, fill with grey what is missing and say nothing, and return wrong samples without an
//! error for lossless streams with a point transform or restart intervals; no JPEG-LS library in Rust decodes colour.
//! No decoder of others is trusted with damaged data: what they would fill with grey or black is found missing before
//! they run.

mod fault;
mod frames;
mod geometry;
mod header;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod native;
mod rle;
mod stored;

use dicom_dictionary_std::uids;
use dicom_encoding::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use super::{DecodedFrame, DicomError, PixelData, PixelFormat, Uid};
use fault::Fault;
use geometry::Geometry;
use header::Stream;

/// Decodes frame `frame` (from 0) of an instance.
///
/// The samples are as stored: row by row, interleaved, unused high bits removed, sign extended, 1-bit data as
/// one byte a pixel; their type follows Bits Allocated. Allocates no more than a small multiple of
/// rows x columns x samples, and of native data no more than the bytes hold.
///
/// # Errors
/// - [`DicomError::NoSuchFrame`] when `frame` is not below the number of frames;
/// - [`DicomError::UnsupportedTransferSyntax`] for codings that are known but not decoded here;
/// - [`DicomError::UnsupportedPixels`] for bit depths, sample counts or sizes that are not decoded here;
/// - [`DicomError::Codestream`] when the bytes are damaged, end early, or contradict the data set. There is
///   never a blank or partly blank frame instead.
pub fn decode(
    format: &PixelFormat,
    transfer_syntax: &Uid,
    pixels: &PixelData,
    frame: u32,
) -> Result<DecodedFrame, DicomError> {
    if frame >= format.frames {
        return Err(DicomError::NoSuchFrame { frame, frames: format.frames });
    }
    let decoded = Geometry::check(format).and_then(|geometry| match pixels {
        PixelData::Native { value, big_endian } => {
            let whole = is_encapsulated(transfer_syntax);
            native::decode(
                format,
                &geometry,
                native::Value { bytes: value, big_endian: *big_endian, whole },
                frame,
            )
        }
        PixelData::Encapsulated { offsets, fragments } => {
            refuse_undecoded(transfer_syntax)?;
            let bytes = frames::frame_bytes(format.frames, offsets, fragments, frame)?;
            encapsulated(format, &geometry, transfer_syntax, &bytes)
        }
    });
    decoded.map_err(|fault| fault.into_error(frame, transfer_syntax, name(transfer_syntax)))
}

/// One frame's code stream, by what its first bytes say it is.
fn encapsulated(
    format: &PixelFormat,
    geometry: &Geometry,
    transfer_syntax: &Uid,
    bytes: &[u8],
) -> Result<DecodedFrame, Fault> {
    if transfer_syntax.as_str() == uids::RLE_LOSSLESS {
        return rle::decode(format, geometry, bytes);
    }
    match header::sniff(bytes)? {
        Stream::Jpeg if jpegls::is_jpegls(bytes) => jpegls::decode(format, geometry, bytes),
        Stream::Jpeg => jpeg::decode(format, geometry, bytes),
        Stream::Jpeg2000(codestream) => jpeg2000::decode(format, geometry, codestream),
        Stream::JpegXl => Err(Fault::NotDecoded),
        Stream::Unknown if name(transfer_syntax).is_empty() => Err(Fault::NotDecoded),
        Stream::Unknown => Err(Fault::Damaged("no JPEG or JPEG 2000 code stream at the start of the frame")),
    }
}

/// Transfer syntaxes whose frames cannot be told by their first bytes, and that are not decoded here.
fn refuse_undecoded(transfer_syntax: &Uid) -> Result<(), Fault> {
    let uid = transfer_syntax.as_str();
    let video = uid
        .strip_prefix("1.2.840.10008.1.2.4.1")
        .is_some_and(|rest| matches!(rest.as_bytes(), [b'0', b'0'..=b'8'] | [b'0', b'0'..=b'8', b'.', b'1']));
    let deflated_frames = uid == "1.2.840.10008.1.2.8.1";
    if video || deflated_frames { Err(Fault::NotDecoded) } else { Ok(()) }
}

/// Whether the transfer syntax is one of encapsulated pixel data. Unknown ones are taken as native.
fn is_encapsulated(transfer_syntax: &Uid) -> bool {
    TransferSyntaxRegistry.get(transfer_syntax.as_str()).is_some_and(|ts| ts.is_encapsulated_pixel_data())
}

/// The name of a transfer syntax in PS3.6, or nothing when it is not known.
fn name(transfer_syntax: &Uid) -> &'static str {
    super::names::transfer_syntax(transfer_syntax.as_str()).unwrap_or_default()
}
