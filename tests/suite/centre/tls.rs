//! Whom we trust and what we show: a server of our own with certificates of every kind.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dokuei::centre::{
    Access, CentreError, CertificateFault as Fault, Client, ClientCertificate, HttpVersion, StudyQuery,
    TlsVersion,
};
use dokuei::site::Centre;
use rcgen::{
    BasicConstraints, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, NameConstraints, SerialNumber,
    date_time_ymd,
};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::raw_server::Reply;
use super::{TIMEOUTS, credentials, told};
use crate::support::certificates::{
    Authority, Made, OpenSsl, authority, for_client, for_server, params, self_signed,
};

const BOTH: &[&rustls::SupportedProtocolVersion] = &[&TLS12, &TLS13];

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Serves `[]` over TLS; counts requests that got through. With `clients` it wants a certificate that these have
/// signed.
async fn serve(
    made: &Made,
    versions: &[&'static rustls::SupportedProtocolVersion],
    clients: Option<&str>,
) -> (String, Arc<AtomicUsize>) {
    let builder =
        rustls::ServerConfig::builder_with_provider(provider()).with_protocol_versions(versions).unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let roots = Arc::new(roots(pem));
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider()).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let config = builder.with_single_cert(made.chain_der(), made.key_der()).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/dicom-web", listener.local_addr().unwrap().port());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, count) = (acceptor.clone(), count.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut request = [0; 4096];
                if stream.read(&mut request).await.is_ok_and(|n| n > 0) {
                    count.fetch_add(1, Ordering::Relaxed);
                    let _ = stream.write_all(&Reply::json("[]").bytes).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    (url, requests)
}

fn roots(pem: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    roots
}

/// A centre with files beside it.
struct Site {
    centre: Centre,
    folder: tempfile::TempDir,
}

impl Site {
    fn new(url: &str, ca: Option<&str>, crl: Option<&str>) -> Self {
        let mut site =
            Self { centre: Centre::at(url.parse().unwrap()), folder: tempfile::tempdir().unwrap() };
        site.centre.ca = ca.map(|pem| site.file("ca.pem", pem));
        site.centre.crl = crl.map(|pem| site.file("crl.pem", pem));
        site
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn client(&self) -> Client {
        Client::with_timeouts(&self.centre, credentials("reader", "s3cret"), TIMEOUTS).unwrap()
    }

    async fn search(&self) -> Result<(), CentreError> {
        self.client().search_studies(&StudyQuery::default()).await.map(drop)
    }
}

/// A server's certificate, what the profile trusts for it, and what comes of it.
struct Case {
    name: &'static str,
    made: Made,
    ca: Option<String>,
    crl: Option<String>,
    fault: Option<Fault>,
    /// The address in place of `localhost`.
    host: &'static str,
}

fn case(
    name: &'static str,
    made: Made,
    ca: impl Into<Option<String>>,
    fault: impl Into<Option<Fault>>,
) -> Case {
    Case { name, made, ca: ca.into(), crl: None, fault: fault.into(), host: "localhost" }
}

/// The fourteen bad certificates (robustness S1) that need no OpenSSL, some relatives of theirs, and good ones.
fn cases() -> Vec<Case> {
    let good = || for_server(&["localhost", "127.0.0.1"]);
    let ca = Authority::new();
    let by = |change: &dyn Fn(&mut rcgen::CertificateParams)| {
        let mut params = good();
        change(&mut params);
        ca.sign(&params)
    };
    let trusted = || ca.pem();
    let stranger = Authority::with(authority("Stranger")).pem();
    let between = ca.below(authority("Between"));
    let mut alone = between.sign(&good());
    alone.chain = alone.chain.split_inclusive("-----END CERTIFICATE-----\n").next().unwrap().to_owned();
    let constrained = {
        let mut params = authority("Constrained");
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("other.example".into())],
            excluded_subtrees: Vec::new(),
        });
        Authority::with(params)
    };
    let authority_as_server = {
        let mut params = params(&["localhost"]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self_signed(&params)
    };
    let pinned = self_signed(&good());
    let (pin, own) = (pinned.chain.clone(), authority_as_server.chain.clone());
    let numbered = |serial: u64| by(&|p| p.serial_number = Some(SerialNumber::from(serial)));
    let mut all = vec![
        case("self-signed, named as ca", pinned.clone(), pin, None),
        case("by an authority, named as ca", ca.sign(&good()), trusted(), None),
        case("with the one between", between.sign(&good()), trusted(), None),
        case("expired", by(&|p| in_year(p, 2020)), trusted(), Fault::Expired),
        case("future", by(&|p| in_year(p, 2090)), trusted(), Fault::NotYetValid),
        case("of another host", ca.sign(&for_server(&["other.example"])), trusted(), Fault::WrongName),
        case("self-signed, not named", pinned, None, Fault::UnknownIssuer),
        case("by an unknown authority", ca.sign(&good()), None, Fault::UnknownIssuer),
        case("by another authority", ca.sign(&good()), stranger, Fault::UnknownIssuer),
        case("by a namesake with another key", ca.sign(&good()), Authority::new().pem(), Fault::BadSignature),
        case("without the one between", alone, trusted(), Fault::UnknownIssuer),
        case(
            "for clients",
            by(&|p| p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            trusted(),
            Fault::WrongPurpose,
        ),
        case("beyond its issuer's names", constrained.sign(&good()), constrained.pem(), Fault::NotAllowed),
        case("an authority's own", authority_as_server, own, Fault::CaAsServer),
        case("of the names below", ca.sign(&for_server(&["*.localhost"])), trusted(), Fault::WrongName),
    ];
    let wrong_number = ca.sign(&for_server(&["localhost", "127.0.0.2"]));
    all.push(Case {
        host: "127.0.0.1",
        ..case("of another number", wrong_number, trusted(), Fault::WrongName)
    });
    all.push(Case { host: "127.0.0.1", ..case("of this number", ca.sign(&good()), trusted(), None) });
    for (name, list, fault) in [
        ("withdrawn", ca.withdrawn(&[7, 99]), Some(Fault::Revoked)),
        ("not withdrawn", ca.withdrawn(&[8]), None),
        (
            "on nobody's list",
            Authority::with(authority("Stranger")).withdrawn(&[7]),
            Some(Fault::RevocationUnknown),
        ),
    ] {
        all.push(Case { crl: Some(list), ..case(name, numbered(7), trusted(), fault) });
    }
    all
}

fn in_year(params: &mut rcgen::CertificateParams, year: i32) {
    (params.not_before, params.not_after) = (date_time_ymd(year, 1, 1), date_time_ymd(year + 1, 1, 1));
}

/// Those that only OpenSSL makes.
fn cases_of_openssl() -> Option<Vec<Case>> {
    let (usual, short) = (OpenSsl::authority(2048)?, OpenSsl::authority(1024)?);
    Some(vec![
        case("by OpenSSL", usual.sign("-sha256"), usual.pem(), None),
        case("signed with SHA-1", usual.sign("-sha1"), usual.pem(), Fault::Weak),
        case("signed with RSA-1024", short.sign("-sha256"), short.pem(), Fault::BadSignature),
        case("by an authority of version 1", usual.sign_by_version_one(), usual.pem(), Fault::Other),
    ])
}

#[tokio::test]
async fn only_a_right_certificate_from_a_trusted_issuer_is_spoken_to() {
    let mut refused = 0;
    for case in cases().into_iter().chain(cases_of_openssl().into_iter().flatten()) {
        let (url, requests) = serve(&case.made, BOTH, None).await;
        let site = Site::new(&url.replace("localhost", case.host), case.ca.as_deref(), case.crl.as_deref());
        let outcome = site.search().await;
        let Some(fault) = case.fault else {
            assert_eq!(outcome, Ok(()), "{}", case.name);
            continue;
        };
        let error = outcome.expect_err(case.name);
        told(&error);
        assert!(
            matches!(&error, CentreError::UntrustedCertificate { why, .. } if *why == fault),
            "{}: {error:?}",
            case.name
        );
        assert!(!error.is_transient() && !error.may_have_stored());
        assert_eq!(requests.load(Ordering::Relaxed), 0, "{}: something was sent", case.name);
        refused += 1;
    }
    assert!(refused >= 14);
}

/// No name of this computer has two labels below one that a certificate could stand for, so the verifier itself is
/// asked.
#[test]
fn a_wildcard_reaches_one_label_and_no_deeper() {
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier as _;
    let ca = Authority::new();
    let made = ca.sign(&for_server(&["*.pacs.example"]));
    let roots = Arc::new(roots(&ca.pem()));
    let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider()).build().unwrap();
    let now = rustls::pki_types::UnixTime::now();
    for (host, good) in [("a.pacs.example", true), ("a.b.pacs.example", false), ("pacs.example", false)] {
        let name = rustls::pki_types::ServerName::try_from(host).unwrap();
        let outcome = verifier.verify_server_cert(&made.chain_der()[0], &[], &name, &[], now);
        assert_eq!(outcome.is_ok(), good, "{host}: {outcome:?}");
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken_and_told() {
    let made = self_signed(&params(&["localhost"]));
    for (versions, expected) in
        [(&[&TLS12][..], TlsVersion::Tls12), (&[&TLS13], TlsVersion::Tls13), (BOTH, TlsVersion::Tls13)]
    {
        let (url, _) = serve(&made, versions, None).await;
        let probe = Site::new(&url, Some(&made.chain), None).client().probe().await.unwrap();
        assert_eq!((probe.tls, probe.http, probe.sign_in), (Some(expected), HttpVersion::Http1, Ok(())));
        assert!(probe.first_answer_ms > 0.0 && probe.round_trip_ms.is_some_and(|ms| ms > 0.0));
        assert_eq!(probe.bytes_per_second, None);
    }
}

/// What a server that knows nothing newer answers: a ServerHello of SSL 3.0, TLS 1.0 or TLS 1.1 (RFC 5246 7.4.1.3).
fn old_hello(minor: u8) -> Vec<u8> {
    let mut hello = vec![3, minor];
    hello.extend([7; 32]);
    hello.extend([0, 0x00, 0x2F, 0]);
    let length = hello.len() as u8;
    let mut record = vec![22, 3, minor, 0, length + 4, 2, 0, 0, length];
    record.extend(hello);
    record
}

#[tokio::test]
async fn older_versions_of_tls_and_none_at_all_are_refused() {
    let answers = [
        ("no TLS", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ("SSL 3.0", old_hello(0)),
        ("TLS 1.0", old_hello(1)),
        ("TLS 1.1", old_hello(2)),
        ("an alert of a TLS 1.1 server", vec![21, 3, 2, 0, 2, 2, 70]),
    ];
    for (name, answer) in answers {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut hello = [0; 4096];
            let length = stream.read(&mut hello).await.unwrap();
            stream.write_all(&answer).await.unwrap();
            hello[..length].to_vec()
        });
        let error = Site::new(&format!("https://127.0.0.1:{port}/"), None, None).search().await.unwrap_err();
        assert!(matches!(error, CentreError::TlsFailed { .. }), "{name}: {error:?}");
        told(&error);
        let seen = seen.await.unwrap();
        assert!(!seen.windows(6).any(|window| window == b"s3cret"), "{name}");
    }
}

#[test]
fn files_that_hold_nothing_usable_are_named() {
    let site = Site::new("https://centre.example/", None, None);
    let broken = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
    let files =
        [site.folder.path().join("absent.pem"), site.file("empty.pem", ""), site.file("broken.pem", broken)];
    let ca = Authority::new().pem();
    for path in files {
        let centre = Centre { ca: Some(path.clone()), ..site.centre.clone() };
        let error = Client::new(&centre, None).unwrap_err();
        assert!(matches!(&error, CentreError::BadCa { path: named } if *named == path), "{error:?}");
        told(&error);
        let centre = Centre { ca: Some(site.file("ca.pem", &ca)), crl: Some(path.clone()), ..centre };
        let error = Client::new(&centre, None).unwrap_err();
        assert!(matches!(&error, CentreError::BadCrl { path: named } if *named == path), "{error:?}");
        told(&error);
        let error = ClientCertificate::read(&path, None).unwrap_err();
        assert!(matches!(&error, CentreError::BadClientCertificate { path: named } if *named == path));
        told(&error);
    }
}

#[tokio::test]
async fn a_centre_that_wants_a_certificate_gets_it_and_says_when_it_does_not_like_it() {
    let ca = Authority::new();
    let server = ca.sign(&for_server(&["localhost"]));
    let readers = Authority::with(authority("Readers"));
    let expired = {
        let mut params = for_client();
        in_year(&mut params, 2020);
        readers.sign(&params)
    };
    let for_servers = readers.sign(&for_server(&["localhost"]));
    let foreign = Authority::with(authority("Stranger")).sign(&for_client());
    let good = readers.sign(&for_client());
    let cases = [
        ("good", Some(good.clone()), true),
        ("none", None, false),
        ("expired", Some(expired), false),
        ("for servers", Some(for_servers), false),
        ("by another authority", Some(foreign), false),
    ];
    for versions in [&[&TLS12][..], &[&TLS13]] {
        for (name, made, welcome) in &cases {
            let (url, requests) = serve(&server, versions, Some(&readers.pem())).await;
            let site = Site::new(&url, Some(&ca.pem()), None);
            let certificate = made
                .as_ref()
                .map(|made| ClientCertificate::read(&site.file("me.pem", &made.both()), None).unwrap());
            let mut access = Access::from(credentials("reader", "s3cret"));
            access.certificate = certificate;
            let client = Client::with_timeouts(&site.centre, access, TIMEOUTS).unwrap();
            let outcome = client.search_studies(&StudyQuery::default()).await;
            assert_eq!(requests.load(Ordering::Relaxed), usize::from(*welcome), "{name}");
            let error = match outcome {
                Ok(_) => {
                    assert!(*welcome, "{name}");
                    continue;
                }
                Err(error) => error,
            };
            assert!(!welcome, "{name}: {error:?}");
            told(&error);
            let right = match (&made, &error) {
                (None, CentreError::CertificateRequired { .. }) => true,
                // TLS 1.2 has no alert of its own for it.
                (None, CentreError::TlsFailed { .. }) => versions.len() == 1 && versions[0] == &TLS12,
                (Some(_), CentreError::CertificateRefused { .. }) => true,
                _ => false,
            };
            assert!(right, "{name}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_pkcs12_file_opens_with_its_password_alone() {
    let ca = Authority::new();
    let server = ca.sign(&for_server(&["localhost"]));
    let made = ca.below(authority("Between")).sign(&for_client());
    let folder = tempfile::tempdir().unwrap();
    for legacy in [false, true] {
        let Some(path) = OpenSsl::pkcs12(&made, "pass wörd", folder.path(), legacy) else { return };
        for (password, wrong) in [(None, false), (Some("guess"), true)] {
            let error = ClientCertificate::read(&path, password).unwrap_err();
            assert_eq!(error, CentreError::CertificateLocked { path: path.clone(), wrong });
            assert!(!told(&error).contains("guess"));
        }
        let certificate = ClientCertificate::read(&path, Some("pass wörd")).unwrap();
        assert_eq!(format!("{certificate:?}"), "ClientCertificate(..)");
        let (url, requests) = serve(&server, BOTH, Some(&ca.pem())).await;
        let site = Site::new(&url, Some(&ca.pem()), None);
        let access = Access { certificate: Some(certificate), ..Access::default() };
        let client = Client::with_timeouts(&site.centre, access, TIMEOUTS).unwrap();
        client.search_studies(&StudyQuery::default()).await.unwrap();
        assert_eq!(requests.load(Ordering::Relaxed), 1);
    }
}
