//! What the reader made on a case, kept in the vault: one sealed draft a study, and a note of which case is open.
//! Both are durable before anybody is told.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::WorkError;
use super::ground::Ground;
use crate::dicom::Uid;
use crate::session::case;
use crate::session::kept::KeptCase;
use crate::session::{Event, Problem, RequestId};
use crate::vault::Vault;

/// The name of the note that says which case is open.
const OPEN_CASE: &str = "open-case";

/// The case that is open.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OpenCase {
    centre: String,
    study: String,
}

/// Keeps `case` in place of what was kept of its study, and notes that it is open.
pub(super) async fn keep(ground: &Arc<Ground>, id: RequestId, case: Box<KeptCase>) {
    let written = ground.blocking(move |ground| write(&*ground.vault()?, &case)).await;
    let outcome = written.map_err(|error| Problem::from(&error));
    ground.tell(Event::Case(case::Event::Kept { id, outcome })).await;
}

/// Forgets what was kept of a study, and that it is open.
pub(super) async fn forget(ground: &Arc<Ground>, id: RequestId, study: Uid) {
    let gone = ground.blocking(move |ground| match ground.existing_vault()? {
        Some(vault) => drop_case(&vault, &study),
        None => Ok(()),
    });
    let outcome = gone.await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Case(case::Event::Forgotten { id, outcome })).await;
}

/// Tells which case was open when the program last ended without closing it.
pub(super) async fn recall(ground: &Arc<Ground>, id: RequestId) {
    let noted = ground.blocking(|ground| match ground.existing_vault()? {
        Some(vault) => noted(&vault),
        None => Ok(None),
    });
    let outcome = noted.await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Case(case::Event::Recalled { id, outcome })).await;
}

/// What was kept of a study. Bytes that cannot be read (damaged, or from a later program) count as nothing here
/// and are left where they are.
pub(super) fn kept(vault: &Vault, study: &Uid) -> Option<Box<KeptCase>> {
    let bytes = match vault.draft(study) {
        Ok(bytes) => bytes?,
        Err(error) => {
            tracing::warn!(%error, "what was kept of a case cannot be read");
            return None;
        }
    };
    match serde_json::from_slice::<KeptCase>(&bytes) {
        Ok(case) if case.form == KeptCase::FORM && case.study == study.as_str() => Some(Box::new(case)),
        Ok(case) => {
            tracing::warn!(form = case.form, "what was kept of a case has another form");
            None
        }
        Err(_) => {
            tracing::warn!("what was kept of a case has a form that this program does not know");
            None
        }
    }
}

/// No case is open any more. What was kept of it stays.
pub(super) fn closed(vault: &Vault) -> Result<(), WorkError> {
    match vault.note(OPEN_CASE)? {
        Some(_) => Ok(vault.drop_note(OPEN_CASE)?),
        None => Ok(()),
    }
}

fn write(vault: &Vault, case: &KeptCase) -> Result<(), WorkError> {
    let study = Uid::parse(&case.study).map_err(|_| WorkError::NotHere { study: case.study.clone() })?;
    let bytes = Zeroizing::new(serde_json::to_vec(case).map_err(|_| WorkError::Stopped)?);
    vault.save_draft(&study, &bytes)?;
    let open = OpenCase { centre: case.centre.clone(), study: case.study.clone() };
    let note = serde_json::to_vec(&open).map_err(|_| WorkError::Stopped)?;
    // Each writing flushes the disk, and the note rarely changes.
    if vault.note(OPEN_CASE).is_ok_and(|known| known.is_some_and(|known| *known == note)) {
        return Ok(());
    }
    Ok(vault.put_note(OPEN_CASE, &note)?)
}

fn drop_case(vault: &Vault, study: &Uid) -> Result<(), WorkError> {
    vault.drop_draft(study)?;
    match noted(vault)? {
        Some((_, open)) if open == *study => closed(vault),
        _ => Ok(()),
    }
}

fn noted(vault: &Vault) -> Result<Option<(String, Uid)>, WorkError> {
    let Some(bytes) = vault.note(OPEN_CASE)? else { return Ok(None) };
    let open = serde_json::from_slice::<OpenCase>(&bytes).ok();
    let open = open.and_then(|open| Some((open.centre, Uid::parse(&open.study).ok()?)));
    if open.is_none() {
        tracing::warn!("the note of the open case cannot be read");
    }
    Ok(open)
}
