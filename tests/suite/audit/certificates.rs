//! An authority of its own for each test, a server's certificate and a workstation's.

use std::path::{Path, PathBuf};

use dokuei::site::AuditTarget;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// Certificates in files of one folder.
pub(super) struct Papers {
    folder: tempfile::TempDir,
}

impl Papers {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Test CA");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        for name in ["server", "station"] {
            let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(names).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            let certificate = params.signed_by(&key, &authority).unwrap();
            std::fs::write(folder.path().join(format!("{name}.pem")), certificate.pem()).unwrap();
            std::fs::write(folder.path().join(format!("{name}.key")), key.serialize_pem()).unwrap();
        }
        Self { folder }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What a profile says of receivers that these papers are for.
    pub(super) fn target(&self) -> AuditTarget {
        AuditTarget {
            syslog: None,
            fhir: None,
            ca: self.path("ca.pem"),
            certificate: Some(self.path("station.pem")),
            key: Some(self.path("station.key")),
            site: Some("Kita".into()),
        }
    }
}
