//! Colour profiles (PS3.3 C.11.15): samples of a device's own colours to sRGB.
//!
//! Once, when a frame is made, and in 8 bits, which is what is drawn. A profile that cannot be used leaves the
//! colours as they are; what can be told from its header was warned about when the object was read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use moxcms::{ColorProfile, Layout, Transform8BitExecutor, TransformOptions};
use rayon::prelude::*;

/// Pixels converted at a time.
const RUN: usize = 1 << 14;

/// Pixels of red, green and blue through an ICC profile to sRGB; `None` when the profile is not usable.
pub fn srgb_from_device(profile: &[u8], rgb: &[u8]) -> Option<Vec<u8>> {
    let transform = transform(profile)?;
    let mut out = vec![0; rgb.len() / 3 * 3];
    let runs = out.par_chunks_mut(3 * RUN).zip(rgb.par_chunks(3 * RUN));
    let all = runs.map(|(out, rgb)| transform.transform(&rgb[..out.len()], out).is_ok());
    all.all(|done| done).then_some(out)
}

/// The library has read the whole profile, its tables included: a panic in it is one more way of being broken.
fn transform(profile: &[u8]) -> Option<Arc<Transform8BitExecutor>> {
    let made = || {
        let device = ColorProfile::new_from_slice(profile).ok()?;
        let options = TransformOptions::default();
        device.create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, options).ok()
    };
    catch_unwind(AssertUnwindSafe(made)).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_another_device_become_srgb_and_its_own_stay() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let wide = ColorProfile::new_display_p3().encode().unwrap();
        let rgb = [0, 0, 0, 255, 255, 255, 128, 128, 128, 200, 120, 40];
        let same = srgb_from_device(&srgb, &rgb).unwrap();
        assert!(same.iter().zip(rgb).all(|(a, b)| a.abs_diff(b) <= 1), "{same:?}");
        // Neutral stays neutral; a colour of the wider space is a stronger one in sRGB.
        let stronger = srgb_from_device(&wide, &rgb).unwrap();
        assert!(stronger[..9].iter().zip(rgb).all(|(a, b)| a.abs_diff(b) <= 1), "{stronger:?}");
        assert!(stronger[9] > 205 && stronger[11] < 30, "{stronger:?}");
    }

    #[test]
    fn what_is_no_profile_converts_nothing() {
        let mut cut = ColorProfile::new_srgb().encode().unwrap();
        cut.truncate(200);
        for broken in [&[][..], &[0; 300], &cut] {
            assert_eq!(srgb_from_device(broken, &[1, 2, 3]), None);
        }
    }
}
