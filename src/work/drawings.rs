//! The values of what is drawn.

use std::sync::Arc;

use super::evidence::pixel_value;
use super::ground::Ground;
use super::{WorkError, pixels};
use crate::imaging::FrameKey;
use crate::imaging::measure::{self, MeasureError, Measured, Shape};
use crate::session::drawings::{Effect, Event as DrawingsEvent};
use crate::session::{Event, Problem};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::Measure { id, drawing, on, shape } = effect;
    let outcome = ground.blocking(move |ground| measure(ground, &on, &shape)).await;
    let outcome = outcome.map_err(|error| Problem::from(&error));
    ground.tell(Event::Drawings(DrawingsEvent::Measured { id, drawing, outcome })).await;
}

/// The values as a report will have them, not rounded.
fn measure(ground: &Ground, on: &FrameKey, shape: &Shape) -> Result<Vec<Measured>, WorkError> {
    let case = ground.reading().case().ok_or(WorkError::NotYetHere)?;
    let source = case.source(&on.sop_instance).ok_or(WorkError::NotYetHere)?;
    let frame = pixels::frame(ground, &case, on)?;
    let pixel = |column: u32, row: u32| pixel_value(&frame, column, row);
    let measured = measure::measure(shape, &source.instance, on.frame, &pixel)?;
    if measured.iter().all(|value| value.value.is_finite()) {
        Ok(measured)
    } else {
        Err(MeasureError::NoValue.into())
    }
}
