//! Real-world values of what is measured (PS3.3 C.7.6.16.2.11): beside the modality values, never instead of them.

use super::region::Region;
use super::{Measured, Provenance, Quantity, Shape, Statistics, Unit};
use crate::imaging::Frame;

/// What one real-world value map of a frame says of a shape.
#[derive(Debug, Clone, PartialEq)]
pub struct RealWorld {
    /// LUT Label of the map, as in `SUVbw`; where it has none, the meaning of its unit.
    pub label: String,
    /// The value of a point; mean, deviation, extremes and count of an outline. The unit is the map's, in UCUM.
    pub values: Vec<Measured>,
}

/// The real-world values of a point or of the pixels whose centres lie inside an outline, for each map of the frame
/// that has any. Padding and pixels outside a map's range count for nothing; other shapes have no such values.
pub fn real_world(shape: &Shape, frame: &Frame) -> Vec<RealWorld> {
    let maps = &frame.attributes().real_world;
    let one = |(n, map): (usize, &crate::dicom::display::RealWorldMap)| {
        let unit = Unit::Modality(map.unit.clone());
        let at = |column: u32, row: u32| {
            let inside = column < frame.columns() && row < frame.rows() && !frame.is_padding(column, row);
            inside.then(|| frame.real_world_value(n, column, row)).flatten()
        };
        let values = match shape {
            Shape::Point(point) => {
                let value = at(point.x.floor() as u32, point.y.floor() as u32)?;
                vec![Measured { quantity: Quantity::Value, value, unit, provenance: Provenance::PixelValues }]
            }
            other => {
                let region = Region::of(other)?;
                Statistics::over(&region, frame.columns(), frame.rows(), &at)?.measured(&unit).to_vec()
            }
        };
        Some(RealWorld { label: map.name().to_owned(), values })
    };
    maps.iter().enumerate().filter_map(one).collect()
}
