//! A server of a few lines over a raw socket, so that it can break every rule.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Request line and header fields.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let field = |line: &'_ str| line.split_once(':').map(|(n, _)| n.eq_ignore_ascii_case(name));
        let line = self.head.lines().skip(1).find(|line| field(line) == Some(true))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

/// What is sent back, byte for byte, and how.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    pub(super) bytes: Vec<u8>,
    /// Bytes at a time, with a pause after each.
    pub(super) slices: Option<(usize, Duration)>,
    /// Keep the connection open and silent afterwards.
    pub(super) hang: bool,
    /// Reset the connection instead of closing it.
    pub(super) reset: bool,
}

impl Reply {
    pub(super) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), ..Self::default() }
    }

    /// A whole answer with Content-Length; `head` is status and fields, as in `200 OK\r\nX: y`.
    pub(super) fn whole(head: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        Self::raw([head.as_bytes(), body].concat())
    }

    pub(super) fn json(body: &str) -> Self {
        Self::whole("200 OK\r\nContent-Type: application/dicom+json", body.as_bytes())
    }

    pub(super) fn status(status: u16) -> Self {
        Self::whole(&format!("{status} X"), b"")
    }
}

/// The running server; it ends with the test's runtime.
pub(super) struct RawServer {
    pub(super) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl RawServer {
    /// Answers each request by `answer`, one a connection.
    pub(super) async fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), requests.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), log.clone()));
            }
        });
        Self { address, requests }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/dicom-web", self.address)
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: Arc<impl Fn(&Request) -> Reply>,
    log: Arc<Mutex<Vec<Request>>>,
) {
    let Some(request) = read_request(&mut stream).await else { return };
    log.lock().unwrap().push(request.clone());
    let reply = answer(&request);
    let (size, pause) = reply.slices.unwrap_or((usize::MAX, Duration::ZERO));
    for slice in reply.bytes.chunks(size) {
        if stream.write_all(slice).await.is_err() {
            return;
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    if reply.hang {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    if reply.reset {
        let _ = stream.set_zero_linger();
        return;
    }
    let _ = stream.shutdown().await;
    // Until the client closes: data it has not read yet must not be lost to a reset.
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 64])).await;
}

async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
            _ => return None,
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut request = Request { head, body: bytes.split_off(end) };
    let length: usize = request.header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    while request.body.len() < length {
        let mut chunk = [0; 65536];
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => request.body.extend_from_slice(&chunk[..n]),
            _ => return None,
        }
    }
    Some(request)
}
