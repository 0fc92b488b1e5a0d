//! The open case: catalogued while it comes, kept while it is read.

mod files;
mod growth;
mod study;
mod telling;

use std::sync::Arc;

use url::Url;

use super::ground::Ground;
use super::prefetch::Ahead;
use super::record::FetchRecord;
use super::{WorkError, grown, kept};
use crate::dicom::Uid;
use crate::session::case::{Effect, Event as CaseEvent};
use crate::session::study::Fetched;
use crate::session::{Event, Problem, RequestId};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Open { id, centre, study } => {
            let outcome = open(ground, id, centre, study).await;
            let outcome = outcome.map_err(|error| Problem::from(&error));
            tell(ground, CaseEvent::Arrived { id, outcome }).await;
        }
        Effect::OpenFiles { id, paths } => {
            let outcome = files::open(ground, id, paths).await;
            let outcome = outcome.map_err(|error| Problem::from(&error));
            tell(ground, CaseEvent::Arrived { id, outcome }).await;
        }
        Effect::Look { id, opening, centre, study, known } => {
            let _ahead = Ahead::of(ground);
            let outcome = growth::look(ground, opening, centre, study, known).await;
            let outcome = outcome.map_err(|error| Problem::from(&error));
            tell(ground, CaseEvent::Looked { id, outcome }).await;
        }
        Effect::Close { id } => {
            ground.reading().close(id);
            let closed = ground.blocking(|ground| match ground.existing_vault()? {
                Some(vault) => kept::closed(&vault),
                None => Ok(()),
            });
            if let Err(error) = closed.await {
                tracing::warn!(%error, "the note of the open case stays");
            }
            tell(ground, CaseEvent::Closed { id }).await;
        }
        Effect::Keep { id, case } => kept::keep(ground, id, case).await,
        Effect::Forget { id, study } => kept::forget(ground, id, study).await,
        Effect::Recall { id } => kept::recall(ground, id).await,
    }
}

/// Opens a study ahead of all that comes in the background. Without a line, one that is here as whole as its centre
/// had it last is opened all the same, and the reader is told.
async fn open(ground: &Arc<Ground>, id: RequestId, centre: String, study: Uid) -> Result<Fetched, WorkError> {
    let _ahead = Ahead::of(ground);
    let url = ground.centre(&centre)?.url;
    let outcome = study::open(ground, id, centre, study.clone()).await;
    match outcome {
        Ok(fetched) => {
            let seen = ground.blocking(move |ground| grown::seen(&*ground.vault()?, &study));
            if let Err(error) = seen.await {
                tracing::warn!(%error, "how much was seen of a study could not be kept");
            }
            Ok(fetched)
        }
        Err(error) if error.is_no_line() => {
            let whole = ground.blocking(move |ground| Ok(whole_here(ground, id, &url, &study))).await?;
            let fetched = whole.ok_or(error)?;
            tell(ground, CaseEvent::Offline { id }).await;
            Ok(fetched)
        }
        Err(error) => Err(error),
    }
}

/// The open study as it is here, if that is all that this centre had when it was asked last.
fn whole_here(ground: &Ground, id: RequestId, centre: &Url, study: &Uid) -> Option<Fetched> {
    let record = FetchRecord::of(&*ground.vault().ok()?, study)?;
    let record = Some(record).filter(|record| record.list_is_whole && record.centre == *centre)?;
    let case = ground.reading().case().filter(|case| case.id == id)?;
    let received = u32::try_from(case.len()).ok().filter(|here| *here >= record.expected)?;
    Some(Fetched {
        expected: record.expected,
        received,
        skipped: 0,
        bytes: 0,
        seconds: 0.0,
        first_image_seconds: None,
        resumed: received,
        failures: Vec::new(),
    })
}

async fn tell(ground: &Ground, event: CaseEvent) {
    ground.tell(Event::Case(event)).await;
}
