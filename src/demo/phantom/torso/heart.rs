//! Mediastinum: fat, heart with its chambers, great vessels, oesophagus, thyroid's lower poles left out.

use std::sync::Arc;

use super::super::material::Material::{self, Flat};
use super::super::scene::Scene;
use super::super::section::Section;
use super::super::solid::{AnySolid, Common, Ellipsoid, Joined, Outside};
use super::frame::Frame;
use super::hu;

/// The heart's long axis, from base to apex: to the left, forward, down.
const APEX: [f32; 3] = [0.62, -0.55, -0.56];

/// The fat between the lungs.
pub(super) fn waist(scene: &mut Scene) {
    let waist = Section::new(
        &[
            [-40.0, 4.0, 40.0, 60.0, 52.0],
            [4.0, 4.0, 33.0, 62.0, 52.0],
            [40.0, 6.0, 27.0, 74.0, 50.0],
            [90.0, 8.0, 29.0, 78.0, 48.0],
            [125.0, 10.0, 31.0, 74.0, 44.0],
            [150.0, 14.0, 32.0, 66.0, 40.0],
            [180.0, 18.0, 31.0, 58.0, 36.0],
            [262.0, 14.0, 30.0, 44.0, 44.0],
        ],
        0.05,
    );
    scene.add(waist, hu::fat(71));
}

/// Heart, great vessels and oesophagus.
pub(super) fn mediastinum(scene: &mut Scene, frame: &Frame) {
    neck(scene);
    heart(scene, frame);
    great_arteries(scene);
    great_veins(scene);
    let oesophagus = [
        [5.0, 26.0, 262.0, 5.0],
        [6.0, 34.0, 160.0, 5.5],
        [7.0, 36.0, 110.0, 6.0],
        [8.0, 32.0, 60.0, 6.5],
        [10.0, 24.0, 15.0, 7.0],
        [20.0, 6.0, -2.0, 7.5],
        [38.0, -4.0, -12.0, 8.0],
    ];
    scene.chain(&oesophagus, &Flat(48.0));
    scene.chain(&oesophagus.map(|p| [p[0], p[1] - 1.5, p[2], 1.3]), &Flat(-500.0));
}

/// Muscles and thyroid at the thoracic inlet.
fn neck(scene: &mut Scene) {
    for side in [-1.0, 1.0] {
        scene.chain(
            &[
                [side * 20.0, -18.0, 172.0, 5.0],
                [side * 30.0, -10.0, 215.0, 9.0],
                [side * 42.0, 4.0, 262.0, 11.0],
            ],
            &hu::muscle(72),
        );
        scene.chain(
            &[
                [side * 22.0, 40.0, 150.0, 5.0],
                [side * 22.0, 34.0, 200.0, 9.0],
                [side * 24.0, 32.0, 262.0, 9.0],
            ],
            &hu::muscle(73),
        );
        scene.add(Ellipsoid::new([side * 15.0, 2.0, 204.0], [7.0, 9.0, 20.0]), Flat(165.0));
    }
}

fn heart(scene: &mut Scene, frame: &Frame) {
    let above: AnySolid = Arc::new(Outside(frame.below.clone()));
    let sac = |mm: f32| {
        let parts: Vec<AnySolid> = vec![
            Arc::new(Ellipsoid::new([19.0, -27.0, 47.0], [50.0 - mm, 43.0 - mm, 53.0 - mm]).along(APEX)),
            Arc::new(Ellipsoid::new([-10.0, -16.0, 60.0], [42.0 - mm, 36.0 - mm, 40.0 - mm])),
        ];
        let both: AnySolid = Arc::new(Joined { parts, round_mm: 10.0 });
        Common { parts: vec![both, above.clone()], round_mm: 3.0 }
    };
    scene.add(sac(0.0), hu::fat(74));
    scene.add(sac(2.5), Flat(-15.0));
    scene.add(sac(3.5), hu::fat(75));
    let chamber = |scene: &mut Scene, solid: Ellipsoid, wall: f32, blood: Material| {
        scene.add(solid.inset(-wall), Flat(hu::MYOCARDIUM));
        scene.add(solid, blood);
    };
    let blood = |value: f32, seed: u32| Material::Grain { value, amplitude: 10.0, cell_mm: 18.0, seed };
    chamber(scene, Ellipsoid::new([-27.0, -16.0, 58.0], [21.0, 24.0, 28.0]), 1.8, blood(185.0, 76));
    chamber(scene, Ellipsoid::new([2.0, 8.0, 72.0], [32.0, 17.0, 20.0]), 1.8, blood(215.0, 77));
    chamber(
        scene,
        Ellipsoid::new([6.0, -43.0, 50.0], [30.0, 20.0, 36.0]).along([0.45, -0.25, -0.8]),
        2.6,
        blood(195.0, 78),
    );
    chamber(scene, Ellipsoid::new([10.0, -46.0, 78.0], [14.0, 13.0, 20.0]), 2.2, blood(195.0, 79));
    let ventricle = Ellipsoid::new([30.0, -24.0, 44.0], [31.0, 31.0, 46.0]).along(APEX);
    scene.add(
        ventricle.clone(),
        Material::Grain { value: hu::MYOCARDIUM, amplitude: 8.0, cell_mm: 9.0, seed: 80 },
    );
    scene.add(ventricle.inset(10.5), blood(228.0, 81));
    papillary(scene);
    coronaries(scene);
}

fn papillary(scene: &mut Scene) {
    for (from, to) in [([41.0, -42.0, 36.0], [33.0, -30.0, 46.0]), ([38.0, -26.0, 24.0], [32.0, -22.0, 40.0])]
    {
        scene.chain(&[[from[0], from[1], from[2], 4.5], [to[0], to[1], to[2], 2.6]], &Flat(hu::MYOCARDIUM));
    }
}

/// Coronary arteries in the grooves, one plaque in the left anterior descending.
fn coronaries(scene: &mut Scene) {
    let enhanced = Flat(hu::AORTA - 20.0);
    scene.chain(
        &[
            [4.0, -22.0, 88.0, 2.4],
            [16.0, -26.0, 88.0, 2.2],
            [30.0, -48.0, 78.0, 1.9],
            [46.0, -64.0, 56.0, 1.6],
            [56.0, -66.0, 34.0, 1.2],
        ],
        &enhanced,
    );
    scene.chain(&[[16.0, -26.0, 88.0, 2.0], [40.0, -14.0, 82.0, 1.8], [56.0, 0.0, 62.0, 1.4]], &enhanced);
    scene.chain(
        &[
            [-10.0, -26.0, 88.0, 2.2],
            [-24.0, -44.0, 76.0, 2.0],
            [-30.0, -46.0, 50.0, 1.8],
            [-16.0, -36.0, 22.0, 1.5],
        ],
        &enhanced,
    );
    scene.chain(&[[33.0, -52.0, 75.0, 1.7], [38.0, -57.0, 68.0, 1.5]], &Flat(620.0));
}

/// Aorta from the valve over the arch to the belly, its branches, and the pulmonary trunk.
fn great_arteries(scene: &mut Scene) {
    let (wall, blood) = (Flat(70.0), Flat(hu::AORTA));
    let trunk = [[14.0, -48.0, 86.0, 12.5], [16.0, -40.0, 100.0, 13.0], [18.0, -24.0, 106.0, 12.5]];
    let right = [
        [18.0, -24.0, 106.0, 12.0],
        [2.0, -4.0, 100.0, 10.5],
        [-22.0, 8.0, 98.0, 10.0],
        [-40.0, 15.0, 95.0, 7.5],
    ];
    let left = [[18.0, -24.0, 106.0, 12.0], [30.0, -2.0, 106.0, 10.5], [42.0, 16.0, 100.0, 8.0]];
    scene.pipes(&[&trunk, &right, &left], 1.2, &wall, &Flat(hu::PULMONARY));
    let arch = [
        [4.0, -16.0, 74.0, 13.5],
        [-6.0, -24.0, 90.0, 15.0],
        [-14.0, -26.0, 108.0, 14.5],
        [-13.0, -20.0, 126.0, 14.0],
        [-4.0, -4.0, 141.0, 13.2],
        [10.0, 14.0, 145.0, 12.6],
        [21.0, 33.0, 135.0, 12.4],
        [24.0, 42.0, 116.0, 12.0],
        [24.0, 43.0, 90.0, 11.8],
        [22.0, 42.0, 50.0, 11.4],
        [15.0, 36.0, 10.0, 11.0],
        [6.0, 31.0, -25.0, 10.4],
        [4.0, 28.0, -80.0, 9.8],
        [4.0, 24.0, -140.0, 9.2],
        [4.0, 20.0, -215.0, 8.6],
    ];
    let branches = [
        vec![
            [-10.0, -8.0, 140.0, 6.4],
            [-16.0, -4.0, 160.0, 6.0],
            [-24.0, 0.0, 182.0, 5.0],
            [-26.0, 4.0, 262.0, 3.8],
        ],
        vec![
            [2.0, 4.0, 148.0, 4.4],
            [10.0, 4.0, 170.0, 4.0],
            [22.0, 4.0, 200.0, 3.8],
            [26.0, 4.0, 262.0, 3.8],
        ],
        vec![
            [13.0, 18.0, 146.0, 5.2],
            [22.0, 18.0, 172.0, 4.8],
            [40.0, 8.0, 192.0, 4.4],
            [62.0, -14.0, 196.0, 4.0],
        ],
        vec![[-24.0, 0.0, 182.0, 4.6], [-40.0, 0.0, 194.0, 4.4], [-62.0, -14.0, 196.0, 4.0]],
        vec![
            [5.0, 24.0, -38.0, 4.4],
            [4.0, 8.0, -40.0, 4.0],
            [-16.0, -2.0, -42.0, 3.2],
            [-34.0, -10.0, -46.0, 2.8],
        ],
        vec![
            [4.0, 8.0, -40.0, 3.4],
            [34.0, 14.0, -36.0, 3.0],
            [70.0, 36.0, -34.0, 2.6],
            [96.0, 46.0, -36.0, 2.2],
        ],
        vec![
            [5.0, 22.0, -56.0, 4.2],
            [5.0, 4.0, -66.0, 3.8],
            [4.0, -6.0, -100.0, 3.4],
            [0.0, -10.0, -160.0, 2.8],
        ],
        vec![[0.0, 27.0, -76.0, 3.4], [-24.0, 38.0, -84.0, 3.0], [-46.0, 42.0, -94.0, 2.6]],
        vec![[8.0, 27.0, -78.0, 3.4], [28.0, 38.0, -82.0, 3.0], [46.0, 42.0, -86.0, 2.6]],
    ];
    let mut paths = vec![&arch[..]];
    paths.extend(branches.iter().map(Vec::as_slice));
    scene.pipes(&paths, 1.2, &wall, &blood);
    for (x, y, z) in [(13.0, 26.0, 145.0), (14.0, 20.0, -96.0), (-4.0, 18.0, -132.0)] {
        scene.add(Ellipsoid::new([x, y, z], [3.4, 2.2, 4.6]), Flat(720.0));
    }
}

/// Venae cavae, brachiocephalic, pulmonary and azygos veins.
fn great_veins(scene: &mut Scene) {
    let wall = Flat(60.0);
    let vein = |value: f32| Material::Grain { value, amplitude: 18.0, cell_mm: 14.0, seed: 90 };
    let cava = [
        [-30.0, -6.0, 66.0, 9.0],
        [-31.0, -8.0, 100.0, 9.0],
        [-30.0, -12.0, 132.0, 8.6],
        [-28.0, -16.0, 152.0, 8.0],
        [-30.0, -12.0, 178.0, 7.0],
        [-34.0, 0.0, 262.0, 6.0],
    ];
    let left = [
        [-28.0, -16.0, 152.0, 7.0],
        [-4.0, -32.0, 158.0, 6.6],
        [20.0, -28.0, 170.0, 6.6],
        [32.0, -10.0, 190.0, 6.6],
        [36.0, 0.0, 262.0, 6.0],
    ];
    let lower = [
        [-24.0, -2.0, 42.0, 12.0],
        [-24.0, 4.0, 22.0, 12.5],
        [-24.0, 10.0, 0.0, 12.0],
        [-25.0, 18.0, -40.0, 11.5],
        [-24.0, 24.0, -90.0, 11.0],
        [-22.0, 26.0, -150.0, 10.5],
        [-20.0, 22.0, -215.0, 10.0],
    ];
    scene.pipe(&cava, 0.8, &wall, &vein(190.0));
    scene.pipe(&left, 0.8, &wall, &vein(175.0));
    scene.pipe(&lower, 0.8, &wall, &vein(135.0));
    scene.chain(
        &[
            [-6.0, 48.0, -20.0, 2.6],
            [-8.0, 46.0, 60.0, 3.2],
            [-10.0, 40.0, 110.0, 4.0],
            [-20.0, 24.0, 124.0, 4.4],
            [-28.0, 4.0, 120.0, 4.6],
        ],
        &vein(150.0),
    );
    for side in [-1.0, 1.0] {
        for (y, z, to_z) in [(12.0, 78.0, 92.0), (14.0, 66.0, 56.0)] {
            scene.chain(
                &[
                    [side * 20.0, y, z, 7.0],
                    [side * 34.0, y + 2.0, (z + to_z) / 2.0, 6.0],
                    [side * 46.0, y + 6.0, to_z, 4.6],
                ],
                &Flat(hu::PULMONARY),
            );
        }
        scene.pipe(
            &[
                [-24.0 + (side + 1.0) * 2.0, 26.0, -84.0, 5.0],
                [side * 22.0, 32.0, -84.0, 4.6],
                [side * 44.0, 40.0, -90.0, 4.0],
            ],
            0.6,
            &wall,
            &vein(165.0),
        );
    }
}
