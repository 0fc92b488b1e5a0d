//! Whether the workstation is locked, what still runs, and whether the keys are there.

use std::sync::Mutex;

use tokio::sync::MutexGuard;
use tokio::task::AbortHandle;

use crate::session::RequestId;
use crate::session::lock::{Parcel, Way};
use crate::work::threads::lock;

/// The gate between the reader and the vault. One a process.
#[derive(Default)]
pub(in crate::work) struct Gate {
    inner: Mutex<Inner>,
    /// Putting keys away and opening anew, one at a time.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Inner {
    /// The request that locked, and what opens; `None` while open.
    closed: Option<(RequestId, Way)>,
    /// A vault was open, and must be open again.
    had_vault: bool,
    keys_gone: bool,
    /// What could not be sealed.
    held: Option<Box<Parcel>>,
    /// What runs with the keys, and for what.
    running: Vec<(Needs, AbortHandle)>,
}

/// Why a task needs the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::work) enum Needs {
    /// Something is on its way from a centre or to one. It may be broken off: what is whole is in the vault.
    Transfer,
    /// Something that the reader made is being made durable. It takes a moment.
    Keeping,
}

impl Gate {
    /// Locked by this request.
    pub(super) fn close(&self, id: RequestId, way: Way, had_vault: bool) {
        let mut inner = lock(&self.inner);
        inner.had_vault = had_vault;
        inner.closed = Some((id, way));
        inner.held = None;
    }

    /// Open again: the keys may be used and taken anew.
    pub(in crate::work) fn open(&self) {
        let mut inner = lock(&self.inner);
        (inner.closed, inner.keys_gone, inner.held) = (None, false, None);
    }

    /// Whether this request locked, and nobody has opened since.
    pub(super) fn is_closed_by(&self, id: RequestId) -> bool {
        lock(&self.inner).closed.as_ref().is_some_and(|(by, _)| *by == id)
    }

    /// Whether the workstation is locked and what was on screen has gone.
    pub(super) fn is_closed(&self) -> bool {
        lock(&self.inner).closed.is_some()
    }

    /// Whether a vault was open when it was locked.
    pub(super) fn had_vault(&self) -> bool {
        lock(&self.inner).had_vault
    }

    /// What opens it.
    pub(super) fn way(&self) -> Option<Way> {
        lock(&self.inner).closed.as_ref().map(|(_, way)| way.clone())
    }

    /// Nobody gets at the vault from here on, and what runs is ended; false when somebody has opened meanwhile.
    pub(super) fn put_away(&self, id: RequestId) -> bool {
        if !self.is_closed_by(id) {
            return false;
        }
        let mut inner = lock(&self.inner);
        inner.keys_gone = true;
        inner.running.drain(..).for_each(|(_, task)| task.abort());
        true
    }

    /// Whether the vault may not be opened nor a centre be asked.
    pub(in crate::work) fn is_without_keys(&self) -> bool {
        lock(&self.inner).keys_gone
    }

    /// This task needs the keys until it ends.
    pub(in crate::work) fn watch(&self, needs: Needs, task: AbortHandle) {
        let mut inner = lock(&self.inner);
        inner.running.retain(|(_, task)| !task.is_finished());
        inner.running.push((needs, task));
    }

    /// Whether such a task runs.
    pub(super) fn is_busy(&self) -> bool {
        lock(&self.inner).running.iter().any(|(_, task)| !task.is_finished())
    }

    /// Whether something is being made durable.
    pub(super) fn is_keeping(&self) -> bool {
        let inner = lock(&self.inner);
        inner.running.iter().any(|(needs, task)| *needs == Needs::Keeping && !task.is_finished())
    }

    /// Keeps in memory what no vault could take.
    pub(super) fn hold(&self, parcel: Box<Parcel>) {
        lock(&self.inner).held = Some(parcel);
    }

    /// What was kept so.
    pub(super) fn take_held(&self) -> Option<Box<Parcel>> {
        lock(&self.inner).held.take()
    }

    /// The keys are back for as long as it takes to prove something, or for good.
    pub(super) fn lend(&self) {
        lock(&self.inner).keys_gone = false;
    }

    /// They are put away again.
    pub(super) fn take_back(&self) {
        lock(&self.inner).keys_gone = true;
    }

    /// Waits until nobody else opens or puts away.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }
}
