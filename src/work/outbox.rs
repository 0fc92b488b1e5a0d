//! The outbox machine: walks every signed report to the centre and proves that it arrived.
//!
//! ```text
//!   saved ──STOW-RS names it in ReferencedSOPSequence──► sent ──read back and equal──► confirmed
//!     │ ▲                                                  │
//!     │ └── the line fails: attempts + 1, same UID         └── another object under this UID ──► failed
//!     └──── the centre refuses it ──► failed ──(sent again by a person)──► …
//! ```
//!
//! Every arrow is durable in the vault before the next begins, so a kill between any two leaves a report that
//! this machine takes up again. The attempt is counted before the object leaves: a report that may have
//! arrived is asked for before it is sent again, and keeps its SOP Instance UID always.

use std::sync::Arc;

use bytes::Bytes;

use super::audit::{self, Happened, Outcome, Transfer};
use super::ground::Ground;
use super::{WorkError, claims, sign};
use crate::centre::{CentreError, Client};
use crate::dicom::{part10, write};
use crate::session::outbox::{self, Effect, Report};
use crate::session::{Event, Problem, RequestId};
use crate::site::Centre;
use crate::text::{Explain, Message};
use crate::vault::{QueuedReport, ReportState, Vault};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Sign { id, centre, document, images } => {
            sign::run(ground, sign::Request { id, centre, document, images }).await;
        }
        Effect::Send { id, centre } => {
            let outcome = send_all(ground, centre.as_deref()).await;
            list(ground, id, outcome).await;
        }
        Effect::Look { id } => list(ground, id, Ok(())).await,
    }
}

async fn list(ground: &Arc<Ground>, id: RequestId, before: Result<(), WorkError>) {
    let listed = match before {
        Ok(()) => {
            ground.blocking(|ground| Ok(ground.vault()?.outbox()?.iter().map(to_session).collect())).await
        }
        Err(error) => Err(error),
    };
    let outcome = listed.map_err(|error: WorkError| Problem::from(&error));
    ground.tell(Event::Outbox(outbox::Event::Listed { id, outcome })).await;
}

/// Walks every report, or those of one centre, as far as it goes now; a problem of one does not stop the
/// others.
async fn send_all(ground: &Arc<Ground>, centre: Option<&str>) -> Result<(), WorkError> {
    let vault = ground.vault_async().await?;
    for queued in vault.outbox()? {
        let destination = destination(&queued);
        let wanted = centre.is_none_or(|name| destination.name == name);
        if queued.state == ReportState::Confirmed || !wanted {
            continue;
        }
        let mut report = Walking { ground, vault: &vault, queued, destination };
        if let Err(error) = report.walk().await {
            report.note(&error)?;
        }
    }
    Ok(())
}

/// The centre that a report was signed for, as it is kept with it.
fn destination(queued: &QueuedReport) -> Centre {
    serde_json::from_str(&queued.centre).unwrap_or_else(|_| Centre::nowhere(&queued.centre))
}

/// One report on its way.
struct Walking<'a> {
    ground: &'a Arc<Ground>,
    vault: &'a Vault,
    queued: QueuedReport,
    destination: Centre,
}

/// What the centre holds under a report's UID.
enum AtCentre {
    Nothing,
    Same,
    Other,
}

impl Walking<'_> {
    async fn walk(&mut self) -> Result<(), WorkError> {
        let client = self.ground.client_at(self.ground.destination(&self.destination)).await?;
        let mut object = self.vault.report_object(&self.queued.sop)?;
        let object = Bytes::from(std::mem::take(&mut *object));
        // After an attempt the centre may have it already, whatever the answer was or was not.
        let before = match self.queued.attempts {
            0 => AtCentre::Nothing,
            _ => self.look(&client, &object).await?,
        };
        let (found, changed_there) = match before {
            AtCentre::Nothing => {
                let changed_there = self.send(&client, &object).await?;
                (self.look(&client, &object).await?, changed_there)
            }
            found => (found, None),
        };
        match (found, changed_there) {
            (AtCentre::Same, _) => {
                self.confirm()?;
                self.end_the_work(&client, object).await;
                Ok(())
            }
            (AtCentre::Other, Some(reason)) => Err(WorkError::ChangedThere { reason }),
            (AtCentre::Other, None) => Err(WorkError::Conflict),
            (AtCentre::Nothing, _) => Err(WorkError::NotReadBack),
        }
    }

    /// Offers the report once; it is sent when the centre names it. Gives back the centre's warning, if it
    /// stored the report with one.
    async fn send(&mut self, client: &Client, object: &Bytes) -> Result<Option<u16>, WorkError> {
        self.queued.attempts += 1;
        self.set(self.queued.state, None)?;
        self.note_moving(Happened::ReportLeaves, None)?;
        let outcome = client.store(Some(&self.queued.study), std::slice::from_ref(object)).await?;
        if outcome.stored.contains(&self.queued.sop) {
            self.set(ReportState::Sent, None)?;
            let warning = outcome.warnings.iter().find(|warning| warning.instance == self.queued.sop);
            return Ok(warning.map(|warning| warning.reason));
        }
        match outcome.failed.iter().find(|failure| failure.instance == self.queued.sop) {
            Some(failure) => Err(WorkError::Refused { reason: failure.reason }),
            None => Err(WorkError::NotNamed),
        }
    }

    /// The centre's worklist hears that the study is read. What it does not hear now it hears later.
    async fn end_the_work(&self, client: &Client, object: Bytes) {
        let ended = match part10::read(object) {
            Ok((ours, _)) => {
                claims::reported(self.ground, client, &self.destination, &self.queued, &ours).await
            }
            Err(error) => Err(error.into()),
        };
        if let Err(error) = ended {
            tracing::info!(%error, "the worklist has not heard yet that a study is read");
        }
    }

    fn confirm(&mut self) -> Result<(), WorkError> {
        self.set(ReportState::Confirmed, None)?;
        self.note_moving(Happened::ReportConfirmed, None)
    }

    /// Notes how the report moves between here and its centre.
    fn note_moving(&self, what: Happened, failure: Option<&WorkError>) -> Result<(), WorkError> {
        let transfer = Transfer {
            object: Some(&self.queued.sop),
            failure: failure.map(|error| error as &dyn Explain),
            outcome: Outcome::SeriousFailure,
            ..Transfer::of(&self.destination.url, 1)
        };
        audit::note_transfer(self.ground, self.vault, what, &self.queued.study, &transfer)
    }

    /// Reads back what the centre has under this UID and holds it against the report, element by element.
    async fn look(&self, client: &Client, object: &Bytes) -> Result<AtCentre, WorkError> {
        let (ours, _) = part10::read(object.clone())?;
        let series = &ours.instance.series.uid;
        let answer = client.retrieve_instance(&self.queued.study, series, &self.queued.sop).await;
        let part = match answer {
            Err(CentreError::NotFound { .. }) => return Ok(AtCentre::Nothing),
            other => other?,
        };
        let (theirs, _) = part10::read(part.bytes)?;
        Ok(match write::dataset_equal(&ours.dataset, &theirs.dataset) {
            Ok(()) => AtCentre::Same,
            Err(tag) => {
                tracing::error!(%tag, "the centre holds another object under a report's UID");
                AtCentre::Other
            }
        })
    }

    /// Keeps why the report did not go further. Only what a person must mend makes it failed; the line's
    /// troubles leave it where it was.
    fn note(&mut self, error: &WorkError) -> Result<(), WorkError> {
        let state = match error {
            WorkError::Refused { .. } | WorkError::Conflict | WorkError::ChangedThere { .. } => {
                ReportState::Failed
            }
            _ => self.queued.state,
        };
        audit::alert(self.ground, error);
        if state == ReportState::Failed && self.queued.state != state {
            self.note_moving(Happened::ReportRefused, Some(error))?;
        }
        self.set(state, Some(error))
    }

    /// Keeps how far the report has come, then tells it: between sent and confirmed the reader may wait long.
    fn set(&mut self, state: ReportState, error: Option<&WorkError>) -> Result<(), WorkError> {
        let problem = error.map(Problem::from).and_then(|problem| serde_json::to_string(&problem).ok());
        self.vault.set_report_state(&self.queued.sop, state, problem.as_deref(), self.queued.attempts)?;
        self.queued.state = state;
        self.queued.error = problem;
        self.ground.tell_progress(Event::Outbox(outbox::Event::Changed(to_session(&self.queued))));
        Ok(())
    }
}

fn to_session(queued: &QueuedReport) -> Report {
    let problem = |text: &String| {
        serde_json::from_str(text).unwrap_or_else(|_| Problem::from(Message::new("work-stopped")))
    };
    Report {
        sop_instance: queued.sop.clone(),
        study: queued.study.clone(),
        centre: destination(queued).name,
        state: sign::state(queued.state),
        problem: queued.error.as_ref().map(problem),
        attempts: queued.attempts,
    }
}
