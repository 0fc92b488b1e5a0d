//! The port on loopback: one answer, and closed.

use std::sync::Arc;
use std::time::Duration;

use dokuei::centre::oidc::BrowserSignIn;
use dokuei::centre::{CentreError, SignInFault};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use url::Url;

use super::provider::{Provider, Rules, get};
use super::{Keeper, told};

fn redirect(waiting: &BrowserSignIn) -> Url {
    let all = waiting.address().query_pairs();
    all.into_owned().find(|(name, _)| name == "redirect_uri").unwrap().1.parse().unwrap()
}

async fn is_closed(door: &Url) -> bool {
    TcpStream::connect(("127.0.0.1", door.port().unwrap())).await.is_err()
}

#[tokio::test]
async fn the_port_is_loopback_only_and_closes_after_one_answer() {
    let provider = Provider::start(Rules::default()).await;
    let waiting = BrowserSignIn::begin(&provider.centre()).await.unwrap();
    let (door, address) = (redirect(&waiting), waiting.address().clone());
    let keeper = Keeper::default();
    let knock = async {
        // Browsers open connections in advance and leave them silent.
        let silent = TcpStream::connect(("127.0.0.1", door.port().unwrap())).await.unwrap();
        let icon = door.join("/favicon.ico").unwrap();
        assert!(get(&icon, "127.0.0.1").await.starts_with("HTTP/1.1 404"));
        let foreign = Url::parse_with_params(door.as_str(), [("code", "x"), ("state", "y")]).unwrap();
        assert!(get(&foreign, "dokuei.evil.example").await.starts_with("HTTP/1.1 404"), "rebinding");
        let mut broken = TcpStream::connect(("127.0.0.1", door.port().unwrap())).await.unwrap();
        broken.write_all(&[b'x'; 100]).await.unwrap();
        drop(broken);
        let page = provider.browse(&address).await;
        for header in ["Cache-Control: no-store", "Content-Security-Policy", "Referrer-Policy: no-referrer"] {
            assert!(page.contains(header), "{page}");
        }
        assert!(!page.contains("the-code"), "nothing of it is shown");
        drop(silent);
    };
    let finish = waiting.finish(Duration::from_secs(20), Arc::new(keeper.clone()));
    let (tokens, ()) = tokio::join!(finish, knock);
    tokens.unwrap();
    assert!(is_closed(&door).await, "a second answer finds nobody");
}

#[tokio::test]
async fn a_page_that_guesses_the_port_ends_the_sign_in_and_gets_nothing() {
    let provider = Provider::start(Rules::default()).await;
    let waiting = BrowserSignIn::begin(&provider.centre()).await.unwrap();
    let door = redirect(&waiting);
    let keeper = Keeper::default();
    let guessed = Url::parse_with_params(door.as_str(), [("code", "mine"), ("state", "guessed")]).unwrap();
    let finish = waiting.finish(Duration::from_secs(20), Arc::new(keeper.clone()));
    let (tokens, _) = tokio::join!(finish, get(&guessed, "127.0.0.1"));
    let error = tokens.unwrap_err();
    assert!(matches!(error, CentreError::SignInFailed { why: SignInFault::NotOurs, .. }), "{error:?}");
    assert!(!told(&error).contains("mine"));
    assert!(is_closed(&door).await && keeper.count() == 0 && provider.calls("authorization_code") == 0);
}

#[tokio::test]
async fn the_port_closes_when_nobody_comes_and_when_the_reader_breaks_off() {
    let provider = Provider::start(Rules::default()).await;
    let waiting = BrowserSignIn::begin(&provider.centre()).await.unwrap();
    let door = redirect(&waiting);
    let keeper: Arc<Keeper> = Arc::default();
    let error = waiting.finish(Duration::from_millis(50), keeper.clone()).await.unwrap_err();
    assert!(matches!(error, CentreError::SignInFailed { why: SignInFault::NoAnswer, .. }), "{error:?}");
    assert!(is_closed(&door).await);
    assert_eq!(dokuei::centre::oidc::PATIENCE, Duration::from_secs(120));

    let waiting = BrowserSignIn::begin(&provider.centre()).await.unwrap();
    let door = redirect(&waiting);
    drop(waiting.finish(Duration::from_secs(20), keeper));
    assert!(is_closed(&door).await);
}
