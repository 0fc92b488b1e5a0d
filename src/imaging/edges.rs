//! What stands at the edges of a picture: orientation letters and the scale bar.

use glam::{DVec2, DVec3};

use super::{FrameView, orientation_letters};

/// The letters at the four edges of a picture (PS3.3 C.7.6.1.1.1), as in `L`, `RA`; empty where a direction has
/// none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeLetters {
    /// At the left edge.
    pub left: String,
    /// At the right edge.
    pub right: String,
    /// At the top.
    pub top: String,
    /// At the bottom.
    pub bottom: String,
}

impl EdgeLetters {
    /// The letters of a picture whose right edge lies in the direction `right` of the patient, and whose bottom
    /// in the direction `down`; any length.
    pub fn new(right: DVec3, down: DVec3) -> Self {
        Self {
            left: orientation_letters(-right),
            right: orientation_letters(right),
            top: orientation_letters(-down),
            bottom: orientation_letters(down),
        }
    }

    /// The letters of an image that says them itself (Patient Orientation, PS3.3 C.7.6.1.1.1: `along`, towards
    /// the end of rows and of columns), as it lies in `view`: turned and mirrored with it.
    pub fn written(along: &[String; 2], view: &FrameView) -> Self {
        let towards = |picture: DVec2| {
            let image = view.image_from_picture.matrix2 * picture;
            let [row, column] = along;
            let (step, letters) =
                if image.x.abs() >= image.y.abs() { (image.x, row) } else { (image.y, column) };
            if step >= 0.0 { letters.clone() } else { opposite(letters) }
        };
        Self {
            left: towards(-DVec2::X),
            right: towards(DVec2::X),
            top: towards(-DVec2::Y),
            bottom: towards(DVec2::Y),
        }
    }
}

/// The letters of the opposite direction: `LF` for `RH`.
fn opposite(letters: &str) -> String {
    let turned = |letter| match letter {
        'L' => 'R',
        'R' => 'L',
        'A' => 'P',
        'P' => 'A',
        'H' => 'F',
        'F' => 'H',
        other => other,
    };
    letters.chars().map(turned).collect()
}

/// A bar of a round length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleBar {
    /// What it stands for, mm: 1, 2 or 5 times a power of ten.
    pub length_mm: f64,
    /// How long it is on screen, pixels.
    pub pixels: f64,
}

/// The longest bar of a round length that is at most `max_pixels` long where a pixel is `mm_per_pixel`; `None`
/// where either is not a positive number.
pub fn scale_bar(mm_per_pixel: f64, max_pixels: f64) -> Option<ScaleBar> {
    let longest_mm = mm_per_pixel * max_pixels;
    if !(longest_mm.is_finite() && mm_per_pixel > 0.0 && longest_mm > 0.0) {
        return None;
    }
    let power = 10.0_f64.powf(longest_mm.log10().floor());
    // One power lower as well: the logarithm of a round length may round up.
    let round = [5.0, 2.0, 1.0, 0.5].map(|digit| digit * power);
    let length_mm = round.into_iter().find(|length| *length <= longest_mm)?;
    Some(ScaleBar { length_mm, pixels: length_mm / mm_per_pixel })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::{PictureSize, Placement};

    #[test]
    fn letters_of_the_image_itself_turn_and_mirror_with_it() {
        let along = ["L", "FR"].map(str::to_owned);
        let size = PictureSize::new(10, 10).unwrap();
        let plain = Placement::default();
        for (placement, [left, right, top, bottom]) in [
            (plain, ["R", "L", "HL", "FR"]),
            (plain.mirrored_left_right(), ["L", "R", "HL", "FR"]),
            (plain.mirrored_top_bottom(), ["R", "L", "FR", "HL"]),
            // Clockwise: what was at the bottom comes to the left, what was on the left to the top.
            (plain.turned(1), ["FR", "HL", "R", "L"]),
            (plain.turned(2), ["L", "R", "FR", "HL"]),
            (plain.turned(-1), ["HL", "FR", "L", "R"]),
        ] {
            let matrix = placement.image_from_screen();
            let view = FrameView { size, image_from_picture: glam::DAffine2::from_mat2(matrix) };
            let seen = EdgeLetters::written(&along, &view);
            let expected = EdgeLetters {
                left: left.into(),
                right: right.into(),
                top: top.into(),
                bottom: bottom.into(),
            };
            assert_eq!(seen, expected, "{placement:?}");
        }
    }

    #[test]
    fn a_bar_is_round_and_as_long_as_fits() {
        for (mm_per_pixel, max_pixels, length_mm) in [
            (0.5, 100.0, 50.0),
            (0.5, 99.0, 20.0),
            (0.3, 100.0, 20.0),
            (1.0, 10.0, 10.0),
            (0.001, 90.0, 0.05),
        ] {
            let bar = scale_bar(mm_per_pixel, max_pixels).unwrap();
            assert!((bar.length_mm / length_mm - 1.0).abs() < 1e-12, "{bar:?}");
            assert!(bar.pixels <= max_pixels * (1.0 + 1e-12) && bar.pixels > max_pixels / 2.6, "{bar:?}");
        }
        for (mm_per_pixel, max_pixels) in [(0.0, 9.0), (-1.0, 9.0), (f64::NAN, 9.0), (1.0, 0.0), (1.0, -3.0)]
        {
            assert_eq!(scale_bar(mm_per_pixel, max_pixels), None);
        }
    }
}
