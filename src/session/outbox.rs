//! Reports on their way to the centre: a mirror of the outbox machine in `work`, which alone acts.

use std::path::PathBuf;

use super::shell::{self, Weight};
use super::worklist::{self, ReadingState};
use super::{Problem, Remote, RequestId, case, keeper, sign_in};
use crate::dicom::Uid;
use crate::report::{self, ReportState};

/// The reports of this vault and how far each has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    /// Oldest first.
    pub reports: Remote<Vec<Report>>,
    /// The newest signature.
    pub signed: Remote<Signed>,
    awaited: RequestId,
    awaited_signature: RequestId,
    /// Signatures that have not been answered.
    signing: Vec<Signing>,
    /// What the reports signed since the start are, once they are at their centre.
    signed_as: Vec<(Uid, ReportState)>,
    /// The request that walks the reports.
    sending: Option<RequestId>,
    /// A report was signed while they walked: they walk again.
    send_again: bool,
    /// When the reports walk again by themselves, ms.
    next_send_ms: u64,
}

/// A signature that is on its way into the vault.
#[derive(Debug, Clone, PartialEq)]
struct Signing {
    id: RequestId,
    study: Uid,
    centre: String,
    state: ReportState,
    /// It is the draft of a case.
    of_draft: bool,
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

/// Reports that have not arrived are offered again after this long, ms.
const RETRY_MS: u64 = 60_000;

pub(super) fn on_command(state: &mut super::State, command: Command) -> Vec<super::Effect> {
    let id = state.request();
    match command {
        Command::Sign { centre, document, images } => {
            let signing = signing(id, &centre, &document, false);
            vec![state.outbox.sign(signing, document, images)]
        }
        Command::Send { centre } => vec![send(state, id, centre)],
        Command::Look => vec![state.outbox.ask(id, Effect::Look { id })],
    }
}

/// Signs the draft of the open case.
pub(super) fn sign_draft(
    state: &mut super::State,
    centre: &str,
    document: report::Report,
) -> Vec<super::Effect> {
    let signing = signing(state.request(), centre, &document, true);
    vec![state.outbox.sign(signing, Box::new(document), None)]
}

fn signing(id: RequestId, centre: &str, document: &report::Report, of_draft: bool) -> Signing {
    Signing { id, study: document.study.clone(), centre: centre.to_owned(), state: document.state, of_draft }
}

fn send(state: &mut super::State, id: RequestId, centre: Option<String>) -> super::Effect {
    state.outbox.sending = Some(id);
    state.outbox.send_again = false;
    state.outbox.next_send_ms = state.shell.now_ms + RETRY_MS;
    state.outbox.ask(id, Effect::Send { id, centre })
}

/// What waits is offered at the next tick, and not only when its time has come: the reader has just been let in.
pub(super) fn offer_at_once(state: &mut super::State) {
    state.outbox.next_send_ms = 0;
}

/// Offers what has not arrived; while that is being done already, once more afterwards.
fn send_soon(state: &mut super::State, centre: String) -> Vec<super::Effect> {
    if state.outbox.sending.is_some() {
        state.outbox.send_again = true;
        return Vec::new();
    }
    let id = state.request();
    vec![send(state, id, Some(centre))]
}

/// Offers what still waits for the reader's centre, now and then.
pub(super) fn tick(state: &mut super::State) -> Vec<super::Effect> {
    let outbox = &state.outbox;
    if state.lock.closed.as_ref().is_some_and(|closed| !closed.holds_keys) {
        return Vec::new();
    }
    let due = state.shell.now_ms >= outbox.next_send_ms && !outbox.reports.is_pending();
    let Some(centre) = state.sign_in.centre().filter(|_| due && outbox.sending.is_none()) else {
        return Vec::new();
    };
    let waits = |report: &Report| {
        report.centre == centre && !matches!(report.state, State::Confirmed | State::Failed)
    };
    if !outbox.all().iter().any(waits) {
        return Vec::new();
    }
    let centre = centre.to_owned();
    send_soon(state, centre)
}

/// The centre answers again after it did not: what waits goes now.
pub(super) fn line_is_back(state: &mut super::State) -> Vec<super::Effect> {
    state.outbox.next_send_ms = state.shell.now_ms;
    tick(state)
}

pub(super) fn on_event(state: &mut super::State, event: Event) -> Vec<super::Effect> {
    match event {
        Event::Signed { id, outcome } => return signed(state, id, outcome),
        Event::Changed(report) => {
            let before = state.outbox.stage(&report.sop_instance);
            tell(state, before, &report);
            if let Some(problem) = report.problem.as_ref()
                && state.sign_in.centre() == Some(&report.centre)
            {
                sign_in::ask_again(state, problem);
            }
            state.outbox.replace(report);
            worklist::mark_reported(state);
        }
        Event::Listed { id, outcome } => return listed(state, id, outcome),
    }
    Vec::new()
}

fn listed(
    state: &mut super::State,
    id: RequestId,
    outcome: Result<Vec<Report>, Problem>,
) -> Vec<super::Effect> {
    if id == state.outbox.awaited {
        match &outcome {
            Ok(reports) => {
                for report in reports {
                    let before = state.outbox.stage(&report.sop_instance);
                    tell(state, before, report);
                }
            }
            Err(problem) => {
                let fault = shell::is_locked_out(problem);
                let weight = if fault { Weight::Fault } else { Weight::Warning };
                shell::tell(state, problem.clone(), weight);
            }
        }
        state.outbox.reports.answer(outcome);
        worklist::mark_reported(state);
    }
    if state.outbox.sending.take_if(|sending| *sending == id).is_none() || !state.outbox.send_again {
        return Vec::new();
    }
    let id = state.request();
    vec![send(state, id, None)]
}

/// Tells the reader of a step that matters.
fn tell(state: &mut super::State, before: Option<State>, report: &Report) {
    let study = worklist::named(state, &report.study);
    let about = |plain: &'static str, named: &'static str| match &study {
        Some(study) => Problem { id: named.into(), args: vec![("study".into(), study.clone())] },
        None => Problem { id: plain.into(), args: Vec::new() },
    };
    match (before, report.state) {
        (Some(State::Saved | State::Sent | State::Failed), State::Confirmed) => {
            let arrived = about("draft-report-confirmed", "draft-report-confirmed-of");
            shell::tell(state, arrived, Weight::Note);
        }
        (before, State::Failed) if before != Some(State::Failed) => {
            let refused = about("draft-report-refused", "draft-report-refused-of");
            if let Some(why) = &report.problem {
                shell::tell(state, why.clone(), Weight::Fault);
            }
            if report.problem.is_none() || study.is_some() {
                shell::tell(state, refused, Weight::Fault);
            }
        }
        _ => {
            if let Some(problem) = report.problem.as_ref().filter(|problem| shell::is_locked_out(problem)) {
                shell::tell(state, problem.clone(), Weight::Fault);
            }
        }
    }
}

/// A signature was answered. That of a draft ends its case: what was kept of it is forgotten, the report goes
/// on its way and the next case opens. A failed one leaves the draft as it is.
fn signed(state: &mut super::State, id: RequestId, outcome: Result<Signed, Problem>) -> Vec<super::Effect> {
    if id == state.outbox.awaited_signature {
        state.outbox.signed.answer(outcome.clone());
    }
    let Some(place) = state.outbox.signing.iter().position(|signing| signing.id == id) else {
        return Vec::new();
    };
    let signing = state.outbox.signing.remove(place);
    if let Ok(signed) = &outcome {
        state.outbox.enter(&signing, signed);
        worklist::mark_reported(state);
    }
    if !signing.of_draft {
        return Vec::new();
    }
    let is_its_case = |case: &&mut case::Case| {
        case.study.as_ref() == Some(&signing.study) && case.draft.signed.is_pending()
    };
    let mut open = state.case.as_mut().filter(is_its_case);
    if let Some(case) = &mut open {
        case.draft.signed.answer(outcome.clone());
    }
    let is_open = open.is_some();
    match outcome {
        Err(problem) => {
            shell::tell(state, problem, Weight::Fault);
            Vec::new()
        }
        Ok(_) => {
            let mut effects = keeper::order(state, keeper::Order::Forget(signing.study));
            effects.extend(send_soon(state, signing.centre));
            if is_open {
                effects.extend(case::go_on(state));
            }
            effects
        }
    }
}

impl Outbox {
    /// The reports, as far as they are known.
    fn all(&self) -> &[Report] {
        self.reports.latest().map_or(&[][..], Vec::as_slice)
    }

    /// Reports that have not arrived at their centre, those that are being signed included.
    pub fn unsent(&self) -> usize {
        let waiting = self.all().iter().filter(|report| report.state != State::Confirmed).count();
        waiting + self.signing.len()
    }

    /// Whether a report on this study is being signed.
    pub(super) fn is_signing(&self, study: &Uid) -> bool {
        self.signing.iter().any(|signing| signing.study == *study)
    }

    /// Whether a report on this study was signed here.
    pub(super) fn has_report(&self, study: &Uid) -> bool {
        self.all().iter().any(|report| report.study == *study)
    }

    /// How far reading has come with a study by the reports signed since the start; the newest speaks. A report
    /// counts as read when the centre has named it; until then it is a draft to everybody else.
    pub(super) fn reading(&self, study: &Uid) -> Option<ReadingState> {
        let signed_as = |report: &Report| {
            let entry = self.signed_as.iter().find(|(sop, _)| *sop == report.sop_instance);
            entry.map(|(_, signed_as)| (report.state, *signed_as))
        };
        let mut newest = self.all().iter().rev().filter(|report| report.study == *study);
        Some(match newest.find_map(signed_as)? {
            (State::Saved | State::Failed, _) => ReadingState::Draft,
            (State::Sent | State::Confirmed, ReportState::Preliminary) => ReadingState::Preliminary,
            (State::Sent | State::Confirmed, ReportState::Final) => ReadingState::Final,
        })
    }

    fn sign(
        &mut self,
        signing: Signing,
        document: Box<report::Report>,
        images: Option<PathBuf>,
    ) -> super::Effect {
        let (id, centre) = (signing.id, signing.centre.clone());
        self.awaited_signature = id;
        self.signed = Remote::Pending { previous: None };
        self.signing.push(signing);
        super::Effect::Outbox(Effect::Sign { id, centre, document, images })
    }

    fn ask(&mut self, id: RequestId, effect: Effect) -> super::Effect {
        self.awaited = id;
        self.reports.ask();
        super::Effect::Outbox(effect)
    }

    fn stage(&self, sop_instance: &Uid) -> Option<State> {
        let known = self.all().iter().find(|report| report.sop_instance == *sop_instance);
        known.map(|report| report.state)
    }

    /// A report is in the vault; one that was signed before is there already.
    fn enter(&mut self, signing: &Signing, signed: &Signed) {
        self.signed_as.retain(|(sop, _)| *sop != signed.sop_instance);
        self.signed_as.push((signed.sop_instance.clone(), signing.state));
        if self.stage(&signed.sop_instance).is_none() {
            self.replace(Report {
                sop_instance: signed.sop_instance.clone(),
                study: signing.study.clone(),
                centre: signing.centre.clone(),
                state: signed.state,
                problem: None,
                attempts: 0,
            });
        }
    }

    fn replace(&mut self, report: Report) {
        let reports = match &mut self.reports {
            Remote::Ready(reports) => reports,
            Remote::Pending { previous } | Remote::Failed { previous, .. } => {
                previous.get_or_insert_default()
            }
            nothing @ Remote::NotAsked => {
                *nothing = Remote::Ready(vec![report]);
                return;
            }
        };
        match reports.iter_mut().find(|known| known.sop_instance == report.sop_instance) {
            Some(known) => *known = report,
            None => reports.push(report),
        }
    }
}

#[cfg(test)]
mod tests;
