//! Planes through a volume and how they lie on screen.
//!
//! Radiological convention: the patient's right is on the left of the screen. An axial plane is viewed from
//! the feet, a coronal one from the front, a sagittal one from the patient's left (the front on the left of
//! the screen).

use glam::{DMat2, DVec2, DVec3};

use super::{EdgeLetters, ImagingError, PictureSize, Placement, Volume};

/// A grid of sample points in the patient: pixel (column, row) lies at
/// `origin_mm + column x column_step_mm + row x row_step_mm`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Centre of pixel 0,0, patient mm.
    pub origin_mm: DVec3,
    /// To the next column (screen right), mm.
    pub column_step_mm: DVec3,
    /// To the next row (screen down), mm.
    pub row_step_mm: DVec3,
    /// Columns and rows.
    pub size: PictureSize,
}

/// The planes that have names, and all others by their normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StandardPlane {
    /// Across the body, viewed from the feet.
    Axial,
    /// Facing the patient.
    Coronal,
    /// From the patient's left.
    Sagittal,
    /// Any normal (patient axes, any length and sign), viewed as the named plane that it is closest to.
    Normal(DVec3),
}

impl StandardPlane {
    /// Unit vectors to screen right and screen down.
    ///
    /// # Errors
    /// [`ImagingError::BadPlane`] for a zero or non-finite normal.
    pub fn directions(self) -> Result<(DVec3, DVec3), ImagingError> {
        let normal = match self {
            Self::Axial => DVec3::Z,
            Self::Coronal => DVec3::Y,
            Self::Sagittal => DVec3::NEG_X,
            Self::Normal(normal) => normal.try_normalize().ok_or(ImagingError::BadPlane)?,
        };
        let size = normal.abs();
        // The viewing direction (into the screen) and the patient axis that goes to screen right, as the
        // closest named plane has them. The sign of a normal must never swap left and right.
        let (into_screen, right) = if size.z >= size.x.max(size.y) {
            (normal * normal.z.signum(), DVec3::X)
        } else if size.y >= size.x {
            (normal * normal.y.signum(), DVec3::X)
        } else {
            (normal * -normal.x.signum(), DVec3::Y)
        };
        let right = (right - into_screen * right.dot(into_screen)).normalize();
        Ok((right, into_screen.cross(right)))
    }
}

impl Plane {
    /// The plane through `at_mm` (by default the middle voxel of the volume) that shows all of the volume's
    /// cross-section.
    ///
    /// Pixels are square. Without a `size` their side is the volume's smallest voxel spacing and the grid
    /// starts at the volume's outermost voxel centres, so that a plane along the acquisition samples the
    /// stored pixels themselves. With a `size` the cross-section fits into it, centred.
    ///
    /// # Errors
    /// [`ImagingError::BadPlane`] for a bad normal or point; [`ImagingError::BadSize`] when the volume is too
    /// large for a picture at its own spacing.
    pub fn through(
        volume: &Volume,
        plane: StandardPlane,
        at_mm: Option<DVec3>,
        size: Option<PictureSize>,
    ) -> Result<Self, ImagingError> {
        if let Some(size) = size {
            return Self::placed(volume, plane, at_mm, size, &Placement::default());
        }
        let (right, down) = plane.directions()?;
        let depth_mm = depth_mm(volume, right.cross(down), at_mm)?;
        let (left_mm, width_mm) = extent(volume, right);
        let (top_mm, height_mm) = extent(volume, down);
        let voxel_mm = volume.spacing_mm().min_element();
        let count = |length_mm: f64| (length_mm / voxel_mm).round().min(f64::from(u32::MAX - 1)) as u32 + 1;
        Ok(Self {
            origin_mm: depth_mm + right * left_mm + down * top_mm,
            column_step_mm: right * voxel_mm,
            row_step_mm: down * voxel_mm,
            size: PictureSize::new(count(width_mm), count(height_mm))?,
        })
    }

    /// The plane through `at_mm` (by default the middle voxel of the volume) in a picture of `size`, turned,
    /// moved and enlarged. The middle that is panned from is that of the volume's cross-section; the units of
    /// the pan are mm to the named plane's right and down.
    ///
    /// With [`super::Magnification::Native`] of a whole number the grid lies so that a plane along the
    /// acquisition samples the stored pixels themselves.
    ///
    /// # Errors
    /// [`ImagingError::BadPlane`] for a bad normal or point.
    pub fn placed(
        volume: &Volume,
        plane: StandardPlane,
        at_mm: Option<DVec3>,
        size: PictureSize,
        placement: &Placement,
    ) -> Result<Self, ImagingError> {
        let (right, down) = plane.directions()?;
        let depth_mm = depth_mm(volume, right.cross(down), at_mm)?;
        let in_patient = |units: DVec2| right * units.x + down * units.y;
        let turn = placement.image_from_screen();
        let (columns, rows) = (in_patient(turn.x_axis), in_patient(turn.y_axis));
        let voxel_mm = volume.spacing_mm().min_element();
        let (width, height) = (f64::from(size.width()), f64::from(size.height()));
        let (across, along) = (extent(volume, columns), extent(volume, rows));
        let fit_mm = ((across.1 + voxel_mm) / width).max((along.1 + voxel_mm) / height);
        let step_mm = placement.step(fit_mm, voxel_mm);
        let pan_mm = in_patient(placement.pan());
        let start_mm = |(start_mm, length_mm): (f64, f64), direction: DVec3, pixels: f64| {
            let first = start_mm + length_mm / 2.0 - step_mm * (pixels - 1.0) / 2.0 + pan_mm.dot(direction);
            if !placement.whole_pixels() {
                return first;
            }
            // Outer edges of picture pixels and of voxels coincide.
            let edge = start_mm - voxel_mm / 2.0 + step_mm / 2.0;
            edge + ((first - edge) / step_mm).round() * step_mm
        };
        let (left_mm, top_mm) = (start_mm(across, columns, width), start_mm(along, rows, height));
        Ok(Self {
            origin_mm: depth_mm + columns * left_mm + rows * top_mm,
            column_step_mm: columns * step_mm,
            row_step_mm: rows * step_mm,
            size,
        })
    }

    /// The unit normal, into the screen.
    pub fn normal(&self) -> DVec3 {
        self.column_step_mm.cross(self.row_step_mm).normalize_or_zero()
    }

    /// Where in the patient a point of the picture (0,0 the centre of its first pixel) lies, mm.
    pub fn point_in_patient(&self, picture: DVec2) -> DVec3 {
        self.origin_mm + self.column_step_mm * picture.x + self.row_step_mm * picture.y
    }

    /// Where on the picture a point of the patient lies, seen along the normal.
    pub fn point_on_picture(&self, patient_mm: DVec3) -> DVec2 {
        let from_origin = patient_mm - self.origin_mm;
        let along = |step: DVec3| from_origin.dot(step) / step.length_squared();
        DVec2::new(along(self.column_step_mm), along(self.row_step_mm))
    }

    /// Takes a way on the picture, pixels, to mm along the right and down that `plane` (the one this was made
    /// of) has before turning: the units of [`Placement::pan`].
    ///
    /// # Errors
    /// [`ImagingError::BadPlane`] for a bad normal.
    pub fn units_from_picture(&self, plane: StandardPlane) -> Result<DMat2, ImagingError> {
        let (right, down) = plane.directions()?;
        let units = |step: DVec3| DVec2::new(step.dot(right), step.dot(down));
        Ok(DMat2::from_cols(units(self.column_step_mm), units(self.row_step_mm)))
    }

    /// The way from the middle of the picture to a point of it, in the units of [`Placement::zoomed`].
    ///
    /// # Errors
    /// [`ImagingError::BadPlane`] for a bad normal.
    pub fn units_from_middle(&self, plane: StandardPlane, picture: DVec2) -> Result<DVec2, ImagingError> {
        Ok(self.units_from_picture(plane)? * (picture - self.size.middle()))
    }

    /// The letters at the edges of the picture.
    pub fn edge_letters(&self) -> EdgeLetters {
        EdgeLetters::new(self.column_step_mm, self.row_step_mm)
    }

    /// Millimetres in the patient for each pixel.
    pub fn mm_per_pixel(&self) -> f64 {
        self.column_step_mm.length()
    }
}

/// How far the plane lies along `into_screen`, as a vector.
fn depth_mm(volume: &Volume, into_screen: DVec3, at_mm: Option<DVec3>) -> Result<DVec3, ImagingError> {
    let at_mm = at_mm.unwrap_or_else(|| volume.middle_voxel_mm());
    if at_mm.is_finite() { Ok(into_screen * at_mm.dot(into_screen)) } else { Err(ImagingError::BadPlane) }
}

/// Where the volume's voxel centres start along a direction, and over what length they reach, mm.
fn extent(volume: &Volume, direction: DVec3) -> (f64, f64) {
    let along = volume.corners_mm().map(|corner| corner.dot(direction));
    let low = along.iter().copied().fold(f64::INFINITY, f64::min);
    let high = along.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low, high - low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::orientation_letters;
    use proptest::prelude::*;

    #[test]
    fn named_planes_hang_as_radiologists_expect() {
        for (plane, right, down) in [
            (StandardPlane::Axial, "L", "P"),
            (StandardPlane::Coronal, "L", "F"),
            (StandardPlane::Sagittal, "P", "F"),
        ] {
            let (column, row) = plane.directions().unwrap();
            assert_eq!(
                (orientation_letters(column).as_str(), orientation_letters(row).as_str()),
                (right, down)
            );
        }
    }

    #[test]
    fn a_normal_without_direction_is_refused() {
        for normal in [DVec3::ZERO, DVec3::NAN, DVec3::INFINITY] {
            assert_eq!(StandardPlane::Normal(normal).directions(), Err(ImagingError::BadPlane));
        }
    }

    proptest! {
        #[test]
        fn every_normal_gives_a_right_handed_frame_that_never_mirrors_the_patient(
            x in -1.0..1.0_f64, y in -1.0..1.0_f64, z in -1.0..1.0_f64,
        ) {
            let normal = DVec3::new(x, y, z);
            prop_assume!(normal.length() > 0.01);
            let (right, down) = StandardPlane::Normal(normal).directions().unwrap();
            let flipped = StandardPlane::Normal(-normal).directions().unwrap();
            prop_assert!((right.dot(down)).abs() < 1e-12 && (right.length() - 1.0).abs() < 1e-12);
            prop_assert!((right.cross(down).dot(normal.normalize()).abs() - 1.0).abs() < 1e-12);
            prop_assert!((flipped.0 - right).length() < 1e-12 && (flipped.1 - down).length() < 1e-12);
            // Screen right never points to the patient's right nor, where it is about front and back, to the front.
            prop_assert!(right.x > 0.0 || right.y > 0.0);
        }
    }
}
