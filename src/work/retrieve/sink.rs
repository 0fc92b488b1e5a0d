//! What is to be fetched, and who hears of what comes.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::watch;

use crate::dicom::{Instance, Uid};
use crate::session::study::{self, Progress};
use crate::session::{Event, RequestId};
use crate::vault::InstanceKey;
use crate::work::ground::Ground;

/// What to bring home.
pub(in crate::work) struct Order {
    pub(in crate::work) centre: String,
    pub(in crate::work) study: Uid,
    /// Instances of which the caller knows that the vault has them and that they open; where it does not know,
    /// they are all looked at.
    pub(in crate::work) here: Option<HashSet<Uid>>,
}

/// Who hears of what comes. Called from several threads.
pub(in crate::work) trait Sink: Send + Sync {
    /// More is here.
    fn progress(&self, progress: Progress);
    /// An instance was proven and is durable in the vault.
    fn sealed(&self, key: InstanceKey, instance: &Arc<Instance>);
    /// Turns true when nobody wants the rest any more. What was sealed by then stays.
    fn over(&self) -> watch::Receiver<bool>;
}

/// A fetch for the vault alone: only counts are told.
pub(super) struct Counts {
    ground: Arc<Ground>,
    id: RequestId,
    over: watch::Sender<bool>,
}

impl Counts {
    pub(super) fn new(ground: &Arc<Ground>, id: RequestId) -> Self {
        Self { ground: Arc::clone(ground), id, over: watch::channel(false).0 }
    }
}

impl Sink for Counts {
    fn progress(&self, progress: Progress) {
        self.ground.tell_progress(Event::Study(study::Event::Progress { id: self.id, progress }));
    }

    fn sealed(&self, _key: InstanceKey, _instance: &Arc<Instance>) {}

    fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }
}

/// Waits until it is true.
pub(super) async fn turned(mut over: watch::Receiver<bool>) {
    if over.wait_for(|over| *over).await.is_err() {
        // Who could have turned it is gone.
        std::future::pending::<()>().await;
    }
}
