//! Tokens that end in the middle of the work.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dokuei::centre::oidc::{KeptTokens, Tokens};
use dokuei::centre::{Authorization, CentreError, Client, StudyQuery};
use futures_util::future::join_all;

use super::provider::{Provider, Rules};
use super::{Keeper, sign_in, told};
use crate::centre::TIMEOUTS;
use crate::centre::raw_server::{RawServer, Reply};

/// A centre that lets in whoever the provider does.
struct Island {
    server: RawServer,
}

impl Island {
    async fn of(provider: &Provider) -> Self {
        let admits = provider.admits();
        let server = RawServer::start(move |request| {
            let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
            match token.is_some_and(&admits) {
                true => Reply::json("[]"),
                false => Reply::whole("401 Unauthorized\r\nWWW-Authenticate: Bearer", b""),
            }
        });
        Self { server: server.await }
    }

    fn client(&self, provider: &Provider, tokens: &Tokens) -> Client {
        let centre = provider.centre_at(&self.server.url());
        let access = Authorization::Tokens(tokens.clone());
        Client::with_timeouts(&centre, access, TIMEOUTS).unwrap()
    }
}

async fn search(client: &Client) -> Result<(), CentreError> {
    client.search_studies(&StudyQuery::default()).await.map(drop)
}

#[tokio::test]
async fn many_requests_that_are_refused_at_once_renew_once_and_all_go_on() {
    let provider = Provider::start(Rules::default()).await;
    let (island, keeper) = (Island::of(&provider).await, Keeper::default());
    let tokens = sign_in(&provider, &keeper).await.unwrap();
    let client = island.client(&provider, &tokens);
    search(&client).await.unwrap();
    for round in 1..=3 {
        provider.expire();
        let all = join_all((0..20).map(|_| search(&client))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        assert_eq!((provider.calls("refresh_token"), keeper.count()), (round, round + 1));
    }
    // What cannot be sent again by itself is offered anew: nothing of it was taken.
    provider.expire();
    let stored = client.store(None, &[Bytes::from_static(b"x")]).await;
    assert!(!matches!(stored, Err(CentreError::SignInRenewed { .. } | CentreError::SignInEnded { .. })));
    assert_eq!(provider.calls("refresh_token"), 4);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_without_a_refusal() {
    // A quarter of its life before its end, which is at once.
    let provider = Provider::start(Rules { life: 0, ..Rules::default() }).await;
    let (island, keeper) = (Island::of(&provider).await, Keeper::default());
    let tokens = sign_in(&provider, &keeper).await.unwrap();
    let client = island.client(&provider, &tokens);
    for _ in 0..3 {
        search(&client).await.unwrap();
    }
    assert_eq!((provider.calls("refresh_token"), island.server.requests().len()), (3, 3));
}

#[tokio::test]
async fn a_renewed_token_is_kept_before_it_is_used_and_opens_the_next_start() {
    for rotates in [true, false] {
        let provider = Provider::start(Rules { rotates, ..Rules::default() }).await;
        let (island, keeper) = (Island::of(&provider).await, Keeper::default());
        let tokens = sign_in(&provider, &keeper).await.unwrap();
        provider.expire();
        search(&island.client(&provider, &tokens)).await.unwrap();
        assert_eq!(keeper.count(), 2);

        let kept = keeper.kept.lock().unwrap().last().unwrap().to_bytes();
        let kept = KeptTokens::from_bytes(&kept).unwrap();
        let centre = provider.centre_at(&island.server.url());
        let again = Tokens::restore(&centre, &kept, Arc::new(keeper.clone())).unwrap().unwrap();
        provider.expire();
        search(&island.client(&provider, &again)).await.unwrap();
        assert_eq!((again.user().as_str(), provider.calls("authorization_code")), ("sato", 1));

        let mut elsewhere = centre.clone();
        elsewhere.oidc.as_mut().unwrap().issuer = "https://other.example".to_owned();
        assert!(Tokens::restore(&elsewhere, &kept, Arc::new(keeper.clone())).unwrap().is_none());
    }
    assert!(KeptTokens::from_bytes(b"{}").is_none());
}

#[tokio::test]
async fn a_renewal_goes_on_when_who_began_it_has_gone() {
    let provider = Provider::start(Rules::default()).await;
    let (island, keeper) = (Island::of(&provider).await, Keeper::default());
    let tokens = sign_in(&provider, &keeper).await.unwrap();
    let client = island.client(&provider, &tokens);
    for patience_ms in [1, 2, 5, 10, 20, 40] {
        provider.expire();
        let _ = tokio::time::timeout(Duration::from_millis(patience_ms), search(&client)).await;
        // A token that was changed and then lost would end the sign-in here.
        search(&client).await.unwrap();
    }
    assert!(!tokens.have_ended());
}

#[tokio::test]
async fn a_sign_in_that_has_ended_is_told_once_and_asks_nobody_again() {
    let provider = Provider::start(Rules::default()).await;
    let (island, keeper) = (Island::of(&provider).await, Keeper::default());
    let tokens = sign_in(&provider, &keeper).await.unwrap();
    let client = island.client(&provider, &tokens);
    provider.withdraw();
    for _ in 0..3 {
        let error = search(&client).await.unwrap_err();
        assert!(matches!(error, CentreError::SignInEnded { .. }), "{error:?}");
        assert!(!error.is_transient() && !error.may_have_stored());
        told(&error);
    }
    assert!(client.has_ended() && tokens.have_ended());
    assert_eq!((provider.calls("refresh_token"), *keeper.forgotten.lock().unwrap()), (1, 1));
}

#[tokio::test]
async fn a_token_that_another_has_used_up_ends_the_sign_in() {
    let provider = Provider::start(Rules::default()).await;
    let (island, keeper) = (Island::of(&provider).await, Keeper::default());
    let tokens = sign_in(&provider, &keeper).await.unwrap();
    let stolen = keeper.kept.lock().unwrap()[0].clone();
    let centre = provider.centre_at(&island.server.url());
    provider.expire();
    search(&island.client(&provider, &tokens)).await.unwrap();
    let thief = Tokens::restore(&centre, &stolen, Arc::new(Keeper::default())).unwrap().unwrap();
    provider.expire();
    let error = search(&island.client(&provider, &thief)).await.unwrap_err();
    assert!(matches!(error, CentreError::SignInEnded { .. }), "{error:?}");
}

#[tokio::test]
async fn a_renewal_for_another_reader_is_refused() {
    let provider = Provider::start(Rules::default()).await;
    let (island, keeper) = (Island::of(&provider).await, Keeper::default());
    let tokens = sign_in(&provider, &keeper).await.unwrap();
    provider.change_reader("somebody else");
    provider.expire();
    let error = search(&island.client(&provider, &tokens)).await.unwrap_err();
    assert!(matches!(error, CentreError::SignInFailed { .. }), "{error:?}");
    assert_eq!(keeper.count(), 1, "nothing of it is kept");
}
