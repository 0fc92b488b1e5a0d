//! Cerebrum with folded cortex, ventricles, deep grey matter, brain stem, cerebellum, large vessels.

use std::sync::Arc;

use glam::Vec3;

use super::super::material::Folds;
use super::super::material::Material::{self, Flat};
use super::super::scene::{Scene, bent};
use super::super::solid::{AnySolid, Common, Ellipsoid, HalfSpace, Inset, Outside, Sheet};
use super::palette::Palette;
use super::skull::Cavity;

pub(super) fn brain(scene: &mut Scene, palette: &Palette, cavity: &Cavity) {
    cerebrum(scene, palette, cavity);
    falx(scene, palette, cavity);
    for side in [-1.0, 1.0] {
        insula(scene, palette, side);
        deep_grey(scene, palette, side);
    }
    callosum(scene, palette);
    ventricles(scene, palette);
    cerebellum(scene, palette, cavity);
    stem(scene, palette);
    vessels(scene, palette);
    lesions(scene, palette);
}

/// The room under the tentorium.
fn under_tent() -> Ellipsoid {
    Ellipsoid::new([0.0, 44.0, -40.0], [58.0, 42.0, 33.0])
}

/// The interhemispheric fissure: a sheet between the hemispheres, around the callosum and what lies below.
fn fissure(thickness_mm: f32) -> Common {
    let plane: AnySolid = Arc::new(HalfSpace::new([0.0, 0.0, 0.0], [1.0, 0.0, 0.0]));
    let centre: AnySolid = Arc::new(Ellipsoid::new([0.0, 0.0, 4.0], [30.0, 38.0, 25.0]));
    Common {
        parts: vec![Arc::new(Sheet { surface: plane, thickness_mm }), Arc::new(Outside(centre))],
        round_mm: 0.1,
    }
}

fn cerebrum(scene: &mut Scene, palette: &Palette, cavity: &Cavity) {
    let sella: AnySolid = Arc::new(Ellipsoid::new([0.0, -6.0, -24.0], [13.0, 17.0, 15.0]));
    let inner: AnySolid = Arc::new(Inset { solid: cavity.cerebral.clone(), mm: 1.6 });
    let parts: Vec<AnySolid> = vec![
        inner,
        Arc::new(Outside(Arc::new(under_tent()))),
        Arc::new(Outside(sella)),
        Arc::new(Outside(Arc::new(fissure(1.6)))),
    ];
    let lobe: AnySolid = Arc::new(Common { parts, round_mm: 2.0 });
    let folds = Folds {
        lobe: lobe.clone(),
        grey: palette.grey,
        white: palette.white,
        fluid: palette.fluid,
        cell_mm: 11.5,
        depth_mm: 15.0,
        ribbon_mm: 2.7,
        sulcus_mm: 0.6,
        stretch: Vec3::new(1.0, 0.92, 0.85),
        turned: true,
        seed: 601,
    };
    scene.add_any(lobe, Material::Folds(Arc::new(folds)));
}

/// The falx in its fissure.
fn falx(scene: &mut Scene, palette: &Palette, cavity: &Cavity) {
    let sheet = Common { parts: vec![Arc::new(fissure(0.6)), cavity.cerebral.clone()], round_mm: 0.1 };
    scene.add(sheet, Flat(palette.muscle));
}

/// The insular cortex under the Sylvian fissure.
fn insula(scene: &mut Scene, palette: &Palette, side: f32) {
    let island = Ellipsoid::new([side * 38.0, -6.0, 0.0], [1.5, 21.0, 14.0]).turned(side * -0.12);
    let cleft = Ellipsoid::new([side * 49.0, -14.0, -2.0], [9.0, 17.0, 1.0]).along([0.0, 0.75, 0.66]);
    for solid in [&island, &cleft] {
        scene.add(solid.inset(-3.2), Flat(palette.grey));
    }
    for solid in [island, cleft] {
        scene.add(solid, Flat(palette.fluid));
    }
}

fn deep_grey(scene: &mut Scene, palette: &Palette, side: f32) {
    let deep = palette.grey * 0.85 + palette.white * 0.15;
    let core = Ellipsoid::new([side * 20.0, -2.0, 5.0], [15.0, 32.0, 18.0]);
    scene.add(core, Flat(palette.white));
    scene.add(Ellipsoid::new([side * 28.0, -6.0, 2.0], [5.2, 17.5, 11.0]).turned(side * -0.18), Flat(deep));
    scene.add(
        Ellipsoid::new([side * 20.5, -3.0, 0.0], [3.8, 10.0, 7.0]).turned(side * -0.3),
        Flat(palette.grey * 0.5 + palette.white * 0.5),
    );
    scene.add(
        Ellipsoid::new([side * 12.0, 10.0, 5.0], [9.0, 15.0, 9.5]).turned(side * -0.3),
        Flat(palette.grey * 0.7 + palette.white * 0.3),
    );
    scene.chain(
        &[
            [side * 13.0, -25.0, 6.0, 6.5],
            [side * 15.0, -16.0, 14.0, 5.0],
            [side * 18.0, 4.0, 20.0, 3.0],
            [side * 22.0, 22.0, 18.0, 2.0],
        ],
        &Flat(deep),
    );
}

fn callosum(scene: &mut Scene, palette: &Palette) {
    let arch = [
        [0.0, -27.0, -2.0, 2.0],
        [0.0, -37.0, 4.0, 4.2],
        [0.0, -34.0, 16.0, 4.2],
        [0.0, -16.0, 24.5, 3.2],
        [0.0, 8.0, 26.5, 3.2],
        [0.0, 28.0, 21.0, 3.8],
        [0.0, 35.0, 11.0, 5.0],
    ];
    for tube in bent(&arch, Vec3::new(0.26, 1.0, 1.0)) {
        scene.add(tube, Flat(palette.white));
    }
}

fn ventricles(scene: &mut Scene, palette: &Palette) {
    scene.add(Ellipsoid::new([0.0, -2.0, 14.0], [20.0, 34.0, 12.0]), Flat(palette.white));
    let fluid = Flat(palette.fluid);
    for side in [-1.0, 1.0] {
        let body = [
            [side * 9.0, -32.0, 6.0, 4.0],
            [side * 8.5, -24.0, 12.0, 5.2],
            [side * 8.5, -4.0, 18.0, 5.0],
            [side * 12.0, 14.0, 17.5, 5.0],
            [side * 19.0, 30.0, 11.0, 6.5],
            [side * 26.0, 33.0, 0.0, 6.0],
        ];
        let occipital =
            [[side * 22.0, 32.0, 7.0, 5.5], [side * 22.0, 46.0, 5.0, 3.6], [side * 20.0, 56.0, 4.0, 2.0]];
        let temporal = [
            [side * 26.0, 33.0, 0.0, 5.5],
            [side * 32.0, 18.0, -12.0, 3.2],
            [side * 31.0, 0.0, -20.0, 2.6],
            [side * 28.0, -12.0, -22.0, 2.2],
        ];
        for path in [&body[..], &occipital[..], &temporal[..]] {
            scene.chain(path, &fluid);
        }
        scene.add(Ellipsoid::new([side * 21.0, 31.0, 8.0], [2.6, 3.6, 3.6]), Flat(palette.calcified));
    }
    scene.add(Ellipsoid::new([0.0, -2.0, 1.0], [2.1, 14.0, 10.0]), fluid.clone());
    scene.chain(&[[0.0, 12.0, -2.0, 1.2], [0.0, 20.0, -16.0, 1.2]], &fluid);
    scene.add(Ellipsoid::new([0.0, 27.0, 4.0], [3.0, 4.0, 3.0]), Flat(palette.calcified));
}

fn cerebellum(scene: &mut Scene, palette: &Palette, cavity: &Cavity) {
    let cisterns: AnySolid = Arc::new(Ellipsoid::new([0.0, 10.0, -40.0], [26.0, 17.0, 40.0]));
    let parts: Vec<AnySolid> = vec![
        Arc::new(under_tent().inset(1.8)),
        Arc::new(Inset { solid: cavity.whole.clone(), mm: 2.2 }),
        Arc::new(Outside(cisterns)),
        Arc::new(Outside(Arc::new(Ellipsoid::new([0.0, 72.0, -66.0], [9.0, 18.0, 22.0])))),
    ];
    let lobes: AnySolid = Arc::new(Common { parts, round_mm: 6.0 });
    let folds = Folds {
        lobe: lobes.clone(),
        grey: palette.grey,
        white: palette.white,
        fluid: palette.fluid,
        cell_mm: 6.5,
        depth_mm: 15.0,
        ribbon_mm: 1.5,
        sulcus_mm: 0.3,
        stretch: Vec3::new(0.2, 0.8, 1.3),
        turned: false,
        seed: 611,
    };
    scene.add_any(lobes, Material::Folds(Arc::new(folds)));
}

fn stem(scene: &mut Scene, palette: &Palette) {
    let fluid = Flat(palette.fluid);
    scene.add(Ellipsoid::new([0.0, 14.0, -9.0], [20.0, 17.0, 9.0]), fluid.clone());
    let stem = Flat(palette.white * 0.75 + palette.grey * 0.25);
    for side in [-1.0, 1.0] {
        scene.chain(
            &[[side * 14.0, -2.0, 0.0, 6.0], [side * 9.0, 4.0, -12.0, 7.0], [side * 6.0, 8.0, -22.0, 8.0]],
            &stem,
        );
        scene.chain(
            &[
                [side * 8.0, 14.0, -30.0, 8.0],
                [side * 18.0, 28.0, -36.0, 7.0],
                [side * 24.0, 40.0, -42.0, 8.0],
            ],
            &Flat(palette.white),
        );
    }
    scene.add(Ellipsoid::new([0.0, 17.0, -10.0], [10.0, 7.0, 9.0]), stem.clone());
    scene.add(Ellipsoid::new([0.0, 7.0, -30.0], [16.0, 13.0, 14.0]), stem.clone());
    scene.chain(
        &[[0.0, 13.0, -38.0, 9.0], [0.0, 18.0, -52.0, 7.5], [0.0, 25.0, -68.0, 5.8], [0.0, 29.0, -80.0, 5.0]],
        &stem,
    );
    scene.add(Ellipsoid::new([0.0, 23.5, -34.0], [6.0, 4.2, 11.0]), fluid.clone());
    scene.chain(&[[0.0, 21.0, -16.0, 1.1], [0.0, 23.0, -26.0, 1.4]], &fluid);
}

/// Carotid siphons, middle cerebral and basilar arteries, dural sinuses.
fn vessels(scene: &mut Scene, palette: &Palette) {
    let blood = Flat(palette.blood);
    scene.chain(
        &[[0.0, -7.0, -20.0, 1.6], [0.0, -8.0, -32.0, 1.7], [1.0, 0.0, -46.0, 1.6], [3.0, 10.0, -60.0, 1.5]],
        &blood,
    );
    for side in [-1.0, 1.0] {
        scene.chain(
            &[
                [side * 11.0, -8.0, -28.0, 2.4],
                [side * 11.0, -16.0, -20.0, 2.2],
                [side * 16.0, -14.0, -17.0, 1.7],
                [side * 34.0, -14.0, -10.0, 1.5],
                [side * 39.0, -8.0, 2.0, 1.2],
            ],
            &blood,
        );
        scene.chain(
            &[
                [side * 11.0, -16.0, -20.0, 1.5],
                [side * 2.0, -26.0, -10.0, 1.4],
                [side * 2.0, -42.0, 6.0, 1.2],
            ],
            &blood,
        );
        scene.chain(
            &[
                [0.0, 82.0, -6.0, 4.0],
                [side * 26.0, 76.0, -14.0, 3.6],
                [side * 50.0, 50.0, -20.0, 3.4],
                [side * 54.0, 34.0, -32.0, 3.6],
            ],
            &blood,
        );
    }
    scene.chain(
        &[
            [0.0, -58.0, 54.0, 1.6],
            [0.0, -34.0, 73.0, 2.2],
            [0.0, 3.0, 82.0, 2.8],
            [0.0, 44.0, 72.0, 3.2],
            [0.0, 72.0, 46.0, 3.6],
            [0.0, 84.0, 12.0, 3.8],
            [0.0, 82.0, -6.0, 4.0],
        ],
        &blood,
    );
    scene.chain(&[[0.0, 32.0, 4.0, 1.6], [0.0, 52.0, 4.0, 2.0], [0.0, 80.0, -2.0, 2.4]], &blood);
}

fn lesions(scene: &mut Scene, palette: &Palette) {
    for (x, y, z, r) in [
        (-22.0, -28.0, 24.0, 2.6),
        (24.0, 26.0, 26.0, 3.2),
        (-27.0, 20.0, 25.0, 2.0),
        (20.0, -34.0, 18.0, 1.8),
    ] {
        scene.add(Ellipsoid::new([x, y, z], [r, r * 1.3, r]), Flat(palette.lesion));
    }
}
