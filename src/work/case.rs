//! The open case: catalogued while it comes, kept while it is read.

mod files;
mod study;
mod telling;

use std::sync::Arc;

use super::ground::Ground;
use super::kept;
use crate::session::case::{Effect, Event as CaseEvent};
use crate::session::{Event, Problem};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Open { id, centre, study } => {
            let outcome = study::open(ground, id, centre, study).await;
            let outcome = outcome.map_err(|error| Problem::from(&error));
            tell(ground, CaseEvent::Arrived { id, outcome }).await;
        }
        Effect::OpenFiles { id, paths } => {
            let outcome = files::open(ground, id, paths).await;
            let outcome = outcome.map_err(|error| Problem::from(&error));
            tell(ground, CaseEvent::Arrived { id, outcome }).await;
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

async fn tell(ground: &Ground, event: CaseEvent) {
    ground.tell(Event::Case(event)).await;
}
