//! How a frame lies on a picture: the matrix from picture pixels to image pixels.

use glam::{DAffine2, DMat2, DVec2};

use super::{Frame, PictureSize};

/// Takes picture pixels (column, row; 0,0 the centre of the first) to image pixels (column, row; 0,0 the
/// centre of the first pixel), and says how large the picture is. Pan, zoom, rotation and flips are all in the
/// matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameView {
    /// Size of the picture.
    pub size: PictureSize,
    /// Picture pixel to image pixel.
    pub image_from_picture: DAffine2,
}

impl FrameView {
    /// One picture pixel for each image pixel, whatever the pixels' aspect.
    ///
    /// # Errors
    /// [`super::ImagingError::BadSize`] for a frame larger than pictures may be.
    pub fn native(frame: &Frame) -> Result<Self, super::ImagingError> {
        let size = PictureSize::new(frame.columns(), frame.rows())?;
        Ok(Self { size, image_from_picture: DAffine2::IDENTITY })
    }

    /// The whole frame in a picture of `size`, as large as fits with its true aspect
    /// ([`Frame::pixel_size`]), centred.
    pub fn fit(frame: &Frame, size: PictureSize) -> Self {
        let pixel_size = frame.pixel_size();
        let image = DVec2::new(f64::from(frame.columns()), f64::from(frame.rows()));
        let picture = DVec2::new(f64::from(size.width()), f64::from(size.height()));
        // Units (mm, or whatever the aspect is given in) for each picture pixel.
        let unit = (image * pixel_size / picture).max_element();
        let step = unit / pixel_size;
        let half = DVec2::splat(0.5);
        // The middles of the two coincide; a pixel's area reaches half a pixel around its centre.
        let origin = (image / 2.0 - half) - step * (picture / 2.0 - half);
        Self { size, image_from_picture: DAffine2::from_mat2_translation(DMat2::from_diagonal(step), origin) }
    }
}
