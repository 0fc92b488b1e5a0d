//! How a frame lies on a picture: the matrix from picture pixels to image pixels.
//!
//! Three spaces: *picture* (column, row; 0,0 the centre of its first pixel), *image pixels* (the same of the
//! frame), and *image coordinates* of drawings (SCOORD, PS3.3 C.18.6.1.1: 0.5,0.5 the centre of the first
//! pixel). Units are those of [`Frame::pixel_size`].

use glam::{DAffine2, DMat2, DVec2};

use super::measure::Scale;
use super::{EdgeLetters, Frame, PictureSize, Placement};

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

/// From a pixel's outer corner to its centre.
const HALF: DVec2 = DVec2::splat(0.5);

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
        Self::placed(frame, size, &Placement::default())
    }

    /// The frame in a picture of `size`, turned, moved and enlarged, with its true aspect.
    ///
    /// With [`super::Magnification::Native`] of a whole number, square image pixels cover whole picture pixels:
    /// at 1 every picture pixel is one image pixel.
    pub fn placed(frame: &Frame, size: PictureSize, placement: &Placement) -> Self {
        let pixel_size = frame.pixel_size();
        let image = DVec2::new(f64::from(frame.columns()), f64::from(frame.rows()));
        let turn = placement.image_from_screen();
        // The picture's extent along the image's columns and rows: sides swap with a quarter turn.
        let along_image = (turn * size.extent()).abs();
        // Units (mm, or whatever the aspect is given in) for each picture pixel.
        let fit = (image * pixel_size / along_image).max_element();
        let step = placement.step(fit, pixel_size.min_element());
        let scaled = |axis: DVec2| axis * step / pixel_size;
        let matrix = DMat2::from_cols(scaled(turn.x_axis), scaled(turn.y_axis));
        // The middles of the two coincide; a pixel's area reaches half a pixel around its centre.
        let middle = image / 2.0 - HALF + placement.pan() / pixel_size;
        let mut origin = middle - matrix * size.middle();
        if placement.whole_pixels() && pixel_size.x == pixel_size.y {
            // The corner of the first image pixel goes to the nearest corner of picture pixels.
            let corner = matrix.inverse() * (-HALF - origin) + HALF;
            origin = -HALF - matrix * (corner.round() - HALF);
        }
        Self { size, image_from_picture: DAffine2::from_mat2_translation(matrix, origin) }
    }

    /// Image pixel to picture pixel.
    pub fn picture_from_image(&self) -> DAffine2 {
        self.image_from_picture.inverse()
    }

    /// Where in image coordinates of drawings a point of the picture lies; both continuous.
    pub fn point_in_image(&self, picture: DVec2) -> DVec2 {
        self.image_from_picture.transform_point2(picture) + HALF
    }

    /// Where on the picture a point in image coordinates of drawings lies.
    pub fn point_on_picture(&self, image: DVec2) -> DVec2 {
        self.picture_from_image().transform_point2(image - HALF)
    }

    /// Takes a way on the picture, pixels, to units along the frame's columns and rows, before turning: those
    /// of [`Placement::pan`].
    pub fn units_from_picture(&self, frame: &Frame) -> DMat2 {
        DMat2::from_diagonal(frame.pixel_size()) * self.image_from_picture.matrix2
    }

    /// The way from the middle of the picture to a point of it, in the units of [`Placement::zoomed`].
    pub fn units_from_middle(&self, frame: &Frame, picture: DVec2) -> DVec2 {
        self.units_from_picture(frame) * (picture - self.size.middle())
    }

    /// The letters at the edges of the picture; `None` for a frame whose place in the patient is not known.
    pub fn edge_letters(&self, frame: &Frame) -> Option<EdgeLetters> {
        let plane = frame.attributes().plane.as_ref()?;
        let units = self.units_from_picture(frame);
        let in_patient = |units: DVec2| plane.row_direction * units.x + plane.column_direction * units.y;
        Some(EdgeLetters::new(in_patient(units.x_axis), in_patient(units.y_axis)))
    }

    /// Millimetres for each picture pixel along the picture's rows; `None` where `scale` has no calibration.
    /// What the millimetres mean is said by [`Scale::provenance`].
    pub fn mm_per_pixel(&self, scale: &Scale) -> Option<f64> {
        scale.mm_per_pixel().map(|step| (self.image_from_picture.matrix2.x_axis * step).length())
    }
}
