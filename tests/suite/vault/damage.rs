//! Bits that flip, files that are swapped, copies that are put back, rows that are edited.

use std::path::{Path, PathBuf};

use dokuei::vault::{AuditVerdict, Finding, Part, VaultError};
use rusqlite::{Connection, params};

use super::{
    Contents, Random, Told, ask, body, enqueue, files, furnish, instance, objects, open, scratch, study,
};
use crate::support::campaign::{figure, rounds};

/// A furnished and closed vault, what it holds, and its files' bytes.
struct Specimen {
    folder: tempfile::TempDir,
    contents: Contents,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Specimen {
    fn new() -> Self {
        let folder = scratch();
        let vault = open(folder.path()).unwrap();
        furnish(&vault);
        let contents = Contents::of(&vault).unwrap();
        drop(vault);
        let files = snapshot(folder.path());
        Self { folder, contents, files }
    }

    fn restore(&self) {
        restore(self.folder.path(), &self.files);
    }

    /// Holds the invariant of every damage: it is told, or nothing is different.
    fn is_told(&self, what: &str) -> bool {
        match ask(self.folder.path()) {
            Told::Held(contents) => {
                assert_eq!(contents, self.contents, "{what} showed something else");
                false
            }
            told => {
                assert_ne!(
                    told,
                    Told::Error(VaultError::WrongPassphrase),
                    "{what} is not the reader's fault"
                );
                true
            }
        }
    }
}

pub(super) fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files(folder).into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

pub(super) fn restore(folder: &Path, snapshot: &[(PathBuf, Vec<u8>)]) {
    for path in files(folder) {
        if !snapshot.iter().any(|(kept, _)| *kept == path) {
            std::fs::remove_file(path).unwrap();
        }
    }
    for (path, bytes) in snapshot {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn flipped_bits_are_told_or_make_no_difference() {
    let specimen = Specimen::new();
    let named: Vec<_> = specimen.files.iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
    let mut random = Random(1);
    let (mut told_in_index, mut told_elsewhere) = (0, 0);
    let count = rounds(300, 1000);
    for round in 0..count {
        let (path, bytes) = named[round % named.len()];
        let bit = random.below(bytes.len() * 8);
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(path, flipped).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let told = specimen.is_told(&format!("bit {bit} of {name}"));
        // The database has unused space, where a bit means nothing; all other files are sealed throughout.
        let is_index = name == "index.db";
        assert!(told || is_index, "bit {bit} of {name} was not noticed");
        *(if is_index { &mut told_in_index } else { &mut told_elsewhere }) += usize::from(told);
        specimen.restore();
    }
    assert!(told_in_index > 10, "{told_in_index}");
    assert!(!specimen.is_told("nothing"));
    let told = told_in_index + told_elsewhere;
    let idle = count - told;
    figure("S5 flipped bits", &format!("{count}: {told} told, {idle} in unused space of the index, 0 shown"));
}

#[test]
fn every_bit_of_the_rows_themselves_is_guarded() {
    let specimen = Specimen::new();
    let index = specimen.folder.path().join("index.db");
    let rows: i64 = Connection::open(&index)
        .unwrap()
        .query_row("SELECT count(*) FROM row", [], |row| row.get(0))
        .unwrap();
    let mut random = Random(2);
    for round in 0..100 {
        let column = ["id", "parent", "sealed"][round % 3];
        let rowid = 1 + random.below(rows as usize) as i64;
        let connection = Connection::open(&index).unwrap();
        let sql = format!("SELECT {column} FROM row WHERE rowid = ?1");
        let mut bytes: Vec<u8> = connection.query_row(&sql, [rowid], |row| row.get(0)).unwrap();
        let bit = random.below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let sql = format!("UPDATE row SET {column} = ?1 WHERE rowid = ?2");
        connection.execute(&sql, params![bytes, rowid]).unwrap();
        drop(connection);
        assert!(specimen.is_told(&format!("bit {bit} of {column} in row {rowid}")));
        specimen.restore();
    }
}

#[test]
fn swapped_files_and_swapped_rows_are_told() {
    let specimen = Specimen::new();
    let objects = objects(specimen.folder.path());
    let mut random = Random(3);
    let count = rounds(30, 100);
    for round in 0..count {
        let one = random.below(objects.len());
        let other = (one + 1 + random.below(objects.len() - 1)) % objects.len();
        let kept = objects[one].with_extension("kept");
        std::fs::rename(&objects[one], &kept).unwrap();
        std::fs::rename(&objects[other], &objects[one]).unwrap();
        std::fs::rename(&kept, &objects[other]).unwrap();
        assert!(specimen.is_told(&format!("swap {round}")));
        specimen.restore();
    }
    let index = specimen.folder.path().join("index.db");
    for round in 0..count {
        let connection = Connection::open(&index).unwrap();
        let rows: i64 = connection.query_row("SELECT count(*) FROM row", [], |row| row.get(0)).unwrap();
        let one = 1 + random.below(rows as usize) as i64;
        let other = 1 + (one + random.below(rows as usize - 1) as i64) % rows;
        let sealed = |rowid: i64| -> Vec<u8> {
            let sql = "SELECT sealed FROM row WHERE rowid = ?1";
            connection.query_row(sql, [rowid], |row| row.get(0)).unwrap()
        };
        let (first, second) = (sealed(one), sealed(other));
        for (rowid, sealed) in [(one, second), (other, first)] {
            connection
                .execute("UPDATE row SET sealed = ?1 WHERE rowid = ?2", params![sealed, rowid])
                .unwrap();
        }
        drop(connection);
        assert_eq!(one == other, !specimen.is_told(&format!("rows {one} and {other}, round {round}")));
        specimen.restore();
    }
    figure("S5 swapped", &format!("{count} files and {count} rows, all told"));
}

#[test]
fn a_removed_row_is_missed_whatever_it_is() {
    let specimen = Specimen::new();
    let index = specimen.folder.path().join("index.db");
    for kind in 1..=9 {
        let connection = Connection::open(&index).unwrap();
        let sql = "DELETE FROM row WHERE rowid = (SELECT min(rowid) FROM row WHERE kind = ?1)";
        assert_eq!(connection.execute(sql, [kind]).unwrap(), 1, "kind {kind}");
        drop(connection);
        let told = ask(specimen.folder.path());
        assert!(matches!(&told, Told::Found(found) if found.contains(&Finding::IndexChanged)), "{told:?}");
        specimen.restore();
    }
}

#[test]
fn an_older_file_index_or_row_put_back_is_told() {
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    furnish(&vault);
    drop(vault);
    let index = folder.path().join("index.db");
    let mut older: Vec<Vec<(PathBuf, Vec<u8>)>> = Vec::new();
    for round in 0..rounds(5, 20) {
        older.push(snapshot(folder.path()));
        let vault = open(folder.path()).unwrap();
        vault.put_instance(&instance(1, 1), b"", &body(100 + round, 700)).unwrap();
        vault.save_draft(&study(1), format!("draft {round}").as_bytes()).unwrap();
        enqueue(&vault, 100 + round, b"report").unwrap();
        drop(vault);
    }
    let now = snapshot(folder.path());
    for (round, older) in older.iter().enumerate() {
        let bytes_of = |path: &Path| &older.iter().find(|(name, _)| name == path).unwrap().1;
        // The whole index, as it was when the vault was last closed in order.
        std::fs::write(&index, bytes_of(&index)).unwrap();
        let told = ask(folder.path());
        assert_eq!(told, Told::Found(vec![Finding::OlderIndex]), "index of round {round}");
        restore(folder.path(), &now);
        // One old file under the name of the new one.
        let new_only: Vec<_> = objects(folder.path())
            .into_iter()
            .filter(|path| older.iter().all(|(name, _)| name != path))
            .collect();
        let gone = older.iter().find(|(path, _)| is_object(path) && !path.exists()).unwrap();
        assert_eq!(new_only.len(), 1);
        std::fs::write(&new_only[0], &gone.1).unwrap();
        assert_eq!(ask(folder.path()), Told::Error(VaultError::Damaged { part: Part::Instance }));
        restore(folder.path(), &now);
        // The old draft's row in the new index.
        put_back_row(&index, bytes_of(&index), 5);
        assert_eq!(ask(folder.path()), Told::Found(vec![Finding::IndexChanged]));
        restore(folder.path(), &now);
    }
    assert!(matches!(ask(folder.path()), Told::Held(_)));
    let count = older.len();
    figure(
        "S5 put back to an earlier time",
        &format!("{count} indexes, {count} files, {count} rows, all told"),
    );
}

fn is_object(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "objects")
}

fn put_back_row(index: &Path, older: &[u8], kind: u8) {
    let folder = scratch();
    let copy = folder.path().join("older.db");
    std::fs::write(&copy, older).unwrap();
    let sealed: Vec<u8> = Connection::open(&copy)
        .unwrap()
        .query_row("SELECT sealed FROM row WHERE kind = ?1", [kind], |row| row.get(0))
        .unwrap();
    let sql = "UPDATE row SET sealed = ?1 WHERE kind = ?2";
    assert_eq!(Connection::open(index).unwrap().execute(sql, params![sealed, kind]).unwrap(), 1);
}

#[test]
fn an_audit_trail_that_was_edited_cut_or_reordered_is_broken_where_it_was_touched() {
    const AUDIT: i64 = 7;
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    for number in 0..30 {
        vault.append_audit(format!("event {number}").as_bytes()).unwrap();
    }
    let last_but_one = vault.audit().unwrap();
    assert_eq!(last_but_one.len(), 30);
    assert!(last_but_one.windows(2).all(|pair| pair[0].appended_unix_ms <= pair[1].appended_unix_ms));
    drop(vault);
    let kept = snapshot(folder.path());
    let id = |sequence: u64| {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&sequence.to_be_bytes());
        id.to_vec()
    };
    let edit = "UPDATE row SET sealed = zeroblob(length(sealed)) WHERE kind = ?1 AND id = ?2";
    let delete = "DELETE FROM row WHERE kind = ?1 AND id = ?2";
    let insert = "INSERT INTO row SELECT kind, zeroblob(32), parent, size, sealed FROM row
                  WHERE kind = ?1 AND id = ?2";
    let cases = [(edit, 7, 7), (delete, 12, 12), (delete, 1, 1), (delete, 30, 30), (edit, 30, 30)];
    for (sql, touched, broken_at) in cases {
        Connection::open(folder.path().join("index.db"))
            .unwrap()
            .execute(sql, params![AUDIT, id(touched)])
            .unwrap();
        let vault = open(folder.path()).unwrap();
        assert_eq!(vault.findings(), [Finding::IndexChanged], "{sql} {touched}");
        assert_eq!(vault.verify_audit().unwrap(), AuditVerdict::Broken { sequence: broken_at }, "{sql}");
        // Repair lets work go on; it does not mend the chain.
        vault.repair().unwrap();
        assert_eq!(vault.findings(), []);
        assert_eq!(vault.verify_audit().unwrap(), AuditVerdict::Broken { sequence: broken_at }, "{sql}");
        drop(vault);
        restore(folder.path(), &kept);
    }
    Connection::open(folder.path().join("index.db")).unwrap().execute(insert, params![AUDIT, id(4)]).unwrap();
    assert_eq!(ask(folder.path()), Told::Found(vec![Finding::IndexChanged]));
    restore(folder.path(), &kept);

    Connection::open(folder.path().join("index.db"))
        .unwrap()
        .execute("DELETE FROM row WHERE kind = 8", [])
        .unwrap();
    let vault = open(folder.path()).unwrap();
    assert_eq!(vault.verify_audit().unwrap(), AuditVerdict::Broken { sequence: 1 });
    assert_eq!(vault.append_audit(b"x"), Err(VaultError::Damaged { part: Part::AuditTrail }));
}

#[test]
fn a_finding_stays_until_repair_and_repair_keeps_what_is_sound() {
    let specimen = Specimen::new();
    let index = specimen.folder.path().join("index.db");
    let sql = "UPDATE row SET sealed = zeroblob(40) WHERE kind = 5";
    assert_eq!(Connection::open(&index).unwrap().execute(sql, []).unwrap(), 1);
    for _ in 0..2 {
        let vault = open(specimen.folder.path()).unwrap();
        assert_eq!(vault.findings(), [Finding::IndexChanged]);
        assert_eq!(vault.draft(&study(1)), Err(VaultError::Damaged { part: Part::Entry }));
        vault.put_secret("other", b"work goes on").unwrap();
    }
    let vault = open(specimen.folder.path()).unwrap();
    assert_eq!(vault.repair().unwrap().dropped_rows, 1);
    drop(vault);
    let expected = Contents { draft: None, ..specimen.contents };
    assert_eq!(ask(specimen.folder.path()), Told::Held(expected));
}

#[test]
fn damage_to_the_look_up_trees_alone_loses_nothing() {
    let specimen = Specimen::new();
    let index = specimen.folder.path().join("index.db");
    let (root, page_size): (i64, i64) = Connection::open(&index)
        .unwrap()
        .query_row(
            "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size() WHERE name = 'row_by_parent'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let mut bytes = std::fs::read(&index).unwrap();
    // The last cell of that tree: a key that no row has.
    bytes[(root * page_size) as usize - 20] ^= 0x10;
    std::fs::write(&index, bytes).unwrap();
    let verdict: String =
        Connection::open(&index).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_ne!(verdict, "ok");
    assert!(!specimen.is_told("a look-up tree"));
}
