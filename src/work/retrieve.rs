//! Bringing a study home: what the centre has, less what the vault has, each instance proven and sealed.
//!
//! Nothing is asked twice: what was saved before a cut stays, and only the rest is asked for again. An instance
//! counts as received when it is proven ([`super::proof`]) and durable in the vault. What one series or one
//! instance meets does not stop the others; only a sign-in or a certificate that fails ends the fetch.

mod sink;

pub(super) use sink::{Order, Sink};

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::task::{JoinError, JoinSet};
use url::Url;

use super::audit::{self, Happened, Transfer};
use super::ground::Ground;
use super::listing::{self, Listed};
use super::proof::{self, Expected};
use super::{WorkError, pages, threads};
use crate::centre::{self, CentreError, Client};
use crate::dicom::{Uid, part10};
use crate::session::study::{self, Effect, Failure, Fetched, Progress};
use crate::session::{Event, Problem};
use crate::text::Explain;
use crate::vault::{InstanceKey, Vault};
use sink::{Counts, turned};

/// How often the rest is asked for again after a cut, when nothing new came in between.
const FRUITLESS_TRIES: u32 = 4;
/// Instances being proven and sealed at a time.
const SEALING: usize = 4;
/// Requests for single instances under way at a time.
const ONE_BY_ONE: usize = 4;

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::Fetch { id, centre, study } = effect;
    let sink = Arc::new(Counts::new(ground, id));
    let outcome = fetch(ground, Order { centre, study, here: None }, sink).await;
    let outcome = outcome.map_err(|error| Problem::from(&error));
    ground.tell(Event::Study(study::Event::Fetched { id, outcome })).await;
}

/// One fetch under way.
struct Fetching {
    ground: Arc<Ground>,
    /// The centre's.
    url: Url,
    sink: Arc<dyn Sink>,
    client: Client,
    vault: Arc<Vault>,
    study: Uid,
    begun: Instant,
    /// What the centre has, by SOP Instance UID.
    all: Arc<HashMap<Uid, Expected>>,
    /// What of it is still to come.
    missing: HashSet<Uid>,
    /// What of that will not come by asking again.
    given_up: HashSet<Uid>,
    /// Instances that a part of this fetch has already been taken for.
    taken: Arc<Mutex<HashSet<Uid>>>,
    failures: Vec<Failure>,
    /// Parts of answers that belong to no instance still missing: told only where something is missing.
    strays: Vec<Failure>,
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
    /// Whether it is an image, or why it was not kept; nothing for a part that came a second time.
    outcome: Option<Result<bool, WorkError>>,
}

/// Fetches what the vault lacks of a study.
///
/// # Errors
/// Why nothing could be asked; [`WorkError::Stopped`] when nobody wanted it any more before anything was.
pub(super) async fn fetch(
    ground: &Arc<Ground>,
    order: Order,
    sink: Arc<dyn Sink>,
) -> Result<Fetched, WorkError> {
    let begun = Instant::now();
    let Order { centre, study, here } = order;
    let url = ground.centre(&centre)?.url;
    let client = ground.client(&centre).await?;
    let vault = ground.vault_async().await?;
    let Listed { record, all, failures } = tokio::select! {
        listed = listing::ask(&client, url.clone(), &study) => {
            listed.inspect_err(|error| audit::alert(ground, error))?
        }
        () = turned(sink.over()) => return Err(WorkError::Stopped),
    };
    let (here_vault, here_study) = (Arc::clone(&vault), study.clone());
    let here = ground
        .blocking(move |_| {
            here_vault.put_study_record(&here_study, &record.to_bytes())?;
            here.map_or_else(|| sound(&here_vault, &here_study), Ok)
        })
        .await?;
    let missing: HashSet<Uid> = all.keys().filter(|sop| !here.contains(*sop)).cloned().collect();
    if !missing.is_empty() {
        let (vault, study, peer) = (Arc::clone(&vault), study.clone(), url.clone());
        let number = missing.len() as u32;
        let began = move |ground: &Ground| {
            let transfer = Transfer::of(&peer, number);
            audit::note_transfer(ground, &vault, Happened::TransferBegan, &study, &transfer)
        };
        ground.blocking(began).await?;
    }
    let mut fetching = Fetching {
        ground: Arc::clone(ground),
        url,
        sink,
        client,
        vault,
        study,
        begun,
        resumed: (all.len() - missing.len()) as u32,
        all: Arc::new(all),
        missing,
        given_up: HashSet::new(),
        taken: Arc::default(),
        failures,
        strays: Vec::new(),
        received: 0,
        bytes: 0,
        first_image_seconds: None,
        sealing: JoinSet::new(),
    };
    let over = turned(fetching.sink.over());
    let ended = tokio::select! {
        ended = fetching.bring() => ended,
        () = over => Err(WorkError::Stopped),
    };
    fetching.settle_all().await;
    fetching.finish(ended).await
}

/// The instances of a study that the vault has and can open. A damaged one is fetched again.
fn sound(vault: &Vault, study: &Uid) -> Result<HashSet<Uid>, WorkError> {
    let stored = vault.instances(study)?;
    let opens = |one: &crate::vault::StoredInstance| vault.read_instance(&one.key).is_ok();
    let sound = threads::map("verify", &stored, opens, || false);
    Ok(stored.into_iter().zip(sound).filter(|(_, sound)| *sound).map(|(one, _)| one.key.sop).collect())
}

/// Trouble that no other series or instance of this centre would escape.
fn ends_everything(error: &CentreError) -> bool {
    matches!(
        error,
        CentreError::UntrustedCertificate { .. }
            | CentreError::TlsFailed { .. }
            | CentreError::NotEncrypted { .. }
            | CentreError::WrongPassword { .. }
            | CentreError::SignInRequired { .. }
            | CentreError::Redirected { .. }
            | CentreError::BadCa { .. }
            | CentreError::BadUserName
            | CentreError::NoSystemCertificates
    )
}

impl Fetching {
    /// Asks until everything is here, or until asking again brings nothing.
    async fn bring(&mut self) -> Result<(), WorkError> {
        let mut fruitless = 0;
        self.progress();
        while self.missing.len() > self.given_up.len() {
            let before = self.missing.len();
            let cut = self.round().await?;
            self.settle_all().await;
            fruitless = if self.missing.len() < before { 0 } else { fruitless + 1 };
            match cut {
                None if fruitless > 0 => break,
                None => {}
                Some(error) if fruitless > FRUITLESS_TRIES => return Err(error.into()),
                Some(error) => {
                    tracing::info!(missing = self.missing.len(), "the line was cut; asking for the rest");
                    tokio::time::sleep(centre::retry::delay(fruitless, error.retry_after(), jitter())).await;
                }
            }
        }
        Ok(())
    }

    /// One round over the series that lack something; gives back the last trouble that may pass.
    async fn round(&mut self) -> Result<Option<CentreError>, WorkError> {
        let mut cut = None;
        for (series, instances) in self.wanted() {
            let of_series = self.all.values().filter(|expected| expected.series == series).count();
            let whole_series = instances.len() == of_series;
            let outcome = if whole_series {
                self.ask_series(&series).await
            } else {
                self.ask_one_by_one(&series, instances.clone()).await
            };
            match outcome {
                Ok(()) => {}
                Err(error) if ends_everything(&error) => return Err(error.into()),
                Err(error) if error.is_transient() => {
                    let line_down = matches!(error, CentreError::Unreachable { .. });
                    cut = Some(error);
                    if line_down {
                        break;
                    }
                }
                Err(error) => {
                    self.settle_all().await;
                    self.give_up(instances, &error);
                }
            }
        }
        Ok(cut)
    }

    /// What is to be asked for, series by series: as they are numbered, and then the smallest first.
    fn wanted(&self) -> Vec<(Uid, Vec<Uid>)> {
        let mut series: HashMap<Uid, Vec<Uid>> = HashMap::new();
        for sop in self.missing.difference(&self.given_up) {
            if let Some(expected) = self.all.get(sop) {
                series.entry(expected.series.clone()).or_default().push(sop.clone());
            }
        }
        let number = |instances: &[Uid]| {
            let number = instances.first().and_then(|sop| self.all.get(sop)?.series_number);
            (number.is_none(), number)
        };
        let mut series: Vec<_> = series.into_iter().collect();
        series.sort_by_cached_key(|(uid, instances)| (number(instances), instances.len(), uid.clone()));
        series
    }

    /// Takes part after part; proving and sealing run beside the transfer, a few at a time, and count as soon
    /// as they are done.
    async fn ask_series(&mut self, series: &Uid) -> Result<(), CentreError> {
        let mut answer = self.client.retrieve_series(&self.study, series).await?;
        loop {
            tokio::select! {
                part = answer.next() => match part? {
                    Some(part) => self.seal(part.bytes).await,
                    None => return Ok(()),
                },
                Some(done) = self.sealing.join_next() => self.settle(done),
            }
        }
    }

    /// The rest of a series that is here in part: nothing of it that came before is asked for again.
    async fn ask_one_by_one(&mut self, series: &Uid, instances: Vec<Uid>) -> Result<(), CentreError> {
        let (client, study) = (self.client.clone(), self.study.clone());
        let ask = |sop: Uid| {
            let (client, study) = (&client, &study);
            async move { (client.retrieve_instance(study, series, &sop).await, sop) }
        };
        let mut answers = stream::iter(instances.into_iter().map(ask)).buffer_unordered(ONE_BY_ONE);
        while let Some((answer, sop)) = answers.next().await {
            match answer {
                Ok(part) => self.seal(part.bytes).await,
                Err(error) if ends_everything(&error) || error.is_transient() => return Err(error),
                Err(error) => self.give_up(vec![sop], &error),
            }
        }
        Ok(())
    }

    /// These will not come: what is still missing of them is told, each once.
    fn give_up(&mut self, instances: Vec<Uid>, error: &CentreError) {
        for sop in instances {
            if self.missing.contains(&sop) && self.given_up.insert(sop.clone()) {
                self.failures.push(Failure { instance: Some(sop), problem: error.message().into() });
            }
        }
    }

    async fn seal(&mut self, bytes: Bytes) {
        while self.sealing.len() >= SEALING {
            self.settle_one().await;
        }
        let (vault, all, taken) = (Arc::clone(&self.vault), Arc::clone(&self.all), Arc::clone(&self.taken));
        let sink = Arc::clone(&self.sink);
        self.sealing.spawn_blocking(move || keep(&vault, &all, &taken, &*sink, &bytes));
    }

    async fn settle_all(&mut self) {
        while !self.sealing.is_empty() {
            self.settle_one().await;
        }
    }

    async fn settle_one(&mut self) {
        if let Some(done) = self.sealing.join_next().await {
            self.settle(done);
        }
    }

    fn settle(&mut self, done: Result<Kept, JoinError>) {
        // A panic of a parser leaves its instance missing; `finish` says so.
        let Ok(kept) = done else { return };
        let sop = kept.sop_instance;
        match kept.outcome {
            None => {}
            Some(Ok(is_image)) => {
                if sop.is_some_and(|sop| self.missing.remove(&sop)) {
                    self.received += 1;
                    self.bytes += kept.bytes;
                }
                if is_image && self.first_image_seconds.is_none() {
                    self.first_image_seconds = Some(self.begun.elapsed().as_secs_f64());
                }
                self.progress();
            }
            Some(Err(error)) => {
                self.given_up.extend(sop.clone());
                let list = if sop.is_some() { &mut self.failures } else { &mut self.strays };
                let failure = Failure { instance: sop, problem: Problem::from(&error) };
                if !list.contains(&failure) {
                    list.push(failure);
                }
            }
        }
    }

    fn progress(&self) {
        let received = self.resumed + self.received;
        let progress = Progress { expected: Some(self.all.len() as u32), received, bytes: self.bytes };
        self.sink.progress(progress);
    }

    /// Everything, or what is missing and why: each missing instance is told once.
    async fn finish(self, ended: Result<(), WorkError>) -> Result<Fetched, WorkError> {
        let why = match &ended {
            Err(error) => Problem::from(error),
            Ok(()) => Problem::from(&WorkError::NotGiven),
        };
        let mut failures = self.failures;
        if !self.missing.is_empty() {
            failures.extend(self.strays);
        }
        let told: HashSet<Uid> = failures.iter().filter_map(|failure| failure.instance.clone()).collect();
        let mut silent: Vec<Uid> = self.missing.into_iter().filter(|sop| !told.contains(sop)).collect();
        silent.sort();
        failures.extend(silent.into_iter().map(|sop| Failure { instance: Some(sop), problem: why.clone() }));
        let (vault, study, url, received) = (self.vault, self.study, self.url, self.received);
        let trouble =
            if failures.is_empty() { None } else { Some(ended.err().unwrap_or(WorkError::NotGiven)) };
        let noted = move |ground: &Ground| {
            if let Some(error) = &trouble {
                audit::alert(ground, error);
            }
            if received == 0 {
                return Ok(());
            }
            let failure = trouble.as_ref().map(|error| error as &dyn Explain);
            let transfer = Transfer { failure, ..Transfer::of(&url, received) };
            audit::note_transfer(ground, &vault, Happened::StudyReceived, &study, &transfer)
        };
        self.ground.blocking(noted).await?;
        Ok(Fetched {
            skipped: 0,
            expected: self.all.len() as u32,
            received: self.received + self.resumed,
            bytes: self.bytes,
            seconds: self.begun.elapsed().as_secs_f64(),
            first_image_seconds: self.first_image_seconds,
            resumed: self.resumed,
            failures,
        })
    }
}

/// Proves one instance and makes it durable. A part that comes a second time in one fetch is left out: nothing
/// that was proven and saved is written over.
fn keep(
    vault: &Vault,
    all: &HashMap<Uid, Expected>,
    taken: &Mutex<HashSet<Uid>>,
    sink: &dyn Sink,
    bytes: &Bytes,
) -> Kept {
    let size = bytes.len() as u64;
    let object = match part10::read(bytes.clone()) {
        Ok((mut object, _)) => {
            pages::count(&mut object.instance, object.document.as_ref());
            object
        }
        Err(error) => return Kept { bytes: size, sop_instance: None, outcome: Some(Err(error.into())) },
    };
    let sop = object.instance.sop_instance.clone();
    let expected = all.get(&sop);
    let proven = proof::prove(&object, expected);
    if proven.is_ok() && !taken.lock().unwrap_or_else(PoisonError::into_inner).insert(sop.clone()) {
        return Kept { bytes: size, sop_instance: Some(sop), outcome: None };
    }
    let outcome = proven.and_then(|()| {
        let key = InstanceKey {
            study: object.instance.study.uid.clone(),
            series: object.instance.series.uid.clone(),
            sop: sop.clone(),
        };
        vault.put_instance(&key, object.transfer_syntax.as_str().as_bytes(), bytes)?;
        let instance = Arc::new(object.instance);
        sink.sealed(key, &instance);
        Ok(instance.image.is_some())
    });
    Kept { bytes: size, sop_instance: expected.map(|_| sop), outcome: Some(outcome) }
}

/// A number from 0 to 1 that differs between workstations.
fn jitter() -> f64 {
    f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX)
}
