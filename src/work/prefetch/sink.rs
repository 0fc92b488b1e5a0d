//! Who hears of a study that comes in the background: its row, and nobody so loudly that it would matter.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::dicom::{Instance, Uid};
use crate::session::study::Progress;
use crate::session::{Event, worklist};
use crate::vault::InstanceKey;
use crate::work::ground::Ground;
use crate::work::retrieve::Sink;
use crate::work::threads::lock;

/// Between two counts on the same row, ms.
const COUNT_PAUSE_MS: u64 = 500;
/// The longest rest after one instance, whatever it took.
const LONGEST_REST: Duration = Duration::from_secs(5);
/// How soon a rest ends when somebody else wants the line.
const NAP: Duration = Duration::from_millis(20);

pub(super) struct Quiet {
    ground: Arc<Ground>,
    study: Uid,
    over: watch::Sender<bool>,
    begun: Instant,
    next_ms: AtomicU64,
    latest: Mutex<Progress>,
    share: Share,
}

impl Quiet {
    pub(super) fn new(ground: &Arc<Ground>, study: &Uid) -> Self {
        Self {
            ground: Arc::clone(ground),
            study: study.clone(),
            over: watch::channel(false).0,
            begun: Instant::now(),
            next_ms: 0.into(),
            latest: Mutex::default(),
            share: Share::new(ground.profile().prefetch.line_percent),
        }
    }

    /// What ends it.
    pub(super) fn stop(&self) -> watch::Sender<bool> {
        self.over.clone()
    }

    /// Somebody else wanted the line.
    pub(super) fn was_stopped(&self) -> bool {
        *self.over.borrow()
    }

    /// The newest count.
    pub(super) fn progress(&self) -> Progress {
        *lock(&self.latest)
    }
}

impl Sink for Quiet {
    fn progress(&self, progress: Progress) {
        *lock(&self.latest) = progress;
        let now_ms = self.begun.elapsed().as_millis() as u64;
        if now_ms < self.next_ms.load(Ordering::Relaxed) || self.was_stopped() {
            return;
        }
        self.next_ms.store(now_ms + COUNT_PAUSE_MS, Ordering::Relaxed);
        let study = self.study.clone();
        self.ground.tell_progress(Event::Worklist(worklist::Event::Coming { study, progress }));
    }

    /// Holds the sealing thread for a while, so that the transfer behind it leaves a part of the line to others.
    fn sealed(&self, _key: InstanceKey, _instance: &Arc<Instance>) {
        self.share.rest(|| self.was_stopped());
    }

    fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }
}

/// A part of the time: after each piece of work comes a rest in proportion to it.
struct Share {
    percent: u32,
    last: Mutex<Instant>,
}

impl Share {
    fn new(percent: u8) -> Self {
        Self { percent: u32::from(percent).clamp(1, 100), last: Mutex::new(Instant::now()) }
    }

    /// How long to rest after work of this length.
    fn rest_after(&self, worked: Duration) -> Duration {
        (worked * (100 - self.percent) / self.percent).min(LONGEST_REST)
    }

    fn rest(&self, is_over: impl Fn() -> bool) {
        let mut last = lock(&self.last);
        let until = Instant::now() + self.rest_after(last.elapsed());
        while !is_over() && Instant::now() < until {
            std::thread::sleep(NAP.min(until.saturating_duration_since(Instant::now())));
        }
        *last = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_in_proportion_to_the_work_and_never_long() {
        let rest = |percent, ms| Share::new(percent).rest_after(Duration::from_millis(ms)).as_millis();
        assert_eq!([rest(100, 400), rest(80, 400), rest(50, 400)], [0, 100, 400]);
        assert_eq!([rest(10, 60_000), rest(0, 400)], [5_000, 5_000], "bounded");
    }

    #[test]
    fn a_rest_ends_when_somebody_wants_the_line() {
        let share = Share::new(1);
        *lock(&share.last) = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
        let begun = Instant::now();
        share.rest(|| true);
        assert!(begun.elapsed() < LONGEST_REST);
    }
}
