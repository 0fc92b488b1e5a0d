//! What the samples of a frame mean.

use super::ImagingError;
use super::pipeline::{PaletteLevels, level, level_of, neutral_chrominance, rgb_from_ybr, srgb_from_device};
use crate::dicom::instance::ImageModule;
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, Samples};

/// What the samples of a [`super::Frame`] mean (PS3.3 C.7.6.3.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Colours {
    /// One sample a pixel, through modality and VOI.
    Grey,
    /// One index a pixel, through colour tables.
    Palette(PaletteLevels),
    /// Red, green, blue.
    Rgb,
    /// Luminance and two chrominances.
    YbrFull,
}

impl Colours {
    /// Three samples a pixel.
    pub fn is_rgb(&self) -> bool {
        matches!(self, Self::Rgb | Self::YbrFull)
    }

    /// Real red, green and blue levels of pixel `pixel` (counted row by row) of a colour frame whose samples have
    /// `bits` significant bits.
    pub(super) fn rgb(&self, samples: &Samples, pixel: usize, bits: u16) -> [f64; 3] {
        let levels = || std::array::from_fn(|i| level_of(samples.get(3 * pixel + i), bits));
        match self {
            Self::Palette(palette) => palette.rgb(samples.get(pixel)).map(f64::from),
            Self::YbrFull => rgb_from_ybr(levels(), neutral_chrominance(bits)),
            Self::Rgb | Self::Grey => levels(),
        }
    }

    /// What the samples mean, if they are of a kind that is shown. JPEG 2000's transforms (YBR_ICT, YBR_RCT) are
    /// undone by the decoder, so samples that still carry their name are RGB (PS3.5 8.2.4).
    ///
    /// # Errors
    /// [`ImagingError::NoPalette`] and [`ImagingError::UnsupportedPixels`].
    pub(super) fn of(decoded: &DecodedFrame, image: &ImageModule) -> Result<Self, ImagingError> {
        let unsigned = matches!(decoded.samples, Samples::U8(_) | Samples::U16(_) | Samples::U32(_));
        let refused = || ImagingError::UnsupportedPixels {
            what: format!("{} as {}", decoded.photometric.as_str(), decoded.samples.dtype()),
        };
        match &decoded.photometric {
            Photometric::Monochrome1 | Photometric::Monochrome2 => Ok(Self::Grey),
            Photometric::PaletteColor if is_index(&decoded.samples) => {
                let levels = image.palette.as_ref().and_then(PaletteLevels::from_palette);
                levels.map(Self::Palette).ok_or(ImagingError::NoPalette)
            }
            Photometric::Rgb | Photometric::YbrIct | Photometric::YbrRct if unsigned => Ok(Self::Rgb),
            Photometric::YbrFull | Photometric::YbrFull422 if unsigned => Ok(Self::YbrFull),
            _ => Err(refused()),
        }
    }
}

/// Whole numbers of at most 16 bits: what a table has entries for.
fn is_index(samples: &Samples) -> bool {
    matches!(samples, Samples::U8(_) | Samples::I8(_) | Samples::U16(_) | Samples::I16(_))
}

/// The colour tables of a monochrome image for stored values from their first one on (PS3.3 C.7.6.19); `None`
/// where all of it is grey.
pub(super) fn supplement(decoded: &DecodedFrame, image: &ImageModule) -> Option<PaletteLevels> {
    let indexed = decoded.photometric.is_monochrome() && is_index(&decoded.samples);
    indexed.then(|| image.palette.as_ref().and_then(PaletteLevels::from_palette))?
}

/// Colours of the device that the image came from become sRGB, as its ICC profile says: the samples of a frame in
/// true colour as 8-bit RGB, the tables of one with a palette. `None` where they stay as they are.
pub(super) fn through_profile(
    colours: &Colours,
    samples: &Samples,
    bits: u16,
    profile: &[u8],
) -> Option<(Colours, Option<Samples>)> {
    match colours {
        Colours::Grey => None,
        Colours::Palette(palette) => {
            Some((Colours::Palette(palette.map(|rgb| srgb_from_device(profile, rgb))?), None))
        }
        Colours::Rgb | Colours::YbrFull => {
            let levels = |pixel| colours.rgb(samples, pixel, bits).map(level);
            let device: Vec<u8> = (0..samples.len() / 3).flat_map(levels).collect();
            let converted = srgb_from_device(profile, &device)?;
            Some((Colours::Rgb, Some(Samples::U8(converted))))
        }
    }
}
