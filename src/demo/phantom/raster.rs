//! Scenes to pixels: solids are painted row by row with antialiased edges (partial volume). Distances let the
//! painter step over pixels that are surely outside or inside, and painting runs from the topmost solid down,
//! so that what is covered costs nothing.

use glam::Vec3;

use super::scene::{Item, Push, Scene};

/// A plane of pixels in the patient. Steps must be perpendicular.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    /// Centre of the first pixel, patient mm.
    pub(super) origin: Vec3,
    /// To the next column, mm.
    pub(super) column_step: Vec3,
    /// To the next row, mm.
    pub(super) row_step: Vec3,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// Values gathered so far, and the share of each pixel that nothing has covered yet.
struct Canvas {
    values: Vec<f32>,
    open: Vec<f32>,
}

/// A pixel open by less is closed.
const CLOSED: f32 = 1e-3;

/// Part of a distance that may be stepped over: distances are allowed to be longer than true.
const TRUST: f32 = 0.6;

/// Values of a scene on a plane, row by row.
pub(super) fn render(scene: &Scene, plane: &Plane) -> Vec<f32> {
    let count = plane.columns * plane.rows;
    let mut canvas = Canvas { values: vec![0.0; count], open: vec![1.0; count] };
    for item in scene.items.iter().rev() {
        canvas.paint(item, plane);
    }
    for (value, open) in canvas.values.iter_mut().zip(canvas.open) {
        *value += open * scene.background;
    }
    canvas.values
}

/// The pixels a box may touch: first and past-the-last column and row; `None` when it misses the plane.
fn touched(item: &Item, plane: &Plane, margin_mm: f32) -> Option<[usize; 4]> {
    let centre = (item.bounds.low + item.bounds.high) * 0.5;
    let reach = (item.bounds.high - item.bounds.low) * 0.5 + margin_mm;
    if reach.min_element() < 0.0 {
        return None;
    }
    let from_origin = centre - plane.origin;
    let normal = plane.column_step.cross(plane.row_step).normalize();
    if from_origin.dot(normal).abs() > reach.dot(normal.abs()) {
        return None;
    }
    let range = |step: Vec3, count: usize| {
        let per_mm = 1.0 / step.length_squared();
        let (middle, half) = (from_origin.dot(step) * per_mm, reach.dot(step.abs()) * per_mm);
        let first = (middle - half).max(0.0) as usize;
        let last = (middle + half + 2.0).clamp(0.0, count as f32) as usize;
        (first < last).then_some((first, last))
    };
    let (c0, c1) = range(plane.column_step, plane.columns)?;
    let (r0, r1) = range(plane.row_step, plane.rows)?;
    Some([c0, c1, r0, r1])
}

impl Canvas {
    fn paint(&mut self, item: &Item, plane: &Plane) {
        let half_edge = plane.column_step.length().min(plane.row_step.length()) * 0.5;
        let Some([c0, c1, r0, r1]) = touched(item, plane, half_edge) else { return };
        for row in r0..r1 {
            let run = row * plane.columns + c0..row * plane.columns + c1;
            let start = plane.origin + plane.row_step * row as f32 + plane.column_step * c0 as f32;
            let line = Line { start, step: plane.column_step, half_edge };
            line.paint(item, &mut self.values[run.clone()], &mut self.open[run]);
        }
    }
}

/// A run of pixels in a row.
struct Line {
    start: Vec3,
    step: Vec3,
    half_edge: f32,
}

impl Line {
    fn paint(&self, item: &Item, values: &mut [f32], open: &mut [f32]) {
        let per_mm = TRUST / self.step.length();
        let steps = |mm: f32| ((mm - self.half_edge) * per_mm).max(1.0) as usize;
        let place = |column: usize| {
            let p = self.start + self.step * column as f32;
            Push::undone(&item.pushes, p)
        };
        let mut column = 0;
        while column < values.len() {
            if open[column] < CLOSED {
                column += 1;
                continue;
            }
            let p = place(column);
            let d = item.solid.distance(p);
            if d >= self.half_edge {
                column += steps(d);
            } else if d <= -self.half_edge {
                let end = (column + steps(-d)).min(values.len());
                for i in column..end {
                    if open[i] >= CLOSED {
                        values[i] += open[i] * item.material.at(place(i));
                        open[i] = 0.0;
                    }
                }
                column = end;
            } else {
                let share = open[column] * (0.5 - 0.5 * d / self.half_edge);
                values[column] += share * item.material.at(p);
                open[column] -= share;
                column += 1;
            }
        }
    }
}
