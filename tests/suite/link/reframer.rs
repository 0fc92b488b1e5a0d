//! Between a client and a centre: answers in plain HTTP/1.1 whose framing breaks off where it is told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::scene::{PASSWORD, Scene};

/// How the next answer is framed; it ends with a FIN all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// With Content-Length.
    Length,
    /// Until the connection closes.
    ToTheEnd,
    /// In chunks.
    Chunked,
}

/// The next answer: its framing, and how much of its body comes, in 1000ths.
pub(super) type Cut = Arc<Mutex<Option<(Framing, usize)>>>;

/// A plain centre at the near end, the scene's centre at the far end.
pub(super) struct Reframer {
    address: SocketAddr,
    /// Used up by the next answer; without it answers are whole.
    pub(super) cut: Cut,
}

impl Reframer {
    pub(super) async fn new(scene: &Scene) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificate = reqwest::Certificate::from_pem(scene.centre.certificate_pem.as_bytes()).unwrap();
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([certificate]).build().unwrap();
        let far = Far {
            http,
            base: scene.centre.base_url.clone(),
            user: scene.centre.user.clone(),
            cut: Arc::default(),
        };
        let cut = Arc::clone(&far.cut);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(far.clone().serve(near));
            }
        });
        Self { address, cut }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/dicom-web", self.address)
    }
}

#[derive(Clone)]
struct Far {
    http: reqwest::Client,
    base: url::Url,
    user: String,
    cut: Cut,
}

impl Far {
    /// One request and its answer.
    async fn serve(self, mut near: TcpStream) -> Option<()> {
        let (head, body) = request(&mut near).await?;
        let mut words = head.split(' ');
        let (method, path) = (words.next()?.parse::<http::Method>().ok()?, words.next()?);
        let mut asked = self.http.request(method, self.base.join(path).ok()?).body(body);
        for name in ["accept", "content-type"] {
            asked = asked.header(name, field(&head, name).unwrap_or_default());
        }
        let answer = asked.basic_auth(&self.user, Some(PASSWORD)).send().await.ok()?;
        let kind = answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        let body = answer.bytes().await.ok()?;
        let cut = self.cut.lock().unwrap().take();
        let (framing, length) =
            cut.map_or((Framing::Length, body.len()), |(framing, part)| (framing, body.len() * part / 1000));
        let mut out = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
        if let Some(kind) = kind {
            out += &format!("Content-Type: {kind}\r\n");
        }
        let mut out = match framing {
            Framing::Length => out + &format!("Content-Length: {}\r\n\r\n", body.len()),
            Framing::ToTheEnd => out + "\r\n",
            Framing::Chunked => out + "Transfer-Encoding: chunked\r\n\r\n",
        }
        .into_bytes();
        match framing {
            Framing::Chunked => {
                for chunk in body[..length].chunks(5_000) {
                    out.extend(format!("{:x}\r\n", chunk.len()).bytes());
                    out.extend_from_slice(chunk);
                    out.extend(b"\r\n");
                }
            }
            Framing::Length | Framing::ToTheEnd => out.extend_from_slice(&body[..length]),
        }
        near.write_all(&out).await.ok()?;
        near.shutdown().await.ok()?;
        // Until the client closes: what it has not read yet must not be lost to a reset.
        near.read_to_end(&mut Vec::new()).await.ok()?;
        Some(())
    }
}

async fn request(near: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        if near.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let body = bytes.split_off(end);
    let head = String::from_utf8(bytes).ok()?;
    let length: usize = field(&head, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = body;
    while body.len() < length {
        if near.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, body))
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
