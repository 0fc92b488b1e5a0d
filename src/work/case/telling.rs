//! The catalogue told while a case grows: the first image at once, then a few times a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::dicom::catalogue;
use crate::session::Event;
use crate::session::case::Event as CaseEvent;
use crate::session::study::Progress;
use crate::work::WorkError;
use crate::work::ground::Ground;
use crate::work::reading::OpenCase;

/// Between two catalogues.
const PAUSE: Duration = Duration::from_millis(200);
/// A catalogue that takes long to make is made more seldom: at most this share of the time goes into it.
const SHARE: u32 = 4;
/// Between two counts, ms.
const COUNT_PAUSE_MS: u64 = 50;

/// Runs `arriving` and tells what has come meanwhile; the last catalogue is told before this returns.
pub(super) async fn beside<T>(
    ground: &Arc<Ground>,
    case: &Arc<OpenCase>,
    arriving: impl Future<Output = Result<T, WorkError>>,
) -> Result<T, WorkError> {
    let told = AtomicUsize::new(0);
    let outcome = tokio::select! {
        outcome = arriving => outcome,
        error = keep_telling(ground, case, &told) => Err(error),
    };
    if case.is_ended() {
        return Err(WorkError::Stopped);
    }
    if told.load(Ordering::Relaxed) != case.len() {
        tell(ground, case, &told).await?;
    }
    outcome
}

/// Comes back only with an error.
async fn keep_telling(ground: &Arc<Ground>, case: &Arc<OpenCase>, told: &AtomicUsize) -> WorkError {
    loop {
        case.more.notified().await;
        let begun = Instant::now();
        if let Err(error) = tell(ground, case, told).await {
            return error;
        }
        tokio::time::sleep(PAUSE.max(begun.elapsed() * SHARE)).await;
    }
}

async fn tell(ground: &Arc<Ground>, case: &Arc<OpenCase>, told: &AtomicUsize) -> Result<(), WorkError> {
    let growing = Arc::clone(case);
    let make = move |_: &Ground| {
        let instances = growing.instances();
        Ok((instances.len(), Arc::new(catalogue::studies(instances))))
    };
    let (count, catalogue) = ground.blocking(make).await?;
    if !case.is_over() {
        ground.tell(Event::Case(CaseEvent::Catalogued { id: case.id, catalogue })).await;
    }
    told.store(count, Ordering::Relaxed);
    Ok(())
}

/// Counts told a few times a second, and the last one.
pub(super) struct Counting {
    begun: Instant,
    next_ms: std::sync::atomic::AtomicU64,
}

impl Counting {
    pub(super) fn new() -> Self {
        Self { begun: Instant::now(), next_ms: 0.into() }
    }

    pub(super) fn tell(&self, ground: &Ground, case: &OpenCase, progress: Progress) {
        let now_ms = self.begun.elapsed().as_millis() as u64;
        let next_ms = self.next_ms.load(Ordering::Relaxed);
        let is_last = progress.expected == Some(progress.received);
        if case.is_ended() || (now_ms < next_ms && !is_last) {
            return;
        }
        self.next_ms.store(now_ms + COUNT_PAUSE_MS, Ordering::Relaxed);
        ground.tell_progress(Event::Case(CaseEvent::Progress { id: case.id, progress }));
    }
}
