//! Whether an ID token can be believed (OpenID Connect Core 1.0 section 3.1.3.7).

use base64::Engine;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Alg, CoreTokenResponse,
};
use openidconnect::{AccessTokenHash, ClientId, Nonce, OAuth2TokenResponse as _, TokenResponse as _};
use serde::Deserialize;

use super::provider::{Known, Provider};
use crate::centre::{CentreError, SignInFault};

/// How far the clocks of this computer and of the provider may differ.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// With whose keys a provider may sign. Never `none`, nor a secret that both sides share: this program has none.
const ALGORITHMS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// Who the provider says has signed in.
pub(super) struct Identity {
    /// The provider's name for the reader; it never changes.
    pub(super) subject: String,
    /// What the reader is called there, to be shown.
    pub(super) user: String,
}

/// The claims that the library leaves out.
#[derive(Deserialize)]
struct More {
    nbf: Option<f64>,
    azp: Option<String>,
}

impl Provider {
    /// Who has signed in. `now` is the time of this computer.
    pub(super) fn identify(
        &self,
        known: &Known,
        tokens: &CoreTokenResponse,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> Result<Identity, CentreError> {
        let doubt = |what| self.http.failed(SignInFault::Identity { what });
        let token = tokens.id_token().ok_or_else(|| doubt("no ID token"))?;
        let verifier = self.verifier(known, now);
        let claims = token.claims(&verifier, nonce).map_err(|error| doubt(what(&error)))?;
        self.not_too_early(token, now).map_err(doubt)?;
        if let Some(expected) = claims.access_token_hash() {
            let found = token.signing_alg().ok().zip(token.signing_key(&verifier).ok());
            let found = found
                .and_then(|(alg, key)| AccessTokenHash::from_token(tokens.access_token(), alg, key).ok());
            if found.as_ref() != Some(expected) {
                return Err(doubt("access token of another"));
            }
        }
        Ok(identity(claims))
    }

    /// Whether a renewed sign-in is that of the same reader (section 12.2). The token comes from the provider
    /// itself over a connection that is trusted, so its signature is not asked for again.
    pub(super) fn same_reader(
        &self,
        known: &Known,
        tokens: &CoreTokenResponse,
        subject: &str,
        now: DateTime<Utc>,
    ) -> Result<(), CentreError> {
        let Some(token) = tokens.id_token() else { return Ok(()) };
        let doubt = |what| self.http.failed(SignInFault::Identity { what });
        let verifier = self.verifier(known, now).insecure_disable_signature_check();
        let any_nonce = |_: Option<&Nonce>| Ok(());
        let claims = token.claims(&verifier, any_nonce).map_err(|error| doubt(what(&error)))?;
        if claims.subject().as_str() == subject { Ok(()) } else { Err(doubt("another reader")) }
    }

    fn verifier<'a>(&self, known: &Known, now: DateTime<Utc>) -> CoreIdTokenVerifier<'a> {
        let offered = known.metadata.id_token_signing_alg_values_supported();
        let allowed: Vec<Alg> = ALGORITHMS.into_iter().filter(|alg| offered.contains(alg)).collect();
        let client = ClientId::new(self.oidc.client_id.clone());
        let issuer = known.metadata.issuer().clone();
        CoreIdTokenVerifier::new_public_client(client, issuer, known.keys.clone())
            .set_allowed_algs(allowed)
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |issued| match issued <= now + SKEW {
                true => Ok(()),
                false => Err("issued in the future".to_owned()),
            })
    }

    /// Not before its time, and not for another party of several.
    fn not_too_early(&self, token: &CoreIdToken, now: DateTime<Utc>) -> Result<(), &'static str> {
        let text = token.to_string();
        let payload = text.split('.').nth(1).unwrap_or_default();
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
        let more: More = serde_json::from_slice(&payload).map_err(|_| "its claims")?;
        if more.nbf.is_some_and(|at| at > (now + SKEW).timestamp() as f64) {
            return Err("not valid yet");
        }
        match more.azp {
            Some(party) if party != self.oidc.client_id => Err("meant for another program"),
            _ => Ok(()),
        }
    }
}

fn identity(claims: &CoreIdTokenClaims) -> Identity {
    let subject = claims.subject().as_str().to_owned();
    let named = claims.preferred_username().map(|name| name.as_str().to_owned());
    let user = named.or_else(|| claims.email().map(|email| email.as_str().to_owned()));
    Identity { user: user.unwrap_or_else(|| subject.clone()), subject }
}

/// Which check failed. The library's own text repeats what the token says, and is dropped here.
fn what(error: &openidconnect::ClaimsVerificationError) -> &'static str {
    use openidconnect::ClaimsVerificationError as E;
    match error {
        E::Expired(_) => "its time",
        E::InvalidAudience(_) => "meant for another program",
        E::InvalidIssuer(_) => "issuer",
        E::InvalidNonce(_) => "nonce",
        E::InvalidSubject(_) => "subject",
        E::SignatureVerification(_) => "signature",
        _ => "its form",
    }
}
