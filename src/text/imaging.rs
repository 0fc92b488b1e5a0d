//! Sentences for the pure room `imaging`. People count slices and frames from 1.

use super::{Explain, Message};
use crate::imaging::ImagingError;

impl Explain for ImagingError {
    fn message(&self) -> Message {
        use ImagingError as E;
        let about_slice = |id, slice: &usize| Message::new(id).with("slice", slice + 1);
        match self {
            E::SampleCount { expected, found } => {
                Message::new("imaging-sample-count").with("expected", expected).with("found", found)
            }
            E::NoPalette => Message::new("imaging-no-palette"),
            E::UnsupportedPixels { what } => Message::new("imaging-unsupported-pixels").with("what", what),
            E::NoSuchFrame { frame } => {
                Message::new("imaging-no-such-frame").with("frame", u64::from(*frame) + 1)
            }
            E::BadWindow { center, width } => {
                Message::new("imaging-bad-window").with("center", center).with("width", width)
            }
            E::BadSize { width, height } => Message::new("imaging-bad-size")
                .with("width", width)
                .with("height", height)
                .with("limit", crate::imaging::PictureSize::MAX_SIDE),
            E::BadPlane => Message::new("imaging-bad-plane"),
            E::BadSlab { thickness_mm } => Message::new("imaging-bad-slab").with("thickness", thickness_mm),
            E::TooFewSlices { slices } => Message::new("imaging-too-few-slices").with("slices", slices),
            E::GeometryUnknown { slice } => about_slice("imaging-geometry-unknown", slice),
            E::NotMonochrome { slice } => about_slice("imaging-not-monochrome", slice),
            E::UnsupportedVoxels { slice } => about_slice("imaging-unsupported-voxels", slice),
            E::SizeDiffers { slice } => about_slice("imaging-size-differs", slice),
            E::OrientationDiffers { slice } => about_slice("imaging-orientation-differs", slice),
            E::PixelSpacingDiffers { slice } => about_slice("imaging-pixel-spacing-differs", slice),
            E::SlicesCoincide { slice } => {
                about_slice("imaging-slices-coincide", slice).with("next", slice + 2)
            }
            E::NoDepth => Message::new("imaging-no-depth"),
            E::RescaleUnusable { slice } => about_slice("imaging-rescale-unusable", slice),
            E::UnitDiffers { slice } => about_slice("imaging-unit-differs", slice),
        }
    }
}
