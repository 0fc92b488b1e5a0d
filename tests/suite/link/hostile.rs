//! A centre, or somebody in its place, that never comes to an end: time and memory stay bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dokuei::centre::{CentreError, Client, Credentials, StudyQuery, Timeouts, WorkitemQuery, retry};
use dokuei::site::Centre;
use dokuei::text::{Explain, Language, say};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::scene::uid;

pub(super) const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    answer: Duration::from_secs(2),
    idle: Duration::from_secs(2),
};
/// By far more than the time-outs allow, by far less than for ever.
pub(super) const HANGS: Duration = Duration::from_secs(40);

pub(super) const OPERATIONS: [&str; 5] = ["search", "metadata", "retrieve", "store", "worklist"];

pub(super) async fn run(client: &Client, operation: &str) -> Result<(), CentreError> {
    let study = uid("1.2.3");
    match operation {
        "search" => client.search_studies(&StudyQuery::default()).await.map(drop),
        "metadata" => client.metadata(&study).await.map(drop),
        "retrieve" => {
            let mut parts = client.retrieve_study(&study).await?;
            while parts.next().await?.is_some() {}
            Ok(())
        }
        "store" => client.store(Some(&study), &[Bytes::from_static(b"DICM")]).await.map(drop),
        "worklist" => client.workitems(&WorkitemQuery::default()).await.map(drop),
        other => panic!("{other}"),
    }
}

pub(super) fn client(centre: &Centre) -> Client {
    let credentials = Credentials { user: "reader".to_owned(), password: "s3cret".to_owned().into() };
    Client::with_timeouts(centre, Some(credentials), TIMEOUTS).unwrap()
}

/// What a server says: first this, then that again and again, each after a pause.
#[derive(Clone, Copy)]
struct Endless {
    first: &'static str,
    again: &'static str,
    times: usize,
    pause: Duration,
}

impl Endless {
    fn fast(first: &'static str, again: &'static str, times: usize) -> Self {
        Self { first, again, times, pause: Duration::ZERO }
    }

    /// A client of such a server, and how many bytes the server got rid of.
    async fn serve(self) -> (Client, Arc<AtomicU64>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/dicom-web", listener.local_addr().unwrap());
        let sent = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&sent);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let count = Arc::clone(&count);
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let again = self.again.repeat(self.times);
                    let mut next = self.first.as_bytes();
                    while stream.write_all(next).await.is_ok() {
                        count.fetch_add(next.len() as u64, Ordering::Relaxed);
                        tokio::time::sleep(self.pause).await;
                        next = again.as_bytes();
                    }
                });
            }
        });
        (client(&Centre::at(url.parse().unwrap())), sent)
    }
}

/// Whatever a centre never ends with; most bytes of it that may be read for one operation.
const ENDLESS: [(&str, &str, &str, u64); 4] = [
    ("a header field", "HTTP/1.1 200 OK\r\nX-A: ", "a", 32 << 20),
    ("header fields", "HTTP/1.1 200 OK\r\n", "X-A: b\r\n", 32 << 20),
    (
        "a chunk's extension",
        "HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\nTransfer-Encoding: chunked\r\n\r\n1;a=",
        "b",
        32 << 20,
    ),
    (
        "what stands before the first part",
        "HTTP/1.1 200 OK\r\nContent-Type: multipart/related; boundary=b\r\n\r\n",
        "no boundary ",
        32 << 20,
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_never_ends_is_given_up_early() {
    for (what, first, again, most) in ENDLESS {
        let (client, sent) = Endless::fast(first, again, 4096).serve().await;
        for operation in OPERATIONS {
            sent.store(0, Ordering::Relaxed);
            let ended = tokio::time::timeout(HANGS, run(&client, operation)).await;
            let error = ended.unwrap_or_else(|_| panic!("{what}, {operation}: hangs")).expect_err(what);
            assert!(say(Language::English, &error.message()) != error.message().id(), "{error:?}");
            // The sockets' own buffers are among it.
            let read = sent.load(Ordering::Relaxed);
            assert!(read <= most, "{what}, {operation}: {read} bytes were read");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_list_is_taken_up_to_its_limit() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\n\r\n[";
    let (client, sent) = Endless::fast(head, " ", 1 << 20).serve().await;
    let ended = tokio::time::timeout(HANGS, run(&client, "metadata")).await.expect("hangs");
    assert!(matches!(ended, Err(CentreError::TooLarge { .. })), "{ended:?}");
    assert!(sent.load(Ordering::Relaxed) < 160 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interim_answers_and_a_head_that_trickles_end_with_patience() {
    let interim = Endless::fast("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 50);
    let slowly = Duration::from_millis(100);
    let trickle = Endless { first: "HTTP/1.1 200 OK\r\nX-A: ", again: "a", times: 1, pause: slowly };
    for endless in [interim, trickle] {
        let (client, _) = endless.serve().await;
        let each = OPERATIONS.map(|operation| {
            let client = &client;
            async move {
                let ended = tokio::time::timeout(HANGS, run(client, operation)).await;
                let error = ended.unwrap_or_else(|_| panic!("{operation} hangs")).expect_err(operation);
                assert!(error.is_transient(), "{operation}: {error:?}");
            }
        });
        futures_util::future::join_all(each).await;
    }
}

/// The whole answer is here; what a centre says after its final boundary, or does not say, costs a moment at most.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_whole_does_not_wait_for_its_end() {
    let whole = "HTTP/1.1 200 OK\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--";
    let fast = Endless::fast(whole, "and more ", 1000);
    // As much as counts as progress, again and again: 64 times the idle time.
    let slow = Endless { pause: Duration::from_millis(500), ..Endless::fast(whole, "x", 1100) };
    let silent = Endless { pause: Duration::from_secs(600), ..slow };
    for endless in [fast, slow, silent] {
        let (client, _) = endless.serve().await;
        let begun = Instant::now();
        tokio::time::timeout(HANGS, run(&client, "retrieve")).await.expect("hangs").unwrap();
        assert!(begun.elapsed() < HANGS / 4, "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_centre_that_asks_to_wait_is_believed_within_reason() {
    let far_off =
        ["18446744073709551615", "99999999999999999999999", "31536000", "Wed, 21 Oct 2999 07:28:00 GMT"];
    let nonsense =
        ["", "-5", "1e9", "soon", "3, 4", "0x10", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT", "\u{fc}"];
    let cases = far_off.iter().chain(&nonsense).map(|text| (*text, None));
    let believed = [("0", 0), ("7", 7), (" 120 ", 120), ("86400", 86_400)].map(|(text, s)| (text, Some(s)));
    for (text, expected) in cases.chain(believed) {
        let reply: &'static str = format!(
            "HTTP/1.1 503 X\r\nRetry-After: {text}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .leak();
        let (client, _) = Endless { pause: HANGS, ..Endless::fast(reply, "", 0) }.serve().await;
        for operation in OPERATIONS {
            let error = run(&client, operation).await.expect_err(text);
            assert!(matches!(error, CentreError::Busy { .. }), "{text}: {error:?}");
            assert_eq!(error.retry_after(), expected.map(Duration::from_secs), "{text}");
            for attempt in [0, 5, u32::MAX] {
                let pause = retry::delay(attempt, error.retry_after(), 1.0);
                assert!(pause <= Duration::from_secs(301), "{text}: {pause:?}");
            }
        }
    }
}
