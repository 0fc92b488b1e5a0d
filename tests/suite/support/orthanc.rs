//! A real centre: Orthanc with its DICOMweb plugin, started on a free port in a folder of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;

use super::judge;

pub(crate) const USER: &str = "reader";
pub(crate) const PASSWORD: &str = "s3cret";

const PLUGINS: &str = "/usr/share/orthanc/plugins";

/// A running Orthanc; it ends with this value.
pub(crate) struct Orthanc {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

/// An answer of its HTTP server.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and header fields.
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Orthanc {
    /// Starts it, or `None` where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let mut command = judge::find("Orthanc")?;
        judge::part(&format!("{PLUGINS}/libOrthancDicomWeb.so"))?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let config = folder.path().join("orthanc.json");
        std::fs::write(&config, configuration(folder.path(), port)).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        command.arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut centre = Self { process: command.spawn().unwrap(), port, folder };
        centre.wait_until_ready();
        Some(centre)
    }

    fn wait_until_ready(&mut self) {
        let begun = Instant::now();
        while self.get("/system").is_none_or(|answer| answer.status != 200) {
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "Orthanc ended ({ended:?}):\n{}", self.last_words());
            let late = begun.elapsed() > Duration::from_secs(60);
            assert!(!late, "Orthanc does not answer:\n{}", self.last_words());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The last lines of its log.
    fn last_words(&self) -> String {
        let log = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log).into_owned();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Base URL of its DICOMweb services.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/dicom-web", self.port)
    }

    /// Puts a file in by its own REST interface, so that nothing of ours is judge and party.
    pub(crate) fn add(&self, dicom: &[u8]) {
        let answer = self.request("POST", "/instances", "*/*", dicom).unwrap();
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// GET of a path.
    pub(crate) fn get(&self, path: &str) -> Option<Answer> {
        self.request("GET", path, "*/*", &[]).ok()
    }

    /// GET of a path that must be there, as JSON.
    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path).unwrap();
        assert_eq!(answer.status, 200, "{path}");
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// WADO-RS of one instance as it is stored (PS3.18 10.4): the bytes of the one part.
    pub(crate) fn wado(&self, study: &str, series: &str, instance: &str) -> Vec<u8> {
        let path = format!("/dicom-web/studies/{study}/series/{series}/instances/{instance}");
        let accept = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
        let answer = self.request("GET", &path, accept, &[]).unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        only_part(&answer)
    }

    fn request(&self, method: &str, path: &str, accept: &str, body: &[u8]) -> std::io::Result<Answer> {
        let mut line = TcpStream::connect(("127.0.0.1", self.port))?;
        let token = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        write!(
            line,
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic {token}\r\n\
             Accept: {accept}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )?;
        line.write_all(body)?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)?;
        let end = find(&answer, b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Ok(Answer { status, head, body: answer.get(end + 4..).unwrap_or_default().to_vec() })
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The body of a multipart message of one part (RFC 2046 5.1.1).
fn only_part(answer: &Answer) -> Vec<u8> {
    let (_, boundary) = answer.head.split_once("boundary=").unwrap();
    let boundary = boundary.split(['\r', ';']).next().unwrap().trim_matches('"');
    let mut parts = Vec::new();
    let mut rest = answer.body.as_slice();
    let delimiter = format!("--{boundary}");
    while let Some(at) = find(rest, delimiter.as_bytes()) {
        parts.push(&rest[..at]);
        rest = &rest[at + delimiter.len()..];
    }
    assert!(parts.len() == 2 && rest.starts_with(b"--"), "{} delimiters in\n{}", parts.len(), answer.head);
    let begin = find(parts[1], b"\r\n\r\n").unwrap() + 4;
    parts[1][begin..].strip_suffix(b"\r\n").unwrap().to_vec()
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn configuration(folder: &Path, port: u16) -> String {
    let storage = folder.join("storage");
    let plugins = ["libOrthancDicomWeb.so", "libOrthancGdcm.so"].map(|name| Path::new(PLUGINS).join(name));
    let plugins: Vec<_> = plugins.iter().filter(|path| path.exists()).collect();
    serde_json::json!({
        "Name": "TestCentre",
        "StorageDirectory": storage,
        "IndexDirectory": storage,
        "HttpPort": port,
        "RemoteAccessAllowed": false,
        "AuthenticationEnabled": true,
        "RegisteredUsers": { USER: PASSWORD },
        "DicomServerEnabled": false,
        "DefaultEncoding": "Utf8",
        "CaseSensitivePN": false,
        "LimitFindResults": 0,
        "KeepAlive": true,
        "HttpCompressionEnabled": true,
        "StorageAccessOnFind": "Always",
        "Plugins": plugins,
        "DicomWeb": {
            "Enable": true, "Root": "/dicom-web/", "EnableWado": true, "WadoRoot": "/wado",
            "QidoCaseSensitive": false, "StudiesMetadata": "Full", "SeriesMetadata": "Full"
        }
    })
    .to_string()
}
