//! Table, skin, fat and the muscles of the trunk's wall.

use std::sync::Arc;

use super::super::material::Material::{self, Flat};
use super::super::scene::Scene;
use super::super::section::{Cut, Section};
use super::super::solid::{AnySolid, Common, Ellipsoid, HalfSpace, Sheet, Tube};
use super::frame::{Frame, spine_y};
use super::hu;

/// The table's top: a curved shell around foam, and a pad.
pub(super) fn table(scene: &mut Scene) {
    let shell = |y: f32, front: f32, back: f32, half_width: f32| {
        Section::drum(0.0, Cut { z: 0.0, y, half_width, front, back }, [-400.0, 196.0], 0.55)
    };
    scene.add(shell(119.0, 8.0, 24.0, 186.0), Flat(-120.0));
    scene.add(shell(119.0, 6.5, 22.0, 183.0), Flat(-930.0));
    scene.add(shell(113.0, 9.0, 3.0, 150.0), Flat(-945.0));
}

/// Skin, fat, the layers of muscle, and the fat around the organs below the diaphragm.
pub(super) fn layers(scene: &mut Scene, frame: &Frame) {
    let skin = &frame.skin;
    scene.add(skin.clone(), Flat(hu::SKIN));
    scene.add(skin.inset(1.8, 1.8, 1.8), hu::fat(11));
    scene.add(frame.muscle.clone(), hu::muscle(12));
    wall_planes(scene, frame);
    for side in [-1.0, 1.0] {
        back_muscles(scene, side);
        shoulder_fat(scene, side);
    }
    scene.add(frame.cage.inset(9.0, 9.0, 9.0), Flat(hu::MUSCLE));
}

/// Fat planes between the muscles: one close to the ribs and the belly's lining, one under the muscles of the
/// shoulder girdle, and the white line in front.
fn wall_planes(scene: &mut Scene, frame: &Frame) {
    let muscles: AnySolid = Arc::new(frame.muscle.inset(2.5, 2.5, 2.5));
    let heights = |low: f32, high: f32| -> [AnySolid; 2] {
        [
            Arc::new(HalfSpace::new([0.0, 0.0, low], [0.0, 0.25, -1.0])),
            Arc::new(HalfSpace::new([0.0, 0.0, high], [0.0, 0.3, 1.0])),
        ]
    };
    for ((side, front, back), [low, high]) in
        [((-5.5, -5.0, -5.5), heights(-400.0, 185.0)), ((-15.0, -11.0, -16.0), heights(70.0, 152.0))]
    {
        let surface: AnySolid = Arc::new(frame.cage.inset(side, front, back));
        let sheet: AnySolid = Arc::new(Sheet { surface, thickness_mm: 1.1 });
        scene.add(Common { parts: vec![sheet, muscles.clone(), low, high], round_mm: 0.2 }, Flat(-75.0));
    }
    scene.add(Ellipsoid::new([0.0, -93.0, -120.0], [2.2, 12.0, 100.0]), Flat(-70.0));
}

/// Erector spinae in its sheath, trapezius over it.
fn back_muscles(scene: &mut Scene, side: f32) {
    let path = |offset: f32, radius: f32| -> Vec<[f32; 4]> {
        (0..=9)
            .map(|i| {
                let z = -230.0 + i as f32 * 52.0;
                let taper = if z > 60.0 { 1.0 - (z - 60.0) / 420.0 } else { 1.0 };
                [side * (27.0 + offset) * taper, spine_y(z) + 33.0, z, radius * taper]
            })
            .collect()
    };
    scene.chain(&path(2.0, 17.5), &Flat(-85.0));
    scene.chain(&path(0.0, 15.0), &hu::muscle(14));
    scene.chain(&path(13.0, 10.0), &hu::muscle(15));
}

/// Axillary fat with vessels and a few nodes.
fn shoulder_fat(scene: &mut Scene, side: f32) {
    let axilla =
        Ellipsoid::new([side * 148.0, 2.0, 140.0], [14.0, 30.0, 34.0]).along([-side * 0.4, 0.0, 1.0]);
    scene.add(axilla, hu::fat(16));
    let vessel = |y: f32, radius: f32, value: f32| {
        (
            [
                [side * 60.0, y - 18.0, 196.0, radius],
                [side * 120.0, y, 176.0, radius],
                [side * 150.0, y, 150.0, radius],
                [side * 156.0, y + 8.0, 118.0, radius * 0.6],
            ],
            Material::Flat(value),
        )
    };
    for (path, material) in [vessel(-4.0, 3.4, hu::AORTA), vessel(-13.0, 4.2, hu::VEIN)] {
        scene.chain(&path, &material);
    }
    for (x, y, z) in [(146.0, 12.0, 132.0), (152.0, -6.0, 146.0), (143.0, 4.0, 157.0)] {
        let node = Ellipsoid::new([side * x, y, z], [3.0, 4.6, 3.4]);
        scene.add(node, Flat(70.0));
        scene.add(Ellipsoid::new([side * (x + 0.8), y, z], [1.2, 2.2, 1.4]), Flat(hu::FAT));
    }
    let coat =
        Tube::new([side * 118.0, -55.0, 165.0].into(), [side * 150.0, -20.0, 120.0].into(), [2.0, 1.2]);
    scene.add(coat, hu::fat(17));
}
