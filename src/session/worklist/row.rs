//! The rows of the worklist.

use std::sync::OnceLock;

use crate::dicom::instance::Patient;
use crate::dicom::{Phi, Uid};

/// One study that may be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Study Instance UID.
    pub study: Uid,
    /// Who.
    pub patient: Patient,
    /// Modalities of the study, as in `CT` or `CT\SR`.
    pub modality: String,
    /// Study Description.
    pub description: String,
    /// Study Date, `YYYYMMDD` or empty.
    pub date: String,
    /// Study Time, `HHMMSS` or empty.
    pub time: String,
    /// Instances at the centre, where it says.
    pub instances: Option<u32>,
    /// Instances of it in this vault.
    pub received: u32,
    /// How urgent.
    pub priority: Priority,
    /// How far reading has come.
    pub state: ReadingState,
    /// Who has taken it.
    pub claim: Claim,
    /// Instances that came to the centre after a report on it was signed here.
    pub grown: u32,
    /// What the filter looks in; made when it is needed first.
    pub folded: Folded,
}

/// Who has taken a study to read it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Claim {
    /// Nobody, or the centre does not say.
    #[default]
    Nobody,
    /// This reader: it is kept here until it is read.
    Mine,
    /// Another reader, by name where the centre gives one.
    Other(Phi<String>),
}

/// A row's text for the filter. Two rows that are equal have the same, so it does not count when they are compared.
#[derive(Clone, Default)]
pub struct Folded(OnceLock<String>);

impl Folded {
    pub(in crate::session) fn get_or_make(&self, make: impl FnOnce() -> String) -> &str {
        self.0.get_or_init(make)
    }
}

impl PartialEq for Folded {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl std::fmt::Debug for Folded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Folded(..)")
    }
}

/// Urgency, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Now: UPS priority HIGH with the site's STAT code.
    Stat,
    /// UPS HIGH.
    High,
    /// UPS MEDIUM.
    Medium,
    /// UPS LOW.
    Low,
    /// The centre has no worklist service, or none for this study: shown as unknown, never guessed.
    Unknown,
}

/// Modalities of objects that are no images: reports, notes, states, segmentations, plans, documents (PS3.3
/// C.7.3.1.1.1).
const NO_IMAGES: [&str; 12] =
    ["SR", "KO", "PR", "SEG", "RTSTRUCT", "RTPLAN", "RTRECORD", "REG", "FID", "RWV", "DOC", "PLAN"];

impl Row {
    /// What was imaged, as in `CT PT`: modalities of other objects only where there is nothing else.
    pub fn image_modalities(&self) -> String {
        let all = || self.modality.split('\\').map(str::trim).filter(|one| !one.is_empty());
        let images: Vec<_> = all().filter(|one| !NO_IMAGES.contains(one)).collect();
        if images.is_empty() { all().collect::<Vec<_>>().join(" ") } else { images.join(" ") }
    }
}

impl Priority {
    /// The word of the command-line contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stat => "stat",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Unknown => "unknown",
        }
    }

    /// From that word; anything else is unknown.
    pub fn parse(word: &str) -> Self {
        let all = [Self::Stat, Self::High, Self::Medium, Self::Low];
        all.into_iter().find(|one| one.as_str() == word).unwrap_or(Self::Unknown)
    }
}

/// How far the reading of a study has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingState {
    /// Nobody has begun.
    Unread,
    /// Somebody has taken it.
    Claimed,
    /// A draft lies in this vault.
    Draft,
    /// A preliminary report was signed here.
    Preliminary,
    /// A final report was signed here, or the centre says the work is done.
    Final,
    /// The centre does not say.
    Unknown,
}

impl ReadingState {
    /// The word of the command-line contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Claimed => "claimed",
            Self::Draft => "draft",
            Self::Preliminary => "preliminary",
            Self::Final => "final",
            Self::Unknown => "unknown",
        }
    }

    /// From that word; anything else is unknown.
    pub fn parse(word: &str) -> Self {
        let all = [Self::Unread, Self::Claimed, Self::Draft, Self::Preliminary, Self::Final];
        all.into_iter().find(|one| one.as_str() == word).unwrap_or(Self::Unknown)
    }
}
