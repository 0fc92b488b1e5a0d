//! The study at hand on its way from the centre into the vault.

use super::shell::{self, Weight};
use super::{Problem, Remote, RequestId};
use crate::dicom::Uid;

/// The study being brought home.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenStudy {
    /// Which one.
    pub study: Option<Uid>,
    /// How far it has come; only instances that were proven complete and are saved count.
    pub progress: Progress,
    /// The outcome.
    pub fetched: Remote<Fetched>,
    awaited: RequestId,
}

/// How much of a study is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Instances the centre has, once known.
    pub expected: Option<u32>,
    /// Instances saved in the vault.
    pub received: u32,
    /// Bytes of instances received in this fetch.
    pub bytes: u64,
}

/// Where a transfer stood when it began to tell, so that its rate can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// When, ms of the session's clock.
    pub(super) since_ms: u64,
    /// Instances that were here then.
    pub(super) received: u32,
}

impl Pace {
    /// Less than this says nothing about the rate, ms.
    const LEAST_MS: u64 = 1_000;

    /// Seconds until `expected` are here at the rate so far; `None` before there is one.
    pub(super) fn seconds_left(self, received: u32, expected: u32, now_ms: u64) -> Option<u32> {
        let lasted_ms = now_ms.checked_sub(self.since_ms).filter(|lasted| *lasted >= Self::LEAST_MS)?;
        let came = u64::from(received.checked_sub(self.received).filter(|came| *came > 0)?);
        let left = u64::from(expected.saturating_sub(received));
        u32::try_from((left * lasted_ms).div_ceil(came * 1_000)).ok()
    }
}

/// A study that came as far as it would.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// Instances the centre has.
    pub expected: u32,
    /// Instances in the vault.
    pub received: u32,
    /// Files met in folders and archives that are no DICOM; none of a centre's.
    pub skipped: u32,
    /// Bytes received now.
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
    /// When the first image was saved; `None` if all of it was here before.
    pub first_image_seconds: Option<f64>,
    /// Instances that were here already.
    pub resumed: u32,
    /// What is missing and why; empty when the study is complete.
    pub failures: Vec<Failure>,
}

impl Fetched {
    /// Every instance that the centre has is in the vault.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.received == self.expected
    }
}

/// One instance that did not come, or the whole of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// SOP Instance UID, where it is about one.
    pub instance: Option<Uid>,
    /// Why.
    pub problem: Problem,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Bring this study home.
    Fetch {
        /// The centre's name.
        centre: String,
        /// Study Instance UID.
        study: Uid,
    },
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Fetch what the vault lacks of a study.
    Fetch {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
        /// Study Instance UID.
        study: Uid,
    },
}

/// What `work` tells on the way.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// More is here; steps may be left out when many come at once.
    Progress {
        /// The request.
        id: RequestId,
        /// The newest count.
        progress: Progress,
    },
    /// The end: everything, or as much as would come, or nothing.
    Fetched {
        /// The request.
        id: RequestId,
        /// What came, or why nothing could be asked.
        outcome: Result<Fetched, Problem>,
    },
}

pub(super) fn on_command(state: &mut super::State, command: Command) -> Vec<super::Effect> {
    let id = state.request();
    state.study.on_command(id, command)
}

pub(super) fn on_event(state: &mut super::State, event: Event) -> Vec<super::Effect> {
    if let Event::Fetched { outcome: Err(problem), .. } = &event
        && shell::is_locked_out(problem)
    {
        shell::tell(state, problem.clone(), Weight::Fault);
    }
    state.study.on_event(event);
    Vec::new()
}

impl OpenStudy {
    fn on_command(&mut self, id: RequestId, command: Command) -> Vec<super::Effect> {
        let Command::Fetch { centre, study } = command;
        if self.study.as_ref() != Some(&study) {
            self.fetched = Remote::NotAsked;
        }
        self.awaited = id;
        self.progress = Progress::default();
        self.study = Some(study.clone());
        self.fetched.ask();
        vec![super::Effect::Study(Effect::Fetch { id, centre, study })]
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Progress { id, progress } if id == self.awaited => self.progress = progress,
            Event::Fetched { id, outcome } if id == self.awaited => self.fetched.answer(outcome),
            Event::Progress { .. } | Event::Fetched { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_studys_outcome_is_never_shown_as_this_ones() {
        let mut open = OpenStudy::default();
        let fetch = |uid: &str| Command::Fetch { centre: "c".into(), study: Uid::parse(uid).unwrap() };
        let done = Fetched {
            skipped: 0,
            expected: 1,
            received: 1,
            bytes: 9,
            seconds: 1.0,
            first_image_seconds: Some(0.5),
            resumed: 0,
            failures: Vec::new(),
        };
        open.on_command(1, fetch("1.1"));
        open.on_event(Event::Fetched { id: 1, outcome: Ok(done.clone()) });
        assert!(open.fetched.latest().unwrap().is_complete());
        open.on_command(2, fetch("1.2"));
        assert_eq!(open.fetched.latest(), None, "the previous study's outcome is not the new one's");
        open.on_event(Event::Fetched { id: 1, outcome: Ok(done) });
        assert!(open.fetched.is_pending());
    }
}
