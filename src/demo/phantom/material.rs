//! What a solid is filled with: a value (HU or MR signal) that may vary with the place.

use std::sync::Arc;

use glam::Vec3;

use super::noise::smooth;
use super::solid::AnySolid;

/// A filling.
#[derive(Clone)]
pub(super) enum Material {
    /// The same everywhere.
    Flat(f32),
    /// Mottled: smooth noise of an amplitude over cells of a size.
    Grain { value: f32, amplitude: f32, cell_mm: f32, seed: u32 },
    /// Muscle: fibres of fat between bundles, stretched along the body.
    Fibres { value: f32, fat: f32, seed: u32 },
    /// Aerated lung: heavier towards the back, finely mottled.
    Lung { value: f32, per_mm: f32, seed: u32 },
    /// Gas over fluid in a patient who lies on the back.
    Level { gas: f32, fluid: f32, level_y: f32 },
    /// Stool: gas bubbles in a mottled mass.
    Stool { value: f32, gas: f32, seed: u32 },
    /// Kidney: cortex outside and in columns, pyramids inside.
    Kidney { cortex: f32, medulla: f32, whole: AnySolid, seed: u32 },
    /// Folded cortex of a brain.
    Folds(Arc<Folds>),
}

/// The folded ribbon of grey matter around white matter, with cerebrospinal fluid in the sulci.
#[derive(Clone)]
pub(super) struct Folds {
    /// The whole of the lobe; its depth decides how far sulci reach.
    pub(super) lobe: AnySolid,
    pub(super) grey: f32,
    pub(super) white: f32,
    pub(super) fluid: f32,
    /// Distance between sulci, mm.
    pub(super) cell_mm: f32,
    /// How deep sulci reach, mm.
    pub(super) depth_mm: f32,
    /// Thickness of the ribbon, mm.
    pub(super) ribbon_mm: f32,
    /// Half width of a sulcus, mm.
    pub(super) sulcus_mm: f32,
    /// Flattening of the cells per axis: folia of the cerebellum are wide and thin.
    pub(super) stretch: Vec3,
    /// Folds run any way (cerebrum) or along x (cerebellum).
    pub(super) turned: bool,
    pub(super) seed: u32,
}

/// 0 below `low`, 1 above `high`, linear between.
fn ramp(v: f32, low: f32, high: f32) -> f32 {
    ((v - low) / (high - low)).clamp(0.0, 1.0)
}

impl Folds {
    /// Sulci are where this is zero. The lattice is turned so that its axes do not show.
    fn field(&self, p: Vec3) -> f32 {
        let q = p * self.stretch / self.cell_mm;
        let turned = Vec3::new(
            0.8 * q.x + 0.6 * q.y,
            0.48 * q.x - 0.64 * q.y + 0.6 * q.z,
            0.36 * q.x - 0.48 * q.y - 0.8 * q.z,
        );
        smooth(self.seed, if self.turned { turned } else { q })
    }

    fn at(&self, p: Vec3) -> f32 {
        let depth = -self.lobe.distance(p);
        let coarse = smooth(self.seed ^ 0x51, p / (self.cell_mm * 2.2));
        let bend = Vec3::new(coarse, smooth(self.seed ^ 0x52, p / (self.cell_mm * 1.9)), -coarse);
        let q = p + bend * (self.cell_mm * 0.45);
        let field = self.field(q);
        let step = 0.06 * self.cell_mm;
        let slope = Vec3::new(
            self.field(q + Vec3::X * step) - field,
            self.field(q + Vec3::Y * step) - field,
            self.field(q + Vec3::Z * step) - field,
        ) / step;
        let below = (depth - self.depth_mm - 6.0 * coarse).max(0.0) * 0.45;
        let from_sulcus = field.abs() / slope.length().max(0.55 / self.cell_mm) + below;
        let fluid = 1.0 - ramp(from_sulcus, self.sulcus_mm - 0.4, self.sulcus_mm + 0.4);
        let ribbon = (from_sulcus - self.sulcus_mm).min(depth);
        let white = ramp(ribbon, self.ribbon_mm - 0.5, self.ribbon_mm + 0.6);
        let tissue = self.grey + (self.white - self.grey) * white;
        tissue + (self.fluid - tissue) * fluid
    }
}

impl Material {
    /// The value at a place, patient mm.
    pub(super) fn at(&self, p: Vec3) -> f32 {
        match self {
            Self::Flat(value) => *value,
            Self::Grain { value, amplitude, cell_mm, seed } => {
                value + amplitude * smooth(*seed, p / *cell_mm)
            }
            Self::Fibres { value, fat, seed } => {
                let bundle = smooth(*seed, p * Vec3::new(0.21, 0.21, 0.03));
                let seam = 1.0 - ramp(bundle.abs(), 0.01, 0.07);
                value + (fat - value) * seam * 0.22
            }
            Self::Lung { value, per_mm, seed } => value + per_mm * p.y + 14.0 * smooth(*seed, p / 3.0),
            Self::Level { gas, fluid, level_y } => {
                gas + (fluid - gas) * ramp(p.y, level_y - 0.4, level_y + 0.4)
            }
            Self::Stool { value, gas, seed } => {
                let bubble = ramp(smooth(*seed, p / 6.5), 0.22, 0.42);
                let mass = value + 40.0 * smooth(seed ^ 0x33, p / 4.0);
                mass + (gas - mass) * bubble
            }
            Self::Kidney { cortex, medulla, whole, seed } => {
                let depth = -whole.distance(p);
                let pyramid = ramp(depth, 5.5, 7.0) * ramp(smooth(*seed, p / 13.0), -0.25, -0.05);
                cortex + (medulla - cortex) * pyramid
            }
            Self::Folds(folds) => folds.at(p),
        }
    }
}
