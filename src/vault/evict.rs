//! Making room: the studies that came first go first, and none on which a reader's work still hangs.

use std::collections::HashSet;

use super::index::Kind;
use super::keys::Id;
use super::{ReportState, StoredInstance, Vault, VaultError};
use crate::dicom::Uid;

/// How much of the cache of instances may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// At most so many bytes of objects.
    pub most_bytes: u64,
    /// Nothing that came before this moment, in seconds since 1970.
    pub not_before_unix: Option<u64>,
}

/// What went, and what is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evicted {
    /// Studies that went.
    pub studies: u64,
    /// Bytes of objects that are left; more than allowed where nothing else may go.
    pub left_bytes: u64,
}

/// A study that may go.
struct Candidate {
    came_unix: u64,
    study: Uid,
    bytes: u64,
}

impl Vault {
    /// Forgets studies, the one that came first before the others, until `limits` are kept. A study with a
    /// draft, with a report that its centre has not confirmed, or that `spared` names stays whatever it costs.
    ///
    /// # Errors
    /// The index's refusal, and [`VaultError::Damaged`] when drafts or outbox cannot be read: without knowing
    /// what hangs on a study nothing goes.
    pub fn evict(&self, limits: Retention, spared: &dyn Fn(&Uid) -> bool) -> Result<Evicted, VaultError> {
        let totals = self.index.totals(Kind::Instance)?;
        let mut evicted = Evicted { studies: 0, left_bytes: totals.iter().map(|total| total.bytes).sum() };
        if evicted.left_bytes <= limits.most_bytes && limits.not_before_unix.is_none() {
            return Ok(evicted);
        }
        let worked_on = self.worked_on()?;
        let mut candidates = Vec::new();
        for total in totals.iter().filter(|total| !worked_on.contains(&total.parent)) {
            // A row that does not open is for the repair to drop.
            let Ok(Some(row)) = self.index.first(Kind::Instance, total) else { continue };
            let Ok(first) = StoredInstance::parse(&row) else { continue };
            if !spared(&first.key.study) {
                let (came_unix, study) = (first.received_unix, first.key.study);
                candidates.push(Candidate { came_unix, study, bytes: total.bytes });
            }
        }
        candidates.sort_by(|a, b| (a.came_unix, &a.study).cmp(&(b.came_unix, &b.study)));
        for candidate in candidates {
            let expired = limits.not_before_unix.is_some_and(|limit| candidate.came_unix < limit);
            if !expired && evicted.left_bytes <= limits.most_bytes {
                break;
            }
            self.forget_study(&candidate.study)?;
            evicted.studies += 1;
            evicted.left_bytes = evicted.left_bytes.saturating_sub(candidate.bytes);
        }
        Ok(evicted)
    }

    /// Studies with a draft or a report that has not arrived.
    fn worked_on(&self) -> Result<HashSet<Id>, VaultError> {
        let drafts = self.index.totals(Kind::Draft)?;
        let mut found: HashSet<Id> = drafts.iter().map(|total| total.parent).collect();
        let waiting = self.outbox()?.into_iter().filter(|report| report.state != ReportState::Confirmed);
        found.extend(waiting.map(|report| self.study_id(&report.study)));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{InstanceKey, KdfCost, OpenOptions, OutboxEntry, Unlock};

    fn uid(text: &str) -> Uid {
        Uid::parse(text).unwrap()
    }

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let kdf_cost = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };
        let options = OpenOptions { kdf_cost, reserve_bytes: 0, ..OpenOptions::default() };
        let passphrase = Unlock::Passphrase(String::from("for tests").into());
        let vault = Vault::open(&folder.path().join("vault"), passphrase, options).unwrap();
        for study in 1..=5 {
            let key = InstanceKey {
                study: uid(&format!("1.{study}")),
                series: uid(&format!("1.{study}.1")),
                sop: uid(&format!("1.{study}.1.1")),
            };
            vault.put_instance(&key, b"", &[0; 100]).unwrap();
        }
        (folder, vault)
    }

    fn left(vault: &Vault) -> Vec<String> {
        let mut left: Vec<_> =
            vault.studies().unwrap().into_iter().map(|one| one.study.to_string()).collect();
        left.sort();
        left
    }

    fn bytes(most_bytes: u64) -> Retention {
        Retention { most_bytes, not_before_unix: None }
    }

    #[test]
    fn the_oldest_go_and_what_work_hangs_on_stays() {
        let (_folder, vault) = vault();
        vault.save_draft(&uid("1.1"), b"a draft").unwrap();
        let (sop, study) = (uid("1.2.9"), uid("1.2"));
        let entry = OutboxEntry { sop: sop.clone(), study, centre: "c".into(), object: b"a report" };
        vault.enqueue_report(&entry).unwrap();
        let claimed = |study: &Uid| study.as_str() == "1.3";
        assert_eq!(vault.evict(bytes(500), &claimed).unwrap(), Evicted { studies: 0, left_bytes: 500 });
        assert_eq!(vault.evict(bytes(450), &claimed).unwrap(), Evicted { studies: 1, left_bytes: 400 });
        assert_eq!(left(&vault), ["1.1", "1.2", "1.3", "1.5"], "the first of those that may go");
        assert_eq!(vault.evict(bytes(0), &claimed).unwrap(), Evicted { studies: 1, left_bytes: 300 });
        assert_eq!(left(&vault), ["1.1", "1.2", "1.3"]);
        vault.set_report_state(&sop, ReportState::Confirmed, None, 1).unwrap();
        assert_eq!(vault.evict(bytes(0), &claimed).unwrap().studies, 1, "its report has arrived");
        assert_eq!(left(&vault), ["1.1", "1.3"]);
        assert!(vault.draft(&uid("1.1")).unwrap().is_some());
    }

    #[test]
    fn what_is_too_old_goes_however_much_room_there_is() {
        let (_folder, vault) = vault();
        let limits = |not_before_unix| Retention { most_bytes: u64::MAX, not_before_unix };
        assert_eq!(vault.evict(limits(Some(1)), &|_| false).unwrap().studies, 0);
        let spared = |study: &Uid| study.as_str() == "1.3";
        assert_eq!(vault.evict(limits(Some(u64::MAX)), &spared).unwrap().studies, 4);
        assert_eq!(left(&vault), ["1.3"]);
    }
}
