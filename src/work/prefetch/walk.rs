//! One walk along a plan.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use super::sink::Quiet;
use super::{Plan, Prefetch, priors, room};
use crate::centre::StudyQuery;
use crate::dicom::Uid;
use crate::session::study::{Fetched, Progress};
use crate::session::worklist::{Event as ListEvent, Row, Stage};
use crate::session::{Event, Problem};
use crate::vault::Vault;
use crate::work::WorkError;
use crate::work::ground::Ground;
use crate::work::record::FetchRecord;
use crate::work::retrieve::{self, Order};
use crate::work::threads::lock;

/// Studies of one patient that are looked through for priors.
const MOST_OF_A_PATIENT: usize = 500;

pub(super) struct Walk<'a> {
    ground: &'a Arc<Ground>,
    plan: Plan,
    /// Everything that is wanted, priors included, in its order.
    wanted: Vec<Uid>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(ground: &'a Arc<Ground>, plan: Plan) -> Self {
        let wanted = plan.rows.iter().map(|row| row.study.clone()).collect();
        Self { ground, plan, wanted }
    }

    fn prefetch(&self) -> &Prefetch {
        self.ground.prefetch()
    }

    /// To the end of the plan, or until a newer one is there.
    ///
    /// # Errors
    /// What the line, the vault or the disk refuses to every study alike.
    pub(super) async fn go(mut self) -> Result<(), WorkError> {
        let vault = self.ground.vault_async().await?;
        self.known_priors();
        self.room(&vault).await?;
        if !self.ground.profile().prefetch.enabled {
            return Ok(());
        }
        self.tell(ListEvent::Planned(self.wanted.clone())).await;
        for at in 0..self.plan.rows.len() {
            let (study, listed) = (self.plan.rows[at].study.clone(), self.plan.rows[at].instances);
            if self.is_superseded() {
                return Ok(());
            }
            self.bring(&vault, &study, listed).await?;
        }
        for at in 0..self.plan.rows.len() {
            for prior in self.priors(at).await? {
                if self.is_superseded() {
                    return Ok(());
                }
                self.bring(&vault, &prior, None).await?;
            }
        }
        Ok(())
    }

    fn is_superseded(&self) -> bool {
        self.prefetch().has_newer()
    }

    async fn tell(&self, event: ListEvent) {
        self.ground.tell(Event::Worklist(event)).await;
    }

    async fn came(&self, study: &Uid, stage: Stage, progress: Progress) {
        self.tell(ListEvent::Came { study: study.clone(), stage, progress }).await;
    }

    /// One study, whole or as far as it comes. Whatever is opened meanwhile goes before it.
    async fn bring(&self, vault: &Arc<Vault>, study: &Uid, listed: Option<u32>) -> Result<(), WorkError> {
        lock(&self.prefetch().slot).looked_at.insert(study.clone());
        loop {
            if let Some(progress) = self.whole(vault, study, listed).await? {
                self.came(study, Stage::Here, progress).await;
                return Ok(());
            }
            if lock(&self.prefetch().slot).failures.too_early(study, Instant::now()) {
                return Ok(());
            }
            self.prefetch().clear().await;
            if self.is_superseded() {
                return Ok(());
            }
            if !self.room(vault).await? {
                let problem = no_room(self.ground.profile().prefetch.keep_gib);
                self.came(study, Stage::Failed(problem), Progress::default()).await;
                return Ok(());
            }
            let sink = Arc::new(Quiet::new(self.ground, study));
            let outcome = self.fetch(study, &sink).await;
            if sink.was_stopped() {
                self.came(study, Stage::Waiting, sink.progress()).await;
                continue;
            }
            return self.ended(study, outcome, sink.progress()).await;
        }
    }

    async fn fetch(&self, study: &Uid, sink: &Arc<Quiet>) -> Result<Fetched, WorkError> {
        lock(&self.prefetch().slot).under_way = Some((study.clone(), sink.stop()));
        if !self.prefetch().is_clear() {
            // Something was opened between the look and the note above.
            sink.stop().send_replace(true);
        }
        let order = Order { centre: self.plan.centre.clone(), study: study.clone(), here: None };
        let outcome = retrieve::fetch(self.ground, order, Arc::clone(sink) as Arc<dyn retrieve::Sink>).await;
        lock(&self.prefetch().slot).under_way = None;
        outcome
    }

    /// A study came, or did not: its row says so, and the line's troubles end the walk.
    async fn ended(
        &self,
        study: &Uid,
        outcome: Result<Fetched, WorkError>,
        progress: Progress,
    ) -> Result<(), WorkError> {
        let (stage, progress, ends) = match outcome {
            Ok(fetched) => {
                let expected = Some(fetched.expected);
                let progress = Progress { expected, received: fetched.received, bytes: fetched.bytes };
                match fetched.failures.into_iter().next() {
                    None => (Stage::Here, progress, None),
                    Some(failure) => (Stage::Failed(failure.problem), progress, None),
                }
            }
            Err(error) => {
                let stage = Stage::Failed(Problem::from(&error));
                (stage, progress, Some(error).filter(|error| !matches!(error, WorkError::NotAtCentre { .. })))
            }
        };
        {
            let failures = &mut lock(&self.prefetch().slot).failures;
            match (&stage, &ends) {
                (Stage::Here, _) => failures.came(study),
                // The line's fault is not the study's.
                (_, Some(error)) if error.is_of_centre() => {}
                _ => failures.failed(study, Instant::now()),
            }
        }
        self.came(study, stage, progress).await;
        ends.map_or(Ok(()), Err)
    }

    /// What is here of a study, if that is all that its centre had when it was asked last, and all that it lists.
    async fn whole(
        &self,
        vault: &Arc<Vault>,
        study: &Uid,
        listed: Option<u32>,
    ) -> Result<Option<Progress>, WorkError> {
        let (vault, study) = (Arc::clone(vault), study.clone());
        let look = move |_: &Ground| {
            let Some(record) = FetchRecord::of(&vault, &study) else { return Ok(None) };
            let received = u32::try_from(vault.holdings()?.instances(&study)).unwrap_or(u32::MAX);
            let expected = record.expected;
            // Own reports are counted there and lie in the outbox here.
            let own = vault.outbox()?.iter().filter(|report| report.study == study).count() as u32;
            let grown = listed.is_some_and(|listed| listed > expected.saturating_add(own));
            let whole = record.list_is_whole && received >= expected && !grown;
            Ok(whole.then_some(Progress { expected: Some(expected), received, bytes: 0 }))
        };
        self.ground.blocking(look).await
    }

    async fn room(&self, vault: &Arc<Vault>) -> Result<bool, WorkError> {
        let (vault, wanted) = (Arc::clone(vault), self.wanted.iter().cloned().collect::<HashSet<_>>());
        self.ground.blocking(move |ground| room::make(ground, &vault, &wanted)).await
    }

    /// Priors that an earlier walk has found are wanted from the beginning: nothing of them may go.
    fn known_priors(&mut self) {
        let known: Vec<Uid> = {
            let slot = lock(&self.prefetch().slot);
            self.wanted.iter().filter_map(|study| slot.priors.get(study)).flatten().cloned().collect()
        };
        self.want(known);
    }

    fn want(&mut self, priors: Vec<Uid>) {
        for prior in priors {
            if !self.wanted.contains(&prior) {
                self.wanted.push(prior);
            }
        }
    }

    /// The relevant priors of a row; the centre is asked once a row.
    async fn priors(&mut self, at: usize) -> Result<Vec<Uid>, WorkError> {
        let row: &Row = &self.plan.rows[at];
        let known = lock(&self.prefetch().slot).priors.get(&row.study).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        if row.patient.id.reveal().trim().is_empty() {
            return Ok(Vec::new());
        }
        self.prefetch().clear().await;
        let client = self.ground.client(&self.plan.centre).await?;
        let patient_id = Some(row.patient.id.clone());
        let at_most = Some(MOST_OF_A_PATIENT);
        let query = StudyQuery { patient_id, at_most, ..StudyQuery::default() };
        let priors = priors::relevant(row, &client.search_studies(&query).await?.rows);
        lock(&self.prefetch().slot).priors.insert(row.study.clone(), priors.clone());
        if !priors.is_empty() {
            self.want(priors.clone());
            self.tell(ListEvent::Planned(self.wanted.clone())).await;
        }
        Ok(priors)
    }
}

/// The budget is used up by what must stay.
fn no_room(keep_gib: u32) -> Problem {
    let args = vec![("gigabytes".into(), keep_gib.to_string())];
    Problem { id: "growth-no-room".into(), args }
}
