//! What can be wrong with a place on this machine.

use std::path::PathBuf;

use crate::text::{Explain, Message};

/// Why a file, a medium or an archive cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalError {
    /// A pipe, a device or a socket.
    #[error("{path} is neither a file nor a folder")]
    NotAFile {
        /// Which.
        path: PathBuf,
    },
    /// More bytes than are read at once.
    #[error("{path} is too large")]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The most that is read, GiB.
        most_gib: u64,
    },
    /// More files than are read together.
    #[error("{path} holds too many files")]
    TooMany {
        /// Which folder or archive.
        path: PathBuf,
        /// The most that are read.
        most: usize,
    },
    /// No ZIP archive, or one that is cut or damaged.
    #[error("{path} is a damaged archive")]
    Damaged {
        /// Which archive.
        path: PathBuf,
    },
    /// An entry that was changed after it was packed, or cut.
    #[error("an entry of an archive is damaged")]
    DamagedEntry,
    /// An entry that needs a password.
    #[error("an entry of an archive is encrypted")]
    Encrypted,
    /// An entry packed by a method that is not read here.
    #[error("an entry of an archive is packed by another method")]
    Method,
    /// An archive, or an entry, that would grow out of all proportion.
    #[error("an archive grows out of proportion")]
    Grows {
        /// The most it may become, MiB.
        most_mib: u64,
    },
    /// An archive inside an archive or a folder.
    #[error("an archive lies within what was opened")]
    Within,
    /// Another image under the identifier of one that was read before.
    #[error("another image under the same identifier")]
    Differs,
    /// Entries of one name, of which an archive gives only the last.
    #[error("{path} has entries of the same name")]
    SameName {
        /// Which archive.
        path: PathBuf,
    },
    /// A DICOMDIR lists files that are not there.
    #[error("{path} lists {count} files that are not there")]
    ListedMissing {
        /// Which DICOMDIR.
        path: PathBuf,
        /// How many files.
        count: usize,
        /// The first of them, as it is listed.
        first: String,
    },
    /// A DICOMDIR names files outside its medium.
    #[error("{path} names {count} files elsewhere")]
    ListedElsewhere {
        /// Which DICOMDIR.
        path: PathBuf,
        /// How many names.
        count: usize,
    },
    /// A DICOMDIR that cannot be read.
    #[error("{path} cannot be read")]
    Unlisted {
        /// Which DICOMDIR.
        path: PathBuf,
    },
}

impl Explain for LocalError {
    fn message(&self) -> Message {
        match self {
            Self::NotAFile { path } => Message::new("work-local-no-file").with("path", path.display()),
            Self::TooLarge { path, most_gib } => {
                Message::new("work-local-too-large").with("path", path.display()).with("most", most_gib)
            }
            Self::TooMany { path, most } => {
                Message::new("work-local-too-many").with("path", path.display()).with("most", most)
            }
            Self::Damaged { path } => Message::new("work-local-archive-damaged").with("path", path.display()),
            Self::DamagedEntry => Message::new("work-local-entry-damaged"),
            Self::Encrypted => Message::new("work-local-encrypted"),
            Self::Method => Message::new("work-local-method"),
            Self::Grows { most_mib } => Message::new("work-local-grows").with("most", most_mib),
            Self::Within => Message::new("work-local-archive-within"),
            Self::Differs => Message::new("work-local-differs"),
            Self::SameName { path } => Message::new("work-local-same-name").with("path", path.display()),
            Self::ListedMissing { path, count, first } => Message::new("work-local-listed-missing")
                .with("path", path.display())
                .with("count", count)
                .with("first", first),
            Self::ListedElsewhere { path, count } => {
                Message::new("work-local-listed-elsewhere").with("path", path.display()).with("count", count)
            }
            Self::Unlisted { path } => Message::new("work-local-unlisted").with("path", path.display()),
        }
    }
}
