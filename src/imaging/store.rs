//! The frames in memory, within a budget.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Frame, Volume};
use crate::dicom::Uid;

/// Which frame.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FrameKey {
    /// SOP Instance UID.
    pub sop_instance: Uid,
    /// Frame number from 0.
    pub frame: u32,
}

/// Which volume: the images of one stack, as many as there were when it was built.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VolumeKey {
    /// Series Instance UID.
    pub series: Uid,
    /// The first image of the stack.
    pub first: FrameKey,
    /// How many images.
    pub images: u32,
}

/// All pixels of a process: written by workers, read by canvas, renderer and statistics.
#[derive(Debug)]
pub struct Stores {
    /// Frames, within a budget.
    pub frames: FrameStore,
    /// Volumes of what is open; those of a case go with it.
    pub volumes: VolumeStore,
}

impl Stores {
    /// Empty stores that keep about `frames_bytes` of frames.
    pub fn new(frames_bytes: usize) -> Self {
        Self { frames: FrameStore::new(frames_bytes), volumes: VolumeStore::default() }
    }

    /// Lets all pixels go (a case closed, a lock screen).
    pub fn clear(&self) {
        self.frames.clear();
        self.volumes.clear();
    }
}

/// Volumes by key.
#[derive(Debug, Default)]
pub struct VolumeStore {
    inner: Mutex<HashMap<VolumeKey, Arc<Volume>>>,
}

impl VolumeStore {
    /// The volume, if it is here.
    pub fn get(&self, key: &VolumeKey) -> Option<Arc<Volume>> {
        self.lock().get(key).cloned()
    }

    /// Keeps a volume, in place of older ones of the same series and first image.
    pub fn insert(&self, key: VolumeKey, volume: Volume) -> Arc<Volume> {
        let volume = Arc::new(volume);
        let mut inner = self.lock();
        inner.retain(|other, _| other.series != key.series || other.first != key.first);
        inner.insert(key, Arc::clone(&volume));
        volume
    }

    /// Lets all volumes go.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<VolumeKey, Arc<Volume>>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decoded frames by key, shared between threads: written by workers, read by canvas, renderer and statistics.
///
/// Past its budget it drops the frames that were used longest ago. A frame that someone else holds (an `Arc`
/// outside) would stay in memory anyway, so it is kept and still counts.
#[derive(Debug)]
pub struct FrameStore {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    budget_bytes: usize,
    bytes: usize,
    clock: u64,
    frames: HashMap<FrameKey, Held>,
    by_last_use: BTreeMap<u64, FrameKey>,
}

#[derive(Debug)]
struct Held {
    frame: Arc<Frame>,
    last_use: u64,
}

impl FrameStore {
    /// An empty store that keeps about `budget_bytes` of samples.
    pub fn new(budget_bytes: usize) -> Self {
        let inner =
            Inner { budget_bytes, bytes: 0, clock: 0, frames: HashMap::new(), by_last_use: BTreeMap::new() };
        Self { inner: Mutex::new(inner) }
    }

    /// The frame, if it is here; it counts as used now.
    pub fn get(&self, key: &FrameKey) -> Option<Arc<Frame>> {
        self.lock().touch(key)
    }

    /// Whether the frame is here, without counting as use.
    pub fn contains(&self, key: &FrameKey) -> bool {
        self.lock().frames.contains_key(key)
    }

    /// Keeps a frame, in place of an older one of the same key, and drops others if the budget asks for it.
    /// The frame given is never dropped by its own insertion.
    pub fn insert(&self, key: FrameKey, frame: Frame) -> Arc<Frame> {
        let frame = Arc::new(frame);
        let mut inner = self.lock();
        inner.remove(&key);
        inner.put(key, Arc::clone(&frame));
        inner.evict();
        frame
    }

    /// Bytes of samples that are kept.
    pub fn budget_bytes(&self) -> usize {
        self.lock().budget_bytes
    }

    /// Bytes of samples held.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Frames held.
    pub fn len(&self) -> usize {
        self.lock().frames.len()
    }

    /// Whether no frame is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops all frames of the store (lock screen, sign-out); frames held elsewhere live on there.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.frames.clear();
        inner.by_last_use.clear();
        inner.bytes = 0;
    }

    /// A panic elsewhere while the lock was held leaves the maps whole: every step below is.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn touch(&mut self, key: &FrameKey) -> Option<Arc<Frame>> {
        let now = self.tick();
        let held = self.frames.get_mut(key)?;
        self.by_last_use.remove(&held.last_use);
        self.by_last_use.insert(now, key.clone());
        held.last_use = now;
        Some(Arc::clone(&held.frame))
    }

    fn put(&mut self, key: FrameKey, frame: Arc<Frame>) {
        let last_use = self.tick();
        self.bytes += frame.bytes();
        self.by_last_use.insert(last_use, key.clone());
        self.frames.insert(key, Held { frame, last_use });
    }

    fn remove(&mut self, key: &FrameKey) {
        if let Some(held) = self.frames.remove(key) {
            self.by_last_use.remove(&held.last_use);
            self.bytes -= held.frame.bytes();
        }
    }

    fn evict(&mut self) {
        let mut over = self.bytes.saturating_sub(self.budget_bytes);
        let mut leaving = Vec::new();
        for key in self.by_last_use.values() {
            if over == 0 {
                break;
            }
            let Some(held) = self.frames.get(key) else { continue };
            if Arc::strong_count(&held.frame) == 1 {
                over = over.saturating_sub(held.frame.bytes());
                leaving.push(key.clone());
            }
        }
        for key in &leaving {
            self.remove(key);
        }
    }
}
