//! Hounsfield units of what a trunk is made of, late arterial phase after intravenous contrast.

use super::super::answers;
use super::super::material::Material;

pub(super) const AIR: f32 = -1000.0;
pub(super) const SKIN: f32 = 15.0;
pub(super) const FAT: f32 = -102.0;
pub(super) const MUSCLE: f32 = 58.0;
pub(super) const CORTEX: f32 = 780.0;
pub(super) const MARROW: f32 = 190.0;
pub(super) const CARTILAGE: f32 = 105.0;
pub(super) const DISC: f32 = 78.0;
pub(super) const FLUID: f32 = 8.0;
pub(super) const AORTA: f32 = 245.0;
pub(super) const VEIN: f32 = 150.0;
pub(super) const PULMONARY: f32 = 205.0;
pub(super) const MYOCARDIUM: f32 = 108.0;
pub(super) const GUT: f32 = 45.0;
pub(super) const LIVER: f32 = answers::LIVER_HU as f32;

pub(super) fn fat(seed: u32) -> Material {
    Material::Grain { value: FAT, amplitude: 9.0, cell_mm: 7.0, seed }
}

pub(super) fn marrow(seed: u32) -> Material {
    Material::Grain { value: MARROW, amplitude: 75.0, cell_mm: 2.6, seed }
}

pub(super) fn muscle(seed: u32) -> Material {
    Material::Fibres { value: MUSCLE, fat: FAT, seed }
}
