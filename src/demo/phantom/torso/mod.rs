//! Chest and abdomen of an adult lying on the back, contrast given: one scene in Hounsfield units.
//!
//! Patient coordinates: x to the left, y to the back, z to the head, mm; z = 0 is near the diaphragm.

mod abdomen;
mod bones;
mod frame;
mod heart;
mod hu;
mod lungs;
mod wall;

use std::sync::OnceLock;

use self::frame::Frame;
use super::answers;
use super::scene::Scene;

/// Whose trunk, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The current chest CT: a nodule of 9 mm.
    Current,
    /// A year before: 6 mm.
    Prior,
    /// Standing before a detector, nothing in the lungs.
    Film,
    /// The same with a mass in the left lower zone.
    FilmWithMass,
}

impl Occasion {
    fn nodule_mm(self) -> Option<f64> {
        match self {
            Self::Current => Some(answers::NODULE_MM),
            Self::Prior => Some(answers::NODULE_PRIOR_MM),
            Self::Film | Self::FilmWithMass => None,
        }
    }

    fn lies_on_table(self) -> bool {
        matches!(self, Self::Current | Self::Prior)
    }
}

/// The scene for an occasion, built once.
pub(super) fn torso(occasion: Occasion) -> &'static Scene {
    static SCENES: [OnceLock<Scene>; 4] = [const { OnceLock::new() }; 4];
    SCENES[occasion as usize].get_or_init(|| build(occasion))
}

fn build(occasion: Occasion) -> Scene {
    let frame = Frame::adult();
    let mut scene = Scene::new(hu::AIR);
    if occasion.lies_on_table() {
        wall::table(&mut scene);
    }
    wall::layers(&mut scene, &frame);
    lungs::lungs(&mut scene, &frame);
    if let Some(diameter_mm) = occasion.nodule_mm() {
        lungs::nodule(&mut scene, diameter_mm);
    }
    if occasion == Occasion::FilmWithMass {
        lungs::mass(&mut scene);
    }
    heart::waist(&mut scene);
    abdomen::abdomen(&mut scene, &frame);
    heart::mediastinum(&mut scene, &frame);
    lungs::airways(&mut scene);
    bones::bones(&mut scene, &frame);
    scene
}
