//! Whom we trust: a server of our own with certificates of every kind.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dokuei::centre::{CentreError, CertificateFault, Client, HttpVersion, StudyQuery, TlsVersion};
use dokuei::site::Centre;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::raw_server::Reply;
use super::{TIMEOUTS, credentials, told};

fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    CertificateParams::new(names).unwrap()
}

/// A certificate to serve, its key, and the PEM that a profile would name as `ca`.
struct Made {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
    trust: String,
}

fn self_signed(params: &CertificateParams) -> Made {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Made { chain: vec![certificate.der().clone()], key, trust: certificate.pem() }
}

fn by_authority(params: &CertificateParams) -> Made {
    let mut authority = params_of_authority();
    authority.distinguished_name.push(rcgen::DnType::CommonName, "Test CA");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    Made { chain: vec![certificate.der().clone()], key, trust: authority.pem() }
}

fn params_of_authority() -> CertificateParams {
    let mut authority = params(&[]);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
}

/// Serves `[]` over TLS; counts requests that got through.
async fn serve(
    made: &Made,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> (String, Arc<AtomicUsize>) {
    let key = PrivateKeyDer::try_from(made.key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(made.chain.clone(), key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
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

fn trusting(url: &str, pem: Option<&str>) -> (Client, Option<tempfile::TempDir>) {
    let mut centre = Centre::at(url.parse().unwrap());
    let folder = pem.map(|pem| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        centre.ca = Some(path);
        folder
    });
    (Client::with_timeouts(&centre, credentials("reader", "s3cret"), TIMEOUTS).unwrap(), folder)
}

const BOTH: &[&rustls::SupportedProtocolVersion] = &[&TLS12, &TLS13];

#[tokio::test]
async fn only_a_right_certificate_from_a_trusted_issuer_is_spoken_to() {
    let expired = || {
        let mut p = params(&["localhost"]);
        (p.not_before, p.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        p
    };
    let future = || {
        let mut p = params(&["localhost"]);
        (p.not_before, p.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1));
        p
    };
    let authority_as_server = || {
        let mut p = params(&["localhost"]);
        p.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        p
    };
    let for_clients = || {
        let mut p = params(&["localhost"]);
        p.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        p
    };
    let good = || params(&["localhost", "127.0.0.1"]);
    let (namesake, stranger) =
        (by_authority(&good()).trust, self_signed(&params(&["stranger.example"])).trust);
    use CertificateFault as F;
    type Case<'a> = (&'a str, Made, Option<Option<&'a str>>, Option<F>);
    let cases: Vec<Case<'_>> = vec![
        // `None` trusts the certificate's own issuer, `Some` another PEM, or nothing but the system.
        ("self-signed, named as ca", self_signed(&good()), None, None),
        ("by an authority, named as ca", by_authority(&good()), None, None),
        ("self-signed, not named", self_signed(&good()), Some(None), Some(F::UnknownIssuer)),
        ("by an authority, not named", by_authority(&good()), Some(None), Some(F::UnknownIssuer)),
        ("by another authority", by_authority(&good()), Some(Some(&stranger)), Some(F::UnknownIssuer)),
        (
            "by a namesake with another key",
            by_authority(&good()),
            Some(Some(&namesake)),
            Some(F::UnknownIssuer),
        ),
        ("expired", by_authority(&expired()), None, Some(F::Expired)),
        ("not yet valid", by_authority(&future()), None, Some(F::NotYetValid)),
        ("of another host", by_authority(&params(&["other.example"])), None, Some(F::WrongName)),
        ("of a sub-domain", by_authority(&params(&["*.localhost"])), None, Some(F::WrongName)),
        ("an authority's", self_signed(&authority_as_server()), None, Some(F::CaAsServer)),
        ("for clients", by_authority(&for_clients()), None, Some(F::Other)),
    ];
    for (name, made, trust, fault) in cases {
        let (url, requests) = serve(&made, BOTH).await;
        let pem = trust.unwrap_or(Some(&made.trust));
        let (client, _folder) = trusting(&url, pem);
        let found = client.search_studies(&StudyQuery::default()).await;
        match fault {
            None => assert!(found.is_ok(), "{name}: {found:?}"),
            Some(fault) => {
                let error = found.expect_err(name);
                told(&error);
                assert!(
                    matches!(&error, CentreError::UntrustedCertificate { why, .. } if *why == fault),
                    "{name}: {error:?}"
                );
                assert!(!error.is_transient() && !error.may_have_stored());
                assert_eq!(requests.load(Ordering::Relaxed), 0, "{name}: something was sent");
            }
        }
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken_and_told() {
    let made = self_signed(&params(&["localhost"]));
    for (versions, expected) in
        [(&[&TLS12][..], TlsVersion::Tls12), (&[&TLS13], TlsVersion::Tls13), (BOTH, TlsVersion::Tls13)]
    {
        let (url, _) = serve(&made, versions).await;
        let (client, _folder) = trusting(&url, Some(&made.trust));
        let probe = client.probe().await.unwrap();
        assert_eq!((probe.tls, probe.http, probe.sign_in), (Some(expected), HttpVersion::Http1, Ok(())));
        assert!(probe.first_answer_ms > 0.0 && probe.round_trip_ms.is_some_and(|ms| ms > 0.0));
        assert_eq!(probe.bytes_per_second, None);
    }
}

#[tokio::test]
async fn a_port_without_tls_is_no_centre() {
    let server = super::raw_server::RawServer::start(|_| Reply::json("[]")).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let (client, _) = trusting(&format!("https://127.0.0.1:{port}/"), None);
    let error = client.search_studies(&StudyQuery::default()).await.unwrap_err();
    assert!(matches!(error, CentreError::TlsFailed { .. }), "{error:?}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_ca_file_without_certificates_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let broken = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
    let files: [PathBuf; 3] =
        [folder.path().join("absent.pem"), write("empty.pem", ""), write("broken.pem", broken)];
    for path in files {
        let mut centre = Centre::at("https://centre.example/".parse().unwrap());
        centre.ca = Some(path.clone());
        let error = Client::new(&centre, None).unwrap_err();
        assert!(matches!(&error, CentreError::BadCa { path: named } if *named == path), "{error:?}");
        told(&error);
    }
}
