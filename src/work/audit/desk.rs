//! What the trail needs to know between two notes. It lives as long as the process and is sealed nowhere.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use tokio::sync::watch;
use url::Url;

use crate::centre::audit::Record;
use crate::dicom::Uid;
use crate::session::Problem;
use crate::work::threads::lock;

/// Notes that may wait for the vault to be opened; a wrong passphrase typed again and again must not fill memory.
const WAITING: usize = 256;
/// How long the same question is not noted again.
const SAME_QUESTION: Duration = Duration::from_secs(3600);

/// The desk of whoever keeps the trail.
pub(crate) struct Desk {
    /// The moment of the newest record of this process. Held while records are written, so that numbers and times
    /// go the same way.
    pub(super) clock: Mutex<Option<DateTime<FixedOffset>>>,
    waiting: Mutex<VecDeque<Record>>,
    met: Mutex<HashMap<Uid, (String, String)>>,
    reader: Mutex<Option<String>>,
    asked: Mutex<Option<(String, Url, Instant)>>,
    alerts: Mutex<HashSet<String>>,
    ways: Mutex<Vec<WayState>>,
    written: watch::Sender<u64>,
}

/// A receiver of the trail as it stands.
#[derive(Debug, Clone)]
pub(super) struct WayState {
    /// The name under which the vault remembers how far it has come.
    pub(super) name: String,
    pub(super) host: String,
    pub(super) problem: Option<Problem>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            clock: Mutex::default(),
            waiting: Mutex::default(),
            met: Mutex::default(),
            reader: Mutex::default(),
            asked: Mutex::default(),
            alerts: Mutex::default(),
            ways: Mutex::default(),
            written: watch::Sender::new(0),
        }
    }

    /// Keeps a record until the vault is open; the oldest go when there are too many.
    pub(super) fn wait(&self, record: Record) {
        let mut waiting = lock(&self.waiting);
        if waiting.len() == WAITING {
            waiting.pop_front();
            tracing::warn!("more happened than the audit trail can keep while the vault is closed");
        }
        waiting.push_back(record);
    }

    pub(super) fn take_waiting(&self) -> Vec<Record> {
        lock(&self.waiting).drain(..).collect()
    }

    /// Somebody signed in.
    pub(super) fn enter(&self, user: Option<&str>) {
        *lock(&self.reader) = user.map(str::to_owned);
    }

    /// The reader left: neither the name nor a patient's stays.
    pub(super) fn leave(&self) {
        *lock(&self.reader) = None;
        *lock(&self.asked) = None;
        self.forget_patients();
    }

    /// No patient's name stays in memory.
    pub(super) fn forget_patients(&self) {
        lock(&self.met).clear();
    }

    pub(super) fn reader(&self) -> Option<String> {
        lock(&self.reader).clone()
    }

    pub(super) fn meet(&self, study: &Uid, patient: (String, String)) {
        lock(&self.met).insert(study.clone(), patient);
    }

    pub(super) fn met(&self, study: &Uid) -> Option<(String, String)> {
        lock(&self.met).get(study).cloned()
    }

    pub(super) fn is_new_question(&self, reader: &str, centre: &Url) -> bool {
        let mut asked = lock(&self.asked);
        let same = |(who, whom, when): &(String, Url, Instant)| {
            who == reader && whom == centre && when.elapsed() < SAME_QUESTION
        };
        let is_new = !asked.as_ref().is_some_and(same);
        if is_new {
            *asked = Some((reader.to_owned(), centre.clone(), Instant::now()));
        }
        is_new
    }

    pub(super) fn is_new_alert(&self, why: &str) -> bool {
        lock(&self.alerts).insert(why.to_owned())
    }

    /// Something was written: whoever sends looks again.
    pub(super) fn wake(&self) {
        self.written.send_modify(|times| *times += 1);
    }

    pub(super) fn written(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }

    pub(super) fn set_way(&self, state: WayState) {
        let mut ways = lock(&self.ways);
        ways.retain(|known| known.name != state.name);
        ways.push(state);
    }

    pub(super) fn ways(&self) -> Vec<WayState> {
        lock(&self.ways).clone()
    }
}
