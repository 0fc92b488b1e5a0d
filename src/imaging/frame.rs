//! One frame with all that display needs of its instance.

use std::sync::OnceLock;

use glam::DVec2;

use super::colours::{supplement, through_profile};
use super::marks::{self, Marked};
use super::pipeline::{self, GreyMapping, PaletteLevels, VoiCurve, default_window};
use super::{Colours, ImagingError, Preset, Window};
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
    supplement: Option<PaletteLevels>,
    invert: bool,
    profile_broken: bool,
    attributes: FrameAttributes,
    padding: Option<PixelPadding>,
    pixel_size: DVec2,
    range: OnceLock<Option<(f64, f64)>>,
    over: Marked,
    marks: OnceLock<Option<Vec<u8>>>,
    presets: OnceLock<Vec<Preset>>,
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
        let mut colours = Colours::of(&decoded, image)?;
        let expected =
            u64::from(decoded.rows) * u64::from(decoded.columns) * if colours.is_rgb() { 3 } else { 1 };
        let found = decoded.samples.len() as u64;
        if found != expected || expected == 0 {
            return Err(ImagingError::SampleCount { expected, found });
        }
        if !pipeline::is_trusted(&attributes.modality) {
            attributes.modality = ModalityTransform::Broken;
        }
        let supplement = attributes.supplemental_colour.then(|| supplement(&decoded, image)).flatten();
        let (mut samples, mut bits_stored) = (decoded.samples, image.format.bits_stored);
        let mut profile_broken = false;
        if let Some(profile) = image.display.icc_profile.as_ref().filter(|_| colours != Colours::Grey) {
            match through_profile(&colours, &samples, bits_stored, profile) {
                Some((in_srgb, converted)) => {
                    colours = in_srgb;
                    if let Some(converted) = converted {
                        (samples, bits_stored) = (converted, 8);
                    }
                }
                None => profile_broken = true,
            }
        }
        let pixel_size = pixel_size(&attributes, image.pixel_aspect);
        let over = Marked {
            overlays: image.display.overlays.clone(),
            shutter: attributes.shutter.clone(),
            frame: number,
            size: [decoded.rows, decoded.columns],
            aspect: pixel_size.x / pixel_size.y,
        };
        Ok(Self {
            rows: decoded.rows,
            columns: decoded.columns,
            samples,
            bits_stored,
            invert: decoded.photometric == Photometric::Monochrome1 || image.presentation_inverse,
            profile_broken,
            padding: image.padding.filter(|_| colours == Colours::Grey),
            colours,
            supplement,
            attributes,
            pixel_size,
            range: OnceLock::new(),
            over,
            marks: OnceLock::new(),
            presets: OnceLock::new(),
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

    /// Stored samples, row by row, interleaved; in sRGB where the instance has a colour profile.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Significant bits of a sample: Bits Stored of the instance, or 8 for colours that came through a profile.
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

    /// The colour profile of the instance cannot be used: the colours are as they were stored.
    pub fn is_profile_broken(&self) -> bool {
        self.profile_broken
    }

    /// Pixel Padding of the instance, in stored values; none where samples are colours.
    pub fn padding(&self) -> Option<PixelPadding> {
        self.padding
    }

    /// The colour tables of a grey frame for stored values from their first one on (PS3.3 C.7.6.19).
    pub fn supplement(&self) -> Option<&PaletteLevels> {
        self.supplement.as_ref()
    }

    /// What lies over the pixels, one byte a pixel, row by row: [`marks::HIDDEN`], [`marks::GRAPHICS`] and
    /// [`marks::OUTLINE`]. `None` where there is nothing. Worked out once, when first asked for.
    pub fn marks(&self) -> Option<&[u8]> {
        self.marks.get_or_init(|| self.over.marks()).as_deref()
    }

    /// Whether the frame has a display shutter, to be switched by [`super::Over`].
    pub fn has_shutter(&self) -> bool {
        self.over.shutter.is_some()
    }

    /// The labels of the frame's overlays, empty where one has none; nothing where there are no overlays.
    pub fn overlay_labels(&self) -> impl Iterator<Item = &str> {
        self.over.overlays().map(|overlay| overlay.label.as_str())
    }

    /// What is drawn in place of pixels that the shutter hides.
    pub fn hidden_rgb(&self) -> [u8; 3] {
        let colour = self.colours != Colours::Grey;
        self.over.shutter.as_ref().map_or([0; 3], |shutter| marks::hidden_rgb(shutter, colour))
    }

    /// Memory held by the samples and by what lies over them, bytes.
    pub fn bytes(&self) -> usize {
        let sample = match &self.samples {
            Samples::U8(_) | Samples::I8(_) => 1,
            Samples::U16(_) | Samples::I16(_) => 2,
            Samples::U32(_) | Samples::I32(_) | Samples::F32(_) => 4,
            Samples::F64(_) => 8,
        };
        let over = if self.has_shutter() || self.over.overlays().next().is_some() {
            self.rows as usize * self.columns as usize
        } else {
            0
        };
        self.samples.len() * sample + over
    }

    /// Width and height of a pixel in one unit, for the aspect on screen: spacing where there is one, else
    /// Pixel Aspect Ratio (vertical : horizontal, PS3.3 C.7.6.3.1.7), else square.
    pub fn pixel_size(&self) -> DVec2 {
        self.pixel_size
    }

    /// The modality value of pixel (`column`, `row`) of a grey frame; `None` where modality values cannot be
    /// trusted, for colour, and outside the frame. Padding has the value that its stored value maps to.
    pub fn modality_value(&self, column: u32, row: u32) -> Option<f64> {
        if self.colours != Colours::Grey || column >= self.columns || row >= self.rows {
            return None;
        }
        pipeline::modality_value(&self.attributes.modality, self.samples.get(self.pixel(column, row)))
    }

    /// The value of pixel (`column`, `row`) of a grey frame by real-world value map `map` (from 0) of its attributes;
    /// `None` outside the frame and where the map says nothing of the stored value (PS3.3 C.7.6.16.2.11).
    pub fn real_world_value(&self, map: usize, column: u32, row: u32) -> Option<f64> {
        let inside = self.colours == Colours::Grey && column < self.columns && row < self.rows;
        let map = self.attributes.real_world.get(map).filter(|_| inside)?;
        map.value(self.stored(column, row))
    }

    /// Whether pixel (`column`, `row`) is padding (PS3.3 C.7.5.1.1.2).
    pub fn is_padding(&self, column: u32, row: u32) -> bool {
        self.padding.is_some_and(|padding| padding.contains(self.samples.get(self.pixel(column, row))))
    }

    /// The stored value of pixel (`column`, `row`) of a frame with one sample a pixel.
    pub(super) fn stored(&self, column: u32, row: u32) -> f64 {
        self.samples.get(self.pixel(column, row))
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
        self.preset_grey(0)
    }

    /// How the frame is shown by its own window or table at `place` (from 0, [`Self::presets`]); by its first where
    /// it has fewer.
    pub fn preset_grey(&self, place: usize) -> GreyMapping {
        let given = Preset::at(self.presets(), place).map(|preset| preset.voi.clone());
        let voi = given.unwrap_or_else(|| VoiCurve::Window(self.default_window()));
        GreyMapping { voi, invert: self.invert }
    }

    /// Every usable VOI of the frame with its name, in the order given: what a reader may choose from.
    pub fn presets(&self) -> &[Preset] {
        let grey = self.colours == Colours::Grey;
        self.presets.get_or_init(|| if grey { Preset::of(&self.attributes) } else { Vec::new() })
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
            let first_colour =
                self.supplement.as_ref().map_or(f64::INFINITY, |table| f64::from(table.first()));
            let values = (0..self.samples.len()).filter_map(|i| {
                let stored = self.samples.get(i);
                let padding =
                    stored >= first_colour || self.padding.is_some_and(|padding| padding.contains(stored));
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

/// Width and height of a pixel: its spacing, else its aspect, else square.
fn pixel_size(attributes: &FrameAttributes, aspect: Option<(u32, u32)>) -> DVec2 {
    let size = match (&attributes.spacing, aspect) {
        (Some(spacing), _) => DVec2::new(spacing.between_columns_mm, spacing.between_rows_mm),
        (None, Some((vertical, horizontal))) => DVec2::new(f64::from(horizontal), f64::from(vertical)),
        (None, None) => DVec2::ONE,
    };
    if size.is_finite() && size.min_element() > 0.0 { size } else { DVec2::ONE }
}
