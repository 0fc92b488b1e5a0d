//! One sign-in in the browser, from the address that it opens to the tokens.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier};
use url::Url;

use super::listener::{BrowserAnswer, Listener};
use super::provider::Provider;
use super::tokens::{TokenKeeper, Tokens};
use crate::centre::{CentreError, SignInFault};
use crate::site::Centre;

/// How long the browser is waited for.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A sign-in that waits for the browser. Dropped, it is broken off and its port closed.
pub struct BrowserSignIn {
    provider: Arc<Provider>,
    listener: Listener,
    redirect: String,
    address: Url,
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl std::fmt::Debug for BrowserSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BrowserSignIn(..)")
    }
}

impl BrowserSignIn {
    /// Asks the identity provider of a centre about itself and opens a port for its answer.
    ///
    /// # Errors
    /// [`CentreError::SignInFailed`], and those of a connection.
    pub async fn begin(centre: &Centre) -> Result<Self, CentreError> {
        let no_provider = || CentreError::SignInRequired { host: centre.name.clone() };
        let oidc = centre.oidc.as_ref().ok_or_else(no_provider)?;
        let provider = Arc::new(Provider::new(centre, oidc)?);
        let known = provider.known().await?;
        let listener = Listener::open().await.ok_or_else(|| provider.http.failed(SignInFault::NoPort))?;
        let redirect = listener.redirect();
        let (state, nonce) = (CsrfToken::new_random(), Nonce::new_random());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut address = known.authorization.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &oidc.client_id)
            .append_pair("redirect_uri", &redirect)
            .append_pair("scope", &provider.scopes())
            .append_pair("state", state.secret())
            .append_pair("nonce", nonce.secret())
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", "S256");
        let prompt = oidc.prompt.as_deref().unwrap_or("consent");
        if !prompt.is_empty() {
            address.query_pairs_mut().append_pair("prompt", prompt);
        }
        Ok(Self { provider, listener, redirect, address, state, nonce, verifier })
    }

    /// What the browser is to open. It holds no secret of lasting worth, and is not for logs all the same.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Waits for the browser, proves who came, and has the tokens kept.
    ///
    /// # Errors
    /// [`CentreError::SignInFailed`], and those of a connection.
    pub async fn finish(
        self,
        patience: Duration,
        keeper: Arc<dyn TokenKeeper>,
    ) -> Result<Tokens, CentreError> {
        let Self { provider, listener, redirect, state, nonce, verifier, .. } = self;
        let failed = |why| provider.http.failed(why);
        let answer = tokio::time::timeout(patience, listener.answer()).await;
        let answer = answer.map_err(|_| failed(SignInFault::NoAnswer))?;
        let known = provider.known().await?;
        let code = judge(&answer, &state, &provider.oidc.issuer, known.says_iss).map_err(failed)?;
        let response = provider.redeem(code, &redirect, verifier.secret()).await?;
        let now = Utc::now();
        let identity = provider.identify(known, &response, &nonce, now)?;
        Ok(Tokens::begin(Arc::clone(&provider), keeper, &response, identity, now).await)
    }
}

/// The code of an answer that belongs to this sign-in. State first: what an answer without it says is nobody's.
fn judge<'a>(
    answer: &'a BrowserAnswer,
    state: &CsrfToken,
    issuer: &str,
    says_iss: bool,
) -> Result<&'a str, SignInFault> {
    let ours = answer.state.as_ref().is_some_and(|given| same(given.as_bytes(), state.secret().as_bytes()));
    let right_issuer = match &answer.iss {
        Some(iss) => iss == issuer,
        None => !says_iss,
    };
    if !ours || !right_issuer || answer.ambiguous {
        return Err(SignInFault::NotOurs);
    }
    match &answer.code {
        _ if answer.is_error => Err(SignInFault::Denied),
        Some(code) if !code.is_empty() => Ok(code),
        _ => Err(SignInFault::NotOurs),
    }
}

/// Equality whose time does not tell how many leading bytes agree.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differences, (x, y)| differences | (x ^ y)) == 0
}
