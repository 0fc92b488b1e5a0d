//! A study opened: first what the vault has of it, then the rest from the centre.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::watch;

use super::telling::{self, Counting};
use crate::dicom::{Instance, Uid};
use crate::session::case::Event as CaseEvent;
use crate::session::study::{Fetched, Progress};
use crate::session::{Event, Problem, RequestId};
use crate::vault::{InstanceKey, StoredInstance, Vault};
use crate::work::audit::{self, Happened};
use crate::work::ground::Ground;
use crate::work::loaded::Loaded;
use crate::work::reading::{OpenCase, Place, Source};
use crate::work::record::FetchRecord;
use crate::work::retrieve::{self, Order, Sink};
use crate::work::{WorkError, kept, threads};

pub(super) async fn open(
    ground: &Arc<Ground>,
    id: RequestId,
    centre: String,
    study: Uid,
) -> Result<Fetched, WorkError> {
    let case = ground.reading().open(id).ok_or(WorkError::Stopped)?;
    let vault = ground.vault_async().await?;
    let (of_vault, of_study) = (Arc::clone(&vault), study.clone());
    let look = move |ground: &Ground| {
        audit::note(ground, &of_vault, Happened::StudyOpened, &of_study, None)?;
        Ok(kept::kept(&of_vault, &of_study))
    };
    let kept = ground.blocking(look).await?;
    ground.tell(Event::Case(CaseEvent::Opened { id, kept })).await;
    let mut refused = Vec::new();
    let arriving = bring(ground, &case, &vault, Order { centre, study, here: None }, &mut refused);
    let outcome = telling::beside(ground, &case, arriving).await;
    tell_refused(ground, &case, refused, outcome.as_ref().ok()).await;
    outcome
}

/// What the vault has, then what the centre has more.
async fn bring(
    ground: &Arc<Ground>,
    case: &Arc<OpenCase>,
    vault: &Arc<Vault>,
    mut order: Order,
    refused: &mut Vec<(Uid, WorkError)>,
) -> Result<Fetched, WorkError> {
    let (of_case, of_vault, of_study) = (Arc::clone(case), Arc::clone(vault), order.study.clone());
    let held = ground.blocking(move |ground| held(ground, &of_case, &of_vault, &of_study)).await?;
    *refused = held.refused;
    order.here = Some(held.opened);
    let sink = Growing {
        ground: Arc::clone(ground),
        case: Arc::clone(case),
        vault: Arc::clone(vault),
        counting: Counting::new(),
    };
    retrieve::fetch(ground, order, Arc::new(sink)).await
}

/// What the vault held of a study.
struct Held {
    opened: HashSet<Uid>,
    refused: Vec<(Uid, WorkError)>,
}

/// Reads what the vault has on all cores; each instance is in the case as soon as it is read.
fn held(ground: &Ground, case: &OpenCase, vault: &Arc<Vault>, study: &Uid) -> Result<Held, WorkError> {
    let stored = vault.instances(study)?;
    let expected = FetchRecord::of(vault, study).map(|record| record.expected);
    let (received, counting) = (AtomicU32::new(0), Counting::new());
    let one = |stored: &StoredInstance| {
        if case.is_ended() {
            return Err(WorkError::Stopped);
        }
        // The pixels go again at once.
        let instance = Loaded::of_vault(vault, &stored.key)?.instance;
        case.add(Source { instance, place: Place::Vault(Arc::clone(vault), Box::new(stored.key.clone())) });
        let received = received.fetch_add(1, Ordering::Relaxed) + 1;
        counting.tell(ground, case, Progress { expected, received, bytes: 0 });
        Ok(())
    };
    let read = threads::map("open", &stored, one, || Err(WorkError::Stopped));
    let mut held = Held { opened: HashSet::new(), refused: Vec::new() };
    for (stored, outcome) in stored.into_iter().zip(read) {
        match outcome {
            Ok(()) => drop(held.opened.insert(stored.key.sop)),
            Err(error) => {
                audit::alert(ground, &error);
                held.refused.push((stored.key.sop, error));
            }
        }
    }
    if case.is_ended() { Err(WorkError::Stopped) } else { Ok(held) }
}

/// Takes in what comes from the centre.
struct Growing {
    ground: Arc<Ground>,
    case: Arc<OpenCase>,
    vault: Arc<Vault>,
    counting: Counting,
}

impl Sink for Growing {
    fn progress(&self, progress: Progress) {
        self.counting.tell(&self.ground, &self.case, progress);
    }

    fn sealed(&self, key: InstanceKey, instance: &Arc<Instance>) {
        let place = Place::Vault(Arc::clone(&self.vault), Box::new(key));
        self.case.add(Source { instance: Arc::clone(instance), place });
    }

    fn over(&self) -> watch::Receiver<bool> {
        self.case.over()
    }
}

/// Instances that lie damaged in the vault and did not come anew; the fetch tells its own failures itself.
async fn tell_refused(
    ground: &Ground,
    case: &OpenCase,
    refused: Vec<(Uid, WorkError)>,
    fetched: Option<&Fetched>,
) {
    let told = |sop: &Uid| {
        let mut failures = fetched.iter().flat_map(|fetched| &fetched.failures);
        failures.any(|failure| failure.instance.as_ref() == Some(sop))
    };
    let still = refused.into_iter().filter(|(sop, _)| case.source(sop).is_none() && !told(sop));
    let problems: Vec<Problem> = still.map(|(_, error)| Problem::from(&error)).collect();
    if !problems.is_empty() && !case.is_over() {
        ground.tell(Event::Case(CaseEvent::Refused { id: case.id, problems })).await;
    }
}
