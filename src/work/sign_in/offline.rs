//! Without a line, who opens the vault reads what is in it.

use std::sync::Arc;

use super::{Opening, pass};
use crate::site::Centre;
use crate::work::access::Shown;
use crate::work::ground::{Ground, Pass};
use crate::work::{lock, worklist};

/// Who wants in where nobody answers.
pub(super) struct Visit {
    pub(super) centre: Centre,
    pub(super) shown: Shown,
    pub(super) opening: Opening,
}

/// Lets in whoever opens the vault, if it has a list of this centre: the centre has let them in before. Where the vault
/// opens by itself, the word that was typed must be the one that the centre accepted last. What the centre wants to be shown is taken along, and is shown to it when the line is back.
pub(super) async fn enter(ground: &Arc<Ground>, visit: Visit) -> Option<Pass> {
    let Visit { centre, shown, opening } = visit;
    let proven = opening.passphrase.is_some();
    opening.unlock(ground).await.ok()?;
    if let Some(word) = shown.password.clone().filter(|_| !proven) {
        let of_centre = centre.clone();
        ground.blocking(move |ground| lock::known_here(ground, &of_centre, &word)).await.ok()?;
    }
    let of_centre = centre.clone();
    let remembered = ground.blocking(move |ground| Ok(worklist::is_remembered(ground, &of_centre)));
    if !remembered.await.ok()? {
        return None;
    }
    pass(ground, centre, shown).await.ok()
}
