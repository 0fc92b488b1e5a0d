//! How the reader turned, moved and enlarged an image: plain values that do not know the viewport's size.

use glam::{DMat2, DVec2};
use serde::{Deserialize, Serialize};

/// How the reader turned, moved and enlarged what a viewport shows. Does not depend on the viewport's size, so
/// that a resized window shows the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// How large.
    pub magnification: Magnification,
    /// How far what lies in the middle of the viewport is from the middle of the image or plane: along its
    /// columns and rows, in units of [`super::Frame::pixel_size`] (mm where spacing is known), before turning.
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

impl Placement {
    /// Enlarged by `factor` (smaller below 1), the point under the mouse staying where it is. `from_middle` is
    /// the way from the middle of the viewport to the mouse in units of the image, before turning
    /// ([`super::FrameView::units_from_middle`], [`super::Plane::units_from_middle`]), as shown now.
    ///
    /// The magnification stays within [`Magnification::LEAST`] and [`Magnification::MOST`]. A factor or a way
    /// that is not a finite number changes nothing.
    #[must_use]
    pub fn zoomed(self, factor: f64, from_middle: DVec2) -> Self {
        if !(factor.is_finite() && factor > 0.0 && from_middle.is_finite()) {
            return self;
        }
        let before = self.magnification.clamped();
        let after = before.times(factor).clamped();
        let factor = after.number() / before.number();
        let pan = self.pan + from_middle - from_middle / factor;
        Self { magnification: after, pan, ..self }
    }

    /// Turned clockwise on screen by so many right angles; negative turns the other way.
    #[must_use]
    pub fn turned(self, quarter_turns: i8) -> Self {
        let quarter_turns = (i16::from(self.quarter_turns) + i16::from(quarter_turns)).rem_euclid(4);
        Self { quarter_turns: quarter_turns as u8, ..self }
    }

    /// Left for right, as it is seen on screen now.
    #[must_use]
    pub fn mirrored_left_right(self) -> Self {
        // Mirroring after turning is mirroring first and turning the other way.
        let quarter_turns = (4 - self.quarter_turns % 4) % 4;
        Self { quarter_turns, mirrored: !self.mirrored, ..self }
    }

    /// Top for bottom, as it is seen on screen now.
    #[must_use]
    pub fn mirrored_top_bottom(self) -> Self {
        self.mirrored_left_right().turned(2)
    }

    /// What is shown moved by so many units along the image's columns and rows, before turning: a drag on
    /// screen is taken there by `units_from_picture` of the view or plane.
    #[must_use]
    pub fn moved(self, by_units: DVec2) -> Self {
        if by_units.is_finite() { Self { pan: self.pan - by_units, ..self } } else { self }
    }

    /// Takes a direction on screen (right, down) to one along the image's columns and rows, same length.
    pub(super) fn image_from_screen(&self) -> DMat2 {
        let mirror =
            if self.mirrored { DMat2::from_diagonal(DVec2::new(-1.0, 1.0)) } else { DMat2::IDENTITY };
        // Undoes the clockwise turn: screen down becomes right.
        let back = DMat2::from_cols(DVec2::new(0.0, -1.0), DVec2::new(1.0, 0.0));
        (0..self.quarter_turns % 4).fold(mirror, |matrix, _| matrix * back)
    }

    /// Units of the image for each screen pixel, where a whole image has `fit` and its smaller pixel side is
    /// `pixel` units.
    pub(super) fn step(&self, fit: f64, pixel: f64) -> f64 {
        match self.magnification.clamped() {
            Magnification::Fit(times) => fit / times,
            Magnification::Native(pixels) => pixel / pixels,
        }
    }

    /// The pan, if it is one.
    pub(super) fn pan(&self) -> DVec2 {
        if self.pan.is_finite() { self.pan } else { DVec2::ZERO }
    }

    /// Image pixels are to cover whole screen pixels: so many each.
    pub(super) fn whole_pixels(&self) -> bool {
        matches!(self.magnification, Magnification::Native(pixels) if pixels >= 1.0 && pixels.fract() == 0.0)
    }
}

impl Magnification {
    /// The least number of a magnification.
    pub const LEAST: f64 = 0.05;
    /// The greatest number of a magnification.
    pub const MOST: f64 = 40.0;

    fn number(self) -> f64 {
        match self {
            Self::Fit(number) | Self::Native(number) => number,
        }
    }

    fn times(self, factor: f64) -> Self {
        match self {
            Self::Fit(number) => Self::Fit(number * factor),
            Self::Native(number) => Self::Native(number * factor),
        }
    }

    /// Within bounds; what is not a number is as large as fits.
    fn clamped(self) -> Self {
        match self {
            Self::Fit(number) if number.is_finite() => Self::Fit(number.clamp(Self::LEAST, Self::MOST)),
            Self::Native(number) if number.is_finite() => Self::Native(number.clamp(Self::LEAST, Self::MOST)),
            _ => Self::Fit(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_screen(placement: &Placement, image: DVec2) -> DVec2 {
        placement.image_from_screen().inverse() * image
    }

    #[test]
    fn turns_are_clockwise_and_mirrors_are_as_seen() {
        let plain = Placement::default();
        assert_eq!(on_screen(&plain.turned(1), DVec2::X), DVec2::Y, "what was right is below");
        assert_eq!(plain.turned(3).turned(-3), plain);
        let all = (0..4_i8)
            .flat_map(|turns| [plain.turned(turns), Placement { mirrored: true, ..plain }.turned(turns)]);
        for placement in all {
            for image in [DVec2::X, DVec2::Y] {
                let before = on_screen(&placement, image);
                let (left_right, top_bottom) =
                    (placement.mirrored_left_right(), placement.mirrored_top_bottom());
                assert_eq!(on_screen(&left_right, image), before * DVec2::new(-1.0, 1.0), "{placement:?}");
                assert_eq!(on_screen(&top_bottom, image), before * DVec2::new(1.0, -1.0), "{placement:?}");
            }
            assert_eq!(placement.mirrored_left_right().mirrored_left_right(), placement);
            assert_eq!(placement.mirrored_top_bottom().mirrored_top_bottom(), placement);
        }
    }

    #[test]
    fn what_is_no_number_leaves_the_placement_alone() {
        let plain = Placement::default();
        for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(plain.zoomed(factor, DVec2::ONE), plain);
        }
        assert_eq!(plain.zoomed(2.0, DVec2::NAN), plain);
        assert_eq!(plain.moved(DVec2::INFINITY), plain);
        let far = plain.zoomed(1e9, DVec2::ZERO);
        assert_eq!(far.magnification, Magnification::Fit(Magnification::MOST));
    }
}
