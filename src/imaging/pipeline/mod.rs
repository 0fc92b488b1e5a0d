//! From stored values to grey and colour levels, as PS3.3 C.11 and C.7.6.3.1.2 define it: the CPU twin.
//!
//! ```text
//!   stored ─ modality ─► modality value ─ VOI ─► 0..=255 (real) ─ level() ─► 0..=255 ─ invert ─► grey
//! ```
//!
//! Real numbers all the way; [`level`] rounds once, at the end.

mod colour;
mod grey;
mod modality;
mod profile;
mod voi;

pub use colour::{PaletteLevels, level_of, neutral_chrominance, rgb_from_ybr};
pub use grey::{GreyMapping, default_window};
pub use modality::{is_trusted, modality_value, table_value};
pub use profile::srgb_from_device;
pub use voi::{VoiCurve, Window};

/// The largest level of an 8-bit picture.
pub const LEVEL_MAX: f64 = 255.0;

/// Rounds a real level to the nearest of 0..=255, halves up. The one place where the pipeline rounds; the
/// shaders do the same.
pub fn level(real: f64) -> u8 {
    (real + 0.5).floor().clamp(0.0, LEVEL_MAX) as u8
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn levels_round_to_nearest_and_stay_in_range() {
        for (real, expected) in
            [(-3.0, 0), (0.0, 0), (0.49, 0), (0.5, 1), (127.5, 128), (254.5, 255), (300.0, 255)]
        {
            assert_eq!(level(real), expected, "{real}");
        }
    }
}
