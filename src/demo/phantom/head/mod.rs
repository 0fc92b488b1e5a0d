//! The head of an adult, for MR and CT: one anatomy, painted with the values that a technique gives its
//! tissues.
//!
//! Patient coordinates: x to the left, y to the back, z to the head, mm; the origin lies between the
//! commissures.

mod brain;
mod face;
mod palette;
mod skull;

use std::sync::{Arc, OnceLock};

use glam::Vec3;

use self::palette::Palette;
use super::answers;
use super::material::Material;
use super::scene::{Push, Scene};
use super::solid::{AnySolid, Common, Ellipsoid};

/// How the head is imaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Technique {
    /// T1-weighted.
    T1,
    /// T2-weighted.
    T2,
    /// T2-weighted with fluid suppressed.
    Flair,
    /// Unenhanced CT of a patient with an epidural bleed, HU.
    BleedCt,
}

/// The scene for a technique, built once.
pub(super) fn head(technique: Technique) -> &'static Scene {
    static SCENES: [OnceLock<Scene>; 4] = [const { OnceLock::new() }; 4];
    SCENES[technique as usize].get_or_init(|| build(technique))
}

fn build(technique: Technique) -> Scene {
    let palette = Palette::of(technique);
    let mut scene = Scene::new(palette.air);
    if technique == Technique::BleedCt {
        face::headrest(&mut scene);
    }
    let outline = face::soft_tissue(&mut scene, &palette);
    let cavity = skull::skull(&mut scene, &palette);
    face::face(&mut scene, &palette, &outline);
    skull::neck(&mut scene, &palette);
    if technique == Technique::BleedCt {
        scene.displace(&mass_effect());
    }
    brain::brain(&mut scene, &palette, &cavity);
    scene.displace(&[]);
    skull::base(&mut scene, &palette);
    if technique == Technique::BleedCt {
        scene.add(bleed(), Material::Flat(answers::BLEED_HU as f32));
    }
    scene
}

/// The bleed: a lens between two spheres that meet in a circle, its outer face against the inner table.
fn bleed() -> Common {
    let [x, y, z] = answers::BLEED_OUTER_MM.map(|v| v as f32);
    let (outer, inner, rim) = (
        answers::BLEED_OUTER_RADIUS_MM as f32,
        answers::BLEED_INNER_RADIUS_MM as f32,
        answers::BLEED_RIM_MM as f32,
    );
    let half = |radius: f32| (radius * radius - rim * rim).sqrt();
    let rim_x = x - outer + half(outer);
    let sphere = |cx: f32, r: f32| -> AnySolid { Arc::new(Ellipsoid::new([cx, y, z], [r; 3])) };
    Common { parts: vec![sphere(x - outer, outer), sphere(rim_x + half(inner), inner)], round_mm: 0.0 }
}

/// The brain gives way to the bleed: the midline shifts to the right.
fn mass_effect() -> [Push; 2] {
    let bleed = answers::BLEED_OUTER_MM.map(|v| v as f32);
    [
        Push { centre: bleed.into(), radius: 40.0, shift: Vec3::new(-17.0, 0.0, 0.0) },
        Push { centre: Vec3::new(15.0, bleed[1], bleed[2]), radius: 62.0, shift: Vec3::new(-6.5, 0.0, 0.0) },
    ]
}
