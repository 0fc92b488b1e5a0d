//! Decoding what is wanted, the most urgent first, and building volumes.

mod held;
mod pool;
mod volume;

pub(super) use pool::Pool;

use std::sync::Arc;
use std::time::Duration;

use super::WorkError;
use super::ground::Ground;
use super::reading::OpenCase;
use crate::dicom::document::Document;
use crate::dicom::{Instance, pdf};
use crate::imaging::{Frame, FrameKey, FrameStore};
use crate::session::pixels::{Effect, Event as PixelsEvent};
use crate::session::{Event, Problem, RequestId};
use pool::Job;

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
    let pool = ground.reading().pool();
    if pool.is_unheard() {
        drop(tokio::spawn(tell_outcomes(Arc::clone(ground))));
    }
    if let (Err(error), Some(frame)) = (pool.want(id, jobs), first) {
        tell(ground, PixelsEvent::Undecodable { frame, problem: Problem::from(&error) }).await;
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
    if instance.document.as_ref().is_some_and(Document::has_pages) {
        return pdf::MOST_PIXELS as usize * 3;
    }
    let Some(image) = &instance.image else { return 0 };
    let sample = u64::from(image.format.bits_allocated.div_ceil(8));
    usize::try_from(image.format.samples_per_frame().saturating_mul(sample)).unwrap_or(usize::MAX)
}

/// Tells what the pool has done: what comes together is told together, and no worker waits for the inbox.
async fn tell_outcomes(ground: Arc<Ground>) {
    loop {
        let mut decoded = Vec::new();
        for (frame, outcome) in ground.reading().pool().outcomes().await {
            match outcome {
                Ok(()) => decoded.push(frame),
                Err(problem) => tell(&ground, PixelsEvent::Undecodable { frame, problem }).await,
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::phantom;
    use crate::dicom::part10;
    use crate::imaging::Stores;
    use crate::work::reading::{Place, Reading, Source};

    #[test]
    fn no_more_is_decoded_than_the_store_holds_and_the_most_urgent_is_always() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let head = phantom::studies(day).into_iter().find(|study| study.modality == "CT").unwrap();
        let file = crate::demo::Study::file(&head, 0);
        let instance = Arc::new(part10::read(file.into()).unwrap().0.instance);
        let size = frame_bytes(&instance);
        let image = instance.image.as_ref().unwrap();
        assert_eq!(size as u64, image.format.samples_per_frame() * 2);
        let key = |frame| FrameKey { sop_instance: instance.sop_instance.clone(), frame };
        for (frames, expected) in [(3, 3), (0, 1)] {
            let stores = Arc::new(Stores::new(frames * size));
            let reading = Reading::new(Arc::clone(&stores));
            let case = reading.open(1).unwrap();
            let wanted = || (0..9).map(key).collect();
            assert!(affordable(&stores.frames, &case, wanted()).is_empty(), "nothing has come");
            let place = Place::Local(crate::work::local::Place::File("unused".into()));
            case.add(Source { instance: Arc::clone(&instance), place });
            let jobs = affordable(&stores.frames, &case, wanted());
            let numbers: Vec<u32> = jobs.iter().map(|job| job.key.frame).collect();
            assert_eq!(numbers, (0..expected).collect::<Vec<_>>());
        }
    }
}
