//! The audit trail: what is noted, what its messages say, and that every one of them arrives.

mod certificates;
mod chain;
mod day;
mod fhir;
mod messages;
mod receiver;
mod sending;
mod syslog;
mod table;
mod viewer;

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use dokuei::centre::audit::{Happened, Record};
use dokuei::session::trail::{self, List};
use dokuei::session::{Effect, Event};
use dokuei::site::{AuditTarget, Home, Profile, Reader};
use dokuei::vault::{KdfCost, OpenOptions, Unlock, Vault};
use dokuei::work::Work;
use zeroize::Zeroizing;

use crate::support::secrets::AtHand;

const PASSPHRASE: &str = "a passphrase for tests";

/// A moment of a night that is over, whatever the clock of this machine says.
fn moment() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2020-11-23T03:10:05.250+09:00").unwrap()
}

/// A workstation's folder.
struct Station(tempfile::TempDir);

impl Station {
    fn new() -> Self {
        let station = Self(tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap());
        // Made here, its passphrase is cheap to try.
        drop(station.vault());
        station
    }

    fn home(&self) -> Home {
        Home::in_folder(self.0.path())
    }

    fn vault(&self) -> Vault {
        open(&self.home().vault())
    }

    /// Its machine room, with copies of the trail going where `target` says.
    fn work(&self, target: Option<AuditTarget>) -> Work {
        let reader =
            Reader { name: "Sato^Hanako=佐藤^花子".into(), id: "sato".into(), ..Reader::default() };
        let profile = Profile { audit: target, reader, ..Profile::default() };
        Work::start(self.home(), profile, None, Box::new(AtHand(Some(PASSPHRASE)))).unwrap()
    }

    /// Puts `count` records into the closed vault and returns how many there are then.
    fn fill(&self, count: u64) -> u64 {
        let vault = self.vault();
        let records: Vec<_> = (0..count).map(|number| numbered(number).to_bytes()).collect();
        let records: Vec<&[u8]> = records.iter().map(Vec::as_slice).collect();
        vault.append_audits(&records).unwrap()
    }

    /// The records of the closed vault.
    fn records(&self) -> Vec<Record> {
        self.vault().audit().unwrap().iter().map(|kept| Record::parse(&kept.record).unwrap()).collect()
    }
}

fn open(folder: &Path) -> Vault {
    let light = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };
    let options = OpenOptions { kdf_cost: light, reserve_bytes: 0, ..OpenOptions::default() };
    Vault::open(folder, Unlock::Passphrase(Zeroizing::new(PASSPHRASE.to_owned())), options).unwrap()
}

/// The record of a study being opened, as many patients as numbers.
fn numbered(number: u64) -> Record {
    Record {
        study: format!("1.2.392.200036.{}", number + 1),
        patient_id: format!("P{number:05}"),
        patient_name: "YAMADA^TARO=山田^太郎".into(),
        node: "home-7".into(),
        ..Record::new(Happened::StudyOpened, moment(), "sato")
    }
}

/// Looks at the trail as the window does; this opens the vault.
fn look(work: &mut Work) -> List {
    work.run(Effect::Trail(trail::Effect::Read { id: 1 }));
    loop {
        if let Event::Trail(trail::Event::Read { outcome, .. }) = work.next_event().unwrap() {
            return outcome.unwrap();
        }
    }
}

/// Waits until `done`; the limit is for a machine that hangs.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{what} does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}
