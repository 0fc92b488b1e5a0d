//! An identity provider: what it says of itself, and what it is asked for.

use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata, CoreTokenResponse, CoreTokenType};
use openidconnect::{IssuerUrl, OAuth2TokenResponse as _};
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;
use zeroize::Zeroizing;

use super::http::{Http, Reply};
use crate::centre::CentreError;
use crate::site::{Centre, Oidc};

/// What this program asks for always: who the reader is, and a token to renew the sign-in with.
const SCOPES: [&str; 2] = ["openid", "offline_access"];

/// One identity provider. It is asked about itself when that is first needed.
pub(super) struct Provider {
    pub(super) http: Http,
    pub(super) oidc: Oidc,
    issuer: Url,
    known: OnceCell<Known>,
}

/// What a provider says of itself.
pub(super) struct Known {
    pub(super) metadata: CoreProviderMetadata,
    pub(super) keys: CoreJsonWebKeySet,
    pub(super) authorization: Url,
    token: Url,
    /// Its answers in the browser say who it is (RFC 9207).
    pub(super) says_iss: bool,
}

/// What the libraries' form of the metadata leaves out.
#[derive(Deserialize)]
struct More {
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What the token endpoint says when it refuses (RFC 6749 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Provider {
    pub(super) fn new(centre: &Centre, oidc: &Oidc) -> Result<Self, CentreError> {
        // A profile that was read has been checked already.
        let issuer =
            oidc.issuer_url().map_err(|_| CentreError::NotEncrypted { host: oidc.issuer.clone() })?;
        let http = Http::new(centre, oidc, &issuer)?;
        Ok(Self { http, oidc: oidc.clone(), issuer, known: OnceCell::new() })
    }

    /// What it says of itself; asked once.
    pub(super) async fn known(&self) -> Result<&Known, CentreError> {
        self.known.get_or_try_init(|| self.discover()).await
    }

    /// OpenID Connect Discovery 1.0 section 4.
    async fn discover(&self) -> Result<Known, CentreError> {
        let mut url = self.issuer.clone();
        url.set_path(&format!("{}/.well-known/openid-configuration", url.path().trim_end_matches('/')));
        let reply = self.http.get(&url).await?;
        let bad = |what| self.http.provider(what);
        if !reply.status.is_success() {
            return Err(bad("no discovery document at the issuer"));
        }
        let metadata: CoreProviderMetadata = reply.json().ok_or_else(|| bad("its discovery document"))?;
        let more: More = reply.json().ok_or_else(|| bad("its discovery document"))?;
        let expected = IssuerUrl::new(self.oidc.issuer.clone()).map_err(|_| bad("its issuer"))?;
        if *metadata.issuer() != expected {
            return Err(bad("it names itself by another issuer"));
        }
        if more.code_challenge_methods_supported.is_some_and(|all| !all.iter().any(|one| one == "S256")) {
            return Err(bad("it does not know PKCE with S256"));
        }
        let token = metadata.token_endpoint().ok_or_else(|| bad("it has no token endpoint"))?.url().clone();
        let reply = self.http.get(metadata.jwks_uri().url()).await?;
        let keys = if reply.status.is_success() { reply.json() } else { None };
        let keys: CoreJsonWebKeySet = keys.ok_or_else(|| bad("its keys"))?;
        let authorization = metadata.authorization_endpoint().url().clone();
        let says_iss = more.authorization_response_iss_parameter_supported;
        Ok(Known { metadata, keys, authorization, token, says_iss })
    }

    /// The scopes to ask for, as one text.
    pub(super) fn scopes(&self) -> String {
        let own = self.oidc.scopes.iter().map(String::as_str);
        SCOPES.into_iter().chain(own).collect::<Vec<_>>().join(" ")
    }

    /// The code of a sign-in for its tokens (RFC 6749 4.1.3, RFC 7636 4.5).
    pub(super) async fn redeem(
        &self,
        code: &str,
        redirect: &str,
        verifier: &str,
    ) -> Result<CoreTokenResponse, CentreError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("client_id", &self.oidc.client_id),
            ("code_verifier", verifier),
        ];
        let reply = self.http.post(&self.known().await?.token, &form).await?;
        self.granted(&reply)?.ok_or_else(|| self.http.provider("it does not take its own code"))
    }

    /// Newer tokens (RFC 6749 6).
    ///
    /// # Errors
    /// [`CentreError::SignInEnded`] when the provider takes the token no more.
    pub(super) async fn renew(&self, refresh: &str) -> Result<CoreTokenResponse, CentreError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", &self.oidc.client_id),
        ];
        let reply = self.http.post(&self.known().await?.token, &form).await?;
        self.granted(&reply)?.ok_or_else(|| CentreError::SignInEnded { host: self.http.host.clone() })
    }

    /// The tokens; `None` when what they were asked for with is worth nothing any more.
    fn granted(&self, reply: &Reply) -> Result<Option<CoreTokenResponse>, CentreError> {
        if !reply.status.is_success() {
            return match reply.json::<Refusal>() {
                Some(refusal) if refusal.error == "invalid_grant" => Ok(None),
                Some(refusal)
                    if refusal.error == "invalid_client" || refusal.error == "unauthorized_client" =>
                {
                    Err(self.http.provider("it does not know this client_id"))
                }
                Some(refusal) if refusal.error == "temporarily_unavailable" => {
                    Err(CentreError::Busy { host: self.http.host.clone(), retry_after: None })
                }
                _ if reply.status.as_u16() == 429 => {
                    Err(CentreError::Busy { host: self.http.host.clone(), retry_after: None })
                }
                _ => Err(self.http.provider("its token endpoint refuses the request")),
            };
        }
        let tokens: CoreTokenResponse =
            reply.json().ok_or_else(|| self.http.provider("its token response"))?;
        if *tokens.token_type() != CoreTokenType::Bearer {
            return Err(self.http.provider("its tokens are no bearer tokens"));
        }
        Ok(Some(tokens))
    }
}

/// The refresh token of a response, wiped when dropped.
pub(super) fn refresh_token(tokens: &CoreTokenResponse) -> Option<Zeroizing<String>> {
    tokens.refresh_token().map(|token| Zeroizing::new(token.secret().clone()))
}
