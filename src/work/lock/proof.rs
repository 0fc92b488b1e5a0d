//! Who comes back proves who they are: by the vault's passphrase, by the centre's word on their password or token, by
//! another sign-in in the browser, or, while the centre cannot be asked, by the word that it accepted last.

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::unix_ms;
use crate::centre::{CentreError, Client, StudyQuery};
use crate::session::RequestId;
use crate::session::lock::Way;
use crate::session::sign_in::SignedIn;
use crate::site::Centre;
use crate::vault::{Unlock, Vault};
use crate::work::access::Shown;
use crate::work::audit::{self, Presence};
use crate::work::ground::{Ground, Pass};
use crate::work::{WorkError, sign_in};

/// How long the centre may take to answer before the word is checked here.
const ANSWER: Duration = Duration::from_secs(12);

/// Who says to be back, and with what.
pub(super) struct Claim {
    pub(super) id: RequestId,
    pub(super) secret: Zeroizing<String>,
    pub(super) who: Option<SignedIn>,
}

/// What was proven.
pub(super) struct Proof {
    /// The connection over which the centre let the reader in.
    pub(super) pass: Option<Pass>,
    /// What opens the vault.
    pub(super) passphrase: Option<Zeroizing<String>>,
    /// How it is recorded.
    pub(super) presence: Presence,
}

impl Proof {
    fn plain() -> Self {
        Self { pass: None, passphrase: None, presence: Presence::Unlocked }
    }
}

/// Proves a claim, with the vault open.
pub(super) async fn prove(ground: &Arc<Ground>, way: Way, claim: Claim) -> Result<Proof, WorkError> {
    let Claim { id, secret, who } = claim;
    match way {
        Way::Passphrase => by_passphrase(ground, secret).await,
        Way::Password { centre, user } => {
            by_word(ground, named_user(ground, &centre, Some(user))?, secret).await
        }
        Way::Token { centre } => {
            let user = who.and_then(|who| who.user);
            by_word(ground, named_user(ground, &centre, user)?, secret).await
        }
        Way::Browser { centre } => by_browser(ground, id, ground.centre(&centre)?, who).await,
        Way::Button => Ok(Proof::plain()),
        Way::SignIn => Err(WorkError::Locked),
    }
}

fn named_user(ground: &Ground, centre: &str, user: Option<String>) -> Result<Centre, WorkError> {
    let centre = ground.centre(centre)?;
    Ok(Centre { user: user.or_else(|| centre.user.clone()), ..centre })
}

async fn by_passphrase(ground: &Arc<Ground>, secret: Zeroizing<String>) -> Result<Proof, WorkError> {
    let prove = move |ground: &Ground| {
        let vault = ground.open_vault().ok_or(WorkError::Locked)?;
        vault.accepts(&Unlock::Passphrase(secret.clone()))?;
        Ok(Proof { passphrase: Some(secret), ..Proof::plain() })
    };
    ground.blocking(prove).await
}

/// By a password or an access token.
async fn by_word(
    ground: &Arc<Ground>,
    centre: Centre,
    secret: Zeroizing<String>,
) -> Result<Proof, WorkError> {
    let shown = Shown { password: Some(secret.clone()), certificate: None };
    let (door, key) = (centre.clone(), shown.clone());
    let client = ground.blocking(move |ground| Ok(Client::new(&door, ground.access(&door, &key)?)?)).await?;
    let presence = match ask(&client).await {
        Some(Err(error @ (CentreError::WrongPassword { .. } | CentreError::TokenRefused { .. }))) => {
            return Err(error.into());
        }
        Some(Ok(())) => Presence::Unlocked,
        Some(Err(_)) | None => Presence::UnlockedOffline,
    };
    let checked = centre.clone();
    let check = move |ground: &Ground| {
        let vault = ground.open_vault();
        match (presence, vault) {
            (Presence::UnlockedOffline, vault) => offline(ground, vault.as_deref(), &checked, &secret),
            (_, None) => Ok(()),
            (_, Some(vault)) => {
                if let Err(error) = keep(ground, &vault, &checked, &secret, unix_ms()) {
                    tracing::warn!(%error, "this word cannot be checked without a line");
                }
                Ok(())
            }
        }
    };
    ground.blocking(check).await?;
    Ok(Proof { pass: Some(Pass { centre, shown, client }), passphrase: None, presence })
}

/// Something small; `None` when there is no answer in time.
async fn ask(client: &Client) -> Option<Result<(), CentreError>> {
    let little = StudyQuery { at_most: Some(1), ..StudyQuery::default() };
    let answer = tokio::time::timeout(ANSWER, client.search_studies(&little)).await.ok()?;
    Some(answer.map(drop))
}

/// Another sign-in, by the same reader: somebody else's would open this one's case.
async fn by_browser(
    ground: &Arc<Ground>,
    id: RequestId,
    centre: Centre,
    who: Option<SignedIn>,
) -> Result<Proof, WorkError> {
    let tokens = sign_in::afresh(ground, id, &centre).await?;
    if who.and_then(|who| who.user).is_none_or(|user| user != tokens.user()) {
        return Err(WorkError::AnotherReader);
    }
    sign_in::admit(ground, &centre, tokens);
    let shown = Shown::default();
    let (door, key) = (centre.clone(), shown.clone());
    let client = ground.blocking(move |ground| Ok(Client::new(&door, ground.access(&door, &key)?)?)).await?;
    Ok(Proof { pass: Some(Pass { centre, shown, client }), ..Proof::plain() })
}

/// The word that the centre accepted last, not too long ago.
fn offline(ground: &Ground, vault: Option<&Vault>, centre: &Centre, secret: &str) -> Result<(), WorkError> {
    let Some(vault) = vault else { return Err(WorkError::NoProof) };
    let hours = ground.profile().lock.offline_hours;
    let accepted = vault.secret(&accepted_name(centre))?;
    let accepted = accepted.and_then(|text| std::str::from_utf8(&text).ok()?.parse::<u64>().ok());
    let age_ms = accepted.and_then(|accepted| unix_ms().checked_sub(accepted));
    if age_ms.is_none_or(|age| age >= u64::from(hours) * 3_600_000) {
        return Err(WorkError::NoProof);
    }
    match vault.verifies(&verifier_name(centre), secret)? {
        Some(true) => Ok(()),
        Some(false) => Err(WorkError::WrongPasswordHere),
        None => Err(WorkError::NoProof),
    }
}

/// Whether this is the word that the centre accepted last, for who signs in without a line at a vault that opens
/// without a passphrase. Wrong words count; a right one is emergency access, and is not used unrecorded.
pub(in crate::work) fn known_here(ground: &Ground, centre: &Centre, word: &str) -> Result<(), WorkError> {
    super::counted(ground, || {
        let vault = ground.vault()?;
        offline(ground, Some(&vault), centre, word)?;
        audit::note_presence(ground, &vault, Presence::UnlockedOffline, 0)
    })
}

/// Has the word recognised later with which the reader has just signed in. Beside the sign-in: it takes a moment.
pub(in crate::work) fn recognise_later(ground: &Arc<Ground>, centre: &Centre) {
    let Some(user) = centre.user.clone() else { return };
    let (ground, centre) = (Arc::clone(ground), centre.clone());
    let keeping = async move {
        let kept =
            ground.blocking(move |ground| match (ground.open_vault(), ground.typed_word(&centre, &user)) {
                (Some(vault), Some(word)) => keep(ground, &vault, &centre, &word, unix_ms()),
                _ => Ok(()),
            });
        if let Err(error) = kept.await {
            tracing::warn!(%error, "this word cannot be checked without a line");
        }
    };
    drop(tokio::spawn(keeping));
}

/// Has the password recognised later with which the reader is signed in. `ago`: since the centre accepted it last.
pub(super) fn remember(
    ground: &Ground,
    vault: &Vault,
    who: &SignedIn,
    ago: Duration,
) -> Result<(), WorkError> {
    let Some(user) = who.user.as_ref().filter(|_| !who.demo) else { return Ok(()) };
    let centre = named_user(ground, &who.centre, Some(user.clone()))?;
    let Some(password) = ground.typed_word(&centre, user) else { return Ok(()) };
    let ago_ms = u64::try_from(ago.as_millis()).unwrap_or(u64::MAX);
    keep(ground, vault, &centre, &password, unix_ms().saturating_sub(ago_ms))
}

fn keep(
    ground: &Ground,
    vault: &Vault,
    centre: &Centre,
    password: &str,
    accepted_unix_ms: u64,
) -> Result<(), WorkError> {
    if ground.profile().lock.offline_hours == 0 {
        vault.drop_secret(&verifier_name(centre))?;
        return Ok(vault.drop_secret(&accepted_name(centre))?);
    }
    vault.put_verifier(&verifier_name(centre), password)?;
    Ok(vault.put_secret(&accepted_name(centre), accepted_unix_ms.to_string().as_bytes())?)
}

fn verifier_name(centre: &Centre) -> String {
    named("verifier", centre)
}

fn accepted_name(centre: &Centre) -> String {
    named("accepted", centre)
}

/// Of one user at one address.
fn named(what: &str, centre: &Centre) -> String {
    format!("lock: {what} {} {}", centre.url, centre.user.as_deref().unwrap_or_default())
}
