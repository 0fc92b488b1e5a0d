//! The tokens of a sign-in: what a request carries now, renewed before it ends and when the centre refuses it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::Shared;
use openidconnect::OAuth2TokenResponse as _;
use openidconnect::core::CoreTokenResponse;
use zeroize::Zeroizing;

use super::identity::Identity;
use super::kept::KeptTokens;
use super::provider::{Provider, refresh_token};
use crate::centre::CentreError;
use crate::site::Centre;

/// Renewed so long before its end, or a quarter of its life where that is shorter, seconds.
const MARGIN_SECS: i64 = 30;

/// Makes tokens durable.
pub trait TokenKeeper: Send + Sync {
    /// Keeps these in place of those before. When the future ends they must be durable; what cannot be kept is lost
    /// at the next start, and no more.
    fn keep(&self, tokens: KeptTokens) -> Pin<Box<dyn Future<Output = ()> + Send>>;
    /// What is kept is worth nothing any more: the provider says so.
    fn forget(&self) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The tokens of one sign-in. All clones are the same sign-in.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    provider: Arc<Provider>,
    keeper: Arc<dyn TokenKeeper>,
    state: Mutex<State>,
}

struct State {
    now: Arc<Grant>,
    /// A renewal under way. It stands here and not with who asked first: when that one goes, the next goes on
    /// with it, and a token that the provider has changed already is not lost.
    renewal: Option<Renewal>,
    /// The provider renews it no more.
    ended: bool,
}

type Renewal = Shared<Pin<Box<dyn Future<Output = Result<Arc<Grant>, CentreError>> + Send>>>;

/// What the provider gave.
struct Grant {
    access: Zeroizing<String>,
    refresh: Option<Zeroizing<String>>,
    renew_at: Option<i64>,
    ends_at: Option<i64>,
    /// Counts the renewals.
    turn: u64,
    identity: Identity,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    /// The tokens of a sign-in that has just come about; they are kept before this returns.
    pub(super) async fn begin(
        provider: Arc<Provider>,
        keeper: Arc<dyn TokenKeeper>,
        response: &CoreTokenResponse,
        identity: Identity,
        now: DateTime<Utc>,
    ) -> Self {
        let grant = Arc::new(Grant::new(response, refresh_token(response), identity, 0, now));
        keeper.keep(grant.kept(&provider)).await;
        Self::holding(provider, keeper, grant)
    }

    /// The tokens of an earlier start; `None` when they are not for this centre's identity provider.
    ///
    /// # Errors
    /// As [`super::BrowserSignIn::begin`], before anything is sent.
    pub fn restore(
        centre: &Centre,
        kept: &KeptTokens,
        keeper: Arc<dyn TokenKeeper>,
    ) -> Result<Option<Self>, CentreError> {
        let Some(oidc) = &centre.oidc else { return Ok(None) };
        if kept.issuer != oidc.issuer || kept.client_id != oidc.client_id {
            return Ok(None);
        }
        let grant = Grant {
            access: Zeroizing::new(kept.access.clone()),
            refresh: kept.refresh.clone().map(Zeroizing::new),
            renew_at: kept.renew_at,
            ends_at: kept.ends_at,
            turn: 0,
            identity: Identity { subject: kept.subject.clone(), user: kept.user.clone() },
        };
        let provider = Arc::new(Provider::new(centre, oidc)?);
        Ok(Some(Self::holding(provider, keeper, Arc::new(grant))))
    }

    fn holding(provider: Arc<Provider>, keeper: Arc<dyn TokenKeeper>, now: Arc<Grant>) -> Self {
        let state = Mutex::new(State { now, renewal: None, ended: false });
        Self(Arc::new(Inner { provider, keeper, state }))
    }

    /// What the reader is called at the provider.
    pub fn user(&self) -> String {
        self.state().now.identity.user.clone()
    }

    /// Whether the provider renews it no more: somebody must sign in again.
    pub fn have_ended(&self) -> bool {
        self.state().ended
    }

    /// The access token for the next request, and its turn. `refused` is the turn of a token that the centre has
    /// just refused: it is renewed unless that has happened since.
    pub(in crate::centre) async fn current(
        &self,
        refused: Option<u64>,
    ) -> Result<(Zeroizing<String>, u64), CentreError> {
        let (now, renewal) = {
            let mut state = self.state();
            let now = Arc::clone(&state.now);
            let time = Utc::now().timestamp();
            if state.ended {
                return Err(self.ended());
            }
            let stale = match refused {
                Some(turn) => turn == now.turn,
                None => now.renew_at.is_some_and(|at| at <= time),
            };
            if !stale {
                return Ok(now.shown());
            }
            let Some(refresh) = now.refresh.clone() else {
                // Nothing to renew it with: it is good until the centre says no.
                let ended = refused.is_some() || now.ends_at.is_some_and(|at| at <= time);
                return if ended { Err(self.ended()) } else { Ok(now.shown()) };
            };
            let begin = || self.renewal(Arc::clone(&now), refresh);
            let renewal = state.renewal.get_or_insert_with(begin).clone();
            (now, renewal)
        };
        let outcome = renewal.clone().await;
        let mut state = self.state();
        if state.renewal.as_ref().is_some_and(|current| current.ptr_eq(&renewal)) {
            state.renewal = None;
            match &outcome {
                Ok(grant) => state.now = Arc::clone(grant),
                Err(error) => state.ended = matches!(error, CentreError::SignInEnded { .. }),
            }
        }
        match outcome {
            Ok(grant) => Ok(grant.shown()),
            // The line failed, and the token at hand has some life left.
            Err(error) if error.is_transient() && refused.is_none() && now.lives() => Ok(now.shown()),
            Err(error) => Err(error),
        }
    }

    fn renewal(&self, now: Arc<Grant>, refresh: Zeroizing<String>) -> Renewal {
        let (provider, keeper) = (Arc::clone(&self.0.provider), Arc::clone(&self.0.keeper));
        let renewing: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(async move {
            let response = match provider.renew(&refresh).await {
                Err(ended @ CentreError::SignInEnded { .. }) => {
                    keeper.forget().await;
                    return Err(ended);
                }
                response => response?,
            };
            let time = Utc::now();
            let known = provider.known().await?;
            provider.same_reader(known, &response, &now.identity.subject, time)?;
            let Identity { subject, user } = &now.identity;
            let identity = Identity { subject: subject.clone(), user: user.clone() };
            // A provider that does not change its refresh tokens sends none.
            let refresh = refresh_token(&response).or(Some(refresh));
            let grant = Arc::new(Grant::new(&response, refresh, identity, now.turn + 1, time));
            keeper.keep(grant.kept(&provider)).await;
            Ok(grant)
        });
        renewing.shared()
    }

    fn ended(&self) -> CentreError {
        CentreError::SignInEnded { host: self.0.provider.http.host.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grant {
    fn new(
        response: &CoreTokenResponse,
        refresh: Option<Zeroizing<String>>,
        identity: Identity,
        turn: u64,
        now: DateTime<Utc>,
    ) -> Self {
        let life = response.expires_in().and_then(|life| i64::try_from(life.as_secs()).ok());
        let ends_at = life.map(|life| now.timestamp().saturating_add(life));
        let renew_at = ends_at.zip(life).map(|(at, life)| at.saturating_sub(MARGIN_SECS.min(life / 4)));
        let access = Zeroizing::new(response.access_token().secret().clone());
        Self { access, refresh, renew_at, ends_at, turn, identity }
    }

    fn shown(&self) -> (Zeroizing<String>, u64) {
        (self.access.clone(), self.turn)
    }

    fn lives(&self) -> bool {
        self.ends_at.is_none_or(|at| Utc::now().timestamp() < at)
    }

    fn kept(&self, provider: &Provider) -> KeptTokens {
        KeptTokens {
            issuer: provider.oidc.issuer.clone(),
            client_id: provider.oidc.client_id.clone(),
            access: self.access.to_string(),
            refresh: self.refresh.as_ref().map(|token| token.to_string()),
            renew_at: self.renew_at,
            ends_at: self.ends_at,
            subject: self.identity.subject.clone(),
            user: self.identity.user.clone(),
        }
    }
}
