//! A real Orthanc with its DICOMweb plugin, started for one test and ended with it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dokuei::centre::{CentreError, Client, StudyQuery};

const PLUGINS: &str = "/usr/share/orthanc/plugins";

/// A running Orthanc; dropping it ends the process and removes its folder.
pub(super) struct Orthanc {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Orthanc {
    /// `None`, with a line that says so, where Orthanc is not installed; with `DOKUEI_REQUIRE_JUDGES=1` that
    /// is a failure.
    #[allow(clippy::print_stdout, reason = "a run says what it skipped")]
    pub(super) async fn start() -> Option<Self> {
        let binary =
            ["/usr/sbin/Orthanc", "/usr/bin/Orthanc"].map(Path::new).into_iter().find(|p| p.exists());
        let plugin = Path::new(PLUGINS).join("libOrthancDicomWeb.so");
        let Some(binary) = binary.filter(|_| plugin.exists()) else {
            assert!(
                std::env::var_os("DOKUEI_REQUIRE_JUDGES").is_none(),
                "Orthanc is required and not installed"
            );
            println!("skipped for want of Orthanc (orthanc, orthanc-dicomweb)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let config = folder.path().join("orthanc.json");
        std::fs::write(&config, configuration(folder.path(), port)).unwrap();
        let child = Command::new(binary)
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut orthanc = Self { child, port, _folder: folder };
        orthanc.wait_until_ready().await;
        Some(orthanc)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/dicom-web", self.port)
    }

    async fn wait_until_ready(&mut self) {
        let client = super::patient_client(&self.url());
        let start = Instant::now();
        loop {
            match client.search_studies(&StudyQuery { at_most: Some(1), ..StudyQuery::default() }).await {
                Ok(_) => return,
                Err(error) => {
                    let early = start.elapsed() < Duration::from_secs(60);
                    assert!(early, "Orthanc does not come up: {error}");
                    assert_eq!(self.child.try_wait().unwrap(), None, "Orthanc ended");
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn configuration(folder: &Path, port: u16) -> String {
    let storage = folder.join("storage");
    let plugins = ["libOrthancDicomWeb.so", "libOrthancGdcm.so"].map(|name| Path::new(PLUGINS).join(name));
    let plugins: Vec<_> = plugins.iter().filter(|path| path.exists()).collect();
    serde_json::json!({
        "Name": "TestCentre",
        "StorageDirectory": storage, "IndexDirectory": storage,
        "HttpPort": port, "RemoteAccessAllowed": false,
        "AuthenticationEnabled": true, "RegisteredUsers": {"reader": "s3cret"},
        "DicomServerEnabled": false,
        "DefaultEncoding": "Utf8", "LimitFindResults": 0, "KeepAlive": true, "HttpCompressionEnabled": true,
        "StorageAccessOnFind": "Always",
        "Plugins": plugins,
        "DicomWeb": {"Enable": true, "Root": "/dicom-web/", "StudiesMetadata": "Full", "SeriesMetadata": "Full"},
    })
    .to_string()
}

/// The complete parts of a study.
pub(super) async fn retrieve(
    client: &Client,
    study: &dokuei::dicom::Uid,
) -> Result<Vec<bytes::Bytes>, CentreError> {
    let mut parts = client.retrieve_study(study).await?;
    let mut got = Vec::new();
    while let Some(part) = parts.next().await? {
        got.push(part.bytes);
    }
    Ok(got)
}
