//! Sign-in in the browser against a provider of our own that breaks every rule; the browser is a few lines here.
//! Against a real provider: `crate::sign_in::line`.

mod door;
mod provider;
mod renewal;

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dokuei::centre::oidc::{BrowserSignIn, KeptTokens, TokenKeeper, Tokens};
use dokuei::centre::{CentreError, SignInFault};
use serde_json::{Value, json};

use super::told;
use provider::{Provider, Rules, Signed, now};

/// Keeps tokens in memory and counts.
#[derive(Default, Clone)]
struct Keeper {
    kept: Arc<Mutex<Vec<KeptTokens>>>,
    forgotten: Arc<Mutex<usize>>,
}

impl TokenKeeper for Keeper {
    fn keep(&self, tokens: KeptTokens) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.kept.lock().unwrap().push(tokens);
        Box::pin(async {})
    }

    fn forget(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        *self.forgotten.lock().unwrap() += 1;
        Box::pin(async {})
    }
}

impl Keeper {
    fn count(&self) -> usize {
        self.kept.lock().unwrap().len()
    }
}

/// Signs in with a browser that does what the reader wants.
async fn sign_in(provider: &Provider, keeper: &Keeper) -> Result<Tokens, CentreError> {
    let waiting = BrowserSignIn::begin(&provider.centre()).await?;
    let address = waiting.address().clone();
    let finish = waiting.finish(Duration::from_secs(20), Arc::new(keeper.clone()));
    let (tokens, page) = tokio::join!(finish, provider.browse(&address));
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    tokens
}

type Expected = fn(&CentreError) -> bool;

fn not_ours(error: &CentreError) -> bool {
    matches!(error, CentreError::SignInFailed { why: SignInFault::NotOurs, .. })
}

fn doubted(error: &CentreError) -> bool {
    matches!(error, CentreError::SignInFailed { why: SignInFault::Identity { .. }, .. })
}

fn unusable(error: &CentreError) -> bool {
    matches!(error, CentreError::SignInFailed { why: SignInFault::Provider { .. }, .. })
}

fn denied(error: &CentreError) -> bool {
    matches!(error, CentreError::SignInFailed { why: SignInFault::Denied, .. })
}

fn put(to: &mut Value, name: &str, value: Value) {
    to.as_object_mut().unwrap().insert(name.to_owned(), value);
}

fn drop_from(from: &mut Value, name: &str) {
    from.as_object_mut().unwrap().remove(name);
}

fn answer(change: fn(&mut Vec<(String, String)>)) -> Rules {
    Rules { answer: change, ..Rules::default() }
}

fn claims(change: fn(&mut Value)) -> Rules {
    Rules { claims: change, ..Rules::default() }
}

fn signed(signed: Signed) -> Rules {
    Rules { signed, ..Rules::default() }
}

fn discovery(change: fn(&mut Value)) -> Rules {
    Rules { discovery: change, ..Rules::default() }
}

fn response(change: fn(&mut Value)) -> Rules {
    Rules { response: change, ..Rules::default() }
}

fn rename(params: &mut Vec<(String, String)>, name: &str, value: Option<&str>) {
    params.retain(|(known, _)| known != name);
    params.extend(value.map(|value| (name.to_owned(), value.to_owned())));
}

fn wrong_answers() -> Vec<(&'static str, Rules, Expected)> {
    vec![
        ("another state", answer(|p| rename(p, "state", Some("x"))), not_ours),
        ("no state", answer(|p| rename(p, "state", None)), not_ours),
        ("state twice", answer(|p| p.push(("state".into(), p[1].1.clone()))), not_ours),
        ("another provider's answer", answer(|p| rename(p, "iss", Some("https://evil.example"))), not_ours),
        ("no iss, which was promised", answer(|p| rename(p, "iss", None)), not_ours),
        ("no code", answer(|p| rename(p, "code", None)), not_ours),
        ("code twice", answer(|p| p.push(("code".into(), "x".into()))), not_ours),
        ("an error", answer(|p| p.push(("error".into(), "access_denied".into()))), denied),
        (
            "an error that is not for us",
            answer(|p| {
                rename(p, "state", Some("x"));
                p.push(("error".into(), "access_denied".into()));
            }),
            not_ours,
        ),
        ("a code of nobody", answer(|p| rename(p, "code", Some("stolen"))), unusable),
    ]
}

fn wrong_identities() -> Vec<(&'static str, Rules, Expected)> {
    vec![
        ("another nonce", claims(|c| put(c, "nonce", json!("x"))), doubted),
        ("no nonce", claims(|c| drop_from(c, "nonce")), doubted),
        ("alg none", signed(Signed::None), doubted),
        ("HS256 with the public key", signed(Signed::Hs256), doubted),
        ("another key under the same kid", signed(Signed::Other), doubted),
        ("a kid that nobody knows", signed(Signed::UnknownKid), doubted),
        ("a signature that is cut", signed(Signed::Cut), doubted),
        ("expired ten minutes ago", claims(|c| put(c, "exp", json!(now() - 600))), doubted),
        ("valid in ten minutes", claims(|c| put(c, "nbf", json!(now() + 600))), doubted),
        ("issued in ten minutes", claims(|c| put(c, "iat", json!(now() + 600))), doubted),
        ("for another program", claims(|c| put(c, "aud", json!("other"))), doubted),
        ("for others too", claims(|c| put(c, "aud", json!(["dokuei", "other"]))), doubted),
        ("by another party", claims(|c| put(c, "azp", json!("other"))), doubted),
        ("of another issuer", claims(|c| put(c, "iss", json!("https://evil.example"))), doubted),
        (
            "with another access token",
            claims(|c| put(c, "at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))),
            doubted,
        ),
        ("no ID token", response(|r| drop_from(r, "id_token")), doubted),
        ("an ID token that is none", response(|r| put(r, "id_token", json!("x.y.z"))), unusable),
        ("no bearer token", response(|r| put(r, "token_type", json!("mac"))), unusable),
    ]
}

fn wrong_providers() -> Vec<(&'static str, Rules, Expected)> {
    vec![
        ("names itself otherwise", discovery(|d| put(d, "issuer", json!("https://evil.example"))), unusable),
        (
            "names itself with a slash",
            discovery(|d| put(d, "issuer", json!(format!("{}/", d["issuer"].as_str().unwrap())))),
            unusable,
        ),
        (
            "knows no S256",
            discovery(|d| put(d, "code_challenge_methods_supported", json!(["plain"]))),
            unusable,
        ),
        ("has no token endpoint", discovery(|d| drop_from(d, "token_endpoint")), unusable),
        (
            "takes the code in the clear",
            discovery(|d| put(d, "token_endpoint", json!("http://id.example/token"))),
            unusable,
        ),
        (
            "has its keys in the clear",
            discovery(|d| put(d, "jwks_uri", json!("http://id.example/keys"))),
            unusable,
        ),
        (
            "signs with a shared secret only",
            discovery(|d| put(d, "id_token_signing_alg_values_supported", json!(["HS256", "none"]))),
            doubted,
        ),
        ("gives ten megabytes of keys", Rules { keys_bytes: 10 << 20, ..Rules::default() }, |error| {
            matches!(error, CentreError::TooLarge { .. })
        }),
        ("sends its document elsewhere", Rules { redirects: true, ..Rules::default() }, |error| {
            matches!(error, CentreError::Redirected { .. })
        }),
    ]
}

#[tokio::test]
async fn what_is_not_beyond_doubt_is_refused_and_nothing_of_it_kept() {
    let all = [wrong_answers(), wrong_identities(), wrong_providers()].concat();
    assert!(all.len() >= 20);
    for (name, rules, expected) in all {
        let provider = Provider::start(rules).await;
        let keeper = Keeper::default();
        let waiting = BrowserSignIn::begin(&provider.centre()).await;
        let error = match waiting {
            Err(error) => error,
            Ok(_) => sign_in(&provider, &keeper).await.expect_err(name),
        };
        assert!(expected(&error), "{name}: {error:?}");
        assert_eq!(keeper.count(), 0, "{name}");
        let told = told(&error);
        for secret in provider.secrets() {
            assert!(!told.contains(&secret), "{name}: {told}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_minutes_off_is_no_reason_to_stay_out() {
    let good = [
        ("as it is", Rules::default()),
        ("expired four minutes ago", claims(|c| put(c, "exp", json!(now() - 240)))),
        ("valid in four minutes", claims(|c| put(c, "nbf", json!(now() + 240)))),
        ("issued in four minutes", claims(|c| put(c, "iat", json!(now() + 240)))),
        ("by our own party", claims(|c| put(c, "azp", json!("dokuei")))),
    ];
    for (name, rules) in good {
        let provider = Provider::start(rules).await;
        let keeper = Keeper::default();
        let tokens = sign_in(&provider, &keeper).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!((tokens.user().as_str(), keeper.count()), ("sato", 1), "{name}");
        assert_eq!(format!("{tokens:?} {:?}", keeper.kept.lock().unwrap()), "Tokens(..) [KeptTokens(..)]");
    }
}

#[tokio::test]
async fn the_address_carries_what_the_standard_wants_and_no_secret() {
    let provider = Provider::start(Rules::default()).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let waiting = BrowserSignIn::begin(&provider.centre()).await.unwrap();
        let all: std::collections::BTreeMap<_, _> = waiting.address().query_pairs().into_owned().collect();
        assert_eq!((all["response_type"].as_str(), all["client_id"].as_str()), ("code", "dokuei"));
        assert_eq!(all["code_challenge_method"], "S256");
        assert_eq!(all["code_challenge"].len(), 43, "SHA-256 in base64url (RFC 7636 4.2)");
        assert!(all["scope"].starts_with("openid offline_access"));
        let redirect: url::Url = all["redirect_uri"].parse().unwrap();
        assert_eq!((redirect.host_str(), redirect.path()), (Some("127.0.0.1"), "/callback"));
        assert!(all["state"].len() >= 20 && all["nonce"].len() >= 20);
        assert!(!all.contains_key("code_verifier") && !all.contains_key("client_secret"));
        for name in ["state", "nonce", "code_challenge", "redirect_uri"] {
            assert!(seen.insert(all[name].clone()), "{name} is new each time");
        }
    }
}
