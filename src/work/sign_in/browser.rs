//! Signing in with the browser: silently where an earlier sign-in is still good, else with the reader.

use std::sync::Arc;

use super::{Asked, Opening, knock, pass};
use crate::centre::CentreError;
use crate::centre::oidc::{BrowserSignIn, PATIENCE, Tokens};
use crate::session::sign_in::{Browser, Event as SignInEvent, Secret};
use crate::session::{Event, RequestId};
use crate::site::Centre;
use crate::work::WorkError;
use crate::work::access::Shown;
use crate::work::ground::{Ground, Pass};
use crate::work::threads::lock;

pub(super) async fn enter(
    ground: &Arc<Ground>,
    id: RequestId,
    centre: Centre,
    shown: Shown,
    opening: Opening,
) -> Result<(Pass, Asked), WorkError> {
    // The certificate is asked for before the reader is sent to the browser and back.
    let (of_centre, of_shown) = (centre.clone(), shown.clone());
    let certified = ground.blocking(move |ground| ground.certificate(&of_centre, &of_shown)).await;
    match certified {
        Err(error) if !super::may_be_sealed(&error) => return Err(error),
        _ => opening.unlock(ground).await?,
    }
    match silently(ground, &centre, &shown).await {
        Err(WorkError::NoSignIn { .. } | WorkError::Centre(CentreError::SignInEnded { .. })) => {}
        outcome => return outcome,
    }
    let tokens = afresh(ground, id, &centre).await?;
    admit(ground, &centre, tokens);
    silently(ground, &centre, &shown).await
}

/// With the reader at the browser, until that is broken off.
pub(in crate::work) async fn afresh(
    ground: &Arc<Ground>,
    id: RequestId,
    centre: &Centre,
) -> Result<Tokens, WorkError> {
    tokio::select! {
        tokens = with_reader(ground, id, centre) => tokens,
        () = ground.broken_off(id) => Err(WorkError::BrokenOff),
    }
}

/// With the tokens at hand.
async fn silently(ground: &Arc<Ground>, centre: &Centre, shown: &Shown) -> Result<(Pass, Asked), WorkError> {
    let pass = pass(ground, centre.clone(), shown.clone()).await?;
    let asked = knock(&pass.client).await?;
    Ok((pass, asked))
}

/// With the reader at the browser. No browser is no end: the address can be opened by hand.
async fn with_reader(ground: &Arc<Ground>, id: RequestId, centre: &Centre) -> Result<Tokens, WorkError> {
    let waiting = BrowserSignIn::begin(centre).await?;
    let address = waiting.address().to_string();
    let to_open = address.clone();
    let opened = ground.blocking(move |ground| Ok(ground.secrets().browse(&to_open))).await?;
    let browser = Browser { address: Secret(address.into()), opened };
    ground.tell(Event::SignIn(SignInEvent::InBrowser { id, browser })).await;
    finish(ground, centre, waiting).await
}

async fn finish(ground: &Arc<Ground>, centre: &Centre, waiting: BrowserSignIn) -> Result<Tokens, WorkError> {
    let of_centre = centre.clone();
    let keeper = ground.blocking(move |ground| ground.token_keeper(&of_centre)).await?;
    Ok(waiting.finish(PATIENCE, keeper).await?)
}

/// Uses this sign-in from now on.
pub(in crate::work) fn admit(ground: &Ground, centre: &Centre, tokens: Tokens) {
    lock(ground.typed()).keep_sign_in(&centre.url, tokens);
}

/// Without a window: a person at the terminal opens the address.
pub(in crate::work) async fn at_terminal(ground: &Arc<Ground>, centre: &Centre) -> Result<(), WorkError> {
    let waiting = BrowserSignIn::begin(centre).await?;
    let (address, of_centre) = (waiting.address().to_string(), centre.clone());
    let told = ground.blocking(move |ground| {
        ground.secrets().ask_to_open(&of_centre, &address);
        Ok(())
    });
    told.await?;
    let tokens = finish(ground, centre, waiting).await?;
    admit(ground, centre, tokens);
    Ok(())
}
