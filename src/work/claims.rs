//! Claims: the reader takes a study, so that nobody else begins it and it stays here, and the worklist of the centre
//! hears what became of it (UPS-RS, `centre::ups`).
//!
//! ```text
//!   taken ──► asked ──the centre says so──► held ──final report confirmed──► done ──COMPLETED there──► forgotten
//!               └─ another has it: forgotten, told      └─ given back: scheduled there anew ──► forgotten
//! ```
//!
//! Each stage is kept in the vault before the centre is asked, under a Transaction UID made here: whatever the line
//! or a kill takes away is asked again with the next answer of the worklist, and is the same question. A centre
//! without UPS-RS, or without a workitem for the study, has nothing to be told: the claim is kept here alone.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::Local;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::WorkError;
use super::ground::Ground;
use crate::centre::{CentreError, Client, Output, Performed, Workitem, WorkitemQuery, WorkitemState};
use crate::dicom::Uid;
use crate::dicom::part10::Part10;
use crate::report;
use crate::session::{Event, Problem, worklist};
use crate::site::Centre;
use crate::vault::{QueuedReport, Vault};

/// The name of the note that holds them.
const NOTE: &str = "claims";
/// A claim that is held is confirmed to the centre this often, seconds: a centre may let go of work that nobody
/// speaks of.
const RENEW_SECS: u64 = 10 * 60;

/// Lets one at a time change the claims.
#[derive(Default)]
pub(super) struct Claims(Mutex<()>);

/// One claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Held {
    /// The centre as it was known then.
    centre: Centre,
    /// Study Instance UID.
    study: String,
    /// The centre was asked which workitem it is.
    looked: bool,
    /// SOP Instance UID of the workitem; `None` where the centre has none.
    workitem: Option<String>,
    /// The lock of the workitem, and the workitem that takes its place if it is given back.
    transaction: String,
    replacement: String,
    /// Since when, as in `20260301031000`.
    begun: String,
    /// When the centre last said that it is held, seconds since 1970.
    renewed_unix: u64,
    stage: Stage,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    /// The centre has not answered yet.
    Asked,
    /// It is the reader's.
    Held,
    /// The final report is there: series, SOP class, SOP instance; and until when it took.
    Done { series: String, sop_class: String, sop_instance: String, end: String },
    /// The reader does not want it any more.
    GivenBack,
}

/// What became of a claim that was walked.
#[derive(Debug, PartialEq, Eq)]
enum Walked {
    /// It stays.
    Stays,
    /// There is nothing more to it.
    Ended,
    /// Another reader has the study.
    Lost,
}

/// The studies that this reader has taken.
pub(super) fn mine(vault: &Vault) -> HashSet<Uid> {
    let held = read(vault).into_iter().filter(|held| matches!(held.stage, Stage::Asked | Stage::Held));
    held.filter_map(|held| Uid::parse(&held.study).ok()).collect()
}

/// Takes a study. Without a line it is taken here, and the centre hears of it later.
///
/// # Errors
/// [`WorkError::TakenByOther`]; what the vault refuses.
pub(super) async fn take(ground: &Arc<Ground>, centre: &str, study: &Uid) -> Result<(), WorkError> {
    let _alone = ground.claims().0.lock().await;
    let (vault, centre) = (ground.vault_async().await?, ground.centre(centre)?);
    if mine(&vault).contains(study) {
        return Ok(());
    }
    let held = Held::new(centre, study, None);
    change(ground, &vault, held.clone()).await?;
    match walk_one(ground, &vault, held.clone()).await {
        Ok(Walked::Lost) => Err(WorkError::TakenByOther),
        Ok(_) => Ok(()),
        Err(error) if error.is_no_line() => Ok(()),
        Err(error) => {
            forget(ground, &vault, held).await?;
            Err(error)
        }
    }
}

/// Gives a study back.
///
/// # Errors
/// What the centre refuses: then it is the reader's as before.
pub(super) async fn give_back(ground: &Arc<Ground>, study: &Uid) -> Result<(), WorkError> {
    let _alone = ground.claims().0.lock().await;
    let vault = ground.vault_async().await?;
    let Some(before) = read(&vault).into_iter().find(|held| held.study == study.as_str()) else {
        return Ok(());
    };
    let given_back = Held { stage: Stage::GivenBack, ..before.clone() };
    change(ground, &vault, given_back.clone()).await?;
    match walk_one(ground, &vault, given_back).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_no_line() => Ok(()),
        Err(error) => {
            change(ground, &vault, before).await?;
            Err(error)
        }
    }
}

/// A report was confirmed: if it is final, the work is done, and the centre's worklist hears it. Where the reader had
/// claimed nothing, the workitem for reading this study is ended all the same, if nobody else has it.
pub(super) async fn reported(
    ground: &Arc<Ground>,
    client: &Client,
    centre: &Centre,
    queued: &QueuedReport,
    object: &Part10,
) -> Result<(), WorkError> {
    if report::read(&object.dataset).0.header.is_preliminary() {
        return Ok(());
    }
    let _alone = ground.claims().0.lock().await;
    let vault = ground.vault_async().await?;
    let known = read(&vault).into_iter().find(|held| held.study == queued.study.as_str());
    let held = match known {
        Some(held) => held,
        None => {
            let item = workitem(client, &queued.study).await?;
            let ours = |item: &Workitem| item.is_reading && item.state == WorkitemState::Scheduled;
            let Some(item) = item.filter(ours) else { return Ok(()) };
            Held::new(centre.clone(), &queued.study, Some(&item.uid))
        }
    };
    let instance = &object.instance;
    let stage = Stage::Done {
        series: instance.series.uid.to_string(),
        sop_class: instance.sop_class.to_string(),
        sop_instance: queued.sop.to_string(),
        end: now(),
    };
    let held = Held { stage, ..held };
    change(ground, &vault, held.clone()).await?;
    walk_one(ground, &vault, held).await.map(drop)
}

/// Asks again for what a centre has not answered, and confirms what is held. Told only where a study was lost.
pub(super) async fn settle(ground: &Arc<Ground>, centre: &str) -> Result<(), WorkError> {
    let _alone = ground.claims().0.lock().await;
    let url = ground.centre(centre)?.url;
    let Some(vault) = ground.blocking(Ground::existing_vault).await? else { return Ok(()) };
    for held in read(&vault).into_iter().filter(|held| held.centre.url == url && held.is_due()) {
        let study = Uid::parse(&held.study);
        if walk_one(ground, &vault, held).await? == Walked::Lost
            && let Ok(study) = study
        {
            let outcome = Err(Problem::from(&WorkError::TakenByOther));
            let claimed = worklist::Event::Claimed { study, outcome };
            ground.tell(Event::Worklist(claimed)).await;
        }
    }
    Ok(())
}

/// The workitem of a study; `None` where the centre has no worklist service, or none for it.
async fn workitem(client: &Client, study: &Uid) -> Result<Option<Workitem>, WorkError> {
    let items = client.workitems(&WorkitemQuery::default()).await?;
    Ok(items.and_then(|items| items.by_study().get(study).map(|item| (*item).clone())))
}

/// Takes a claim as far as it goes now, and keeps how far that was.
async fn walk_one(ground: &Arc<Ground>, vault: &Arc<Vault>, mut held: Held) -> Result<Walked, WorkError> {
    let client = ground.client_at(ground.destination(&held.centre)).await?;
    if !held.looked {
        if !held.look(&client).await? {
            forget(ground, vault, held).await?;
            return Ok(Walked::Lost);
        }
        // Before anything is changed there: that a workitem is taken, perhaps by this claim, is no news later.
        change(ground, vault, held.clone()).await?;
    }
    let (held, walked) = held.walk(ground, &client).await?;
    match walked {
        Walked::Stays => change(ground, vault, held).await?,
        Walked::Ended | Walked::Lost => forget(ground, vault, held).await?,
    }
    Ok(walked)
}

impl Held {
    /// A claim on this workitem, or on the one that the centre will name.
    fn new(centre: Centre, study: &Uid, workitem: Option<&Uid>) -> Self {
        let fresh = || Uid::from_uuid_bits(uuid::Uuid::new_v4().as_u128()).to_string();
        Self {
            centre,
            study: study.to_string(),
            looked: workitem.is_some(),
            workitem: workitem.map(Uid::to_string),
            transaction: fresh(),
            replacement: fresh(),
            begun: now(),
            renewed_unix: 0,
            stage: Stage::Asked,
        }
    }

    /// Whether the centre is to be asked about it.
    fn is_due(&self) -> bool {
        self.stage != Stage::Held || unix() >= self.renewed_unix + RENEW_SECS
    }

    /// Finds the workitem; false where somebody else has it.
    async fn look(&mut self, client: &Client) -> Result<bool, WorkError> {
        let study = Uid::parse(&self.study).map_err(|_| WorkError::Stopped)?;
        let item = workitem(client, &study).await?;
        let is_free = item.as_ref().is_none_or(|item| item.state != WorkitemState::InProgress);
        let item = item.filter(|item| item.state == WorkitemState::Scheduled);
        self.workitem = item.map(|item| item.uid.to_string());
        self.looked = true;
        Ok(is_free)
    }

    async fn walk(mut self, ground: &Ground, client: &Client) -> Result<(Self, Walked), WorkError> {
        let Some(workitem) = self.workitem.as_deref().and_then(|uid| Uid::parse(uid).ok()) else {
            let ends = matches!(self.stage, Stage::Done { .. } | Stage::GivenBack);
            self.stage = if ends { self.stage } else { Stage::Held };
            self.renewed_unix = unix();
            return Ok((self, if ends { Walked::Ended } else { Walked::Stays }));
        };
        let bad = |_| WorkError::Stopped;
        let transaction = Uid::parse(&self.transaction).map_err(bad)?;
        let performed = self.performed(ground);
        let walked = match &self.stage {
            Stage::Asked => held_or_lost(client.claim(&workitem, &transaction, &performed).await?),
            Stage::Held => held_or_lost(client.describe(&workitem, &transaction, &performed).await?),
            Stage::Done { .. } => {
                // Claimed first where it was not; an answer that says no has been heard before, or is another's.
                if client.claim(&workitem, &transaction, &performed).await? {
                    client.complete(&workitem, &transaction, &performed).await?;
                }
                Walked::Ended
            }
            Stage::GivenBack => {
                let replacement = Uid::parse(&self.replacement).map_err(bad)?;
                match client.give_back(&workitem, &transaction, &replacement).await {
                    Ok(()) => {}
                    Err(error) if is_refusal(&error) => return Err(WorkError::NotGivenBack),
                    Err(error) => return Err(error.into()),
                }
                Walked::Ended
            }
        };
        if walked == Walked::Stays {
            self.stage = Stage::Held;
            self.renewed_unix = unix();
        }
        Ok((self, walked))
    }

    fn performed(&self, ground: &Ground) -> Performed {
        let profile = ground.profile();
        let uid = |text: &str| Uid::parse(text).ok();
        let (end, output) = match &self.stage {
            Stage::Done { series, sop_class, sop_instance, end } => {
                let output = || {
                    Some(Output {
                        study: uid(&self.study)?,
                        series: uid(series)?,
                        sop_class: uid(sop_class)?,
                        sop_instance: uid(sop_instance)?,
                    })
                };
                (end.clone(), output())
            }
            Stage::Asked | Stage::Held | Stage::GivenBack => (String::new(), None),
        };
        Performed {
            performer: profile.reader.name.clone(),
            organisation: profile.reader.organisation.clone(),
            start: self.begun.clone(),
            end,
            output,
        }
    }
}

fn held_or_lost(ours: bool) -> Walked {
    if ours { Walked::Stays } else { Walked::Lost }
}

/// The centre does not let anybody schedule, or not this reader.
fn is_refusal(error: &CentreError) -> bool {
    matches!(
        error,
        CentreError::NotFound { .. } | CentreError::Forbidden { .. } | CentreError::RequestRefused { .. }
    )
}

fn now() -> String {
    Local::now().format("%Y%m%d%H%M%S").to_string()
}

fn unix() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The claims; those of a later program, or damaged ones, count as none and are written over.
fn read(vault: &Vault) -> Vec<Held> {
    let note = vault.note(NOTE).ok().flatten();
    note.and_then(|note| serde_json::from_slice(&note).ok()).unwrap_or_default()
}

/// Keeps a claim in place of what was kept of its study.
async fn change(ground: &Arc<Ground>, vault: &Arc<Vault>, held: Held) -> Result<(), WorkError> {
    rewrite(ground, vault, held.study.clone(), Some(held)).await
}

async fn forget(ground: &Arc<Ground>, vault: &Arc<Vault>, held: Held) -> Result<(), WorkError> {
    rewrite(ground, vault, held.study, None).await
}

async fn rewrite(
    ground: &Arc<Ground>,
    vault: &Arc<Vault>,
    study: String,
    with: Option<Held>,
) -> Result<(), WorkError> {
    let vault = Arc::clone(vault);
    let write = move |_: &Ground| {
        let mut all = read(&vault);
        let before = all.clone();
        all.retain(|held| held.study != study);
        all.extend(with);
        if all == before {
            return Ok(());
        }
        Ok(vault.put_note(NOTE, &serde_json::to_vec(&all).map_err(|_| WorkError::Stopped)?)?)
    };
    ground.blocking(write).await
}
