//! 8-bit sequential DCT processes (T.81 annex F), by the libraries that do them well.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::complete;
use super::markers::{Header, segment_at};
use crate::dicom::codec::fault::{Fault, shielded};
use crate::dicom::codec::stored::{Cells, of_codestream};
use crate::dicom::{PixelFormat, Samples};

/// Samples, interleaved, without any colour conversion.
pub(super) fn decode(format: &PixelFormat, header: &Header, bytes: &[u8]) -> Result<Samples, Fault> {
    complete::check(header, bytes)?;
    let bare = without_annotations(header, bytes)?;
    let components = header.frame.components.len();
    let decoded = shielded(|| by_zune(&bare, components))
        .or_else(|_| shielded(|| by_jpeg_decoder(&bare, components)))?;
    if decoded.len() != header.frame.rows * header.frame.columns * components {
        return Err(Fault::Damaged("a JPEG decoder returned another number of samples"));
    }
    Ok(clamped(decoded, format)?.into_samples(&of_codestream(format)))
}

/// The stream without application data and comments: a decoder then knows nothing from which it could
/// conclude a colour space, and cannot stumble over them.
fn without_annotations(header: &Header, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut bare = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < header.scans_at {
        let segment = segment_at(bytes, at)?;
        if !segment.is_annotation() {
            bare.extend_from_slice(&bytes[segment.start..segment.end]);
        }
        at = segment.end;
    }
    bare.extend_from_slice(&bytes[header.scans_at..]);
    Ok(bare)
}

fn by_zune(bytes: &[u8], components: usize) -> Result<Vec<u8>, Fault> {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    let options = |colours| {
        DecoderOptions::default()
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            .jpeg_set_out_colorspace(colours)
    };
    decoder.set_options(options(ColorSpace::Luma));
    decoder.decode_headers().map_err(|error| Fault::Decoder(error.to_string()))?;
    // The same colours out as in: no conversion.
    let colours = decoder.input_colorspace().filter(|colours| colours.num_components() == components);
    let colours = colours.ok_or(Fault::Damaged("a JPEG decoder sees another number of components"))?;
    decoder.set_options(options(colours));
    decoder.decode().map_err(|error| Fault::Decoder(error.to_string()))
}

/// jpeg-decoder's `ColorTransform::None` puts a line's components one behind the other; `RGB` interleaves them
/// as they are.
fn by_jpeg_decoder(bytes: &[u8], components: usize) -> Result<Vec<u8>, Fault> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    if components == 3 {
        decoder.set_color_transform(jpeg_decoder::ColorTransform::RGB);
    }
    decoder.decode().map_err(|error| Fault::Decoder(error.to_string()))
}

/// Lossy coding overshoots: with fewer bits stored than the stream has, values are limited, not cut.
fn clamped(mut values: Vec<u8>, format: &PixelFormat) -> Result<Cells, Fault> {
    if !format.signed && format.bits_stored < 8 {
        let most = (1_u8 << format.bits_stored) - 1;
        values.iter_mut().for_each(|value| *value = (*value).min(most));
    }
    if format.bits_allocated == 8 {
        return Ok(Cells::U8(values));
    }
    Cells::widen(values.into_iter().map(u16::from).collect(), format.bits_allocated)
}
