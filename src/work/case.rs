//! The open case: catalogued while it comes, kept while it is read.

use std::sync::Arc;

use super::ground::Ground;
use super::kept;
use crate::session::Event;
use crate::session::case::{Effect, Event as CaseEvent};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Keep { id, case } => kept::keep(ground, id, case).await,
        Effect::Forget { id, study } => kept::forget(ground, id, study).await,
        Effect::Recall { id } => kept::recall(ground, id).await,
        Effect::Close { id } => {
            let closed = ground.blocking(|ground| match ground.existing_vault()? {
                Some(vault) => kept::closed(&vault),
                None => Ok(()),
            });
            if let Err(error) = closed.await {
                tracing::warn!(%error, "the note of the open case stays");
            }
            ground.tell(Event::Case(CaseEvent::Closed { id })).await;
        }
        Effect::Open { .. } | Effect::OpenFiles { .. } => {}
    }
}
