//! Studies that grew after a report on them was signed: how many instances the centre had then is noted with the
//! signature, and again when the reader has opened what came since.

use serde::{Deserialize, Serialize};

use super::WorkError;
use super::record::FetchRecord;
use crate::dicom::Uid;
use crate::vault::{QueuedReport, ReportState, Vault};

/// What the reader had before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// Instances that the centre had.
    expected: u32,
    /// Own reports on the study that were among them, or could have been.
    own: u32,
}

/// A report was signed on the study as it is here.
pub(super) fn signed(vault: &Vault, study: &Uid) -> Result<(), WorkError> {
    let Some(record) = FetchRecord::of(vault, study).filter(|record| record.list_is_whole) else {
        // Nobody knows how much there was, so nobody can say that it is more.
        return Ok(vault.drop_note(&name(study))?);
    };
    let seen = Seen { expected: record.expected, own: own_there(&vault.outbox()?, study) };
    Ok(vault.put_note(&name(study), &serde_json::to_vec(&seen).unwrap_or_default())?)
}

/// The reader has opened what the centre has now of a study that was signed before.
pub(super) fn seen(vault: &Vault, study: &Uid) -> Result<(), WorkError> {
    if note(vault, study).is_some() { signed(vault, study) } else { Ok(()) }
}

/// How many instances the centre lists more than the reader had before them, own reports aside.
pub(super) fn since(vault: &Vault, outbox: &[QueuedReport], study: &Uid, listed: Option<u32>) -> u32 {
    let Some((seen, listed)) = note(vault, study).zip(listed) else { return 0 };
    let arrived = own_there(outbox, study).saturating_sub(seen.own);
    listed.saturating_sub(seen.expected).saturating_sub(arrived)
}

fn note(vault: &Vault, study: &Uid) -> Option<Seen> {
    serde_json::from_slice(&vault.note(&name(study)).ok()??).ok()
}

/// Own reports on a study that the centre has.
fn own_there(outbox: &[QueuedReport], study: &Uid) -> u32 {
    let there = |one: &&QueuedReport| {
        one.study == *study && matches!(one.state, ReportState::Sent | ReportState::Confirmed)
    };
    outbox.iter().filter(there).count() as u32
}

fn name(study: &Uid) -> String {
    format!("signed with {study}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{KdfCost, OpenOptions, OutboxEntry, Unlock};

    #[test]
    fn a_study_has_grown_by_what_is_neither_seen_nor_ones_own_report() {
        let folder = tempfile::tempdir().unwrap();
        let kdf_cost = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };
        let options = OpenOptions { kdf_cost, reserve_bytes: 0, ..OpenOptions::default() };
        let unlock = Unlock::Passphrase(String::from("for tests").into());
        let vault = Vault::open(&folder.path().join("vault"), unlock, options).unwrap();
        let (study, sop) = (Uid::parse("1.2").unwrap(), Uid::parse("1.2.9").unwrap());
        let record = |expected| FetchRecord {
            centre: "https://pacs.example/".parse().unwrap(),
            patient_id: String::new(),
            expected,
            list_is_whole: true,
        };
        let since = |listed| since(&vault, &vault.outbox().unwrap(), &study, Some(listed));
        vault.put_study_record(&study, &record(20).to_bytes()).unwrap();
        assert_eq!(since(25), 0, "no report was signed");
        signed(&vault, &study).unwrap();
        let entry =
            OutboxEntry { sop: sop.clone(), study: study.clone(), centre: "c".into(), object: b"a report" };
        vault.enqueue_report(&entry).unwrap();
        assert_eq!([since(20), since(21), since(32)], [0, 1, 12]);
        vault.set_report_state(&sop, ReportState::Confirmed, None, 1).unwrap();
        assert_eq!([since(20), since(21), since(33)], [0, 0, 12], "the report is there too");
        vault.put_study_record(&study, &record(33).to_bytes()).unwrap();
        seen(&vault, &study).unwrap();
        assert_eq!([since(33), since(34)], [0, 1]);
    }
}
