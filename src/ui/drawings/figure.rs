//! The geometry of what is drawn, in image coordinates: its points, its outline, how a hand changes it.

use glam::DVec2;

use crate::imaging::measure::{Angle, Kind, Shape};
use crate::session::drawings::Figure;

/// Pieces of an outline that stand for an ellipse.
const ELLIPSE_PIECES: u32 = 64;

/// The points that a hand can take hold of.
pub(super) fn points(figure: &Figure) -> Vec<DVec2> {
    match figure {
        Figure::Shape(shape) => shape.points(),
        Figure::Arrow(line) => line.to_vec(),
        Figure::Text(at) => vec![*at],
    }
}

/// The figure of the same kind with other points; `None` where they do not make one.
pub(super) fn with_points(figure: &Figure, points: &[DVec2]) -> Option<Figure> {
    match (figure, points) {
        (Figure::Shape(shape), points) => Shape::from_points(shape.kind(), points).ok().map(Figure::Shape),
        (Figure::Arrow(_), &[tail, tip]) if tail != tip => Some(Figure::Arrow([tail, tip])),
        (Figure::Text(_), &[at]) => Some(Figure::Text(at)),
        _ => None,
    }
}

/// Its lines, point by point; a closed one ends where it began. Arrows and texts have none here.
pub(super) fn outline(figure: &Figure) -> Vec<Vec<DVec2>> {
    let closed = |corners: &[DVec2]| corners.iter().chain(corners.first()).copied().collect::<Vec<_>>();
    match figure {
        Figure::Shape(Shape::Length(line)) => vec![line.to_vec()],
        Figure::Shape(Shape::Bidirectional(a, b) | Shape::Angle(Angle::Lines(a, b))) => {
            vec![a.to_vec(), b.to_vec()]
        }
        Figure::Shape(Shape::Angle(Angle::Vertex(points))) => vec![points.to_vec()],
        Figure::Shape(Shape::Ellipse(ends)) => vec![ellipse(ends)],
        Figure::Shape(Shape::Rectangle(corners)) => vec![closed(corners)],
        Figure::Shape(Shape::Polygon(corners)) => vec![closed(corners)],
        Figure::Arrow(line) => vec![line.to_vec()],
        Figure::Shape(Shape::Point(_)) | Figure::Text(_) => Vec::new(),
    }
}

fn ellipse(&[a, b, c, d]: &[DVec2; 4]) -> Vec<DVec2> {
    let (centre, u, v) = ((a + b + c + d) / 4.0, (b - a) / 2.0, (d - c) / 2.0);
    let at = |piece: u32| {
        let turn = std::f64::consts::TAU * f64::from(piece) / f64::from(ELLIPSE_PIECES);
        centre + u * turn.cos() + v * turn.sin()
    };
    (0..=ELLIPSE_PIECES).map(at).collect()
}

/// The figure moved by `by`, but no further than all its points stay on an image of `size` pixels: what lies
/// beside the image cannot be measured.
pub(super) fn moved(figure: &Figure, by: DVec2, size: DVec2) -> Option<Figure> {
    let points = points(figure);
    let low = points.iter().copied().reduce(DVec2::min)?;
    let high = points.iter().copied().reduce(DVec2::max)?;
    let by = by.max(-low).min((size - high).max(-low));
    with_points(figure, &points.iter().map(|point| *point + by).collect::<Vec<_>>())
}

/// The figure with its point `handle` dragged to `to`, on an image of `size` pixels.
///
/// A rectangle keeps its right angles and the corner opposite, an ellipse its centre and the direction of its
/// axes. `None` where nothing would be left, or an outline would cross itself.
pub(super) fn reshaped(figure: &Figure, handle: usize, to: DVec2, size: DVec2) -> Option<Figure> {
    let to = to.clamp(DVec2::ZERO, size);
    let mut points = points(figure);
    match figure {
        Figure::Shape(Shape::Rectangle(corners)) => points = rectangle(corners, handle, to),
        Figure::Shape(Shape::Ellipse(ends)) => points = axes(ends, handle, to),
        _ => *points.get_mut(handle)? = to,
    }
    let inside = points.iter().all(|p| p.cmpge(DVec2::ZERO).all() && p.cmple(size).all());
    inside.then(|| with_points(figure, &points)).flatten()
}

fn rectangle(corners: &[DVec2; 4], handle: usize, to: DVec2) -> Vec<DVec2> {
    let at = |step: usize| corners[(handle + step) % 4];
    let opposite = at(2);
    let side = (at(1) - opposite).normalize_or_zero();
    let along = side * (to - opposite).dot(side);
    let mut turned = vec![to, opposite + along, opposite, to - along];
    turned.rotate_right(handle % 4);
    turned
}

fn axes(ends: &[DVec2; 4], handle: usize, to: DVec2) -> Vec<DVec2> {
    let centre = ends.iter().sum::<DVec2>() / 4.0;
    let mut points = ends.to_vec();
    if let Some(end) = ends.get(handle) {
        let direction = (*end - centre).normalize_or_zero();
        let arm = direction * (to - centre).dot(direction);
        points[handle] = centre + arm;
        points[handle ^ 1] = centre - arm;
    }
    points
}

/// The figure that two corners of a drag make: a line, or what fills the box between them.
pub(super) fn between(kind: Kind, from: DVec2, to: DVec2) -> Option<Shape> {
    let middle = (from + to) / 2.0;
    let points = match kind {
        Kind::Ellipse => vec![
            DVec2::new(from.x, middle.y),
            DVec2::new(to.x, middle.y),
            DVec2::new(middle.x, from.y),
            DVec2::new(middle.x, to.y),
        ],
        _ => vec![from, to],
    };
    Shape::from_points(kind, &points).ok()
}

/// Distance from `point` to the line from `a` to `b`.
pub(super) fn distance(point: DVec2, a: DVec2, b: DVec2) -> f64 {
    let along = b - a;
    let length = along.length_squared();
    let share = if length > 0.0 { ((point - a).dot(along) / length).clamp(0.0, 1.0) } else { 0.0 };
    point.distance(a + along * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: DVec2 = DVec2::new(100.0, 80.0);

    fn shape(kind: Kind, points: &[[f64; 2]]) -> Figure {
        let points: Vec<DVec2> = points.iter().copied().map(DVec2::from).collect();
        Figure::Shape(Shape::from_points(kind, &points).unwrap())
    }

    #[test]
    fn a_figure_moves_as_far_as_the_image_reaches() {
        let line = shape(Kind::Length, &[[10.0, 10.0], [20.0, 30.0]]);
        let to = |x, y| points(&moved(&line, DVec2::new(x, y), SIZE).unwrap());
        assert_eq!(to(5.0, -2.0), [DVec2::new(15.0, 8.0), DVec2::new(25.0, 28.0)]);
        assert_eq!(to(-50.0, 500.0), [DVec2::new(0.0, 60.0), DVec2::new(10.0, 80.0)]);
    }

    #[test]
    fn every_corner_of_a_rectangle_leaves_the_opposite_one_where_it_was() {
        let corners = [[10.0, 10.0], [30.0, 10.0], [30.0, 20.0], [10.0, 20.0]];
        let figure = shape(Kind::Rectangle, &corners);
        for handle in 0..4 {
            let to = DVec2::from(corners[handle]) + DVec2::new(3.0, 4.0);
            let changed = points(&reshaped(&figure, handle, to, SIZE).unwrap());
            assert!(changed[handle].distance(to) < 1e-9);
            assert!(changed[(handle + 2) % 4].distance(DVec2::from(corners[(handle + 2) % 4])) < 1e-9);
        }
    }

    #[test]
    fn an_ellipse_keeps_its_centre_and_its_other_axis() {
        let Some(made) = between(Kind::Ellipse, DVec2::new(10.0, 10.0), DVec2::new(30.0, 20.0)) else {
            panic!("an ellipse")
        };
        let figure = Figure::Shape(made);
        let changed = points(&reshaped(&figure, 1, DVec2::new(40.0, 33.0), SIZE).unwrap());
        let expected = [[0.0, 15.0], [40.0, 15.0], [20.0, 10.0], [20.0, 20.0]].map(DVec2::from);
        assert!(changed.iter().zip(expected).all(|(a, b)| a.distance(b) < 1e-9), "{changed:?}");
    }

    #[test]
    fn a_change_that_leaves_nothing_or_leaves_the_image_is_no_change() {
        let line = shape(Kind::Length, &[[10.0, 10.0], [20.0, 30.0]]);
        assert_eq!(reshaped(&line, 1, DVec2::new(10.0, 10.0), SIZE), None);
        let ellipse = shape(Kind::Ellipse, &[[10.0, 15.0], [30.0, 15.0], [20.0, 10.0], [20.0, 20.0]]);
        assert_eq!(
            reshaped(&ellipse, 1, DVec2::new(99.0, 15.0), SIZE),
            None,
            "its other end would be outside"
        );
    }
}
