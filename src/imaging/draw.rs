//! The CPU twin: a scene into a picture, in double precision.

use glam::DVec2;
use rayon::prelude::*;

use super::pipeline::{PaletteLevels, level};
use super::reslice::PlaneRows;
use super::{
    Colours, Frame, FrameScene, HULL_TOLERANCE, Interpolation, Picture, PictureSize, PlaneInGrid, PlaneScene,
    Scene, SlabMode, marks,
};

/// So close to a pixel's centre that rounding may have put it there, pixels.
const ON_PIXEL: DVec2 = DVec2::splat(1e-7);

/// What is drawn where there is no data.
const BLACK: [u8; 3] = [0, 0, 0];

/// Draws a scene.
pub fn draw(scene: &Scene) -> Picture {
    match scene {
        Scene::Plane(scene) => draw_plane(scene),
        Scene::Frame(scene) if *scene.frame.colours() == Colours::Grey => draw_grey_frame(scene),
        Scene::Frame(scene) => draw_colour_frame(scene),
    }
}

fn draw_plane(scene: &PlaneScene) -> Picture {
    let plane = PlaneInGrid::new(&scene.volume, &scene.plane, scene.slab);
    let mode = scene.slab.map_or(SlabMode::Mean, |slab| slab.mode());
    let rows = PlaneRows::new(&scene.volume, plane, mode, scene.interpolation);
    let size = scene.plane.size;
    let width = size.width() as usize;
    let mut rgba = vec![0; 4 * size.pixels()];
    let mut values = vec![f32::NAN; size.pixels()];
    let lines = rgba.par_chunks_mut(4 * width).zip(values.par_chunks_mut(width)).enumerate();
    lines.for_each(|(row, (rgba, values))| {
        rows.row(row as u32, values);
        for (rgba, value) in rgba.chunks_exact_mut(4).zip(values) {
            let [r, g, b] = if value.is_nan() { BLACK } else { [scene.grey.level(f64::from(*value)); 3] };
            rgba.copy_from_slice(&[r, g, b, 255]);
        }
    });
    Picture { size, rgba, values: Some(values) }
}

fn draw_grey_frame(scene: &FrameScene) -> Picture {
    let frame = &*scene.frame;
    let over = OverFrame::new(scene);
    let colours = frame.supplement();
    picture(scene.view.size, frame.has_modality_values(), |column, row| {
        let around = around(scene, column, row)?;
        let [value] = around.mix(|(column, row)| [frame.value_for_display(column, row)]);
        if value.is_nan() {
            return None;
        }
        let rgb = match colours {
            Some(colours) => around.mix(|at| supplemented(scene, colours, at)).map(level),
            None => [scene.grey.level(value); 3],
        };
        let (column, row) = around.nearest();
        let rgb = if frame.is_padding(column, row) { BLACK } else { rgb };
        Some((over.over(rgb, column, row), value))
    })
}

/// Real levels of a pixel of a grey frame with colours: grey below the first value of the tables.
fn supplemented(scene: &FrameScene, colours: &PaletteLevels, (column, row): (u32, u32)) -> [f64; 3] {
    let stored = scene.frame.stored(column, row);
    if stored >= f64::from(colours.first()) {
        return colours.rgb(stored).map(f64::from);
    }
    [scene.grey.grey(scene.frame.value_for_display(column, row)); 3]
}

fn draw_colour_frame(scene: &FrameScene) -> Picture {
    let frame = &*scene.frame;
    let over = OverFrame::new(scene);
    let rgb = |(column, row): (u32, u32)| {
        let pixel = row as usize * frame.columns() as usize + column as usize;
        frame.colours().rgb(frame.samples(), pixel, frame.bits_stored())
    };
    picture(scene.view.size, false, |column, row| {
        let around = around(scene, column, row)?;
        let (column, row) = around.nearest();
        Some((over.over(around.mix(rgb).map(level), column, row), f64::NAN))
    })
}

/// Overlays and shutter of a frame, as the scene wants them drawn.
struct OverFrame<'a> {
    frame: &'a Frame,
    marks: &'a [u8],
    kinds: u8,
    reach: u32,
    hidden: [u8; 3],
}

impl<'a> OverFrame<'a> {
    fn new(scene: &'a FrameScene) -> Self {
        let (frame, kinds) = (&*scene.frame, scene.over.kinds());
        let marks = if kinds == 0 { None } else { frame.marks() };
        Self {
            frame,
            marks: marks.unwrap_or_default(),
            kinds,
            reach: marks::reach(&scene.view),
            hidden: frame.hidden_rgb(),
        }
    }

    /// The levels of a pixel of the frame with what lies over it: graphics over outlines over the shutter.
    fn over(&self, rgb: [u8; 3], column: u32, row: u32) -> [u8; 3] {
        if self.marks.is_empty() {
            return rgb;
        }
        let columns = self.frame.columns();
        let at = |column: u32, row: u32| self.marks[row as usize * columns as usize + column as usize];
        let span = |at: u32, side: u32| at.saturating_sub(self.reach)..=(at + self.reach).min(side - 1);
        let around = span(row, self.frame.rows())
            .flat_map(|row| span(column, columns).map(move |column| at(column, row)))
            .fold(0, |all, mark| all | mark);
        let kinds = (around & !marks::HIDDEN | at(column, row) & marks::HIDDEN) & self.kinds;
        if kinds & marks::GRAPHICS != 0 {
            marks::GRAPHICS_RGB
        } else if kinds & marks::OUTLINE != 0 {
            marks::OUTLINE_RGB
        } else if kinds & marks::HIDDEN != 0 {
            self.hidden
        } else {
            rgb
        }
    }
}

/// The four pixels around a position and the shares of the second column and row.
struct Around {
    columns: [u32; 2],
    rows: [u32; 2],
    share: DVec2,
}

/// The frame's pixels around a picture pixel; `None` outside the area of the frame's pixels, which reaches
/// half a pixel beyond the outermost centres.
fn around(scene: &FrameScene, column: u32, row: u32) -> Option<Around> {
    let at = scene.view.image_from_picture.transform_point2(DVec2::new(f64::from(column), f64::from(row)));
    let last = DVec2::new(f64::from(scene.frame.columns() - 1), f64::from(scene.frame.rows() - 1));
    let reach = DVec2::splat(0.5 + HULL_TOLERANCE);
    if !(at.cmpge(-reach).all() && at.cmple(last + reach).all()) {
        return None;
    }
    let at = match scene.interpolation {
        // A hair beside a pixel's centre is on it: its neighbour has no say, not even as NaN.
        Interpolation::Linear => DVec2::select((at - at.round()).abs().cmplt(ON_PIXEL), at.round(), at),
        Interpolation::Nearest => (at + 0.5).floor(),
    };
    let at = at.clamp(DVec2::ZERO, last);
    let low = at.floor();
    let high = at.ceil();
    Some(Around {
        columns: [low.x as u32, high.x as u32],
        rows: [low.y as u32, high.y as u32],
        share: at - low,
    })
}

impl Around {
    /// The column and row of the pixel that is nearest.
    fn nearest(&self) -> (u32, u32) {
        let higher = |share: f64| usize::from(share >= marks::NEARER);
        (self.columns[higher(self.share.x)], self.rows[higher(self.share.y)])
    }

    fn mix<const N: usize>(&self, value: impl Fn((u32, u32)) -> [f64; N]) -> [f64; N] {
        let at = |column: usize, row: usize| value((self.columns[column], self.rows[row]));
        let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
        std::array::from_fn(|i| {
            let top = a[i] + (b[i] - a[i]) * self.share.x;
            let bottom = c[i] + (d[i] - c[i]) * self.share.x;
            top + (bottom - top) * self.share.y
        })
    }
}

/// A picture of levels and modality values, pixel by pixel; black and no value where there is no data.
fn picture(
    size: PictureSize,
    with_values: bool,
    pixel: impl Fn(u32, u32) -> Option<([u8; 3], f64)> + Sync,
) -> Picture {
    let width = size.width() as usize;
    let mut rgba = vec![0; 4 * size.pixels()];
    let mut values = vec![f32::NAN; size.pixels()];
    let lines = rgba.par_chunks_mut(4 * width).zip(values.par_chunks_mut(width)).enumerate();
    lines.for_each(|(row, (rgba, values))| {
        for (column, (rgba, out)) in rgba.chunks_exact_mut(4).zip(values).enumerate() {
            let ([r, g, b], value) = pixel(column as u32, row as u32).unwrap_or((BLACK, f64::NAN));
            rgba.copy_from_slice(&[r, g, b, 255]);
            *out = value as f32;
        }
    });
    Picture { size, rgba, values: with_values.then_some(values) }
}
