//! The way in: start, certificate, sign-in, hostile requests, the end.

use std::time::{Duration, Instant};

use dokuei::demo::{Archive, Centre, DemoError, Limits, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::fixture::{Http, Served, client, serve, serve_with};

#[tokio::test]
async fn it_answers_at_once_after_its_start() {
    let started = Instant::now();
    let served = serve().await;
    assert_eq!(served.status("/studies", "*/*").await, 200);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn nobody_enters_without_the_right_password() {
    let served = serve().await;
    let anonymous = served.client.get(served.url("/studies")).send().await.unwrap();
    assert_eq!(anonymous.status(), 401);
    assert!(anonymous.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
    let wrong = served.client.get(served.url("/studies")).basic_auth("reader", Some("wrong")).send().await;
    assert_eq!(wrong.unwrap().status(), 401);
    let store = served.client.post(served.url("/studies")).body("x").send().await.unwrap();
    assert_eq!(store.status(), 401);
    assert!(served.running.stored().is_empty());
}

#[tokio::test]
async fn passwords_differ_between_runs_unless_given() {
    let (one, two) = (serve().await, serve().await);
    assert_ne!(one.running.password, two.running.password);
    assert!(one.running.password.len() >= 20);
    let given = Options { password: Some("s3cret".to_owned()), ..Options::default() };
    assert_eq!(serve_with(given, Http::One).await.running.password, "s3cret");
}

#[tokio::test]
async fn only_who_was_given_the_certificate_trusts_it() {
    let (served, other) = (serve().await, serve().await);
    let stranger = client(&other.running, Http::Two);
    let refused = stranger.get(served.url("/studies")).send().await;
    assert!(refused.is_err_and(|e| e.is_connect()));
    // By each of the names it speaks for.
    let by_address = served.url("/studies").replace("localhost", "127.0.0.1");
    assert_eq!(served.client.get(by_address).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn both_http_versions_are_spoken() {
    for (http, version) in [(Http::One, http::Version::HTTP_11), (Http::Two, http::Version::HTTP_2)] {
        let served = serve_with(Options::default(), http).await;
        let response = served.fetch("/studies", "*/*").await;
        assert_eq!((response.status().as_u16(), response.version()), (200, version));
        let seen = served.running.requests.all();
        assert_eq!((seen[0].path.as_str(), seen[0].version), ("/studies", version));
        assert_eq!(seen[0].status.map(|status| status.as_u16()), Some(200));
    }
}

#[tokio::test]
async fn other_machines_cannot_reach_it() {
    let address = "0.0.0.0:0".parse().unwrap();
    let refused =
        Centre::bind(address, Archive::new(Vec::new(), Limits::default()), Options::default()).await.err();
    assert_eq!(refused, Some(DemoError::NotLoopback { address }));
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let served = serve().await;
    let again =
        Centre::bind(served.running.address, Archive::new(Vec::new(), Limits::default()), Options::default())
            .await;
    let expected = DemoError::Listen { address: served.running.address, kind: std::io::ErrorKind::AddrInUse };
    assert_eq!(again.err(), Some(expected));
}

#[tokio::test]
async fn it_ends_when_stopped_and_when_dropped() {
    for drop_it in [false, true] {
        let address = "127.0.0.1:0".parse().unwrap();
        let bound =
            Centre::bind(address, Archive::new(Vec::new(), Limits::default()), Options::default()).await;
        let (running, serving) = bound.unwrap();
        let serving = tokio::spawn(serving);
        let address = running.address;
        let kept = if drop_it {
            drop(running);
            None
        } else {
            running.stop();
            Some(running)
        };
        tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "still listening");
        drop(kept);
    }
}

/// Whatever comes, the centre lives on.
async fn still_answers(served: &Served) {
    assert_eq!(served.status("/studies", "*/*").await, 200);
}

#[tokio::test]
async fn hostile_requests_get_an_answer_and_harm_nothing() {
    let served = serve().await;
    let long = format!("/studies?PatientName={}", "%2A%3F".repeat(2000));
    let table = [
        ("", 404),
        ("/", 404),
        ("//", 404),
        ("/studies/", 400),
        ("/studies/..%2f..%2fetc%2fpasswd", 400),
        ("/studies/1.2.3%00", 404),
        ("/studies/%FF%FE", 400),
        ("/studies/1..2", 400),
        ("/studies/1.2.826.0.1.1/series/x", 400),
        ("/studies/1.2.826.0.1.1/series/1/instances/1/frames/-1", 400),
        ("/studies/1.2.826.0.1.1/series/1/instances/1/frames/", 400),
        ("/studies/1.2.826.0.1.1/series/1/instances/1/bulkdata/1%2F..%2F2", 404),
        ("/studies?limit=abc", 400),
        ("/studies?limit=-1", 400),
        ("/studies?offset=1e9", 400),
        ("/studies?NoSuchKeyword=1", 400),
        ("/studies?%FF=%FE", 400),
        ("/studies?=", 400),
        ("/studies?Rows=512", 400),
        ("/studies?PatientName=%FF%FE", 204),
        ("/workitems/1.2.3", 404),
        ("/workitems/a%2fb", 400),
        (long.as_str(), 204),
    ];
    for (path, expected) in table {
        assert_eq!(served.status(path, "*/*").await, expected, "{path}");
    }
    for method in ["DELETE", "PATCH", "OPTIONS", "HEAD", "NONSENSE"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = served.client.request(method, served.url("/studies"));
        let response = request.basic_auth("reader", Some(&served.running.password)).send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "GET, POST");
    }
    still_answers(&served).await;
}

#[tokio::test]
async fn what_is_not_tls_is_hung_up_on() {
    let served = serve().await;
    for bytes in
        [&b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"[..], &[0x16, 0x03, 0x01, 0xFF, 0xFF], &[0; 64]]
    {
        let mut raw = TcpStream::connect(served.running.address).await.unwrap();
        raw.write_all(bytes).await.unwrap();
        raw.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), raw.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "left hanging");
        assert!(!answer.starts_with(b"HTTP"));
    }
    still_answers(&served).await;
}

#[tokio::test]
async fn a_request_larger_than_the_limit_is_refused() {
    let options = Options { body_limit: 1000, ..Options::default() };
    let served = serve_with(options, Http::Two).await;
    let (status, _) = served.store("/studies", &[vec![0; 2000]]).await;
    assert_eq!(status, 413);
    still_answers(&served).await;
}
