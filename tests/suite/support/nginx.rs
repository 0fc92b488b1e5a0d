//! nginx as hospitals put it in front of a centre: TLS 1.3, HTTP/2, client certificates, and a token with each request.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;

use super::certificates::Made;
use super::{judge, orthanc};

/// A running nginx; it ends with this value.
pub(crate) struct Nginx {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts it before an Orthanc, or `None` where it is not installed. It wants a certificate that `clients` has
    /// signed, and asks `check` whether a request's token is good.
    pub(crate) fn start(centre: &str, check: &str, server: &Made, clients: &str) -> Option<Self> {
        let mut command = judge::find("nginx")?;
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("server.pem", &server.chain);
        write("server.key", &server.key);
        write("clients.pem", clients);
        let port = orthanc::free_port();
        write("nginx.conf", &configuration(folder.path(), port, centre, check));
        let mut process = command
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = || std::fs::read_to_string(folder.path().join("error.log")).unwrap_or_default();
            assert!(process.try_wait().unwrap().is_none(), "nginx ended:\n{}", log());
            assert!(begun.elapsed() < Duration::from_secs(30), "nginx does not answer:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { process, port, folder })
    }

    /// Base URL of the DICOMweb services behind it.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}/dicom-web", self.port)
    }

    /// What it has answered: protocol, version of TLS, status, of each request.
    pub(crate) fn log(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("access.log")).unwrap();
        log.lines().map(str::to_owned).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its worker ends with it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configuration(folder: &Path, port: u16, centre: &str, check: &str) -> String {
    let basic =
        base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", orthanc::USER, orthanc::PASSWORD));
    let temp = |name: &str| format!("{name}_temp_path {}/{name};\n", folder.display());
    let temps: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(temp).concat();
    format!(
        r#"daemon off; master_process off; pid nginx.pid; error_log error.log;
events {{ worker_connections 256; }}
http {{
  log_format short '$server_protocol $ssl_protocol $status';
  access_log access.log short;
  client_max_body_size 0;
  {temps}
  server {{
    listen 127.0.0.1:{port} ssl http2; server_name localhost;
    ssl_certificate server.pem; ssl_certificate_key server.key; ssl_protocols TLSv1.3;
    ssl_client_certificate clients.pem; ssl_verify_client on; ssl_verify_depth 3;
    location = /check {{
      internal; access_log off; proxy_pass {check}; proxy_pass_request_body off; proxy_set_header Content-Length "";
    }}
    location /dicom-web/ {{
      auth_request /check;
      proxy_pass {origin}; proxy_http_version 1.1; proxy_buffering off; proxy_request_buffering off;
      proxy_set_header Authorization "Basic {basic}";
      proxy_set_header Host $host:$server_port;
      proxy_set_header Forwarded "host=$host:$server_port;proto=https";
    }}
  }}
}}
"#,
        origin = centre.trim_end_matches("/dicom-web"),
    )
}
