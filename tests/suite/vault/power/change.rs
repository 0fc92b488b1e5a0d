//! One change to a file or to a folder's names, and what a power cut leaves of it.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::vault::Random;

/// The pieces in which a disk takes a write.
const PAGE: u64 = 4096;

/// What a power cut leaves of the changes that were not flushed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cut {
    /// Nothing.
    DropAll,
    /// Some of them, each whole.
    DropSome,
    /// Some of them, and of writes some pages of 4 KiB.
    Torn,
}

impl Cut {
    pub(super) const ALL: [Self; 3] = [Self::DropAll, Self::DropSome, Self::Torn];
}

/// A change to a file's bytes.
pub(super) enum Change {
    Write(u64, Vec<u8>),
    Cut(u64),
}

/// A change to a folder's names.
pub(super) enum Naming {
    Link(OsString, usize),
    Unlink(OsString),
    Rename(OsString, OsString, usize),
}

impl Naming {
    pub(super) fn apply(&self, names: &mut BTreeMap<OsString, usize>) {
        match self {
            Self::Link(name, node) => {
                names.insert(name.clone(), *node);
            }
            Self::Unlink(name) => {
                names.remove(name);
            }
            Self::Rename(from, to, node) => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
        }
    }
}

impl Change {
    pub(super) fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, new) => {
                let at = usize::try_from(*at).unwrap();
                bytes.resize(bytes.len().max(at + new.len()), 0);
                bytes[at..at + new.len()].copy_from_slice(new);
            }
            Self::Cut(length) => bytes.resize(usize::try_from(*length).unwrap(), 0),
        }
    }

    /// What is left of it by chance. A write that is lost may still have made its file longer.
    pub(super) fn survive(&self, cut: Cut, luck: usize, random: &mut Random, bytes: &mut Vec<u8>) {
        let lucky = |random: &mut Random| random.below(100) < luck;
        match (self, cut) {
            (_, Cut::DropAll) => {}
            (Self::Write(at, new), Cut::Torn) => {
                let mut start = 0;
                while start < new.len() {
                    let page_end = (at + start as u64) / PAGE * PAGE + PAGE - at;
                    let end = usize::try_from(page_end).unwrap().min(new.len());
                    if lucky(random) {
                        Self::Write(at + start as u64, new[start..end].to_vec()).apply(bytes);
                    }
                    start = end;
                }
            }
            (change, _) if lucky(random) => change.apply(bytes),
            (Self::Write(at, new), _) if random.below(4) == 0 => {
                let end = usize::try_from(*at).unwrap() + new.len();
                bytes.resize(bytes.len().max(end), 0);
            }
            _ => {}
        }
    }
}
