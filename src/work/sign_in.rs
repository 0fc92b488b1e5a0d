//! Signing in: the vault opened and the centre asked something small, both at once, and only then anything
//! remembered. Who is let in wants the worklist next: it is asked for while the vault still opens.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::ground::{Ground, Pass};
use super::worklist::Asked;
use super::{WorkError, worklist};
use crate::centre::{Client, Credentials, StudyQuery};
use crate::session::sign_in::{self, CentreChoice, Effect, Secret, SignedIn};
use crate::session::{Event, Problem};
use crate::site::{Centre, Profile, SiteError};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    match effect {
        Effect::Enter { id, centre, user, password, passphrase } => {
            let visitor = Visitor { choice: centre, user, password, passphrase };
            let outcome = enter(ground, visitor).await.map_err(|error| Problem::from(&error));
            ground.tell(Event::SignIn(sign_in::Event::Entered { id, outcome })).await;
        }
        Effect::Leave { id } => {
            ground.forget_sign_ins();
            ground.tell(Event::SignIn(sign_in::Event::Left { id })).await;
        }
    }
}

/// Who wants in, and where.
struct Visitor {
    choice: CentreChoice,
    user: String,
    password: Secret,
    passphrase: Option<Secret>,
}

async fn enter(ground: &Arc<Ground>, visitor: Visitor) -> Result<SignedIn, WorkError> {
    let Visitor { choice, user, password, passphrase } = visitor;
    let passphrase = passphrase.and_then(typed);
    let wanted = choice.clone();
    let pass = ground.blocking(move |ground| {
        let (centre, credentials) = resolve(ground, &wanted, user.trim(), password)?;
        let client = Client::new(&centre, credentials.clone())?;
        Ok(Pass { centre, credentials, client })
    });
    let pass = pass.await?;
    let unlocked = ground.blocking(move |ground| ground.unlock(passphrase));
    let (unlocked, asked) = tokio::join!(unlocked, knock(&pass.client));
    // A passphrase that is wrong is what the reader must hear of first.
    unlocked?;
    let asked = match asked {
        Ok(asked) => Some(asked),
        Err(error) if can_read_without(ground, &choice, &pass.centre, &error).await => None,
        Err(error) => return Err(error),
    };
    let signed_in = SignedIn {
        centre: pass.centre.name.clone(),
        user: pass.centre.user.clone(),
        demo: choice == CentreChoice::Demo,
    };
    ground.blocking(move |ground| remember(ground, &choice, pass)).await?;
    if let Some(asked) = asked {
        ground.keep_asked(signed_in.centre.clone(), asked);
    }
    Ok(signed_in)
}

/// Without a line, who has opened the vault reads what is in it: a list of a centre that has let them in before.
async fn can_read_without(
    ground: &Arc<Ground>,
    choice: &CentreChoice,
    centre: &Centre,
    error: &WorkError,
) -> bool {
    if !matches!(choice, CentreChoice::Known(_)) || !error.is_no_line() {
        return false;
    }
    let centre = centre.clone();
    let remembered = ground.blocking(move |ground| Ok(worklist::is_remembered(ground, &centre)));
    remembered.await.unwrap_or(false)
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
    password: Secret,
) -> Result<(Centre, Option<Credentials>), WorkError> {
    let mut centre = match choice {
        CentreChoice::Known(name) => ground.centre(name)?,
        CentreChoice::New { name, url, ca } => ground.profile().new_centre(name, url, ca.clone())?,
        CentreChoice::Demo => {
            let entry = ground.demo()?;
            let centre = Centre { user: Some(entry.user.clone()), ..entry.centre };
            return Ok((centre, Some(Credentials { user: entry.user, password: entry.password })));
        }
    };
    centre.user = (!user.is_empty()).then(|| user.to_owned());
    let credentials = match &centre.user {
        Some(user) => {
            let password = typed(password).or_else(|| ground.password(&centre, user));
            let no_password = || WorkError::NoPassword { centre: centre.name.clone() };
            Some(Credentials { user: user.clone(), password: password.ok_or_else(no_password)? })
        }
        None => None,
    };
    Ok((centre, credentials))
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
}
