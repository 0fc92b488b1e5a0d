//! The values of shapes: lengths and angles at once, from the headers alone; what needs pixels from `work`.

use super::{Drawing, Effect, Figure};
use crate::dicom::catalogue::StackImage;
use crate::dicom::{Phi, Uid};
use crate::imaging::FrameKey;
use crate::imaging::measure::{Shape, measure};
use crate::session::viewer::Catalogue;
use crate::session::{Remote, State};

impl Drawing {
    pub(super) fn new(id: u64, on: FrameKey, series: Uid, figure: Figure, label: Phi<String>) -> Self {
        let (values, real_world) = (Remote::NotAsked, Vec::new());
        let mut drawing = Self { id, on, series, figure, label, values, real_world, awaited: 0 };
        drawing.forget_values();
        drawing
    }

    /// The figure is another: its values are to be computed, those it had are stale.
    pub(super) fn forget_values(&mut self) {
        if matches!(self.figure, Figure::Shape(_)) {
            self.values.ask();
            self.real_world.clear();
            self.awaited = 0;
        }
    }

    /// Values are to be computed and nobody has been asked yet.
    fn is_waiting(&self) -> bool {
        self.values.is_pending() && self.awaited == 0
    }
}

/// Computes or asks for what is waiting and whose image is here.
pub(in crate::session) fn catalogued(state: &mut State) -> Vec<crate::session::Effect> {
    ask(state, false)
}

/// The transfer has ended: asks for all that is waiting; where the image has not come, the answer says so.
pub(in crate::session) fn settled(state: &mut State) -> Vec<crate::session::Effect> {
    ask(state, true)
}

fn ask(state: &mut State, all: bool) -> Vec<crate::session::Effect> {
    let Some(case) = state.case.as_mut() else { return Vec::new() };
    if !case.drawings.all.iter().any(Drawing::is_waiting) {
        return Vec::new();
    }
    let catalogue = Catalogue::of(case);
    let mut questions = Vec::new();
    for drawing in case.drawings.all.iter_mut().filter(|drawing| drawing.is_waiting()) {
        let Figure::Shape(shape) = &drawing.figure else { continue };
        let image = catalogue.image(&drawing.series, &drawing.on);
        if let Some(values) = image.and_then(|image| at_once(shape, image)) {
            drawing.values = Remote::Ready(values);
        } else if all || image.is_some() {
            questions.push((drawing.id, drawing.on.clone(), shape.clone()));
        }
    }
    let mut effects = Vec::new();
    for (drawing, on, shape) in questions {
        let id = state.request();
        if let Some(asked) = state.case.as_mut().and_then(|case| case.drawings.get_mut(drawing)) {
            asked.awaited = id;
        }
        effects.push(crate::session::Effect::Drawings(Effect::Measure { id, drawing, on, shape }));
    }
    effects
}

/// The values of a shape that needs no pixels.
fn at_once(shape: &Shape, image: &StackImage) -> Option<Vec<crate::imaging::measure::Measured>> {
    let geometric = matches!(shape, Shape::Length(_) | Shape::Bidirectional(..) | Shape::Angle(_));
    // What cannot be measured is left to `work`, whose answer says why.
    geometric.then(|| measure(shape, &image.instance, image.frame, &|_, _| None).ok()).flatten()
}
