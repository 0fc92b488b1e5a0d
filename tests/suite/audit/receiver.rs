//! A FHIR server that wants a client certificate, keeps what it is sent, and fails as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::certificates::Papers;

/// What becomes of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Kept and answered.
    Take,
    /// Answered with this status.
    Refuse(u16),
    /// The line is cut before it is kept.
    Cut,
    /// Kept, and the answer lost.
    LoseAnswer,
}

/// The server; it ends with this value.
pub(super) struct Receiver {
    _runtime: tokio::runtime::Runtime,
    pub(super) base: String,
    kept: Arc<Mutex<Vec<Value>>>,
    deeds: Arc<Mutex<VecDeque<Deed>>>,
}

impl Receiver {
    pub(super) fn start(papers: &Papers) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config(papers)));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let base = format!("https://127.0.0.1:{}/fhir", listener.local_addr().unwrap().port());
        let (kept, deeds) = (Arc::<Mutex<Vec<Value>>>::default(), Arc::<Mutex<VecDeque<Deed>>>::default());
        let (keeping, doing) = (Arc::clone(&kept), Arc::clone(&deeds));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, kept, deeds) = (acceptor.clone(), Arc::clone(&keeping), Arc::clone(&doing));
                tokio::spawn(async move { serve(&acceptor, stream, &kept, &deeds).await });
            }
        });
        Self { _runtime: runtime, base, kept, deeds }
    }

    /// What is to become of the next messages; later ones are taken.
    pub(super) fn will(&self, deeds: &[Deed]) {
        self.deeds.lock().unwrap().extend(deeds);
    }

    /// Every AuditEvent that was kept, in the order of its coming.
    pub(super) fn kept(&self) -> Vec<Value> {
        self.kept.lock().unwrap().clone()
    }

    /// The numbers in the trail of what was kept.
    pub(super) fn numbers(&self) -> Vec<u64> {
        let number = |event: &Value| {
            let tag = event["meta"]["tag"][0]["code"].as_str().unwrap();
            tag.rsplit('.').next().unwrap().parse().unwrap()
        };
        self.kept().iter().map(number).collect()
    }
}

fn config(papers: &Papers) -> rustls::ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificates = |name: &str| -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_file_iter(papers.path(name)).unwrap().map(Result::unwrap).collect()
    };
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificates("ca.pem").remove(0)).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            certificates("server.pem"),
            PrivateKeyDer::from_pem_file(papers.path("server.key")).unwrap(),
        )
        .unwrap()
}

async fn serve(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    kept: &Mutex<Vec<Value>>,
    deeds: &Mutex<VecDeque<Deed>>,
) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let mut stream = BufReader::new(stream);
    while let Some((head, body)) = request(&mut stream).await {
        assert!(head.starts_with("POST /fhir/AuditEvent HTTP/1.1\r\n"), "{head}");
        let event: Value = serde_json::from_slice(&body).unwrap();
        let tag = event["meta"]["tag"][0]["code"].as_str().unwrap().to_owned();
        let condition = format!("if-none-exist: _tag=urn:ietf:rfc:3986|{tag}\r\n");
        assert!(head.to_lowercase().contains(&condition), "{head}");
        let deed = deeds.lock().unwrap().pop_front().unwrap_or(Deed::Take);
        let status = match deed {
            Deed::Cut => return,
            Deed::Refuse(status) => status,
            Deed::Take | Deed::LoseAnswer => {
                let mut kept = kept.lock().unwrap();
                let known = kept.iter().any(|known| known["meta"]["tag"][0]["code"] == tag.as_str());
                if !known {
                    kept.push(event);
                }
                if known { 200 } else { 201 }
            }
        };
        if deed == Deed::LoseAnswer {
            return;
        }
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        if stream.write_all(answer.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

async fn request(
    stream: &mut BufReader<tokio_rustls::server::TlsStream<TcpStream>>,
) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let mut body = vec![0; length.unwrap()];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
