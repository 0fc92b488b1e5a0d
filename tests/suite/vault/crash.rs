//! Other processes, killed processes, full disks.
//!
//! The children are this test binary, run again for one test that does the task named in the environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use dokuei::vault::{AuditVerdict, OpenOptions, ReportState, Unlock, Vault, VaultError};

use super::{
    Random, body, enqueue, files, instance, objects, open, options, passphrase, report, scratch, study,
};
use crate::support::{judge, skip};

const TASK: &str = "DOKUEI_TEST_TASK";
const FOLDER: &str = "DOKUEI_TEST_VAULT";
const ROUND: &str = "DOKUEI_TEST_ROUND";

/// What a child does in the vault's folder.
type Task = fn(&Path);

/// What a child does with its folder.
const TASKS: &[(&str, Task)] = &[
    ("opens", child_opens),
    ("writes", child_writes),
    ("makes", child_makes),
    ("fills the disk", child_fills_the_disk),
    ("uses the key store", child_uses_the_key_store),
    #[cfg(target_os = "linux")]
    ("lives", super::power::a_life),
    #[cfg(target_os = "linux")]
    ("panics", super::day::panics),
    #[cfg(target_os = "linux")]
    ("works on a small disk", super::full::works_on_a_small_disk),
];

/// Not started by one of the tests below, there is nothing to do.
#[test]
fn a_child_does_its_task() {
    let Ok(task) = std::env::var(TASK) else { return };
    let (_, work) = TASKS.iter().find(|(name, _)| *name == task).unwrap();
    work(&PathBuf::from(std::env::var_os(FOLDER).unwrap()));
}

/// The arguments that make this binary such a child.
pub(super) const CHILD: &str = "--exact vault::crash::a_child_does_its_task --nocapture";

/// This binary, for one of the tasks.
pub(super) fn child(task: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(CHILD.split(' '));
    command.env(TASK, task).env(FOLDER, folder).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

pub(super) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[test]
fn a_second_opening_is_told_who_has_the_vault() {
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    let pid = std::process::id();
    assert_eq!(open(folder.path()).unwrap_err(), VaultError::Busy { pid: Some(pid) });
    let output = child("opens", folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains(&format!("busy {pid}\n")), "{said}");
    drop(vault);
    let output = child("opens", folder.path()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("opened\n"));
}

fn child_opens(folder: &Path) {
    match open(folder) {
        Ok(_) => say("opened"),
        Err(VaultError::Busy { pid: Some(pid) }) => say(&format!("busy {pid}")),
        Err(error) => panic!("{error}"),
    }
}

/// What a child had acknowledged before it was stopped.
#[derive(Default)]
pub(super) struct Acknowledged {
    instances: Vec<(usize, usize)>,
    reports: Vec<usize>,
    confirmed: Vec<usize>,
    drafts: Vec<usize>,
    audits: usize,
}

impl Acknowledged {
    fn counts(&self) -> [usize; 4] {
        [self.instances.len(), self.reports.len(), self.drafts.len(), self.audits]
    }

    /// One line of a child. A line that was cut short acknowledges nothing.
    pub(super) fn hear(&mut self, line: &str) {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            ["instance", study, number, "."] => {
                self.instances.push((study.parse().unwrap(), number.parse().unwrap()));
            }
            ["report", number, "."] => self.reports.push(number.parse().unwrap()),
            ["confirmed", number, "."] => self.confirmed.push(number.parse().unwrap()),
            ["draft", number, "."] => self.drafts.push(number.parse().unwrap()),
            ["audit", "."] => self.audits += 1,
            _ => {}
        }
    }

    /// Reads a child's lines until it says no more; kills it after so many acknowledgements and a moment more.
    fn listen(&mut self, mut child: Child, acknowledgements: usize, moment: Duration) {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the child began");
        for (seen, line) in lines.map_while(Result::ok).enumerate() {
            if seen == acknowledgements {
                std::thread::sleep(moment);
                child.kill().unwrap();
            }
            self.hear(&line);
        }
        child.wait().unwrap();
    }

    /// All of it is there and unchanged.
    pub(super) fn assert_kept(&self, vault: &Vault, when: &str) {
        assert_eq!(vault.findings(), [], "{when}");
        for &(study, number) in &self.instances {
            let read = vault.read_instance(&instance(study, number));
            assert_eq!(*read.unwrap_or_else(|e| panic!("{when}: {e}")), body(number, 20_000), "{when}");
        }
        for &number in &self.reports {
            let read = vault.report_object(&report(number));
            assert_eq!(*read.unwrap_or_else(|e| panic!("{when}: {e}")), body(number, 3000), "{when}");
        }
        let queued = vault.outbox().unwrap();
        assert!(queued.len() >= self.reports.len(), "{when}");
        let state = |number| queued.iter().find(|queued| queued.sop == report(number)).unwrap().state;
        assert!(self.confirmed.iter().all(|number| state(*number) == ReportState::Confirmed), "{when}");
        // The last draft, or one that was written and not yet acknowledged.
        if let Some(&last) = self.drafts.last() {
            let draft = String::from_utf8(vault.draft(&study(1)).unwrap().unwrap().to_vec()).unwrap();
            assert!(draft.parse::<usize>().unwrap() >= last, "{when}: {draft} is older than {last}");
        }
        let AuditVerdict::Intact { records } = vault.verify_audit().unwrap() else { panic!("{when}: audit") };
        assert!(records >= self.audits as u64, "{when}");
    }
}

#[test]
fn what_was_acknowledged_survives_kill_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let (mut random, mut seen) = (Random(7), Acknowledged::default());
    let enough = |seen: &Acknowledged| seen.counts().iter().all(|count| *count > 10);
    for round in 0..80 {
        if round >= 20 && enough(&seen) {
            break;
        }
        let child = child("writes", folder.path())
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        seen.listen(child, random.below(60), Duration::from_micros(random.below(3000) as u64));

        let vault = open(folder.path()).unwrap();
        seen.assert_kept(&vault, &format!("round {round}"));
        let stats = vault.stats().unwrap();
        assert_eq!(objects(folder.path()).len() as u64, stats.instances, "orphans are swept");
        drop(vault);
        let index = rusqlite::Connection::open(folder.path().join("index.db")).unwrap();
        let sound: String = index.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
    assert!(enough(&seen), "the kills came too early to mean anything: {:?}", seen.counts());
}

fn child_writes(folder: &Path) {
    let round: usize = std::env::var(ROUND).unwrap().parse().unwrap();
    let vault = open(folder).unwrap();
    say("ready");
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let vault = &vault;
            scope.spawn(move || {
                for step in 0.. {
                    // Half of them replace an instance of the same content.
                    let (study, number) = (10 * round + thread, step / 2);
                    vault.put_instance(&instance(study, number), b"", &body(number, 20_000)).unwrap();
                    say(&format!("instance {study} {number} ."));
                }
            });
        }
        for number in (1_000_000 * (round + 1)).. {
            enqueue(&vault, number, &body(number, 3000)).unwrap();
            say(&format!("report {number} ."));
            vault.save_draft(&study(1), number.to_string().as_bytes()).unwrap();
            say(&format!("draft {number} ."));
            vault.append_audit(b"signed").unwrap();
            say("audit .");
            // Readers pause; without it the others would hardly come to their turn on a loaded machine.
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}

#[test]
fn a_vault_killed_while_it_is_made_can_be_made_again() {
    let mut random = Random(11);
    let (mut half_made, mut longest_micros) = (0, 1000);
    for round in 0..200 {
        if round >= 12 && half_made > 1 {
            break;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut child = child("makes", folder.path()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.by_ref().map_while(Result::ok).any(|line| line == "begin"));
        std::thread::sleep(Duration::from_micros(random.below(longest_micros) as u64));
        // Longer waits until the making ends before the kill, then shorter ones: whatever the disk's speed.
        let made = folder.path().join("key").exists() && !folder.path().join("key.creating").exists();
        longest_micros = if made { longest_micros * 2 / 3 + 100 } else { longest_micros * 3 / 2 };
        child.kill().unwrap();
        child.wait().unwrap();
        half_made += usize::from(folder.path().join("key.creating").exists());
        let vault = open(folder.path()).unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert_eq!(vault.findings(), []);
        enqueue(&vault, 1, b"report").unwrap();
        assert!(!folder.path().join("key.creating").exists());
    }
    assert!(half_made > 1, "no kill came while the vault was being made");
}

fn child_makes(folder: &Path) {
    say("begin");
    let _vault = open(folder).unwrap();
    say("made");
    std::thread::sleep(Duration::from_secs(20));
}

#[test]
fn a_disk_full_of_images_loses_nothing_and_a_report_is_still_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=4m tmpfs \"$DOKUEI_TEST_VAULT\"";
    let possible = unshared("fills the disk", &format!("{mount} && exit 7"), folder.path());
    if possible != Some(7) {
        return skip("unshare and tmpfs");
    }
    let binary = std::env::current_exe().unwrap();
    let run = format!("{mount} && exec '{}' {CHILD}", binary.display());
    assert_eq!(unshared("fills the disk", &run, folder.path()), Some(0));
}

/// Runs a script in its own mount namespace, in which a child does a task; its exit status.
pub(super) fn unshared(task: &str, script: &str, folder: &Path) -> Option<i32> {
    let mut command = Command::new("unshare");
    command.args(["-r", "-m", "sh", "-c", script]).env(TASK, task).env(FOLDER, folder);
    command.stdin(Stdio::null());
    command.status().ok()?.code()
}

fn child_fills_the_disk(disk: &Path) {
    let (folder, ballast) = (disk.join("vault"), disk.join("ballast"));
    std::fs::write(&ballast, body(0, 200_000)).unwrap();
    let options = OpenOptions { reserve_bytes: 512 * 1024, ..options() };
    let reopen = || Vault::open(&folder, passphrase(super::PASSPHRASE), options.clone()).unwrap();
    let vault = reopen();
    assert_eq!(vault.stats().unwrap().reserve_bytes, 512 * 1024);
    let mut stored = 0;
    let refusal = loop {
        match vault.put_instance(&instance(1, stored), b"", &body(stored, 100_000)) {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refusal, VaultError::DiskFull);
    // The last bytes go too: not even a small image fits.
    while vault.put_instance(&instance(2, stored), b"", &body(stored, 2000)).is_ok() {
        stored += 1;
    }
    let large = vault.put_study_record(&study(1), &body(1, 300_000));
    assert_eq!(large, Err(VaultError::DiskFull));

    enqueue(&vault, 1, &body(1, 50_000)).unwrap();
    vault.save_draft(&study(1), &body(2, 5000)).unwrap();
    vault.append_audit(b"signed").unwrap();
    assert_eq!(vault.stats().unwrap().reserve_bytes, 0, "given up for the report");
    while vault.put_instance(&instance(3, stored), b"", &body(stored, 10)).is_ok() {
        stored += 1;
    }
    let instances = vault.stats().unwrap().instances;
    drop(vault);
    for _ in 0..4 {
        // Whether it opens now or not: nothing may be taken for forgery afterwards.
        match Vault::open(&folder, passphrase(super::PASSPHRASE), options.clone()) {
            Ok(vault) => assert_eq!(vault.findings(), []),
            Err(error) => assert_eq!(error, VaultError::DiskFull),
        }
    }
    std::fs::remove_file(ballast).unwrap();

    let vault = reopen();
    assert_eq!(vault.findings(), []);
    assert_eq!(vault.stats().unwrap().instances, instances);
    for record in vault.studies().unwrap() {
        for stored in vault.instances(&record.study).unwrap() {
            assert_eq!(vault.read_instance(&stored.key).unwrap().len() as u64, stored.size);
        }
    }
    assert_eq!(*vault.report_object(&report(1)).unwrap(), body(1, 50_000));
    assert_eq!(vault.draft(&study(1)).unwrap().unwrap().len(), 5000);
    vault.forget_study(&study(3)).unwrap();
    vault.forget_study(&study(2)).unwrap();
    vault.forget_study(&study(1)).unwrap();
    drop(vault);
    assert_eq!(reopen().stats().unwrap().reserve_bytes, 512 * 1024, "filled again when there is room");
    assert!(files(&folder).iter().all(|path| path.extension().is_none_or(|ending| ending != "tmp")));
}

#[test]
fn the_systems_own_key_store_keeps_and_gives_the_key() {
    let folder = scratch();
    let binary = std::env::current_exe().unwrap();
    let script = format!(
        "command -v gnome-keyring-daemon >/dev/null || exit 77
         printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 77
         exec '{}' {CHILD}",
        binary.display()
    );
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &script]).env(TASK, "uses the key store");
    command.env(FOLDER, folder.path().join("vault"));
    // A home of its own: no test touches the keys of the person who runs it.
    command.env("HOME", folder.path()).env("XDG_DATA_HOME", folder.path().join("data"));
    command.env("XDG_RUNTIME_DIR", folder.path()).stdin(Stdio::null()).stderr(Stdio::null());
    match command.status().ok().and_then(|status| status.code()) {
        None | Some(77 | 127) => judge::absent("GNOME Keyring on a D-Bus session"),
        code => assert_eq!(code, Some(0)),
    }
}

fn child_uses_the_key_store(folder: &Path) {
    let reopen = || Vault::open(folder, Unlock::KeyStore, options());
    let vault = reopen().unwrap();
    enqueue(&vault, 1, b"report").unwrap();
    drop(vault);
    let vault = reopen().unwrap();
    assert_eq!(vault.report_object(&report(1)).unwrap().as_slice(), b"report");
    drop(vault);
    let key = std::fs::read(folder.join("key")).unwrap();
    Vault::destroy(folder, &options()).unwrap();
    // The key file alone, kept by a thief, opens nothing.
    let again = reopen().unwrap();
    drop(again);
    std::fs::write(folder.join("key"), key).unwrap();
    assert_eq!(reopen().unwrap_err(), VaultError::KeyMissing);
}
