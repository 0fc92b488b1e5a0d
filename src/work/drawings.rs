//! The values of what is drawn.

use std::sync::Arc;

use super::evidence::pixel_value;
use super::ground::Ground;
use super::{WorkError, pixels};
use crate::imaging::FrameKey;
use crate::imaging::measure::{self, MeasureError, Measured, RealWorld, Shape};
use crate::session::drawings::{Effect, Event as DrawingsEvent};
use crate::session::{Event, Problem};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::Measure { id, drawing, on, shape } = effect;
    let answer = ground.blocking(move |ground| measure(ground, &on, &shape)).await;
    let (outcome, real_world) = match answer {
        Ok((outcome, real_world)) => (outcome, real_world),
        Err(error) => (Err(error), Vec::new()),
    };
    let outcome = outcome.map_err(|error| Problem::from(&error));
    ground.tell(Event::Drawings(DrawingsEvent::Measured { id, drawing, outcome, real_world })).await;
}

/// Values, or why there are none, and what the image's real-world value maps make of the same pixels: they map stored
/// values and hold even where modality values cannot be trusted.
type Answer = (Result<Vec<Measured>, WorkError>, Vec<RealWorld>);

/// The values as a report will have them, not rounded.
fn measure(ground: &Ground, on: &FrameKey, shape: &Shape) -> Result<Answer, WorkError> {
    let case = ground.reading().case().ok_or(WorkError::NotYetHere)?;
    let source = case.source(&on.sop_instance).ok_or(WorkError::NotYetHere)?;
    let frame = pixels::frame(ground, &case, on)?;
    let pixel = |column: u32, row: u32| pixel_value(&frame, column, row);
    let measured = measure::measure(shape, &source.instance, on.frame, &pixel).and_then(|measured| {
        let finite = measured.iter().all(|value| value.value.is_finite());
        finite.then_some(measured).ok_or(MeasureError::NoValue)
    });
    Ok((measured.map_err(WorkError::from), measure::real_world(shape, &frame)))
}
