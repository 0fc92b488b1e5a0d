//! The lock: what could be read goes, what is on its way goes on, and then the keys go too.
//!
//! ```text
//!   Seal ──► pixels and modules let go ──► parcel sealed in the vault ──► way told
//!              │
//!              └──► every moment: does a transfer run, does a report wait?  ──no, or too long──► keys put away
//!                                                                                                   │
//!   Unseal ──► too many wrong words? ──► proof (passphrase, centre, verifier) ──► vault ◄── opened anew
//! ```
//!
//! While the keys are held the vault stays open and the sign-ins work. Putting them away closes the vault, whose
//! keys are wiped with it; the passwords that were typed are sealed in it first, so that who opens the vault again
//! need not sign in again.
//!
//! The system's own lock and its sleep are heard over logind (see `system`). Windows and macOS tell theirs to a window
//! (`WM_WTSSESSION_CHANGE`, `NSWorkspace`'s notifications): a program that hears them says so by the session's event
//! `lock::Event::Away`, as `system` does. Everywhere the window notices by its clocks that the machine has slept.

mod gate;
mod proof;
#[cfg(target_os = "linux")]
mod system;

pub(super) use gate::{Gate, Needs};
pub(super) use proof::{known_here, recognise_later};
#[cfg(target_os = "linux")]
pub(super) use system::heed;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use super::WorkError;
use super::audit::{self, Presence};
use super::ground::Ground;
use crate::session::lock::{Effect, Event as LockEvent, Parcel, Refusal, Way};
use crate::session::sign_in::SignedIn;
use crate::session::{Event, Problem, RequestId};
use crate::site::{Method, Tries};
use crate::vault::{ReportState, Vault};
use proof::Proof;

/// The names under which the vault keeps the parcel and the sign-ins.
const PARCEL: &str = "lock: parcel";
const SIGN_INS: &str = "lock: sign-ins";
/// How often it is looked whether anything still needs the keys.
const LOOK: Duration = Duration::from_millis(500);
/// How long the vault's last users may take to let it go.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Seal { id, parcel, who, accepted_ago } => {
            let way = seal(ground, id, parcel, who, accepted_ago).await;
            tell(ground, LockEvent::Sealed { id, way }).await;
            drop(tokio::spawn(put_away(Arc::clone(ground), id)));
        }
        Effect::Unseal { id, secret, who } => {
            let outcome = unseal(ground, id, secret.0, who).await;
            tell(ground, LockEvent::Unsealed { id, outcome }).await;
        }
    }
}

async fn tell(ground: &Ground, event: LockEvent) {
    ground.tell(Event::Lock(event)).await;
}

/// Lets go of what could be read, and says what will open the workstation again.
async fn seal(
    ground: &Arc<Ground>,
    id: RequestId,
    parcel: Box<Parcel>,
    who: Option<SignedIn>,
    accepted_ago: Option<Duration>,
) -> Way {
    // Seen first: whatever is decoded from here on is thrown away.
    ground.reading().darken(id);
    let way = way(ground, who.as_ref());
    ground.gate().close(id, way.clone(), ground.open_vault().is_some());
    let sealing = ground.blocking(move |ground| {
        let Some(vault) = ground.open_vault() else {
            ground.gate().hold(parcel);
            return Ok(());
        };
        if let Err(error) = put_parcel(&vault, &parcel) {
            tracing::warn!(%error, "what was on screen stays in memory while locked");
            ground.gate().hold(parcel);
        }
        audit::note_presence(ground, &vault, Presence::Locked, 0)?;
        match (&who, accepted_ago) {
            (Some(who), Some(ago)) => proof::remember(ground, &vault, who, ago),
            _ => Ok(()),
        }
    });
    if let Err(error) = sealing.await {
        tracing::warn!(%error, "the lock could not note all that it should");
    }
    way
}

/// What this reader has proven at the sign-in, and must prove again.
fn way(ground: &Ground, who: Option<&SignedIn>) -> Way {
    if ground.has_typed_passphrase() {
        return Way::Passphrase;
    }
    match who {
        Some(SignedIn { centre, user, demo: false }) => {
            let (method, centre) = (ground.centre(centre).map(|centre| centre.method()), centre.clone());
            match (method, user.clone()) {
                (Ok(Method::Password), Some(user)) => Way::Password { centre, user },
                (Ok(Method::Password), None) => Way::Button,
                (Ok(Method::Token), _) => Way::Token { centre },
                (Ok(Method::Browser), _) => Way::Browser { centre },
                (Err(_), _) => Way::SignIn,
            }
        }
        _ => Way::Button,
    }
}

fn put_parcel(vault: &Vault, parcel: &Parcel) -> Result<(), WorkError> {
    let bytes = Zeroizing::new(serde_json::to_vec(parcel).map_err(|_| WorkError::Stopped)?);
    Ok(vault.put_note(PARCEL, &bytes)?)
}

/// Puts the keys away when nothing needs them any more, or when they have been held for as long as they may.
async fn put_away(ground: Arc<Ground>, id: RequestId) {
    let limit = Duration::from_secs(60 * u64::from(ground.profile().lock.sending_minutes));
    let begun = Instant::now();
    while ground.gate().is_closed_by(id) {
        let over = begun.elapsed().saturating_sub(limit);
        let too_long = begun.elapsed() >= limit && (!ground.gate().is_keeping() || over >= PATIENCE);
        if too_long || !needs_keys(&ground).await {
            let _turn = ground.gate().turn().await;
            if ground.gate().put_away(id) {
                ground.reading().close(id);
                let dropped = ground.blocking(|ground| {
                    drop_keys(ground);
                    Ok(())
                });
                let _ = dropped.await;
                tell(&ground, LockEvent::KeysGone { id }).await;
            }
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Whether a transfer runs, or a report waits that can still arrive.
async fn needs_keys(ground: &Arc<Ground>) -> bool {
    if ground.gate().is_busy() {
        return true;
    }
    let waits = ground.blocking(|ground| {
        let Some(vault) = ground.open_vault() else { return Ok(false) };
        let waits = |report: &crate::vault::QueuedReport| {
            matches!(report.state, ReportState::Saved | ReportState::Sent)
        };
        Ok(vault.outbox()?.iter().any(waits))
    });
    // A vault that cannot even say what waits in it is not kept open for that.
    waits.await.unwrap_or(false)
}

/// Seals the sign-ins and closes the vault.
fn drop_keys(ground: &Ground) {
    let vault = ground.take_vault();
    let sign_ins = ground.take_sign_ins();
    let Some(vault) = vault else { return };
    if let Err(error) = vault.put_secret(SIGN_INS, &sign_ins) {
        tracing::warn!(%error, "the reader must sign in again after the unlocking");
    }
    close_vault(ground, Some(vault));
}

/// Lets the vault go, and waits until its last user has and it is closed: who unlocks next finds it free.
fn close_vault(ground: &Ground, vault: Option<Arc<Vault>>) {
    let Some(vault) = vault else { return };
    let (folder, begun) = (ground.home().vault(), Instant::now());
    drop(vault);
    while Vault::is_in_use(&folder) {
        if begun.elapsed() >= PATIENCE {
            tracing::warn!("the vault is still in use; it closes when its last user lets it go");
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Opens what was locked for who can prove that they may, and gives back what was sealed.
async fn unseal(
    ground: &Arc<Ground>,
    id: RequestId,
    secret: Zeroizing<String>,
    who: Option<SignedIn>,
) -> Result<Option<Box<Parcel>>, Refusal> {
    let _turn = ground.gate().turn().await;
    let file = ground.home().tries();
    let tries = Tries::load(&file);
    let wait = tries.wait(unix_ms());
    if !wait.is_zero() {
        return Err(refusal(&WorkError::Guessing { wait }, wait));
    }
    let user = who.as_ref().and_then(|who| who.user.clone()).unwrap_or_default();
    match prove(ground, proof::Claim { id, secret, who }).await {
        Ok(proof) => {
            keep_tries(Tries::default(), &file);
            let opened = ground.blocking(move |ground| open(ground, proof, tries)).await;
            opened.map_err(|error| refusal(&error, Duration::ZERO))
        }
        Err(error) if error.is_wrong_word() => {
            let tries = tries.wrong(unix_ms());
            keep_tries(tries, &file);
            let refused = refusal(&error, tries.wait(unix_ms()));
            let note = move |ground: &Ground| {
                audit::note_refusal(ground, &user, None, &error);
                Ok(())
            };
            let _ = ground.blocking(note).await;
            Err(refused)
        }
        Err(error) => Err(refusal(&error, Duration::ZERO)),
    }
}

/// Opens the vault anew where it was closed, and proves who is there; where that fails the vault is closed again.
async fn prove(ground: &Arc<Ground>, claim: proof::Claim) -> Result<Proof, WorkError> {
    let way = ground.gate().way().ok_or(WorkError::Locked)?;
    let passphrase = (way == Way::Passphrase).then(|| claim.secret.clone());
    let lent = ground.blocking(move |ground| lend(ground, passphrase)).await?;
    let proven = proof::prove(ground, way, claim).await;
    if lent && proven.is_err() {
        let taken = ground.blocking(|ground| {
            ground.gate().take_back();
            drop(ground.take_sign_ins());
            close_vault(ground, ground.take_vault());
            Ok(())
        });
        let _ = taken.await;
    }
    proven
}

/// Whether the vault was opened anew for this.
fn lend(ground: &Ground, passphrase: Option<Zeroizing<String>>) -> Result<bool, WorkError> {
    let gate = ground.gate();
    if !gate.is_without_keys() || !gate.had_vault() {
        return Ok(false);
    }
    ground.open_again(passphrase)?;
    gate.lend();
    Ok(true)
}

/// Counts wrong words at the vault's own door too: a restart does not give more of them.
pub(super) fn counted(
    ground: &Ground,
    unlock: impl FnOnce() -> Result<(), WorkError>,
) -> Result<(), WorkError> {
    let file = ground.home().tries();
    let tries = Tries::load(&file);
    let wait = tries.wait(unix_ms());
    if !wait.is_zero() {
        return Err(WorkError::Guessing { wait });
    }
    let outcome = unlock();
    match &outcome {
        Ok(()) => keep_tries(Tries::default(), &file),
        Err(error) if error.is_wrong_word() => keep_tries(tries.wrong(unix_ms()), &file),
        Err(_) => {}
    }
    outcome
}

fn refusal(error: &WorkError, wait: Duration) -> Refusal {
    Refusal { problem: Problem::from(error), wait }
}

fn keep_tries(tries: Tries, file: &std::path::Path) {
    if Tries::load(file) != tries
        && let Err(error) = tries.save(file)
    {
        tracing::warn!(%error, "wrong words could not be counted");
    }
}

/// Everything is as it was before the lock. An opening without the centre's word is not done unrecorded.
fn open(ground: &Ground, proof: Proof, tries: Tries) -> Result<Option<Box<Parcel>>, WorkError> {
    let Proof { pass, passphrase, presence } = proof;
    let mut parcel = ground.gate().take_held();
    let vault = ground.open_vault();
    if let Some(vault) = &vault {
        let noted = audit::note_presence(ground, vault, presence, tries.count());
        match presence {
            Presence::UnlockedOffline => noted?,
            _ => drop(noted.inspect_err(|error| tracing::warn!(%error, "an unlocking was not noted"))),
        }
        parcel = parcel.or_else(|| take_parcel(vault));
        if let Ok(Some(sign_ins)) = vault.secret(SIGN_INS) {
            ground.take_back_sign_ins(&sign_ins);
            let _ = vault.drop_secret(SIGN_INS);
        }
    }
    if let Some(passphrase) = passphrase {
        ground.keep_passphrase(passphrase);
    }
    if let Some(pass) = pass {
        ground.admit_again(pass);
    }
    ground.gate().open();
    Ok(parcel)
}

fn take_parcel(vault: &Vault) -> Option<Box<Parcel>> {
    let bytes = vault.note(PARCEL).ok()??;
    let parcel = serde_json::from_slice(&bytes).ok();
    // One that lies on is sealed, and the next lock writes over it.
    let _ = vault.drop_note(PARCEL);
    parcel
}

/// Now, in milliseconds since 1970.
pub(super) fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
