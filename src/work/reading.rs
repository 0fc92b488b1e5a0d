//! What is open, and where each of its instances can be read again. Pixel bytes are not kept: a frame's file is
//! read when the frame is decoded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, watch};

use super::loaded::Loaded;
use super::pixels::Pool;
use super::threads::lock;
use super::{WorkError, local};
use crate::dicom::{Instance, Uid};
use crate::imaging::Stores;
use crate::session::RequestId;
use crate::vault::{InstanceKey, Vault};

/// The case that is open and the threads that decode for it. One a process.
pub(super) struct Reading {
    slot: Mutex<Slot>,
    pool: Pool,
}

#[derive(Default)]
struct Slot {
    /// The newest request to open or close: effects run side by side, and an older one must not win.
    newest: RequestId,
    /// What was asked for before this request shows nothing any more: the workstation was locked by it.
    dark_before: RequestId,
    open: Option<Arc<OpenCase>>,
}

/// An opening that is still the newest.
pub(super) struct OpenCase {
    /// The request that opened it.
    pub(super) id: RequestId,
    here: Mutex<Here>,
    over: watch::Sender<bool>,
    dark: AtomicBool,
    /// Rung when the catalogue has grown and has an image.
    pub(super) more: Notify,
}

#[derive(Default)]
struct Here {
    /// In the order of their arrival.
    instances: Vec<Arc<Instance>>,
    sources: HashMap<Uid, Source>,
    has_image: bool,
}

/// An instance and where its pixels are.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) instance: Arc<Instance>,
    pub(super) place: Place,
}

/// Where the bytes of an instance are.
#[derive(Clone)]
pub(super) enum Place {
    /// In the vault.
    Vault(Arc<Vault>, Box<InstanceKey>),
    /// On this machine.
    Local(local::Place),
}

impl Reading {
    pub(super) fn new(stores: Arc<Stores>) -> Self {
        Self { slot: Mutex::default(), pool: Pool::new(stores) }
    }

    /// The threads that decode.
    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// What is open.
    pub(super) fn case(&self) -> Option<Arc<OpenCase>> {
        lock(&self.slot).open.clone()
    }

    /// Opens a case in the place of the one before, whose work ends and whose pixels go; `None` when something
    /// newer was asked for meanwhile.
    pub(super) fn open(&self, id: RequestId) -> Option<Arc<OpenCase>> {
        let mut slot = lock(&self.slot);
        if !self.end(&mut slot, id) {
            return None;
        }
        let case = Arc::new(OpenCase::new(id));
        if id < slot.dark_before {
            case.darken();
        }
        Some(Arc::clone(slot.open.insert(case)))
    }

    /// The workstation is locked by this request: nothing of what is open is shown or kept in memory any more, while
    /// what is on its way into the vault goes on.
    pub(super) fn darken(&self, id: RequestId) {
        let mut slot = lock(&self.slot);
        slot.dark_before = id;
        if let Some(case) = &slot.open {
            case.darken();
        }
        self.pool.clear();
    }

    /// Ends the open case, if it is older than this request.
    pub(super) fn close(&self, id: RequestId) {
        self.end(&mut lock(&self.slot), id);
    }

    /// The process ends: nothing more is begun, and the decoding threads are waited for.
    pub(super) fn shut(&self) {
        self.close(RequestId::MAX);
        self.pool.shut();
    }

    fn end(&self, slot: &mut Slot, id: RequestId) -> bool {
        if id <= slot.newest {
            return false;
        }
        slot.newest = id;
        if let Some(case) = slot.open.take() {
            case.over.send_replace(true);
        }
        self.pool.clear();
        true
    }
}

impl OpenCase {
    fn new(id: RequestId) -> Self {
        let (here, over) = (Mutex::default(), watch::channel(false).0);
        Self { id, here, over, dark: AtomicBool::new(false), more: Notify::new() }
    }

    /// Nobody looks at it any more: something else was opened, this was closed, or the workstation is locked.
    pub(super) fn is_over(&self) -> bool {
        self.is_ended() || self.dark.load(Ordering::Acquire)
    }

    /// Something else was opened, or this was closed: what is on its way ends too.
    pub(super) fn is_ended(&self) -> bool {
        *self.over.borrow()
    }

    fn darken(&self) {
        // Under the lock, so that nothing is taken in after it.
        let mut here = lock(&self.here);
        self.dark.store(true, Ordering::Release);
        *here = Here::default();
    }

    /// The same, to wait for.
    pub(super) fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    /// Takes an instance in. One that came before stays what it was; the catalogue tells of the second.
    pub(super) fn add(&self, source: Source) {
        let mut here = lock(&self.here);
        if self.dark.load(Ordering::Acquire) {
            return;
        }
        here.instances.push(Arc::clone(&source.instance));
        here.has_image |= source.instance.image.is_some();
        here.sources.entry(source.instance.sop_instance.clone()).or_insert(source);
        if here.has_image {
            self.more.notify_one();
        }
    }

    /// Where an instance is, if it has come.
    pub(super) fn source(&self, sop_instance: &Uid) -> Option<Source> {
        lock(&self.here).sources.get(sop_instance).cloned()
    }

    /// The study of the first instance.
    pub(super) fn study(&self) -> Option<Uid> {
        lock(&self.here).instances.first().map(|instance| instance.study.uid.clone())
    }

    /// How many instances have come.
    pub(super) fn len(&self) -> usize {
        lock(&self.here).instances.len()
    }

    /// All instances, in the order of their arrival.
    pub(super) fn instances(&self) -> Vec<Arc<Instance>> {
        lock(&self.here).instances.clone()
    }
}

impl Source {
    /// The instance with its pixel data, on the thread of the caller as [`Loaded::read_here`].
    ///
    /// # Errors
    /// What the vault, the file or the object refuses; [`WorkError::FileChanged`] when another image lies in
    /// the file by now: it must not be shown as the one that was opened.
    pub(super) fn read(&self) -> Result<Loaded, WorkError> {
        match &self.place {
            Place::Vault(vault, key) => Loaded::of_vault(vault, key),
            Place::Local(place) => {
                let loaded = local::open_again(place)?;
                loaded.still_is(&self.instance, place)?;
                Ok(loaded)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_request_wins_in_whatever_order_they_run() {
        let reading = Reading::new(Arc::new(Stores::new(1)));
        let first = reading.open(2).unwrap();
        assert!(reading.open(1).is_none(), "an older opening that runs late");
        reading.close(1);
        assert!(!first.is_over(), "an older closing that runs late");
        reading.darken(3);
        assert!(first.is_over() && !first.is_ended(), "its transfer goes on");
        let second = reading.open(3).unwrap();
        assert!(first.is_over() && !second.is_over());
        reading.close(4);
        assert!(second.is_over() && reading.case().is_none());
    }
}
