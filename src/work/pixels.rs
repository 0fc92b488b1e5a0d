//! Decoding what is wanted, the most urgent first, and building volumes.

mod held;
mod pool;
mod volume;

pub(super) use pool::Pool;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::WorkError;
use super::ground::Ground;
use super::reading::OpenCase;
use crate::dicom::Instance;
use crate::imaging::{Frame, FrameKey, FrameStore};
use crate::session::pixels::{Effect, Event as PixelsEvent};
use crate::session::{Event, Problem, RequestId};
use pool::{Job, Outcome};

/// Frames that come within this time are told together.
const TOGETHER: Duration = Duration::from_millis(4);

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Want { id, frames } => want(ground, id, frames).await,
        Effect::Build { id, volume, frames } => {
            let outcome = volume::build(ground, volume.clone(), frames).await;
            let outcome = outcome.map_err(|error| Problem::from(&error));
            tell(ground, PixelsEvent::Built { id, volume, outcome }).await;
        }
    }
}

/// The frame, from the store or decoded now; on the thread of the caller, which must be one of
/// [`threads`](super::threads) or one that may block.
///
/// # Errors
/// [`WorkError::NotYetHere`]; what keeps the frame from being decoded.
pub(super) fn frame(ground: &Ground, case: &OpenCase, key: &FrameKey) -> Result<Arc<Frame>, WorkError> {
    if case.is_over() {
        return Err(WorkError::Stopped);
    }
    if let Some(frame) = ground.stores().frames.get(key) {
        return Ok(frame);
    }
    let source = case.source(&key.sop_instance).ok_or(WorkError::NotYetHere)?;
    let pool = ground.reading().pool();
    let frame = pool.load(case, &source)?.frame_here(key.frame)?;
    // What is on screen is not to be let go for it.
    let store = &ground.stores().frames;
    if store.bytes() + frame.bytes() > store.budget_bytes() {
        return Ok(Arc::new(frame));
    }
    pool.keep_frame(case, key.clone(), frame)
}

async fn want(ground: &Arc<Ground>, id: RequestId, frames: Vec<FrameKey>) {
    let Some(case) = ground.reading().case() else { return };
    let first = frames.first().cloned();
    let jobs = affordable(&ground.stores().frames, &case, frames);
    match ground.reading().pool().want(id, jobs) {
        Ok(None) => {}
        Ok(Some(outcomes)) => drop(tokio::spawn(tell_outcomes(Arc::clone(ground), outcomes))),
        Err(error) => {
            if let Some(frame) = first {
                let problem = Problem::from(&error);
                tell(ground, PixelsEvent::Undecodable { frame, problem }).await;
            }
        }
    }
}

/// What of it has come, as far as the store holds it: decoding more would push out what is more urgent.
fn affordable(store: &FrameStore, case: &Arc<OpenCase>, wanted: Vec<FrameKey>) -> Vec<Job> {
    let mut left = store.budget_bytes();
    let mut jobs = Vec::new();
    for key in wanted {
        let Some(source) = case.source(&key.sop_instance) else { continue };
        let size = frame_bytes(&source.instance);
        if size > left && !jobs.is_empty() {
            break;
        }
        left = left.saturating_sub(size);
        jobs.push(Job { case: Arc::clone(case), key, source });
    }
    // The store lets go what was used longest ago: the most urgent shall be the last.
    for job in jobs.iter().rev() {
        store.get(&job.key);
    }
    jobs
}

/// Memory of one decoded frame of an instance, bytes; an upper bound.
fn frame_bytes(instance: &Instance) -> usize {
    let Some(image) = &instance.image else { return 0 };
    let sample = u64::from(image.format.bits_allocated.div_ceil(8));
    usize::try_from(image.format.samples_per_frame().saturating_mul(sample)).unwrap_or(usize::MAX)
}

/// Tells what the pool has done: what comes together is told together, and no worker waits for the inbox.
async fn tell_outcomes(ground: Arc<Ground>, mut outcomes: UnboundedReceiver<Outcome>) {
    while let Some(first) = outcomes.recv().await {
        let mut decoded = Vec::new();
        let mut next = Some(first);
        while let Some((frame, outcome)) = next {
            match outcome {
                Ok(()) => decoded.push(frame),
                Err(problem) => tell(&ground, PixelsEvent::Undecodable { frame, problem }).await,
            }
            next = outcomes.try_recv().ok();
        }
        if !decoded.is_empty() {
            tell(&ground, PixelsEvent::Decoded(decoded)).await;
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

async fn tell(ground: &Ground, event: PixelsEvent) {
    ground.tell(Event::Pixels(event)).await;
}
