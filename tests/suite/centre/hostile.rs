//! Answers that are wrong, slow, too long, or from somebody else.

use std::io::Write;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dokuei::centre::{CentreError, Client, Service, StudyQuery, UnreachableBecause, WorkitemQuery};
use dokuei::dicom::Phi;

use super::raw_server::{RawServer, Reply};
use super::{TIMEOUTS, client, told, uid};

const HTML: &[u8] = b"<html><body>Please sign in, TAROU YAMADA</body></html>";

/// One name for each operation, so that a table can run over all.
const OPERATIONS: [&str; 8] =
    ["search", "series", "instances", "metadata", "study", "instance", "store", "workitems"];

async fn run(client: &Client, operation: &str) -> Result<(), CentreError> {
    let (study, series) = (uid("1.2.3"), uid("1.2.3.4"));
    let query = StudyQuery { patient_id: Some(Phi::new("CANARY-0012".to_owned())), ..StudyQuery::default() };
    match operation {
        "search" => client.search_studies(&query).await.map(drop),
        "series" => client.series(&study).await.map(drop),
        "instances" => client.instances(&study).await.map(drop),
        "metadata" => client.metadata(&study).await.map(drop),
        "study" => match client.retrieve_study(&study).await {
            Ok(mut parts) => loop {
                match parts.next().await {
                    Ok(Some(_)) => {}
                    Ok(None) => return Ok(()),
                    Err(error) => return Err(error),
                }
            },
            Err(error) => Err(error),
        },
        "instance" => client.retrieve_instance(&study, &series, &uid("1.2.3.4.5")).await.map(drop),
        "store" => client.store(Some(&study), &[Bytes::from_static(b"DICM")]).await.map(drop),
        "workitems" => client.workitems(&WorkitemQuery::default()).await.map(drop),
        other => panic!("{other}"),
    }
}

async fn error_of(client: &Client, operation: &str) -> CentreError {
    let within = tokio::time::timeout(Duration::from_secs(20), run(client, operation)).await;
    within.unwrap_or_else(|_| panic!("{operation} hangs")).expect_err(operation)
}

#[tokio::test]
async fn every_wrong_answer_becomes_its_own_error_for_every_operation() {
    type Check = fn(&CentreError) -> bool;
    let gzip_of_nothing =
        Reply::whole("200 OK\r\nContent-Type: application/dicom+json\r\nContent-Encoding: br", b"x");
    let cases: Vec<(&str, Reply, Check)> = vec![
        (
            "login page",
            Reply::whole("200 OK\r\nContent-Type: text/html", HTML),
            |e| matches!(e, CentreError::NotDicomWeb { got, .. } if got == "text/html"),
        ),
        (
            "no content type",
            Reply::whole("200 OK", HTML),
            |e| matches!(e, CentreError::NotDicomWeb { got, .. } if got.is_empty()),
        ),
        ("401", Reply::status(401), |e| matches!(e, CentreError::WrongPassword { .. })),
        ("403", Reply::status(403), |e| matches!(e, CentreError::Forbidden { .. })),
        ("407", Reply::status(407), |e| matches!(e, CentreError::RequestRefused { status: 407, .. })),
        ("429", Reply::whole("429 X\r\nRetry-After: 7", b""), |e| {
            e.retry_after() == Some(Duration::from_secs(7)) && e.is_transient()
        }),
        (
            "503 until long after",
            Reply::whole("503 X\r\nRetry-After: Wed, 21 Oct 2099 07:28:00 GMT", b""),
            |e| matches!(e, CentreError::Busy { retry_after: None, .. }) && e.is_transient(),
        ),
        ("503 without a time", Reply::status(503), |e| {
            matches!(e, CentreError::Busy { retry_after: None, .. })
        }),
        ("500", Reply::whole("500 X\r\nContent-Type: text/html", HTML), |e| {
            matches!(e, CentreError::ServerFault { status: 500, .. }) && e.may_have_stored()
        }),
        ("other encoding", gzip_of_nothing, |e| {
            matches!(e, CentreError::Malformed { .. } | CentreError::NotDicomWeb { .. })
        }),
        ("closed before the head", Reply::raw("HTTP/1.1 200"), |e| {
            matches!(e, CentreError::CutOff { .. }) && e.is_transient() && e.may_have_stored()
        }),
        ("reset", Reply { reset: true, ..Reply::default() }, |e| matches!(e, CentreError::CutOff { .. })),
        ("silence", Reply { hang: true, ..Reply::default() }, |e| {
            matches!(e, CentreError::Stalled { received: 0, .. }) && e.may_have_stored()
        }),
        ("no HTTP", Reply::raw("SSH-2.0-OpenSSH_9.2\r\n"), |e| matches!(e, CentreError::CutOff { .. })),
    ];
    for (name, reply, check) in cases {
        let server = RawServer::start(move |_| reply.clone()).await;
        let client = client(&server.url());
        let errors = OPERATIONS.map(|operation| error_of(&client, operation));
        for (operation, error) in OPERATIONS.iter().zip(futures_util::future::join_all(errors).await) {
            assert!(check(&error), "{name}, {operation}: {error:?}");
            let told = told(&error);
            for secret in ["CANARY", "YAMADA", "s3cret", "1.2.3", "?"] {
                assert!(!told.contains(secret), "{name}, {operation} tells {secret}: {told}");
            }
        }
    }
}

#[tokio::test]
async fn without_credentials_401_asks_for_a_sign_in() {
    let server = RawServer::start(|_| Reply::status(401)).await;
    let centre = dokuei::site::Centre::at(server.url().parse().unwrap());
    let client = Client::with_timeouts(&centre, None, TIMEOUTS).unwrap();
    assert!(matches!(error_of(&client, "search").await, CentreError::SignInRequired { .. }));
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn no_redirect_takes_us_or_the_credentials_anywhere() {
    let foreign = RawServer::start(|_| Reply::json("[]")).await;
    let port = foreign.address.port();
    let targets = [
        format!("http://127.0.0.1:{port}/dicom-web/studies"),
        format!("//127.0.0.1:{port}/"),
        format!("http://reader@127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://0x7f000001:{port}/"),
        "/elsewhere".to_owned(),
        "http://xn--80ak6aa92e.example/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "not a url at all \u{1}".to_owned(),
    ];
    let mut cases = 0;
    for status in [301, 302, 303, 307, 308] {
        for target in targets.clone() {
            let server = RawServer::start(move |request| match request.path() {
                path if path.starts_with("/dicom-web") => {
                    Reply::whole(&format!("{status} X\r\nLocation: {target}"), HTML)
                }
                _ => Reply::json("[]"),
            })
            .await;
            let client = client(&server.url());
            for operation in ["search", "study", "store"] {
                let error = error_of(&client, operation).await;
                let named = matches!(&error, CentreError::Redirected { .. });
                let broken_header = matches!(&error, CentreError::CutOff { .. });
                assert!(named || broken_header, "{status} {operation}: {error:?}");
                cases += 1;
            }
            let requests = server.requests();
            assert_eq!(requests.len(), 3, "followed to the same origin");
            assert!(requests.iter().all(|r| r.header("authorization").is_some()));
        }
    }
    assert_eq!(cases, 150);
    assert_eq!(foreign.requests().len(), 0, "somebody else was asked");
    let server =
        RawServer::start(|_| Reply::whole("302 X\r\nLocation: https://evil.example:99/x?patient=1", b""))
            .await;
    let error = error_of(&client(&server.url()), "search").await;
    assert!(matches!(&error, CentreError::Redirected { to, .. } if to == "evil.example:99"), "{error:?}");
}

#[tokio::test]
async fn bulk_data_of_another_origin_is_not_opened() {
    let foreign = RawServer::start(|_| Reply::json("[]")).await;
    let port = foreign.address.port();
    let body = b"--b\r\nContent-Type: application/octet-stream\r\n\r\nPIXELS\r\n--b--";
    let server =
        RawServer::start(|_| Reply::whole("200 OK\r\nContent-Type: multipart/related; boundary=b", body))
            .await;
    let own = server.address.port();
    let client = client(&server.url());
    for refused in [
        format!("http://127.0.0.1:{port}/bulk"),
        format!("//127.0.0.1:{port}/bulk"),
        format!("http://localhost:{own}/bulk"),
        format!("https://127.0.0.1:{own}/bulk"),
        format!("http://someone@127.0.0.1:{own}/bulk"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:application/octet-stream;base64,AAAA".to_owned(),
        "http://[::1".to_owned(),
    ] {
        let error = client.bulk_data(&refused).await.unwrap_err();
        assert!(matches!(error, CentreError::ForeignOrigin { .. }), "{refused}: {error:?}");
        told(&error);
    }
    assert!(server.requests().is_empty() && foreign.requests().is_empty());
    for (given, asked) in [
        (format!("http://127.0.0.1:{own}/dicom-web/x/bulk/7fe00010"), "/dicom-web/x/bulk/7fe00010"),
        ("/other/bulk".to_owned(), "/other/bulk"),
        ("studies/1.2/bulk".to_owned(), "/dicom-web/studies/1.2/bulk"),
    ] {
        assert_eq!(client.bulk_data(&given).await.unwrap().bytes, "PIXELS");
        assert_eq!(server.requests().last().unwrap().path(), asked);
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_refused_and_honest_gzip_is_read() {
    let pack = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let head = "200 OK\r\nContent-Type: application/dicom+json\r\nContent-Encoding: gzip";
    let bomb = pack(&vec![b' '; 256 << 20]);
    let server = RawServer::start(move |_| Reply::whole(head, &bomb)).await;
    let error = client(&server.url()).metadata(&uid("1.2")).await.unwrap_err();
    assert!(matches!(error, CentreError::TooLarge { limit, .. } if limit < 128 << 20), "{error:?}");
    told(&error);

    let honest = pack(br#"[{"00080018":{"vr":"UI","Value":["1.2.3"]}}]"#);
    let server = RawServer::start(move |_| Reply::whole(head, &honest)).await;
    assert_eq!(client(&server.url()).metadata(&uid("1.2")).await.unwrap().len(), 1);
    assert_eq!(server.requests()[0].header("accept-encoding"), Some("gzip"));

    // Objects are asked for unpacked; packed ones are not guessed at.
    let packed = pack(b"--b\r\n\r\nx\r\n--b--");
    let server = RawServer::start(move |_| {
        Reply::whole(
            "200 OK\r\nContent-Type: multipart/related; boundary=b\r\nContent-Encoding: gzip",
            &packed,
        )
    })
    .await;
    assert!(matches!(error_of(&client(&server.url()), "study").await, CentreError::Malformed { .. }));
    assert_eq!(server.requests()[0].header("accept-encoding"), None);
}

#[tokio::test]
async fn json_that_is_cut_is_cut_and_not_empty() {
    let whole = br#"[{"00080018":{"vr":"UI","Value":["1.2.3"]}},{"00080018":{"vr":"UI","Value":["1.2.4"]}}]"#;
    for length in [0, 1, 20, 44, whole.len() - 1] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\nConnection: close\r\n\r\n";
        let bytes = [head.as_bytes(), &whole[..length]].concat();
        let server = RawServer::start(move |_| Reply::raw(bytes.clone())).await;
        let error = client(&server.url()).metadata(&uid("1.2")).await.unwrap_err();
        assert!(
            matches!(error, CentreError::Truncated { .. }) && error.is_transient(),
            "{length}: {error:?}"
        );
    }
    for (body, reason) in
        [("{\"a\":1}", "an object"), ("[1,", "cut"), ("<html>", "no JSON"), ("[[[[", "nested")]
    {
        let server = RawServer::start(move |_| Reply::json(body)).await;
        client(&server.url()).metadata(&uid("1.2")).await.expect_err(reason);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let server = RawServer::start(move |_| Reply::json(&deep)).await;
    client(&server.url()).metadata(&uid("1.2")).await.expect_err("too deep");
}

#[tokio::test]
async fn a_slow_line_is_waited_for_and_a_trickle_is_not() {
    let body = format!("[{}]", vec![r#"{"00080018":{"vr":"UI","Value":["1.2.3"]}}"#; 60].join(","));
    let slow = Reply { slices: Some((20, Duration::from_millis(1))), ..Reply::json(&body) };
    let server = RawServer::start(move |_| slow.clone()).await;
    assert_eq!(client(&server.url()).metadata(&uid("1.2")).await.unwrap().len(), 60);

    // A byte now and then keeps a connection open for ever where only silence is counted.
    let trickle = Reply { slices: Some((1, Duration::from_millis(150))), ..Reply::json(&body) };
    let head_at_once = {
        let head = trickle.bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
        let mut bytes = trickle.bytes.clone();
        let rest = bytes.split_off(head);
        (bytes, rest)
    };
    let server = RawServer::start(move |_| Reply {
        bytes: [head_at_once.0.clone(), head_at_once.1.clone()].concat(),
        slices: Some((head_at_once.0.len(), Duration::from_millis(10))),
        hang: true,
        ..Reply::default()
    })
    .await;
    // The whole body came, so this is complete although the connection hangs.
    assert_eq!(client(&server.url()).metadata(&uid("1.2")).await.unwrap().len(), 60);

    let start = Instant::now();
    let server = RawServer::start(move |_| trickle.clone()).await;
    let error = client(&server.url()).metadata(&uid("1.2")).await.unwrap_err();
    assert!(matches!(error, CentreError::Stalled { .. }), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_slow_upload_is_not_silence() {
    let object = Bytes::from(vec![7_u8; 32 << 20]);
    let server = slow_reader(object.len()).await;
    let start = Instant::now();
    let outcome = client(&server).store(None, &[object]).await.unwrap();
    assert_eq!((outcome.status, outcome.stored), (200, vec![uid("1.2.3")]));
    assert!(start.elapsed() > TIMEOUTS.answer, "too quick to show anything: {:?}", start.elapsed());
}

/// A server that takes longer to read a body than the client waits for an answer.
async fn slow_reader(length: usize) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut read, mut chunk) = (0, vec![0_u8; 256 << 10]);
        while read < length {
            read += stream.read(&mut chunk).await.unwrap();
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        while tokio::time::timeout(Duration::from_millis(300), stream.read(&mut chunk)).await.is_ok() {}
        let body = r#"{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3"]}}]}}"#;
        stream.write_all(&Reply::json(body).bytes).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    url
}

#[tokio::test]
async fn nobody_there_and_no_such_name_are_told_apart() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = error_of(&client(&format!("http://127.0.0.1:{port}/")), "store").await;
    assert!(matches!(error, CentreError::Unreachable { why: UnreachableBecause::Refused, .. }), "{error:?}");
    assert!(error.is_transient() && !error.may_have_stored());

    let error = error_of(&client("https://centre.invalid/"), "search").await;
    assert!(matches!(error, CentreError::Unreachable { why: UnreachableBecause::Dns, .. }), "{error:?}");
    assert_eq!(told(&error).matches("centre.invalid").count(), 4);
}

#[tokio::test]
async fn a_store_response_is_read_whatever_its_status() {
    let good = r#"{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3"]}}]},"00081198":{"vr":"SQ","Value":[]}}"#;
    let bad = r#"{"00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.4"]},"00081197":{"vr":"US","Value":[272]}}]}}"#;
    let store = async |status: u16, content_type: &str, body: &str| {
        let reply = Reply::whole(&format!("{status} X\r\nContent-Type: {content_type}"), body.as_bytes());
        let server = RawServer::start(move |_| reply.clone()).await;
        client(&server.url()).store(None, &[Bytes::from_static(b"x")]).await
    };
    const JSON: &str = "application/dicom+json";
    for status in [200, 202, 400, 409] {
        let outcome = store(status, JSON, good).await.unwrap();
        assert_eq!((outcome.status, outcome.stored.len(), outcome.failed.len()), (status, 1, 0));
        let outcome = store(status, JSON, bad).await.unwrap();
        assert_eq!((outcome.stored.len(), outcome.failed[0].reason), (0, 272));
    }
    // As Orthanc sends it: a refusal without a Content-Type that lists what was stored.
    let reply = Reply::whole("400 X", good.as_bytes());
    let server = RawServer::start(move |_| reply.clone()).await;
    let outcome = client(&server.url()).store(None, &[Bytes::from_static(b"x")]).await.unwrap();
    assert_eq!((outcome.status, outcome.stored), (400, vec![uid("1.2.3")]));
    // A success that names nothing is no proof; a refusal that names nothing is a refusal.
    let nothing = store(200, JSON, "{}").await.unwrap();
    assert!(nothing.stored.is_empty() && nothing.failed.is_empty());
    for body in ["{}", "", "{\"00081198\":{\"vr\":\"SQ\",\"Value\":[]}}", "<html>"] {
        let error = store(400, JSON, body).await.unwrap_err();
        assert_eq!(
            error,
            CentreError::RequestRefused { host: error_host(&error), service: Service::Stow, status: 400 },
            "{body}"
        );
        assert!(!error.may_have_stored());
    }
    let error = store(200, "text/html", "<html>").await.unwrap_err();
    assert!(matches!(error, CentreError::NotDicomWeb { .. }) && error.may_have_stored());
}

fn error_host(error: &CentreError) -> String {
    match error {
        CentreError::RequestRefused { host, .. } => host.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_stored_arrives_byte_for_byte() {
    let server = RawServer::start(|_| Reply::json("{}")).await;
    let objects = [Bytes::from(vec![0_u8; 100_000]), Bytes::from_static(b"--dokuei\r\n"), Bytes::new()];
    client(&server.url()).store(Some(&uid("1.2.3")), &objects).await.unwrap();
    let request = &server.requests()[0];
    assert!(request.head.starts_with("POST /dicom-web/studies/1.2.3 HTTP/1.1"), "{}", request.head);
    let expected_user = "Basic cmVhZGVyOnMzY3JldA==";
    assert_eq!(request.header("authorization"), Some(expected_user));
    assert_eq!(request.header("transfer-encoding"), None);
    assert!(request.header("user-agent").unwrap().starts_with("Dokuei/"));
    let content_type = request.header("content-type").unwrap();
    let boundary = content_type.rsplit("boundary=").next().unwrap();
    let head = format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n");
    let mut expected = Vec::new();
    for object in &objects {
        expected.extend_from_slice(&[head.as_bytes(), object, b"\r\n"].concat());
    }
    expected.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    assert!(request.body == expected);
}

#[tokio::test]
async fn a_centre_without_a_worklist_says_so_in_many_ways() {
    for status in [400, 404, 405, 501] {
        let server = RawServer::start(move |_| Reply::status(status)).await;
        assert_eq!(client(&server.url()).workitems(&WorkitemQuery::default()).await, Ok(None), "{status}");
    }
}
