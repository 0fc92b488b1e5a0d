//! A thousand records: whatever is done to any of them is detected; the clock may do what it likes.

use std::path::Path;

use dokuei::centre::audit::{Happened, Record};
use dokuei::session::trail::Verdict;
use dokuei::vault::{AuditVerdict, Finding};
use rusqlite::{Connection, params};

use super::{Station, look, numbered, open};

/// The kind of an audit record's row.
const AUDIT: i64 = 7;
const RECORDS: u64 = 1000;

fn id(sequence: u64) -> Vec<u8> {
    let mut id = vec![0; 32];
    id[..8].copy_from_slice(&sequence.to_be_bytes());
    id
}

/// What somebody with the disk, but without the key, may do to a record; it changes places with the next one
/// where there is no statement.
const DEEDS: &[(&str, &str)] = &[
    ("edit", "UPDATE row SET sealed = zeroblob(length(sealed)) WHERE kind = ?1 AND id = ?2"),
    ("delete", "DELETE FROM row WHERE kind = ?1 AND id = ?2"),
    (
        "insert",
        "INSERT INTO row SELECT kind, randomblob(32), parent, size, sealed FROM row
         WHERE kind = ?1 AND id = ?2",
    ),
    ("swap", ""),
];

#[test]
fn an_edit_a_deletion_an_insertion_and_a_swap_of_any_of_a_thousand_records_is_detected() {
    let station = Station::new();
    assert_eq!(station.fill(RECORDS), RECORDS);
    let index = station.home().vault().join("index.db");
    assert_eq!(station.vault().verify_audit().unwrap(), AuditVerdict::Intact { records: RECORDS });
    // The index and the witness of its age: this test goes back in time, no thief does.
    let files = ["index.db", "generation"].map(|name| station.home().vault().join(name));
    let kept = files.each_ref().map(|path| std::fs::read(path).unwrap());
    for (number, (deed, sql)) in DEEDS.iter().enumerate() {
        // A sample: both ends, and some between that differ from deed to deed.
        for sequence in [1, RECORDS - 1, 137 + 211 * number as u64] {
            touch(&index, sql, sequence);
            let vault = open(&station.home().vault());
            assert_eq!(vault.findings(), [Finding::IndexChanged], "{deed} {sequence}");
            let broken = AuditVerdict::Broken { sequence };
            // A row put in beside the others is in nobody's place: the index tells it, the chain is as it was.
            let expected = if *deed == "insert" { AuditVerdict::Intact { records: RECORDS } } else { broken };
            assert_eq!(vault.verify_audit().unwrap(), expected, "{deed} {sequence}");
            drop(vault);
            files.iter().zip(&kept).for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
        }
    }
}

fn touch(index: &Path, sql: &str, sequence: u64) {
    let index = Connection::open(index).unwrap();
    if !sql.is_empty() {
        assert_eq!(index.execute(sql, params![AUDIT, id(sequence)]).unwrap(), 1);
        return;
    }
    let pair = [sequence, sequence + 1];
    let select = "SELECT sealed FROM row WHERE kind = ?1 AND id = ?2";
    let sealed = pair.map(|one| -> Vec<u8> {
        index.query_row(select, params![AUDIT, id(one)], |row| row.get(0)).unwrap()
    });
    let update = "UPDATE row SET sealed = ?3 WHERE kind = ?1 AND id = ?2";
    for (one, sealed) in pair.into_iter().rev().zip(sealed) {
        assert_eq!(index.execute(update, params![AUDIT, id(one), sealed]).unwrap(), 1);
    }
}

#[test]
fn a_broken_chain_is_told_to_whoever_looks_and_is_an_alert() {
    let station = Station::new();
    station.fill(5);
    touch(&station.home().vault().join("index.db"), DEEDS[1].1, 3);
    let mut work = station.work(None);
    let list = look(&mut work);
    assert_eq!(list.verdict, Verdict::Broken { sequence: 3 });
    let found: Vec<_> = list.rows.iter().rev().map(|row| row.what).collect();
    let noted = ["trail-application-started", "trail-vault-damaged", "trail-trail-read"];
    assert_eq!(found, [["trail-study-opened"; 4].as_slice(), &noted].concat());
}

#[test]
fn looking_is_noted_before_it_shows_anything_and_the_order_outlives_a_clock_that_jumps() {
    let station = Station::new();
    let vault = station.vault();
    let now = chrono::Local::now().fixed_offset();
    // A day ahead, a day behind, and the same moment in another zone.
    let day = chrono::TimeDelta::days(1);
    let utc = now.with_timezone(&chrono::FixedOffset::east_opt(0).unwrap());
    for at in [now - day, utc, now + day] {
        let record = Record { study: "1.2.3".into(), ..Record::new(Happened::StudyOpened, at, "sato") };
        vault.append_audit(&record.to_bytes()).unwrap();
    }
    drop(vault);
    let mut work = station.work(None);
    let list = look(&mut work);
    assert_eq!(list.verdict, Verdict::Whole { records: 6 });
    assert_eq!(list.rows[0].what, "trail-trail-read", "the newest is this very look");
    let again = look(&mut work);
    assert_eq!(again.rows[0].what, "trail-trail-read");
    assert_eq!(again.rows.len(), 7, "one alert for one jump");
    drop(work);
    let what: Vec<Happened> = station.records().iter().map(|record| record.what).collect();
    use Happened as H;
    assert_eq!(
        what,
        [
            H::StudyOpened,
            H::StudyOpened,
            H::StudyOpened,
            H::ApplicationStarted,
            H::ClockSetBack,
            H::TrailRead,
            H::TrailRead,
            H::ApplicationStopped
        ]
    );
    assert!(station.records().iter().all(|record| record.moment().is_some()), "every time has its zone");
    assert_eq!(numbered(1).moment().unwrap().offset().local_minus_utc(), 9 * 3600);
}
