//! From a modality value to the grey level on screen.

use super::{LEVEL_MAX, VoiCurve, Window, level};
use crate::dicom::instance::VoiFunction;

/// How modality values become grey: the VOI curve, then perhaps inversion.
#[derive(Debug, Clone, PartialEq)]
pub struct GreyMapping {
    /// Modality value to grey.
    pub voi: VoiCurve,
    /// Low values are bright: MONOCHROME1, Presentation LUT Shape INVERSE (either or both: they say the
    /// same thing, PS3.3 C.8.11.3.1.2), or turned around by the reader.
    pub invert: bool,
}

impl GreyMapping {
    /// The real level, 0..=255, of a modality value.
    pub fn grey(&self, modality_value: f64) -> f64 {
        let grey = self.voi.grey(modality_value).clamp(0.0, LEVEL_MAX);
        if self.invert { LEVEL_MAX - grey } else { grey }
    }

    /// The level of a modality value.
    pub fn level(&self, modality_value: f64) -> u8 {
        let level = level(self.voi.grey(modality_value));
        if self.invert { 255 - level } else { level }
    }
}

/// The window for an image that brings none, and why:
///
/// - HU: 40, 400, the soft-tissue window, so that CTs look alike whatever metal they hold;
/// - 8-bit unsigned samples without a modality transform: 0 to 255, which are already grey levels;
/// - all else: from the lowest to the highest modality value, padding left out (PS3.3 C.11.2.1.2.1 note 4).
///
/// The whole range and no percentiles of it: a picture that starts too flat is seen to be so and is windowed, one
/// that starts with its brightest or darkest parts cut off is not.
pub fn default_window(unit: &str, already_grey: bool, range: (f64, f64)) -> Window {
    let soft_tissue = Window::new(40.0, 400.0, VoiFunction::Linear);
    match soft_tissue {
        Ok(window) if unit == "HU" => window,
        _ if already_grey => Window::over(0.0, 255.0),
        _ => Window::over(range.0, range.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_without_a_window_get_a_sensible_one() {
        let hu = default_window("HU", false, (-2000.0, 3000.0));
        assert_eq!((hu.center(), hu.width()), (40.0, 400.0));
        let grey = default_window("", true, (3.0, 90.0));
        assert!((0..=255).all(|v| (grey.grey(f64::from(v)) - f64::from(v)).abs() < 1e-9));
        let other = default_window("US", false, (10.0, 20.0));
        assert_eq!((other.grey(10.0), other.grey(15.0), other.grey(20.0)), (0.0, 127.5, 255.0));
        let share = default_window("", false, (0.25, 0.75));
        assert_eq!((share.center(), share.width()), (0.5, 0.5));
        assert_eq!((share.grey(0.25), share.grey(0.5), share.grey(0.75)), (0.0, 127.5, 255.0));
        let flat = default_window("", false, (0.5, 0.5));
        assert_eq!((flat.grey(0.4), flat.grey(0.6)), (0.0, 255.0));
    }

    #[test]
    fn inversion_turns_the_levels_around() {
        let voi = VoiCurve::Window(default_window("", true, (0.0, 0.0)));
        assert_eq!(GreyMapping { voi: voi.clone(), invert: false }.level(10.0), 10);
        assert_eq!(GreyMapping { voi, invert: true }.level(10.0), 245);
    }
}
