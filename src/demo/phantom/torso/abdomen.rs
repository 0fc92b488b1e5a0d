//! Below the diaphragm: liver, gallbladder, spleen, stomach, pancreas, kidneys, adrenals, bowel.

use std::sync::Arc;

use glam::Vec3;

use super::super::material::Material::{self, Flat};
use super::super::noise::unit;
use super::super::scene::{Scene, bent};
use super::super::solid::{AnySolid, Common, Ellipsoid, Inset, Joined, Outside, Tube};
use super::super::tree::{Growth, grow};
use super::frame::{Frame, spine_y};
use super::hu;

pub(super) fn abdomen(scene: &mut Scene, frame: &Frame) {
    let everything = Ellipsoid::new([0.0, 0.0, -110.0], [400.0, 400.0, 200.0]);
    scene.add(frame.under_diaphragm(11.5, 3.0, everything), hu::fat(101));
    psoas(scene);
    liver(scene, frame);
    for side in [-1.0, 1.0] {
        kidney(scene, side);
    }
    spleen(scene, frame);
    pancreas(scene);
    small_bowel(scene);
    colon(scene);
    stomach(scene, frame);
}

fn psoas(scene: &mut Scene) {
    for side in [-1.0, 1.0] {
        let path: Vec<[f32; 4]> = (0..6)
            .map(|i| {
                let z = -70.0 - i as f32 * 29.0;
                [side * (25.0 + i as f32 * 2.6), spine_y(z) + 6.0, z, 8.0 + i as f32 * 1.8]
            })
            .collect();
        scene.chain(&path, &hu::muscle(102));
        let crus = [
            [side * 14.0 - 1.0, 38.0, -10.0, 4.0],
            [side * 11.0, 42.0, -50.0, 4.5],
            [side * 10.0, 44.0, -100.0, 3.0],
        ];
        scene.chain(&crus, &Flat(hu::MUSCLE));
        let quadratus = [
            [side * 54.0, 60.0, -90.0, 7.0],
            [side * 62.0, 58.0, -150.0, 9.0],
            [side * 66.0, 56.0, -215.0, 10.0],
        ];
        scene.chain(&quadratus, &hu::muscle(103));
    }
}

fn kidney(scene: &mut Scene, side: f32) {
    let z = if side > 0.0 { -92.0 } else { -104.0 };
    let pole = [-side * 0.28, -0.12, 1.0];
    let centre = [side * 62.0, 42.0, z];
    let whole = Ellipsoid::new(centre, [25.0, 27.0, 54.0]).along(pole);
    let hilum: AnySolid = Arc::new(Ellipsoid::new([side * 42.0, 34.0, z], [13.0, 13.0, 22.0]));
    let parts: Vec<AnySolid> = vec![Arc::new(whole), Arc::new(Outside(hilum))];
    let parenchyma: AnySolid = Arc::new(Common { parts, round_mm: 7.0 });
    let seed = if side > 0.0 { 111 } else { 112 };
    let filling = Material::Kidney { cortex: 195.0, medulla: 118.0, whole: parenchyma.clone(), seed };
    scene.add(Inset { solid: parenchyma.clone(), mm: -4.5 }, hu::fat(114));
    scene.add_any(parenchyma, filling);
    scene.add(Ellipsoid::new([side * 54.0, 38.0, z], [11.0, 10.0, 26.0]).along(pole), hu::fat(113));
    for (dz, x) in [(-16.0, 62.0), (0.0, 64.0), (16.0, 60.0)] {
        scene.chain(
            &[
                [side * 46.0, 38.0, z, 4.0],
                [side * 54.0, 38.0, z + dz * 0.6, 3.0],
                [side * x, 40.0, z + dz, 4.0],
            ],
            &Flat(30.0),
        );
    }
    scene.chain(
        &[
            [side * 46.0, 38.0, z, 4.5],
            [side * 36.0, 36.0, z - 14.0, 3.0],
            [side * 34.0, 34.0, -170.0, 2.2],
            [side * 34.0, 34.0, -215.0, 2.2],
        ],
        &Flat(25.0),
    );
    let top = z + 56.0;
    scene.chain(
        &[
            [side * 40.0, 40.0, top, 2.6],
            [side * 44.0, 36.0, top - 8.0, 2.4],
            [side * 50.0, 46.0, top - 18.0, 2.0],
        ],
        &Flat(82.0),
    );
    scene.chain(&[[side * 42.0, 38.0, top - 4.0, 2.4], [side * 42.0, 48.0, top - 18.0, 1.9]], &Flat(82.0));
    if side > 0.0 {
        scene.add(Ellipsoid::new([83.0, 44.0, -118.0], [10.0, 10.0, 10.0]), Flat(6.0));
    }
}

fn spleen(scene: &mut Scene, frame: &Frame) {
    let whole = Ellipsoid::new([102.0, 34.0, -28.0], [34.0, 50.0, 50.0]).along([0.25, -0.35, 1.0]);
    let hollow: AnySolid = Arc::new(Ellipsoid::new([58.0, 2.0, -26.0], [38.0, 36.0, 60.0]));
    let parts: Vec<AnySolid> = vec![Arc::new(whole), Arc::new(Outside(hollow))];
    let organ = Common { parts, round_mm: 8.0 };
    let filling = Material::Grain { value: 128.0, amplitude: 10.0, cell_mm: 8.0, seed: 121 };
    scene.add(frame.under_diaphragm(12.5, 4.5, organ), filling);
}

fn pancreas(scene: &mut Scene) {
    let path = [
        [-34.0, -12.0, -84.0, 13.0],
        [-18.0, -12.0, -74.0, 11.0],
        [4.0, -8.0, -64.0, 8.5],
        [32.0, 6.0, -54.0, 9.0],
        [62.0, 26.0, -44.0, 9.5],
        [80.0, 34.0, -38.0, 6.0],
    ];
    scene.chain(&path, &Material::Grain { value: 92.0, amplitude: 42.0, cell_mm: 4.5, seed: 131 });
    scene.chain(
        &[
            [88.0, 36.0, -36.0, 3.6],
            [50.0, 24.0, -50.0, 4.2],
            [6.0, -1.0, -66.0, 5.0],
            [-14.0, -2.0, -62.0, 6.0],
        ],
        &Flat(hu::VEIN),
    );
    scene.chain(
        &[[-6.0, -2.0, -66.0, 5.4], [-2.0, -10.0, -100.0, 4.8], [-4.0, -14.0, -170.0, 4.0]],
        &Flat(hu::VEIN),
    );
}

/// Stomach on its back: fluid below, gas in front.
fn stomach(scene: &mut Scene, frame: &Frame) {
    let blob = |c: [f32; 3], r: [f32; 3]| -> AnySolid { Arc::new(Ellipsoid::new(c, r)) };
    let parts = vec![
        blob([62.0, 0.0, -16.0], [34.0, 40.0, 30.0]),
        blob([66.0, -24.0, -52.0], [27.0, 30.0, 36.0]),
        blob([38.0, -44.0, -84.0], [36.0, 20.0, 20.0]),
        blob([-2.0, -40.0, -86.0], [22.0, 14.0, 14.0]),
    ];
    let whole: AnySolid = Arc::new(frame.under_diaphragm(14.0, 5.0, Joined { parts, round_mm: 18.0 }));
    scene.add_any(whole.clone(), Material::Grain { value: 82.0, amplitude: 14.0, cell_mm: 5.0, seed: 141 });
    let lumen = Inset { solid: whole, mm: 3.2 };
    scene.add(lumen, Material::Level { gas: hu::AIR, fluid: 18.0, level_y: -30.0 });
    let duodenum = [
        [-22.0, -34.0, -82.0, 11.0],
        [-44.0, -18.0, -84.0, 11.0],
        [-48.0, 6.0, -104.0, 11.0],
        [-44.0, 8.0, -132.0, 11.0],
        [-12.0, 6.0, -140.0, 10.0],
        [30.0, 4.0, -132.0, 10.0],
    ];
    scene.pipe(&duodenum.map(|p| [p[0], p[1], p[2], p[3] - 2.5]), 2.5, &Flat(85.0), &Flat(22.0));
}

/// Loops between the colon's frame, walls enhanced, a little gas.
fn small_bowel(scene: &mut Scene) {
    for loop_number in 0..16i32 {
        let part = |i: i32, axis: i32| unit(141, loop_number, i, axis);
        let (row, lane) = (loop_number / 3, loop_number % 3);
        let centre = Vec3::new(-6.0, -52.0 + lane as f32 * 24.0, -106.0 - row as f32 * 21.0);
        let flip = if part(0, 0) > 0.5 { 1.0 } else { -1.0 };
        let path: Vec<[f32; 4]> = (0..6)
            .map(|i| {
                let jitter =
                    (Vec3::new(part(i, 1), part(i, 2), part(i, 3)) - 0.5) * Vec3::new(20.0, 26.0, 30.0);
                let p = centre + jitter + Vec3::new(flip * (i as f32 - 2.5) * 24.0, 0.0, 0.0);
                [p.x, p.y, p.z, 7.5 + 3.5 * part(i, 4)]
            })
            .collect();
        let gas = loop_number % 5 == 1;
        let lumen = if gas {
            Material::Level { gas: hu::AIR, fluid: hu::GUT - 20.0, level_y: centre.y - 2.0 }
        } else {
            Material::Grain { value: 28.0, amplitude: 26.0, cell_mm: 5.0, seed: 151 + loop_number as u32 }
        };
        scene.pipe(&path, 2.0, &Flat(98.0), &lumen);
    }
}

/// The colon: a frame of pouches with stool and gas.
fn colon(scene: &mut Scene) {
    let ascending = [
        [-98.0, 12.0, -215.0, 23.0],
        [-100.0, 14.0, -170.0, 22.0],
        [-94.0, 6.0, -135.0, 21.0],
        [-84.0, -24.0, -122.0, 19.0],
    ];
    let transverse = [
        [-84.0, -24.0, -122.0, 18.0],
        [-56.0, -58.0, -122.0, 17.0],
        [-14.0, -68.0, -128.0, 16.0],
        [34.0, -66.0, -116.0, 16.0],
        [74.0, -46.0, -88.0, 16.0],
        [104.0, -14.0, -66.0, 16.0],
    ];
    let descending = [
        [104.0, -14.0, -66.0, 15.0],
        [110.0, 14.0, -84.0, 14.0],
        [104.0, 30.0, -130.0, 13.0],
        [102.0, 30.0, -215.0, 12.0],
    ];
    let gas = |level_y: f32| Material::Level { gas: hu::AIR, fluid: 20.0, level_y };
    let stool = |seed: u32| Material::Stool { value: 35.0, gas: -820.0, seed };
    for (path, lumen) in
        [(&ascending[..], stool(161)), (&descending[..], stool(162)), (&transverse[..], gas(-52.0))]
    {
        let pouches: Vec<Tube> = bent(path, Vec3::ONE)
            .into_iter()
            .enumerate()
            .map(|(i, tube)| if i % 3 == 0 { tube.inset(3.0) } else { tube })
            .collect();
        for pouch in &pouches {
            scene.add(pouch.clone(), Flat(75.0));
        }
        for pouch in pouches {
            scene.add(pouch.inset(2.2), lumen.clone());
        }
    }
}

fn liver(scene: &mut Scene, frame: &Frame) {
    let blob = |e: Ellipsoid| -> AnySolid { Arc::new(e) };
    let lobes = Joined {
        parts: vec![
            blob(Ellipsoid::new([-84.0, 0.0, -36.0], [74.0, 92.0, 88.0]).along([0.35, 0.0, 1.0])),
            blob(Ellipsoid::new([-14.0, -46.0, -22.0], [68.0, 40.0, 36.0]).along([-0.35, 0.0, 1.0])),
            blob(Ellipsoid::new([-20.0, 4.0, -28.0], [15.0, 20.0, 26.0])),
        ],
        round_mm: 14.0,
    };
    let fossa: AnySolid =
        Arc::new(Ellipsoid::new([-44.0, -44.0, -88.0], [22.0, 40.0, 36.0]).along([0.5, 0.3, 1.0]));
    let hilum: AnySolid = Arc::new(Ellipsoid::new([-26.0, -14.0, -66.0], [24.0, 16.0, 22.0]));
    let parts: Vec<AnySolid> = vec![Arc::new(lobes), Arc::new(Outside(fossa)), Arc::new(Outside(hilum))];
    let organ = Common { parts, round_mm: 10.0 };
    let whole: AnySolid = Arc::new(frame.under_diaphragm(12.0, 4.0, organ));
    scene.add_any(
        whole.clone(),
        Material::Grain { value: hu::LIVER, amplitude: 5.0, cell_mm: 9.0, seed: 171 },
    );
    let inner: AnySolid = Arc::new(Inset { solid: whole, mm: 7.0 });
    for (trunk, tries, value, seed) in [
        (vec![[-24.0, 6.0, 6.0], [-32.0, 2.0, -2.0]], 420, 145.0, 172),
        (vec![[-24.0, -6.0, -62.0], [-36.0, -6.0, -52.0]], 620, 166.0, 173),
    ] {
        let growth = Growth {
            trunk,
            low: Vec3::new(-142.0, -90.0, -120.0),
            high: Vec3::new(60.0, 80.0, 20.0),
            tries,
            leaf_mm: 0.8,
            most_mm: 6.0,
            seed,
        };
        for tube in grow(&growth, |p| inner.distance(p) < 0.0) {
            scene.add(tube, Flat(value));
        }
    }
    let gallbladder = Ellipsoid::new([-46.0, -46.0, -86.0], [13.0, 15.0, 30.0]).along([0.3, 0.5, 1.0]);
    scene.add(gallbladder.inset(-1.6), Flat(75.0));
    scene.add(gallbladder, Flat(hu::FLUID));
}
