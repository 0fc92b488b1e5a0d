//! The open case: a study with all that the reader does on it. Nothing of it is lost in a kill: what the reader
//! made is kept in the vault within two seconds.

use std::path::PathBuf;
use std::sync::Arc;

use super::draft::{self, Draft};
use super::drawings::{self, Drawings};
use super::keeper::{self, Order};
use super::kept::KeptCase;
use super::shell::{self, Screen, Weight};
use super::study::{Fetched, Pace, Progress};
use super::viewer::{self, Viewer};
use super::worklist::{self, Row};
use super::{Problem, Remote, RequestId, State};
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
    /// Instances or files that cannot be opened, and why.
    pub refused: Vec<Problem>,
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
    /// Keep the case and open the next one that is unread, in the worklist's order.
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

    /// The study that is read, as far as it is here.
    pub fn entry(&self) -> Option<&StudyEntry> {
        let study = self.study.as_ref()?;
        self.catalogue.iter().find(|entry| entry.study.uid == *study)
    }

    /// The centre it is from; `None` for files.
    pub fn centre(&self) -> Option<&str> {
        match &self.origin {
            Origin::Centre(centre) => Some(centre),
            Origin::Files(_) => None,
        }
    }

    /// Nothing was drawn or written: only what is on screen would be lost.
    pub(super) fn is_bare(&self) -> bool {
        self.drawings.all.is_empty() && self.draft.is_empty()
    }

    /// To keep the case as it is now; `None` for files, of which nothing is kept.
    pub(super) fn keep_order(&self) -> Option<Order> {
        let (study, revision) = (self.study.clone()?, self.keeping.revision);
        Some(Order::Keep { study, case: Box::new(KeptCase::of(self)?), revision })
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
            refused: Vec::new(),
            viewer: Viewer::default(),
            drawings: Drawings::default(),
            draft: Draft::default(),
            keeping: Keeping::default(),
            request,
            pace: None,
        }
    }
}

/// The reader changed something of the open case: it is kept before two seconds have passed. Cheap: nothing is
/// looked at or copied.
pub(super) fn touched(state: &mut State) {
    let now_ms = state.shell.now_ms;
    if let Some(case) = state.case.as_mut().filter(|case| case.centre().is_some()) {
        case.keeping.changed(now_ms);
    }
}

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    match command {
        Command::Open { centre, study } => open(state, centre, study),
        Command::OpenFiles(paths) => open_files(state, paths),
        Command::Retry => retry(state),
        Command::Close => close(state),
        Command::Next => {
            let mut effects = settle(state);
            effects.extend(go_on(state));
            effects
        }
    }
}

/// Opens a study; what was open before is kept first. The case that is open already is only shown.
fn open(state: &mut State, centre: String, study: Uid) -> Vec<super::Effect> {
    let is_open = |case: &Case| case.centre() == Some(&centre) && case.study.as_ref() == Some(&study);
    if state.case.as_ref().is_some_and(is_open) {
        state.shell.screen = Screen::Reading;
        return Vec::new();
    }
    let mut effects = settle(state);
    effects.push(begin(state, centre, study));
    effects
}

fn begin(state: &mut State, centre: String, study: Uid) -> super::Effect {
    state.keeper.hold(&study);
    let id = state.request();
    let row = state.worklist.row(&study).cloned();
    let case = Case::new(Origin::Centre(centre.clone()), id, state.shell.now_ms);
    state.case = Some(Case { study: Some(study.clone()), row, ..case });
    state.worklist.selected = Some(study.clone());
    state.shell.screen = Screen::Reading;
    super::Effect::Case(Effect::Open { id, centre, study })
}

fn open_files(state: &mut State, paths: Vec<PathBuf>) -> Vec<super::Effect> {
    let mut effects = settle(state);
    let id = state.request();
    state.case = Some(Case::new(Origin::Files(paths.clone()), id, state.shell.now_ms));
    state.shell.screen = Screen::Reading;
    effects.push(super::Effect::Case(Effect::OpenFiles { id, paths }));
    effects
}

/// Asks again for what has not come; what is here and what was made stays.
fn retry(state: &mut State) -> Vec<super::Effect> {
    let id = state.request();
    let Some(case) = state.case.as_mut().filter(|case| !case.arrived.is_pending()) else {
        return Vec::new();
    };
    case.request = id;
    case.arrived.ask();
    case.refused.clear();
    case.pace = None;
    let effect = match (&case.origin, &case.study) {
        (Origin::Centre(centre), Some(study)) => {
            Effect::Open { id, centre: centre.clone(), study: study.clone() }
        }
        (Origin::Files(paths), _) => Effect::OpenFiles { id, paths: paths.clone() },
        (Origin::Centre(_), None) => return Vec::new(),
    };
    vec![super::Effect::Case(effect)]
}

/// Has what the reader made kept, or forgets a case on which nothing was made.
pub(super) fn settle(state: &mut State) -> Vec<super::Effect> {
    let Some(case) = state.case.as_ref().filter(|case| case.centre().is_some()) else {
        return Vec::new();
    };
    let keeping = &case.keeping;
    let (known, due) = (keeping.opened, keeping.revision > keeping.kept);
    let being_written = keeping.writing.is_some_and(|(_, revision)| revision == keeping.revision);
    let order = match &case.study {
        Some(study) if case.is_bare() => known.then(|| Order::Forget(study.clone())),
        _ if due && !being_written => case.keep_order(),
        _ => None,
    };
    order.map(|order| keeper::order(state, order)).unwrap_or_default()
}

/// Keeps the case and closes it.
pub(super) fn end(state: &mut State) -> Vec<super::Effect> {
    let mut effects = settle(state);
    if state.case.take().is_some() {
        effects.push(super::Effect::Case(Effect::Close { id: state.request() }));
    }
    effects
}

fn close(state: &mut State) -> Vec<super::Effect> {
    if state.case.is_none() {
        return Vec::new();
    }
    let mut effects = end(state);
    let signed_in = state.sign_in.signed_in().is_some();
    state.shell.screen = if signed_in { Screen::Worklist } else { Screen::SignIn };
    effects.extend(worklist::refresh(state));
    effects
}

/// The next case of the list that is not read, in place of the open one, which is kept or done; else the list.
pub(super) fn go_on(state: &mut State) -> Vec<super::Effect> {
    let current = state.case.as_ref().and_then(|case| case.study.clone());
    let next = worklist::next_unread(state, current.as_ref());
    let centre = state.sign_in.centre().map(str::to_owned);
    match (centre, next) {
        (Some(centre), Some(study)) => vec![begin(state, centre, study)],
        _ => {
            // What was to be kept has been ordered: closing must not order it anew.
            let was_open = state.case.take().is_some();
            let mut effects = Vec::new();
            if was_open {
                effects.push(super::Effect::Case(Effect::Close { id: state.request() }));
            }
            let signed_in = state.sign_in.signed_in().is_some();
            state.shell.screen = if signed_in { Screen::Worklist } else { Screen::SignIn };
            effects.extend(worklist::refresh(state));
            effects
        }
    }
}

/// Asks which case was open when the program last died.
pub(super) fn recall(state: &mut State) -> super::Effect {
    super::Effect::Case(Effect::Recall { id: state.request() })
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    let now_ms = state.shell.now_ms;
    match event {
        Event::Kept { id, outcome } | Event::Forgotten { id, outcome } => {
            return keeper::answered(state, id, outcome);
        }
        Event::Recalled { outcome, .. } => return recalled(state, outcome),
        Event::Closed { id } => shell::closed(state, id),
        Event::Opened { id, kept } if is_awaited(state, id) => return opened(state, kept),
        Event::Arrived { id, outcome } if is_awaited(state, id) => arrived(state, outcome),
        Event::Catalogued { id, catalogue } => {
            if let Some(case) = awaited(state, id) {
                let first = catalogue.first().map(|entry| entry.study.uid.clone());
                case.study = case.study.take().or(first);
                case.catalogue = catalogue;
                return viewer::catalogued(state);
            }
        }
        Event::Progress { id, progress } => {
            if let Some(case) = awaited(state, id) {
                case.progress = progress;
                case.pace.get_or_insert(Pace { since_ms: now_ms, received: progress.received });
            }
        }
        Event::Refused { id, problems } => {
            if let Some(case) = awaited(state, id) {
                case.refused.extend(problems.iter().cloned());
                for problem in &problems {
                    shell::tell_kind(state, problem, Weight::Warning);
                }
            }
        }
        Event::Opened { .. } | Event::Arrived { .. } => {}
    }
    Vec::new()
}

fn awaited(state: &mut State, id: RequestId) -> Option<&mut Case> {
    state.case.as_mut().filter(|case| case.request == id)
}

fn is_awaited(state: &mut State, id: RequestId) -> bool {
    awaited(state, id).is_some()
}

/// What was kept comes back, once: after that, what is here is newer.
fn opened(state: &mut State, kept: Option<Box<KeptCase>>) -> Vec<super::Effect> {
    let Some(case) = state.case.as_mut().filter(|case| !case.keeping.opened) else {
        return Vec::new();
    };
    case.keeping.opened = true;
    let before = case.keeping.clone();
    let held = case.study.as_ref().and_then(|study| state.keeper.take_held(study));
    let Some(kept) = held.unwrap_or(kept) else { return Vec::new() };
    viewer::restore(state, &kept);
    let effects = drawings::restore(state, &kept);
    draft::restore(state, &kept);
    if let Some(case) = &mut state.case {
        case.keeping = before;
    }
    effects
}

fn arrived(state: &mut State, outcome: Result<Fetched, Problem>) {
    let Some(case) = &mut state.case else { return };
    let troubles: Vec<_> = match &outcome {
        Ok(fetched) => {
            case.progress.expected = Some(fetched.expected);
            case.progress.received = fetched.received;
            fetched.failures.iter().map(|failure| failure.problem.clone()).collect()
        }
        Err(problem) => {
            if !case.keeping.opened {
                // The vault did not even say what it has of the case.
                case.keeping.problem = Some(problem.clone());
            }
            vec![problem.clone()]
        }
    };
    let whole = outcome.is_err();
    case.arrived.answer(outcome);
    for problem in &troubles {
        let fault = whole || shell::is_locked_out(problem);
        shell::tell_kind(state, problem, if fault { Weight::Fault } else { Weight::Warning });
    }
}

/// The case that was open when the program died comes back, unless the reader has gone on or elsewhere.
fn recalled(state: &mut State, outcome: Result<Option<(String, Uid)>, Problem>) -> Vec<super::Effect> {
    match outcome {
        Ok(Some((centre, study))) if state.case.is_none() && state.sign_in.centre() == Some(&centre) => {
            vec![begin(state, centre, study)]
        }
        Ok(_) => Vec::new(),
        Err(problem) => {
            shell::tell(state, problem, Weight::Warning);
            Vec::new()
        }
    }
}
