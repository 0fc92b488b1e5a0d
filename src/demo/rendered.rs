//! WADO-RS rendered: a picture of a frame (PS3.18 8.3.5, 10.4.1.1.3).
//!
//! A plain window over uncompressed grey or RGB pixels, written from PS3.3 C.11.2; a preview for a browser,
//! not what the workstation shows.

use std::io::Cursor;
use std::sync::Arc;

use dicom_dictionary_std::tags;
use http::StatusCode;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, imageops::FilterType};

use super::answer::{Ask, offload};
use super::archive::Archive;
use super::attributes::{count, number, string};
use super::body::whole;
use super::entry::Entry;
use super::pixels::Pixels;
use super::reply::{Refusal, Reply, with_type};
use super::route::Scope;
use super::wado::one;

/// The largest viewport, in pixels a side.
const LARGEST_SIDE: u32 = 8192;

/// JPEG quality where none is asked for.
const USUAL_QUALITY: u8 = 90;

/// What a rendering request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Wish {
    window: Option<Window>,
    viewport: Option<(u32, u32)>,
    quality: Option<u8>,
}

/// A window with its function (PS3.3 C.11.2.1).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Window {
    center: f64,
    width: f64,
    function: Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Linear,
    LinearExact,
    Sigmoid,
}

/// A picture of frame `frame` (from 1).
///
/// # Errors
/// 404 for what is not there, 400 for a parameter that is none, 406 for pixels that are not rendered here
/// and for types other than JPEG and PNG.
pub(super) async fn picture(
    archive: &Arc<Archive>,
    scope: Scope,
    frame: u32,
    ask: &Ask,
) -> Result<Reply, Refusal> {
    let wish = Wish::parse(ask.query.as_deref())?;
    let formats = [(ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::Png, "image/png")];
    let fits = |range: &super::accept::MediaType| formats.into_iter().find(|(_, name)| range.covers(name));
    let (format, media_type) = ask.accept.iter().find_map(fits).ok_or(Refusal::NotAcceptable)?;
    let (archive, damage) = (archive.clone(), ask.damage);
    let bytes = offload(move || {
        let entry = one(&archive, &scope, damage)?;
        let pixels = Pixels::read(&archive.file(&entry))?;
        if !pixels.is_native() {
            return Err(Refusal::NotAcceptable);
        }
        let image = image(&entry, &pixels.frame(frame)?, wish.window)?;
        let sized = match wish.viewport {
            Some((width, height)) => image.resize(width, height, FilterType::Triangle),
            None => image,
        };
        encoded(&sized, format, wish.quality.unwrap_or(USUAL_QUALITY))
    });
    Ok(with_type(StatusCode::OK, media_type, whole(bytes.await??)))
}

impl Wish {
    fn parse(query: Option<&str>) -> Result<Self, Refusal> {
        let mut wish = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "window" => wish.window = Some(Window::parse(&value)?),
                "viewport" => wish.viewport = Some(viewport(&value)?),
                "quality" => {
                    let quality = value.parse().ok().filter(|q| (1..=100).contains(q));
                    wish.quality = Some(quality.ok_or(Refusal::BadRequest("quality is 1 to 100"))?);
                }
                _ => return Err(Refusal::BadRequest("unknown rendering parameter")),
            }
        }
        Ok(wish)
    }
}

fn viewport(value: &str) -> Result<(u32, u32), Refusal> {
    let sides: Option<Vec<u32>> = value.split(',').map(|side| side.trim().parse().ok()).collect();
    match sides.as_deref() {
        Some(&[width, height]) if [width, height].iter().all(|s| (1..=LARGEST_SIDE).contains(s)) => {
            Ok((width, height))
        }
        _ => Err(Refusal::BadRequest("viewport is width,height in pixels, at most 8192")),
    }
}

impl Window {
    /// `center,width,function` (PS3.18 8.3.5.1.4).
    fn parse(value: &str) -> Result<Self, Refusal> {
        let wrong = Refusal::BadRequest("window is center,width,function");
        let pieces: Vec<_> = value.split(',').map(str::trim).collect();
        let &[center, width, ref function @ ..] = pieces.as_slice() else { return Err(wrong) };
        let function = match function {
            [] | ["linear"] => Function::Linear,
            ["linear-exact"] => Function::LinearExact,
            ["sigmoid"] => Function::Sigmoid,
            _ => return Err(wrong),
        };
        let (Ok(center), Ok(width)) = (center.parse(), width.parse()) else { return Err(wrong) };
        Self { center, width, function }.checked().ok_or(wrong)
    }

    /// The default window of an instance.
    fn of(entry: &Entry) -> Option<Self> {
        let function = match string(&entry.attributes, tags::VOILUT_FUNCTION) {
            Some("SIGMOID") => Function::Sigmoid,
            Some("LINEAR_EXACT") => Function::LinearExact,
            _ => Function::Linear,
        };
        let center = number(&entry.attributes, tags::WINDOW_CENTER)?;
        let width = number(&entry.attributes, tags::WINDOW_WIDTH)?;
        Self { center, width, function }.checked()
    }

    /// Widths that the function allows (C.11.2.1.2.1, C.11.2.1.3).
    fn checked(self) -> Option<Self> {
        let least_fits = match self.function {
            Function::Linear => self.width >= 1.0,
            Function::LinearExact | Function::Sigmoid => self.width > 0.0,
        };
        (self.center.is_finite() && self.width.is_finite() && least_fits).then_some(self)
    }

    /// A modality value as a grey level, 0 to 1.
    fn grey(self, value: f64) -> f64 {
        let Self { center, width, function } = self;
        let level = match function {
            Function::Linear if width > 1.0 => (value - (center - 0.5)) / (width - 1.0) + 0.5,
            Function::Linear => f64::from(u8::from(value > center - 0.5)),
            Function::LinearExact => (value - center) / width + 0.5,
            Function::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - center) / width).exp()),
        };
        level.clamp(0.0, 1.0)
    }
}

/// The picture of one frame's samples.
fn image(entry: &Entry, samples: &[u8], window: Option<Window>) -> Result<DynamicImage, Refusal> {
    let attributes = &entry.attributes;
    let side = |tag| count(attributes, tag).and_then(|n| u32::try_from(n).ok()).ok_or(Refusal::NotFound);
    let (columns, rows) = (side(tags::COLUMNS)?, side(tags::ROWS)?);
    match string(attributes, tags::PHOTOMETRIC_INTERPRETATION) {
        Some(kind @ ("MONOCHROME1" | "MONOCHROME2")) => {
            let values = modality_values(entry, samples)?;
            let window = window.or_else(|| Window::of(entry)).unwrap_or_else(|| full_range(&values));
            let level = |value: &f64| {
                let grey = (window.grey(*value) * 255.0).round() as u8;
                if kind == "MONOCHROME1" { 255 - grey } else { grey }
            };
            let levels = values.iter().map(level).collect();
            GrayImage::from_raw(columns, rows, levels).map(DynamicImage::ImageLuma8)
        }
        Some("RGB") if count(attributes, tags::BITS_ALLOCATED) == Some(8) => {
            let planar = count(attributes, tags::PLANAR_CONFIGURATION) == Some(1);
            let interleaved = if planar { interleave(samples) } else { samples.to_vec() };
            RgbImage::from_raw(columns, rows, interleaved).map(DynamicImage::ImageRgb8)
        }
        _ => None,
    }
    .ok_or(Refusal::NotAcceptable)
}

fn interleave(planes: &[u8]) -> Vec<u8> {
    let plane = planes.len() / 3;
    (0..plane).flat_map(|i| [planes[i], planes[plane + i], planes[2 * plane + i]]).collect()
}

/// Samples as stored, then rescaled (PS3.3 C.11.1).
fn modality_values(entry: &Entry, samples: &[u8]) -> Result<Vec<f64>, Refusal> {
    let attributes = &entry.attributes;
    let allocated = count(attributes, tags::BITS_ALLOCATED).ok_or(Refusal::NotAcceptable)?;
    let stored = count(attributes, tags::BITS_STORED).filter(|bits| (1..=allocated).contains(bits));
    let stored = stored.unwrap_or(allocated);
    let high = count(attributes, tags::HIGH_BIT).filter(|bit| *bit + 1 >= stored && *bit < allocated);
    let unused_below = high.map_or(0, |bit| bit + 1 - stored);
    let signed = count(attributes, tags::PIXEL_REPRESENTATION) == Some(1);
    let raw: Vec<u32> = match allocated {
        8 => samples.iter().map(|b| u32::from(*b)).collect(),
        16 => samples.chunks_exact(2).map(|b| u32::from(u16::from_le_bytes([b[0], b[1]]))).collect(),
        _ => return Err(Refusal::NotAcceptable),
    };
    let slope = number(attributes, tags::RESCALE_SLOPE).unwrap_or(1.0);
    let intercept = number(attributes, tags::RESCALE_INTERCEPT).unwrap_or(0.0);
    let value = |raw: u32| {
        let bits = (raw >> unused_below) & (u32::MAX >> (32 - stored));
        let shift = 32 - stored;
        let sample = if signed { f64::from(((bits << shift) as i32) >> shift) } else { f64::from(bits) };
        slope * sample + intercept
    };
    Ok(raw.into_iter().map(value).collect())
}

/// The window from the least to the greatest value.
fn full_range(values: &[f64]) -> Window {
    let (least, greatest) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let window =
        Window { center: (least + greatest) / 2.0, width: greatest - least, function: Function::LinearExact };
    window.checked().unwrap_or(Window { center: 0.0, width: 1.0, function: Function::LinearExact })
}

fn encoded(image: &DynamicImage, format: ImageFormat, quality: u8) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let written = match format {
        ImageFormat::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)),
        other => image.write_to(Cursor::new(&mut bytes), other),
    };
    written.map_err(|_| Refusal::Internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_give_the_greys_of_the_standard() {
        let window = |text: &str| Window::parse(text).unwrap();
        // PS3.3 C.11.2.1.2.1, example: c=2048, w=4096 over 0..4095 is the identity.
        let linear = window("2048,4096,linear");
        assert!((linear.grey(0.0) - 0.0).abs() < 1e-12 && (linear.grey(4095.0) - 1.0).abs() < 1e-12);
        // c=2048, w=1: a threshold at 2047.5.
        let step = window("2048,1,linear");
        assert!(step.grey(2047.0) < 0.5 && step.grey(2048.0) > 0.5);
        let exact = window("2048,4096,linear-exact");
        assert!(
            (exact.grey(2048.0) - 0.5).abs() < 1e-12 && (exact.grey(4095.0) - 4095.0 / 4096.0).abs() < 1e-12
        );
        let sigmoid = window("0,4,sigmoid");
        assert!((sigmoid.grey(0.0) - 0.5).abs() < 1e-12);
        assert!((sigmoid.grey(1.0) - 1.0 / (1.0 + (-1.0_f64).exp())).abs() < 1e-12);
    }

    #[test]
    fn parameters_that_are_none_are_bad_requests() {
        for bad in [
            "window=40",
            "window=a,b,linear",
            "window=40,0,linear",
            "window=40,400,cubic",
            "window=NaN,1",
            "viewport=0,10",
            "viewport=10",
            "viewport=9000,10",
            "quality=0",
            "quality=x",
            "annotation=patient",
        ] {
            assert!(Wish::parse(Some(bad)).is_err(), "{bad}");
        }
        assert!(Wish::parse(Some("window=40,400,linear&viewport=256,256&quality=80")).is_ok());
    }
}
