//! The open study asked for again: what the centre has more comes into the case as it is, and nothing is read anew.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::watch;

use super::telling;
use crate::centre::{CentreError, Client, StudyQuery};
use crate::dicom::{Instance, Uid};
use crate::session::RequestId;
use crate::session::case::Late;
use crate::session::study::Progress;
use crate::vault::{InstanceKey, Vault};
use crate::work::WorkError;
use crate::work::ground::Ground;
use crate::work::reading::{OpenCase, Place, Source};
use crate::work::retrieve::{self, Order, Sink};

/// Asks the centre whether it has more than `known` instances; where it has, brings the rest.
pub(super) async fn look(
    ground: &Arc<Ground>,
    opening: RequestId,
    centre: String,
    study: Uid,
    known: u32,
) -> Result<Option<Late>, WorkError> {
    let case = ground.reading().case().filter(|case| case.id == opening).ok_or(WorkError::Stopped)?;
    let client = ground.client(&centre).await?;
    if count(&client, &study).await? <= known {
        return Ok(None);
    }
    let vault = ground.vault_async().await?;
    let here: HashSet<Uid> = case.instances().iter().map(|instance| instance.sop_instance.clone()).collect();
    let sink = Arc::new(Latecomers { case: Arc::clone(&case), vault, images: AtomicU32::new(0) });
    let order = Order { centre, study, here: Some(here) };
    let arriving = retrieve::fetch(ground, order, Arc::clone(&sink) as Arc<dyn Sink>);
    let fetched = telling::beside(ground, &case, arriving).await?;
    Ok(Some(Late {
        expected: fetched.expected,
        received: fetched.received,
        images: sink.images.load(Ordering::Relaxed),
        failures: fetched.failures,
    }))
}

/// How many instances the centre says the study has; counted by their list where it does not say.
async fn count(client: &Client, study: &Uid) -> Result<u32, CentreError> {
    let query = StudyQuery { study: Some(study.clone()), ..StudyQuery::default() };
    let row = client.search_studies(&query).await?.rows.into_iter().find(|row| row.study.uid == *study);
    match row.and_then(|row| row.instances) {
        Some(count) => Ok(count),
        None => Ok(u32::try_from(client.instances(study).await?.rows.len()).unwrap_or(u32::MAX)),
    }
}

/// Takes in what comes late.
struct Latecomers {
    case: Arc<OpenCase>,
    vault: Arc<Vault>,
    images: AtomicU32,
}

impl Sink for Latecomers {
    /// The case says what is here; a few more are told at the end.
    fn progress(&self, _: Progress) {}

    fn sealed(&self, key: InstanceKey, instance: &Arc<Instance>) {
        self.images.fetch_add(u32::from(instance.image.is_some()), Ordering::Relaxed);
        let place = Place::Vault(Arc::clone(&self.vault), Box::new(key));
        self.case.add(Source { instance: Arc::clone(instance), place });
    }

    fn over(&self) -> watch::Receiver<bool> {
        self.case.over()
    }
}
