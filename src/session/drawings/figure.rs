//! Figures as geometry: their points, their outlines, what a hand on one of them does.

use std::f64::consts::TAU;

use glam::{DMat2, DVec2};

use super::Figure;
use crate::imaging::measure::{Angle, Kind, Shape};

/// Corners of the polygon that stands for an ellipse on screen.
const ELLIPSE_CORNERS: u32 = 96;

impl Figure {
    /// Its points, in their order: the handles. Column, row in image coordinates.
    pub fn points(&self) -> Vec<DVec2> {
        match self {
            Self::Shape(shape) => shape.points(),
            Self::Arrow(points) => points.to_vec(),
            Self::Text(point) => vec![*point],
        }
    }

    /// All of it moved by so many columns and rows.
    #[must_use]
    pub fn moved(&self, by: DVec2) -> Self {
        let two = |line: &[DVec2; 2]| line.map(|point| point + by);
        let four = |points: &[DVec2; 4]| points.map(|point| point + by);
        match self {
            Self::Arrow(points) => Self::Arrow(two(points)),
            Self::Text(point) => Self::Text(*point + by),
            Self::Shape(shape) => Self::Shape(match shape {
                Shape::Length(line) => Shape::Length(two(line)),
                Shape::Bidirectional(one, other) => Shape::Bidirectional(two(one), two(other)),
                Shape::Angle(Angle::Vertex(points)) => {
                    Shape::Angle(Angle::Vertex(points.map(|point| point + by)))
                }
                Shape::Angle(Angle::Lines(one, other)) => Shape::Angle(Angle::Lines(two(one), two(other))),
                Shape::Ellipse(points) => Shape::Ellipse(four(points)),
                Shape::Rectangle(points) => Shape::Rectangle(four(points)),
                Shape::Polygon(points) => Shape::Polygon(points.iter().map(|point| *point + by).collect()),
                Shape::Point(point) => Shape::Point(*point + by),
            }),
        }
    }

    /// With point `index` of [`Self::points`] pulled to another place. An ellipse keeps its middle and the
    /// directions of its axes, a rectangle its opposite corner and the directions of its sides; of other figures
    /// the one point moves. `None` where there is no such point, or what comes out is no figure.
    pub fn with_point(&self, index: usize, to: DVec2) -> Option<Self> {
        let mut points = self.points();
        if index >= points.len() || !to.is_finite() {
            return None;
        }
        match self {
            Self::Shape(Shape::Ellipse(axes)) => points = pull_axis(*axes, index, to)?.to_vec(),
            Self::Shape(Shape::Rectangle(corners)) => points = pull_corner(*corners, index, to)?.to_vec(),
            _ => points[index] = to,
        }
        match self {
            Self::Arrow(_) => Some(Self::Arrow(points.try_into().ok()?)),
            Self::Text(_) => Some(Self::Text(to)),
            Self::Shape(shape) => Shape::from_points(shape.kind(), &points).ok().map(Self::Shape),
        }
    }

    /// The lines that are drawn, from its points in whatever space `points` are (such as the screen): runs of
    /// connected points; closed outlines end where they begin. A point and a text are one point each.
    pub fn outline(&self, points: &[DVec2]) -> Vec<Vec<DVec2>> {
        match (self, points) {
            (Self::Shape(Shape::Bidirectional(..) | Shape::Angle(Angle::Lines(..))), &[a, b, c, d]) => {
                vec![vec![a, b], vec![c, d]]
            }
            (Self::Shape(Shape::Ellipse(_)), &[a, b, c, d]) => vec![ellipse([a, b, c, d])],
            (Self::Shape(Shape::Rectangle(_) | Shape::Polygon(_)), open) => {
                vec![open.iter().chain(open.first()).copied().collect()]
            }
            (_, points) => vec![points.to_vec()],
        }
    }

    /// The kind of a measurement; `None` for arrows and text.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Shape(shape) => Some(shape.kind()),
            Self::Arrow(_) | Self::Text(_) => None,
        }
    }
}

/// How far a pointer is from the lines of a figure whose points have been taken to the screen; all in screen
/// pixels. Infinite without points.
pub fn distance(figure: &Figure, on_screen: &[DVec2], pointer: DVec2) -> f64 {
    let lines = figure.outline(on_screen);
    let each = lines.iter().map(|line| match line.as_slice() {
        [point] => point.distance(pointer),
        points => points
            .windows(2)
            .map(|pair| from_segment(pair[0], pair[1], pointer))
            .fold(f64::INFINITY, f64::min),
    });
    each.fold(f64::INFINITY, f64::min)
}

/// The handle nearest to a pointer, if one is within `reach`; all in screen pixels.
pub fn handle_at(on_screen: &[DVec2], pointer: DVec2, reach: f64) -> Option<usize> {
    let near = on_screen.iter().map(|point| point.distance(pointer)).enumerate();
    near.filter(|(_, away)| *away <= reach).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

fn from_segment(a: DVec2, b: DVec2, point: DVec2) -> f64 {
    let way = b - a;
    let share = ((point - a).dot(way) / way.length_squared()).clamp(0.0, 1.0);
    // A segment without length divides by zero.
    let nearest = if share.is_nan() { a } else { a + way * share };
    nearest.distance(point)
}

/// The outline with these conjugate diameters.
fn ellipse([a, b, c, d]: [DVec2; 4]) -> Vec<DVec2> {
    let (centre, u, v) = ((a + b + c + d) / 4.0, (b - a) / 2.0, (d - c) / 2.0);
    let angle = |i: u32| TAU * f64::from(i) / f64::from(ELLIPSE_CORNERS);
    (0..=ELLIPSE_CORNERS).map(|i| centre + u * angle(i).cos() + v * angle(i).sin()).collect()
}

/// One diameter made longer or shorter about the middle.
fn pull_axis(axes: [DVec2; 4], index: usize, to: DVec2) -> Option<[DVec2; 4]> {
    let centre = axes.iter().sum::<DVec2>() / 4.0;
    let direction = (axes[index] - centre).try_normalize()?;
    let reach = direction * (to - centre).dot(direction).max(0.0);
    let mut pulled = axes;
    pulled[index] = centre + reach;
    pulled[index ^ 1] = centre - reach;
    Some(pulled)
}

/// A corner pulled; its neighbours follow along their sides.
fn pull_corner(corners: [DVec2; 4], index: usize, to: DVec2) -> Option<[DVec2; 4]> {
    let at = |steps: usize| (index + steps) % 4;
    let opposite = corners[at(2)];
    let sides = DMat2::from_cols(corners[at(1)] - opposite, corners[at(3)] - opposite);
    if sides.determinant() == 0.0 {
        return None;
    }
    let share = sides.inverse() * (to - opposite);
    let mut pulled = corners;
    pulled[index] = to;
    pulled[at(1)] = opposite + sides.x_axis * share.x;
    pulled[at(3)] = opposite + sides.y_axis * share.y;
    Some(pulled)
}
