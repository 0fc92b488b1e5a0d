//! The audit trail as a person looks at it. Looking is itself noted before anything is shown.

use super::shell::Dialog;
use super::{Problem, Remote, RequestId, State};
use crate::dicom::{PersonName, Phi};

/// What is shown of the trail; nothing while nobody looks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trail {
    /// The records.
    pub list: Remote<List>,
    /// What the rows must hold.
    pub filter: String,
    awaited: RequestId,
}

/// The trail at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Newest first.
    pub rows: Vec<Row>,
    /// How many older ones are not among them.
    pub older: u64,
    /// Whether the chain holds.
    pub verdict: Verdict,
    /// What waits to be sent, for each receiver.
    pub ways: Vec<Way>,
}

/// Whether the trail is what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All of it.
    Whole {
        /// How many records.
        records: u64,
    },
    /// Something was changed, removed, put in or cut off.
    Broken {
        /// The first number that is not what it should be.
        sequence: u64,
    },
}

/// A receiver of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its host.
    pub host: String,
    /// Records that it has not been proven to have.
    pub waiting: u64,
    /// Why they did not leave at the last attempt.
    pub problem: Option<Problem>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the trail.
    pub sequence: u64,
    /// The date where it happened, `YYYYMMDD`.
    pub date: String,
    /// The time there with its zone, `03:10:05 +09:00`.
    pub time: String,
    /// Sentence id of what happened.
    pub what: &'static str,
    /// Who: name or identifier.
    pub reader: String,
    /// Patient ID.
    pub patient_id: Phi<String>,
    /// Patient's Name.
    pub patient_name: Phi<PersonName>,
    /// Study Instance UID, or empty.
    pub study: String,
    /// The other side: a centre's host, a file; or empty.
    pub place: Phi<String>,
    /// It ended as it should.
    pub success: bool,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Look at the trail.
    Open,
    /// Only rows that hold this.
    Filter(String),
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Note that the trail is looked at, then read it.
    Read {
        /// The request.
        id: RequestId,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The trail, or why it cannot be read.
    Read {
        /// The request.
        id: RequestId,
        /// The outcome.
        outcome: Result<List, Problem>,
    },
}

impl Trail {
    /// The rows that hold the filter, whatever its case. What happened is searched by `spoken`, which gives the
    /// words of a sentence id.
    pub fn visible(&self, spoken: impl Fn(&'static str) -> String) -> Vec<&Row> {
        let wanted = self.filter.trim().to_lowercase();
        let rows = self.list.latest().map_or(&[][..], |list| &list.rows);
        rows.iter().filter(|row| wanted.is_empty() || row.holds(&wanted, &spoken(row.what))).collect()
    }
}

impl Row {
    fn holds(&self, wanted: &str, what: &str) -> bool {
        let name = self.patient_name.reveal().to_dicom().replace('^', " ");
        let texts = [
            what,
            &self.reader,
            self.patient_id.reveal(),
            &name,
            &self.study,
            self.place.reveal(),
            &self.date,
        ];
        texts.iter().any(|text| text.to_lowercase().contains(wanted))
    }
}

pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    match command {
        Command::Open => {
            let id = state.request();
            state.shell.dialog = Some(Dialog::Trail);
            state.trail.awaited = id;
            state.trail.list.ask();
            vec![super::Effect::Trail(Effect::Read { id })]
        }
        Command::Filter(text) => {
            state.trail.filter = text;
            Vec::new()
        }
    }
}

pub(super) fn on_event(state: &mut State, event: Event) -> Vec<super::Effect> {
    let Event::Read { id, outcome } = event;
    let looks = state.shell.dialog == Some(Dialog::Trail);
    if looks && id == state.trail.awaited {
        state.trail.list.answer(outcome);
    }
    Vec::new()
}

/// Nobody looks any more: the patients in it go.
pub(super) fn forget(state: &mut State) {
    state.trail = Trail::default();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Message, shell, update};

    fn row(what: &'static str, patient: &str) -> Row {
        Row {
            sequence: 1,
            date: "20261123".into(),
            time: "03:10:05 +09:00".into(),
            what,
            reader: "hanako".into(),
            patient_id: Phi::new("4711".into()),
            patient_name: Phi::new(PersonName::parse(patient)),
            study: "1.2.3".into(),
            place: Phi::new("pacs.example".into()),
            success: true,
        }
    }

    fn list(rows: Vec<Row>) -> List {
        List { rows, older: 0, verdict: Verdict::Whole { records: 2 }, ways: Vec::new() }
    }

    fn send(state: &mut State, command: crate::session::Command) -> Vec<crate::session::Effect> {
        update(state, Message::Command(command))
    }

    #[test]
    fn looking_asks_once_and_nothing_stays_when_nobody_looks() {
        let mut state = State::default();
        let effects = send(&mut state, crate::session::Command::Trail(Command::Open));
        let [crate::session::Effect::Trail(Effect::Read { id })] = effects[..] else { panic!("{effects:?}") };
        assert!(state.shell.dialog == Some(Dialog::Trail) && state.trail.list.is_pending());
        let answer = |id| Event::Read { id, outcome: Ok(list(vec![row("a", "YAMADA^TARO=山田^太郎")])) };
        let told = |id| Message::Event(crate::session::Event::Trail(answer(id)));
        update(&mut state, told(id + 1));
        assert!(state.trail.list.is_pending(), "an answer to another question");
        update(&mut state, told(id));
        assert_eq!(state.trail.list.latest().unwrap().rows.len(), 1);
        send(&mut state, crate::session::Command::Shell(shell::Command::CloseDialog));
        assert_eq!(state.trail, Trail::default());
        update(&mut state, told(id));
        assert_eq!(state.trail, Trail::default(), "an answer that came too late");
    }

    #[test]
    fn the_filter_finds_people_places_and_what_happened() {
        let rows = vec![row("opened", "YAMADA^TARO=山田^太郎"), row("signed", "SATO^HANAKO")];
        let mut trail = Trail { list: Remote::Ready(list(rows)), ..Trail::default() };
        for (filter, found) in [
            ("", 2),
            ("yamada taro", 1),
            ("山田", 1),
            ("4711", 2),
            ("PACS", 2),
            ("report", 1),
            ("1.2.3", 2),
            ("nobody", 0),
        ] {
            trail.filter = filter.into();
            let spoken = |what| if what == "signed" { "Report signed".into() } else { String::new() };
            assert_eq!(trail.visible(spoken).len(), found, "{filter}");
        }
    }
}
