//! A scene: solids with materials in the order in which they are painted, later over earlier.

use std::sync::Arc;

use glam::Vec3;

use super::material::Material;
use super::solid::{AnySolid, Bounds, Solid, Tube};

/// One solid of a scene.
pub(super) struct Item {
    pub(super) solid: AnySolid,
    pub(super) bounds: Bounds,
    pub(super) material: Material,
    pub(super) pushes: Arc<[Push]>,
}

/// A local displacement of tissue, strongest at its centre: mass effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Push {
    /// Where it is strongest, patient mm.
    pub(super) centre: Vec3,
    /// Where it has faded to nothing, mm from the centre.
    pub(super) radius: f32,
    /// By how much tissue moves at the centre, mm.
    pub(super) shift: Vec3,
}

impl Push {
    fn shift_at(&self, p: Vec3) -> Vec3 {
        let t = (1.0 - (p - self.centre).length_squared() / (self.radius * self.radius)).max(0.0);
        self.shift * (t * t)
    }

    /// Where the tissue now at `p` was before it was pushed.
    pub(super) fn undone(pushes: &[Self], p: Vec3) -> Vec3 {
        pushes.iter().fold(p, |q, push| q - push.shift_at(p))
    }
}

/// Solids in painting order.
pub(super) struct Scene {
    pub(super) items: Vec<Item>,
    /// The value where nothing is.
    pub(super) background: f32,
    pushes: Arc<[Push]>,
}

impl Scene {
    pub(super) fn new(background: f32) -> Self {
        Self { items: Vec::new(), background, pushes: Arc::new([]) }
    }

    /// From now on, what is added is displaced.
    pub(super) fn displace(&mut self, pushes: &[Push]) {
        self.pushes = pushes.into();
    }

    /// Paints a solid over what is there.
    pub(super) fn add(&mut self, solid: impl Solid + 'static, material: Material) {
        self.add_any(Arc::new(solid), material);
    }

    /// The same for a shared solid.
    pub(super) fn add_any(&mut self, solid: AnySolid, material: Material) {
        let mut bounds = solid.bounds();
        for push in self.pushes.iter() {
            bounds.low -= push.shift.abs();
            bounds.high += push.shift.abs();
        }
        self.items.push(Item { solid, bounds, material, pushes: self.pushes.clone() });
    }

    /// Paints a chain of tubes through `path` (x, y, z, radius; mm), smoothly bent.
    pub(super) fn chain(&mut self, path: &[[f32; 4]], material: &Material) {
        for tube in bent(path, Vec3::ONE) {
            self.add(tube, material.clone());
        }
    }

    /// The same with a wall: the outside first, then the lumen.
    pub(super) fn pipe(&mut self, path: &[[f32; 4]], wall_mm: f32, wall: &Material, lumen: &Material) {
        self.pipes(&[path], wall_mm, wall, lumen);
    }

    /// Pipes that open into each other: all walls first, then all lumens.
    pub(super) fn pipes(&mut self, paths: &[&[[f32; 4]]], wall_mm: f32, wall: &Material, lumen: &Material) {
        let tubes: Vec<Tube> = paths.iter().flat_map(|path| bent(path, Vec3::ONE)).collect();
        for tube in &tubes {
            self.add(tube.inset(-wall_mm), wall.clone());
        }
        for tube in tubes {
            self.add(tube, lumen.clone());
        }
    }

    /// Bone: a cortex of `cortex_mm` around marrow.
    pub(super) fn bone(&mut self, tubes: &[Tube], cortex_mm: f32, cortex: &Material, marrow: &Material) {
        for tube in tubes {
            self.add(tube.clone(), cortex.clone());
        }
        for tube in tubes {
            self.add(tube.inset(cortex_mm), marrow.clone());
        }
    }
}

/// Tubes along a Catmull-Rom curve through the points (x, y, z, radius; mm).
pub(super) fn bent(path: &[[f32; 4]], scale: Vec3) -> Vec<Tube> {
    const STEPS: usize = 5;
    let last = path.len() - 1;
    let point = |i: isize| glam::Vec4::from(path[i.clamp(0, last as isize) as usize]);
    let mut curve = Vec::with_capacity(last * STEPS + 1);
    for i in 0..last as isize {
        let (a, b, c, d) = (point(i - 1), point(i), point(i + 1), point(i + 2));
        for step in 0..STEPS {
            let t = step as f32 / STEPS as f32;
            let (t2, t3) = (t * t, t * t * t);
            curve.push(
                (b * 2.0
                    + (c - a) * t
                    + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t2
                    + (b * 3.0 - a - c * 3.0 + d) * t3)
                    * 0.5,
            );
        }
    }
    curve.push(point(last as isize));
    curve
        .windows(2)
        .map(|w| Tube::scaled(w[0].truncate(), w[1].truncate(), [w[0].w.max(0.2), w[1].w.max(0.2)], scale))
        .collect()
}
