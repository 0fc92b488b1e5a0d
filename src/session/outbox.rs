//! Reports on their way to the centre: a mirror of the outbox machine in `work`, which alone acts.

use std::path::PathBuf;

use super::{Problem, Remote, RequestId};
use crate::dicom::Uid;
use crate::report;

/// The reports of this vault and how far each has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    /// Oldest first.
    pub reports: Remote<Vec<Report>>,
    /// The newest signature.
    pub signed: Remote<Signed>,
    awaited: RequestId,
    awaited_signature: RequestId,
}

/// A report that was signed: durable in the vault, with the values that were computed from its images.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    /// SOP Instance UID.
    pub sop_instance: Uid,
    /// The values of each measurement, in the document's order.
    pub measurements: Vec<report::Computed>,
    /// How far it has come: saved, or further if the same document was signed before.
    pub state: State,
}

/// One signed report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// SOP Instance UID, the same on every attempt.
    pub sop_instance: Uid,
    /// The study it is about.
    pub study: Uid,
    /// The centre it goes to.
    pub centre: String,
    /// How far it has come.
    pub state: State,
    /// Why the last attempt did not go further.
    pub problem: Option<Problem>,
    /// How often it was offered to the centre.
    pub attempts: u32,
}

/// The stages of a report; nothing is said to have reached one before it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Durable in the vault.
    Saved,
    /// The centre named it in ReferencedSOPSequence.
    Sent,
    /// Read back from the centre and equal.
    Confirmed,
    /// The centre refused it; a person must act.
    Failed,
}

impl State {
    /// The word of the command-line contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
        }
    }
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Sign a report for a centre.
    Sign {
        /// The centre's name.
        centre: String,
        /// What it says.
        document: Box<report::Report>,
        /// Where its images are, if not in the vault.
        images: Option<PathBuf>,
    },
    /// Offer what has not arrived: to one centre, or to all.
    Send {
        /// The centre's name.
        centre: Option<String>,
    },
    /// Only look.
    Look,
}

/// What `work` must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Make the object and save it in the outbox.
    Sign {
        /// The request.
        id: RequestId,
        /// The centre's name.
        centre: String,
        /// What it says.
        document: Box<report::Report>,
        /// Where its images are, if not in the vault.
        images: Option<PathBuf>,
    },
    /// Walk every report as far as it goes.
    Send {
        /// The request.
        id: RequestId,
        /// Those of this centre only.
        centre: Option<String>,
    },
    /// Say how far each report has come.
    Look {
        /// The request.
        id: RequestId,
    },
}

/// What `work` tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A report is saved, or why not.
    Signed {
        /// The request.
        id: RequestId,
        /// What was saved.
        outcome: Result<Signed, Problem>,
    },
    /// One report came a step further or met a problem. Told without a request, since the machine also runs
    /// by itself.
    Changed(Report),
    /// All reports as they stand, at the end of a request.
    Listed {
        /// The request.
        id: RequestId,
        /// The reports, oldest first.
        outcome: Result<Vec<Report>, Problem>,
    },
}

pub(super) fn on_command(state: &mut super::State, command: Command) -> Vec<super::Effect> {
    let id = state.request();
    state.outbox.on_command(id, command)
}

pub(super) fn on_event(state: &mut super::State, event: Event) -> Vec<super::Effect> {
    state.outbox.on_event(event);
    Vec::new()
}

impl Outbox {
    fn on_command(&mut self, id: RequestId, command: Command) -> Vec<super::Effect> {
        let effect = match command {
            Command::Sign { centre, document, images } => {
                self.awaited_signature = id;
                self.signed = Remote::Pending { previous: None };
                Effect::Sign { id, centre, document, images }
            }
            Command::Send { centre } => self.ask(id, Effect::Send { id, centre }),
            Command::Look => self.ask(id, Effect::Look { id }),
        };
        vec![super::Effect::Outbox(effect)]
    }

    fn ask(&mut self, id: RequestId, effect: Effect) -> Effect {
        self.awaited = id;
        self.reports.ask();
        effect
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Listed { id, outcome } if id == self.awaited => self.reports.answer(outcome),
            Event::Signed { id, outcome } if id == self.awaited_signature => self.signed.answer(outcome),
            Event::Listed { .. } | Event::Signed { .. } => {}
            Event::Changed(report) => self.replace(report),
        }
    }

    fn replace(&mut self, report: Report) {
        let (Remote::Ready(reports) | Remote::Pending { previous: Some(reports) }) = &mut self.reports else {
            return;
        };
        match reports.iter_mut().find(|r| r.sop_instance == report.sop_instance) {
            Some(known) => *known = report,
            None => reports.push(report),
        }
    }
}
