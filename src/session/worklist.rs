//! What waits to be read, most urgent first.

use super::{Problem, Remote, RequestId};
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

pub(super) fn on_command(state: &mut super::State, command: Command) -> Vec<super::Effect> {
    let id = state.request();
    state.worklist.on_command(id, command)
}

pub(super) fn on_event(state: &mut super::State, event: Event) -> Vec<super::Effect> {
    state.worklist.on_event(event);
    Vec::new()
}

impl Worklist {
    fn on_command(&mut self, id: RequestId, command: Command) -> Vec<super::Effect> {
        let Command::Refresh { centre } = command else { return Vec::new() };
        self.awaited = id;
        self.list.ask();
        vec![super::Effect::Worklist(Effect::List { id, centre })]
    }

    fn on_event(&mut self, event: Event) {
        let Event::Listed { id, mut outcome } = event;
        if id != self.awaited {
            return;
        }
        if let Ok(List { rows, .. }) = &mut outcome {
            rows.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        self.list.answer(outcome);
    }
}

/// STAT first, then by priority, then newest first; the UID makes the order total.
fn order(row: &Row) -> (Priority, std::cmp::Reverse<(&str, &str)>, &Uid) {
    (row.priority, std::cmp::Reverse((row.date.as_str(), row.time.as_str())), &row.study)
}

/// How much of a study is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// Instances of it in this vault.
    pub received: u32,
    /// Instances at the centre, where it says.
    pub expected: Option<u32>,
    /// How long the rest will take at the pace so far; `None` while it does not stream.
    pub seconds_left: Option<u32>,
}

impl Worklist {
    /// The rows that hold the filter's words.
    pub fn visible(&self) -> Vec<&Row> {
        let rows = self.list.latest().map_or(&[][..], |list| &list.rows);
        let filter = self.filter.to_lowercase();
        let holds = |row: &&Row| {
            let text = format!(
                "{} {} {} {}",
                row.patient.name.reveal().to_dicom(),
                row.patient.id.reveal(),
                row.modality,
                row.description
            );
            filter.split_whitespace().all(|word| text.to_lowercase().contains(word))
        };
        rows.iter().filter(holds).collect()
    }

    /// How much of a row's study is here; of the open case, what its transfer says.
    pub fn readiness(row: &Row, case: Option<&super::case::Case>, now_ms: u64) -> Readiness {
        let Some(case) = case.filter(|case| case.study.as_ref() == Some(&row.study)) else {
            return Readiness { received: row.received, expected: row.instances, seconds_left: None };
        };
        let (received, expected) = (case.progress.received, case.progress.expected.or(row.instances));
        let took_ms = now_ms.saturating_sub(case.began_ms);
        let left = expected.filter(|_| received > 0 && case.arrived.is_pending()).map(|expected| {
            let rest_ms = took_ms * u64::from(expected.saturating_sub(received)) / u64::from(received);
            u32::try_from(rest_ms.div_ceil(1000)).unwrap_or(u32::MAX)
        });
        Readiness { received, expected, seconds_left: left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(uid: &str, priority: Priority, date: &str) -> Row {
        Row {
            study: Uid::parse(uid).unwrap(),
            patient: Patient::default(),
            modality: "CT".into(),
            description: String::new(),
            date: date.into(),
            time: String::new(),
            instances: None,
            received: 0,
            priority,
            state: ReadingState::Unread,
        }
    }

    fn one() -> List {
        List { rows: vec![row("1.1", Priority::Low, "")], problems: Vec::new() }
    }

    fn refresh(state: &mut Worklist, id: RequestId) {
        state.on_command(id, Command::Refresh { centre: "c".into() });
    }

    #[test]
    fn stat_comes_first_whatever_its_date_and_newer_before_older() {
        let mut list = Worklist::default();
        refresh(&mut list, 1);
        let rows = vec![
            row("1.1", Priority::Unknown, "20260105"),
            row("1.2", Priority::High, "20260101"),
            row("1.3", Priority::High, "20260102"),
            row("1.4", Priority::Stat, "20250101"),
        ];
        list.on_event(Event::Listed { id: 1, outcome: Ok(List { rows, problems: Vec::new() }) });
        let order: Vec<_> = list.list.latest().unwrap().rows.iter().map(|r| r.study.as_str()).collect();
        assert_eq!(order, ["1.4", "1.3", "1.2", "1.1"]);
    }

    #[test]
    fn a_late_answer_is_dropped_and_a_failure_keeps_what_was_shown() {
        let mut list = Worklist::default();
        refresh(&mut list, 1);
        list.on_event(Event::Listed { id: 1, outcome: Ok(one()) });
        refresh(&mut list, 2);
        list.on_event(Event::Listed { id: 1, outcome: Ok(List::default()) });
        assert!(list.list.is_pending(), "the answer to an old question does not settle the new one");
        let problem = Problem { id: "centre-unreachable".into(), args: Vec::new() };
        list.on_event(Event::Listed { id: 2, outcome: Err(problem) });
        assert_eq!(list.list.latest().unwrap().rows.len(), 1);
    }
}
