//! A real centre: Orthanc with its DICOMweb plugin, started on a free port in a folder of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;

use super::judge;

pub(crate) const USER: &str = "reader";
pub(crate) const PASSWORD: &str = "s3cret";

/// A running Orthanc; it ends with this value.
pub(crate) struct Orthanc {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Orthanc {
    /// Starts it, or `None` where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        judge::find("Orthanc")?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let config = folder.path().join("orthanc.json");
        std::fs::write(&config, configuration(folder.path(), port)).unwrap();
        let process = Command::new("Orthanc")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let centre = Self { process, port, _folder: folder };
        let begun = Instant::now();
        while centre.get("/system").is_none_or(|(status, _)| status != 200) {
            assert!(begun.elapsed() < Duration::from_secs(60), "Orthanc does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(centre)
    }

    /// Base URL of its DICOMweb services.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/dicom-web", self.port)
    }

    /// Puts a file in by its own REST interface, so that nothing of ours is judge and party.
    pub(crate) fn add(&self, dicom: &[u8]) {
        let (status, body) = self.request("POST", "/instances", dicom).unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    }

    /// GET of a path: status and body.
    pub(crate) fn get(&self, path: &str) -> Option<(u16, Vec<u8>)> {
        self.request("GET", path, &[]).ok()
    }

    /// GET of a path that must be there, as JSON.
    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        let (status, body) = self.get(path).unwrap();
        assert_eq!(status, 200, "{path}");
        serde_json::from_slice(&body).unwrap()
    }

    fn request(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
        let mut line = TcpStream::connect(("127.0.0.1", self.port))?;
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        write!(
            line,
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic {token}\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        )?;
        line.write_all(body)?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)?;
        let head = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len().saturating_sub(4));
        let status = String::from_utf8_lossy(&answer[..head]).split(' ').nth(1).and_then(|s| s.parse().ok());
        Ok((status.unwrap_or(0), answer.get(head + 4..).unwrap_or_default().to_vec()))
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn configuration(folder: &Path, port: u16) -> String {
    let storage = folder.join("storage");
    serde_json::json!({
        "Name": "TestCentre",
        "StorageDirectory": storage,
        "IndexDirectory": storage,
        "HttpPort": port,
        "RemoteAccessAllowed": false,
        "AuthenticationEnabled": true,
        "RegisteredUsers": { USER: PASSWORD },
        "DicomPort": free_port(),
        "DicomServerEnabled": false,
        "DefaultEncoding": "Utf8",
        "CaseSensitivePN": false,
        "LimitFindResults": 0,
        "KeepAlive": true,
        "HttpCompressionEnabled": true,
        "StorageAccessOnFind": "Always",
        "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "/usr/share/orthanc/plugins/libOrthancGdcm.so"],
        "DicomWeb": {
            "Enable": true, "Root": "/dicom-web/", "EnableWado": true, "WadoRoot": "/wado",
            "QidoCaseSensitive": false, "StudiesMetadata": "Full", "SeriesMetadata": "Full"
        }
    })
    .to_string()
}
