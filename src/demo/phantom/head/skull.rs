//! Skull, skull base and cervical spine.

use std::sync::Arc;

use glam::Vec3;

use super::super::material::Material::{self, Flat};
use super::super::scene::{Scene, bent};
use super::super::section::{Cut, Section};
use super::super::solid::{AnySolid, Common, Ellipsoid, HalfSpace, Inset, Joined};
use super::palette::Palette;

/// The parts of the cranial cavity.
pub(super) struct Cavity {
    /// Vault and middle fossae: room of the cerebrum.
    pub(super) cerebral: AnySolid,
    /// The whole cavity, posterior fossa included.
    pub(super) whole: AnySolid,
}

fn cavity() -> Cavity {
    let vault: AnySolid = Arc::new(Common {
        parts: vec![
            Arc::new(Ellipsoid::new([0.0, 3.0, 8.0], [63.0, 83.0, 76.0])),
            Arc::new(HalfSpace::new([0.0, 0.0, -19.0], [0.0, -0.15, -1.0])),
        ],
        round_mm: 8.0,
    });
    let mut parts = vec![vault];
    for side in [-1.0, 1.0] {
        parts.push(Arc::new(Ellipsoid::new([side * 34.0, -10.0, -24.0], [26.0, 36.0, 21.0])));
    }
    let cerebral: AnySolid = Arc::new(Joined { parts, round_mm: 8.0 });
    let posterior: AnySolid = Arc::new(Ellipsoid::new([0.0, 42.0, -38.0], [53.0, 38.0, 34.0]));
    let whole: AnySolid = Arc::new(Joined { parts: vec![cerebral.clone(), posterior], round_mm: 8.0 });
    Cavity { cerebral, whole }
}

/// Outer table, diploe, inner table, and the fluid under the dura.
pub(super) fn skull(scene: &mut Scene, palette: &Palette) -> Cavity {
    let cavity = cavity();
    let layer = |mm: f32| Inset { solid: cavity.whole.clone(), mm: -mm };
    let diploe =
        Material::Grain { value: palette.marrow, amplitude: palette.marrow * 0.25, cell_mm: 2.6, seed: 501 };
    scene.add(layer(7.2), Flat(palette.bone));
    scene.add(layer(5.4), diploe);
    scene.add(layer(2.4), Flat(palette.bone));
    scene.add(layer(0.0), Flat(palette.fluid));
    cavity
}

/// What stands up into the cavity: petrous bones, clivus, sella, mastoid cells.
pub(super) fn base(scene: &mut Scene, palette: &Palette) {
    let cells = Material::Stool { value: palette.bone * 0.8, gas: palette.air, seed: 511 };
    for side in [-1.0, 1.0] {
        let petrous = [
            [side * 62.0, 20.0, -38.0, 10.0],
            [side * 40.0, 12.0, -36.0, 8.5],
            [side * 16.0, 0.0, -36.0, 5.5],
        ];
        scene.chain(&petrous, &Flat(palette.bone));
        scene.add(Ellipsoid::new([side * 57.0, 24.0, -48.0], [8.0, 13.0, 17.0]), cells.clone());
        scene.chain(
            &[[side * 82.0, 8.0, -40.0, 3.2], [side * 50.0, 8.0, -38.0, 3.0], [side * 44.0, 8.0, -38.0, 4.0]],
            &Flat(palette.air),
        );
        scene
            .chain(&[[side * 36.0, 14.0, -36.0, 2.4], [side * 26.0, 12.0, -36.0, 1.8]], &Flat(palette.fluid));
    }
    let clivus = [[0.0, -10.0, -36.0, 7.0], [0.0, -2.0, -50.0, 6.0], [0.0, 4.0, -64.0, 5.0]];
    scene.chain(&clivus, &Flat(palette.bone));
    scene.chain(&clivus.map(|p| [p[0], p[1], p[2], p[3] - 1.5]), &Flat(palette.marrow));
    scene.chain(&[[-9.0, 0.0, -25.0, 2.2], [9.0, 0.0, -25.0, 2.2]], &Flat(palette.bone));
    scene.add(Ellipsoid::new([0.0, -10.0, -26.0], [7.0, 5.5, 4.0]), Flat(palette.gland));
    let sphenoid = Ellipsoid::new([0.0, -24.0, -36.0], [13.0, 11.0, 9.0]);
    scene.add(sphenoid.inset(-1.4), Flat(palette.bone));
    scene.add(sphenoid, Flat(palette.air));
}

/// Vertebral bodies and discs, spinous processes, canal and cord below the foramen magnum.
pub(super) fn neck(scene: &mut Scene, palette: &Palette) {
    let y = |z: f32| 13.0 + (z + 120.0) * (z + 120.0) * 0.0012;
    for level in 0..7 {
        let top = -74.0 - level as f32 * 17.5;
        let cut = |inset: f32| Cut {
            z: 0.0,
            y: y(top - 7.0),
            half_width: 10.5 - inset,
            front: 8.5 - inset,
            back: 7.5 - inset,
        };
        scene.add(Section::drum(0.0, cut(0.8), [top - 17.5, top - 12.5], 0.2), Flat(palette.mucosa));
        scene.add(Section::drum(0.0, cut(0.0), [top - 13.5, top], 0.2), Flat(palette.bone));
        scene.add(Section::drum(0.0, cut(1.2), [top - 12.3, top - 1.2], 0.2), Flat(palette.marrow));
        let back = y(top - 7.0);
        let process =
            bent(&[[0.0, back + 25.0, top - 8.0, 4.0], [0.0, back + 44.0, top - 16.0, 3.6]], Vec3::ONE);
        scene.bone(&process, 1.1, &Flat(palette.bone), &Flat(palette.marrow));
        for side in [-1.0, 1.0] {
            let mass = bent(
                &[[side * 15.0, back + 6.0, top - 2.0, 5.5], [side * 15.0, back + 8.0, top - 12.0, 5.5]],
                Vec3::ONE,
            );
            scene.bone(&mass, 1.2, &Flat(palette.bone), &Flat(palette.marrow));
        }
    }
    let dens = bent(&[[0.0, 12.0, -88.0, 5.5], [0.0, 9.0, -66.0, 4.5]], Vec3::ONE);
    scene.bone(&dens, 1.1, &Flat(palette.bone), &Flat(palette.marrow));
    for (front, z) in [(-1.0, -70.0), (44.0, -72.0)] {
        let ring = bent(&[[-9.0, front, z, 4.0], [9.0, front, z, 4.0]], Vec3::ONE);
        scene.bone(&ring, 1.1, &Flat(palette.bone), &Flat(palette.marrow));
    }
    let canal: Vec<[f32; 4]> =
        [-56.0, -75.0, -100.0, -130.0, -165.0, -205.0].iter().map(|z| [0.0, y(*z) + 15.5, *z, 8.2]).collect();
    scene.chain(&canal, &Flat(palette.fluid));
    scene.chain(&canal.iter().map(|p| [p[0], p[1], p[2], 4.8]).collect::<Vec<_>>(), &Flat(palette.white));
}
