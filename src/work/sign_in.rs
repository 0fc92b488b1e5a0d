//! Signing in: the vault opened and the centre asked something small, both at once, and only then anything
//! remembered. Who is let in wants the worklist next: it is asked for while the vault still opens.
//!
//! A sign-in in the browser needs the open vault first: an earlier one may be sealed there that is still good, and then
//! no browser is needed.

mod browser;
mod offline;

use std::sync::Arc;

use zeroize::Zeroizing;

use super::access::Shown;
use super::ground::{Ground, Pass};
use super::worklist::Asked;
use super::{WorkError, audit, lock, worklist};
use crate::centre::{CentreError, Client, StudyQuery};
use crate::session::sign_in::{self, CentreChoice, Effect, Secret, SignedIn};
use crate::session::{Event, Problem, RequestId};
use crate::site::{Centre, Method, Profile, SiteError};

pub(super) use browser::{admit, afresh, at_terminal};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Enter { id, centre, user, password, passphrase, certificate_password } => {
            // A new attempt is in the place of the one before.
            ground.break_off(id.saturating_sub(1));
            let shown =
                Shown { password: typed(password), certificate: certificate_password.and_then(typed) };
            let passphrase = passphrase.and_then(typed);
            let visitor = Visitor { id, choice: centre, user, shown, passphrase };
            let outcome = enter(ground, visitor).await.map_err(|error| Problem::from(&error));
            ground.tell(Event::SignIn(sign_in::Event::Entered { id, outcome })).await;
        }
        Effect::BreakOff { id } => ground.break_off(id),
        Effect::Leave { id } => {
            let left = ground.blocking(|ground| {
                audit::note_exit(ground);
                ground.sign_out()
            });
            if left.await.is_err() {
                tracing::warn!("the sealed sign-in could not be removed from the vault");
            }
            ground.tell(Event::SignIn(sign_in::Event::Left { id })).await;
        }
    }
}

/// Who wants in, and where.
struct Visitor {
    id: RequestId,
    choice: CentreChoice,
    user: String,
    shown: Shown,
    passphrase: Option<Zeroizing<String>>,
}

async fn enter(ground: &Arc<Ground>, visitor: Visitor) -> Result<SignedIn, WorkError> {
    let Visitor { id, choice, user, shown, passphrase } = visitor;
    let (wanted, typed) = (choice.clone(), shown.clone());
    let resolved = ground.blocking(move |ground| resolve(ground, &wanted, user.trim(), typed)).await;
    let (centre, shown) = resolved?;
    let opening = Opening { passphrase, again: ground.is_signed_in(&centre.name) };
    let door = centre.clone();
    let without = offline::Visit { centre: centre.clone(), shown: shown.clone(), opening: opening.clone() };
    let let_in = match centre.method() {
        Method::Browser => browser::enter(ground, id, centre, shown, opening).await,
        Method::Password | Method::Token => straight(ground, centre, shown, opening).await,
    };
    let let_in = match let_in {
        Err(error) if error.is_no_line() && matches!(choice, CentreChoice::Known(_)) => {
            offline::enter(ground, without).await.map(|pass| (pass, None)).ok_or(error)
        }
        let_in => let_in.map(|(pass, asked)| (pass, Some(asked))),
    };
    let (pass, asked) = ground.blocking(move |ground| noted(ground, &door, let_in)).await?;
    let signed_in = SignedIn {
        centre: pass.centre.name.clone(),
        user: ground.called(&pass.centre),
        demo: choice == CentreChoice::Demo,
    };
    let centre = pass.centre.clone();
    ground.blocking(move |ground| remember(ground, &choice, pass)).await?;
    if let Some(asked) = asked {
        if !signed_in.demo {
            lock::recognise_later(ground, &centre);
        }
        ground.keep_asked(signed_in.centre.clone(), asked);
    }
    Ok(signed_in)
}

/// Writes down who was let in, or who was not and why.
fn noted<T>(ground: &Ground, centre: &Centre, let_in: Result<T, WorkError>) -> Result<T, WorkError> {
    match &let_in {
        Ok(_) => audit::note_entry(ground, ground.called(centre).as_deref(), &centre.url),
        Err(error) => {
            audit::alert(ground, error);
            let who = centre.user.as_deref().unwrap_or_default();
            audit::note_refusal(ground, who, Some(&centre.url), error);
        }
    }
    let_in
}

/// What opens the vault.
#[derive(Clone)]
struct Opening {
    passphrase: Option<Zeroizing<String>>,
    /// The reader is signed in to this very centre: the vault is open, and nobody else has come.
    again: bool,
}

impl Opening {
    async fn unlock(self, ground: &Arc<Ground>) -> Result<(), WorkError> {
        if self.again && self.passphrase.is_none() {
            return Ok(());
        }
        ground.blocking(move |ground| ground.unlock(self.passphrase)).await
    }
}

/// With a password, a token, or nothing. What nobody typed may be sealed: then the vault comes first.
async fn straight(
    ground: &Arc<Ground>,
    centre: Centre,
    shown: Shown,
    opening: Opening,
) -> Result<(Pass, Asked), WorkError> {
    match pass(ground, centre.clone(), shown.clone()).await {
        Ok(pass) => {
            let (unlocked, asked) = tokio::join!(opening.unlock(ground), knock(&pass.client));
            // A passphrase that is wrong is what the reader must hear of first.
            unlocked?;
            Ok((pass, asked?))
        }
        Err(error) if may_be_sealed(&error) && ground.home().vault().is_dir() => {
            opening.unlock(ground).await?;
            let pass = pass(ground, centre, shown).await?;
            let asked = knock(&pass.client).await?;
            Ok((pass, asked))
        }
        Err(error) => Err(error),
    }
}

async fn pass(ground: &Arc<Ground>, centre: Centre, shown: Shown) -> Result<Pass, WorkError> {
    let pass = ground.blocking(move |ground| {
        let client = Client::new(&centre, ground.access(&centre, &shown)?)?;
        Ok(Pass { centre, shown, client })
    });
    pass.await
}

fn may_be_sealed(error: &WorkError) -> bool {
    matches!(
        error,
        WorkError::NoPassword { .. }
            | WorkError::NoToken { .. }
            | WorkError::Centre(CentreError::CertificateLocked { wrong: false, .. })
    )
}

/// Asks the centre something small; where it answers, the worklist is on its way. A refusal is heard once: asking
/// for more with a wrong password could lock the reader out.
async fn knock(client: &Client) -> Result<Asked, WorkError> {
    let little = StudyQuery { at_most: Some(1), ..StudyQuery::default() };
    client.search_studies(&little).await?;
    Ok(tokio::spawn(worklist::ask(client.clone())))
}

/// Which centre is meant, and what to show at its door.
fn resolve(
    ground: &Ground,
    choice: &CentreChoice,
    user: &str,
    shown: Shown,
) -> Result<(Centre, Shown), WorkError> {
    let mut centre = match choice {
        CentreChoice::Known(name) => ground.centre(name)?,
        CentreChoice::New { name, url, ca } => ground.profile().new_centre(name, url, ca.clone())?,
        CentreChoice::Demo => {
            let entry = ground.demo()?;
            let centre = Centre { user: Some(entry.user), ..entry.centre };
            return Ok((centre, Shown { password: Some(entry.password), certificate: None }));
        }
    };
    if centre.method() == Method::Password {
        centre.user = (!user.is_empty()).then(|| user.to_owned());
    }
    Ok((centre, shown))
}

/// What the profile learns, now that the centre has let the reader in. A user name that cannot be written down
/// is no reason to keep anybody from reading; a new centre would be gone at the next start.
fn remember(ground: &Ground, choice: &CentreChoice, pass: Pass) -> Result<(), WorkError> {
    let known = pass.centre.clone();
    let in_profile = match choice {
        CentreChoice::Demo => false,
        CentreChoice::New { .. } => {
            ground.change_profile(|profile| add(profile, &known))?;
            true
        }
        CentreChoice::Known(_) => {
            let named = ground.change_profile(|profile| name_user(profile, &known));
            named.inspect_err(|_| tracing::warn!("the user name could not be kept in the profile")).is_ok()
        }
    };
    ground.admit(pass, !in_profile);
    Ok(())
}

fn add(profile: &mut Profile, new: &Centre) {
    if !profile.centres.iter().any(|centre| centre.name == new.name) {
        profile.centres.push(new.clone());
    }
}

fn name_user(profile: &mut Profile, known: &Centre) {
    let mut centres = profile.centres.iter_mut();
    if let Some(centre) = centres.find(|centre| centre.name == known.name && centre.url == known.url) {
        centre.user.clone_from(&known.user);
    }
}

/// What was typed, if anything was.
fn typed(secret: Secret) -> Option<Zeroizing<String>> {
    Some(secret.0).filter(|text| !text.is_empty())
}

impl Ground {
    /// The way into the demo centre, which is started if need be.
    fn demo(&self) -> Result<super::launch::DemoEntry, WorkError> {
        let door = self.demo_door().ok_or(SiteError::NoDemo)?;
        door.open().map_err(WorkError::Demo)
    }

    /// What the reader is called at a centre that has just let them in.
    fn called(&self, centre: &Centre) -> Option<String> {
        let tokens = super::threads::lock(self.typed()).sign_in(&centre.url);
        tokens.map(|tokens| tokens.user()).or_else(|| centre.user.clone())
    }
}
