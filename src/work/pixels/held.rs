//! Instances of several frames, kept a while so that their files are not read again for each frame.

use std::sync::{Arc, Weak};

use crate::dicom::Uid;
use crate::session::RequestId;
use crate::work::loaded::Loaded;

/// Bytes of pixel data kept.
const BYTES: usize = 32 << 20;
/// Instances remembered while somebody else holds them.
const REMEMBERED: usize = 16;

/// The newest instances, the oldest first; also larger ones, as long as somebody decodes from them.
#[derive(Default)]
pub(super) struct Held(Vec<Entry>);

struct Entry {
    case: RequestId,
    loaded: Weak<Loaded>,
    /// What keeps it here.
    kept: Option<Arc<Loaded>>,
}

impl Held {
    pub(super) fn get(&self, case: RequestId, sop_instance: &Uid) -> Option<Arc<Loaded>> {
        let of_case = self.0.iter().filter(|entry| entry.case == case);
        of_case
            .filter_map(|entry| entry.loaded.upgrade())
            .find(|loaded| loaded.instance.sop_instance == *sop_instance)
    }

    pub(super) fn put(&mut self, case: RequestId, loaded: &Arc<Loaded>) {
        let kept = Some(Arc::clone(loaded));
        self.0.push(Entry { case, loaded: Arc::downgrade(loaded), kept });
        let mut left = BYTES;
        for entry in self.0.iter_mut().rev() {
            let size = entry.kept.as_ref().map_or(0, |kept| kept.pixel_bytes());
            if size > left {
                entry.kept = None;
            } else {
                left -= size;
            }
        }
        self.0.retain(|entry| entry.loaded.strong_count() > 0);
        let surplus = self.0.len().saturating_sub(REMEMBERED);
        self.0.drain(..surplus);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
