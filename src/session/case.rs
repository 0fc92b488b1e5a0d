//! The open case: a study with all that the reader does on it. Nothing of it is lost in a kill: what the reader
//! made is kept in the vault within two seconds.

mod again;
mod flow;
mod growth;

use std::path::PathBuf;
use std::sync::Arc;

pub use again::Again;
pub use growth::{Growth, Late};

pub(super) use again::tick as ask_again;
pub(super) use flow::{end, go_on, keep_now, on_command, on_event, recall, restored, retry, settle, touched};
pub(super) use growth::{tick, unasked};

use super::draft::Draft;
use super::drawings::Drawings;
use super::keeper::Order;
use super::kept::KeptCase;
use super::study::{Fetched, Pace, Progress};
use super::viewer::Viewer;
use super::worklist::Row;
use super::{Problem, Remote, RequestId};
use crate::dicom::Uid;
use crate::dicom::catalogue::StudyEntry;
use crate::dicom::instance::Patient;

/// The open case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The study that is read; for files, the first that was found.
    pub study: Option<Uid>,
    /// Where it is from.
    pub origin: Origin,
    /// What the worklist said of it, before its first image is here.
    pub row: Option<Row>,
    /// What is here so far. It grows while instances arrive.
    pub catalogue: Arc<Vec<StudyEntry>>,
    /// How far the transfer has come.
    pub progress: Progress,
    /// When the case was opened, ms of the session's clock.
    pub began_ms: u64,
    /// When the first image could be shown, ms of the session's clock.
    pub first_image_ms: Option<u64>,
    /// The end of the transfer.
    pub arrived: Remote<Fetched>,
    /// When what has not come for want of a line is asked for again.
    pub again: Again,
    /// Instances or files that cannot be opened, and why.
    pub refused: Vec<Problem>,
    /// What came after the study was here.
    pub growth: Growth,
    /// What is on screen.
    pub viewer: Viewer,
    /// What was drawn and measured.
    pub drawings: Drawings,
    /// The report being written.
    pub draft: Draft,
    /// How the case is kept.
    pub keeping: Keeping,
    pub(super) request: RequestId,
    /// Where the transfer stood when it began to tell.
    pub(super) pace: Option<Pace>,
}

/// Where a case is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A centre, by its name; its report goes there.
    Centre(String),
    /// Files of this machine: they are looked at, and no report goes anywhere.
    Files(Vec<PathBuf>),
}

/// How much of a study that is not complete is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortfall {
    /// Instances here.
    pub received: u32,
    /// Instances at the centre, more than are here; `None` where nobody knows.
    pub expected: Option<u32>,
}

/// How far what the reader made is safe.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keeping {
    /// Counts what the reader changed.
    pub revision: u64,
    /// The newest revision that is durable in the vault.
    pub kept: u64,
    /// When the oldest change that is not kept was made, ms.
    pub dirty_since_ms: Option<u64>,
    /// Why the last attempt failed.
    pub problem: Option<Problem>,
    /// The revision being written, and the request.
    pub(super) writing: Option<(RequestId, u64)>,
    /// When the oldest change after that revision was made, ms.
    pub(super) since_writing_ms: Option<u64>,
    /// What the vault had of the case is known: before, nothing is put in its place.
    pub(super) opened: bool,
    /// Tells this opening of the case from an earlier one.
    pub(super) opening: RequestId,
}

impl Keeping {
    fn changed(&mut self, now_ms: u64) {
        self.revision += 1;
        self.dirty_since_ms.get_or_insert(now_ms);
        if self.writing.is_some() {
            self.since_writing_ms.get_or_insert(now_ms);
        }
    }

    pub(super) fn is_writing(&self, id: RequestId) -> bool {
        self.writing.is_some_and(|(writing, _)| writing == id)
    }

    /// The vault has what was being written under this request.
    pub(super) fn written(&mut self, id: RequestId) {
        if let Some((_, revision)) = self.writing.take_if(|(writing, _)| *writing == id) {
            self.kept = revision;
            self.dirty_since_ms = self.since_writing_ms.take();
            self.problem = None;
        }
    }

    /// The vault could not write.
    pub(super) fn failed(&mut self, problem: Problem) {
        self.writing = None;
        self.since_writing_ms = None;
        self.problem = Some(problem);
    }
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Open a study of the worklist.
    Open {
        /// The centre's name.
        centre: String,
        /// Study Instance UID.
        study: Uid,
    },
    /// Open files and folders.
    OpenFiles(Vec<PathBuf>),
    /// Ask for what has not come.
    Retry,
    /// Keep the case and go back to the worklist.
    Close,
    /// Keep the case and open the most urgent one that is unread.
    Next,
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Tell what was kept of the case, catalogue what the vault has of the study, then bring the rest home,
    /// cataloguing as it comes. Ends what was open before.
    Open {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
        /// Study Instance UID.
        study: Uid,
    },
    /// The same with files of this machine.
    OpenFiles {
        /// The request.
        id: RequestId,
        /// Files and folders.
        paths: Vec<PathBuf>,
    },
    /// Ask whether the centre has more of the open study than it had, and bring that home.
    Look {
        /// The request.
        id: RequestId,
        /// The request that opened the case.
        opening: RequestId,
        /// The centre's name.
        centre: String,
        /// Study Instance UID.
        study: Uid,
        /// Instances that the centre had.
        known: u32,
    },
    /// Nothing is open any more: stop what runs for it and let its pixels go.
    Close {
        /// The request.
        id: RequestId,
    },
    /// Make this durable in the vault, in place of what was kept of the case.
    Keep {
        /// The request.
        id: RequestId,
        /// What.
        case: Box<KeptCase>,
    },
    /// Forget what was kept of a case: its report is signed, or it was closed with nothing made on it.
    Forget {
        /// The request.
        id: RequestId,
        /// Study Instance UID.
        study: Uid,
    },
    /// Say which case was open when the program last ended without closing it.
    Recall {
        /// The request.
        id: RequestId,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// What was kept of this case, if anything: the first answer to an opening.
    Opened {
        /// The request.
        id: RequestId,
        /// What was kept.
        kept: Option<Box<KeptCase>>,
    },
    /// What is here so far.
    Catalogued {
        /// The request.
        id: RequestId,
        /// Studies, series and stacks.
        catalogue: Arc<Vec<StudyEntry>>,
    },
    /// More is here; steps may be left out when many come at once.
    Progress {
        /// The request.
        id: RequestId,
        /// The newest count.
        progress: Progress,
    },
    /// Instances or files that cannot be opened.
    Refused {
        /// The request.
        id: RequestId,
        /// Why.
        problems: Vec<Problem>,
    },
    /// Everything, or as much as would come, or nothing.
    Arrived {
        /// The request.
        id: RequestId,
        /// What came.
        outcome: Result<Fetched, Problem>,
    },
    /// What came late, `None` where nothing did, or why nobody can say.
    Looked {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<Option<Late>, Problem>,
    },
    /// The centre cannot be reached; the study is here as whole as the centre had it last.
    Offline {
        /// The request.
        id: RequestId,
    },
    /// Durable in the vault, or why not.
    Kept {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<(), Problem>,
    },
    /// Forgotten, or why not.
    Forgotten {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<(), Problem>,
    },
    /// The case that was open, as centre and study; `None` when the program was left properly.
    Recalled {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<Option<(String, Uid)>, Problem>,
    },
    /// Nothing is open any more.
    Closed {
        /// The request.
        id: RequestId,
    },
}

impl Case {
    /// Who: from the images, else from the worklist.
    pub fn patient(&self) -> Option<&Patient> {
        let imaged = self.entry().map(|entry| &entry.patient);
        imaged.or_else(|| self.row.as_ref().map(|row| &row.patient))
    }

    /// The study that is read, as far as it is here. Files may be of several, even of several patients: there it is
    /// the one that the active viewport shows.
    pub fn entry(&self) -> Option<&StudyEntry> {
        let looked_at = || {
            let series = &self.viewer.viewport(self.viewer.active)?.shown.as_ref()?.series;
            let holds = |entry: &&StudyEntry| entry.series.iter().any(|one| one.series.uid == *series);
            self.catalogue.iter().find(holds)
        };
        let of_files = matches!(self.origin, Origin::Files(_)).then(looked_at).flatten();
        let study = self.study.as_ref();
        of_files.or_else(|| self.catalogue.iter().find(|entry| Some(&entry.study.uid) == study))
    }

    /// The centre it is from; `None` for files.
    pub fn centre(&self) -> Option<&str> {
        match &self.origin {
            Origin::Centre(centre) => Some(centre),
            Origin::Files(_) => None,
        }
    }

    /// What is missing of a centre's study while it comes, and where it did not come whole; `None` when every
    /// image is here, and for files, which nobody counts.
    pub fn shortfall(&self) -> Option<Shortfall> {
        self.centre()?;
        if self.arrived.latest().is_some_and(Fetched::is_complete) {
            return None;
        }
        let Progress { received, expected, .. } = self.progress;
        let expected = expected.or_else(|| self.row.as_ref()?.instances);
        // As many as were counted, and not complete all the same: the count is not to be trusted.
        Some(Shortfall { received, expected: expected.filter(|expected| *expected > received) })
    }

    /// Nothing was drawn or written: only what is on screen would be lost.
    pub(super) fn is_bare(&self) -> bool {
        self.drawings.all.is_empty() && self.draft.is_empty()
    }

    /// To keep the case as it is now; `None` for files, of which nothing is kept.
    pub(super) fn keep_order(&self) -> Option<Order> {
        let (study, case) = (self.study.clone()?, Box::new(KeptCase::of(self)?));
        let Keeping { opening, revision, .. } = self.keeping;
        Some(Order::Keep { study, case, opening, revision })
    }

    fn new(origin: Origin, request: RequestId, began_ms: u64) -> Self {
        Self {
            study: None,
            origin,
            row: None,
            catalogue: Arc::default(),
            progress: Progress::default(),
            began_ms,
            first_image_ms: None,
            arrived: Remote::Pending { previous: None },
            again: Again::default(),
            refused: Vec::new(),
            growth: Growth::default(),
            viewer: Viewer::default(),
            drawings: Drawings::default(),
            draft: Draft::default(),
            keeping: Keeping { opening: request, ..Keeping::default() },
            request,
            pace: None,
        }
    }
}

#[cfg(test)]
mod tests;
