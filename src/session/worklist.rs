//! What waits to be read, most urgent first.

mod coming;
mod row;

pub use coming::{Coming, Readiness, Stage};
pub use row::{Claim, Folded, Priority, ReadingState, Row};

use super::shell::{self, Screen, Weight};
use super::study::Progress;
use super::{Problem, Remote, RequestId, State, find, outbox, sign_in};
use crate::dicom::Uid;

/// The worklist of one centre.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Worklist {
    /// What the centre answered.
    pub list: Remote<List>,
    /// What the reader typed to find rows, or empty.
    pub filter: String,
    /// The row that keys act on.
    pub selected: Option<Uid>,
    /// When the newest answer came, ms of the session's clock.
    pub answered_ms: Option<u64>,
    /// What comes in the background, in its order.
    pub coming: Vec<Coming>,
    pub(super) awaited: RequestId,
    /// STAT studies that the reader has been told of.
    pub(super) known_stat: Vec<Uid>,
    /// Studies that the reader has been told of because they grew after they were signed, and by how much.
    known_grown: Vec<(Uid, u32)>,
    /// Studies that the reader went on from without reading them.
    pub(super) passed: Vec<Uid>,
    /// When the centre was asked last, ms.
    pub(super) asked_ms: u64,
    /// Why the last question failed.
    pub problem: Option<Problem>,
}

/// An answer: what could be listed, and what the reader must know of the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    /// The rows, sorted: STAT first, then by priority, then the newest study.
    pub rows: Vec<Row>,
    /// Rows that could not be read, a worklist service that failed, a vault that did not open.
    pub problems: Vec<Problem>,
    /// The centre could not be asked: these are its rows as they were kept here then, local time.
    pub kept_at: Option<String>,
}

/// What a person wants of the worklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask the centre again.
    Refresh {
        /// Its name.
        centre: String,
    },
    /// Show only rows that hold these words.
    Filter(String),
    /// Keys act on this row.
    Select(Option<Uid>),
    /// Keys act on a row further down (or up) among those that are shown.
    Step(i32),
    /// Take a study to read it, so that nobody else does and it stays here; or give it back.
    Claim {
        /// Study Instance UID.
        study: Uid,
        /// Whether to take it.
        take: bool,
    },
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// List the studies of a centre.
    List {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
        /// Where it cannot be asked, its list as it was kept here; and a new one is kept.
        or_kept: bool,
    },
    /// Take a study, or give it back.
    Claim {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
        /// Study Instance UID.
        study: Uid,
        /// Whether to take it.
        take: bool,
    },
    /// Bring these and their priors home in the background, the first before the others, in place of what was to
    /// be brought before. What is opened comes before all of them.
    Prefetch {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
        /// What is wanted.
        rows: Vec<Row>,
    },
}

/// What `work` answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The list, or why there is none.
    Listed {
        /// The request.
        id: RequestId,
        /// The rows in any order.
        outcome: Result<List, Problem>,
    },
    /// A study is the reader's now (or no longer), or why not. Also told without a request, where it was lost.
    Claimed {
        /// Which.
        study: Uid,
        /// Whether it is the reader's.
        outcome: Result<bool, Problem>,
    },
    /// What will come in the background, in this order, priors included. Told without a request, as what follows:
    /// the machine runs by itself.
    Planned(Vec<Uid>),
    /// More of a study has come in the background; steps may be left out.
    Coming {
        /// Which.
        study: Uid,
        /// The newest count.
        progress: Progress,
    },
    /// A study came as far as it does for now.
    Came {
        /// Which.
        study: Uid,
        /// [`Stage::Here`], [`Stage::Failed`], or [`Stage::Waiting`] again because something else comes first.
        stage: Stage,
        /// What is here of it.
        progress: Progress,
    },
    /// Nothing more comes in the background until it is asked for again.
    Rested {
        /// The request.
        id: RequestId,
        /// Everything that was wanted was looked at, or why not.
        outcome: Result<(), Problem>,
    },
}

/// The list is asked for anew after this long, ms.
const REFRESH_MS: u64 = 30_000;

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    let worklist = &mut state.worklist;
    match command {
        Command::Refresh { centre } => return ask(state, centre),
        Command::Filter(words) => worklist.find(words),
        Command::Select(study) => worklist.selected = study,
        Command::Step(by) => worklist.step(by),
        Command::Claim { study, take } => return claim(state, study, take),
    }
    Vec::new()
}

fn claim(state: &mut State, study: Uid, take: bool) -> Vec<super::Effect> {
    let Some(centre) = state.sign_in.centre().map(str::to_owned) else { return Vec::new() };
    let id = state.request();
    vec![super::Effect::Worklist(Effect::Claim { id, centre, study, take })]
}

/// A study is the reader's now, or no longer.
fn claimed(state: &mut State, study: &Uid, outcome: Result<bool, Problem>) -> Vec<super::Effect> {
    let mine = match outcome {
        Ok(mine) => mine,
        Err(problem) => {
            shell::tell(state, problem, Weight::Warning);
            return refresh(state);
        }
    };
    let rows = state.worklist.list.latest_mut().into_iter().flat_map(|list| &mut list.rows);
    for row in rows.filter(|row| row.study == *study) {
        row.claim = if mine { Claim::Mine } else { Claim::Nobody };
        row.state = match row.state {
            ReadingState::Unread | ReadingState::Unknown if mine => ReadingState::Claimed,
            ReadingState::Claimed if !mine => ReadingState::Unread,
            as_it_was => as_it_was,
        };
    }
    // What is claimed comes before all others; nobody knows what without a line.
    if state.worklist.is_kept() { Vec::new() } else { prefetch(state) }
}

fn ask(state: &mut State, centre: String) -> Vec<super::Effect> {
    let id = state.request();
    state.worklist.asked_ms = state.shell.now_ms;
    let or_kept = state.sign_in.centre() == Some(&centre);
    vec![state.worklist.ask(id, centre, or_kept)]
}

/// Asks the reader's centre anew; nothing where nobody is signed in.
pub(super) fn refresh(state: &mut State) -> Vec<super::Effect> {
    let centre = state.sign_in.centre().map(str::to_owned);
    centre.map(|centre| ask(state, centre)).unwrap_or_default()
}

/// Keeps the list fresh while the reader works.
pub(super) fn tick(state: &mut State) -> Vec<super::Effect> {
    let due = state.shell.now_ms >= state.worklist.asked_ms + REFRESH_MS;
    let away = state.shell.screen == Screen::SignIn || state.lock.is_closed();
    if !due || state.worklist.list.is_pending() || away {
        return Vec::new();
    }
    refresh(state)
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    let now_ms = state.shell.now_ms;
    match event {
        Event::Listed { id, outcome } if id == state.worklist.awaited => return answered(state, outcome),
        Event::Listed { .. } => {}
        Event::Claimed { study, outcome } => return claimed(state, &study, outcome),
        Event::Planned(studies) => state.worklist.planned(studies),
        Event::Coming { study, progress } => state.worklist.more_came(&study, progress, now_ms),
        Event::Came { study, stage, progress } => state.worklist.came(&study, stage, progress),
        Event::Rested { outcome: Err(problem), .. } => state.worklist.ended(&problem),
        Event::Rested { outcome: Ok(()), .. } => {}
    }
    Vec::new()
}

fn answered(state: &mut State, outcome: Result<List, Problem>) -> Vec<super::Effect> {
    match outcome {
        Ok(list) if list.kept_at.is_some() => {
            state.worklist.problem = None;
            state.worklist.answer(Ok(list));
            mark_reported(state);
            Vec::new()
        }
        Ok(list) => listed(state, list),
        Err(problem) => {
            let is_new = state.worklist.problem.as_ref() != Some(&problem);
            if is_new && shell::is_locked_out(&problem) {
                shell::tell(state, problem.clone(), Weight::Fault);
                sign_in::ask_again(state, &problem);
            }
            state.worklist.problem = Some(problem.clone());
            state.worklist.answer(Err(problem));
            Vec::new()
        }
    }
}

fn listed(state: &mut State, list: List) -> Vec<super::Effect> {
    let is_first = state.worklist.answered_ms.is_none();
    let was_without = state.worklist.problem.is_some() || state.worklist.is_kept();
    state.worklist.problem = None;
    state.worklist.answered_ms = Some(state.shell.now_ms);
    state.worklist.counted_anew();
    state.worklist.answer(Ok(list));
    mark_reported(state);
    let study = state.case.as_ref().and_then(|case| case.study.as_ref());
    let row = study.and_then(|study| state.worklist.row(study)).cloned();
    if let (Some(row), Some(case)) = (row, &mut state.case) {
        case.row = Some(row);
    }
    let mut effects = match state.worklist.learn_stat() {
        0 => Vec::new(),
        _ if is_first => Vec::new(),
        new => {
            announce(state, new);
            shell::chime(state)
        }
    };
    tell_grown(state);
    if was_without {
        effects.extend(outbox::line_is_back(state));
    }
    effects.extend(prefetch(state));
    effects
}

/// Has what will be read next brought home.
fn prefetch(state: &mut State) -> Vec<super::Effect> {
    let Some(centre) = state.sign_in.centre().map(str::to_owned) else { return Vec::new() };
    // The answer that said what there is to bring.
    let (id, rows) = (state.worklist.awaited, coming::wanted(state));
    vec![super::Effect::Worklist(Effect::Prefetch { id, centre, rows })]
}

/// A report was signed, and the study has grown since: the reader must know.
fn tell_grown(state: &mut State) {
    let rows = state.worklist.list.latest().into_iter().flat_map(|list| &list.rows);
    let grown: Vec<(Uid, u32)> =
        rows.filter(|row| row.grown > 0).map(|row| (row.study.clone(), row.grown)).collect();
    let known = std::mem::replace(&mut state.worklist.known_grown, grown.clone());
    for (study, count) in grown {
        let before = known.iter().find(|(known, _)| *known == study).map_or(0, |(_, count)| *count);
        if count > before {
            let named = named(state, &study).unwrap_or_default();
            let args = vec![("study".into(), named), ("count".into(), count.to_string())];
            shell::tell(state, Problem { id: "growth-after-signing".into(), args }, Weight::Warning);
        }
    }
}

/// Says how many new STAT studies wait, those of a notice that still stands included.
fn announce(state: &mut State, new: usize) {
    const ID: &str = "worklist-new-stat";
    let standing = state.shell.notices.iter().position(|notice| notice.problem.id == ID);
    let before = standing.map(|place| state.shell.notices.remove(place));
    let count = before.and_then(|notice| notice.problem.args.first()?.1.parse::<usize>().ok());
    let count = new + count.unwrap_or_default();
    let problem = Problem { id: ID.into(), args: vec![("count".into(), count.to_string())] };
    shell::tell(state, problem, Weight::Warning);
}

/// What this program itself knows of its reports is newer than what the list says.
pub(super) fn mark_reported(state: &mut State) {
    let outbox = &state.outbox;
    for row in state.worklist.list.latest_mut().into_iter().flat_map(|list| &mut list.rows) {
        if let Some(reading) = outbox.reading(&row.study) {
            row.state = reading;
        }
    }
}

/// The most urgent study that is not read and has no report on its way. Those that the reader has passed over
/// come when nothing else is left, so that whoever goes on and on comes to the end of the list.
pub(super) fn next_unread(state: &State, current: Option<&Uid>) -> Option<Uid> {
    use ReadingState as R;
    let rows = state.worklist.list.latest().into_iter().flat_map(|list| &list.rows);
    let waits = |row: &&Row| {
        let unread = matches!(row.state, R::Unread | R::Unknown | R::Claimed | R::Draft);
        unread && Some(&row.study) != current && !state.outbox.has_report(&row.study)
    };
    // Those that were passed over latest come last.
    let passed = |row: &&Row| state.worklist.passed.iter().position(|study| *study == row.study);
    rows.filter(waits).min_by_key(passed).map(|row| row.study.clone())
}

/// The reader goes on without having read this study.
pub(super) fn pass(state: &mut State, study: Uid) {
    let passed = &mut state.worklist.passed;
    passed.retain(|one| *one != study);
    passed.push(study);
}

/// A study of the list by what was imaged and when, as in `CT 2026-11-22 02:51`: nothing of the patient.
pub(super) fn named(state: &State, study: &Uid) -> Option<String> {
    let row = state.worklist.row(study)?;
    let parts = [row.image_modalities(), day(&row.date), minute(&row.time)];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (parts.len() > 1).then(|| parts.join(" "))
}

/// `YYYYMMDD` (PS3.5 6.2, DA) as `YYYY-MM-DD`; empty where it is something else.
fn day(date: &str) -> String {
    match (date.get(..4), date.get(4..6), date.get(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => String::new(),
    }
}

/// `HHMM…` (PS3.5 6.2, TM) as `HH:MM`; empty where it is something else.
fn minute(time: &str) -> String {
    match (time.get(..2), time.get(2..4)) {
        (Some(hour), Some(minute)) => format!("{hour}:{minute}"),
        _ => String::new(),
    }
}

/// The open case is left: its row says how much of it came.
pub(super) fn note_received(state: &mut State) {
    let Some(case) = state.case.as_ref().filter(|case| case.centre().is_some()) else { return };
    let rows = state.worklist.list.latest_mut().into_iter().flat_map(|list| &mut list.rows);
    for row in rows.filter(|row| case.study.as_ref() == Some(&row.study)) {
        row.received = row.received.max(case.progress.received);
    }
}

impl Worklist {
    /// The rows that hold the words of the filter, most urgent first.
    pub fn visible(&self) -> Vec<&Row> {
        let words = find::words(&self.filter);
        let rows = self.list.latest().into_iter().flat_map(|list| &list.rows);
        rows.filter(|row| words.is_empty() || find::holds(row, &words)).collect()
    }

    /// The centre could not be asked: what is listed was kept here.
    pub fn is_kept(&self) -> bool {
        self.list.latest().is_some_and(|list| list.kept_at.is_some())
    }

    /// The row of a study.
    pub fn row(&self, study: &Uid) -> Option<&Row> {
        self.list.latest()?.rows.iter().find(|row| row.study == *study)
    }

    fn ask(&mut self, id: RequestId, centre: String, or_kept: bool) -> super::Effect {
        self.awaited = id;
        self.list.ask();
        super::Effect::Worklist(Effect::List { id, centre, or_kept })
    }

    fn answer(&mut self, mut outcome: Result<List, Problem>) {
        if let Ok(List { rows, .. }) = &mut outcome {
            rows.sort_by(|a, b| order(a).cmp(&order(b)));
            let is_there = |study: &Uid| rows.iter().any(|row| row.study == *study);
            self.selected = self.selected.take().filter(is_there);
        }
        self.list.answer(outcome);
    }

    /// Takes note of the STAT studies that nobody has read; how many were not known.
    fn learn_stat(&mut self) -> usize {
        let before = self.known_stat.len();
        for row in self.list.latest().into_iter().flat_map(|list| &list.rows) {
            let is_read = matches!(row.state, ReadingState::Preliminary | ReadingState::Final);
            if row.priority == Priority::Stat && !is_read && !self.known_stat.contains(&row.study) {
                self.known_stat.push(row.study.clone());
            }
        }
        self.known_stat.len() - before
    }

    /// The keys act on a row that is shown, so that Enter opens what the reader looks for.
    fn find(&mut self, words: String) {
        self.filter = words;
        let visible = self.visible();
        let is_shown = visible.iter().any(|row| Some(&row.study) == self.selected.as_ref());
        let first = visible.first().map(|row| row.study.clone());
        if !is_shown && (self.selected.is_some() || !self.filter.trim().is_empty()) {
            self.selected = first;
        }
    }

    /// From the selected row; without one, from outside the list.
    fn step(&mut self, by: i32) {
        let visible = self.visible();
        let Some(last) = visible.len().checked_sub(1) else { return };
        let place = visible.iter().position(|row| Some(&row.study) == self.selected.as_ref());
        let by = isize::try_from(by).unwrap_or_default();
        let place = match place {
            Some(place) => place.saturating_add_signed(by).min(last),
            None if by < 0 => last.saturating_add_signed(by + 1),
            None => by.saturating_sub(1).unsigned_abs().min(last),
        };
        self.selected = visible.get(place).map(|row| row.study.clone());
    }
}

/// STAT first, then by priority, then newest first; the UID makes the order total.
fn order(row: &Row) -> (Priority, std::cmp::Reverse<(&str, &str)>, &Uid) {
    (row.priority, std::cmp::Reverse((row.date.as_str(), row.time.as_str())), &row.study)
}

#[cfg(test)]
mod tests;
