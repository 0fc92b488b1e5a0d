//! Bringing a study home: what the centre has, less what the vault has, each instance proven and sealed.
//!
//! Nothing is asked twice: what was saved before a cut stays, and only the rest is asked for again. An instance
//! counts as received when it is proven complete ([`super::proof`]) and durable in the vault.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use tokio::task::JoinSet;

use super::WorkError;
use super::ground::Ground;
use super::proof::{self, Expected};
use super::record::StudyRecord;
use crate::centre::{self, Client, InstanceRow, StudyQuery};
use crate::dicom::{Uid, part10};
use crate::session::study::{self, Effect, Failure, Fetched, Progress};
use crate::session::{Event, Problem, RequestId};
use crate::vault::{InstanceKey, Vault};

/// How often a study is asked for again after a cut, when nothing new came in between.
const FRUITLESS_TRIES: u32 = 4;
/// Instances being proven and sealed at a time.
const SEALING: usize = 4;
/// Requests for single instances under way at a time.
const ONE_BY_ONE: usize = 4;

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::Fetch { id, centre, study } = effect;
    let outcome = fetch(ground, id, &centre, &study).await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Study(study::Event::Fetched { id, outcome })).await;
}

/// One fetch under way.
struct Fetching<'a> {
    ground: &'a Ground,
    id: RequestId,
    client: Client,
    vault: Arc<Vault>,
    study: Uid,
    begun: Instant,
    /// What the centre has, by SOP Instance UID.
    all: Arc<HashMap<Uid, Expected>>,
    /// What of it is still to come.
    missing: HashSet<Uid>,
    /// The centre's lists name every instance it says it has.
    list_is_whole: bool,
    /// What came but could not be kept.
    refused: Vec<Failure>,
    resumed: u32,
    received: u32,
    bytes: u64,
    first_image_seconds: Option<f64>,
    sealing: JoinSet<Kept>,
}

/// What became of one part of an answer.
struct Kept {
    bytes: u64,
    /// Which instance it was, where that could be read.
    sop_instance: Option<Uid>,
    /// Whether it is an image, or why it was not kept.
    outcome: Result<bool, WorkError>,
}

async fn fetch(ground: &Arc<Ground>, id: RequestId, centre: &str, study: &Uid) -> Result<Fetched, WorkError> {
    let begun = Instant::now();
    let client = ground.client(centre)?;
    let opened = Arc::clone(ground);
    let vault =
        tokio::task::spawn_blocking(move || opened.vault()).await.map_err(|_| WorkError::Stopped)??;
    let Listed { record, all, is_whole } = ask(&client, study).await?;
    vault.put_study_record(study, &record.to_bytes())?;
    let here: HashSet<Uid> = vault.instances(study)?.into_iter().map(|stored| stored.key.sop).collect();
    let missing: HashSet<Uid> = all.keys().filter(|sop| !here.contains(*sop)).cloned().collect();
    let mut fetching = Fetching {
        ground: ground.as_ref(),
        id,
        client,
        vault,
        study: study.clone(),
        begun,
        resumed: (all.len() - missing.len()) as u32,
        all: Arc::new(all),
        missing,
        list_is_whole: is_whole,
        refused: Vec::new(),
        received: 0,
        bytes: 0,
        first_image_seconds: None,
        sealing: JoinSet::new(),
    };
    let ended = fetching.bring().await;
    Ok(fetching.finish(ended))
}

/// What the centre says the study is.
struct Listed {
    record: StudyRecord,
    /// Every instance with the series it is in.
    all: HashMap<Uid, Expected>,
    /// Nothing was cut off, unreadable, or counted and not listed.
    is_whole: bool,
}

async fn ask(client: &Client, study: &Uid) -> Result<Listed, WorkError> {
    let query = StudyQuery { study: Some(study.clone()), ..StudyQuery::default() };
    let (studies, series) =
        tokio::try_join!(client.search_studies(&query), client.series(study)).map_err(WorkError::from)?;
    let row = studies.rows.into_iter().find(|row| row.study.uid == *study);
    let row = row.ok_or_else(|| WorkError::NotAtCentre { study: study.to_string() })?;
    let patient_id = Some(row.patient.id.reveal().clone()).filter(|id| !id.trim().is_empty());
    let mut is_whole = series.complete && series.warnings.is_empty();
    let mut all = HashMap::new();
    for one in series.rows {
        let instances = client.series_instances(study, &one.series.uid).await?;
        is_whole &= instances.complete && instances.warnings.is_empty();
        for InstanceRow { sop_instance, .. } in instances.rows {
            let what = Expected {
                study: study.clone(),
                series: one.series.uid.clone(),
                sop_instance: sop_instance.clone(),
                patient_id: patient_id.clone(),
            };
            all.insert(sop_instance, what);
        }
    }
    is_whole &= row.instances.is_none_or(|counted| counted as usize <= all.len());
    let record = StudyRecord::new(&row.patient, &row.study, all.len() as u32);
    Ok(Listed { record, all, is_whole })
}

impl Fetching<'_> {
    /// Asks until everything is here, or until asking again brings nothing.
    async fn bring(&mut self) -> Result<(), WorkError> {
        let mut fruitless = 0;
        self.progress();
        while !self.missing.is_empty() {
            let before = self.missing.len();
            let outcome = self.ask_for_missing().await;
            self.settle_all().await;
            let Err(error) = outcome else {
                if self.missing.len() == before {
                    return Ok(());
                }
                continue;
            };
            fruitless = if self.missing.len() < before { 0 } else { fruitless + 1 };
            if !error.is_transient() || fruitless > FRUITLESS_TRIES {
                return Err(error.into());
            }
            tracing::info!(missing = self.missing.len(), "the line was cut; asking for the rest");
            tokio::time::sleep(centre::retry::delay(fruitless, error.retry_after(), jitter())).await;
        }
        Ok(())
    }

    /// One round over the series that lack something.
    async fn ask_for_missing(&mut self) -> Result<(), centre::CentreError> {
        let mut series: HashMap<Uid, Vec<Uid>> = HashMap::new();
        for expected in self.missing.iter().filter_map(|sop| self.all.get(sop)) {
            series.entry(expected.series.clone()).or_default().push(expected.sop_instance.clone());
        }
        let mut series: Vec<_> = series.into_iter().collect();
        series.sort_by(|a, b| (a.1.len(), &a.0).cmp(&(b.1.len(), &b.0)));
        for (series, instances) in series {
            let of_series = self.all.values().filter(|expected| expected.series == series).count();
            if instances.len() < of_series {
                self.ask_one_by_one(&series, instances).await?;
            } else {
                let mut answer = self.client.retrieve_series(&self.study, &series).await?;
                self.receive(&mut answer).await?;
            }
        }
        Ok(())
    }

    /// The rest of a series that is here in part: nothing of it that came before is asked for again.
    async fn ask_one_by_one(&mut self, series: &Uid, instances: Vec<Uid>) -> Result<(), centre::CentreError> {
        let (client, study) = (self.client.clone(), self.study.clone());
        let ask = |sop: Uid| {
            let (client, study) = (&client, &study);
            async move { client.retrieve_instance(study, series, &sop).await }
        };
        let mut answers = stream::iter(instances.into_iter().map(ask)).buffer_unordered(ONE_BY_ONE);
        while let Some(answer) = answers.next().await {
            self.seal(answer?.bytes).await;
        }
        Ok(())
    }

    /// Takes part after part; proving and sealing run beside the transfer, a few at a time.
    async fn receive(&mut self, answer: &mut centre::Retrieval) -> Result<(), centre::CentreError> {
        while let Some(part) = answer.next().await? {
            self.seal(part.bytes).await;
        }
        Ok(())
    }

    async fn seal(&mut self, bytes: Bytes) {
        while self.sealing.len() >= SEALING {
            self.settle_one().await;
        }
        let (vault, all) = (Arc::clone(&self.vault), Arc::clone(&self.all));
        self.sealing.spawn_blocking(move || keep(&vault, &all, bytes));
    }

    async fn settle_all(&mut self) {
        while !self.sealing.is_empty() {
            self.settle_one().await;
        }
    }

    async fn settle_one(&mut self) {
        // A panic of a parser leaves its instance missing; `finish` says so.
        let Some(Ok(kept)) = self.sealing.join_next().await else { return };
        let sop = kept.sop_instance;
        self.refused.retain(|failure| failure.instance.is_none() || failure.instance != sop);
        match kept.outcome {
            Ok(is_image) => {
                if sop.is_some_and(|sop| self.missing.remove(&sop)) {
                    self.received += 1;
                    self.bytes += kept.bytes;
                }
                if is_image && self.first_image_seconds.is_none() {
                    self.first_image_seconds = Some(self.begun.elapsed().as_secs_f64());
                }
                self.progress();
            }
            Err(error) => self.refused.push(Failure { instance: sop, problem: Problem::from(&error) }),
        }
    }

    fn progress(&self) {
        let received = self.resumed + self.received;
        let progress = Progress { expected: Some(self.all.len() as u32), received, bytes: self.bytes };
        self.ground.tell_progress(Event::Study(study::Event::Progress { id: self.id, progress }));
    }

    /// Everything, or what is missing and why: each missing instance is told once, and a part that belongs to
    /// none of them only where something is missing.
    fn finish(self, ended: Result<(), WorkError>) -> Fetched {
        let why = match &ended {
            Err(error) => Problem::from(error),
            Ok(()) => Problem::from(&WorkError::NotGiven),
        };
        let told: HashSet<Uid> = self.refused.iter().filter_map(|failure| failure.instance.clone()).collect();
        let mut failures = if self.missing.is_empty() { Vec::new() } else { self.refused };
        let mut silent: Vec<Uid> = self.missing.into_iter().filter(|sop| !told.contains(sop)).collect();
        silent.sort();
        if !self.list_is_whole {
            failures.push(Failure { instance: None, problem: Problem::from(&WorkError::ListCut) });
        }
        failures.extend(silent.into_iter().map(|sop| Failure { instance: Some(sop), problem: why.clone() }));
        Fetched {
            expected: self.all.len() as u32,
            received: self.received + self.resumed,
            bytes: self.bytes,
            seconds: self.begun.elapsed().as_secs_f64(),
            first_image_seconds: self.first_image_seconds,
            resumed: self.resumed,
            failures,
        }
    }
}

/// Proves one instance and makes it durable.
fn keep(vault: &Vault, all: &HashMap<Uid, Expected>, bytes: Bytes) -> Kept {
    let size = bytes.len() as u64;
    let object = match part10::read(bytes.clone()) {
        Ok((object, _)) => object,
        Err(error) => return Kept { bytes: size, sop_instance: None, outcome: Err(error.into()) },
    };
    let sop = object.instance.sop_instance.clone();
    let outcome = proof::prove(&object, all.get(&sop)).and_then(|()| {
        let key = InstanceKey {
            study: object.instance.study.uid.clone(),
            series: object.instance.series.uid.clone(),
            sop: sop.clone(),
        };
        vault.put_instance(&key, object.transfer_syntax.as_str().as_bytes(), &bytes)?;
        Ok(object.instance.image.is_some())
    });
    Kept { bytes: size, sop_instance: all.contains_key(&sop).then_some(sop), outcome }
}

/// A number from 0 to 1 that differs between workstations.
fn jitter() -> f64 {
    f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX)
}
