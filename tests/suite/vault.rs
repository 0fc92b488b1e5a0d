//! The encrypted store: what is kept comes back, nothing else does, and nobody else reads it.

mod crash;
mod damage;
#[cfg(target_os = "linux")]
mod day;
#[cfg(target_os = "linux")]
mod full;
mod keys;
#[cfg(target_os = "linux")]
mod power;
mod secrecy;
mod speed;
#[cfg(target_os = "linux")]
mod strace;
#[cfg(target_os = "linux")]
mod torture;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use dokuei::dicom::Uid;
use dokuei::vault::{
    AuditVerdict, Finding, InstanceKey, KdfCost, OpenOptions, OutboxEntry, QueuedReport, ReportState, Unlock,
    Vault, VaultError,
};
use zeroize::Zeroizing;

const PASSPHRASE: &str = "correct horse 電池 staple";

fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

fn study(number: usize) -> Uid {
    uid(&format!("1.2.392.200036.7781.{number}"))
}

fn instance(study_number: usize, number: usize) -> InstanceKey {
    let study = study(study_number);
    InstanceKey { series: uid(&format!("{study}.1")), sop: uid(&format!("{study}.1.{number}")), study }
}

fn report(number: usize) -> Uid {
    uid(&format!("2.25.7781{number}"))
}

/// Reproducible bytes that differ from object to object.
fn body(seed: usize, length: usize) -> Vec<u8> {
    let mut random = Random(seed as u64);
    (0..length).map(|_| random.next() as u8).collect()
}

/// SplitMix64: reproducible choices for the tests.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

fn options() -> OpenOptions {
    let light = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };
    OpenOptions { kdf_cost: light, reserve_bytes: 0, ..OpenOptions::default() }
}

fn passphrase(text: &str) -> Unlock {
    Unlock::Passphrase(Zeroizing::new(text.to_owned()))
}

fn open(folder: &Path) -> Result<Vault, VaultError> {
    Vault::open(folder, passphrase(PASSPHRASE), options())
}

/// A folder in memory where there is one: thousands of openings then cost no disk.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn enqueue(vault: &Vault, number: usize, object: &[u8]) -> Result<(), VaultError> {
    let entry = OutboxEntry { sop: report(number), study: study(1), centre: "Kita".to_owned(), object };
    vault.enqueue_report(&entry)
}

/// A bit of everything; one instance has several segments.
fn furnish(vault: &Vault) {
    for number in 1..=4 {
        vault
            .put_instance(&instance(1, number), b"1.2.840.10008.1.2.1", &body(number, 700 * number))
            .unwrap();
    }
    vault.put_instance(&instance(2, 1), b"", &body(9, 150_000)).unwrap();
    vault.put_study_record(&study(1), br#"{"expected":4}"#).unwrap();
    vault.save_draft(&study(1), "所見: 異常なし".as_bytes()).unwrap();
    vault.put_secret("centre:Kita", b"hunter2").unwrap();
    enqueue(vault, 1, &body(20, 5000)).unwrap();
    enqueue(vault, 2, &body(21, 300)).unwrap();
    vault.set_report_state(&report(1), ReportState::Sent, None, 1).unwrap();
    for number in 0..5 {
        vault.append_audit(format!("event {number}").as_bytes()).unwrap();
    }
}

/// All that a reader of the vault can see.
#[derive(PartialEq)]
struct Contents {
    instances: BTreeMap<InstanceKey, (Vec<u8>, Vec<u8>)>,
    studies: Vec<(Uid, Option<Vec<u8>>, u64, u64)>,
    draft: Option<Vec<u8>>,
    secret: Option<Vec<u8>>,
    reports: Vec<(QueuedReport, Vec<u8>)>,
    audit: Vec<(u64, Vec<u8>)>,
}

/// Short: a failing test should not print every byte.
impl std::fmt::Debug for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reports: Vec<_> = self.reports.iter().map(|(queued, _)| queued).collect();
        let draft = self.draft.as_ref().map(Vec::len);
        write!(
            f,
            "{:?}, {:?}, draft {draft:?}, {reports:?}, {} audit records",
            self.instances.keys(),
            self.studies,
            self.audit.len()
        )
    }
}

impl Contents {
    fn of(vault: &Vault) -> Result<Self, VaultError> {
        let mut instances = BTreeMap::new();
        let mut studies = Vec::new();
        for record in vault.studies()? {
            for stored in vault.instances(&record.study)? {
                let bytes = vault.read_instance(&stored.key)?.to_vec();
                instances.insert(stored.key, (stored.meta, bytes));
            }
            studies.push((
                record.study,
                record.record.map(|bytes| bytes.to_vec()),
                record.instances,
                record.bytes,
            ));
        }
        let mut reports = Vec::new();
        for queued in vault.outbox()? {
            let object = vault.report_object(&queued.sop)?.to_vec();
            reports.push((queued, object));
        }
        let audit = vault.audit()?.into_iter().map(|entry| (entry.sequence, entry.record.to_vec())).collect();
        let draft = vault.draft(&study(1))?.map(|bytes| bytes.to_vec());
        let secret = vault.secret("centre:Kita")?.map(|bytes| bytes.to_vec());
        Ok(Self { instances, studies, draft, secret, reports, audit })
    }
}

#[test]
fn everything_kept_comes_back_after_closing_and_opening() {
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    furnish(&vault);
    let before = Contents::of(&vault).unwrap();
    drop(vault);

    let vault = open(folder.path()).unwrap();
    assert_eq!(vault.findings(), []);
    assert_eq!(Contents::of(&vault).unwrap(), before);
    assert_eq!(before.instances.len(), 5);
    for number in 1..=4 {
        let (meta, bytes) = &before.instances[&instance(1, number)];
        assert_eq!((meta.as_slice(), bytes), (&b"1.2.840.10008.1.2.1"[..], &body(number, 700 * number)));
    }
    assert_eq!(before.studies[0], (study(1), Some(br#"{"expected":4}"#.to_vec()), 4, 7000));
    assert_eq!(before.studies[1], (study(2), None, 1, 150_000));
    assert_eq!(before.draft.as_deref(), Some("所見: 異常なし".as_bytes()));
    assert_eq!(vault.verify_audit().unwrap(), AuditVerdict::Intact { records: 5 });
    let stats = vault.stats().unwrap();
    assert_eq!((stats.studies, stats.instances, stats.instance_bytes), (2, 5, 157_000));
    assert_eq!((stats.drafts, stats.reports, stats.reports_unconfirmed, stats.audit_records), (1, 2, 2, 5));
    assert!(stats.index_bytes > 0);
}

#[test]
fn an_instance_stored_again_replaces_the_old_one_and_its_file() {
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    let key = instance(1, 1);
    assert_eq!(vault.read_instance(&key), Err(VaultError::NotStored));
    assert!(!vault.has_instance(&key).unwrap());
    vault.put_instance(&key, b"a", &body(1, 100)).unwrap();
    vault.put_instance(&key, b"b", &body(2, 90_000)).unwrap();
    assert!(vault.has_instance(&key).unwrap());
    assert_eq!(*vault.read_instance(&key).unwrap(), body(2, 90_000));
    let stored = vault.instances(&key.study).unwrap();
    assert_eq!((stored.len(), stored[0].meta.as_slice(), stored[0].size), (1, &b"b"[..], 90_000));
    assert_eq!(objects(folder.path()).len(), 1);
}

#[test]
fn forgetting_a_study_removes_its_images_and_keeps_the_readers_own_work() {
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    furnish(&vault);
    vault.forget_study(&study(1)).unwrap();
    assert_eq!(vault.instances(&study(1)).unwrap(), []);
    assert_eq!(vault.study_record(&study(1)).unwrap(), None);
    assert_eq!(vault.studies().unwrap().len(), 1);
    assert_eq!(objects(folder.path()).len(), 1, "only the other study's file is left");
    assert!(vault.draft(&study(1)).unwrap().is_some());
    assert_eq!(vault.outbox().unwrap().len(), 2);
    vault.drop_draft(&study(1)).unwrap();
    vault.drop_draft(&study(1)).unwrap();
    assert_eq!(vault.draft(&study(1)).unwrap(), None);
    vault.drop_secret("centre:Kita").unwrap();
    assert_eq!(vault.secret("centre:Kita").unwrap(), None);
}

#[test]
fn a_report_goes_on_and_never_back() {
    use ReportState::{Confirmed, Failed, Saved, Sent};
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    let state = |number| vault.outbox().unwrap().into_iter().find(|r| r.sop == report(number)).unwrap();
    for (number, path) in
        [vec![Sent, Confirmed], vec![Failed, Failed, Sent, Failed, Sent, Confirmed], vec![Confirmed]]
            .into_iter()
            .enumerate()
    {
        enqueue(&vault, number, b"report").unwrap();
        assert_eq!(state(number).state, Saved);
        for (attempt, next) in path.into_iter().enumerate() {
            vault.set_report_state(&report(number), next, Some("timeout"), attempt as u32 + 1).unwrap();
            let now = state(number);
            assert_eq!((now.state, now.attempts), (next, attempt as u32 + 1));
            assert_eq!(now.error.as_deref(), Some("timeout"));
            let back = vault.set_report_state(&report(number), Saved, None, 0);
            assert_eq!(back, Err(VaultError::StateGoesBack { from: next, to: Saved }));
        }
        for back in [Saved, Failed, Sent] {
            let answer = vault.set_report_state(&report(number), back, None, 9);
            assert_eq!(answer, Err(VaultError::StateGoesBack { from: Confirmed, to: back }));
        }
        vault.set_report_state(&report(number), Confirmed, None, 0).unwrap();
        assert_ne!(state(number).attempts, 0, "attempts never go down");
        assert_eq!(state(number).error, None);
    }
    assert_eq!(vault.set_report_state(&report(77), Sent, None, 1), Err(VaultError::NotQueued));
}

#[test]
fn a_signed_report_is_never_overwritten_and_leaves_only_when_confirmed() {
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    for number in [5, 3, 4] {
        enqueue(&vault, number, &body(number, 100)).unwrap();
    }
    enqueue(&vault, 3, &body(3, 100)).unwrap();
    assert_eq!(enqueue(&vault, 3, &body(4, 100)), Err(VaultError::AlreadyQueued));
    let order: Vec<_> = vault.outbox().unwrap().into_iter().map(|queued| queued.sop).collect();
    assert_eq!(order, [report(5), report(3), report(4)], "the order of signing");
    assert_eq!(*vault.report_object(&report(3)).unwrap(), body(3, 100));

    assert_eq!(vault.forget_report(&report(3)), Err(VaultError::NotConfirmed));
    vault.set_report_state(&report(3), ReportState::Confirmed, None, 1).unwrap();
    vault.forget_report(&report(3)).unwrap();
    assert_eq!(vault.report_object(&report(3)), Err(VaultError::NotQueued));
    assert_eq!(vault.outbox().unwrap().len(), 2);
}

#[test]
fn many_threads_store_and_read_at_once() {
    let folder = scratch();
    let vault = Arc::new(open(folder.path()).unwrap());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let vault = Arc::clone(&vault);
            scope.spawn(move || {
                for number in 0..25 {
                    // Threads in pairs write the same instances: whoever comes last wins, whole.
                    let key = instance(thread / 2, number);
                    vault.put_instance(&key, b"x", &body(number, 3000)).unwrap();
                    assert_eq!(*vault.read_instance(&key).unwrap(), body(number, 3000));
                    vault.append_audit(b"read").unwrap();
                }
            });
        }
    });
    assert_eq!(vault.stats().unwrap().instances, 100);
    assert_eq!(objects(folder.path()).len(), 100);
    assert_eq!(vault.verify_audit().unwrap(), AuditVerdict::Intact { records: 200 });
    drop(vault);
    assert_eq!(open(folder.path()).unwrap().findings(), []);
}

/// The instance files of a vault.
fn objects(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = files(folder)
        .into_iter()
        .filter(|path| path.strip_prefix(folder).unwrap().starts_with("objects"))
        .collect();
    found.sort();
    found
}

/// All files under a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// What a damaged or forged vault says: an error, a finding, or what it held.
#[derive(Debug, PartialEq)]
enum Told {
    Error(VaultError),
    Found(Vec<Finding>),
    BrokenTrail,
    Held(Contents),
}

fn ask(folder: &Path) -> Told {
    let vault = match open(folder) {
        Ok(vault) => vault,
        Err(error) => return Told::Error(error),
    };
    let findings = vault.findings();
    if !findings.is_empty() {
        return Told::Found(findings);
    }
    match vault.verify_audit() {
        Ok(AuditVerdict::Intact { .. }) => {}
        Ok(AuditVerdict::Broken { .. }) => return Told::BrokenTrail,
        Err(error) => return Told::Error(error),
    }
    Contents::of(&vault).map_or_else(Told::Error, Told::Held)
}
