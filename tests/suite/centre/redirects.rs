//! No credential leaves the centre's own origin: redirects of every kind, and links in what the centre sends.
//!
//! The foreign server of each case listens and counts; most addresses of the matrix lead to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dokuei::centre::{Access, Authorization, CentreError, Client, ClientCertificate, StudyQuery};
use dokuei::site::Centre;
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::raw_server::{RawServer, Reply};
use super::{TIMEOUTS, credentials, told, uid};
use crate::support::certificates::{Authority, for_client, for_server};

const STATUS: [u16; 5] = [301, 302, 303, 307, 308];
const SECRETS: [&str; 4] = ["s3cret", "cmVhZGVyOnMzY3JldA", "t0ken-of-the-reader", "authorization"];

/// Somebody else's server: it takes every connection, reads what comes, and counts.
struct Foreign {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    leaks: Arc<AtomicUsize>,
}

impl Foreign {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, leaks) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counted, leaked) = (connections.clone(), leaks.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let leaked = leaked.clone();
                tokio::spawn(async move { listen(stream, &leaked).await });
            }
        });
        Self { address, connections, leaks }
    }

    fn counted(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.leaks.load(Ordering::SeqCst))
    }
}

async fn listen(mut stream: TcpStream, leaked: &AtomicUsize) {
    let mut bytes = [0; 8192];
    let Ok(length) = stream.read(&mut bytes).await else { return };
    let text = String::from_utf8_lossy(&bytes[..length]).to_lowercase();
    if SECRETS.iter().any(|secret| text.contains(&secret.to_lowercase())) {
        leaked.fetch_add(1, Ordering::SeqCst);
    }
    let _ = stream.write_all(&Reply::json("[]").bytes).await;
}

/// Addresses that look the more like the centre's the worse they are meant; `foreign` listens behind them.
fn elsewhere(centre: SocketAddr, foreign: SocketAddr) -> [(&'static str, String); 7] {
    let port = foreign.port();
    [
        ("host", format!("http://localhost:{port}/dicom-web/studies")),
        ("port", format!("http://127.0.0.1:{port}/dicom-web/studies")),
        ("scheme", format!("https://127.0.0.1:{port}/dicom-web/studies")),
        ("sub-domain", format!("http://pacs.localhost:{port}/dicom-web/studies")),
        ("user@host", format!("http://{centre}@127.0.0.1:{port}/dicom-web/studies")),
        ("//host", format!("//127.0.0.1:{port}/dicom-web/studies")),
        ("IDN", format!("http://ⓛocalhost:{port}/dicom-web/studies")),
    ]
}

fn shown() -> [(&'static str, Access); 2] {
    let token = Authorization::Bearer("t0ken-of-the-reader".to_owned().into());
    [("Basic", credentials("reader", "s3cret").into()), ("bearer", token.into())]
}

fn client(url: &str, access: Access) -> Client {
    Client::with_timeouts(&Centre::at(url.parse().unwrap()), access, TIMEOUTS).unwrap()
}

#[tokio::test]
async fn no_redirect_takes_a_credential_elsewhere() {
    let foreign = Foreign::start().await;
    let mut cases = 0;
    for status in STATUS {
        for place in 0..7 {
            for (name, access) in shown() {
                let address = foreign.address;
                let centre = RawServer::start(move |request| {
                    let host = request.header("host").unwrap().parse().unwrap();
                    let (_, location) = &elsewhere(host, address)[place];
                    Reply::whole(&format!("{status} Elsewhere\r\nLocation: {location}"), b"")
                });
                let centre = centre.await;
                let client = client(&centre.url(), access);
                let searched = client.search_studies(&StudyQuery::default()).await.map(drop).unwrap_err();
                let stored = client.store(None, &[bytes::Bytes::from_static(b"x")]).await.unwrap_err();
                let (what, _) = elsewhere(centre.address, foreign.address)[place];
                for error in [searched, stored] {
                    let right = matches!(error, CentreError::Redirected { .. });
                    assert!(right, "{status} {what} {name}: {error:?}");
                    let told = told(&error);
                    assert!(SECRETS[..3].iter().all(|secret| !told.contains(secret)), "{told}");
                }
                assert_eq!(foreign.counted(), (0, 0), "{status} {what} {name}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 70);
}

/// Where the answers of a centre may name addresses that a client opens: metadata, lists, headers, and what it is asked
/// to do in between.
#[tokio::test]
async fn no_link_in_what_a_centre_sends_is_opened_elsewhere() {
    let foreign = Foreign::start().await;
    let centre = RawServer::start(|_| Reply::json("[]")).await;
    let mut links = elsewhere(centre.address, foreign.address).to_vec();
    let port = foreign.address.port();
    links.extend([
        ("presigned", format!("http://127.0.0.1:{port}/b?X-Amz-Signature=1&X-Amz-Credential=2")),
        ("metadata of a cloud", "http://169.254.169.254/latest/meta-data/".into()),
        ("file", "file:///etc/passwd".into()),
        ("backslash", format!(r"http:\\127.0.0.1:{port}\x")),
        ("numbers", format!("http://0x7f000001:{port}/x")),
        ("short", format!("http://127.1:{port}/x")),
        ("newline", format!("http://127.0.0.1:{port}/\r\nHost: x")),
        ("no scheme", format!("127.0.0.1:{port}/x")),
        ("data", "data:text/plain,x".into()),
    ]);
    for (name, access) in shown() {
        let client = client(&centre.url(), access);
        for (what, link) in &links {
            let error = client.bulk_data(link).await.map(drop).unwrap_err();
            let refused = matches!(error, CentreError::ForeignOrigin { .. } | CentreError::Malformed { .. })
                // Read as a path below the centre, it stays there.
                || matches!(error, CentreError::NotDicomWeb { .. });
            assert!(refused, "{what} {name}: {error:?}");
            assert_eq!(foreign.counted(), (0, 0), "{what} {name}");
        }
    }
}

/// RetrieveURL and Link are read by nobody: what is fetched is named by its UIDs below the base URL. 407 gets no
/// credential either.
#[tokio::test]
async fn addresses_in_lists_and_headers_lead_nowhere() {
    let foreign = Foreign::start().await;
    let address = foreign.address;
    let centre = RawServer::start(move |request| match request.path() {
        path if path.contains("metadata") => Reply::whole(
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"",
            b"",
        ),
        _ => {
            let study = format!(
                r#"[{{"0020000D":{{"vr":"UI","Value":["1.2.3"]}},"00081190":{{"vr":"UR","Value":["http://{address}/x"]}}}}]"#
            );
            let head = format!(
                "200 OK\r\nContent-Type: application/dicom+json\r\nLink: <http://{address}/next>; rel=next\r\n\
                 Alt-Svc: h2=\"{address}\"\r\nRefresh: 0; url=http://{address}/\r\nContent-Location: http://{address}/\r\n\
                 Set-Cookie: a=b; Domain=127.0.0.1"
            );
            Reply::whole(&head, study.as_bytes())
        }
    })
    .await;
    for (name, access) in shown() {
        let client = client(&centre.url(), access);
        let rows = client.search_studies(&StudyQuery::default()).await.unwrap();
        assert!(!rows.rows.is_empty(), "{name}");
        let refused = client.metadata(&uid("1.2.3")).await.unwrap_err();
        assert!(matches!(refused, CentreError::RequestRefused { status: 407, .. }), "{refused:?}");
        assert_eq!(foreign.counted(), (0, 0), "{name}");
    }
    for request in centre.requests() {
        assert_eq!(request.header("proxy-authorization"), None);
        assert_eq!(request.header("cookie"), None);
        assert!(request.header("authorization").is_some());
    }
}

/// Over TLS the certificate of this computer is the credential: it is shown to the centre alone.
#[tokio::test]
async fn no_redirect_takes_the_client_certificate_elsewhere() {
    let ca = Authority::new();
    let server = ca.sign(&for_server(&["localhost", "127.0.0.1"]));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    let authority = rustls::pki_types::pem::PemObject::from_pem_slice(ca.pem().as_bytes());
    let authority: rustls::pki_types::CertificateDer<'_> = authority.unwrap();
    roots.add(authority).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(server.chain_der(), server.key_der())
        .unwrap();
    let tls = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let foreign = Foreign::start().await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let certificate = ca.sign(&for_client()).both();
    let certificate = ClientCertificate::read(&write("me.pem", &certificate), None).unwrap();
    for status in STATUS {
        for place in 0..7 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (what, location) = elsewhere(address, foreign.address)[place].clone();
            let tls = tls.clone();
            tokio::spawn(async move {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream = tls.accept(stream).await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await;
                let reply = Reply::whole(&format!("{status} Elsewhere\r\nLocation: {location}"), b"");
                let _ = stream.write_all(&reply.bytes).await;
                let _ = stream.shutdown().await;
            });
            let url = format!("https://localhost:{}/dicom-web", address.port());
            let centre = Centre { ca: Some(write("ca.pem", &ca.pem())), ..Centre::at(url.parse().unwrap()) };
            let access = Access { certificate: Some(certificate.clone()), ..Access::default() };
            let client = Client::with_timeouts(&centre, access, TIMEOUTS).unwrap();
            let error = client.search_studies(&StudyQuery::default()).await.unwrap_err();
            assert!(matches!(error, CentreError::Redirected { .. }), "{status} {what}: {error:?}");
            assert_eq!(foreign.counted(), (0, 0), "{status} {what}");
        }
    }
}
