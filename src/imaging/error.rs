//! What can keep an image or a volume from being shown.

/// Why pixels cannot be shown as asked. Slices and frames are numbered from 0. No patient data in any field.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImagingError {
    /// The decoded samples do not fill rows x columns x samples per pixel. The decoder is at fault.
    #[error("frame has {found} samples, needs {expected}")]
    SampleCount {
        /// Rows x columns x samples per pixel.
        expected: u64,
        /// Samples given.
        found: u64,
    },
    /// PALETTE COLOR without usable tables. The object is at fault.
    #[error("palette colour without usable tables")]
    NoPalette,
    /// A photometric interpretation, or a sample type with it, that is not shown here.
    #[error("pixels not shown: {what}")]
    UnsupportedPixels {
        /// Photometric interpretation and sample type.
        what: String,
    },
    /// The object has no attributes for this frame.
    #[error("no attributes for frame {frame}")]
    NoSuchFrame {
        /// Frame number from 0.
        frame: u32,
    },
    /// A window that PS3.3 C.11.2.1 does not allow. The caller is at fault.
    #[error("window {center},{width} is not usable")]
    BadWindow {
        /// Window Center.
        center: f64,
        /// Window Width.
        width: f64,
    },
    /// A picture with no pixels, or more of them than is sensible. The caller is at fault.
    #[error("picture of {width} x {height} is not drawn")]
    BadSize {
        /// Columns asked for.
        width: u32,
        /// Rows asked for.
        height: u32,
    },
    /// A plane without a direction (a zero or non-finite normal). The caller is at fault.
    #[error("no such plane")]
    BadPlane,
    /// A slab that is not a finite thickness of 0 mm or more. The caller is at fault.
    #[error("slab of {thickness_mm} mm is not usable")]
    BadSlab {
        /// Thickness asked for.
        thickness_mm: f64,
    },
    /// A volume needs at least two slices.
    #[error("{slices} slice(s) are no volume")]
    TooFewSlices {
        /// Slices given.
        slices: usize,
    },
    /// A slice without position, orientation or spacing.
    #[error("slice {slice}: position, orientation or spacing unknown")]
    GeometryUnknown {
        /// Slice number.
        slice: usize,
    },
    /// A slice in colour.
    #[error("slice {slice}: not monochrome")]
    NotMonochrome {
        /// Slice number.
        slice: usize,
    },
    /// Samples wider than 16 bits, floats, or signed and unsigned slices together.
    #[error("slice {slice}: sample type cannot be part of a volume")]
    UnsupportedVoxels {
        /// Slice number.
        slice: usize,
    },
    /// Rows or columns differ from the first slice.
    #[error("slice {slice}: size differs")]
    SizeDiffers {
        /// Slice number.
        slice: usize,
    },
    /// The orientation differs from the first slice.
    #[error("slice {slice}: orientation differs")]
    OrientationDiffers {
        /// Slice number.
        slice: usize,
    },
    /// Pixel spacing differs from the first slice.
    #[error("slice {slice}: pixel spacing differs")]
    PixelSpacingDiffers {
        /// Slice number.
        slice: usize,
    },
    /// A slice lies where the next one lies.
    #[error("slice {slice}: the next lies in the same place")]
    SlicesCoincide {
        /// The first of the two, from 0.
        slice: usize,
    },
    /// All slices lie in one plane.
    #[error("slices do not follow one another in space")]
    NoDepth,
    /// Rescale values of a slice cannot be trusted.
    #[error("slice {slice}: rescale unusable")]
    RescaleUnusable {
        /// Slice number.
        slice: usize,
    },
    /// The modality unit differs from the first slice.
    #[error("slice {slice}: unit differs")]
    UnitDiffers {
        /// Slice number.
        slice: usize,
    },
}
