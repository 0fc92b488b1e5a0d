//! Slices through the patient: the planes of each CT and MR series, noise, stored values.

use glam::{DVec3, Vec3};
use rayon::prelude::*;

use super::answers;
use super::head::{Technique, head};
use super::noise::{bell, grain, smooth};
use super::raster::{Plane, render};
use super::scene::Scene;
use super::torso::{Occasion, torso};

/// A stack of parallel slices, patient coordinates in mm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    /// Centre of the first pixel of the first slice.
    pub(super) origin_mm: DVec3,
    /// Unit vector towards the next column.
    pub(super) row_direction: DVec3,
    /// Unit vector towards the next row.
    pub(super) column_direction: DVec3,
    /// From a slice to the next.
    pub(super) slice_step_mm: DVec3,
    pub(super) pixel_mm: f64,
    pub(super) thickness_mm: f64,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) slices: u32,
}

impl Stack {
    /// Centre of the first pixel of slice `n` (from 0).
    pub(super) fn position_mm(&self, n: u32) -> DVec3 {
        self.origin_mm + self.slice_step_mm * f64::from(n)
    }

    /// The chest CT, from the top down; the prior has its own frame of reference.
    pub(super) fn chest(occasion: Occasion) -> Self {
        let half = f64::from(511u32) / 2.0 * answers::CT_PIXEL_MM;
        Self {
            origin_mm: DVec3::new(-half, -half + 8.0, 194.0) + shift_mm(occasion) * DVec3::Z,
            row_direction: DVec3::X,
            column_direction: DVec3::Y,
            slice_step_mm: DVec3::NEG_Z * answers::CT_SLICE_MM,
            pixel_mm: answers::CT_PIXEL_MM,
            thickness_mm: answers::CT_SLICE_MM,
            columns: 512,
            rows: 512,
            slices: answers::CT_SLICES,
        }
    }

    /// The head's series: T1 sagittal, T2 axial, FLAIR tilted about x, CT axial.
    pub(super) fn head(technique: Technique) -> Self {
        match technique {
            Technique::T1 => Self {
                origin_mm: DVec3::new(-72.5, -128.0, 112.0),
                row_direction: DVec3::Y,
                column_direction: DVec3::NEG_Z,
                slice_step_mm: DVec3::X * 5.0,
                pixel_mm: 0.8,
                thickness_mm: 4.0,
                columns: 320,
                rows: 320,
                slices: 30,
            },
            Technique::T2 => Self::axial_head(448, 0.5, -62.0, (6.0, 5.0, 26)),
            Technique::Flair => {
                let (sine, cosine) = answers::FLAIR_TILT_DEG.to_radians().sin_cos();
                let column_direction = DVec3::new(0.0, rounded(cosine), rounded(sine));
                let normal = DVec3::X.cross(column_direction);
                let (pixel_mm, size) = (0.7, 320);
                let half = f64::from(size as u32 - 1) / 2.0 * pixel_mm;
                Self {
                    origin_mm: normal * -58.0 - DVec3::X * half - column_direction * (half + 4.0),
                    row_direction: DVec3::X,
                    column_direction,
                    slice_step_mm: normal * 6.0,
                    pixel_mm,
                    thickness_mm: 5.0,
                    columns: size,
                    rows: size,
                    slices: 24,
                }
            }
            Technique::BleedCt => Self::axial_head(512, 0.45, -66.0, (4.0, 4.0, 40)),
        }
    }

    /// Axial slices from `low_z` up: step, thickness, count.
    fn axial_head(
        size: usize,
        pixel_mm: f64,
        low_z: f64,
        (step, thickness_mm, slices): (f64, f64, u32),
    ) -> Self {
        let half = (size as f64 - 1.0) / 2.0 * pixel_mm;
        Self {
            origin_mm: DVec3::new(-half, -half - 2.0, low_z),
            row_direction: DVec3::X,
            column_direction: DVec3::Y,
            slice_step_mm: DVec3::Z * step,
            pixel_mm,
            thickness_mm,
            columns: size,
            rows: size,
            slices,
        }
    }

    /// The plane at a place along the normal from slice `n`, in the coordinates of the anatomy.
    fn plane(&self, n: u32, off_mm: f64, anatomy_from_patient_mm: DVec3) -> Plane {
        let normal = self.row_direction.cross(self.column_direction);
        Plane {
            origin: (self.position_mm(n) + normal * off_mm + anatomy_from_patient_mm).as_vec3(),
            column_step: (self.row_direction * self.pixel_mm).as_vec3(),
            row_step: (self.column_direction * self.pixel_mm).as_vec3(),
            columns: self.columns,
            rows: self.rows,
        }
    }
}

/// Rounded so that every machine's library gives the same, and to fit a decimal string.
fn rounded(v: f64) -> f64 {
    (v * 1e9).round() / 1e9
}

/// How the patient of an occasion lies: patient minus anatomy, mm.
fn shift_mm(occasion: Occasion) -> DVec3 {
    match occasion {
        Occasion::Prior => DVec3::from(answers::PRIOR_FROM_CURRENT_MM),
        Occasion::Current | Occasion::Film | Occasion::FilmWithMass => DVec3::ZERO,
    }
}

/// HU of a chest CT slice with its noise: what is stored, less the intercept.
pub(super) fn chest_hu(occasion: Occasion, n: u32) -> Vec<f32> {
    let stack = Stack::chest(occasion);
    let mut hu = render(torso(occasion), &stack.plane(n, 0.0, -shift_mm(occasion)));
    let noise = grain(occasion as u32 + 1000, n as i32, stack.columns, stack.rows, 0.32);
    for (hu, noise) in hu.iter_mut().zip(noise) {
        *hu += noise * answers::CT_NOISE_HU as f32;
    }
    hu
}

/// HU of a slice of the head CT with its noise.
pub(super) fn head_hu(n: u32) -> Vec<f32> {
    let stack = Stack::head(Technique::BleedCt);
    let mut hu = thick(head(Technique::BleedCt), &stack, n);
    let noise = grain(1100, n as i32, stack.columns, stack.rows, 0.32);
    for (hu, noise) in hu.iter_mut().zip(noise) {
        *hu += noise * answers::HEAD_CT_NOISE_HU as f32;
    }
    hu
}

/// Signal of a slice of a head MR: coil shading, then noise of a magnitude image (Rician).
pub(super) fn head_signal(technique: Technique, n: u32) -> Vec<f32> {
    const NOISE: f32 = 16.0;
    let stack = Stack::head(technique);
    let mut signal = thick(head(technique), &stack, n);
    let plane = stack.plane(n, 0.0, DVec3::ZERO);
    let seed = 1200 + technique as u32;
    signal.par_chunks_exact_mut(stack.columns).enumerate().for_each(|(row, line)| {
        for (column, v) in line.iter_mut().enumerate() {
            let p = plane.origin + plane.row_step * row as f32 + plane.column_step * column as f32;
            let shading =
                1.0 + 0.09 * smooth(seed, p / 95.0) - 0.0006 * Vec3::new(p.x, p.y, p.z).z.min(0.0).abs();
            let (c, r) = (column as i32, row as i32);
            let real = *v * shading + NOISE * bell(seed, c, r, n as i32);
            let imaginary = NOISE * bell(seed + 50, c, r, n as i32);
            *v = (real * real + imaginary * imaginary).sqrt();
        }
    });
    signal
}

/// The mean of two planes in a slice: structures fade at its faces as in a thick slice.
fn thick(scene: &Scene, stack: &Stack, n: u32) -> Vec<f32> {
    let off = stack.thickness_mm / 4.0;
    let (a, b) = rayon::join(
        || render(scene, &stack.plane(n, -off, DVec3::ZERO)),
        || render(scene, &stack.plane(n, off, DVec3::ZERO)),
    );
    a.into_iter().zip(b).map(|(a, b)| (a + b) * 0.5).collect()
}
