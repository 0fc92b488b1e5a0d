//! What opens a centre's door, from where it is known: typed at this sign-in, sealed in the vault, at hand in the
//! environment, or asked for at a terminal.
//!
//! | secret | sealed | given up |
//! | --- | --- | --- |
//! | tokens of a sign-in in the browser | always | when the reader leaves, or the provider renews them no more |
//! | access token that was typed | always | when the reader leaves |
//! | password of a certificate file | always | when another opens it |
//! | password | with `keep_password` in the profile | when another lets in |

use std::pin::Pin;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::WorkError;
use super::ground::Ground;
use super::threads::lock;
use crate::centre::oidc::{KeptTokens, TokenKeeper, Tokens};
use crate::centre::{Access, Authorization, CentreError, ClientCertificate, Credentials};
use crate::site::{Centre, Method};
use crate::vault::{Vault, VaultError};

/// What a person has just typed for one centre; wiped when dropped.
#[derive(Clone, Default)]
pub(super) struct Shown {
    /// The password, or the access token.
    pub(super) password: Option<Zeroizing<String>>,
    /// What opens the file with this computer's certificate.
    pub(super) certificate: Option<Zeroizing<String>>,
}

/// The name under which a secret of a centre lies in the vault; it is not readable on the disk.
fn name(what: &str, centre: &Centre) -> String {
    format!("sign-in {what} {}", centre.url)
}

fn password_of(centre: &Centre, user: &str) -> String {
    format!("{} {user}", name("password", centre))
}

fn certificate_of(centre: &Centre) -> Option<String> {
    let path = centre.client_certificate.as_ref()?;
    Some(format!("certificate {}", path.display()))
}

impl Ground {
    /// Everything that opens the centre's door. Blocks, and may ask a person.
    pub(super) fn access(&self, centre: &Centre, shown: &Shown) -> Result<Access, WorkError> {
        let certificate = self.certificate(centre, shown)?;
        let authorization = match centre.method() {
            Method::Browser => {
                let no_sign_in = || WorkError::NoSignIn { centre: centre.name.clone() };
                Authorization::Tokens(self.sign_in(centre)?.ok_or_else(no_sign_in)?)
            }
            Method::Token => {
                let no_token = || WorkError::NoToken { centre: centre.name.clone() };
                Authorization::Bearer(self.token(centre, shown).ok_or_else(no_token)?)
            }
            Method::Password => self.password_or_nothing(centre, shown)?,
        };
        Ok(Access { authorization, certificate })
    }

    fn password_or_nothing(&self, centre: &Centre, shown: &Shown) -> Result<Authorization, WorkError> {
        let Some(user) = &centre.user else {
            // A centre that was named by its address alone may be opened by a token of the environment.
            let token = if centre.is_unnamed() { self.secrets().token(centre) } else { None };
            return Ok(token.map(Authorization::Bearer).unwrap_or_default());
        };
        let known = || {
            let typed = lock(self.typed()).password(&centre.url, user);
            let sealed = || match centre.keep_password {
                true => self.sealed_text(&password_of(centre, user)),
                false => None,
            };
            typed.or_else(sealed).or_else(|| self.secrets().password(centre, user))
        };
        let password = shown.password.clone().or_else(known);
        let no_password = || WorkError::NoPassword { centre: centre.name.clone() };
        let password = password.ok_or_else(no_password)?;
        Ok(Authorization::Basic(Credentials { user: user.clone(), password }))
    }

    fn token(&self, centre: &Centre, shown: &Shown) -> Option<Zeroizing<String>> {
        let typed = shown.password.clone().or_else(|| lock(self.typed()).token(&centre.url));
        let sealed = || self.sealed_text(&name("token", centre));
        typed.or_else(sealed).or_else(|| self.secrets().token(centre))
    }

    /// The certificate of this computer for the centre. Its file is tried without a password first.
    pub(super) fn certificate(
        &self,
        centre: &Centre,
        shown: &Shown,
    ) -> Result<Option<ClientCertificate>, WorkError> {
        let Some(path) = &centre.client_certificate else { return Ok(None) };
        let known = || {
            let typed = lock(self.typed()).certificate(path);
            let sealed = || self.sealed_text(&certificate_of(centre)?);
            typed.or_else(sealed).or_else(|| self.secrets().certificate_password(path))
        };
        let read = |password: Option<&str>| ClientCertificate::read(path, password);
        let outcome = match &shown.certificate {
            Some(password) => read(Some(password)),
            None => match read(None) {
                Err(locked @ CentreError::CertificateLocked { .. }) => match known() {
                    Some(password) => read(Some(&password)),
                    None => Err(locked),
                },
                outcome => outcome,
            },
        };
        Ok(outcome.map(Some)?)
    }

    /// The sign-in in the browser: of this process, else the one that is sealed.
    pub(super) fn sign_in(&self, centre: &Centre) -> Result<Option<Tokens>, WorkError> {
        if let Some(tokens) = lock(self.typed()).sign_in(&centre.url) {
            return Ok(Some(tokens));
        }
        let Some(vault) = self.existing_vault()? else { return Ok(None) };
        let sealed = vault.secret(&name("tokens", centre))?;
        let Some(kept) = sealed.and_then(|bytes| KeptTokens::from_bytes(&bytes)) else { return Ok(None) };
        let keeper = Arc::new(InVault { vault, name: name("tokens", centre) });
        let tokens = Tokens::restore(centre, &kept, keeper)?;
        if let Some(tokens) = &tokens {
            lock(self.typed()).keep_sign_in(&centre.url, tokens.clone());
        }
        Ok(tokens)
    }

    /// Where the tokens of a new sign-in are sealed.
    pub(super) fn token_keeper(&self, centre: &Centre) -> Result<Arc<dyn TokenKeeper>, WorkError> {
        Ok(Arc::new(InVault { vault: self.vault()?, name: name("tokens", centre) }))
    }

    /// Keeps what has let the reader in: in memory, and sealed as far as the profile wants it. What cannot be sealed
    /// is asked for again at the next start, and no more.
    pub(super) fn keep_shown(&self, centre: &Centre, shown: Shown) {
        let Shown { password, certificate } = shown;
        let mut sealing = Vec::new();
        if let Some((path, password)) = centre.client_certificate.as_ref().zip(certificate) {
            sealing.extend(certificate_of(centre).map(|name| (name, password.clone())));
            lock(self.typed()).keep_certificate(path, password);
        }
        match (centre.method(), &centre.user, password) {
            (Method::Token, _, Some(token)) => {
                sealing.push((name("token", centre), token.clone()));
                lock(self.typed()).keep_token(&centre.url, token);
            }
            (Method::Password, Some(user), Some(password)) => {
                if centre.keep_password {
                    sealing.push((password_of(centre, user), password.clone()));
                }
                lock(self.typed()).keep(&centre.url, user, password);
            }
            _ => {}
        }
        for (name, secret) in sealing {
            let sealed = self.vault().and_then(|vault| Ok(vault.put_secret(&name, secret.as_bytes())?));
            if sealed.is_err() {
                tracing::warn!("a secret of the sign-in could not be sealed; it will be asked for again");
            }
        }
    }

    /// Forgets the sign-in at a centre here and in the vault, and all others here.
    pub(super) fn sign_out(&self) -> Result<(), WorkError> {
        let centre = lock(self.typed()).signed_in.clone().and_then(|name| self.centre(&name).ok());
        self.forget_sign_ins();
        if let (Some(centre), Some(vault)) = (centre, self.existing_vault()?) {
            vault.drop_secret(&name("tokens", &centre))?;
            vault.drop_secret(&name("token", &centre))?;
        }
        Ok(())
    }

    /// A sealed text. A vault that cannot be opened has none to give; whoever needs it otherwise hears why.
    fn sealed_text(&self, name: &str) -> Option<Zeroizing<String>> {
        let bytes = self.existing_vault().ok()??.secret(name).ok()??;
        std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
    }
}

/// Seals tokens in the vault.
struct InVault {
    vault: Arc<Vault>,
    name: String,
}

impl InVault {
    fn change(
        &self,
        change: impl FnOnce(&Vault, &str) -> Result<(), VaultError> + Send + 'static,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (vault, name) = (Arc::clone(&self.vault), self.name.clone());
        Box::pin(async move {
            let changed = tokio::task::spawn_blocking(move || change(&vault, &name)).await;
            if !matches!(changed, Ok(Ok(()))) {
                tracing::warn!("the tokens of the sign-in could not be sealed; it ends with this start");
            }
        })
    }
}

impl TokenKeeper for InVault {
    fn keep(&self, tokens: KeptTokens) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.change(move |vault, name| vault.put_secret(name, &tokens.to_bytes()))
    }

    fn forget(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.change(Vault::drop_secret)
    }
}
