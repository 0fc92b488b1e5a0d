//! An identity provider of a few lines that keeps to the rules, or to those that a case gives it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dokuei::site::{Centre, Oidc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rcgen::{KeyPair, SigningKey as _};
use serde_json::{Value, json};
use sha2::Digest as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use crate::centre::raw_server::{RawServer, Reply, Request};

/// What a provider does.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) discovery: fn(&mut Value),
    pub(super) answer: fn(&mut Vec<(String, String)>),
    pub(super) claims: fn(&mut Value),
    pub(super) response: fn(&mut Value),
    pub(super) signed: Signed,
    /// So many bytes are added to the keys.
    pub(super) keys_bytes: usize,
    /// Its discovery document is elsewhere.
    pub(super) redirects: bool,
    /// How long an access token lives, seconds.
    pub(super) life: u64,
    /// Whether a refresh token is good once.
    pub(super) rotates: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            discovery: |_| {},
            answer: |_| {},
            claims: |_| {},
            response: |_| {},
            signed: Signed::Right,
            keys_bytes: 0,
            redirects: false,
            life: 3600,
            rotates: true,
        }
    }
}

/// How an ID token is signed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Signed {
    Right,
    /// By another key under the right one's name.
    Other,
    UnknownKid,
    None,
    /// With the public key as the shared secret.
    Hs256,
    Cut,
}

/// What it has given out.
#[derive(Default)]
struct Given {
    nonce: String,
    challenge: String,
    redirect: String,
    /// Access and refresh tokens, by their number.
    count: usize,
    good_refresh: Vec<String>,
    good_access: Vec<String>,
    all: Vec<String>,
    /// Calls of the token endpoint by grant type.
    calls: BTreeMap<String, usize>,
    subject: Option<&'static str>,
}

/// A running provider.
pub(super) struct Provider {
    server: RawServer,
    rules: Rules,
    given: Arc<Mutex<Given>>,
}

pub(super) fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

impl Provider {
    pub(super) async fn start(rules: Rules) -> Self {
        let given = Arc::new(Mutex::new(Given::default()));
        let (keys, of_rules, of_given) = (Arc::new(Keys::new()), rules.clone(), given.clone());
        let server = RawServer::start(move |request| reply(request, &of_rules, &of_given, &keys)).await;
        Self { server, rules, given }
    }

    pub(super) fn issuer(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// A centre whose readers sign in here.
    pub(super) fn centre(&self) -> Centre {
        self.centre_at("https://pacs.example/dicom-web")
    }

    pub(super) fn centre_at(&self, url: &str) -> Centre {
        Centre { oidc: Some(Oidc::new(&self.issuer(), "dokuei")), ..Centre::at(url.parse().unwrap()) }
    }

    /// What a browser does: shows the page, and is sent back with the answer. Gives what it got then.
    pub(super) async fn browse(&self, address: &Url) -> String {
        let asked: BTreeMap<_, _> = address.query_pairs().into_owned().collect();
        {
            let mut given = self.given.lock().unwrap();
            given.nonce.clone_from(&asked["nonce"]);
            given.challenge.clone_from(&asked["code_challenge"]);
            given.redirect.clone_from(&asked["redirect_uri"]);
        }
        let mut answer = vec![
            ("code".to_owned(), "the-code".to_owned()),
            ("state".to_owned(), asked["state"].clone()),
            ("iss".to_owned(), self.issuer()),
        ];
        (self.rules.answer)(&mut answer);
        let back = Url::parse_with_params(&asked["redirect_uri"], &answer).unwrap();
        get(&back, "127.0.0.1").await
    }

    /// Every token and code that it gave out.
    pub(super) fn secrets(&self) -> Vec<String> {
        let given = self.given.lock().unwrap();
        given.all.iter().cloned().chain(["the-code".to_owned()]).collect()
    }

    /// Calls of the token endpoint with this grant type.
    pub(super) fn calls(&self, grant: &str) -> usize {
        self.given.lock().unwrap().calls.get(grant).copied().unwrap_or_default()
    }

    /// Whether an access token is good now.
    pub(super) fn admits(&self) -> impl Fn(&str) -> bool + Send + Sync + 'static {
        let given = self.given.clone();
        move |token| given.lock().unwrap().good_access.iter().any(|good| good == token)
    }

    /// The access tokens of now are good no more.
    pub(super) fn expire(&self) {
        self.given.lock().unwrap().good_access.clear();
    }

    /// Nobody's sign-in is good any more.
    pub(super) fn withdraw(&self) {
        let mut given = self.given.lock().unwrap();
        given.good_access.clear();
        given.good_refresh.clear();
    }

    /// From now on somebody else is signed in.
    pub(super) fn change_reader(&self, subject: &'static str) {
        self.given.lock().unwrap().subject = Some(subject);
    }
}

/// A GET as a browser sends it, with this host in its head; the whole answer.
pub(super) async fn get(url: &Url, host: &str) -> String {
    let port = url.port().unwrap();
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let head = format!("GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: a browser\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

fn reply(request: &Request, rules: &Rules, given: &Mutex<Given>, keys: &Keys) -> Reply {
    let issuer = format!("http://{}", request.header("host").unwrap());
    match request.path() {
        "/.well-known/openid-configuration" if rules.redirects => {
            Reply::whole(&format!("302 Elsewhere\r\nLocation: {issuer}/other"), b"")
        }
        "/.well-known/openid-configuration" | "/other" => {
            let mut document = json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/auth"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/keys"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": true,
            });
            (rules.discovery)(&mut document);
            json_reply(200, &document)
        }
        "/keys" => {
            let mut document = keys.document();
            document["padding"] = json!("x".repeat(rules.keys_bytes));
            json_reply(200, &document)
        }
        "/token" => token(request, rules, &mut given.lock().unwrap(), keys, &issuer),
        _ => Reply::status(404),
    }
}

fn json_reply(status: u16, document: &Value) -> Reply {
    let head = format!("{status} X\r\nContent-Type: application/json\r\nCache-Control: no-store");
    Reply::whole(&head, document.to_string().as_bytes())
}

fn token(request: &Request, rules: &Rules, given: &mut Given, keys: &Keys, issuer: &str) -> Reply {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let grant = form["grant_type"].clone();
    *given.calls.entry(grant.clone()).or_default() += 1;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let right = field("client_id") == "dokuei"
        && match grant.as_str() {
            "authorization_code" => {
                let hash = sha2::Sha256::digest(field("code_verifier").as_bytes());
                let proven = URL_SAFE_NO_PAD.encode(hash) == given.challenge;
                proven && field("code") == "the-code" && field("redirect_uri") == given.redirect
            }
            "refresh_token" => {
                let place = given.good_refresh.iter().position(|good| good == field("refresh_token"));
                if let Some(place) = place.filter(|_| rules.rotates) {
                    given.good_refresh.remove(place);
                } else if place.is_none() {
                    // A token that comes a second time: whoever holds the others is not to be trusted.
                    given.good_refresh.clear();
                }
                place.is_some()
            }
            _ => false,
        };
    if !right {
        return json_reply(400, &json!({"error": "invalid_grant"}));
    }
    given.count += 1;
    let (access, refresh) = (format!("access-{}", given.count), format!("refresh-{}", given.count));
    given.good_access = vec![access.clone()];
    given.all.extend([access.clone(), refresh.clone()]);
    let mut response = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": rules.life,
        "id_token": keys.id_token(rules, issuer, &given.nonce, given.subject.unwrap_or("reader-7")),
    });
    if rules.rotates || grant == "authorization_code" {
        given.good_refresh.push(refresh.clone());
        response["refresh_token"] = json!(refresh);
    }
    (rules.response)(&mut response);
    json_reply(200, &response)
}

/// Two keys: the one that the document names, and another's.
struct Keys {
    right: KeyPair,
    other: KeyPair,
}

impl Keys {
    fn new() -> Self {
        Self { right: KeyPair::generate().unwrap(), other: KeyPair::generate().unwrap() }
    }

    fn document(&self) -> Value {
        // An uncompressed point: 4, x, y (SEC 1 2.3.3).
        let point = self.right.public_key_raw();
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "right",
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
        }]})
    }

    fn id_token(&self, rules: &Rules, issuer: &str, nonce: &str, subject: &str) -> String {
        let mut claims = json!({
            "iss": issuer, "sub": subject, "aud": "dokuei", "nonce": nonce, "iat": now(), "exp": now() + 600,
            "preferred_username": "sato",
        });
        (rules.claims)(&mut claims);
        let (alg, kid) = match rules.signed {
            Signed::None => ("none", "right"),
            Signed::Hs256 => ("HS256", "right"),
            Signed::UnknownKid => ("ES256", "nobody's"),
            Signed::Right | Signed::Other | Signed::Cut => ("ES256", "right"),
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({"alg": alg, "kid": kid, "typ": "JWT"})), part(&claims));
        let key = if rules.signed == Signed::Other { &self.other } else { &self.right };
        let signature = match rules.signed {
            Signed::None => Vec::new(),
            Signed::Hs256 => {
                let secret = self.right.public_key_pem();
                let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
                mac.update(text.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            Signed::Cut => raw(&key.sign(text.as_bytes()).unwrap())[..40].to_vec(),
            _ => raw(&key.sign(text.as_bytes()).unwrap()),
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// An ECDSA signature in ASN.1 as the two numbers that JWS wants (RFC 7518 3.4).
fn raw(asn1: &[u8]) -> Vec<u8> {
    let mut numbers = Vec::new();
    let mut rest = &asn1[2..];
    for _ in 0..2 {
        let (number, after) = rest[2..].split_at(usize::from(rest[1]));
        let bare = &number[number.iter().take_while(|byte| **byte == 0).count()..];
        numbers.extend(vec![0; 32 - bare.len()]);
        numbers.extend_from_slice(bare);
        rest = after;
    }
    numbers
}
