//! The CPU twin: a scene into a picture, in double precision.

use glam::DVec2;
use rayon::prelude::*;

use super::pipeline::{level, level_of, neutral_chrominance, rgb_from_ybr};
use super::{
    Colours, Frame, FrameScene, GreyMapping, HULL_TOLERANCE, Interpolation, Picture, PictureSize,
    PlaneInIndex, PlaneScene, Scene, SlabMode,
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
    let plane = PlaneInIndex::new(&scene.volume, &scene.plane, scene.slab);
    let mode = scene.slab.map_or(SlabMode::Mean, |slab| slab.mode());
    grey_picture(scene.plane.size, &scene.grey, true, |column, row| {
        plane.value(&scene.volume, (column, row), mode, scene.interpolation)
    })
}

fn draw_grey_frame(scene: &FrameScene) -> Picture {
    let frame = &*scene.frame;
    grey_picture(scene.view.size, &scene.grey, frame.has_modality_values(), |column, row| {
        let around = around(scene, column, row)?;
        Some(around.mix(|(column, row)| [frame.value_for_display(column, row)])[0])
    })
}

fn draw_colour_frame(scene: &FrameScene) -> Picture {
    let frame = &*scene.frame;
    let size = scene.view.size;
    let rgba = rows(size, |column, row| {
        let Some(around) = around(scene, column, row) else { return BLACK };
        around.mix(|(column, row)| rgb(frame, column, row)).map(level)
    });
    Picture { size, rgba, values: None }
}

/// Real red, green and blue levels of a pixel of a colour frame.
fn rgb(frame: &Frame, column: u32, row: u32) -> [f64; 3] {
    let pixel = row as usize * frame.columns() as usize + column as usize;
    let bits = frame.bits_stored();
    let samples = || std::array::from_fn(|i| level_of(frame.samples().get(3 * pixel + i), bits));
    match frame.colours() {
        Colours::Palette(levels) => levels.rgb(frame.samples().get(pixel)).map(f64::from),
        Colours::YbrFull => rgb_from_ybr(samples(), neutral_chrominance(bits)),
        Colours::Rgb | Colours::Grey => samples(),
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

fn grey_picture(
    size: PictureSize,
    grey: &GreyMapping,
    with_values: bool,
    value: impl Fn(u32, u32) -> Option<f64> + Sync,
) -> Picture {
    let width = size.width() as usize;
    let mut rgba = vec![0; 4 * size.pixels()];
    let mut values = vec![f32::NAN; size.pixels()];
    let lines = rgba.par_chunks_mut(4 * width).zip(values.par_chunks_mut(width)).enumerate();
    lines.for_each(|(row, (rgba, values))| {
        for (column, (rgba, out)) in rgba.chunks_exact_mut(4).zip(values).enumerate() {
            let value = value(column as u32, row as u32).filter(|value| !value.is_nan());
            let [r, g, b] = value.map_or(BLACK, |value| [grey.level(value); 3]);
            rgba.copy_from_slice(&[r, g, b, 255]);
            *out = value.map_or(f32::NAN, |value| value as f32);
        }
    });
    Picture { size, rgba, values: with_values.then_some(values) }
}

fn rows(size: PictureSize, rgb: impl Fn(u32, u32) -> [u8; 3] + Sync) -> Vec<u8> {
    let mut rgba = vec![0; 4 * size.pixels()];
    rgba.par_chunks_mut(4 * size.width() as usize).enumerate().for_each(|(row, line)| {
        for (column, rgba) in line.chunks_exact_mut(4).enumerate() {
            let [r, g, b] = rgb(column as u32, row as u32);
            rgba.copy_from_slice(&[r, g, b, 255]);
        }
    });
    rgba
}
