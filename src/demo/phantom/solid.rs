//! Solids as signed distances in millimetres: negative inside. A distance may fall short of the true one but
//! must not exceed it by much: the rasteriser steps over pixels by it.

use glam::{Mat3, Vec3};

/// An axis-parallel box around a solid, patient mm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) low: Vec3,
    pub(super) high: Vec3,
}

impl Bounds {
    pub(super) fn around(centre: Vec3, reach: Vec3) -> Self {
        Self { low: centre - reach, high: centre + reach }
    }

    fn common(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    fn joined(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

/// Something with an inside.
pub(super) trait Solid: Send + Sync {
    /// Signed distance of `p` (patient mm) from the surface, negative inside.
    fn distance(&self, p: Vec3) -> f32;
    /// A box that holds the inside.
    fn bounds(&self) -> Bounds;
}

/// A solid of any kind.
pub(super) type AnySolid = std::sync::Arc<dyn Solid>;

/// An ellipsoid with its own axes.
#[derive(Debug, Clone)]
pub(super) struct Ellipsoid {
    centre: Vec3,
    radii: Vec3,
    own_from_patient: Mat3,
}

impl Ellipsoid {
    /// Axes along the patient's.
    pub(super) fn new(centre: [f32; 3], radii: [f32; 3]) -> Self {
        Self { centre: centre.into(), radii: radii.into(), own_from_patient: Mat3::IDENTITY }
    }

    /// Turned so that its third axis points along `pole`, its first as near to x as it can.
    pub(super) fn along(mut self, pole: [f32; 3]) -> Self {
        let third = Vec3::from(pole).normalize();
        let second = third.cross(Vec3::X).normalize();
        let first = second.cross(third);
        self.own_from_patient = Mat3::from_cols(first, second, third).transpose();
        self
    }

    /// Turned further about the patient's z by a slope: the first axis leans from x towards y by `slope`.
    pub(super) fn turned(mut self, slope: f32) -> Self {
        let cosine = 1.0 / (1.0 + slope * slope).sqrt();
        let sine = slope * cosine;
        let back = Mat3::from_cols(Vec3::new(cosine, -sine, 0.0), Vec3::new(sine, cosine, 0.0), Vec3::Z);
        self.own_from_patient *= back;
        self
    }

    /// The same, `mm` smaller all round.
    pub(super) fn inset(&self, mm: f32) -> Self {
        Self { radii: (self.radii - mm).max(Vec3::splat(0.3)), ..self.clone() }
    }
}

impl Solid for Ellipsoid {
    fn distance(&self, p: Vec3) -> f32 {
        let q = self.own_from_patient * (p - self.centre) / self.radii;
        let (k0, k1) = (q.length(), (q / self.radii).length());
        let least = self.radii.min_element();
        if k1 < 1e-6 {
            return -least;
        }
        let near = k0 * (k0 - 1.0) / k1;
        if near > -2.0 { near } else { ((k0 - 1.0) * least).min(-1.0) }
    }

    fn bounds(&self) -> Bounds {
        let axes = self.own_from_patient.transpose();
        let reach = axes.x_axis.abs() * self.radii.x
            + axes.y_axis.abs() * self.radii.y
            + axes.z_axis.abs() * self.radii.z;
        Bounds::around(self.centre, reach)
    }
}

/// A tapering round-ended tube between two points; `scale` (each at most 1) widens it along the patient's
/// axes by its inverse, which makes ribs taller than thick.
#[derive(Debug, Clone)]
pub(super) struct Tube {
    start: Vec3,
    along: Vec3,
    inverse_square: f32,
    radii: [f32; 2],
    scale: Vec3,
}

impl Tube {
    pub(super) fn new(start: Vec3, end: Vec3, radii: [f32; 2]) -> Self {
        Self::scaled(start, end, radii, Vec3::ONE)
    }

    pub(super) fn scaled(start: Vec3, end: Vec3, radii: [f32; 2], scale: Vec3) -> Self {
        let along = (end - start) * scale;
        let inverse_square = 1.0 / along.length_squared().max(1e-6);
        Self { start: start * scale, along, inverse_square, radii, scale }
    }

    /// The same, `mm` thinner.
    pub(super) fn inset(&self, mm: f32) -> Self {
        Self { radii: self.radii.map(|r| (r - mm).max(0.1)), ..self.clone() }
    }
}

impl Solid for Tube {
    fn distance(&self, p: Vec3) -> f32 {
        let from_start = p * self.scale - self.start;
        let t = (from_start.dot(self.along) * self.inverse_square).clamp(0.0, 1.0);
        (from_start - self.along * t).length() - (self.radii[0] + (self.radii[1] - self.radii[0]) * t)
    }

    fn bounds(&self) -> Bounds {
        let reach = Vec3::splat(self.radii[0].max(self.radii[1])) / self.scale;
        let (a, b) = (self.start / self.scale, (self.start + self.along) / self.scale);
        Bounds { low: a.min(b) - reach, high: a.max(b) + reach }
    }
}

/// Everything on the side of a plane that its normal points away from.
#[derive(Debug, Clone)]
pub(super) struct HalfSpace {
    normal: Vec3,
    offset: f32,
}

impl HalfSpace {
    pub(super) fn new(point: [f32; 3], normal: [f32; 3]) -> Self {
        let normal = Vec3::from(normal).normalize();
        Self { normal, offset: normal.dot(point.into()) }
    }
}

impl Solid for HalfSpace {
    fn distance(&self, p: Vec3) -> f32 {
        self.normal.dot(p) - self.offset
    }

    fn bounds(&self) -> Bounds {
        Bounds::around(Vec3::ZERO, Vec3::splat(1e4))
    }
}

/// What all of its parts share, with edges rounded over `round_mm`.
#[derive(Clone)]
pub(super) struct Common {
    pub(super) parts: Vec<AnySolid>,
    pub(super) round_mm: f32,
}

/// The larger of two numbers with the corner rounded over `round`.
fn smooth_max(a: f32, b: f32, round: f32) -> f32 {
    let h = (round - (a - b).abs()).max(0.0);
    if h > 0.0 { a.max(b) + h * h / (4.0 * round) } else { a.max(b) }
}

impl Solid for Common {
    fn distance(&self, p: Vec3) -> f32 {
        let mut d = f32::NEG_INFINITY;
        for part in &self.parts {
            d = smooth_max(d, part.distance(p), self.round_mm);
            // Far enough out for one part is far enough: what is left could only add.
            if d > 6.0 {
                break;
            }
        }
        d
    }

    fn bounds(&self) -> Bounds {
        let all = Bounds::around(Vec3::ZERO, Vec3::splat(1e4));
        self.parts.iter().fold(all, |bounds, part| bounds.common(part.bounds()))
    }
}

/// What any of its parts holds, grown together over `round_mm`.
#[derive(Clone)]
pub(super) struct Joined {
    pub(super) parts: Vec<AnySolid>,
    pub(super) round_mm: f32,
}

impl Solid for Joined {
    fn distance(&self, p: Vec3) -> f32 {
        self.parts.iter().fold(1e4, |d, part| -smooth_max(-d, -part.distance(p), self.round_mm))
    }

    fn bounds(&self) -> Bounds {
        let margin = Vec3::splat(self.round_mm);
        let nothing = Bounds { low: Vec3::splat(1e4), high: Vec3::splat(-1e4) };
        let all = self.parts.iter().fold(nothing, |bounds, part| bounds.joined(part.bounds()));
        Bounds { low: all.low - margin, high: all.high + margin }
    }
}

/// The outside of a solid, for cutting it from another.
#[derive(Clone)]
pub(super) struct Outside(pub(super) AnySolid);

impl Solid for Outside {
    fn distance(&self, p: Vec3) -> f32 {
        -self.0.distance(p)
    }

    fn bounds(&self) -> Bounds {
        Bounds::around(Vec3::ZERO, Vec3::splat(1e4))
    }
}

/// A solid thinned (positive) or thickened (negative) by a distance.
#[derive(Clone)]
pub(super) struct Inset {
    pub(super) solid: AnySolid,
    pub(super) mm: f32,
}

impl Solid for Inset {
    fn distance(&self, p: Vec3) -> f32 {
        self.solid.distance(p) + self.mm
    }

    fn bounds(&self) -> Bounds {
        let b = self.solid.bounds();
        Bounds { low: b.low + self.mm, high: b.high - self.mm }
    }
}

/// The skin of a solid: a sheet of a thickness on both sides of its surface.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) surface: AnySolid,
    pub(super) thickness_mm: f32,
}

impl Solid for Sheet {
    fn distance(&self, p: Vec3) -> f32 {
        self.surface.distance(p).abs() - self.thickness_mm / 2.0
    }

    fn bounds(&self) -> Bounds {
        let b = self.surface.bounds();
        Bounds { low: b.low - self.thickness_mm, high: b.high + self.thickness_mm }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Vec3> {
        prop::array::uniform3(-60.0f32..60.0).prop_map(Vec3::from)
    }

    proptest! {
        // The rasteriser steps over 0.6 of a distance: inside and outside must hold that far.
        #[test]
        fn no_surface_lies_nearer_than_six_tenths_of_a_distance(p in point(), towards in point()) {
            let ellipsoid = Ellipsoid::new([3.0, -2.0, 5.0], [40.0, 18.0, 9.0]).along([0.3, 0.2, 1.0]);
            let tube = Tube::scaled(Vec3::ZERO, Vec3::new(30.0, 9.0, 4.0), [6.0, 2.0], Vec3::new(1.0, 1.0, 0.6));
            for solid in [&ellipsoid as &dyn Solid, &tube] {
                let d = solid.distance(p);
                let q = p + (towards - p).normalize_or_zero() * d.abs() * 0.6;
                prop_assert!(solid.distance(q) * d.signum() >= -0.35, "{d} {}", solid.distance(q));
            }
        }

        #[test]
        fn bounds_hold_the_inside(p in point()) {
            let ellipsoid = Ellipsoid::new([3.0, -2.0, 5.0], [40.0, 18.0, 9.0]).along([0.3, 0.2, 1.0]);
            let tube = Tube::scaled(Vec3::ZERO, Vec3::new(30.0, 9.0, 4.0), [6.0, 2.0], Vec3::new(1.0, 1.0, 0.6));
            for solid in [&ellipsoid as &dyn Solid, &tube] {
                let b = solid.bounds();
                if solid.distance(p) < 0.0 {
                    prop_assert!(p.cmpge(b.low - 0.01).all() && p.cmple(b.high + 0.01).all());
                }
            }
        }
    }
}
