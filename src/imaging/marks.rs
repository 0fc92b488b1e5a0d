//! What is drawn over a frame's pixels: its overlay planes and its display shutter (PS3.3 C.9.2, C.7.6.11).
//!
//! Both become one byte a pixel, [`Frame::marks`](super::Frame::marks), that the twin and the GPU read alike.
//! Nothing here touches values: what a shutter hides is measured all the same.

use glam::DVec2;

use super::FrameView;
use crate::dicom::display::{Overlay, OverlayKind, Shutter};
use crate::dicom::instance::ImageModule;

/// A pixel that the shutter hides.
pub const HIDDEN: u8 = 1;
/// A set bit of a graphics overlay.
pub const GRAPHICS: u8 = 2;
/// The outline of a region of interest. The inside stays free: it is what the reader looks at.
pub const OUTLINE: u8 = 4;

/// Graphics are amber: no grey image has that colour, so that nobody takes them for anatomy, and it stands out
/// on black and on white.
pub const GRAPHICS_RGB: [u8; 3] = [255, 191, 0];
/// Outlines of regions are cyan.
pub const OUTLINE_RGB: [u8; 3] = [0, 210, 255];

/// So many pixels around are looked at for graphics when a picture is much smaller than its image.
const FARTHEST: f64 = 8.0;
/// From so much of a pixel on, the next one is nearer: a hair under a half, so that twin and GPU agree on halves.
pub const NEARER: f64 = 0.5 - 1e-6;

/// What is drawn over a frame; all of it until the reader switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// Overlay planes.
    pub overlays: bool,
    /// The display shutter.
    pub shutter: bool,
}

impl Default for Over {
    fn default() -> Self {
        Self { overlays: true, shutter: true }
    }
}

impl Over {
    /// Nothing but the image.
    pub const NOTHING: Self = Self { overlays: false, shutter: false };

    /// The marks that are drawn.
    pub fn kinds(self) -> u8 {
        let overlays = if self.overlays { GRAPHICS | OUTLINE } else { 0 };
        overlays | if self.shutter { HIDDEN } else { 0 }
    }
}

/// What makes the marks of a frame.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    /// Overlays of the instance.
    pub(super) overlays: Vec<Overlay>,
    /// Shutter of the frame.
    pub(super) shutter: Option<Shutter>,
    /// Frame number from 0.
    pub(super) frame: u32,
    /// Rows and columns of the frame.
    pub(super) size: [u32; 2],
    /// Width over height of a pixel.
    pub(super) aspect: f64,
}

impl Marked {
    /// Overlays that are drawn: one that a bitmap shutter uses is none of them.
    pub(super) fn overlays(&self) -> impl Iterator<Item = &Overlay> {
        drawn(&self.overlays, self.shutter.as_ref(), self.frame)
    }

    /// One byte a pixel, row by row; `None` where nothing is marked.
    pub(super) fn marks(&self) -> Option<Vec<u8>> {
        if self.shutter.is_none() && self.overlays().next().is_none() {
            return None;
        }
        let mut marks = vec![0; self.size[0] as usize * self.size[1] as usize];
        if let Some(shutter) = &self.shutter {
            self.hide(shutter, &mut marks);
        }
        for overlay in self.overlays() {
            match overlay.kind {
                OverlayKind::Graphics => self.set(overlay, GRAPHICS, &mut marks),
                OverlayKind::Region => {
                    let mut region = vec![0; marks.len()];
                    self.set(overlay, 1, &mut region);
                    self.outline(&region, &mut marks);
                }
            }
        }
        marks.iter().any(|mark| *mark != 0).then_some(marks)
    }

    fn set(&self, overlay: &Overlay, mark: u8, marks: &mut [u8]) {
        let [rows, columns] = self.size;
        for (row, column) in overlay.set_pixels(self.frame, rows, columns) {
            marks[row as usize * columns as usize + column as usize] |= mark;
        }
    }

    /// Marks the pixels of a region that have one outside it beside, above or below them.
    fn outline(&self, region: &[u8], marks: &mut [u8]) {
        let [rows, columns] = self.size.map(|n| n as usize);
        let is_in = |row: usize, column: usize| region[row * columns + column] != 0;
        for row in 0..rows {
            for column in 0..columns {
                let within = row > 0
                    && column > 0
                    && row + 1 < rows
                    && column + 1 < columns
                    && is_in(row - 1, column)
                    && is_in(row + 1, column)
                    && is_in(row, column - 1)
                    && is_in(row, column + 1);
                if is_in(row, column) && !within {
                    marks[row * columns + column] |= OUTLINE;
                }
            }
        }
    }

    /// Hides what lies outside of any of the shutter's shapes.
    fn hide(&self, shutter: &Shutter, marks: &mut [u8]) {
        let columns = self.size[1] as usize;
        for (row, line) in marks.chunks_exact_mut(columns).enumerate() {
            // The standard counts from 1.
            let row = row as i32 + 1;
            let inside = shutter.polygon.as_ref().map(|corners| inside_polygon(corners, row, columns));
            for (column, mark) in line.iter_mut().enumerate() {
                let column = column as i32 + 1;
                let in_rectangle = shutter.rectangle.is_none_or(|[left, top, right, bottom]| {
                    (left..=right).contains(&column) && (top..=bottom).contains(&row)
                });
                let in_circle =
                    shutter.circle.is_none_or(|circle| in_circle(circle, self.aspect, row, column));
                let in_polygon = inside.as_ref().is_none_or(|inside| inside[column as usize - 1]);
                if !(in_rectangle && in_circle && in_polygon) {
                    *mark |= HIDDEN;
                }
            }
        }
        let bitmap = self.overlays.iter().find(|overlay| Some(overlay.group) == shutter.bitmap);
        if let Some(bitmap) = bitmap {
            self.set(bitmap, HIDDEN, marks);
        }
    }
}

/// The overlays that are drawn over frame `frame` (from 0) of an image, told from its headers alone.
pub fn drawn_over(image: &ImageModule, frame: u32) -> impl Iterator<Item = &Overlay> {
    let shutter = image.frame(frame).and_then(|attributes| attributes.shutter.as_ref());
    drawn(&image.display.overlays, shutter, frame)
}

fn drawn<'a>(
    overlays: &'a [Overlay],
    shutter: Option<&Shutter>,
    frame: u32,
) -> impl Iterator<Item = &'a Overlay> + use<'a> {
    let bitmap = shutter.and_then(|shutter| shutter.bitmap);
    let belongs = move |overlay: &&Overlay| {
        overlay.frames == 0 || frame.checked_sub(overlay.first_frame).is_some_and(|n| n < overlay.frames)
    };
    overlays.iter().filter(move |overlay| Some(overlay.group) != bitmap).filter(belongs)
}

/// A round shutter is round on screen: its radius is in pixels along a row, also where pixels are not square.
fn in_circle(
    ([centre_row, centre_column], radius): ([i32; 2], u32),
    aspect: f64,
    row: i32,
    column: i32,
) -> bool {
    let across = f64::from(column - centre_column);
    let down = f64::from(row - centre_row) / aspect;
    across * across + down * down <= f64::from(radius).powi(2)
}

/// Which pixels of a row lie in a polygon: one pass over its corners and one over the row, however many there are.
fn inside_polygon(corners: &[[i32; 2]], row: i32, columns: usize) -> Vec<bool> {
    let mut turns = vec![0_i32; columns + 1];
    for [from, to] in polygon_spans(corners, row) {
        let (first, end) = (from.ceil().max(1.0), to.floor().min(columns as f64));
        if first <= end {
            turns[first as usize - 1] += 1;
            turns[end as usize] -= 1;
        }
    }
    let depth = turns.iter().scan(0, |depth, turn| {
        *depth += turn;
        Some(*depth > 0)
    });
    depth.take(columns).collect()
}

/// From which column to which a row lies in a polygon, its edges and corners included.
fn polygon_spans(corners: &[[i32; 2]], row: i32) -> Vec<[f64; 2]> {
    let mut spans = Vec::new();
    let mut crossings = Vec::new();
    for (i, &[from_row, from_column]) in corners.iter().enumerate() {
        let [to_row, to_column] = corners[(i + 1) % corners.len()];
        let [from, to] = [from_column, to_column].map(f64::from);
        if from_row == row {
            let end = if to_row == row { to } else { from };
            spans.push([from.min(end), from.max(end)]);
        }
        if (from_row > row) != (to_row > row) {
            let share = f64::from(row - from_row) / f64::from(to_row - from_row);
            crossings.push(from + (to - from) * share);
        }
    }
    crossings.sort_by(f64::total_cmp);
    spans.extend(crossings.chunks_exact(2).map(|pair| [pair[0] - 1e-9, pair[1] + 1e-9]));
    spans
}

/// How many pixels around the nearest one are looked at for graphics, so that thin lines do not vanish from a
/// picture that is smaller than the image: none where every pixel is drawn.
pub fn reach(view: &FrameView) -> u32 {
    let matrix = view.image_from_picture.matrix2;
    let step = |axis: DVec2| axis.length();
    let step = step(matrix.x_axis).max(step(matrix.y_axis));
    ((step - 1.0) / 2.0 - 1e-6).ceil().clamp(0.0, FARTHEST) as u32
}

/// The colour of hidden pixels: Shutter Presentation Value in P-Values, or its colour on a colour image; black
/// where neither is given.
pub(super) fn hidden_rgb(shutter: &Shutter, colour: bool) -> [u8; 3] {
    let grey = shutter.presentation.map(|value| [(f64::from(value) / 65_535.0 * 255.0).round() as u8; 3]);
    let lab = shutter.presentation_lab.map(rgb_from_lab);
    let given = if colour { lab.or(grey) } else { grey.or(lab) };
    given.unwrap_or_default()
}

/// sRGB of a CIELab value as it is encoded in 16 bits (PS3.3 C.10.7.1.1; white point D50).
fn rgb_from_lab(encoded: [u16; 3]) -> [u8; 3] {
    let share = encoded.map(|value| f64::from(value) / 65_535.0);
    let (l, a, b) = (share[0] * 100.0, share[1] * 255.0 - 128.0, share[2] * 255.0 - 128.0);
    let middle = (l + 16.0) / 116.0;
    let straight = |t: f64| if t > 6.0 / 29.0 { t.powi(3) } else { (t - 4.0 / 29.0) * 108.0 / 841.0 };
    let [x, y, z] =
        [0.9642 * straight(middle + a / 500.0), straight(middle), 0.8249 * straight(middle - b / 200.0)];
    // From D50 to the primaries of sRGB.
    let linear = [
        3.133_856_1 * x - 1.616_866_7 * y - 0.490_614_6 * z,
        -0.978_768_4 * x + 1.916_141_5 * y + 0.033_454_0 * z,
        0.071_945_3 * x - 0.228_991_4 * y + 1.405_242_7 * z,
    ];
    linear.map(|v| {
        let encoded = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (encoded * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::display::OverlayData;

    fn marked(shutter: Option<Shutter>, overlays: Vec<Overlay>) -> Marked {
        Marked { overlays, shutter, frame: 0, size: [5, 7], aspect: 1.0 }
    }

    fn picture(marked: &Marked) -> Vec<String> {
        let marks = marked.marks().unwrap_or_else(|| vec![0; 35]);
        let letter = |mark: &u8| b".#g?o"[usize::from(*mark)] as char;
        marks.chunks_exact(7).map(|line| line.iter().map(letter).collect()).collect()
    }

    fn overlay(kind: OverlayKind, rows: [u8; 5]) -> Overlay {
        // Seven columns a row: packed without padding.
        let bits = rows.iter().rev().fold(0_u64, |bits, row| bits << 7 | u64::from(row.reverse_bits() >> 1));
        Overlay {
            group: 0x6002,
            kind,
            label: String::new(),
            rows: 5,
            columns: 7,
            origin: [0, 0],
            first_frame: 0,
            frames: 0,
            data: OverlayData::Packed(bits.to_le_bytes().to_vec().into()),
        }
    }

    #[test]
    fn the_least_of_the_image_stays_visible_where_shapes_are_combined() {
        let rectangle = Shutter { rectangle: Some([2, 2, 6, 4]), ..Shutter::default() };
        assert_eq!(
            picture(&marked(Some(rectangle.clone()), vec![])),
            ["#######", "#.....#", "#.....#", "#.....#", "#######"]
        );
        let circle = Shutter { circle: Some(([3, 4], 2)), ..Shutter::default() };
        assert_eq!(
            picture(&marked(Some(circle.clone()), vec![])),
            ["###.###", "##...##", "#.....#", "##...##", "###.###"]
        );
        let both = Shutter { circle: circle.circle, ..rectangle };
        assert_eq!(
            picture(&marked(Some(both), vec![])),
            ["#######", "##...##", "#.....#", "##...##", "#######"]
        );
    }

    #[test]
    fn a_circle_is_round_on_screen_and_a_polygon_keeps_its_edges() {
        let tall = Marked {
            aspect: 2.0,
            ..marked(Some(Shutter { circle: Some(([3, 4], 1)), ..Shutter::default() }), vec![])
        };
        assert_eq!(picture(&tall), ["###.###", "###.###", "##...##", "###.###", "###.###"]);
        let triangle = Shutter { polygon: Some(vec![[1, 1], [1, 5], [5, 5]]), ..Shutter::default() };
        assert_eq!(
            picture(&marked(Some(triangle), vec![])),
            [".....##", "#....##", "##...##", "###..##", "####.##"]
        );
    }

    #[test]
    fn a_bitmap_shutter_hides_what_its_overlay_marks_and_is_no_graphic() {
        let rows = [0b0000000, 0b0111110, 0b0111110, 0b0111110, 0b0000000];
        let bitmap = Shutter { bitmap: Some(0x6002), ..Shutter::default() };
        let hides = marked(Some(bitmap), vec![overlay(OverlayKind::Graphics, rows)]);
        assert_eq!(picture(&hides), [".......", ".#####.", ".#####.", ".#####.", "......."]);
        let graphics = marked(None, vec![overlay(OverlayKind::Graphics, rows)]);
        assert_eq!(picture(&graphics), [".......", ".ggggg.", ".ggggg.", ".ggggg.", "......."]);
        let region = marked(None, vec![overlay(OverlayKind::Region, rows)]);
        assert_eq!(picture(&region), [".......", ".ooooo.", ".o...o.", ".ooooo.", "......."]);
    }

    #[test]
    fn hidden_pixels_have_the_value_that_the_shutter_says() {
        let shutter =
            |presentation, presentation_lab| Shutter { presentation, presentation_lab, ..Shutter::default() };
        assert_eq!(hidden_rgb(&shutter(None, None), false), [0; 3]);
        assert_eq!(hidden_rgb(&shutter(Some(0x8080), Some([0; 3])), false), [128; 3]);
        // L* 53.24, a* 80.09, b* 67.20 is pure red, adapted to D50 54.29, 80.81, 69.89.
        let red = [54.29 / 100.0, (80.81 + 128.0) / 255.0, (69.89 + 128.0) / 255.0];
        let [r, g, b] = hidden_rgb(&shutter(Some(0), Some(red.map(|v: f64| (v * 65_535.0) as u16))), true);
        assert!(r >= 253 && g <= 3 && b <= 3, "{r} {g} {b}");
    }
}
