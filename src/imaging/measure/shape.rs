//! The shapes a reader draws, checked when they are made.

use glam::DVec2;

use super::MeasureError;

/// How far, in pixels, drawn points may miss the exact figure they stand for.
const TOLERANCE_PX: f64 = 0.5;

/// The kinds of measurement, by the names of the report document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Two points.
    Length,
    /// Two lines: four points, line by line.
    Bidirectional,
    /// Three points with the vertex in the middle, or two lines of two points each.
    Angle,
    /// Four points: the ends of one axis, then of the other.
    Ellipse,
    /// Two opposite corners with sides along rows and columns, or four corners in order.
    Rectangle,
    /// Three points or more, in order; a repeated first point at the end is dropped.
    Polygon,
    /// One point.
    Point,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Length,
        Self::Bidirectional,
        Self::Angle,
        Self::Ellipse,
        Self::Rectangle,
        Self::Polygon,
        Self::Point,
    ];

    /// From its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Bidirectional => "bidirectional",
            Self::Angle => "angle",
            Self::Ellipse => "ellipse",
            Self::Rectangle => "rectangle",
            Self::Polygon => "polygon",
            Self::Point => "point",
        }
    }
}

/// A checked shape; points are column, row in image coordinates (`0.5,0.5` is the first pixel's centre).
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A straight line.
    Length([DVec2; 2]),
    /// Two straight lines, either of which may be the longer.
    Bidirectional([DVec2; 2], [DVec2; 2]),
    /// An angle.
    Angle(Angle),
    /// Ends of one axis, then ends of the other. They need not be the principal axes: any two conjugate
    /// diameters describe the ellipse (an ellipse drawn square on screen is sheared where spacing differs).
    Ellipse([DVec2; 4]),
    /// Corners in order.
    Rectangle([DVec2; 4]),
    /// Vertices in order, the first not repeated.
    Polygon(Vec<DVec2>),
    /// One point.
    Point(DVec2),
}

/// The two ways to draw an angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Angle {
    /// Arm, vertex, arm: 0 to 180 degrees.
    Vertex([DVec2; 3]),
    /// Between two lines (Cobb): 0 to 90 degrees, whichever way the lines were drawn.
    Lines([DVec2; 2], [DVec2; 2]),
}

impl Shape {
    /// Checks `points` (column, row) and makes the shape of that kind.
    ///
    /// # Errors
    /// [`MeasureError`] when number, extent or order of the points do not make the shape.
    pub fn from_points(kind: Kind, points: &[DVec2]) -> Result<Self, MeasureError> {
        if !points.iter().all(|p| p.is_finite()) {
            return Err(MeasureError::NotFinite);
        }
        match (kind, points) {
            (Kind::Length, &[a, b]) => Ok(Self::Length(line(a, b)?)),
            (Kind::Bidirectional, &[a, b, c, d]) => Ok(Self::Bidirectional(line(a, b)?, line(c, d)?)),
            (Kind::Angle, &[a, v, b]) => {
                line(a, v)?;
                line(v, b)?;
                Ok(Self::Angle(Angle::Vertex([a, v, b])))
            }
            (Kind::Angle, &[a, b, c, d]) => Ok(Self::Angle(Angle::Lines(line(a, b)?, line(c, d)?))),
            (Kind::Ellipse, &[a, b, c, d]) => ellipse([a, b, c, d]),
            (Kind::Rectangle, &[a, c]) => rectangle([a, DVec2::new(c.x, a.y), c, DVec2::new(a.x, c.y)]),
            (Kind::Rectangle, &[a, b, c, d]) => rectangle([a, b, c, d]),
            (Kind::Polygon, vertices) => polygon(vertices),
            (Kind::Point, &[a]) => Ok(Self::Point(a)),
            (_, other) => Err(MeasureError::PointCount { given: other.len() }),
        }
    }

    /// The kind of the shape.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Length(_) => Kind::Length,
            Self::Bidirectional(..) => Kind::Bidirectional,
            Self::Angle(_) => Kind::Angle,
            Self::Ellipse(_) => Kind::Ellipse,
            Self::Rectangle(_) => Kind::Rectangle,
            Self::Polygon(_) => Kind::Polygon,
            Self::Point(_) => Kind::Point,
        }
    }

    /// All its points, in the order they were given.
    pub fn points(&self) -> Vec<DVec2> {
        match self {
            Self::Length(line) => line.to_vec(),
            Self::Bidirectional(a, b) | Self::Angle(Angle::Lines(a, b)) => [*a, *b].concat(),
            Self::Angle(Angle::Vertex(points)) => points.to_vec(),
            Self::Ellipse(points) | Self::Rectangle(points) => points.to_vec(),
            Self::Polygon(points) => points.clone(),
            Self::Point(point) => vec![*point],
        }
    }
}

/// The principal axes of the ellipse with these conjugate diameters, in image coordinates: ends of the major
/// axis, then of the minor, as SCOORD wants them (PS3.3 C.18.6.1.2).
pub fn principal_axes([a, b, c, d]: [DVec2; 4]) -> [DVec2; 4] {
    let (centre, u, v) = ((a + b + c + d) / 4.0, (b - a) / 2.0, (d - c) / 2.0);
    let turn = DVec2::from_angle(0.5 * (2.0 * u.dot(v)).atan2(u.length_squared() - v.length_squared()));
    let (p, q) = (u * turn.x + v * turn.y, v * turn.x - u * turn.y);
    let (major, minor) = if p.length() >= q.length() { (p, q) } else { (q, p) };
    [centre - major, centre + major, centre - minor, centre + minor]
}

fn line(a: DVec2, b: DVec2) -> Result<[DVec2; 2], MeasureError> {
    if a.distance(b) > 0.0 { Ok([a, b]) } else { Err(MeasureError::NoArea) }
}

fn ellipse(points: [DVec2; 4]) -> Result<Shape, MeasureError> {
    let [a, b, c, d] = points;
    if ((a + b) / 2.0).distance((c + d) / 2.0) > TOLERANCE_PX {
        return Err(MeasureError::AxesApart);
    }
    if (b - a).perp_dot(d - c) == 0.0 {
        return Err(MeasureError::NoArea);
    }
    Ok(Shape::Ellipse(points))
}

fn rectangle(corners: [DVec2; 4]) -> Result<Shape, MeasureError> {
    let [a, b, c, d] = corners;
    // Opposite sides equal and not crossing; right angles are a matter of the pixel spacing, not checked here.
    if (a + c).distance(b + d) > 2.0 * TOLERANCE_PX {
        return Err(MeasureError::NotARectangle);
    }
    if (b - a).perp_dot(d - a) == 0.0 {
        return Err(MeasureError::NoArea);
    }
    Ok(Shape::Rectangle(corners))
}

fn polygon(vertices: &[DVec2]) -> Result<Shape, MeasureError> {
    let mut open = vertices.to_vec();
    while open.len() > 1 && open.first() == open.last() {
        open.pop();
    }
    open.dedup();
    if open.len() < 3 {
        return Err(MeasureError::PointCount { given: vertices.len() });
    }
    if crosses_itself(&open) {
        return Err(MeasureError::Crosses);
    }
    if twice_signed_area(&open) == 0.0 {
        return Err(MeasureError::NoArea);
    }
    Ok(Shape::Polygon(open))
}

/// Twice the area by the shoelace formula; the sign is the sense of rotation.
pub(super) fn twice_signed_area(vertices: &[DVec2]) -> f64 {
    // Relative to the first vertex: far from the origin the products would cancel badly.
    let origin = vertices.first().copied().unwrap_or_default();
    edges(vertices).map(|(a, b)| (a - origin).perp_dot(b - origin)).sum()
}

/// The edges of a closed outline.
pub(super) fn edges(vertices: &[DVec2]) -> impl Iterator<Item = (DVec2, DVec2)> + '_ {
    vertices.iter().copied().zip(vertices.iter().copied().cycle().skip(1))
}

/// Whether two edges that are not neighbours cross properly. Touching is allowed: hand-drawn outlines do.
fn crosses_itself(vertices: &[DVec2]) -> bool {
    let all: Vec<_> = edges(vertices).collect();
    all.iter().enumerate().any(|(i, one)| all[i + 1..].iter().any(|other| crosses(*one, *other)))
}

fn crosses((a, b): (DVec2, DVec2), (c, d): (DVec2, DVec2)) -> bool {
    let side = |p: DVec2, q: DVec2, r: DVec2| (q - p).perp_dot(r - p);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}
