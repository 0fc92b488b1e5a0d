//! An abdominal ultrasound clip: speckle in beam coordinates, scan-converted to a sector, with a cyst of known
//! size, flow in colour, a grey bar and a depth scale. Nothing that names a patient is burned in.

use rayon::prelude::*;

use super::answers;
use super::noise::{bell, smooth, unit};

/// Columns of a frame.
pub(super) const COLUMNS: usize = 640;
/// Rows of a frame.
pub(super) const ROWS: usize = 480;
/// Frames of the clip: one breath.
pub(super) const FRAMES: usize = 30;
/// The sector's rectangle: left, top, right, bottom pixel, inclusive.
pub(super) const SECTOR: [usize; 4] = [14, 0, 592, 438];
/// The colour box inside it.
pub(super) const FLOW_BOX: [usize; 4] = [190, 150, 300, 260];

/// Millimetres a pixel in both directions.
const PIXEL_MM: f32 = (answers::ECHO_PIXEL_CM * 10.0) as f32;
/// Radius of the probe's face and reach of the beams from it, mm.
const FACE_MM: f32 = 52.0;
const DEPTH_MM: f32 = 150.0;
/// Tangent of the half angle of the sector.
const SPREAD: f32 = 0.60;
/// Beams and samples along a beam.
const BEAMS: usize = 360;
const SAMPLES: usize = 720;
/// Column of the sector's axis, row of the probe's face there.
const AXIS: f32 = 303.5;
const FACE_ROW: f32 = 20.0;

/// RGB bytes of one frame (from 0), row by row, interleaved.
pub(super) fn frame(n: usize) -> Vec<u8> {
    let breath = triangle(n as f32 / FRAMES as f32) * 5.0;
    let beams = beams(n, breath);
    let mut rgb = vec![0u8; COLUMNS * ROWS * 3];
    rgb.par_chunks_exact_mut(COLUMNS * 3).enumerate().for_each(|(row, line)| {
        for (column, pixel) in line.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            *pixel = colour(column, row, n, breath, &beams);
        }
    });
    rgb
}

/// From 0 to 1 and back over one turn, eased.
fn triangle(turn: f32) -> f32 {
    let t = 1.0 - (2.0 * turn - 1.0).abs();
    t * t * (3.0 - 2.0 * t)
}

/// Grey levels (0 to 1) in beam coordinates.
fn beams(n: usize, breath: f32) -> Vec<f32> {
    (0..BEAMS)
        .into_par_iter()
        .flat_map_iter(|beam| {
            let tangent = (2.0 * beam as f32 / (BEAMS - 1) as f32 - 1.0) * SPREAD;
            let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
            (0..SAMPLES).map(move |sample| {
                let depth = (sample as f32 + 0.5) * DEPTH_MM / SAMPLES as f32;
                let reach = FACE_MM + depth;
                let (x, y) = (reach * tangent * cosine, reach * cosine - FACE_MM);
                let still = depth < 16.0;
                let moved = if still { 0.0 } else { breath };
                let speckle = speckle(
                    beam,
                    sample as f32 - moved * SAMPLES as f32 / DEPTH_MM,
                    if still { 0 } else { 1 },
                );
                grey(
                    echo(x, y - moved, depth) * speckle
                        + 0.0012 * unit(90 + n as u32, beam as i32, sample as i32, 0),
                )
            })
        })
        .collect()
}

/// Rayleigh-like speckle that sticks to tissue: the length of a smooth complex number.
fn speckle(beam: usize, sample: f32, layer: u32) -> f32 {
    let (across, along) = (beam as f32 / 2.6, sample / 2.2);
    let (ia, il) = (across as i32, along.floor() as i32);
    let (ta, tl) = (across - ia as f32, along - il as f32);
    let part = |seed: u32| {
        let at = |a: i32, l: i32| bell(seed + layer, ia + a, il + l, 0);
        let near = at(0, 0) * (1.0 - ta) + at(1, 0) * ta;
        let far = at(0, 1) * (1.0 - ta) + at(1, 1) * ta;
        near * (1.0 - tl) + far * tl
    };
    let (real, imaginary) = (part(71), part(73));
    (real * real + imaginary * imaginary).sqrt() + 0.05
}

/// Echo amplitude to grey level: 58 dB in 0 to 1.
fn grey(amplitude: f32) -> f32 {
    (1.0 + amplitude.max(1e-6).log10() * 20.0 / 58.0).clamp(0.0, 1.0)
}

/// How far outside (positive) an ellipse a place is, mm, roughly.
fn ellipse(x: f32, y: f32, centre: [f32; 2], radii: [f32; 2]) -> f32 {
    let (u, v) = ((x - centre[0]) / radii[0], (y - centre[1]) / radii[1]);
    ((u * u + v * v).sqrt() - 1.0) * radii[0].min(radii[1])
}

/// Distance from a line between two places, mm, less a radius that tapers.
fn vessel(x: f32, y: f32, [ax, ay, bx, by]: [f32; 4], [ra, rb]: [f32; 2]) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let t = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    let (ox, oy) = (x - ax - t * dx, y - ay - t * dy);
    (ox * ox + oy * oy).sqrt() - (ra + (rb - ra) * t)
}

/// A piece of a vessel: from, to (x, y, mm), radii at both (mm).
type Piece = ([f32; 4], [f32; 2]);

const PORTAL: [Piece; 5] = [
    ([-80.0, 104.0, -38.0, 84.0], [7.0, 6.4]),
    ([-38.0, 84.0, -4.0, 66.0], [6.4, 5.2]),
    ([-4.0, 66.0, 8.0, 44.0], [3.8, 1.0]),
    ([-4.0, 66.0, 14.0, 58.0], [4.0, 2.2]),
    ([-22.0, 75.0, -38.0, 48.0], [3.2, 0.9]),
];
const HEPATIC: [Piece; 6] = [
    ([34.0, 140.0, 14.0, 112.0], [6.5, 5.0]),
    ([14.0, 112.0, -4.0, 98.0], [5.0, 3.2]),
    ([-4.0, 98.0, -22.0, 92.0], [3.2, 1.0]),
    ([14.0, 112.0, 16.0, 92.0], [3.0, 1.0]),
    ([34.0, 140.0, 56.0, 112.0], [5.6, 3.6]),
    ([56.0, 112.0, 66.0, 88.0], [3.6, 1.0]),
];

/// Distance from the nearest of the pieces' walls, mm, negative inside.
fn nearest(x: f32, y: f32, pieces: &[Piece]) -> f32 {
    pieces.iter().map(|(path, radii)| vessel(x, y, *path, *radii)).fold(f32::MAX, f32::min)
}

/// Echo amplitude at a place (x across, y down, mm; depth along the beam).
fn echo(x: f32, y: f32, depth: f32) -> f32 {
    if depth < 16.0 {
        return wall(x, depth);
    }
    let cyst = ellipse(x, y, cyst_centre(), [answers::ECHO_CYST_CM as f32 * 5.0; 2]);
    if cyst < 0.0 {
        return 0.0006 + 0.01 * (cyst + 0.8).max(0.0);
    }
    let behind = behind_cyst(x, y);
    let tissue = if cyst < 0.9 { 0.28 } else { organ(x, y) };
    tissue * (1.0 + 1.1 * behind) * (1.0 - 0.0022 * depth)
}

fn cyst_centre() -> [f32; 2] {
    answers::ECHO_CYST_CENTRE_CM.map(|v| v as f32 * 10.0)
}

/// 1 in the beams that went through the cyst, beyond it.
fn behind_cyst(x: f32, y: f32) -> f32 {
    let [cx, cy] = cyst_centre();
    let across = (x / (y + FACE_MM) - cx / (cy + FACE_MM)).abs() * (cy + FACE_MM);
    let inside = 1.0 - (across / (answers::ECHO_CYST_CM as f32 * 4.6)).min(1.0);
    if y > cy { (inside * 4.0).min(1.0) } else { 0.0 }
}

/// Skin, fat and muscle: bright and dark layers.
fn wall(x: f32, depth: f32) -> f32 {
    let wave = 0.8 * smooth(81, glam::Vec3::new(x / 18.0, 0.0, 0.5));
    match depth + wave {
        d if d < 1.6 => 0.9,
        d if d < 7.0 => 0.10 + 0.10 * smooth(82, glam::Vec3::new(x / 7.0, depth / 1.2, 0.0)).max(0.0),
        d if d < 8.0 => 0.75,
        d if d < 14.5 => 0.08 + 0.28 * smooth(83, glam::Vec3::new(x / 14.0, depth / 0.9, 0.0)).max(0.0),
        _ => 0.8,
    }
}

/// Liver with vessels, a kidney behind it, the diaphragm and what seems to lie beyond.
fn organ(x: f32, y: f32) -> f32 {
    let dome = ellipse(x, y, [10.0, 30.0], [112.0, 112.0]);
    if dome > 1.8 {
        return 0.05 + 0.03 * smooth(84, glam::Vec3::new(x / 9.0, y / 9.0, 0.0));
    }
    if dome > 0.0 {
        return 1.6;
    }
    let kidney = ellipse(x, y, [-52.0, 112.0], [40.0, 19.0]);
    if kidney < 1.2 {
        return kidney_echo(x, y, kidney);
    }
    let portal = nearest(x, y, &PORTAL);
    if portal < 1.1 {
        return if portal < 0.0 { 0.004 } else { 0.45 };
    }
    let hepatic = nearest(x, y, &HEPATIC);
    if hepatic < 0.0 {
        return 0.004 + 0.05 * (hepatic + 1.0).max(0.0);
    }
    0.14 * (1.0 + 0.25 * smooth(85, glam::Vec3::new(x / 8.0, y / 8.0, 0.3)))
}

fn kidney_echo(x: f32, y: f32, from_edge: f32) -> f32 {
    if from_edge > 0.0 {
        return 0.7;
    }
    let sinus = ellipse(x, y, [-52.0, 112.0], [24.0, 7.5]);
    if sinus < 1.5 * smooth(86, glam::Vec3::new(x / 5.0, y / 5.0, 0.0)) {
        return 0.6;
    }
    let pyramid = smooth(87, glam::Vec3::new(x / 9.0, y / 9.0, 0.0)) > 0.15 && sinus < 7.0;
    if pyramid { 0.04 } else { 0.085 }
}

/// The colour of one pixel.
fn colour(column: usize, row: usize, n: usize, breath: f32, beams: &[f32]) -> [u8; 3] {
    if let Some(drawn) = furniture(column, row) {
        return drawn;
    }
    let (x, y) = ((column as f32 - AXIS) * PIXEL_MM, (row as f32 - FACE_ROW) * PIXEL_MM);
    let down = y + FACE_MM;
    let tangent = x / down;
    let depth = (x * x + down * down).sqrt() - FACE_MM;
    if down <= 0.0 || tangent.abs() > SPREAD || !(0.0..DEPTH_MM).contains(&depth) {
        return [0; 3];
    }
    let in_box = (FLOW_BOX[0]..=FLOW_BOX[2]).contains(&column) && (FLOW_BOX[1]..=FLOW_BOX[3]).contains(&row);
    if in_box {
        let flow = nearest(x, y - breath, &PORTAL) + 0.4;
        if flow < 0.0 {
            return flow_colour(-flow / 5.0, n, column, row);
        }
    }
    let beam = (tangent / SPREAD + 1.0) * 0.5 * (BEAMS - 1) as f32;
    let grey = interpolated(beams, beam, depth * SAMPLES as f32 / DEPTH_MM - 0.5);
    [(grey * 255.0) as u8; 3]
}

fn interpolated(beams: &[f32], beam: f32, sample: f32) -> f32 {
    let (b, s) = (beam.max(0.0), sample.max(0.0));
    let (ib, is) = ((b as usize).min(BEAMS - 2), (s as usize).min(SAMPLES - 2));
    let (tb, ts) = (b - ib as f32, (s - is as f32).min(1.0));
    let at = |i: usize| {
        let line = &beams[(ib + i) * SAMPLES + is..];
        line[0] * (1.0 - ts) + line[1] * ts
    };
    at(0) * (1.0 - tb) + at(1) * tb
}

/// Flow towards the probe: dark red at the wall to yellow in the middle, faster in each pulse.
fn flow_colour(from_wall: f32, n: usize, column: usize, row: usize) -> [u8; 3] {
    let pulse = 0.62 + 0.38 * triangle((n % 10) as f32 / 10.0);
    let jitter = 0.06 * bell(95 + n as u32, column as i32 / 2, row as i32 / 2, 0);
    let speed = ((1.0 - (1.0 - from_wall.min(1.0)).powi(2)) * pulse + jitter).clamp(0.05, 1.0);
    scale_colour(speed)
}

/// The upper half of the colour bar.
fn scale_colour(speed: f32) -> [u8; 3] {
    [
        (110.0 + 145.0 * speed) as u8,
        (230.0 * (speed - 0.3).max(0.0) / 0.7) as u8,
        (40.0 * (speed - 0.7).max(0.0)) as u8,
    ]
}

/// Grey bar, colour bar, depth scale, outline of the colour box.
fn furniture(column: usize, row: usize) -> Option<[u8; 3]> {
    let bar = (600..616).contains(&column);
    if bar && (30..230).contains(&row) {
        return Some([(255.0 * (1.0 - (row - 30) as f32 / 199.0)) as u8; 3]);
    }
    if bar && (260..380).contains(&row) {
        let t = 1.0 - (row - 260) as f32 / 59.5;
        let [r, g, b] = scale_colour(t.abs());
        return Some(if t.abs() < 0.04 {
            [0; 3]
        } else if t > 0.0 {
            [r, g, b]
        } else {
            [b, g, r]
        });
    }
    let centimetres = (row as f32 - FACE_ROW) * PIXEL_MM / 10.0;
    let on_tick = row as f32 >= FACE_ROW && (centimetres - centimetres.round()).abs() * 10.0 < PIXEL_MM * 0.5;
    if on_tick && centimetres < 15.5 {
        let long = centimetres.round() as i32 % 5 == 0;
        let from = if long { 586 } else { 591 };
        if (from..597).contains(&column) {
            return Some([190; 3]);
        }
    }
    let [left, top, right, bottom] = FLOW_BOX;
    let on_edge = ((column == left || column == right) && (top..=bottom).contains(&row))
        || ((row == top || row == bottom) && (left..=right).contains(&column));
    on_edge.then_some([70, 170, 90])
}
