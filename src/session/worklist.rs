//! What waits to be read, most urgent first.

use super::case::Case;
use super::shell::{self, Screen, Weight};
use super::{Problem, Remote, RequestId, State, find, sign_in};
use crate::dicom::Uid;
use crate::dicom::instance::Patient;

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
    pub(super) awaited: RequestId,
    /// STAT studies that the reader has been told of.
    pub(super) known_stat: Vec<Uid>,
    /// Studies that the reader went on from without reading them.
    pub(super) passed: Vec<Uid>,
    /// When the centre was asked last, ms.
    pub(super) asked_ms: u64,
    /// Why the last question failed.
    pub(super) problem: Option<Problem>,
}

/// How much of a study is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// Instances here.
    pub received: u32,
    /// Instances at the centre, where it says.
    pub expected: Option<u32>,
    /// Seconds until the rest is here, at the rate measured so far; `None` where nothing runs or no rate is known.
    pub seconds_left: Option<u32>,
}

/// An answer: what could be listed, and what the reader must know of the rest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    /// The rows, sorted: STAT first, then by priority, then the newest study.
    pub rows: Vec<Row>,
    /// Rows that could not be read, a worklist service that failed, a vault that did not open.
    pub problems: Vec<Problem>,
}

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
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// List the studies of a centre.
    List {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
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
    }
    Vec::new()
}

fn ask(state: &mut State, centre: String) -> Vec<super::Effect> {
    let id = state.request();
    state.worklist.asked_ms = state.shell.now_ms;
    vec![state.worklist.ask(id, centre)]
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
    let Event::Listed { id, outcome } = event;
    if id != state.worklist.awaited {
        return Vec::new();
    }
    match outcome {
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
    state.worklist.problem = None;
    state.worklist.answered_ms = Some(state.shell.now_ms);
    state.worklist.answer(Ok(list));
    mark_reported(state);
    let study = state.case.as_ref().and_then(|case| case.study.as_ref());
    let row = study.and_then(|study| state.worklist.row(study)).cloned();
    if let (Some(row), Some(case)) = (row, &mut state.case) {
        case.row = Some(row);
    }
    match state.worklist.learn_stat() {
        0 => Vec::new(),
        _ if is_first => Vec::new(),
        new => {
            announce(state, new);
            shell::chime(state)
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

    /// The row of a study.
    pub fn row(&self, study: &Uid) -> Option<&Row> {
        self.list.latest()?.rows.iter().find(|row| row.study == *study)
    }

    /// How much of a row's study is here; while its case is open, what the transfer says.
    pub fn readiness(row: &Row, case: Option<&Case>, now_ms: u64) -> Readiness {
        let open = case.filter(|case| case.centre().is_some() && case.study.as_ref() == Some(&row.study));
        let Some(case) = open else {
            return Readiness { received: row.received, expected: row.instances, seconds_left: None };
        };
        let received = case.progress.received.max(row.received);
        let expected = case.progress.expected.or(row.instances);
        let pace = case.pace.filter(|_| case.arrived.is_pending()).zip(expected);
        let seconds_left = pace.and_then(|(pace, expected)| pace.seconds_left(received, expected, now_ms));
        Readiness { received, expected, seconds_left }
    }

    fn ask(&mut self, id: RequestId, centre: String) -> super::Effect {
        self.awaited = id;
        self.list.ask();
        super::Effect::Worklist(Effect::List { id, centre })
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
