//! Power cuts: at any moment of a recorded life, what was not flushed is lost, wholly or in part; what was
//! acknowledged is there all the same, and nothing damaged is shown.

mod change;
mod disk;
mod trace;

use std::collections::BTreeMap;
use std::path::Path;

use dokuei::vault::{OpenOptions, ReportState, Vault};
use serde_json::Value;

use super::crash::{Acknowledged, child, say};
use super::{
    Contents, Random, body, enqueue, instance, open, options, passphrase, report, scratch, strace, study,
};
use crate::safety;
use crate::support::campaign::{figure, rounds, seed};
use crate::support::program::PASSPHRASE;
use crate::trouble::Scene;
use change::Cut;
use disk::Disk;
use trace::{Call, Did};

/// A recorded run of one process after the other over the same folder.
struct Record {
    before: Disk,
    runs: Vec<Vec<Call>>,
}

impl Record {
    /// Cuts the power at `count` moments in each of the ways, and calls `look` with a folder as it was left, what
    /// each run had said until then, and when that was.
    fn cut_power(mut self, count: usize, random: &mut Random, look: impl Fn(&Path, &[Vec<u8>], &str)) {
        let moments = self.moments(count, random);
        let mut said: Vec<Vec<u8>> = Vec::new();
        for (number, calls) in self.runs.iter().enumerate() {
            said.push(Vec::new());
            for (at, call) in calls.iter().enumerate() {
                self.before.follow(call);
                if let Did::Wrote { descriptor: 1, bytes, .. } = &call.did {
                    said[number].extend_from_slice(bytes);
                }
                for _ in moments.iter().filter(|moment| **moment == (number, at)) {
                    for cut in Cut::ALL {
                        let folder = scratch();
                        self.before.after(cut, random, folder.path());
                        look(folder.path(), &said, &format!("{cut:?} after call {at} of run {number}"));
                    }
                }
            }
            self.before.process_ends();
        }
    }

    /// Moments at which something has just been changed, flushed or said, and those just before a flush.
    fn moments(&self, count: usize, random: &mut Random) -> Vec<(usize, usize)> {
        let mut worth = Vec::new();
        for (number, calls) in self.runs.iter().enumerate() {
            for (at, call) in calls.iter().enumerate() {
                if self.before.concerns(call) {
                    worth.push((number, at));
                }
            }
        }
        assert!(worth.len() > 50, "{} calls: nothing was recorded", worth.len());
        (0..count).map(|_| worth[random.below(worth.len())]).collect()
    }
}

#[test]
fn a_power_cut_at_any_moment_of_a_vaults_life_takes_back_nothing_that_was_acknowledged() {
    if !strace::possible() {
        return;
    }
    let home = scratch();
    let before = Disk::of(home.path(), &[]);
    let runs = vec![trace::record(&child("lives", &home.path().join("vault")))];
    let (count, seed) = (rounds(20, 500), seed("power cuts in a vault's life"));
    Record { before, runs }.cut_power(count, &mut Random(seed), |folder, said, when| {
        let mut seen = Acknowledged::default();
        let said = String::from_utf8_lossy(&said[0]);
        // The last line may not be whole.
        said.split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'))
            .for_each(|line| seen.hear(line));
        let vault = open(&folder.join("vault")).unwrap_or_else(|error| panic!("{when}: {error}"));
        seen.assert_kept(&vault, when);
        // Nor is anything else damaged that is shown.
        Contents::of(&vault).unwrap_or_else(|error| panic!("{when}: {error}"));
    });
    figure("R3 power cuts, vault", &format!("{count} moments x 3, 0 acknowledged lost, 0 damaged shown"));
}

/// From the making of a vault over two days of work, each closed in order.
pub(super) fn a_life(folder: &Path) {
    for day in 1..=2 {
        let vault = open(folder).unwrap();
        for number in 10 * day..10 * day + 4 {
            vault.put_instance(&instance(day, number), b"", &body(number, 20_000)).unwrap();
            say(&format!("instance {day} {number} ."));
            vault.save_draft(&study(1), number.to_string().as_bytes()).unwrap();
            say(&format!("draft {number} ."));
            enqueue(&vault, number, &body(number, 3000)).unwrap();
            say(&format!("report {number} ."));
            vault.append_audit(b"signed").unwrap();
            say("audit .");
            vault.put_secret("centre:Kita", b"hunter2").unwrap();
            vault.set_report_state(&report(number), ReportState::Confirmed, None, 1).unwrap();
            say(&format!("confirmed {number} ."));
            vault.put_instance(&instance(day, number), b"again", &body(number, 20_000)).unwrap();
            vault.forget_study(&study(3)).unwrap();
        }
    }
}

#[test]
fn a_power_cut_while_reports_are_signed_and_sent_loses_and_doubles_none() {
    if !strace::possible() {
        return;
    }
    let scene = Scene::new();
    let home = scene.station.home.path();
    // A vault that a test opens a thousand times: its passphrase costs little.
    drop(Vault::open(&home.join("vault"), passphrase(PASSPHRASE), options()).unwrap());
    scene.station.json(&["report", "status"]);
    let before = Disk::of(home, &["reserve"]);
    let runs = signed_and_sent(&scene);
    let objects = reports(home, "the end");
    assert_eq!(objects.len(), 2);
    let stored = |scene: &Scene| scene.centre.stored().len();
    assert_eq!(stored(&scene), 2);

    let (count, seed) = (rounds(20, 500), seed("power cuts in sign and send"));
    let sends = std::cell::Cell::new(0);
    Record { before, runs }.cut_power(count, &mut Random(seed), |folder, said, when| {
        let left = reports(folder, when);
        for (uid, state) in said.iter().flat_map(|said| acknowledged(said)) {
            let (now, object) = left.get(&uid).unwrap_or_else(|| panic!("{when}: {uid} is lost"));
            assert!(*object == objects[&uid].1, "{when}: {uid} is changed");
            assert!(state != "confirmed" || *now == ReportState::Confirmed, "{when}: {uid} was confirmed");
        }
        assert!(left.iter().all(|(uid, (_, object))| *object == objects[uid].1), "{when}");
        if !left.is_empty() && sends.get() < rounds(3, 60) {
            sends.set(sends.get() + 1);
            send_from(&scene, folder, when);
        }
    });
    assert_eq!(stored(&scene), 2, "sent again after a power cut, and doubled");
    figure(
        "R3 power cuts, sign and send",
        &format!("{count} moments x 3, {} sent again: 0 lost, 0 changed, 0 doubled", sends.get()),
    );
}

/// Two reports, each signed and sent by the program, as strace recorded it.
fn signed_and_sent(scene: &Scene) -> Vec<Vec<Call>> {
    let folder = tempfile::tempdir().unwrap();
    let study = safety::files(folder.path(), |_, _| {});
    let document = safety::document(folder.path(), &study);
    let mut runs = Vec::new();
    for impression in ["Bleed.", "Bleed, evacuated."] {
        let text = std::fs::read_to_string(&document).unwrap();
        std::fs::write(&document, text.replace("Bleed.", impression)).unwrap();
        let [document, images] = [document.as_path(), folder.path()].map(|path| path.to_str().unwrap());
        let sign = ["report", "sign", document, "--centre", "island", "--images", images, "--json"];
        for command in [&sign[..], &["report", "send", "--json"]] {
            runs.push(trace::record(&scene.station.dokuei(command)));
        }
    }
    runs
}

/// The reports that a run had told of, and as what.
pub(super) fn acknowledged(said: &[u8]) -> Vec<(String, String)> {
    // What was not told to its end was not told.
    let Ok(told) = serde_json::from_slice::<Value>(said) else { return Vec::new() };
    let reports = told["reports"].as_array().cloned().unwrap_or_else(|| vec![told]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    reports.iter().map(|one| (text(&one["sop_instance_uid"]), text(&one["state"]))).collect()
}

/// What is in the outbox of a home, by UID.
pub(super) fn reports(home: &Path, when: &str) -> BTreeMap<String, (ReportState, Vec<u8>)> {
    let folder = home.join("vault");
    // What the program keeps free stays as it is.
    let reserve_bytes = std::fs::metadata(folder.join("reserve")).map_or(0, |file| file.len());
    let vault = Vault::open(&folder, passphrase(PASSPHRASE), OpenOptions { reserve_bytes, ..options() });
    let vault = vault.unwrap_or_else(|error| panic!("{when}: {error}"));
    assert_eq!(vault.findings(), [], "{when}");
    let queued = vault.outbox().unwrap();
    let object = |sop| vault.report_object(sop).unwrap_or_else(|error| panic!("{when}: {error}")).to_vec();
    queued.iter().map(|one| (one.sop.to_string(), (one.state, object(&one.sop)))).collect()
}

/// The program itself goes on in a home that a power cut left.
fn send_from(scene: &Scene, home: &Path, when: &str) {
    let mut command = scene.station.dokuei(&["report", "send", "--json"]);
    let output = command.env("DOKUEI_HOME", home).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{when}: {told} {}", String::from_utf8_lossy(&output.stderr));
    assert!(acknowledged(&output.stdout).iter().all(|(_, state)| state == "confirmed"), "{when}: {told}");
}
