//! Scalp, face and what lies under it: orbits, sinuses, airway, tongue, jaws, ears; a head rest for CT.

use std::sync::Arc;

use glam::Vec3;

use super::super::material::Material::{self, Flat};
use super::super::scene::{Scene, bent};
use super::super::section::{Cut, Section};
use super::super::solid::{AnySolid, Common, Ellipsoid, Inset, Joined, Tube};
use super::palette::Palette;

/// The cradle of a CT's table, HU.
pub(super) fn headrest(scene: &mut Scene) {
    let shell = |mm: f32| {
        let cut = Cut { z: 0.0, y: 78.0, half_width: 92.0 - mm, front: 2.0, back: 46.0 - mm };
        Section::drum(0.0, cut, [-400.0, 140.0], 0.1)
    };
    scene.add(shell(0.0), Flat(-150.0));
    scene.add(shell(2.5), Flat(-940.0));
}

/// The outer shape of head and neck: skin, fat, muscle.
pub(super) fn soft_tissue(scene: &mut Scene, palette: &Palette) -> AnySolid {
    let blob = |c: [f32; 3], r: [f32; 3]| -> AnySolid { Arc::new(Ellipsoid::new(c, r)) };
    let head: AnySolid = Arc::new(Joined {
        parts: vec![
            blob([0.0, 3.0, 7.0], [76.5, 96.5, 91.0]),
            blob([0.0, -46.0, -62.0], [57.0, 50.0, 62.0]),
            blob([0.0, -56.0, -108.0], [40.0, 44.0, 26.0]),
            blob([0.0, 18.0, -140.0], [58.0, 56.0, 110.0]),
            blob([0.0, -98.0, -56.0], [11.0, 17.0, 17.0]),
            blob([0.0, -92.0, -40.0], [7.0, 12.0, 22.0]),
        ],
        round_mm: 16.0,
    });
    for side in [-1.0, 1.0] {
        let ear = Ellipsoid::new([side * 79.0, 16.0, -38.0], [3.5, 17.0, 28.0])
            .along([side * 0.12, 0.15, 1.0])
            .turned(side * 0.45);
        scene.add(ear, Flat(palette.skin));
    }
    scene.add_any(head.clone(), Flat(palette.skin));
    scene.add(
        Inset { solid: head.clone(), mm: 2.0 },
        Material::Grain { value: palette.fat, amplitude: palette.fat.abs() * 0.06, cell_mm: 5.0, seed: 521 },
    );
    let deep = Inset { solid: head.clone(), mm: 7.5 };
    scene.add(deep, Material::Fibres { value: palette.muscle, fat: palette.fat, seed: 522 });
    for side in [-1.0, 1.0] {
        let temporalis = Ellipsoid::new([side * 67.0, -22.0, -8.0], [7.0, 30.0, 34.0]);
        scene.add(within(&head, 4.5, temporalis), Flat(palette.muscle));
        scene.add(Ellipsoid::new([side * 48.0, -50.0, -62.0], [9.0, 22.0, 22.0]), Flat(palette.fat));
        scene.add(
            Ellipsoid::new([side * 55.0, 4.0, -78.0], [9.0, 16.0, 22.0]),
            Material::Grain {
                value: (palette.fat + palette.muscle) / 2.0,
                amplitude: 40.0,
                cell_mm: 3.0,
                seed: 523,
            },
        );
    }
    head
}

/// The part of a solid at least `mm` under the skin.
fn within(head: &AnySolid, mm: f32, solid: Ellipsoid) -> Common {
    Common { parts: vec![Arc::new(solid), Arc::new(Inset { solid: head.clone(), mm })], round_mm: 0.5 }
}

pub(super) fn face(scene: &mut Scene, palette: &Palette, head: &AnySolid) {
    bones(scene, palette);
    nose(scene, palette);
    mouth(scene, palette);
    for side in [-1.0, 1.0] {
        orbit(scene, palette, head, side);
    }
}

fn bones(scene: &mut Scene, palette: &Palette) {
    let bone = |scene: &mut Scene, path: &[[f32; 4]]| {
        scene.bone(&bent(path, Vec3::ONE), 1.6, &Flat(palette.bone), &Flat(palette.marrow));
    };
    for side in [-1.0, 1.0] {
        bone(
            scene,
            &[
                [side * 58.0, -6.0, -40.0, 3.6],
                [side * 64.0, -32.0, -42.0, 3.4],
                [side * 55.0, -58.0, -44.0, 4.5],
                [side * 42.0, -68.0, -50.0, 6.0],
            ],
        );
        bone(
            scene,
            &[
                [side * 55.0, -58.0, -44.0, 4.0],
                [side * 52.0, -62.0, -28.0, 3.6],
                [side * 48.0, -68.0, -10.0, 5.0],
            ],
        );
        bone(
            scene,
            &[
                [side * 52.0, -8.0, -46.0, 4.5],
                [side * 52.0, -12.0, -80.0, 4.5],
                [side * 48.0, -24.0, -100.0, 5.0],
                [side * 30.0, -62.0, -108.0, 5.5],
                [0.0, -84.0, -110.0, 6.5],
            ],
        );
        let wall = Ellipsoid::new([side * 24.0, -56.0, -56.0], [15.0, 18.0, 18.0]);
        scene.add(wall.inset(-1.6), Flat(palette.bone));
        scene.add(wall.clone(), Flat(palette.mucosa));
        scene.add(wall.inset(1.2), Flat(palette.air));
        let frontal = Ellipsoid::new([side * 10.0, -82.5, -4.0], [9.0, 4.5, 9.0]);
        scene.add(frontal.inset(-1.5), Flat(palette.bone));
        scene.add(frontal, Flat(palette.air));
    }
}

/// Nasal cavity with septum and turbinates, ethmoid cells, the airway down to the throat.
fn nose(scene: &mut Scene, palette: &Palette) {
    scene.add(
        Ellipsoid::new([0.0, -56.0, -32.0], [12.0, 26.0, 15.0]),
        Material::Stool { value: palette.mucosa, gas: palette.air, seed: 531 },
    );
    scene.add(Ellipsoid::new([0.0, -62.0, -60.0], [12.0, 32.0, 17.0]), Flat(palette.mucosa));
    for side in [-1.0, 1.0] {
        scene.add(Ellipsoid::new([side * 3.2, -64.0, -58.0], [1.5, 32.0, 16.0]), Flat(palette.air));
        scene.add(Ellipsoid::new([side * 8.5, -60.0, -68.0], [2.6, 28.0, 2.0]), Flat(palette.air));
        scene.add(Ellipsoid::new([side * 8.0, -58.0, -54.0], [2.4, 24.0, 1.6]), Flat(palette.air));
        scene.chain(&[[side * 5.5, -90.0, -66.0, 3.2], [side * 5.0, -104.0, -72.0, 3.6]], &Flat(palette.air));
    }
    let airway = [
        [0.0, -34.0, -62.0, 7.5],
        [0.0, -22.0, -74.0, 8.0],
        [0.0, -13.0, -96.0, 6.0],
        [0.0, -10.0, -120.0, 7.0],
        [0.0, -12.0, -150.0, 7.5],
        [0.0, -16.0, -210.0, 8.0],
    ];
    scene.chain(&airway.map(|p| [p[0], p[1], p[2], p[3] + 3.0]), &Flat(palette.mucosa));
    for tube in bent(&airway, Vec3::new(0.7, 1.0, 1.0)) {
        scene.add(tube, Flat(palette.air));
    }
}

fn mouth(scene: &mut Scene, palette: &Palette) {
    scene.add(Ellipsoid::new([0.0, -58.0, -79.0], [22.0, 30.0, 2.6]), Flat(palette.bone));
    let tongue = Ellipsoid::new([0.0, -50.0, -98.0], [23.0, 33.0, 17.0]);
    scene.add(tongue.inset(-1.5), Flat(palette.mucosa));
    scene.add(tongue, Material::Fibres { value: palette.muscle, fat: palette.fat, seed: 541 });
    let soft_palate = [[0.0, -30.0, -79.0, 3.0], [0.0, -20.0, -86.0, 3.2], [0.0, -17.0, -94.0, 2.4]];
    scene.chain(&soft_palate, &Flat(palette.muscle));
    for z in [-85.5, -94.5] {
        for tooth in -6i32..=6 {
            let t = tooth as f32 / 6.0;
            let y = -88.0 + 34.0 * t * t;
            let up = if z > -90.0 { 9.0 } else { -9.0 };
            let root = Vec3::new(t * 25.0, y + 2.0, z + up);
            scene.add(Tube::new(Vec3::new(t * 25.0, y, z), root, [2.6, 1.6]), Flat(palette.bone));
        }
    }
    scene.add(Ellipsoid::new([0.0, -93.0, -90.0], [20.0, 5.0, 8.0]), Flat(palette.muscle));
    scene.chain(&[[0.0, -6.0, -122.0, 2.0], [0.0, -18.0, -112.0, 2.2]], &Flat(palette.mucosa));
}

fn orbit(scene: &mut Scene, palette: &Palette, head: &AnySolid, side: f32) {
    let x = side * 31.0;
    let walls = Ellipsoid::new([x - side * 2.0, -56.0, -27.0], [20.0, 25.0, 18.0]);
    scene.add(within(head, 5.0, walls), Flat(palette.bone));
    let inside = Ellipsoid::new([x - side * 2.0, -60.0, -27.0], [18.4, 27.0, 16.6]);
    scene.add(within(head, 2.5, inside), Flat(palette.fat));
    scene.add(Ellipsoid::new([x, -76.0, -27.0], [15.0, 10.5, 13.0]), Flat(palette.skin));
    let apex = [side * 14.0, -34.0, -24.0];
    let muscle = |dx: f32, dz: f32| {
        [
            [apex[0], apex[1], apex[2], 1.6],
            [x + dx * 0.9, -56.0, -27.0 + dz * 0.9, 2.2],
            [x + dx, -69.0, -27.0 + dz, 1.2],
        ]
    };
    for (dx, dz) in [(12.6, 0.0), (-12.6, 0.0), (0.0, 12.6), (0.0, -12.6)] {
        scene.chain(&muscle(dx, dz), &Flat(palette.muscle));
    }
    scene.chain(
        &[
            [side * 6.0, -22.0, -21.0, 2.2],
            [side * 14.0, -36.0, -24.0, 2.2],
            [x - side * 3.0, -58.0, -27.0, 2.4],
        ],
        &Flat(palette.white),
    );
    scene.add(Ellipsoid::new([x, -71.5, -27.0], [12.6, 12.6, 12.6]), Flat(palette.muscle));
    scene.add(Ellipsoid::new([x, -71.5, -27.0], [11.4, 11.4, 11.4]), Flat(palette.vitreous));
    scene.add(Ellipsoid::new([x, -80.0, -27.0], [4.6, 2.1, 4.6]), Flat(palette.lens));
}
