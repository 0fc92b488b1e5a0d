//! What a sorted stack measures: spacing, tilt, gaps.

use glam::DVec3;

use super::split::height;
use super::stack::StackImage;

/// The arrangement of a stack's planes in space.
#[derive(Debug, Clone, PartialEq)]
pub struct StackGeometry {
    /// Distance between neighbouring planes along the normal, mm: the median.
    pub spacing_mm: f64,
    /// The smallest and the largest such distance, mm.
    pub spacing_range_mm: [f64; 2],
    /// Angle between the normal and the line through the planes' origins, degrees, 0 to 90: gantry tilt, or a
    /// sheared stack. A volume made of the planes without shearing them back would lean by as much.
    pub tilt_deg: f64,
    /// Unit normal of the planes: row direction x column direction; the images are sorted along it or against it.
    pub normal: DVec3,
    /// All distances are the spacing and all origins lie on one line: the planes are a regular grid.
    pub uniform: bool,
    /// Where planes are missing, if the others are regular enough to say so.
    pub missing: Vec<Gap>,
}

/// A gap in a stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The image before the gap, from 0.
    pub after: u32,
    /// How many planes would fill it.
    pub count: u32,
    /// Distance between the planes on both sides, mm.
    pub distance_mm: f64,
}

impl StackGeometry {
    /// Planes that are missing altogether.
    pub fn missing_count(&self) -> u32 {
        self.missing.iter().fold(0, |sum, gap| sum.saturating_add(gap.count))
    }

    /// The planes lie at unequal distances that missing planes do not explain.
    pub fn uneven(&self) -> bool {
        let explained = |step: f64| {
            let planes = (step / self.spacing_mm).round().max(1.0);
            (step - planes * self.spacing_mm).abs() <= (EQUAL_SHARE * self.spacing_mm).max(ROUNDING_MM)
        };
        !self.spacing_range_mm.into_iter().all(explained)
    }

    /// The same of a stack of `images` images whose order is turned round.
    pub(super) fn turn(&mut self, images: usize) {
        self.missing.reverse();
        let last = u32::try_from(images).unwrap_or(u32::MAX).saturating_sub(2);
        self.missing.iter_mut().for_each(|gap| gap.after = last.saturating_sub(gap.after));
    }
}

/// Distances within this share of the spacing are equal.
const EQUAL_SHARE: f64 = 0.02;
/// Slices whose thickness is this share of their distance meet.
const MEETS_SHARE: f64 = 0.9;
/// Positions are written with rounding; below this, mm, nothing is read into it.
const ROUNDING_MM: f64 = 0.01;
/// An origin farther from the line of origins breaks the grid, mm.
const OFF_LINE_MM: f64 = 0.1;

/// Measures a sorted stack; `None` below two distinct planes.
pub(super) fn measure(images: &[StackImage]) -> Option<StackGeometry> {
    let first = images.first()?.plane()?;
    let last = images.last()?.plane()?;
    let normal = first.row_direction.cross(first.column_direction).normalize();
    let heights: Vec<f64> = images.iter().map(height).collect();
    let steps: Vec<(usize, f64)> = heights
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .enumerate()
        .filter(|(_, step)| *step >= ROUNDING_MM)
        .collect();
    let spacing_mm = median(steps.iter().map(|(_, step)| *step).collect())?;
    let line = last.origin_mm - first.origin_mm;
    let tilt_deg = (line.dot(normal) / line.length()).clamp(-1.0, 1.0).acos().to_degrees();
    let on_line = images.iter().all(|image| off_line_mm(image, first.origin_mm, line) <= OFF_LINE_MM);
    let regular = steps.iter().filter(|(_, step)| equal(*step, spacing_mm)).count();
    let uniform = on_line && regular == images.len() - 1;
    let least = steps.iter().map(|(_, step)| *step).fold(f64::INFINITY, f64::min);
    let most = steps.iter().map(|(_, step)| *step).fold(0.0, f64::max);
    let apart_mm: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let thickness_mm: Vec<_> = images.iter().map(StackImage::thickness_mm).collect();
    let before_gaps = gaps(&apart_mm, &thickness_mm).into_iter();
    let missing = before_gaps.map(|after| gap(after, apart_mm[after], spacing_mm)).collect();
    Some(StackGeometry { spacing_mm, spacing_range_mm: [least, most], tilt_deg, normal, uniform, missing })
}

/// Where slices are missing: the numbers of those before a gap. Told only where most neighbours are equally far
/// apart, and not where the slices on both sides are thick enough to meet: there the spacing changes.
///
/// `apart_mm` is the way along the normal from each slice to the next, `thickness_mm` each slice's own.
pub fn gaps(apart_mm: &[f64], thickness_mm: &[Option<f64>]) -> Vec<usize> {
    let steps: Vec<f64> = apart_mm.iter().copied().filter(|step| *step >= ROUNDING_MM).collect();
    let count = steps.len();
    let regular_to = |usual: f64| steps.iter().filter(|step| equal(**step, usual)).count();
    let Some(usual_mm) = median(steps.clone()).filter(|usual| regular_to(*usual) * 2 >= count) else {
        return Vec::new();
    };
    let meet = |after: usize, step: f64| {
        let thickness = |slice: usize| thickness_mm.get(slice).copied().flatten();
        let both = thickness(after).zip(thickness(after + 1));
        both.is_some_and(|(one, other)| (one + other) / 2.0 >= MEETS_SHARE * step)
    };
    let gaps = apart_mm.iter().enumerate();
    let gaps = gaps.filter(|&(after, &step)| fitting(step, usual_mm) >= 1.0 && !meet(after, step));
    gaps.map(|(after, _)| after).collect()
}

/// Slices that would fit between two neighbours.
fn fitting(distance_mm: f64, spacing_mm: f64) -> f64 {
    (distance_mm / spacing_mm).round() - 1.0
}

fn equal(step: f64, spacing_mm: f64) -> bool {
    (step - spacing_mm).abs() <= (EQUAL_SHARE * spacing_mm).max(ROUNDING_MM)
}

fn gap(after: usize, distance_mm: f64, spacing_mm: f64) -> Gap {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 1, and it saturates"
    )]
    let count = fitting(distance_mm, spacing_mm) as u32;
    Gap { after: u32::try_from(after).unwrap_or(u32::MAX), count, distance_mm }
}

/// Distance of an image's origin from the line through `start` along `line`, mm.
fn off_line_mm(image: &StackImage, start: DVec3, line: DVec3) -> f64 {
    let Some(plane) = image.plane() else { return f64::INFINITY };
    let offset = plane.origin_mm - start;
    (offset - offset.project_onto(line)).length()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { (values[middle - 1] + upper) / 2.0 })
}
