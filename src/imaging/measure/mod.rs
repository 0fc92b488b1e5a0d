//! Measurements on one image: shapes in image coordinates, their values, and where those values come from.
//!
//! Image coordinates are those of SCOORD (PS3.3 C.18.6.1.1): column then row, `0,0` is the outer corner of the
//! first pixel and `0.5,0.5` its centre. Lengths, angles and areas are computed in millimetre space, so
//! spacing that differs between rows and columns is honoured; without a calibration they are in pixels and
//! say so, never in millimetres. Statistics are over modality values (PS3.3 C.11.1) of the pixels whose
//! centres lie inside the shape.

mod error;
mod real_world;
mod region;
mod scale;
mod shape;
mod statistics;

pub use error::MeasureError;
pub use real_world::{RealWorld, real_world};
pub use scale::{Provenance, Scale};
pub use shape::{Angle, Kind, Shape, principal_axes};
pub use statistics::Statistics;

use glam::DVec2;

use crate::dicom::Instance;
use crate::dicom::instance::ModalityTransform;
use region::Region;

/// Modality value of the pixel at a column and a row (from 0); `None` for padding and for pixels without one.
pub type PixelValues<'a> = dyn Fn(u32, u32) -> Option<f64> + 'a;

/// One value of a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What was measured.
    pub quantity: Quantity,
    /// The value, in [`Measured::unit`].
    pub value: f64,
    /// The unit of the value.
    pub unit: Unit,
    /// Where the value comes from.
    pub provenance: Provenance,
}

/// What a value says about the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Distance between two points.
    Length,
    /// The longer line of a bidirectional measurement.
    LongAxis,
    /// The shorter line of a bidirectional measurement.
    ShortAxis,
    /// Angle, 0 to 180 degrees.
    Angle,
    /// Area inside the outline.
    Area,
    /// Mean of the modality values inside.
    Mean,
    /// Their standard deviation (population, divisor n: the pixels are the whole region, not a sample of it).
    StandardDeviation,
    /// The least of them.
    Minimum,
    /// The greatest of them.
    Maximum,
    /// How many pixels have a value and their centre inside.
    PixelCount,
    /// The modality value of one pixel.
    Value,
}

impl Quantity {
    /// The name in JSON results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::LongAxis => "long_axis",
            Self::ShortAxis => "short_axis",
            Self::Angle => "angle",
            Self::Area => "area",
            Self::Mean => "mean",
            Self::StandardDeviation => "standard_deviation",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::PixelCount => "pixel_count",
            Self::Value => "value",
        }
    }
}

/// The unit of a [`Measured`] value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// mm.
    Millimetre,
    /// mm².
    SquareMillimetre,
    /// Degrees.
    Degree,
    /// Hounsfield units.
    Hounsfield,
    /// The modality's own unit as Rescale Type names it (PS3.3 C.11.1.1.2); empty where none is given.
    Modality(String),
    /// Pixels: no calibration.
    Pixel,
    /// Square pixels: no calibration.
    SquarePixel,
    /// A number of pixels.
    Count,
}

impl Unit {
    /// The unit as it is printed beside the value; empty where there is none.
    pub fn symbol(&self) -> &str {
        match self {
            Self::Millimetre => "mm",
            Self::SquareMillimetre => "mm2",
            Self::Degree => "deg",
            Self::Hounsfield => "HU",
            Self::Modality(name) => name,
            Self::Pixel => "px",
            Self::SquarePixel => "px2",
            Self::Count => "",
        }
    }
}

/// All values of `shape` on frame `frame` (from 0) of `instance`, the principal one first.
///
/// Areas come with mean, standard deviation, extremes and count where the frame has modality values; colour
/// images and images whose rescale is broken have none. An outline too small to hold a pixel centre has an
/// area and no statistics.
///
/// # Errors
/// [`MeasureError`]: the instance is no image, has no such frame, the shape leaves it, or a point has no value.
pub fn measure(
    shape: &Shape,
    instance: &Instance,
    frame: u32,
    pixel: &PixelValues<'_>,
) -> Result<Vec<Measured>, MeasureError> {
    let image = instance.image.as_ref().ok_or(MeasureError::NotAnImage)?;
    let format = &image.format;
    if frame >= format.frames {
        return Err(MeasureError::NoSuchFrame { frame, frames: format.frames });
    }
    let size = DVec2::new(f64::from(format.columns), f64::from(format.rows));
    let inside = |p: &DVec2| p.cmpge(DVec2::ZERO).all() && p.cmple(size).all();
    if !shape.points().iter().all(inside) {
        return Err(MeasureError::OutsideImage);
    }
    let scale = Scale::of(image, frame, &shape.points());
    let values = image
        .frame(frame)
        .filter(|_| format.photometric.is_monochrome())
        .and_then(|attributes| modality_unit(instance, &attributes.modality));
    match shape {
        Shape::Length(line) => Ok(vec![scale.length(Quantity::Length, line)]),
        Shape::Bidirectional(first, second) => Ok(scale.axes(first, second)),
        Shape::Angle(angle) => Ok(vec![scale.angle(angle)]),
        Shape::Ellipse(_) | Shape::Rectangle(_) | Shape::Polygon(_) => {
            let region = Region::of(shape).ok_or(MeasureError::NoArea)?;
            let mut all = vec![scale.area(region.area_px2())];
            if let Some(unit) = values {
                let statistics = Statistics::over(&region, format.columns, format.rows, pixel);
                all.extend(statistics.iter().flat_map(|s| s.measured(&unit)));
            }
            Ok(all)
        }
        Shape::Point(point) => {
            let unit = values.ok_or(MeasureError::NoValue)?;
            let column = (point.x.floor() as u32).min(format.columns.saturating_sub(1));
            let row = (point.y.floor() as u32).min(format.rows.saturating_sub(1));
            let value = pixel(column, row).ok_or(MeasureError::NoValue)?;
            let provenance = Provenance::PixelValues;
            Ok(vec![Measured { quantity: Quantity::Value, value, unit, provenance }])
        }
    }
}

/// The unit of a frame's modality values; `None` where the values cannot be trusted.
///
/// Rescale Type may be absent from a CT Image only where the values are HU (PS3.3 C.8.2.1); those of a
/// localizer, a projection, are none whatever its header says.
fn modality_unit(instance: &Instance, transform: &ModalityTransform) -> Option<Unit> {
    const CT_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.2";
    let image_type = instance.image.iter().flat_map(|image| &image.image_type);
    if image_type.into_iter().any(|value| value == "LOCALIZER") && *transform != ModalityTransform::Broken {
        return Some(Unit::Modality(String::new()));
    }
    match transform {
        ModalityTransform::Broken => None,
        ModalityTransform::Identity => Some(Unit::Modality(String::new())),
        ModalityTransform::Table(table) => Some(named_unit(&table.explanation)),
        ModalityTransform::Rescale { unit, .. } => {
            let hounsfield = unit.is_empty() && instance.sop_class.as_str() == CT_IMAGE;
            Some(if hounsfield { Unit::Hounsfield } else { named_unit(unit) })
        }
    }
}

/// Rescale Type or Modality LUT Type as a unit; `US` means unspecified (PS3.3 C.11.1.1.2).
fn named_unit(name: &str) -> Unit {
    match name.trim() {
        "HU" => Unit::Hounsfield,
        "US" => Unit::Modality(String::new()),
        other => Unit::Modality(other.to_owned()),
    }
}

#[cfg(test)]
mod tests;
