//! HTTP/2 floods (robustness N4): frames without end, by a server that never answers. Operations end, and so does
//! the connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dokuei::centre::Client;
use dokuei::site::Centre;
use dokuei::text::Explain;
use rustls_pki_types::PrivateKeyDer;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::hostile::{HANGS, OPERATIONS, client, run};

/// A frame (RFC 9113 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

/// `:status: 200` by HPACK's static table, and a literal field that is new each time it is read.
const STATUS_200: &[u8] = &[0x88];
const FIELD: &[u8] = b"\x00\x03x-a\x05hello";
const END_HEADERS: u8 = 4;

/// Name, what is said first, and what again and again.
fn floods() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let settings = frame(SETTINGS, 0, 0, &[]);
    let head = [settings.clone(), frame(HEADERS, END_HEADERS, 1, STATUS_200)].concat();
    let begun = [settings.clone(), frame(HEADERS, 0, 1, STATUS_200)].concat();
    vec![
        ("pings", settings.clone(), frame(PING, 0, 0, b"12345678")),
        ("settings", settings.clone(), frame(SETTINGS, 0, 0, &[])),
        ("empty data", head.clone(), frame(DATA, 0, 1, &[])),
        ("padding alone", head.clone(), frame(DATA, 8, 1, &[9, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("continuations", begun.clone(), frame(CONTINUATION, 0, 1, &FIELD.repeat(100))),
        ("empty continuations", begun, frame(CONTINUATION, 0, 1, &[])),
        ("priorities", settings.clone(), frame(PRIORITY, 0, 1, &[0, 0, 0, 3, 7])),
        ("resets", settings.clone(), frame(RST_STREAM, 0, 1, &[0, 0, 0, 8])),
        ("windows", settings.clone(), frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])),
        ("interim heads", settings.clone(), frame(HEADERS, END_HEADERS, 1, &[0x08, 3, b'1', b'0', b'3'])),
        ("goodbyes", settings, frame(GOAWAY, 0, 0, &[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0])),
    ]
}

/// A server of one flood; its connections end only when the client ends them, and that is told.
async fn serve(
    first: Vec<u8>,
    again: Vec<u8>,
    reads: bool,
) -> (Client, TempDir, tokio::sync::mpsc::Receiver<u64>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/dicom-web", listener.local_addr().unwrap().port());
    let (ended, ends) = tokio::sync::mpsc::channel(100);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, first, again) = (acceptor.clone(), first.clone(), again.repeat(500));
            let ended = ended.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let (mut from, mut to) = tokio::io::split(stream);
                let _ = from.read(&mut [0; 4096]).await;
                let discard = async {
                    if reads {
                        let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
                    }
                    std::future::pending::<()>().await;
                };
                let flood = async {
                    let (mut next, mut sent) = (&first, 0);
                    while to.write_all(next).await.is_ok() && to.flush().await.is_ok() {
                        sent += next.len() as u64;
                        next = &again;
                    }
                    sent
                };
                let sent = tokio::select! {
                    sent = flood => sent,
                    () = discard => 0,
                };
                let _ = ended.send(sent).await;
            });
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, made.cert.pem()).unwrap();
    let centre = Centre { ca: Some(ca), ..Centre::at(url.parse().unwrap()) };
    (client(&centre), folder, ends)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_frames_end_with_patience_and_the_connection_with_the_client() {
    for (name, first, again) in floods() {
        for reads in [false, true] {
            let (client, _folder, mut ends) = serve(first.clone(), again.clone(), reads).await;
            let begun = Instant::now();
            let each = OPERATIONS.map(|operation| {
                let client = &client;
                async move {
                    let ended = tokio::time::timeout(HANGS, run(client, operation)).await;
                    let error =
                        ended.unwrap_or_else(|_| panic!("{name}, {operation}: hangs")).expect_err(name);
                    let _ = error.message();
                }
            });
            futures_util::future::join_all(each).await;
            assert!(begun.elapsed() < HANGS, "{name}: {:?}", begun.elapsed());
            drop(client);
            let ended = tokio::time::timeout(Duration::from_secs(20), ends.recv()).await;
            assert!(ended.is_ok(), "{name}: the connection goes on without anybody who wants it");
        }
    }
}
