//! How a frame lies on a picture: the matrix from picture pixels to image pixels.

use glam::{DAffine2, DMat2, DVec2};
use serde::{Deserialize, Serialize};

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

/// How the reader turned, moved and enlarged what a viewport shows. Does not depend on the viewport's size, so
/// that a resized window shows the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// How large.
    pub magnification: Magnification,
    /// How far what lies in the middle of the viewport is from the middle of the image or plane: along its
    /// columns and rows, in units of [`Frame::pixel_size`] (mm where spacing is known), before turning.
    pub pan: DVec2,
    /// Turned clockwise on screen by so many right angles, 0 to 3, after mirroring.
    pub quarter_turns: u8,
    /// Left for right, before turning. A mirror image from top to bottom is this and two quarter turns.
    pub mirrored: bool,
}

/// How large an image is on screen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Magnification {
    /// So many times as large as fits.
    Fit(f64),
    /// So many screen pixels for the smaller side of an image pixel (or for the smallest voxel spacing).
    Native(f64),
}

impl Default for Placement {
    fn default() -> Self {
        Self { magnification: Magnification::Fit(1.0), pan: DVec2::ZERO, quarter_turns: 0, mirrored: false }
    }
}
