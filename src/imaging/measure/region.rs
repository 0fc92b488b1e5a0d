//! The inside of an outline.

use std::f64::consts::PI;

use glam::DVec2;

use super::Shape;
use super::shape::{edges, twice_signed_area};

/// An outline with an inside, in image coordinates.
pub(super) enum Region {
    /// Centre and two conjugate semi-diameters.
    Ellipse { centre: DVec2, u: DVec2, v: DVec2 },
    /// Vertices in order.
    Polygon(Vec<DVec2>),
}

impl Region {
    /// The region of a shape that has one.
    pub(super) fn of(shape: &Shape) -> Option<Self> {
        match shape {
            Shape::Ellipse([a, b, c, d]) => {
                let centre = (*a + *b + *c + *d) / 4.0;
                Some(Self::Ellipse { centre, u: (*b - *a) / 2.0, v: (*d - *c) / 2.0 })
            }
            Shape::Rectangle(corners) => Some(Self::Polygon(corners.to_vec())),
            Shape::Polygon(vertices) => Some(Self::Polygon(vertices.clone())),
            _ => None,
        }
    }

    /// Area of the outline itself, not of the pixels inside, in pixels squared.
    pub(super) fn area_px2(&self) -> f64 {
        match self {
            Self::Ellipse { u, v, .. } => PI * u.perp_dot(*v).abs(),
            Self::Polygon(vertices) => twice_signed_area(vertices).abs() / 2.0,
        }
    }

    /// Least and greatest column and row.
    fn bounds(&self) -> (DVec2, DVec2) {
        match self {
            Self::Ellipse { centre, u, v } => {
                let half = DVec2::new(u.x.hypot(v.x), u.y.hypot(v.y));
                (*centre - half, *centre + half)
            }
            Self::Polygon(vertices) => vertices
                .iter()
                .fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), p| (low.min(*p), high.max(*p))),
        }
    }

    /// Whether a point is inside. On the edge of a polygon a point belongs to the region on its right and
    /// below (half-open), so that outlines side by side share no pixel; an ellipse is closed.
    fn contains(&self, point: DVec2) -> bool {
        match self {
            Self::Ellipse { centre, u, v } => {
                let (p, area) = (point - *centre, u.perp_dot(*v));
                let (s, t) = (p.perp_dot(*v) / area, u.perp_dot(p) / area);
                s * s + t * t <= 1.0
            }
            Self::Polygon(vertices) => {
                edges(vertices).filter(|(a, b)| crossed_on_the_left(*a, *b, point)).count() % 2 == 1
            }
        }
    }

    /// Every pixel (column, row) of an image of that size whose centre is inside.
    pub(super) fn pixels(&self, columns: u32, rows: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let (low, high) = self.bounds();
        let from = |v: f64| v.floor().max(0.0) as u32;
        let to = |v: f64, end: u32| (v.ceil().max(0.0) as u32).min(end);
        (from(low.y)..to(high.y, rows))
            .flat_map(move |row| (from(low.x)..to(high.x, columns)).map(move |column| (column, row)))
            .filter(|(column, row)| {
                self.contains(DVec2::new(f64::from(*column) + 0.5, f64::from(*row) + 0.5))
            })
    }
}

/// Whether the edge from `a` to `b` meets the ray from `point` towards lower columns, the point included.
fn crossed_on_the_left(a: DVec2, b: DVec2, point: DVec2) -> bool {
    if (a.y > point.y) == (b.y > point.y) {
        return false;
    }
    // From top to bottom whichever way the edge was drawn: neighbours compute the very same number.
    let (top, bottom) = if a.y < b.y { (a, b) } else { (b, a) };
    let column = top.x + (point.y - top.y) / (bottom.y - top.y) * (bottom.x - top.x);
    column <= point.x
}
