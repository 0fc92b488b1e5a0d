//! Drawings as they are kept, and back.

use glam::DVec2;

use super::{Drawing, Drawings, Figure, values};
use crate::dicom::{Phi, Uid};
use crate::imaging::FrameKey;
use crate::imaging::measure::{Kind, Shape};
use crate::session::kept::{KeptCase, KeptDrawing};
use crate::session::{Effect, State};

const ARROW: &str = "arrow";
const TEXT: &str = "text";

/// The drawings, in their order, to be kept.
pub(in crate::session) fn keep(drawings: &Drawings) -> Vec<KeptDrawing> {
    let kept = drawings.all.iter().map(|drawing| KeptDrawing {
        series: drawing.series.as_str().to_owned(),
        image: drawing.on.sop_instance.as_str().to_owned(),
        frame: drawing.on.frame,
        kind: kind(&drawing.figure).to_owned(),
        points: drawing.figure.points().iter().map(DVec2::to_array).collect(),
        label: drawing.label.reveal().clone(),
    });
    kept.collect()
}

/// The drawings as they were, with values computed anew. In a case where nothing is drawn yet a drawing's name
/// is its place in what was kept. What cannot be read is left out.
pub(in crate::session) fn restore(state: &mut State, kept: &KeptCase) -> Vec<Effect> {
    let Some(drawings) = state.case.as_mut().map(|case| &mut case.drawings) else { return Vec::new() };
    let first = drawings.next;
    drawings.next += kept.drawings.len() as u64;
    let restored = (first..).zip(&kept.drawings).filter_map(|(id, kept)| restore_one(id, kept));
    drawings.all.extend(restored);
    values::catalogued(state)
}

fn restore_one(id: u64, kept: &KeptDrawing) -> Option<Drawing> {
    let on = FrameKey { sop_instance: Uid::parse(&kept.image).ok()?, frame: kept.frame };
    let points: Vec<DVec2> = kept.points.iter().copied().map(DVec2::from_array).collect();
    let figure = figure(&kept.kind, &points)?;
    Some(Drawing::new(id, on, Uid::parse(&kept.series).ok()?, figure, Phi::new(kept.label.clone())))
}

fn kind(figure: &Figure) -> &'static str {
    match figure {
        Figure::Shape(shape) => shape.kind().as_str(),
        Figure::Arrow(_) => ARROW,
        Figure::Text(_) => TEXT,
    }
}

fn figure(kind: &str, points: &[DVec2]) -> Option<Figure> {
    if !points.iter().all(|point| point.is_finite()) {
        return None;
    }
    match (kind, points) {
        (ARROW, &[tail, tip]) => Some(Figure::Arrow([tail, tip])),
        (TEXT, &[at]) => Some(Figure::Text(at)),
        _ => Shape::from_points(Kind::parse(kind)?, points).ok().map(Figure::Shape),
    }
}
