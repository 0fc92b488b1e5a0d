//! Certificates of every kind, made on the spot: by rcgen, and by OpenSSL what rcgen refuses to make.

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::judge;

/// A certificate with its chain and its key, as PEM.
#[derive(Clone)]
pub(crate) struct Made {
    /// The certificate first, then those between it and its authority.
    pub(crate) chain: String,
    pub(crate) key: String,
}

impl Made {
    pub(crate) fn chain_der(&self) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(self.chain.as_bytes()).map(Result::unwrap).collect()
    }

    pub(crate) fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap()
    }

    /// Both in one file.
    pub(crate) fn both(&self) -> String {
        format!("{}{}", self.chain, self.key)
    }
}

pub(crate) fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    CertificateParams::new(names).unwrap()
}

/// A server's certificate for these names and addresses.
pub(crate) fn for_server(names: &[&str]) -> CertificateParams {
    let mut params = params(names);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

/// A reader's computer.
pub(crate) fn for_client() -> CertificateParams {
    let mut params = params(&[]);
    params.distinguished_name.push(DnType::CommonName, "Sato's workstation");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

pub(crate) fn self_signed(params: &CertificateParams) -> Made {
    let key = KeyPair::generate().unwrap();
    Made { chain: params.self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
}

/// Somebody who signs.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Those between it and the root, as PEM.
    between: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::with(authority("Test CA"))
    }

    pub(crate) fn with(params: CertificateParams) -> Self {
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer, between: String::new() }
    }

    /// One that this one has signed.
    pub(crate) fn below(&self, params: CertificateParams) -> Self {
        let issuer = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &self.issuer).unwrap();
        let between = format!("{}{}", issuer.pem(), self.between);
        Self { issuer, between }
    }

    /// Its own certificate.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    pub(crate) fn sign(&self, params: &CertificateParams) -> Made {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Made { chain: format!("{}{}", certificate.pem(), self.between), key: key.serialize_pem() }
    }

    /// The list of what it has withdrawn.
    pub(crate) fn withdrawn(&self, serials: &[u64]) -> String {
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2024, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2024, 1, 1),
            next_update: date_time_ymd(2090, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().pem().unwrap()
    }
}

/// What an authority is made of.
pub(crate) fn authority(name: &str) -> CertificateParams {
    let mut params = params(&[]);
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// What only OpenSSL makes: an authority of its own, and certificates by it.
pub(crate) struct OpenSsl {
    folder: tempfile::TempDir,
}

impl OpenSsl {
    /// An authority whose key has so many bits, or `None` without OpenSSL.
    pub(crate) fn authority(bits: u32) -> Option<Self> {
        judge::find("openssl")?;
        let made = Self { folder: tempfile::tempdir().unwrap() };
        let key = format!("rsa:{bits}");
        made.run(&format!("req -x509 -newkey {key} -nodes -keyout ca.key -out ca.pem -subj /CN=Old -days 30 -addext keyUsage=critical,keyCertSign"));
        std::fs::write(
            made.path("ext"),
            "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n",
        )
        .unwrap();
        Some(made)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn pem(&self) -> String {
        std::fs::read_to_string(self.path("ca.pem")).unwrap()
    }

    /// A server's certificate, signed with this digest.
    pub(crate) fn sign(&self, digest: &str) -> Made {
        self.request("leaf");
        self.run(&format!("x509 -req {digest} -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile ext -out leaf.pem"));
        self.made(&["leaf.pem"])
    }

    /// The same by an authority between that is of version 1: it says nowhere that it is one.
    pub(crate) fn sign_by_version_one(&self) -> Made {
        self.request("between");
        self.run(
            "x509 -req -in between.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -out between.pem",
        );
        self.request("leaf");
        self.run("x509 -req -in leaf.csr -CA between.pem -CAkey between.key -CAcreateserial -days 20 -extfile ext -out leaf.pem");
        self.made(&["leaf.pem", "between.pem"])
    }

    /// A PKCS#12 file of a certificate, as hospitals give them out.
    pub(crate) fn pkcs12(made: &Made, password: &str, folder: &Path, legacy: bool) -> Option<PathBuf> {
        let mut openssl = judge::find("openssl")?;
        let (pem, out) = (folder.join("to-pack.pem"), folder.join("me.p12"));
        std::fs::write(&pem, made.both()).unwrap();
        openssl.args(["pkcs12", "-export", "-name", "me", "-passout", &format!("pass:{password}")]);
        if legacy {
            openssl.args(["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]);
        }
        let done = openssl.arg("-in").arg(&pem).arg("-out").arg(&out).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Some(out)
    }

    fn request(&self, name: &str) {
        let (key, request) = (format!("{name}.key"), format!("{name}.csr"));
        let subject = format!("/CN={name}");
        self.run(&format!("req -newkey rsa:2048 -nodes -keyout {key} -out {request} -subj {subject}"));
    }

    fn made(&self, chain: &[&str]) -> Made {
        let read = |name: &str| std::fs::read_to_string(self.path(name)).unwrap();
        Made { chain: chain.iter().map(|name| read(name)).collect(), key: read("leaf.key") }
    }

    fn run(&self, words: &str) {
        let mut openssl = std::process::Command::new("openssl");
        let done = openssl.args(words.split(' ')).current_dir(self.folder.path()).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
