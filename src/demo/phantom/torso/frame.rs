//! The body plan that the parts are hung on: skin, thoracic cage, spine, diaphragm.

use std::sync::Arc;

use glam::Vec3;

use super::super::section::Section;
use super::super::solid::{AnySolid, Bounds, Common, Inset, Outside, Solid};

/// Outlines shared by the parts.
pub(super) struct Frame {
    /// The skin's outer surface.
    pub(super) skin: Section,
    /// The outer surface of the muscles under skin and fat.
    pub(super) muscle: Section,
    /// The outer surface of the ribs, and below them of the abdominal cavity's wall.
    pub(super) cage: Section,
    /// Everything below the diaphragm.
    pub(super) below: Arc<Diaphragm>,
}

impl Frame {
    pub(super) fn adult() -> Self {
        let skin = Section::new(
            &[
                [-210.0, 2.0, 152.0, 104.0, 100.0],
                [-140.0, 2.0, 154.0, 106.0, 102.0],
                [-60.0, 2.0, 158.0, 108.0, 104.0],
                [20.0, 2.0, 162.0, 110.0, 107.0],
                [80.0, 2.0, 167.0, 109.0, 109.0],
                [125.0, 2.0, 173.0, 99.0, 110.0],
                [155.0, 2.0, 181.0, 86.0, 108.0],
                [182.0, 4.0, 184.0, 72.0, 100.0],
                [198.0, 8.0, 158.0, 62.0, 88.0],
                [212.0, 12.0, 96.0, 56.0, 72.0],
                [232.0, 14.0, 66.0, 54.0, 62.0],
                [262.0, 14.0, 62.0, 56.0, 60.0],
            ],
            0.42,
        );
        let muscle = Section::new(
            &[
                [-210.0, -1.0, 134.0, 86.0, 92.0],
                [-140.0, -1.0, 138.0, 90.0, 94.0],
                [-60.0, -1.0, 146.0, 97.0, 97.0],
                [0.0, 0.0, 155.0, 101.0, 99.0],
                [60.0, 1.0, 153.0, 101.0, 101.0],
                [95.0, 2.0, 151.0, 97.0, 102.0],
                [125.0, 2.0, 157.0, 90.0, 101.0],
                [155.0, 2.0, 167.0, 78.0, 99.0],
                [182.0, 4.0, 171.0, 63.0, 91.0],
                [198.0, 8.0, 146.0, 53.0, 79.0],
                [212.0, 12.0, 86.0, 48.0, 64.0],
                [232.0, 14.0, 57.0, 46.0, 55.0],
                [262.0, 14.0, 53.0, 48.0, 53.0],
            ],
            0.34,
        );
        let cage = Section::new(
            &[
                [-210.0, -4.0, 122.0, 78.0, 62.0],
                [-140.0, -4.0, 126.0, 82.0, 66.0],
                [-80.0, -3.0, 133.0, 88.0, 74.0],
                [-30.0, -2.0, 141.0, 92.0, 82.0],
                [20.0, -1.0, 144.0, 92.0, 86.0],
                [70.0, 0.0, 138.0, 87.0, 87.0],
                [110.0, 3.0, 124.0, 78.0, 84.0],
                [140.0, 8.0, 104.0, 66.0, 76.0],
                [165.0, 15.0, 80.0, 52.0, 63.0],
                [182.0, 22.0, 57.0, 40.0, 50.0],
                [192.0, 27.0, 38.0, 30.0, 40.0],
                [199.0, 31.0, 16.0, 14.0, 22.0],
            ],
            0.22,
        );
        Self { skin, muscle, cage, below: Arc::new(Diaphragm) }
    }

    /// What lies inside the cage by `mm`, below the diaphragm by `under_mm`, and in `organ`.
    pub(super) fn under_diaphragm(&self, mm: f32, under_mm: f32, organ: impl Solid + 'static) -> Common {
        let below: AnySolid = Arc::new(Inset { solid: self.below.clone(), mm: under_mm });
        let cage: AnySolid = Arc::new(self.cage.inset(mm, mm, mm));
        Common { parts: vec![Arc::new(organ), below, cage], round_mm: 9.0 }
    }

    /// The pleural space: inside the ribs, above the diaphragm.
    pub(super) fn thorax(&self) -> Common {
        let above: AnySolid = Arc::new(Outside(self.below.clone()));
        Common { parts: vec![Arc::new(self.cage.inset(9.0, 9.0, 9.0)), above], round_mm: 4.0 }
    }
}

/// Patient y of the middle of the vertebral bodies at a height, mm: thoracic kyphosis, lumbar lordosis.
pub(super) fn spine_y(z: f32) -> f32 {
    let t = (z - 75.0) / 140.0;
    60.0 - if z > 75.0 { 17.0 * t * t } else { 8.0 * t * t }
}

/// The space below the two domes of the diaphragm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Diaphragm;

/// Height of a dome: x and y of its top, its height, and how fast it falls laterally, medially, to the back
/// and to the front (mm per mm squared).
struct Dome {
    top: Vec3,
    lateral: f32,
    medial: f32,
    back: f32,
    front: f32,
}

const RIGHT: Dome =
    Dome { top: Vec3::new(-70.0, -12.0, 20.0), lateral: 0.0185, medial: 0.003, back: 0.0125, front: 0.005 };
const LEFT: Dome =
    Dome { top: Vec3::new(70.0, -8.0, 9.0), lateral: 0.0185, medial: 0.003, back: 0.0125, front: 0.005 };

impl Dome {
    /// Height over a place, and the slope there along x and y.
    fn height(&self, x: f32, y: f32) -> (f32, f32, f32) {
        let (dx, dy) = (x - self.top.x, y - self.top.y);
        let kx = if dx * self.top.x > 0.0 { self.lateral } else { self.medial };
        let ky = if dy > 0.0 { self.back } else { self.front };
        (self.top.z - kx * dx * dx - ky * dy * dy, -2.0 * kx * dx, -2.0 * ky * dy)
    }
}

impl Solid for Diaphragm {
    fn distance(&self, p: Vec3) -> f32 {
        let (right, left) = (RIGHT.height(p.x, p.y), LEFT.height(p.x, p.y));
        let (z, sx, sy) = if right.0 > left.0 { right } else { left };
        (p.z - z) / (1.0 + sx * sx + sy * sy).sqrt()
    }

    fn bounds(&self) -> Bounds {
        Bounds { low: Vec3::splat(-1e4), high: Vec3::new(1e4, 1e4, RIGHT.top.z) }
    }
}
