//! Lungs with fissures, vessels that branch and taper, airways, and the nodule.

use std::sync::Arc;

use glam::Vec3;

use super::super::answers;
use super::super::material::Material::{self, Flat};
use super::super::scene::Scene;
use super::super::solid::{AnySolid, Common, Ellipsoid, HalfSpace, Inset, Sheet, Solid};
use super::super::tree::{Growth, grow};
use super::frame::Frame;
use super::hu;

/// Vessels keep this far from the nodule, mm, so that its borders are its own.
const AROUND_NODULE_MM: f32 = 13.0;

fn nodule_centre() -> Vec3 {
    Vec3::from(answers::NODULE_CENTRE_MM.map(|v| v as f32))
}

pub(super) fn lungs(scene: &mut Scene, frame: &Frame) {
    let thorax: AnySolid = Arc::new(frame.thorax());
    let lung = Material::Lung { value: answers::LUNG_HU as f32, per_mm: 0.35, seed: 21 };
    scene.add_any(thorax.clone(), lung);
    fissures(scene, &thorax);
    let open: Arc<dyn Solid> = Arc::new(Inset { solid: thorax, mm: 3.5 });
    for side in [-1.0, 1.0] {
        vessels(scene, &open, side);
        bronchi(scene, &open, side);
    }
}

/// The nodule that is measured in the CT and its prior.
pub(super) fn nodule(scene: &mut Scene, diameter_mm: f64) {
    let ball = Ellipsoid::new(nodule_centre().to_array(), [diameter_mm as f32 / 2.0; 3]);
    scene.add(ball, Flat(answers::NODULE_HU as f32));
}

/// A lobulated mass in the left lower lobe.
pub(super) fn mass(scene: &mut Scene) {
    for (offset, radius) in [([0.0, 0.0, 0.0], 17.0), ([9.0, -4.0, 8.0], 11.0), ([-8.0, 5.0, 9.0], 10.0)] {
        let centre = [92.0 + offset[0], 34.0 + offset[1], 46.0 + offset[2]];
        scene.add(Ellipsoid::new(centre, [radius; 3]), Flat(45.0));
    }
}

/// The oblique fissures on both sides and the horizontal one on the right: sheets bent by large spheres.
fn fissures(scene: &mut Scene, thorax: &AnySolid) {
    let far = 420.0;
    let bent_plane = |point: Vec3, normal: Vec3| {
        let centre = point - normal.normalize() * far;
        Ellipsoid::new(centre.to_array(), [far; 3])
    };
    let side = |sign: f32| -> AnySolid { Arc::new(HalfSpace::new([0.0, 0.0, 0.0], [-sign, 0.0, 0.0])) };
    let oblique =
        |sign: f32| bent_plane(Vec3::new(sign * 70.0, 10.0, 72.0), Vec3::new(sign * 0.08, 0.72, -0.62));
    let mut add = |surface: Ellipsoid, bounds: Vec<AnySolid>| {
        let mut parts: Vec<AnySolid> =
            vec![Arc::new(Sheet { surface: Arc::new(surface), thickness_mm: 0.35 })];
        parts.extend(bounds);
        parts.push(thorax.clone());
        scene.add(Common { parts, round_mm: 0.1 }, Flat(-640.0));
    };
    for sign in [-1.0, 1.0] {
        add(oblique(sign), vec![side(sign)]);
    }
    let horizontal = bent_plane(Vec3::new(-75.0, -40.0, 84.0), Vec3::new(0.0, 0.05, 1.0));
    add(horizontal, vec![side(-1.0), Arc::new(oblique(-1.0))]);
}

/// Whether a vessel may be at `p`: in the lung of that side, away from the nodule.
fn free(open: &AnySolid, side: f32, p: Vec3) -> bool {
    p.x * side > 14.0
        && p.distance_squared(nodule_centre()) > AROUND_NODULE_MM * AROUND_NODULE_MM
        && open.distance(p) < 0.0
}

fn growth(side: f32, root: [[f32; 3]; 2], tries: u32, [leaf_mm, most_mm]: [f32; 2], seed: u32) -> Growth {
    let mirror = |p: [f32; 3]| [p[0] * side, p[1], p[2]];
    let (near, far) = (Vec3::new(12.0 * side, -92.0, -70.0), Vec3::new(142.0 * side, 86.0, 192.0));
    Growth {
        trunk: root.map(mirror).to_vec(),
        low: near.min(far),
        high: near.max(far),
        tries,
        leaf_mm,
        most_mm,
        seed,
    }
}

/// Pulmonary arteries from the hilum and veins towards the left atrium.
fn vessels(scene: &mut Scene, open: &AnySolid, side: f32) {
    let seed = if side > 0.0 { 31 } else { 41 };
    let arteries = growth(side, [[30.0, 14.0, 96.0], [44.0, 18.0, 92.0]], 4200, [0.48, 7.0], seed);
    let veins = growth(side, [[22.0, 22.0, 74.0], [40.0, 16.0, 76.0]], 3000, [0.48, 6.0], seed + 1);
    for (tree, value) in [(arteries, hu::PULMONARY), (veins, hu::PULMONARY - 10.0)] {
        for tube in grow(&tree, |p| free(open, side, p)) {
            scene.add(tube, Flat(value));
        }
    }
}

/// Bronchi with their walls as far out as a CT shows them.
fn bronchi(scene: &mut Scene, open: &AnySolid, side: f32) {
    let inner: AnySolid = Arc::new(Inset { solid: open.clone(), mm: 22.0 });
    let seed = if side > 0.0 { 51 } else { 61 };
    let tree = growth(side, [[34.0, 20.0, 90.0], [46.0, 20.0, 86.0]], 420, [0.75, 4.6], seed);
    let tubes = grow(&tree, |p| free(&inner, side, p));
    for tube in &tubes {
        scene.add(tube.inset(-0.75), Flat(-180.0));
    }
    for tube in tubes {
        scene.add(tube, Flat(hu::AIR + 20.0));
    }
}

/// Trachea, main bronchi and the oesophagus behind them, painted over the mediastinum.
pub(super) fn airways(scene: &mut Scene) {
    let (wall, air) = (Flat(35.0), Flat(hu::AIR + 5.0));
    let trachea = [
        [0.0, 2.0, 262.0, 8.6],
        [0.0, 6.0, 215.0, 8.8],
        [0.0, 14.0, 165.0, 9.0],
        [1.0, 21.0, 128.0, 9.2],
        [1.0, 23.0, 114.0, 9.4],
    ];
    let right = [
        [-1.0, 23.0, 116.0, 8.0],
        [-16.0, 22.0, 103.0, 7.0],
        [-32.0, 20.0, 92.0, 6.0],
        [-46.0, 20.0, 86.0, 4.2],
    ];
    let left =
        [[3.0, 23.0, 116.0, 7.0], [20.0, 24.0, 103.0, 6.2], [36.0, 21.0, 92.0, 5.4], [46.0, 20.0, 86.0, 4.2]];
    for path in [&trachea[..], &right[..], &left[..]] {
        scene.chain(&path.iter().map(|p| [p[0], p[1], p[2], p[3] + 1.4]).collect::<Vec<_>>(), &wall);
    }
    for path in [&trachea[..], &right[..], &left[..]] {
        scene.chain(path, &air);
    }
}
