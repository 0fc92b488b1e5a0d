//! JPEG 2000 (ISO 15444-1, here T.800; transfer syntaxes .90 and .91), by hayro-jpeg2000, and High-Throughput
//! JPEG 2000 (ISO 15444-15, here T.814; .201, .202 and .203), by openjp2.
//!
//! Both allocate what a header claims, and hayro fills missing tiles with black and undoes one colour transform
//! for all tiles; an allocation that fails ends the process. So [`header`] reads the whole skeleton of the code
//! stream first and refuses what contradicts the data set, is incomplete, or would cost more than the image.
//! Which of the two kinds a stream is, its own header says.

mod header;
mod openjpeg;
mod source;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::fault::{Fault, shielded};
use super::geometry::Geometry;
use super::header::Claims;
use super::stored::{self, Cells};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, PixelFormat};
use header::Header;

/// Samples of one code stream; [`Fault::NotDecoded`] for the extensions of Part 2.
pub(super) fn decode(format: &PixelFormat, geometry: &Geometry, bytes: &[u8]) -> Result<DecodedFrame, Fault> {
    let header = Header::read(bytes)?;
    let claims = Claims {
        rows: header.rows.into(),
        columns: header.columns.into(),
        components: header.components as u64,
        precision: header.precision.into(),
    };
    claims.check(format, geometry, bytes.len())?;
    header.check_cost()?;
    if header.precision > 16 {
        return Err(Fault::Pixels(format!("JPEG 2000 with {} bits", header.precision)));
    }
    let range = Range::of(format, &header);
    let cells = shielded(|| {
        if header.high_throughput {
            let codestream = &bytes[..header.end];
            openjpeg::decode(codestream, |planes| {
                cells(planes, format, geometry, &range, |&value| range.limit(value))
            })
        } else {
            by_hayro(bytes, |planes| cells(planes, format, geometry, &range, |&raised| range.lowered(raised)))
        }
    })?;
    Ok(stored::frame(
        geometry,
        photometric(format, &header),
        cells.into_samples(&stored::of_codestream(format)),
    ))
}

/// All components at full resolution, each sample raised by half the range if it is signed.
fn by_hayro(bytes: &[u8], take: impl FnOnce(&[&[f32]]) -> Result<Cells, Fault>) -> Result<Cells, Fault> {
    let settings = DecodeSettings { resolve_palette_indices: false, strict: false, target_resolution: None };
    let decoder_says = |error: hayro_jpeg2000::DecodeError| Fault::Decoder(error.to_string());
    let image = Image::new(bytes, &settings).map_err(decoder_says)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(decoder_says)?;
    let planes: Vec<&[f32]> = decoded.components().iter().map(|component| component.samples()).collect();
    take(&planes)
}

/// Interleaved cells of planes, whose samples `value_of` reads.
fn cells<T>(
    planes: &[&[T]],
    format: &PixelFormat,
    geometry: &Geometry,
    range: &Range,
    value_of: impl Fn(&T) -> i32,
) -> Result<Cells, Fault> {
    if planes.len() != geometry.samples || planes.iter().any(|plane| plane.len() != geometry.pixels()) {
        return Err(Fault::Damaged("the JPEG 2000 decoder returned another number of samples"));
    }
    let mut values = vec![0_u16; geometry.sample_count()];
    for (component, plane) in planes.iter().enumerate() {
        if let [_] = planes {
            values.iter_mut().zip(*plane).for_each(|(cell, sample)| *cell = value_of(sample) as u16);
        } else {
            let cells = values[component..].iter_mut().step_by(planes.len());
            cells.zip(*plane).for_each(|(cell, sample)| *cell = value_of(sample) as u16);
        }
    }
    if range.signed && !format.signed && values.iter().any(|value| (*value as i16) < 0) {
        return Err(Fault::Damaged("negative samples in the code stream, unsigned ones in the data set"));
    }
    if let Some(bits) = range.complement_bits {
        values.iter_mut().for_each(|value| *value = (((*value as i16) << (16 - bits)) >> (16 - bits)) as u16);
    }
    if format.bits_allocated == 32 && format.signed {
        return Ok(Cells::U32(values.into_iter().map(|value| i32::from(value as i16) as u32).collect()));
    }
    Cells::widen(values, format.bits_allocated)
}

/// The numbers a sample can be, in the code stream and in the data set.
struct Range {
    /// Signed samples in the code stream.
    signed: bool,
    /// What these are raised by.
    raise: i32,
    least: i32,
    most: i32,
    /// An unsigned stream in a signed data set: its samples are two's complement of this many bits, a common
    /// encoder's mistake, which pydicom and GDCM undo in the same way.
    complement_bits: Option<u32>,
}

impl Range {
    fn of(format: &PixelFormat, header: &Header) -> Self {
        let precision = u32::from(header.precision);
        // Irreversible coding overshoots: limit it to what the data set can hold. Reversible coding is exact,
        // and bits above Bits Stored are then something else (old overlays) and are cut off later.
        let bits = if header.reversible { precision } else { precision.min(u32::from(format.bits_stored)) };
        let complement_bits = (format.signed && !header.signed).then_some(precision);
        let (raise, least, most) = if header.signed {
            (1 << (precision - 1), -(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        } else if complement_bits.is_some() {
            (0, 0, (1 << precision) - 1)
        } else {
            (0, 0, (1 << bits) - 1)
        };
        Self { signed: header.signed, raise, least, most, complement_bits }
    }

    /// From a sample that hayro raised. Cutting off the fraction rounds what is not below the range, and what is
    /// below it is limited.
    #[inline]
    fn lowered(&self, raised: f32) -> i32 {
        self.limit(((raised + 0.5) as i32).saturating_sub(self.raise))
    }

    #[inline]
    fn limit(&self, value: i32) -> i32 {
        value.clamp(self.least, self.most)
    }
}

/// The stream's component transform is undone in decoding, so what was coded with one is RGB (PS3.5 8.2.4).
/// A data set that names a transform which the stream has not used is RGB all the same.
fn photometric(format: &PixelFormat, header: &Header) -> Photometric {
    match &format.photometric {
        Photometric::YbrIct | Photometric::YbrRct => Photometric::Rgb,
        _ if header.components == 3 && header.colour_transform => Photometric::Rgb,
        Photometric::YbrFull422 => Photometric::YbrFull,
        other => other.clone(),
    }
}
