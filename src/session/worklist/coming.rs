//! What comes in the background before anybody opens it: what is wanted, and how far each study is. The machine in
//! `work` does it; here is its mirror.

use super::{Claim, ReadingState, Row, Worklist};
use crate::dicom::Uid;
use crate::session::case::Case;
use crate::session::study::{Pace, Progress};
use crate::session::{Problem, State};

/// Studies asked for at a time: more than anybody reads before the next answer of the centre.
const MOST: usize = 30;

/// A study that comes, or came, in the background.
#[derive(Debug, Clone, PartialEq)]
pub struct Coming {
    /// Study Instance UID.
    pub study: Uid,
    /// How far it is.
    pub stage: Stage,
    /// What is here, as the transfer counts.
    pub progress: Progress,
    /// Where the transfer stood when it began to tell.
    pace: Option<Pace>,
}

/// How far a study is that comes in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Others come first.
    Waiting,
    /// It is coming.
    Arriving,
    /// All of it is here.
    Here,
    /// It did not come whole, and why.
    Failed(Problem),
}

/// How much of a study is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Instances here.
    pub received: u32,
    /// Instances at the centre, where it says.
    pub expected: Option<u32>,
    /// Seconds until the rest is here, at the rate measured so far; `None` where nothing runs or no rate is known.
    pub seconds_left: Option<u32>,
    /// What becomes of the rest, where anything does.
    pub rest: Option<Stage>,
}

impl Coming {
    fn new(study: Uid) -> Self {
        Self { study, stage: Stage::Waiting, progress: Progress::default(), pace: None }
    }
}

impl Worklist {
    /// How much of a row's study is here; while its case is open, or while it comes in the background, what the
    /// transfer says.
    pub fn readiness(&self, row: &Row, case: Option<&Case>, now_ms: u64) -> Readiness {
        let open = case.filter(|case| case.centre().is_some() && case.study.as_ref() == Some(&row.study));
        let (progress, pace, rest) = match (open, self.coming(&row.study)) {
            (Some(case), _) => (case.progress, case.pace.filter(|_| case.arrived.is_pending()), None),
            (None, Some(coming)) => (coming.progress, coming.pace, Some(coming.stage.clone())),
            (None, None) => (Progress::default(), None, None),
        };
        let received = progress.received.max(row.received);
        let expected = progress.expected.or(row.instances);
        let seconds_left =
            pace.zip(expected).and_then(|(pace, expected)| pace.seconds_left(received, expected, now_ms));
        Readiness { received, expected, seconds_left, rest: rest.filter(|stage| *stage != Stage::Here) }
    }

    /// A study that comes in the background.
    fn coming(&self, study: &Uid) -> Option<&Coming> {
        self.coming.iter().find(|coming| coming.study == *study)
    }

    /// The newest plan, in its order: what is in none any more is forgotten, what runs goes on.
    pub(super) fn planned(&mut self, studies: Vec<Uid>) {
        let mut before = std::mem::take(&mut self.coming);
        let one = |study: Uid| {
            let known = before.iter().position(|coming| coming.study == study);
            known.map_or_else(|| Coming::new(study), |place| before.swap_remove(place))
        };
        self.coming = studies.into_iter().map(one).collect();
    }

    /// More of a study is here.
    pub(super) fn more_came(&mut self, study: &Uid, progress: Progress, now_ms: u64) {
        if let Some(coming) = self.coming.iter_mut().find(|coming| coming.study == *study) {
            coming.stage = Stage::Arriving;
            coming.progress = progress;
            coming.pace.get_or_insert(Pace { since_ms: now_ms, received: progress.received });
        }
    }

    /// A study is here, or came as far as it would, or waits again because something else comes first.
    pub(super) fn came(&mut self, study: &Uid, stage: Stage, progress: Progress) {
        if let Some(coming) = self.coming.iter_mut().find(|coming| coming.study == *study) {
            (coming.stage, coming.progress, coming.pace) = (stage, progress, None);
        }
    }

    /// The rows have been counted anew: they say themselves what is here.
    pub(super) fn counted_anew(&mut self) {
        self.coming.retain(|coming| coming.stage != Stage::Here);
    }

    /// Nothing comes any more, and why.
    pub(super) fn ended(&mut self, problem: &Problem) {
        for coming in
            self.coming.iter_mut().filter(|one| matches!(one.stage, Stage::Waiting | Stage::Arriving))
        {
            (coming.stage, coming.pace) = (Stage::Failed(problem.clone()), None);
        }
    }
}

/// What shall come before it is opened, in this order: what the reader has claimed or begun, then the list from
/// its top, and at the end what the reader has gone on from. What is read, or another reader's, does not.
pub(super) fn wanted(state: &State) -> Vec<Row> {
    let worklist = &state.worklist;
    let rows = worklist.list.latest().into_iter().flat_map(|list| &list.rows);
    let waits = |row: &&Row| {
        let is_read = matches!(row.state, ReadingState::Preliminary | ReadingState::Final);
        !is_read && !matches!(row.claim, Claim::Other(_)) && !state.outbox.has_report(&row.study)
    };
    let mut wanted: Vec<&Row> = rows.filter(waits).collect();
    let mine = |row: &Row| row.claim == Claim::Mine || row.state == ReadingState::Draft;
    wanted.sort_by_key(|row| (!mine(row), worklist.passed.iter().position(|study| *study == row.study)));
    wanted.into_iter().take(MOST).cloned().collect()
}
