//! How clicks and drags become figures. Pure: points in, perhaps a figure out.

use glam::DVec2;

use super::figure::between;
use crate::imaging::measure::{Kind, Shape};
use crate::session::drawings::Figure;
use crate::session::viewer::Tool;

/// A figure that is begun and not finished.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Making {
    tool: Tool,
    points: Vec<DVec2>,
}

impl Making {
    /// Begins with a tool that draws; `None` for the others and for texts, which are written.
    pub(crate) fn with(tool: Tool) -> Option<Self> {
        matches!(tool, Tool::Measure(_) | Tool::Arrow).then(|| Self { tool, points: Vec::new() })
    }

    /// The tool that it was begun with.
    pub(crate) fn tool(&self) -> Tool {
        self.tool
    }

    /// Nothing has been set yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The first point, where a polygon closes.
    pub(crate) fn first(&self) -> Option<DVec2> {
        self.points.first().copied()
    }

    /// A drag began here: a line begins, unless one is open.
    pub(crate) fn press(&mut self, at: DVec2) {
        let begins = match self.tool {
            Tool::Measure(Kind::Bidirectional) => self.points.len().is_multiple_of(2),
            _ => self.points.is_empty(),
        };
        if begins {
            self.points.push(at);
        }
    }

    /// A drag ended here, or a click fell here: one more point. The figure, once it has all of them.
    pub(crate) fn release(&mut self, at: DVec2) -> Option<Figure> {
        if self.points.last() != Some(&at) {
            self.points.push(at);
        }
        let needed = match self.tool {
            Tool::Measure(kind) => match kind {
                Kind::Point => 1,
                Kind::Length | Kind::Ellipse | Kind::Rectangle => 2,
                Kind::Angle => 3,
                Kind::Bidirectional => 4,
                Kind::Polygon => usize::MAX,
            },
            _ => 2,
        };
        if self.points.len() < needed {
            return None;
        }
        let figure = self.figure(&self.points);
        // Points that make nothing (two on one place) are begun anew, so that a drawing never gets stuck.
        self.points.clear();
        figure
    }

    /// The polygon of the points so far; `None`, and it stays open, where they make none yet.
    pub(crate) fn close(&mut self) -> Option<Figure> {
        let closes = self.tool == Tool::Measure(Kind::Polygon);
        let figure = closes.then(|| self.figure(&self.points)).flatten()?;
        self.points.clear();
        Some(figure)
    }

    /// What it would be with `next` as the next point, and what there is of it as lines.
    pub(crate) fn preview(&self, next: DVec2) -> (Option<Figure>, Vec<DVec2>) {
        let mut points = self.points.clone();
        points.push(next);
        let figure = match self.tool {
            Tool::Measure(Kind::Polygon) => None,
            // The first line of two is a length until the second is drawn.
            Tool::Measure(Kind::Bidirectional) if points.len() == 2 => {
                between(Kind::Length, points[0], points[1]).map(Figure::Shape)
            }
            _ => self.figure(&points),
        };
        (figure, points)
    }

    fn figure(&self, points: &[DVec2]) -> Option<Figure> {
        match (self.tool, points) {
            (Tool::Measure(kind @ (Kind::Ellipse | Kind::Rectangle)), &[a, b]) => {
                between(kind, a, b).map(Figure::Shape)
            }
            (Tool::Measure(kind), points) => Shape::from_points(kind, points).ok().map(Figure::Shape),
            (Tool::Arrow, &[tail, tip]) if tail != tip => Some(Figure::Arrow([tail, tip])),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> DVec2 {
        DVec2::new(x, y)
    }

    fn making(kind: Kind) -> Making {
        Making::with(Tool::Measure(kind)).unwrap()
    }

    #[test]
    fn a_length_is_a_drag_or_two_clicks() {
        let expected = Some(Figure::Shape(Shape::Length([at(1.0, 2.0), at(5.0, 6.0)])));
        let mut dragged = making(Kind::Length);
        dragged.press(at(1.0, 2.0));
        assert_eq!(dragged.release(at(5.0, 6.0)), expected);
        let mut clicked = making(Kind::Length);
        assert_eq!(clicked.release(at(1.0, 2.0)), None);
        assert_eq!(clicked.release(at(5.0, 6.0)), expected);
        assert!(clicked.is_empty(), "the next one begins");
    }

    #[test]
    fn two_drags_make_two_lines_and_three_clicks_an_angle() {
        let mut lines = making(Kind::Bidirectional);
        lines.press(at(0.0, 5.0));
        assert_eq!(lines.release(at(9.0, 5.0)), None);
        lines.press(at(4.0, 3.0));
        let made = lines.release(at(4.0, 8.0));
        assert!(matches!(made, Some(Figure::Shape(Shape::Bidirectional(..)))), "{made:?}");
        let mut angle = making(Kind::Angle);
        assert_eq!((angle.release(at(0.0, 9.0)), angle.release(at(0.0, 0.0))), (None, None));
        assert!(matches!(angle.release(at(9.0, 0.0)), Some(Figure::Shape(Shape::Angle(_)))));
    }

    #[test]
    fn a_polygon_closes_when_told_and_not_before_it_has_an_inside() {
        let mut polygon = making(Kind::Polygon);
        polygon.release(at(0.0, 0.0));
        polygon.release(at(9.0, 0.0));
        assert_eq!(polygon.close(), None);
        polygon.release(at(9.0, 9.0));
        assert!(
            matches!(polygon.close(), Some(Figure::Shape(Shape::Polygon(corners))) if corners.len() == 3)
        );
    }

    #[test]
    fn a_drag_that_goes_nowhere_leaves_nothing_half_done() {
        let mut box_ = making(Kind::Rectangle);
        box_.press(at(3.0, 3.0));
        assert_eq!(box_.release(at(3.0, 9.0)), None, "no area");
        assert!(box_.is_empty());
    }
}
