//! Killed in the middle of writing and of sending: nothing lost, nothing doubled, in order.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use dokuei::centre::audit::Record;
use dokuei::site::AuditTarget;
use dokuei::vault::AuditVerdict;

use super::certificates::Papers;
use super::receiver::Receiver;
use super::{PASSPHRASE, Station, look, numbered, open, until};

const TASK: &str = "DOKUEI_TEST_AUDIT_TASK";
const FOLDER: &str = "DOKUEI_TEST_AUDIT_FOLDER";
const TARGET: &str = "DOKUEI_TEST_AUDIT_TARGET";
/// How many records the long form writes: `cargo xtask faults` sets it.
const LONG: &str = "DOKUEI_AUDIT_RECORDS";
const CHILD: &str = "--exact audit::sending::a_child_does_its_task --nocapture";

fn records() -> u64 {
    std::env::var(LONG).map_or(500, |text| text.parse().unwrap())
}

/// Not started by one of the tests below, there is nothing to do.
#[test]
fn a_child_does_its_task() {
    let (Ok(task), Some(folder)) = (std::env::var(TASK), std::env::var_os(FOLDER)) else { return };
    match task.as_str() {
        "write" => child_writes(std::path::Path::new(&folder)),
        "send" => child_sends(std::path::Path::new(&folder)),
        other => panic!("{other}"),
    }
}

/// Writes records for ever; says each number when it is durable.
fn child_writes(folder: &std::path::Path) {
    let vault = open(&folder.join("vault"));
    let mut out = std::io::stdout().lock();
    for number in vault.audit_length().unwrap().. {
        let sequence = vault.append_audit(&numbered(number).to_bytes()).unwrap();
        writeln!(out, "written {sequence}").unwrap();
        out.flush().unwrap();
    }
}

/// Sends what is there until it is killed.
#[allow(clippy::print_stdout, reason = "the parent waits for it")]
fn child_sends(folder: &std::path::Path) {
    let home = dokuei::site::Home::in_folder(folder);
    let target: AuditTarget = toml::from_str(&std::env::var(TARGET).unwrap()).unwrap();
    let profile = dokuei::site::Profile { audit: Some(target), ..dokuei::site::Profile::default() };
    let secrets = crate::support::secrets::AtHand(Some(PASSPHRASE));
    let mut work = dokuei::work::Work::start(home, profile, None, Box::new(secrets)).unwrap();
    look(&mut work);
    println!("sending");
    loop {
        std::thread::park();
    }
}

fn child(task: &str, station: &Station) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(CHILD.split(' ')).env(TASK, task).env(FOLDER, station.0.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

#[test]
fn a_kill_while_records_are_written_loses_none_and_doubles_none() {
    let station = Station::new();
    let (wanted, mut acknowledged) = (records(), 0);
    let mut kills = 0;
    while acknowledged < wanted {
        let mut writer = child("write", &station).spawn().unwrap();
        let until = (acknowledged + wanted / 5).min(wanted);
        for line in BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("written ") {
                acknowledged = number.parse().unwrap();
                if acknowledged == until {
                    writer.kill().unwrap();
                }
            }
        }
        writer.wait().unwrap();
        kills += 1;
    }
    assert!(kills >= 5);
    let vault = station.vault();
    let AuditVerdict::Intact { records } = vault.verify_audit().unwrap() else { panic!("broken") };
    // One more may have become durable before its line was read.
    assert!(records >= acknowledged);
    let kept = vault.audit().unwrap();
    for (at, kept) in kept.iter().enumerate() {
        assert_eq!(kept.sequence, at as u64 + 1);
        assert_eq!(Record::parse(&kept.record).unwrap(), numbered(at as u64), "record {at} is in its place");
    }
}

#[test]
fn a_kill_while_records_are_sent_loses_none_and_the_receiver_has_each_once() {
    let (papers, station) = (Papers::new(), Station::new());
    let receiver = Receiver::start(&papers);
    let target = AuditTarget { fhir: Some(receiver.base.parse().unwrap()), ..papers.target() };
    let mut last = station.fill(records());
    for part in 1..=3 {
        let mut sender = child("send", &station);
        let mut sender = sender.env(TARGET, toml::to_string(&target).unwrap()).spawn().unwrap();
        let enough = last as usize * part / 4;
        until("some records", || receiver.numbers().len() >= enough);
        sender.kill().unwrap();
        sender.wait().unwrap();
        last = station.vault().audit_length().unwrap();
    }
    let mut work = station.work(Some(target));
    look(&mut work);
    let last = last + 2;
    until("the last record", || receiver.numbers().len() as u64 >= last);
    assert_eq!(receiver.numbers(), (1..=last).collect::<Vec<_>>());
}
