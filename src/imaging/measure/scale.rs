//! From pixels to millimetres, and where the scale comes from.

use glam::DVec2;

use super::shape::Angle;
use super::{Measured, Quantity, Unit};
use crate::dicom::instance::{ImageModule, SpacingSource, UltrasoundRegion};

/// Where a value comes from: a reader must know what its millimetres mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// Pixel spacing: in the patient, calibrated, or only at the detector (PS3.3 10.7.1.3).
    Spacing(SpacingSource),
    /// The scale of one ultrasound region of tissue (PS3.3 C.8.5.5.1).
    UltrasoundRegion,
    /// No calibration: in pixels.
    Uncalibrated,
    /// Modality values of pixels; no spacing was needed.
    PixelValues,
}

/// The size of a pixel where a shape lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// One column and one row in mm, or 1,1 where there is no calibration.
    step: DVec2,
    /// What makes angles true: `step`, or the pixel aspect ratio.
    angular_step: DVec2,
    provenance: Provenance,
}

impl Scale {
    /// The scale that holds for all of `points` on frame `frame` (from 0) of `image`.
    ///
    /// Where an image has ultrasound regions, its pixels mean millimetres only inside one region of tissue
    /// (Region Data Type 1) with both deltas in cm; elsewhere, or across regions, there is no calibration.
    pub fn of(image: &ImageModule, frame: u32, points: &[DVec2]) -> Self {
        let regions = &image.ultrasound_regions;
        let calibrated = if regions.is_empty() {
            image.frame(frame).and_then(|f| f.spacing).map(|s| {
                let step = DVec2::new(s.between_columns_mm, s.between_rows_mm);
                (step, Provenance::Spacing(s.source))
            })
        } else {
            let mut holding = regions.iter().filter(|r| points.iter().all(|p| holds(r, *p)));
            tissue_step(holding.next(), holding.next()).map(|step| (step, Provenance::UltrasoundRegion))
        };
        match calibrated {
            Some((step, provenance)) if step.is_finite() && step.min_element() > 0.0 => {
                Self { step, angular_step: step, provenance }
            }
            _ => Self {
                step: DVec2::ONE,
                angular_step: aspect_step(image),
                provenance: Provenance::Uncalibrated,
            },
        }
    }

    /// One column and one row in mm; `None` where there is no calibration.
    pub fn mm_per_pixel(&self) -> Option<DVec2> {
        (self.provenance != Provenance::Uncalibrated).then_some(self.step)
    }

    /// Where it comes from.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    pub(super) fn length(&self, quantity: Quantity, line: &[DVec2; 2]) -> Measured {
        let value = ((line[1] - line[0]) * self.step).length();
        let unit = self.choose(Unit::Millimetre, Unit::Pixel);
        Measured { quantity, value, unit, provenance: self.provenance }
    }

    /// Long axis, then short axis, whichever was drawn first.
    pub(super) fn axes(&self, first: &[DVec2; 2], second: &[DVec2; 2]) -> Vec<Measured> {
        let (long, short) =
            if self.first_is_longer(first, second) { (first, second) } else { (second, first) };
        vec![self.length(Quantity::LongAxis, long), self.length(Quantity::ShortAxis, short)]
    }

    pub(super) fn angle(&self, angle: &Angle) -> Measured {
        let direction = |from: DVec2, to: DVec2| (to - from) * self.angular_step;
        let value = match angle {
            Angle::Vertex([a, vertex, b]) => degrees(direction(*vertex, *a), direction(*vertex, *b)),
            Angle::Lines([a, b], [c, d]) => {
                let turned = degrees(direction(*a, *b), direction(*c, *d));
                turned.min(180.0 - turned)
            }
        };
        Measured { quantity: Quantity::Angle, value, unit: Unit::Degree, provenance: self.provenance }
    }

    pub(super) fn area(&self, area_px2: f64) -> Measured {
        let value = area_px2 * self.step.x * self.step.y;
        let unit = self.choose(Unit::SquareMillimetre, Unit::SquarePixel);
        Measured { quantity: Quantity::Area, value, unit, provenance: self.provenance }
    }

    /// Whether the first line of a bidirectional measurement is its long axis.
    pub fn first_is_longer(&self, first: &[DVec2; 2], second: &[DVec2; 2]) -> bool {
        ((first[1] - first[0]) * self.step).length() >= ((second[1] - second[0]) * self.step).length()
    }

    fn choose(&self, calibrated: Unit, otherwise: Unit) -> Unit {
        if self.provenance == Provenance::Uncalibrated { otherwise } else { calibrated }
    }
}

/// The angle between two directions, 0 to 180 degrees; atan2 stays exact near both ends, acos does not.
fn degrees(a: DVec2, b: DVec2) -> f64 {
    a.perp_dot(b).abs().atan2(a.dot(b)).to_degrees()
}

/// Pixel Aspect Ratio as relative steps (PS3.3 C.7.6.3.1.7: vertical over horizontal); square where absent.
fn aspect_step(image: &ImageModule) -> DVec2 {
    match image.pixel_aspect {
        Some((vertical, horizontal)) if vertical > 0 && horizontal > 0 => {
            DVec2::new(1.0, f64::from(vertical) / f64::from(horizontal))
        }
        _ => DVec2::ONE,
    }
}

/// Whether a point lies in a region; bounds are whole pixels, inclusive.
fn holds(region: &UltrasoundRegion, point: DVec2) -> bool {
    let [left, top, right, bottom] = region.bounds.map(f64::from);
    point.x >= left && point.x <= right + 1.0 && point.y >= top && point.y <= bottom + 1.0
}

/// mm per pixel of the one region that holds the shape. Regions may overlap only with transparency
/// (C.8.5.5.1.3); where two hold the shape nothing says which scale is meant.
fn tissue_step(first: Option<&UltrasoundRegion>, second: Option<&UltrasoundRegion>) -> Option<DVec2> {
    const TISSUE: u16 = 1;
    let region = match (first, second) {
        (Some(region), None) if region.data_type == TISSUE => region,
        _ => return None,
    };
    // Deltas may be negative: the direction of the axis. A length has none.
    region.delta_cm.map(|(x, y)| DVec2::new(x, y).abs() * 10.0)
}
