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

/// Values of a scene on a plane, row by row.
pub(super) fn render(scene: &Scene, plane: &Plane) -> Vec<f32> {
    let count = plane.columns * plane.rows;
    let next = (0..=plane.columns as u32).collect::<Vec<u32>>().repeat(plane.rows);
    let mut canvas = Canvas { values: vec![0.0; count], open: vec![1.0; count], next };
    for item in scene.items.iter().rev() {
        canvas.paint(item, plane);
    }
    for (value, open) in canvas.values.iter_mut().zip(canvas.open) {
        *value += open * scene.background;
    }
    canvas.values
}

/// Values gathered so far, and the share of each pixel that nothing has covered yet.
struct Canvas {
    values: Vec<f32>,
    open: Vec<f32>,
    /// For each column of each row, and one past the last: itself while the pixel is open, else a later
    /// column to look at.
    next: Vec<u32>,
}

/// A pixel open by less is closed.
const CLOSED: f32 = 1e-3;

/// Part of a distance that may be stepped over: distances are allowed to be longer than true.
const TRUST: f32 = 0.6;

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
        let Some([first, end, r0, r1]) = touched(item, plane, half_edge) else { return };
        for row in r0..r1 {
            let pixels = row * plane.columns..(row + 1) * plane.columns;
            let start = plane.origin + plane.row_step * row as f32;
            let mut line = Line {
                start,
                step: plane.column_step,
                half_edge,
                values: &mut self.values[pixels.clone()],
                open: &mut self.open[pixels],
                next: &mut self.next[row * (plane.columns + 1)..][..plane.columns + 1],
            };
            line.paint(item, first, end);
        }
    }
}

/// One row of the canvas.
struct Line<'a> {
    /// Centre of its first pixel, and the way to the next, patient mm.
    start: Vec3,
    step: Vec3,
    half_edge: f32,
    values: &'a mut [f32],
    open: &'a mut [f32],
    next: &'a mut [u32],
}

impl Line<'_> {
    fn paint(&mut self, item: &Item, first: usize, end: usize) {
        let per_mm = TRUST / self.step.length();
        let half_edge = self.half_edge;
        let steps = |mm: f32| ((mm - half_edge) * per_mm).max(1.0) as usize;
        let mut column = self.next_open(first);
        while column < end {
            let p = self.place(item, column);
            let d = item.solid.distance(p);
            if d >= half_edge {
                column = self.next_open((column + steps(d)).min(end));
            } else if d <= -half_edge {
                let until = (column + steps(-d)).min(end);
                while column < until {
                    self.blend(item, column, 1.0);
                    column = self.next_open(column + 1);
                }
            } else {
                self.blend(item, column, 0.5 - 0.5 * d / half_edge);
                column = self.next_open(column + 1);
            }
        }
    }

    /// The place of a pixel in the tissue as it was before it was pushed.
    fn place(&self, item: &Item, column: usize) -> Vec3 {
        Push::undone(&item.pushes, self.start + self.step * column as f32)
    }

    /// Lets `item` cover a share of what is still open of a pixel.
    fn blend(&mut self, item: &Item, column: usize, share: f32) {
        let covered = share * self.open[column];
        self.values[column] += covered * item.material.at(self.place(item, column));
        self.open[column] -= covered;
        if self.open[column] < CLOSED {
            self.open[column] = 0.0;
            self.next[column] = column as u32 + 1;
        }
    }

    /// The first open column from `column` on; the way there is shortened for the next time.
    fn next_open(&mut self, column: usize) -> usize {
        let mut found = column;
        while self.next[found] as usize != found {
            let after = self.next[found] as usize;
            self.next[found] = self.next[after];
            found = after;
        }
        found
    }
}
