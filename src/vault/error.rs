//! Why the vault cannot do what it was asked, and what it found when it was opened.

use std::io;

use crate::text::{Explain, Message};

/// A part of the vault that can be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The wrapped data key: without it nothing can be read.
    KeyFile,
    /// The SQLite file as a whole.
    Index,
    /// One sealed row of the index: a study record, report, draft or secret.
    Entry,
    /// One cached instance; the centre still has it.
    Instance,
    /// The chain of audit records.
    AuditTrail,
}

/// Why the vault refused. No variant carries a name, an identifier or a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Another process has this vault open.
    #[error("the vault is open in another process ({pid:?})")]
    Busy {
        /// The owner, where it could be read.
        pid: Option<u32>,
    },
    /// There is no vault in this folder and none was to be created.
    #[error("there is no vault in this folder")]
    NoVault,
    /// The passphrase does not open this vault.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// A vault cannot be protected by an empty passphrase.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// This vault was made with a passphrase.
    #[error("this vault is opened with a passphrase, not with the key store")]
    NeedsPassphrase,
    /// This vault was made with the key store of the operating system.
    #[error("this vault is opened with the key store, not with a passphrase")]
    NeedsKeyStore,
    /// The operating system offers no key store in this session.
    #[error("no key store is available")]
    NoKeyStore,
    /// The key store is there but locked, or it refused.
    #[error("the key store is locked or refused")]
    KeyStoreRefused,
    /// The key store holds no key for this vault, or another one.
    #[error("the key store holds no key that opens this vault")]
    KeyMissing,
    /// The Argon2id cost asked for is outside what this program accepts.
    #[error("the key derivation cost is out of range")]
    BadCost,
    /// Bytes on disk are not what was written.
    #[error("damaged: {part:?}")]
    Damaged {
        /// Which part.
        part: Part,
    },
    /// A later version of the program wrote this vault.
    #[error("the vault has format version {version}, which this program does not know")]
    NewerFormat {
        /// The version found.
        version: u8,
    },
    /// The disk, or the quota on it, is full. What was there before is still there.
    #[error("the disk is full")]
    DiskFull,
    /// The disk itself fails. What was being written may be there or not.
    #[error("the disk reports an error")]
    DiskFails,
    /// The file system refused for another reason.
    #[error("the file system refused: {kind}")]
    Io {
        /// What kind of refusal.
        kind: io::ErrorKind,
    },
    /// SQLite refused for another reason.
    #[error("the index refused with SQLite code {code}")]
    IndexRefused {
        /// SQLite's extended result code.
        code: i32,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// This instance is not in the vault.
    #[error("this instance is not in the vault")]
    NotStored,
    /// This report is not in the outbox.
    #[error("this report is not in the outbox")]
    NotQueued,
    /// Another object with the same SOP Instance UID is in the outbox.
    #[error("another object with this SOP Instance UID is in the outbox")]
    AlreadyQueued,
    /// A report's state would go back.
    #[error("a report that is {from:?} cannot become {to:?}")]
    StateGoesBack {
        /// The state it has.
        from: super::ReportState,
        /// The state asked for.
        to: super::ReportState,
    },
    /// Only a confirmed report may leave the outbox.
    #[error("the report is not confirmed and stays in the outbox")]
    NotConfirmed,
}

/// What opening the vault found; the vault works, and someone should be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Rows of the index were changed, removed or put back by something other than this program.
    IndexChanged,
    /// The index, its witness, or the whole folder is from an earlier opening: work done since may be missing.
    OlderIndex,
}

impl VaultError {
    pub(super) const fn damaged(part: Part) -> Self {
        Self::Damaged { part }
    }
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ if is_of_the_disk(&error) => Self::DiskFails,
            kind => Self::Io { kind },
        }
    }
}

/// The standard library has no kind for it: EIO on Unix; `ERROR_CRC` and `ERROR_IO_DEVICE` on Windows.
fn is_of_the_disk(error: &io::Error) -> bool {
    let codes: &[i32] = if cfg!(windows) { &[23, 1117] } else { &[5] };
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                Code::DiskFull => Self::DiskFull,
                Code::SystemIoFailure => Self::DiskFails,
                Code::DatabaseCorrupt | Code::NotADatabase => Self::damaged(Part::Index),
                _ => Self::IndexRefused { code: failure.extended_code },
            },
            // A column of another type or a table that is not there: this program always writes the same.
            _ => Self::damaged(Part::Index),
        }
    }
}

impl From<getrandom::Error> for VaultError {
    fn from(_: getrandom::Error) -> Self {
        Self::NoRandomness
    }
}

impl Explain for VaultError {
    fn message(&self) -> Message {
        match self {
            Self::Busy { pid: Some(pid) } => Message::new("vault-busy").with("pid", pid),
            Self::Busy { pid: None } => Message::new("vault-busy-unknown"),
            Self::NoVault => Message::new("vault-none"),
            Self::WrongPassphrase => Message::new("vault-wrong-passphrase"),
            Self::EmptyPassphrase => Message::new("vault-empty-passphrase"),
            Self::NeedsPassphrase => Message::new("vault-needs-passphrase"),
            Self::NeedsKeyStore => Message::new("vault-needs-key-store"),
            Self::NoKeyStore => Message::new("vault-no-key-store"),
            Self::KeyStoreRefused => Message::new("vault-key-store-refused"),
            Self::KeyMissing => Message::new("vault-key-missing"),
            Self::BadCost => Message::new("vault-bad-cost"),
            Self::Damaged { part } => part.message(),
            Self::NewerFormat { version } => Message::new("vault-newer-format").with("version", version),
            Self::DiskFull => Message::new("vault-disk-full"),
            Self::DiskFails => Message::new("vault-disk-fails"),
            Self::Io { kind } => Message::new("vault-io").with("why", kind),
            Self::IndexRefused { code } => Message::new("vault-index-refused").with("code", code),
            Self::NoRandomness => Message::new("vault-no-randomness"),
            Self::NotStored => Message::new("vault-not-stored"),
            Self::NotQueued => Message::new("vault-not-queued"),
            Self::AlreadyQueued => Message::new("vault-already-queued"),
            Self::StateGoesBack { .. } => Message::new("vault-state-goes-back"),
            Self::NotConfirmed => Message::new("vault-not-confirmed"),
        }
    }
}

impl Explain for Part {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::KeyFile => "vault-damaged-key",
            Self::Index => "vault-damaged-index",
            Self::Entry => "vault-damaged-entry",
            Self::Instance => "vault-damaged-instance",
            Self::AuditTrail => "vault-damaged-audit",
        })
    }
}

impl Explain for Finding {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::IndexChanged => "vault-found-changed",
            Self::OlderIndex => "vault-found-older",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, say};
    use crate::vault::ReportState;

    fn all() -> Vec<Box<dyn Explain>> {
        use VaultError as E;
        let mut all: Vec<Box<dyn Explain>> = Vec::new();
        for error in [
            E::Busy { pid: Some(4711) },
            E::Busy { pid: None },
            E::NoVault,
            E::WrongPassphrase,
            E::EmptyPassphrase,
            E::NeedsPassphrase,
            E::NeedsKeyStore,
            E::NoKeyStore,
            E::KeyStoreRefused,
            E::KeyMissing,
            E::BadCost,
            E::NewerFormat { version: 2 },
            E::DiskFull,
            E::DiskFails,
            E::Io { kind: io::ErrorKind::PermissionDenied },
            E::IndexRefused { code: 10 },
            E::NoRandomness,
            E::NotStored,
            E::NotQueued,
            E::AlreadyQueued,
            E::StateGoesBack { from: ReportState::Confirmed, to: ReportState::Sent },
            E::NotConfirmed,
        ] {
            all.push(Box::new(error));
        }
        for part in [Part::KeyFile, Part::Index, Part::Entry, Part::Instance, Part::AuditTrail] {
            all.push(Box::new(E::damaged(part)));
        }
        for finding in [Finding::IndexChanged, Finding::OlderIndex] {
            all.push(Box::new(finding));
        }
        all
    }

    #[test]
    fn every_error_and_finding_is_a_sentence_of_its_own_in_both_languages() {
        for language in Language::ALL {
            let said: Vec<_> = all().iter().map(|error| say(language, &error.message())).collect();
            let mut distinct = said.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!(distinct.len(), said.len());
            for (error, sentence) in all().iter().zip(&said) {
                assert_ne!(sentence, error.message().id(), "not in the catalogue");
                assert!(!sentence.contains("{$"), "{sentence}");
            }
            assert!(said[0].contains("4711"), "busy names the process: {}", said[0]);
        }
    }
}
