//! Spine, ribs with their cartilages, sternum, clavicles, scapulae, the heads of the humeri.

use glam::Vec3;

use super::super::material::Material::Flat;
use super::super::scene::{Scene, bent};
use super::super::section::{Cut, Section};
use super::super::solid::{Ellipsoid, Tube};
use super::frame::{Frame, spine_y};
use super::hu;

/// One vertebra: the height of its body's top, the body's height, half width and depth, mm.
#[derive(Debug, Clone, Copy)]
struct Vertebra {
    top_z: f32,
    height: f32,
    half_width: f32,
    depth: f32,
    lumbar: bool,
}

/// C5 to L4 from above: body height with the disc below it; the top of T1 lies at z = 195.
fn vertebrae() -> Vec<Vertebra> {
    let pitch = [
        16.0, 16.0, 17.0, // C5 C6 C7
        19.0, 20.0, 20.0, 21.0, 21.0, 22.0, 22.0, 23.0, 24.0, 25.0, 26.0, 27.0, // T1 to T12
        32.0, 33.0, 34.0, 34.0, // L1 to L4
    ];
    let mut top_z = 195.0 + 49.0;
    pitch
        .iter()
        .enumerate()
        .map(|(i, pitch)| {
            let t = i as f32 / 18.0;
            let lumbar = i >= 15;
            let disc = if lumbar { 8.0 } else { 3.5 + t * 2.0 };
            let v = Vertebra {
                top_z,
                height: pitch - disc,
                half_width: 11.5 + 11.0 * t,
                depth: 10.0 + 6.0 * t,
                lumbar,
            };
            top_z -= pitch;
            v
        })
        .collect()
}

/// Which of [`vertebrae`] carries rib 1.
const FIRST_THORACIC: usize = 3;

pub(super) fn bones(scene: &mut Scene, frame: &Frame) {
    let spine = vertebrae();
    for (n, top_z) in spine[FIRST_THORACIC..].iter().take(12).map(|v| v.top_z).enumerate() {
        for side in [-1.0, 1.0] {
            rib(scene, frame, &Rib { number: n + 1, head_z: top_z - 2.0, side });
        }
    }
    for (i, v) in spine.iter().enumerate() {
        let next = spine.get(i + 1);
        vertebra(scene, *v, next.map(|n| n.top_z), i as u32);
    }
    canal(scene);
    sternum(scene, frame);
    for side in [-1.0, 1.0] {
        shoulder(scene, side);
    }
}

fn vertebra(scene: &mut Scene, v: Vertebra, next_top: Option<f32>, seed: u32) {
    let low_z = v.top_z - v.height;
    let middle = v.top_z - v.height / 2.0;
    let y = spine_y(middle);
    let body = |inset: f32, [low, high]: [f32; 2]| {
        let cut = Cut {
            z: 0.0,
            y,
            half_width: v.half_width - inset,
            front: v.depth - inset,
            back: v.depth - 2.0 - inset,
        };
        Section::drum(0.0, cut, [low, high], 0.12)
    };
    if let Some(next) = next_top {
        scene.add(body(1.0, [next - 0.5, low_z + 0.5]), Flat(hu::DISC));
    }
    arch(scene, v, y, seed);
    scene.add(body(0.0, [low_z, v.top_z]), Flat(560.0));
    scene.add(body(1.4, [low_z + 1.5, v.top_z - 1.5]), hu::marrow(200 + seed));
    let vein = Tube::new(Vec3::new(0.0, y + v.depth, middle), Vec3::new(0.0, y, middle), [1.5, 1.0]);
    scene.add(vein, Flat(90.0));
}

/// Pedicles, laminae, articular, transverse and spinous processes.
fn arch(scene: &mut Scene, v: Vertebra, y: f32, seed: u32) {
    let middle = v.top_z - v.height / 2.0;
    let at = |x: f32, dy: f32, dz: f32| Vec3::new(x, y + v.depth - 2.0 + dy, middle + dz);
    let tall = Vec3::new(1.0, 1.0, 0.55);
    let mut parts = Vec::new();
    for side in [-1.0, 1.0] {
        let w = side * v.half_width * 0.72;
        parts.push(Tube::scaled(at(w, -5.0, 4.0), at(w * 1.05, 9.0, 4.0), [3.6, 3.8], tall));
        parts.push(Tube::scaled(at(w, 11.0, 2.0), at(0.0, 23.0, -5.0), [3.2, 3.0], tall));
        parts.push(Tube::new(at(w * 1.1, 10.0, 12.0), at(w * 1.15, 12.0, -12.0), [4.6, 4.6]));
        let reach = if v.lumbar { side * (v.half_width + 21.0) } else { side * (v.half_width + 16.0) };
        let back = if v.lumbar { 10.0 } else { 19.0 };
        parts.push(Tube::scaled(
            at(w, 10.0, 4.0),
            at(reach, back, 6.0),
            [3.8, 4.2],
            Vec3::new(1.0, 1.0, 0.8),
        ));
    }
    let (tip_y, tip_z) = if v.lumbar { (46.0, -8.0) } else { (37.0, -20.0) };
    parts.push(Tube::scaled(
        at(0.0, 22.0, -4.0),
        at(0.0, tip_y, tip_z),
        [2.8, 3.4],
        Vec3::new(1.0, 1.0, 0.42),
    ));
    scene.bone(&parts, 1.3, &Flat(hu::CORTEX), &hu::marrow(300 + seed));
}

/// The spinal canal: epidural fat around the dural sac.
fn canal(scene: &mut Scene) {
    let path = |radius: f32| -> Vec<[f32; 4]> {
        (0..=18)
            .map(|i| {
                let z = -215.0 + i as f32 * 26.0;
                [0.0, spine_y(z) + 22.5 - 4.5 * ((z + 60.0) / 300.0), z, radius]
            })
            .collect()
    };
    for tube in bent(&path(7.6), Vec3::new(0.84, 1.0, 1.0)) {
        scene.add(tube, Flat(-60.0));
    }
    scene.chain(&path(6.4), &Flat(22.0));
    scene.chain(&path(3.9), &Flat(42.0));
}

struct Rib {
    number: usize,
    head_z: f32,
    side: f32,
}

/// How a rib runs.
struct Course {
    /// Where the bone ends, degrees from the back around to the front.
    end_deg: f32,
    /// How far it has fallen there, mm.
    fall_mm: f32,
    /// Where its cartilage meets the sternum or the cartilage above: x and z, mm.
    joins: Option<(f32, f32)>,
}

const fn course(end_deg: f32, fall_mm: f32, joins: Option<(f32, f32)>) -> Course {
    Course { end_deg, fall_mm, joins }
}

/// Ribs 1 to 12.
const COURSES: [Course; 12] = [
    course(128.0, 26.0, Some((17.0, 163.0))),
    course(138.0, 44.0, Some((15.0, 136.0))),
    course(145.0, 56.0, Some((14.0, 112.0))),
    course(148.0, 66.0, Some((14.0, 90.0))),
    course(148.0, 74.0, Some((14.0, 68.0))),
    course(146.0, 80.0, Some((13.0, 48.0))),
    course(142.0, 84.0, Some((13.0, 30.0))),
    course(134.0, 82.0, Some((44.0, 4.0))),
    course(124.0, 76.0, Some((70.0, -22.0))),
    course(112.0, 66.0, Some((92.0, -46.0))),
    course(84.0, 46.0, None),
    course(52.0, 28.0, None),
];

impl Rib {
    fn course(&self) -> &'static Course {
        &COURSES[self.number - 1]
    }

    /// Points along the bone with their radii, from the head forward.
    fn path(&self, frame: &Frame) -> Vec<[f32; 4]> {
        let Course { end_deg, fall_mm, .. } = self.course();
        let outer = frame.cage.inset(4.2, 4.2, 4.2);
        let y = spine_y(self.head_z);
        let mut path = vec![
            [self.side * 15.0, y + 9.0, self.head_z, 3.4],
            [self.side * 27.0, y + 19.0, self.head_z + 1.0, 3.0],
        ];
        let start_deg = 28.0;
        let count = 14;
        for i in 0..=count {
            let deg = start_deg + (end_deg - start_deg) * i as f32 / count as f32;
            let (sine, cosine) = sine_cosine(deg);
            let z = self.head_z - fall_mm * (deg - 10.0) / 140.0 * (150.0 / end_deg).min(1.3);
            let p = outer.outline(z, self.side * sine, cosine);
            path.push([p.x, p.y, p.z, if self.number == 1 { 3.9 } else { 3.5 }]);
        }
        path
    }
}

/// Sine and cosine of degrees, rounded so that every machine's library gives the same.
fn sine_cosine(deg: f32) -> (f32, f32) {
    let rounded = |v: f64| ((v * 65_536.0).round() / 65_536.0) as f32;
    let radians = f64::from(deg).to_radians();
    (rounded(radians.sin()), rounded(radians.cos()))
}

fn rib(scene: &mut Scene, frame: &Frame, rib: &Rib) {
    let tall = Vec3::new(1.0, 1.0, 0.62);
    let path = rib.path(frame);
    if let (Some((x, z)), Some(end)) = (rib.course().joins, path.last()) {
        let front = frame.cage.inset(3.0, 4.0, 4.0).outline(z, rib.side * x / 120.0, -1.0);
        let to = Vec3::new(rib.side * x, front.y, z);
        let from = Vec3::new(end[0], end[1], end[2]);
        let middle = from.lerp(to, 0.5) + Vec3::new(0.0, -5.0, -7.0);
        let cartilage =
            [[from.x, from.y, from.z, 4.4], [middle.x, middle.y, middle.z, 4.8], [to.x, to.y, to.z, 4.6]];
        for tube in bent(&cartilage, tall) {
            scene.add(
                tube,
                super::super::material::Material::Grain {
                    value: hu::CARTILAGE,
                    amplitude: 45.0,
                    cell_mm: 5.0,
                    seed: 400 + rib.number as u32,
                },
            );
        }
    }
    let bone = bent(&path, tall);
    scene.bone(&bone, 1.15, &Flat(hu::CORTEX), &hu::marrow(420 + rib.number as u32));
}

fn sternum(scene: &mut Scene, frame: &Frame) {
    let front = |z: f32| frame.cage.outline(z, 0.0, -1.0).y + 3.0;
    let wide = Vec3::new(0.36, 1.0, 1.0);
    let manubrium =
        [[0.0, front(168.0), 168.0, 7.0], [0.0, front(150.0), 150.0, 6.6], [0.0, front(134.0), 134.0, 4.8]];
    let body: Vec<[f32; 4]> =
        (0..=4).map(|i| 128.0 - i as f32 * 24.0).map(|z| [0.0, front(z), z, 5.4]).collect();
    for (piece, seed) in [(manubrium.as_slice(), 440), (body.as_slice(), 441)] {
        scene.bone(&bent(piece, wide), 1.0, &Flat(hu::CORTEX * 0.8), &hu::marrow(seed));
    }
    let xiphoid = [[0.0, front(26.0), 26.0, 3.6], [0.0, front(8.0) + 2.0, 8.0, 2.4]];
    for tube in bent(&xiphoid, wide) {
        scene.add(tube, Flat(180.0));
    }
}

fn shoulder(scene: &mut Scene, side: f32) {
    let at = |x: f32, y: f32, z: f32, r: f32| [side * x, y, z, r];
    let clavicle = [
        at(16.0, -46.0, 172.0, 7.5),
        at(40.0, -50.0, 179.0, 6.0),
        at(78.0, -36.0, 187.0, 5.0),
        at(112.0, -12.0, 192.0, 5.2),
        at(138.0, 8.0, 193.0, 6.0),
    ];
    let spine = [
        at(70.0, 92.0, 158.0, 3.0),
        at(104.0, 84.0, 172.0, 4.0),
        at(134.0, 56.0, 188.0, 5.0),
        at(146.0, 26.0, 194.0, 5.5),
    ];
    let glenoid = [at(126.0, 42.0, 168.0, 6.0), at(137.0, 26.0, 170.0, 9.0)];
    let border = [at(134.0, 36.0, 160.0, 5.5), at(120.0, 66.0, 110.0, 4.2), at(106.0, 80.0, 72.0, 3.4)];
    for (path, seed) in [(&clavicle[..], 450), (&spine[..], 451), (&glenoid[..], 452), (&border[..], 453)] {
        scene.bone(&bent(path, Vec3::ONE), 1.5, &Flat(hu::CORTEX), &hu::marrow(seed));
    }
    let blade =
        Ellipsoid::new([side * 104.0, 76.0, 122.0], [36.0, 2.4, 56.0]).along([side * 0.12, 0.08, 1.0]);
    let turned = blade.turned(-side * 0.62);
    scene.add(turned.clone(), Flat(hu::CORTEX * 0.85));
    scene.add(turned.inset(1.2), Flat(300.0));
    let head = Ellipsoid::new([side * 150.0, 14.0, 180.0], [22.0, 22.0, 22.0]);
    scene.add(head.clone(), Flat(hu::CORTEX));
    scene.add(head.inset(1.6), hu::marrow(455));
}
