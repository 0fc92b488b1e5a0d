//! Why a shape cannot be measured.

/// Why a shape or its values are refused. All are the caller's: the points do not fit the kind or the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    /// The number of points does not fit the kind.
    #[error("{given} points do not make this shape")]
    PointCount {
        /// How many points were given.
        given: usize,
    },
    /// A coordinate is not a finite number.
    #[error("a coordinate is not a number")]
    NotFinite,
    /// Points coincide, or an outline has no area.
    #[error("the shape has no extent")]
    NoArea,
    /// The two axes of an ellipse do not share their centre.
    #[error("the axes of the ellipse do not share a centre")]
    AxesApart,
    /// Four points that are not the corners of a rectangle in order.
    #[error("the points are not the corners of a rectangle in order")]
    NotARectangle,
    /// The outline crosses itself: it has no single inside.
    #[error("the outline crosses itself")]
    Crosses,
    /// A point lies outside the image.
    #[error("a point lies outside the image")]
    OutsideImage,
    /// The object has no image.
    #[error("the object holds no image")]
    NotAnImage,
    /// The frame is not in the image.
    #[error("frame {frame} of {frames}")]
    NoSuchFrame {
        /// Frame number from 0.
        frame: u32,
        /// How many there are.
        frames: u32,
    },
    /// The pixel has no modality value: padding, colour, or a broken rescale.
    #[error("the pixel has no value")]
    NoValue,
}
