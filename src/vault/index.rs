//! The index: one SQLite table of sealed rows.
//!
//! ```sql
//! row(kind, id, parent, size, sealed)   -- id and parent: keyed hashes; size: of the plaintext or the object
//! census(sealed)                        -- one row: see `census`
//! ```
//!
//! Journal: `TRUNCATE` with `synchronous=FULL`. Write-ahead logging would flush less often, but a damaged page
//! in its log silently takes back committed transactions, where here every committed row lies in the one
//! file, is flushed there before the call returns, and is authenticated when it is read. (`DELETE` would need
//! the folder flushed as well.) What that costs is won back by committing together the rows of instances that
//! several threads bring at the same time.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};
use zeroize::Zeroizing;

use super::census::Census;
use super::keys::{Id, Keys};
use super::{Part, VaultError, durable};

/// What a row is about. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Instance = 1,
    Study = 2,
    Report = 3,
    ReportObject = 4,
    Draft = 5,
    Secret = 6,
    Audit = 7,
    AuditHead = 8,
    Generation = 9,
    Note = 10,
}

/// No parent, or the only row of its kind.
pub(super) const NONE: Id = [0; 32];

/// A row as a room of the vault sees it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) id: Id,
    /// The study's id where there is one.
    pub(super) parent: Id,
    /// Bytes of the plaintext, or of the object that an instance's row describes.
    pub(super) size: u64,
    pub(super) plain: Zeroizing<Vec<u8>>,
}

/// A row as it lies in the table.
struct Stored {
    kind: u8,
    id: Id,
    parent: Id,
    size: u64,
    sealed: Vec<u8>,
}

/// The index of an open vault.
pub(super) struct Index {
    keys: Arc<Keys>,
    inner: Mutex<Inner>,
    waiting: Mutex<Vec<Waiting>>,
}

struct Inner {
    connection: Connection,
    /// False from an opening that found the census not to fit until the index is repaired: it is not
    /// rewritten meanwhile, so that the finding stays.
    census_fits: bool,
}

/// A row that a thread wants committed, and where the answer goes: what it replaced.
struct Waiting {
    row: Row,
    answer: Arc<OnceLock<Result<Option<Row>, VaultError>>>,
}

impl Index {
    /// Opens `path`, or makes it where `create`, and checks SQLite's structure and the census.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the file is gone or SQLite cannot read it.
    pub(super) fn open(path: &Path, keys: Arc<Keys>, create: bool) -> Result<Self, VaultError> {
        if create {
            // Made here for its permissions; SQLite gives its journal the same.
            durable::private_file(path)?.sync_all()?;
        } else if !path.is_file() {
            return Err(VaultError::damaged(Part::Index));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.execute_batch(SETTINGS)?;
        if create {
            connection.execute_batch(SCHEMA)?;
        }
        if !is_sound(&connection)? {
            // SQLite's own look-up trees can be made anew from the rows, and the census says whether those are
            // all there: damage here must not shut a reader out from unsent reports.
            connection.execute_batch("REINDEX")?;
            if !is_sound(&connection)? {
                return Err(VaultError::damaged(Part::Index));
            }
        }
        if create {
            Census::default().store(&connection, &keys)?;
        }
        let actual = count(&connection, &keys)?;
        let census_fits = Census::load(&connection, &keys)? == Some(actual);
        let inner = Inner { connection, census_fits };
        Ok(Self { keys, inner: Mutex::new(inner), waiting: Mutex::new(Vec::new()) })
    }

    /// Whether the rows are the ones that this program last wrote.
    pub(super) fn census_fits(&self) -> bool {
        self.lock().census_fits
    }

    /// Runs `work` in one transaction; it is durable when this returns `Ok`, and undone otherwise.
    ///
    /// # Errors
    /// What `work` returns, or the index's refusal.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        self.lock().write(&self.keys, work)
    }

    /// Writes one row like [`Index::write`] and returns the row that it replaced. Rows that several threads
    /// bring at the same time share one commit: whoever gets the lock takes along all that wait.
    ///
    /// # Errors
    /// The index's refusal; then none of the rows of that commit is written.
    pub(super) fn put_together(&self, row: Row) -> Result<Option<Row>, VaultError> {
        let answer = Arc::new(OnceLock::new());
        let waiting = Waiting { row, answer: Arc::clone(&answer) };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
        let mut inner = self.lock();
        if answer.get().is_none() {
            let batch = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            let outcome = inner.write(&self.keys, |writer| {
                batch.iter().map(|waiting| writer.replace(&waiting.row)).collect::<Result<Vec<_>, _>>()
            });
            match outcome {
                Ok(replaced) => {
                    for (waiting, replaced) in batch.iter().zip(replaced) {
                        let _ = waiting.answer.set(Ok(replaced));
                    }
                }
                Err(error) => {
                    for waiting in &batch {
                        let _ = waiting.answer.set(Err(error));
                    }
                }
            }
        }
        drop(inner);
        // A leader that panicked answered nobody: its rows are not written.
        answer.get().cloned().unwrap_or(Err(VaultError::damaged(Part::Index)))
    }

    /// The row, or `None` where there is none.
    pub(super) fn get(&self, kind: Kind, id: &Id) -> Result<Option<Row>, VaultError> {
        get(&self.lock().connection, &self.keys, kind, id)
    }

    /// All rows of a kind in the order of their arrival.
    pub(super) fn all(&self, kind: Kind) -> Result<Vec<Row>, VaultError> {
        all(&self.lock().connection, &self.keys, kind)
    }

    /// The rows of a kind that belong to `parent`, in the order of their arrival.
    pub(super) fn children(&self, kind: Kind, parent: &Id) -> Result<Vec<Row>, VaultError> {
        children(&self.lock().connection, &self.keys, kind, parent)
    }

    /// The rows of a kind that open, whatever else there is.
    pub(super) fn readable(&self, kind: Kind) -> Result<Vec<Row>, VaultError> {
        let stored = select(&self.lock().connection, "WHERE kind = ?1 ORDER BY rowid", [kind as u8])?;
        Ok(stored.into_iter().filter_map(|row| row.open(&self.keys, kind)).collect())
    }

    /// Per parent: how many rows of `kind`, the sum of their sizes, and the first row.
    pub(super) fn totals(&self, kind: Kind) -> Result<Vec<Total>, VaultError> {
        let inner = self.lock();
        let mut statement = inner.connection.prepare(
            "SELECT parent, count(*), sum(size), min(rowid) FROM row WHERE kind = ?1 GROUP BY parent",
        )?;
        let totals = statement.query_map([kind as u8], |row| {
            let (rows, bytes) = (unsigned(row, 1)?, unsigned(row, 2)?);
            Ok(Total { parent: row.get(0)?, rows, bytes, first: row.get(3)? })
        })?;
        Ok(totals.collect::<Result<_, _>>()?)
    }

    /// The row that [`Total::first`] names, unless it has gone meanwhile.
    pub(super) fn first(&self, kind: Kind, total: &Total) -> Result<Option<Row>, VaultError> {
        let stored = select(&self.lock().connection, "WHERE rowid = ?1", [total.first])?;
        Ok(open_all(&stored, &self.keys, kind)?.pop())
    }

    /// The bytes of the SQLite file.
    pub(super) fn bytes(&self) -> Result<u64, VaultError> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
        Ok(self.lock().connection.query_row(sql, [], |row| unsigned(row, 0))?)
    }

    /// Drops the rows that do not open and takes the census anew; returns how many were dropped.
    pub(super) fn repair(&self) -> Result<u64, VaultError> {
        let mut inner = self.lock();
        let dropped = inner.write(&self.keys, |writer| {
            let stored = select(&writer.transaction, "", [])?;
            let bad: Vec<_> = stored.iter().filter(|row| !row.is_authentic(&self.keys)).collect();
            for row in &bad {
                let sql = "DELETE FROM row WHERE kind = ?1 AND id = ?2";
                writer.transaction.execute(sql, params![row.kind, row.id])?;
            }
            writer.census = count(&writer.transaction, &self.keys)?;
            writer.census.store(&writer.transaction, &self.keys)?;
            Ok(bad.len() as u64)
        })?;
        inner.census_fits = true;
        Ok(dropped)
    }

    /// A thread that panicked while it held the lock left at most a transaction that SQLite takes back.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What [`Index::totals`] says of one parent.
pub(super) struct Total {
    pub(super) parent: Id,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    first: i64,
}

impl Inner {
    fn write<T>(
        &mut self,
        keys: &Keys,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Never from memory: a commit that reports an error may have gone through all the same.
        let census = if self.census_fits {
            Census::load(&transaction, keys)?.ok_or(VaultError::damaged(Part::Index))?
        } else {
            Census::default()
        };
        let mut writer = Writer { transaction, keys, census };
        let result = work(&mut writer)?;
        if self.census_fits {
            writer.census.store(&writer.transaction, keys)?;
        }
        writer.transaction.commit()?;
        Ok(result)
    }
}

/// One open transaction.
pub(super) struct Writer<'a> {
    transaction: Transaction<'a>,
    keys: &'a Keys,
    census: Census,
}

impl Writer<'_> {
    pub(super) fn get(&self, kind: Kind, id: &Id) -> Result<Option<Row>, VaultError> {
        get(&self.transaction, self.keys, kind, id)
    }

    pub(super) fn all(&self, kind: Kind) -> Result<Vec<Row>, VaultError> {
        all(&self.transaction, self.keys, kind)
    }

    /// Whether there is a row of this kind, readable or not.
    pub(super) fn has_any(&self, kind: Kind) -> Result<bool, VaultError> {
        let sql = "SELECT EXISTS(SELECT 1 FROM row WHERE kind = ?1)";
        Ok(self.transaction.query_row(sql, [kind as u8], |row| row.get(0))?)
    }

    /// Writes a row over the one of the same kind and id.
    pub(super) fn put(&mut self, row: &Row) -> Result<(), VaultError> {
        self.replace(row).map(|_| ())
    }

    /// Writes a row and returns the one it replaced, where that one opens.
    fn replace(&mut self, row: &Row) -> Result<Option<Row>, VaultError> {
        let replaced = self.count_out("WHERE kind = ?1 AND id = ?2", row.kind, &row.id)?;
        let mut stored =
            Stored { kind: row.kind as u8, id: row.id, parent: row.parent, size: row.size, sealed: vec![] };
        stored.sealed = self.keys.rows.seal(&stored.about(), &row.plain)?;
        self.transaction.execute(
            "INSERT INTO row (kind, id, parent, size, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (kind, id) DO UPDATE SET parent = ?3, size = ?4, sealed = ?5",
            params![stored.kind, stored.id, stored.parent, stored.size.cast_signed(), stored.sealed],
        )?;
        self.census.enter(&stored.share(self.keys));
        Ok(replaced.into_iter().find_map(|old| old.open(self.keys, row.kind)))
    }

    /// Removes a row; one that is not there is no error.
    pub(super) fn delete(&mut self, kind: Kind, id: &Id) -> Result<(), VaultError> {
        self.count_out("WHERE kind = ?1 AND id = ?2", kind, id)?;
        self.transaction.execute("DELETE FROM row WHERE kind = ?1 AND id = ?2", params![kind as u8, id])?;
        Ok(())
    }

    /// Removes the rows of a kind that belong to `parent` and returns those that open.
    pub(super) fn delete_children(&mut self, kind: Kind, parent: &Id) -> Result<Vec<Row>, VaultError> {
        let gone = self.count_out("WHERE kind = ?1 AND parent = ?2", kind, parent)?;
        let sql = "DELETE FROM row WHERE kind = ?1 AND parent = ?2";
        self.transaction.execute(sql, params![kind as u8, parent])?;
        Ok(gone.into_iter().filter_map(|row| row.open(self.keys, kind)).collect())
    }

    fn count_out(&mut self, filter: &str, kind: Kind, key: &Id) -> Result<Vec<Stored>, VaultError> {
        let stored = select(&self.transaction, filter, params![kind as u8, key])?;
        for row in &stored {
            self.census.leave(&row.share(self.keys));
        }
        Ok(stored)
    }
}

impl Stored {
    /// The associated data of the row's seal: all that stands in the clear.
    fn about(&self) -> Vec<u8> {
        [b"dokuei row 1".as_slice(), &[self.kind], &self.id, &self.parent, &self.size.to_be_bytes()].concat()
    }

    fn share(&self, keys: &Keys) -> Id {
        keys.census_share(&self.about(), &self.sealed)
    }

    fn is_authentic(&self, keys: &Keys) -> bool {
        keys.rows.open(&self.about(), &self.sealed).is_some()
    }

    fn open(&self, keys: &Keys, kind: Kind) -> Option<Row> {
        let plain = keys.rows.open(&self.about(), &self.sealed).filter(|_| self.kind == kind as u8)?;
        Some(Row { kind, id: self.id, parent: self.parent, size: self.size, plain })
    }
}

impl Census {
    const ABOUT: &[u8] = b"dokuei census 1";

    fn store(self, connection: &Connection, keys: &Keys) -> Result<(), VaultError> {
        let sealed = keys.rows.seal(Self::ABOUT, &self.to_bytes())?;
        connection.execute("INSERT OR REPLACE INTO census (only, sealed) VALUES (0, ?1)", [sealed])?;
        Ok(())
    }

    /// `None` where it is gone or refuses.
    fn load(connection: &Connection, keys: &Keys) -> Result<Option<Self>, VaultError> {
        let sql = "SELECT sealed FROM census WHERE only = 0";
        let sealed: Option<Vec<u8>> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
        let plain = sealed.and_then(|sealed| keys.rows.open(Self::ABOUT, &sealed));
        Ok(plain.and_then(|plain| Self::parse(&plain).ok()))
    }
}

fn is_sound(connection: &Connection) -> Result<bool, VaultError> {
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(verdict == "ok")
}

fn count(connection: &Connection, keys: &Keys) -> Result<Census, VaultError> {
    let mut census = Census::default();
    let mut statement = connection.prepare(&format!("{COLUMNS} ORDER BY rowid"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        census.enter(&Stored::read(row)?.share(keys));
    }
    Ok(census)
}

fn get(connection: &Connection, keys: &Keys, kind: Kind, id: &Id) -> Result<Option<Row>, VaultError> {
    let stored = select(connection, "WHERE kind = ?1 AND id = ?2", params![kind as u8, id])?;
    let row = open_all(&stored, keys, kind)?.pop();
    // A damaged look-up tree may lead to another row, authentic in itself.
    if row.as_ref().is_some_and(|row| row.id != *id) {
        return Err(VaultError::damaged(Part::Index));
    }
    Ok(row)
}

fn all(connection: &Connection, keys: &Keys, kind: Kind) -> Result<Vec<Row>, VaultError> {
    open_all(&select(connection, "WHERE kind = ?1 ORDER BY rowid", [kind as u8])?, keys, kind)
}

fn children(connection: &Connection, keys: &Keys, kind: Kind, parent: &Id) -> Result<Vec<Row>, VaultError> {
    let filter = "WHERE kind = ?1 AND parent = ?2 ORDER BY rowid";
    open_all(&select(connection, filter, params![kind as u8, parent])?, keys, kind)
}

fn open_all(stored: &[Stored], keys: &Keys, kind: Kind) -> Result<Vec<Row>, VaultError> {
    let damaged = VaultError::damaged(Part::Entry);
    stored.iter().map(|row| row.open(keys, kind).ok_or(damaged)).collect()
}

fn select(
    connection: &Connection,
    filter: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Stored>, VaultError> {
    let mut statement = connection.prepare(&format!("{COLUMNS} {filter}"))?;
    let rows = statement.query_map(values, Stored::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Stored {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            kind: row.get(0)?,
            id: row.get(1)?,
            parent: row.get(2)?,
            size: unsigned(row, 3)?,
            sealed: row.get(4)?,
        })
    }
}

/// SQLite knows signed numbers only; sizes are below 2^63.
fn unsigned(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}

const COLUMNS: &str = "SELECT kind, id, parent, size, sealed FROM row";

const SETTINGS: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = TRUNCATE;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cell_size_check = ON;
    PRAGMA trusted_schema = OFF;";

const SCHEMA: &str = "
    CREATE TABLE row (
        kind INTEGER NOT NULL,
        id BLOB NOT NULL,
        parent BLOB NOT NULL,
        size INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        UNIQUE (kind, id)
    );
    CREATE INDEX row_by_parent ON row (kind, parent);
    CREATE TABLE census (only INTEGER PRIMARY KEY CHECK (only = 0), sealed BLOB NOT NULL);";
