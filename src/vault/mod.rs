//! The encrypted local store: keys, index, pixel cache, drafts, outbox, audit trail.
//!
//! Everything that enters is sealed before it touches the disk; this room keeps bytes and does not read
//! them. All calls block: make them from a worker thread, never from inside an async task.
//!
//! # On the disk
//!
//! | name | what | in the clear |
//! | --- | --- | --- |
//! | `key` | the data key, wrapped (layout in `key_file`) | version, kind of lock, random vault id, Argon2id parameters |
//! | `key.creating` | the same before a first opening has finished | the same |
//! | `index.db` | SQLite: one table of sealed rows (see `index`) | kind, keyed hashes, sizes |
//! | `objects/ab/abcd…` | one file an instance (layout in `object`) | nothing but its length |
//! | `generation` | a sealed counter of openings (see `generation`) | nothing |
//! | `reserve` | random bytes given up for reports when the disk is full (see `reserve`) | |
//! | `lock`, `owner` | the writer's lock and its process id | the process id |
//!
//! # Keys
//!
//! ```text
//!   passphrase ──Argon2id──┐
//!                          ├─► key-encryption key ──unwraps──► data key ──HKDF-SHA-256──► rows, objects,
//!   OS key store ──────────┘                                                              names, audit, census
//! ```
//!
//! Seals are XChaCha20-Poly1305 with random nonces (192 bits: no counter to keep); instance files use the
//! STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over 64 KiB segments. What a seal belongs to
//! (kind, keyed id, parent, size, format version) is its associated data, so bytes that were moved, renamed or
//! swapped refuse to open. Names are HMAC-SHA-256 of the UIDs under their own key.
//!
//! # What is promised
//!
//! - When a writing call returns `Ok`, what it wrote survives a crash and a power cut: file, folder and index
//!   are flushed (`fsync`; `F_FULLFSYNC` on macOS) in that order.
//! - Damage and forgery are told, never shown: every read authenticates, and [`Vault::findings`] says when the
//!   index as a whole is not what this program last wrote.
//! - The whole folder put back to an earlier moment is told where the key store holds the key: it is the witness
//!   outside (see `witness`). It counts openings and closings, so a copy made since the last of them is not older.
//!   Under a passphrase alone there is no such witness, and an older folder cannot be told from the last one.

mod audit;
mod census;
mod drafts;
mod durable;
mod error;
mod evict;
mod generation;
mod holdings;
mod index;
mod instances;
mod key_file;
mod key_store;
mod keys;
mod lock;
mod notes;
mod object;
mod open;
mod outbox;
mod pack;
mod repair;
mod reserve;
mod seal;
mod secrets;
mod stats;
mod studies;
mod verifier;
mod witness;

pub use audit::{AuditRecord, AuditVerdict};
pub use error::{Finding, Part, VaultError};
pub use evict::{Evicted, Retention};
pub use holdings::Holdings;
pub use instances::{InstanceKey, StoredInstance};
pub use key_file::KdfCost;
pub use key_store::{KeyStore, OsKeyStore};
pub use open::{OpenOptions, Unlock, Vault};
pub use outbox::{OutboxEntry, QueuedReport, ReportState};
pub use repair::Repaired;
pub use stats::Stats;
pub use studies::StudyRecord;
