//! What is kept of a case in the vault.

use std::sync::Arc;

use super::WorkError;
use super::ground::Ground;
use crate::dicom::Uid;
use crate::session::case::Event as CaseEvent;
use crate::session::kept::KeptCase;
use crate::session::{Event, Problem, RequestId};
use crate::vault::Vault;

/// Makes a case durable in place of what was kept of it.
pub(super) async fn keep(ground: &Arc<Ground>, id: RequestId, case: Box<KeptCase>) {
    let write = move |ground: &Ground| {
        let study = Uid::parse(&case.study).map_err(|_| WorkError::Stopped)?;
        let bytes = serde_json::to_vec(&case).map_err(|_| WorkError::Stopped)?;
        Ok(ground.vault()?.save_draft(&study, &bytes)?)
    };
    let outcome = ground.blocking(write).await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Case(CaseEvent::Kept { id, outcome })).await;
}

/// Forgets what was kept of a case.
pub(super) async fn forget(ground: &Arc<Ground>, id: RequestId, study: Uid) {
    let outcome = ground.blocking(move |ground| Ok(ground.vault()?.drop_draft(&study)?)).await;
    let outcome = outcome.map_err(|error| Problem::from(&error));
    ground.tell(Event::Case(CaseEvent::Forgotten { id, outcome })).await;
}

/// No case is recalled: none is marked as open.
pub(super) async fn recall(ground: &Arc<Ground>, id: RequestId) {
    ground.tell(Event::Case(CaseEvent::Recalled { id, outcome: Ok(None) })).await;
}

/// What was kept of a case.
pub(super) fn kept(vault: &Vault, study: &Uid) -> Option<Box<KeptCase>> {
    let bytes = vault.draft(study).ok()??;
    serde_json::from_slice(&bytes).ok()
}
