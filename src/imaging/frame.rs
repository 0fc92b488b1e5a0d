//! One frame with all that display needs of its instance.

use std::sync::OnceLock;

use glam::DVec2;

use super::pipeline::{self, GreyMapping, PaletteLevels, VoiCurve, default_window};
use super::{ImagingError, Window};
use crate::dicom::instance::{FrameAttributes, ImageModule, ModalityTransform, PixelPadding};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, Samples};

/// A decoded frame and the attributes it is shown by. Shared behind `Arc`, never changed.
#[derive(Debug)]
pub struct Frame {
    rows: u32,
    columns: u32,
    samples: Samples,
    bits_stored: u16,
    colours: Colours,
    invert: bool,
    attributes: FrameAttributes,
    padding: Option<PixelPadding>,
    pixel_aspect: Option<(u32, u32)>,
    range: OnceLock<Option<(f64, f64)>>,
}

/// What the samples of a [`Frame`] mean (PS3.3 C.7.6.3.1.2).
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

impl Frame {
    /// A frame from its samples and the image module of its instance; `number` counts from 0.
    ///
    /// A modality table without entries and rescale values that are not finite count as
    /// [`ModalityTransform::Broken`].
    ///
    /// # Errors
    /// [`ImagingError::NoSuchFrame`], [`ImagingError::SampleCount`], [`ImagingError::NoPalette`], or
    /// [`ImagingError::UnsupportedPixels`] for a photometric interpretation or sample type not shown here.
    pub fn new(decoded: DecodedFrame, image: &ImageModule, number: u32) -> Result<Self, ImagingError> {
        let mut attributes =
            image.frame(number).cloned().ok_or(ImagingError::NoSuchFrame { frame: number })?;
        let colours = colours(&decoded, image)?;
        let expected =
            u64::from(decoded.rows) * u64::from(decoded.columns) * if colours.is_rgb() { 3 } else { 1 };
        let found = decoded.samples.len() as u64;
        if found != expected || expected == 0 {
            return Err(ImagingError::SampleCount { expected, found });
        }
        if !is_usable(&attributes.modality) {
            attributes.modality = ModalityTransform::Broken;
        }
        Ok(Self {
            rows: decoded.rows,
            columns: decoded.columns,
            samples: decoded.samples,
            bits_stored: image.format.bits_stored,
            invert: decoded.photometric == Photometric::Monochrome1 || image.presentation_inverse,
            colours,
            attributes,
            padding: image.padding,
            pixel_aspect: image.pixel_aspect,
            range: OnceLock::new(),
        })
    }

    /// Rows.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Columns.
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// Stored samples, row by row, interleaved.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Bits Stored of the instance.
    pub fn bits_stored(&self) -> u16 {
        self.bits_stored
    }

    /// What the samples mean.
    pub fn colours(&self) -> &Colours {
        &self.colours
    }

    /// Position, spacing, modality transform and VOI of this frame.
    pub fn attributes(&self) -> &FrameAttributes {
        &self.attributes
    }

    /// Low values are bright: MONOCHROME1, or Presentation LUT Shape INVERSE.
    pub fn invert(&self) -> bool {
        self.invert
    }

    /// Pixel Padding of the instance, in stored values.
    pub fn padding(&self) -> Option<PixelPadding> {
        self.padding
    }

    /// Memory held by the samples, bytes.
    pub fn bytes(&self) -> usize {
        let sample = match &self.samples {
            Samples::U8(_) | Samples::I8(_) => 1,
            Samples::U16(_) | Samples::I16(_) => 2,
            Samples::U32(_) | Samples::I32(_) | Samples::F32(_) => 4,
            Samples::F64(_) => 8,
        };
        self.samples.len() * sample
    }

    /// Width and height of a pixel in one unit, for the aspect on screen: spacing where there is one, else
    /// Pixel Aspect Ratio (vertical : horizontal, PS3.3 C.7.6.3.1.7), else square.
    pub fn pixel_size(&self) -> DVec2 {
        let size = match (&self.attributes.spacing, self.pixel_aspect) {
            (Some(spacing), _) => DVec2::new(spacing.between_columns_mm, spacing.between_rows_mm),
            (None, Some((vertical, horizontal))) => DVec2::new(f64::from(horizontal), f64::from(vertical)),
            (None, None) => DVec2::ONE,
        };
        if size.is_finite() && size.min_element() > 0.0 { size } else { DVec2::ONE }
    }

    /// The modality value of pixel (`column`, `row`) of a grey frame; `None` where modality values cannot be
    /// trusted, for colour, and outside the frame. Padding has the value that its stored value maps to.
    pub fn modality_value(&self, column: u32, row: u32) -> Option<f64> {
        if self.colours != Colours::Grey || column >= self.columns || row >= self.rows {
            return None;
        }
        pipeline::modality_value(&self.attributes.modality, self.samples.get(self.pixel(column, row)))
    }

    /// Whether pixel (`column`, `row`) is padding (PS3.3 C.7.5.1.1.2).
    pub fn is_padding(&self, column: u32, row: u32) -> bool {
        self.padding.is_some_and(|padding| padding.contains(self.samples.get(self.pixel(column, row))))
    }

    /// The value that the VOI curve sees: the modality value, or the stored value where there is none.
    pub(super) fn value_for_display(&self, column: u32, row: u32) -> f64 {
        let stored = self.samples.get(self.pixel(column, row));
        pipeline::modality_value(&self.attributes.modality, stored).unwrap_or(stored)
    }

    /// Whether there are modality values at all.
    pub fn has_modality_values(&self) -> bool {
        self.colours == Colours::Grey && self.attributes.modality != ModalityTransform::Broken
    }

    /// How the frame is shown until the reader changes it: its first usable VOI, else
    /// [`default_window`]. A frame whose modality values cannot be trusted ignores its VOI, which is in
    /// modality units, and shows the range of its stored values.
    pub fn default_grey(&self) -> GreyMapping {
        let given =
            self.has_modality_values().then(|| self.attributes.voi.iter().find_map(VoiCurve::from_voi));
        let voi = given.flatten().unwrap_or_else(|| VoiCurve::Window(self.default_window()));
        GreyMapping { voi, invert: self.invert }
    }

    /// The frame through a window of the reader's.
    pub fn windowed(&self, window: Window) -> GreyMapping {
        GreyMapping { voi: VoiCurve::Window(window), invert: self.invert }
    }

    fn default_window(&self) -> Window {
        let unit = match &self.attributes.modality {
            ModalityTransform::Rescale { unit, .. } => unit.as_str(),
            ModalityTransform::Table(table) => table.explanation.as_str(),
            ModalityTransform::Identity | ModalityTransform::Broken => "",
        };
        let already_grey = matches!(self.samples, Samples::U8(_))
            && self.bits_stored == 8
            && self.attributes.modality == ModalityTransform::Identity;
        default_window(unit, already_grey, self.range().unwrap_or((0.0, 1.0)))
    }

    /// Lowest and highest display value without padding and without NaN; computed once.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        *self.range.get_or_init(|| {
            let values = (0..self.samples.len()).filter_map(|i| {
                let stored = self.samples.get(i);
                let padding = self.padding.is_some_and(|padding| padding.contains(stored));
                let value = pipeline::modality_value(&self.attributes.modality, stored).unwrap_or(stored);
                (!padding && value.is_finite()).then_some(value)
            });
            values.fold(None, |range, value| {
                Some(
                    range.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))),
                )
            })
        })
    }

    fn pixel(&self, column: u32, row: u32) -> usize {
        row as usize * self.columns as usize + column as usize
    }
}

impl Colours {
    /// Three samples a pixel.
    pub fn is_rgb(&self) -> bool {
        matches!(self, Self::Rgb | Self::YbrFull)
    }
}

fn is_usable(modality: &ModalityTransform) -> bool {
    match modality {
        ModalityTransform::Table(table) => !table.entries.is_empty(),
        ModalityTransform::Rescale { slope, intercept, .. } => slope.is_finite() && intercept.is_finite(),
        ModalityTransform::Identity | ModalityTransform::Broken => true,
    }
}

/// What the samples mean, if they are of a kind that is shown. JPEG 2000's transforms (YBR_ICT, YBR_RCT) are
/// undone by the decoder, so samples that still carry their name are RGB (PS3.5 8.2.4).
fn colours(decoded: &DecodedFrame, image: &ImageModule) -> Result<Colours, ImagingError> {
    let unsigned = matches!(decoded.samples, Samples::U8(_) | Samples::U16(_) | Samples::U32(_));
    let refused = || ImagingError::UnsupportedPixels {
        what: format!("{} as {}", decoded.photometric.as_str(), decoded.samples.dtype()),
    };
    match &decoded.photometric {
        Photometric::Monochrome1 | Photometric::Monochrome2 => Ok(Colours::Grey),
        Photometric::PaletteColor if matches!(decoded.samples, Samples::U8(_) | Samples::U16(_)) => {
            let levels = image.palette.as_ref().and_then(PaletteLevels::from_palette);
            levels.map(Colours::Palette).ok_or(ImagingError::NoPalette)
        }
        Photometric::Rgb | Photometric::YbrIct | Photometric::YbrRct if unsigned => Ok(Colours::Rgb),
        Photometric::YbrFull | Photometric::YbrFull422 if unsigned => Ok(Colours::YbrFull),
        _ => Err(refused()),
    }
}
