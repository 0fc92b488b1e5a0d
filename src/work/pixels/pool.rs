//! The threads that decode: each takes the most urgent frame that nobody has taken, so that a new list counts
//! from the next frame on.

use std::collections::{HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::Notify;

use super::held::Held;
use crate::imaging::{Frame, FrameKey, Stores, Volume, VolumeKey};
use crate::session::{Problem, RequestId};
use crate::work::WorkError;
use crate::work::loaded::{self, Loaded};
use crate::work::reading::{OpenCase, Source};
use crate::work::threads::{STACK_BYTES, lock};

/// What became of a frame.
pub(super) type Outcome = (FrameKey, Result<(), Problem>);

/// Decoding threads, started when something is first wanted.
pub(in crate::work) struct Pool {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Somebody waits for the outcomes.
    heard: AtomicBool,
}

/// One frame to decode.
pub(super) struct Job {
    pub(super) case: Arc<OpenCase>,
    pub(super) key: FrameKey,
    pub(super) source: Source,
}

struct Shared {
    /// Pixels of a case go into the stores under this lock, and only while it is open: what is cleared stays
    /// clear.
    queue: Mutex<Queue>,
    bell: Condvar,
    /// Rung when an outcome has come.
    told: Notify,
    stores: Arc<Stores>,
}

#[derive(Default)]
struct Queue {
    /// The newest list; effects run side by side, and an older one must not win.
    newest: RequestId,
    wanted: VecDeque<Job>,
    /// Being decoded.
    busy: HashSet<FrameKey>,
    held: Held,
    /// Not told yet: at most one a frame that was wanted.
    outcomes: Vec<Outcome>,
    shut: bool,
}

impl Pool {
    pub(in crate::work) fn new(stores: Arc<Stores>) -> Self {
        let (queue, bell, told) = (Mutex::default(), Condvar::new(), Notify::new());
        let shared = Arc::new(Shared { queue, bell, told, stores });
        Self { shared, threads: Mutex::default(), heard: AtomicBool::new(false) }
    }

    /// Has these frames decoded, in this order, in place of what was wanted before.
    ///
    /// # Errors
    /// [`WorkError::Stopped`] when the system gives no thread.
    pub(super) fn want(&self, id: RequestId, jobs: Vec<Job>) -> Result<(), WorkError> {
        let nothing = jobs.is_empty();
        {
            let mut queue = self.shared.queue();
            if id <= queue.newest {
                return Ok(());
            }
            queue.newest = id;
            queue.wanted = jobs.into();
        }
        if !nothing {
            self.start()?;
        }
        self.shared.bell.notify_all();
        Ok(())
    }

    /// Whether nobody has asked this before: one task alone waits for the outcomes.
    pub(super) fn is_unheard(&self) -> bool {
        !self.heard.swap(true, Ordering::Relaxed)
    }

    /// Waits for outcomes and takes all that there are.
    pub(super) async fn outcomes(&self) -> Vec<Outcome> {
        self.shared.told.notified().await;
        std::mem::take(&mut self.shared.queue().outcomes)
    }

    /// One core is left to the window.
    fn start(&self) -> Result<(), WorkError> {
        let mut threads = lock(&self.threads);
        if !threads.is_empty() || self.shared.queue().shut {
            return Ok(());
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        for n in 0..cores.saturating_sub(1).max(1) {
            let shared = Arc::clone(&self.shared);
            let builder = std::thread::Builder::new().name(format!("decode-{n}")).stack_size(STACK_BYTES);
            match builder.spawn(move || shared.work()) {
                Ok(thread) => threads.push(thread),
                Err(why) => tracing::error!(%why, "a decoding thread could not be started"),
            }
        }
        if threads.is_empty() { Err(WorkError::Stopped) } else { Ok(()) }
    }

    /// An instance of an open case with its pixel data.
    pub(super) fn load(&self, case: &OpenCase, source: &Source) -> Result<Arc<Loaded>, WorkError> {
        self.shared.load(case, source)
    }

    /// Puts a frame where it is seen.
    ///
    /// # Errors
    /// [`WorkError::Stopped`] when its case is not open any more.
    pub(super) fn keep_frame(
        &self,
        case: &OpenCase,
        key: FrameKey,
        frame: Frame,
    ) -> Result<Arc<Frame>, WorkError> {
        let _open = self.shared.queue();
        if case.is_over() {
            return Err(WorkError::Stopped);
        }
        Ok(self.shared.stores.frames.insert(key, frame))
    }

    /// Puts a volume where it is seen.
    ///
    /// # Errors
    /// [`WorkError::Stopped`] when its case is not open any more.
    pub(super) fn keep_volume(
        &self,
        case: &OpenCase,
        key: VolumeKey,
        volume: Volume,
    ) -> Result<(), WorkError> {
        let _open = self.shared.queue();
        if case.is_over() {
            return Err(WorkError::Stopped);
        }
        self.shared.stores.volumes.insert(key, volume);
        Ok(())
    }

    /// Nothing is wanted any more, and all pixels go.
    pub(in crate::work) fn clear(&self) {
        let mut queue = self.shared.queue();
        queue.wanted.clear();
        queue.busy.clear();
        queue.held.clear();
        queue.outcomes.clear();
        self.shared.stores.clear();
    }

    /// Ends the threads, each after the frame that it decodes.
    pub(in crate::work) fn shut(&self) {
        self.shared.queue().shut = true;
        self.shared.bell.notify_all();
        for thread in lock(&self.threads).drain(..) {
            // A panic in a thread was told when it happened.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn work(&self) {
        let mut last = None;
        while let Some(job) = self.next(&mut last) {
            let decode = AssertUnwindSafe(|| {
                let loaded = self.load(&job.case, &job.source)?;
                let frame = loaded.frame_here(job.key.frame);
                // The next frame is likely one of the same instance.
                last = Some(loaded);
                frame
            });
            let stopped = |_| Err(loaded::stopped(job.key.frame).into());
            let outcome = catch_unwind(decode).unwrap_or_else(stopped);
            self.done(job, outcome);
        }
    }

    /// The most urgent frame that is neither here nor being made; waits for one. Nothing when it is over.
    fn next(&self, last: &mut Option<Arc<Loaded>>) -> Option<Job> {
        let mut queue = self.queue();
        loop {
            if queue.shut {
                return None;
            }
            while let Some(job) = queue.wanted.pop_front() {
                let is_here = self.stores.frames.contains(&job.key);
                if !is_here && !job.case.is_over() && queue.busy.insert(job.key.clone()) {
                    return Some(job);
                }
            }
            *last = None;
            queue = self.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, job: Job, outcome: Result<Frame, WorkError>) {
        let mut queue = self.queue();
        if job.case.is_over() {
            return;
        }
        queue.busy.remove(&job.key);
        let told = match outcome {
            Ok(frame) => {
                self.stores.frames.insert(job.key.clone(), frame);
                Ok(())
            }
            Err(error) => Err(Problem::from(&error)),
        };
        queue.outcomes.push((job.key, told));
        self.told.notify_one();
    }

    fn load(&self, case: &OpenCase, source: &Source) -> Result<Arc<Loaded>, WorkError> {
        if let Some(loaded) = self.queue().held.get(case.id, &source.instance.sop_instance) {
            return Ok(loaded);
        }
        let loaded = Arc::new(source.read()?);
        let frames = loaded.instance.image.as_ref().map_or(0, |image| image.format.frames);
        let pages = loaded.instance.document.as_ref().map_or(0, |document| document.pages);
        if frames.max(pages) > 1 {
            self.queue().held.put(case.id, &loaded);
        }
        Ok(loaded)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }
}
