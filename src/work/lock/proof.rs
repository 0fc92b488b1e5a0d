//! Who comes back proves who they are: by the vault's passphrase, by the centre's word on their password, or, while
//! the centre cannot be asked, by the password that it accepted last.

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::unix_ms;
use crate::centre::{CentreError, Client, Credentials, StudyQuery};
use crate::session::lock::Way;
use crate::session::sign_in::SignedIn;
use crate::site::Centre;
use crate::vault::{Unlock, Vault};
use crate::work::WorkError;
use crate::work::audit::Presence;
use crate::work::ground::{Ground, Pass};

/// How long the centre may take to answer before the password is checked here.
const ANSWER: Duration = Duration::from_secs(12);

/// What was proven, and what it opened.
pub(super) struct Proof {
    /// The vault, where there is one.
    pub(super) vault: Option<Arc<Vault>>,
    /// The connection over which the centre let the reader in.
    pub(super) pass: Option<Pass>,
    /// What opens the vault.
    pub(super) passphrase: Option<Zeroizing<String>>,
    /// How it is recorded.
    pub(super) presence: Presence,
}

pub(super) async fn prove(
    ground: &Arc<Ground>,
    secret: Zeroizing<String>,
    who: Option<SignedIn>,
) -> Result<Proof, WorkError> {
    match ground.gate().way() {
        Some(Way::Passphrase) => by_passphrase(ground, secret).await,
        Some(Way::Password { centre, user }) => by_password(ground, &centre, &user, secret).await,
        Some(Way::Button) if who.as_ref().is_none_or(|who| who.demo || who.user.is_none()) => {
            let vault = vault(ground).await?;
            Ok(Proof { vault, pass: None, passphrase: None, presence: Presence::Unlocked })
        }
        Some(Way::Button | Way::SignIn) | None => Err(WorkError::Locked),
    }
}

/// The vault as it is, or opened anew by what is at hand.
async fn vault(ground: &Arc<Ground>) -> Result<Option<Arc<Vault>>, WorkError> {
    ground.blocking(|ground| ground.vault_again(None)).await
}

async fn by_passphrase(ground: &Arc<Ground>, secret: Zeroizing<String>) -> Result<Proof, WorkError> {
    let prove = move |ground: &Ground| {
        let passphrase = Some(secret.clone());
        let vault = match ground.open_vault() {
            Some(vault) => {
                vault.accepts(&Unlock::Passphrase(secret))?;
                Some(vault)
            }
            None => ground.vault_again(passphrase.clone())?,
        };
        Ok(Proof { vault, pass: None, passphrase, presence: Presence::Unlocked })
    };
    ground.blocking(prove).await
}

async fn by_password(
    ground: &Arc<Ground>,
    centre: &str,
    user: &str,
    secret: Zeroizing<String>,
) -> Result<Proof, WorkError> {
    let mut centre = ground.centre(centre)?;
    centre.user = Some(user.to_owned());
    let vault = vault(ground).await?;
    let credentials = Credentials { user: user.to_owned(), password: secret.clone() };
    let client = Client::new(&centre, Some(credentials.clone()))?;
    let little = StudyQuery { at_most: Some(1), ..StudyQuery::default() };
    let presence = match tokio::time::timeout(ANSWER, client.search_studies(&little)).await {
        Ok(Ok(_)) => Presence::Unlocked,
        Ok(Err(error @ CentreError::WrongPassword { .. })) => return Err(error.into()),
        Ok(Err(_)) | Err(_) => {
            let (vault, centre, secret) = (vault.clone(), centre.clone(), secret.clone());
            ground.blocking(move |ground| offline(ground, vault.as_deref(), &centre, &secret)).await?;
            Presence::UnlockedOffline
        }
    };
    if presence == Presence::Unlocked
        && let Some(vault) = vault.clone()
    {
        let (centre, secret) = (centre.clone(), secret);
        let kept = move |ground: &Ground| keep(ground, &vault, &centre, &secret, unix_ms());
        if let Err(error) = ground.blocking(kept).await {
            tracing::warn!(%error, "this password cannot be checked without a line");
        }
    }
    let pass = Some(Pass { centre, credentials: Some(credentials), client });
    Ok(Proof { vault, pass, passphrase: None, presence })
}

/// The password that the centre accepted last, not too long ago.
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

/// Has the password recognised later with which the reader is signed in. `ago`: since the centre accepted it last.
pub(super) fn remember(
    ground: &Ground,
    vault: &Vault,
    who: &SignedIn,
    ago: Duration,
) -> Result<(), WorkError> {
    let Some(user) = who.user.as_ref().filter(|_| !who.demo) else { return Ok(()) };
    let mut centre = ground.centre(&who.centre)?;
    centre.user = Some(user.clone());
    let Some(password) = ground.password(&centre, user) else { return Ok(()) };
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
