//! Rectangles on whole physical pixels.

use crate::imaging::PictureSize;

/// A part of a window on whole physical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// In points, its edges on physical pixels.
    pub rect: egui::Rect,
    /// In physical pixels.
    pub size: PictureSize,
}

/// An edge so close to a pixel's edge (in pixels) is on it: points are rounded, pixels are not.
const ON_PIXEL: f32 = 0.01;

impl Place {
    /// The largest such part of `rect`; `None` where that is empty.
    pub fn within(rect: egui::Rect, pixels_per_point: f32) -> Option<Self> {
        if !(pixels_per_point.is_finite() && pixels_per_point > 0.0 && rect.is_finite()) {
            return None;
        }
        let low = (rect.min.to_vec2() * pixels_per_point - egui::Vec2::splat(ON_PIXEL)).ceil();
        let high = (rect.max.to_vec2() * pixels_per_point + egui::Vec2::splat(ON_PIXEL)).floor();
        let side = (high - low).min(egui::Vec2::splat(PictureSize::MAX_SIDE as f32));
        if side.x < 1.0 || side.y < 1.0 {
            return None;
        }
        let size = PictureSize::new(side.x as u32, side.y as u32).ok()?;
        let min = (low / pixels_per_point).to_pos2();
        Some(Self { rect: egui::Rect::from_min_max(min, ((low + side) / pixels_per_point).to_pos2()), size })
    }

    /// Its first pixel (column, row), physical pixels of the window.
    pub(super) fn corner(&self, pixels_per_point: f32) -> [i32; 2] {
        let corner = (self.rect.min.to_vec2() * pixels_per_point).round();
        [corner.x as i32, corner.y as i32]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Rect, pos2};
    use proptest::prelude::*;

    #[test]
    fn whole_pixels_are_kept_and_broken_ones_left_out() {
        let rect = Rect::from_min_max(pos2(10.4, 0.0), pos2(20.0, 8.0));
        for (pixels_per_point, corner, size) in
            [(1.0, [11, 0], (9, 8)), (1.25, [13, 0], (12, 10)), (2.0, [21, 0], (19, 16))]
        {
            let place = Place::within(rect, pixels_per_point).unwrap();
            assert_eq!((place.size.width(), place.size.height()), size, "{pixels_per_point}");
            assert_eq!(place.corner(pixels_per_point), corner, "{pixels_per_point}");
        }
    }

    #[test]
    fn what_has_no_whole_pixel_is_no_place() {
        for (rect, pixels_per_point) in [
            (Rect::from_min_max(pos2(0.3, 0.0), pos2(1.2, 9.0)), 1.0),
            (Rect::from_min_max(pos2(5.0, 0.0), pos2(1.0, 9.0)), 1.0),
            (Rect::NOTHING, 1.0),
            (Rect::EVERYTHING, 1.0),
            (Rect::from_min_max(pos2(0.0, 0.0), pos2(9.0, 9.0)), f32::NAN),
            (Rect::from_min_max(pos2(0.0, 0.0), pos2(9.0, 9.0)), 0.0),
        ] {
            assert_eq!(Place::within(rect, pixels_per_point), None, "{rect} {pixels_per_point}");
        }
    }

    proptest! {
        #[test]
        fn a_place_lies_in_its_rectangle_on_pixels_and_misses_less_than_one(
            x in -50.0..3000.0_f32, y in -50.0..3000.0_f32, w in 4.0..2000.0_f32, h in 4.0..2000.0_f32,
            pixels_per_point in 0.75..3.0_f32,
        ) {
            let rect = Rect::from_min_size(pos2(x, y), egui::vec2(w, h));
            let place = Place::within(rect, pixels_per_point).unwrap();
            prop_assert!(rect.expand(0.02).contains_rect(place.rect));
            let size = place.rect.size() * pixels_per_point;
            let pixels = egui::vec2(place.size.width() as f32, place.size.height() as f32);
            prop_assert!((size - pixels).abs().max_elem() < 0.01);
            prop_assert!((rect.size() * pixels_per_point - pixels).max_elem() < 2.0);
            // The same rectangle again is the same place.
            prop_assert_eq!(Place::within(place.rect, pixels_per_point).map(|again| again.size), Some(place.size));
        }
    }
}
