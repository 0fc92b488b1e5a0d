//! Room on this disk: the profile's budget, and what may go for it.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::dicom::Uid;
use crate::vault::{Retention, Vault};
use crate::work::ground::Ground;
use crate::work::{WorkError, claims};

/// A part of the budget stays free for the study that comes next.
const FREE_PART: u64 = 32;

/// Makes room for more by the profile's rules; says whether there is any. Nothing of `wanted` goes for it, nor what
/// is claimed or open, and the vault itself spares what has a draft or a report that has not arrived.
pub(super) fn make(ground: &Ground, vault: &Vault, wanted: &HashSet<Uid>) -> Result<bool, WorkError> {
    let rules = ground.profile().prefetch;
    let now_unix = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let not_before_unix = rules.keep_days.map(|days| now_unix.saturating_sub(u64::from(days) * 24 * 60 * 60));
    let most_bytes = rules.keep_bytes() - rules.keep_bytes() / FREE_PART;
    let open = ground.reading().case().and_then(|case| case.study());
    let claimed = claims::mine(vault);
    let spared =
        |study: &Uid| wanted.contains(study) || claimed.contains(study) || open.as_ref() == Some(study);
    let evicted = vault.evict(Retention { most_bytes, not_before_unix }, &spared)?;
    if evicted.studies > 0 {
        tracing::info!(studies = evicted.studies, "made room in the vault");
    }
    Ok(evicted.left_bytes <= most_bytes)
}
