//! What the centre holds: made-up studies, computed when asked for, and what was stored since it started.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use dicom_object::InMemDicomObject;

use super::entry::{Entry, Source};
use crate::dicom::Uid;

/// A study that is computed from code. Its instances never change between calls.
pub trait Study: Send + Sync {
    /// Study Instance UID.
    fn uid(&self) -> &Uid;
    /// How urgent reading it is; decides whether and how it stands on the worklist.
    fn priority(&self) -> Priority;
    /// Number of instances.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Data set of instance `i` (from 0) without pixel data; cheap.
    fn header(&self, i: usize) -> InMemDicomObject;
    /// Instance `i` as a Part 10 file, Explicit VR Little Endian; may take some milliseconds.
    fn file(&self, i: usize) -> Vec<u8>;
}

/// How urgent reading a study is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Priority {
    /// At once: HIGH with the site's STAT code.
    Stat,
    /// Scheduled Procedure Step Priority HIGH.
    High,
    /// MEDIUM.
    Medium,
    /// LOW.
    Low,
    /// Not on the worklist: it was read long ago, as priors are.
    Read,
}

/// How much memory an archive takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of computed files that are kept; the least recently used go first.
    pub cache_bytes: usize,
    /// Bytes of files that can be stored; more is refused.
    pub store_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cache_bytes: 512 << 20, store_bytes: 1 << 30 }
    }
}

/// What the centre holds. Never fails and never blocks for longer than computing one instance takes.
pub struct Archive {
    shelves: Vec<Shelf>,
    stored: Mutex<Stored>,
    computed: Mutex<FileCache>,
    limits: Limits,
}

/// A made-up study and, once asked for, its index.
struct Shelf {
    study: Box<dyn Study>,
    entries: OnceLock<Vec<Arc<Entry>>>,
}

#[derive(Default)]
struct Stored {
    entries: Vec<Arc<Entry>>,
    bytes: usize,
}

/// What became of an instance that was to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is stored, or was already, byte for byte.
    Stored,
    /// Another object has its SOP Instance UID: nothing is overwritten.
    Duplicate,
    /// No room left.
    Full,
}

impl Archive {
    /// An archive of these studies, in this order. Nothing is computed yet.
    pub fn new(studies: Vec<Box<dyn Study>>, limits: Limits) -> Self {
        let shelves = studies.into_iter().map(|study| Shelf { study, entries: OnceLock::new() }).collect();
        let computed = Mutex::new(FileCache { room: limits.cache_bytes, ..FileCache::default() });
        Self { shelves, stored: Mutex::default(), computed, limits }
    }

    /// The made-up studies.
    pub(super) fn studies(&self) -> impl Iterator<Item = &dyn Study> {
        self.shelves.iter().map(|shelf| &*shelf.study)
    }

    /// All instances, or those of one study, in order; what was stored comes last.
    pub(super) fn entries(&self, study: Option<&Uid>) -> Vec<Arc<Entry>> {
        let wanted = |uid: &Uid| study.is_none_or(|study| study == uid);
        let made_up = self
            .shelves
            .iter()
            .enumerate()
            .filter(|(_, shelf)| wanted(shelf.study.uid()))
            .flat_map(|(number, shelf)| shelf.entries(number).iter().cloned());
        let mut entries: Vec<_> = made_up.collect();
        entries.extend(self.stored().entries.iter().filter(|entry| wanted(&entry.study)).cloned());
        entries
    }

    /// The file of an instance, from the cache if it is there.
    pub(super) fn file(&self, entry: &Entry) -> Bytes {
        match &entry.source {
            Source::Stored(file) => file.clone(),
            Source::MadeUp { shelf, index } => {
                if let Some(file) = self.computed().get(&entry.instance) {
                    return file;
                }
                // Computed outside the lock: two who ask at once both compute, and get the same bytes.
                let file = Bytes::from(self.shelves[*shelf].study.file(*index));
                self.computed().put(entry.instance.clone(), file.clone());
                file
            }
        }
    }

    /// Stores an instance, once.
    pub(super) fn store(&self, entry: Entry, file: &Bytes) -> Outcome {
        let known = self.find_instance(&entry.instance);
        if let Some(known) = known {
            return if self.file(&known) == *file { Outcome::Stored } else { Outcome::Duplicate };
        }
        let mut stored = self.stored();
        if stored.entries.iter().any(|other| other.instance == entry.instance) {
            // Stored by another request between the look above and the lock.
            drop(stored);
            return self.store(entry, file);
        }
        if stored.bytes.saturating_add(file.len()) > self.limits.store_bytes {
            return Outcome::Full;
        }
        stored.bytes += file.len();
        stored.entries.push(Arc::new(entry));
        Outcome::Stored
    }

    /// What was stored since the start, as files, in order.
    pub(super) fn stored_files(&self) -> Vec<(Uid, Bytes)> {
        let stored = self.stored();
        stored
            .entries
            .iter()
            .filter_map(|entry| match &entry.source {
                Source::Stored(file) => Some((entry.instance.clone(), file.clone())),
                Source::MadeUp { .. } => None,
            })
            .collect()
    }

    fn find_instance(&self, instance: &Uid) -> Option<Arc<Entry>> {
        self.entries(None).into_iter().find(|entry| entry.instance == *instance)
    }

    fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn computed(&self) -> MutexGuard<'_, FileCache> {
        self.computed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn entries(&self, number: usize) -> &[Arc<Entry>] {
        self.entries.get_or_init(|| {
            let headers = (0..self.study.len()).map(|i| (i, self.study.header(i)));
            headers.filter_map(|(i, header)| Entry::made_up(&header, number, i).map(Arc::new)).collect()
        })
    }
}

/// Computed files, the least recently used first out.
#[derive(Default)]
struct FileCache {
    room: usize,
    held: usize,
    clock: u64,
    files: HashMap<Uid, (u64, Bytes)>,
    by_age: BTreeMap<u64, Uid>,
}

impl FileCache {
    fn get(&mut self, instance: &Uid) -> Option<Bytes> {
        let (age, file) = self.files.get_mut(instance)?;
        self.by_age.remove(age);
        self.clock += 1;
        *age = self.clock;
        self.by_age.insert(self.clock, instance.clone());
        Some(file.clone())
    }

    fn put(&mut self, instance: Uid, file: Bytes) {
        if file.len() > self.room || self.files.contains_key(&instance) {
            return;
        }
        while self.held + file.len() > self.room {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            self.held -= self.files.remove(&oldest).map_or(0, |(_, file)| file.len());
        }
        self.clock += 1;
        self.held += file.len();
        self.by_age.insert(self.clock, instance.clone());
        self.files.insert(instance, (self.clock, file));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(text: &str) -> Uid {
        Uid::parse(text).unwrap()
    }

    #[test]
    fn the_cache_keeps_within_its_room_and_drops_what_was_not_used_longest() {
        let mut cache = FileCache { room: 10, ..FileCache::default() };
        cache.put(uid("1"), Bytes::from_static(b"aaaa"));
        cache.put(uid("2"), Bytes::from_static(b"bbbb"));
        assert!(cache.get(&uid("1")).is_some());
        cache.put(uid("3"), Bytes::from_static(b"cccc"));
        assert!(cache.get(&uid("2")).is_none(), "the least recently used goes");
        assert!(cache.get(&uid("1")).is_some() && cache.get(&uid("3")).is_some());
        cache.put(uid("4"), Bytes::from_static(b"too large to keep"));
        assert!(cache.get(&uid("4")).is_none());
        assert_eq!(cache.held, 8);
    }
}
