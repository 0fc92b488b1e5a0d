//! The door on loopback through which the browser brings the provider's answer back (RFC 8252 7.3).

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::form_urlencoded;
use zeroize::Zeroizing;

/// Where the answer is expected.
const PATH: &str = "/callback";
/// A request line with a code, a state and whatever a browser sends beside them.
const LONGEST: usize = 32 << 10;
/// Connections that a browser opens in advance and leaves silent are let go.
const SILENCE: Duration = Duration::from_secs(20);
const CONNECTIONS: usize = 16;

/// Says nothing of the outcome: that is decided after it, and told in the window.
const PAGE: &str = concat!(
    "<!doctype html><html><meta charset=utf-8><title>Dokuei</title>",
    "<body style=\"font-family:sans-serif;margin:4em\">",
    "<p lang=en>Dokuei has the answer. You can close this page and go back to Dokuei.</p>",
    "<p lang=ja>応答を受け取りました。このページを閉じて、Dokueiに戻ってください。</p>",
);

/// A port of this computer, closed to every other.
pub(super) struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

/// What the provider sent through the browser.
#[derive(Default)]
pub(super) struct BrowserAnswer {
    pub(super) state: Option<Zeroizing<String>>,
    pub(super) code: Option<Zeroizing<String>>,
    pub(super) iss: Option<String>,
    /// Whether it says that something went wrong.
    pub(super) is_error: bool,
    /// Whether a name came twice (RFC 6749 3.1 forbids it).
    pub(super) ambiguous: bool,
}

impl Listener {
    /// On a free port; `None` where the system gives none.
    pub(super) async fn open() -> Option<Self> {
        let loopback =
            [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        let listener = TcpListener::bind(&loopback[..]).await.ok()?;
        let address = listener.local_addr().ok()?;
        Some(Self { listener, address })
    }

    /// Where the provider is to send the browser.
    pub(super) fn redirect(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    /// The one answer. What else knocks (an icon, another page's script) is turned away; the port is closed when this returns.
    pub(super) async fn answer(self) -> BrowserAnswer {
        let host = self.address.to_string();
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if open.len() < CONNECTIONS => match accepted {
                    Ok((stream, _)) => open.push(attend(stream, &host)),
                    // Out of file handles, mostly.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(answered) = open.next(), if !open.is_empty() => {
                    if let Some(answer) = answered {
                        return answer;
                    }
                }
            }
        }
    }
}

async fn attend(mut stream: TcpStream, host: &str) -> Option<BrowserAnswer> {
    let head = tokio::time::timeout(SILENCE, head(&mut stream)).await.ok()??;
    let answer = read(&head, host);
    let reply = match &answer {
        Some(_) => page("200 OK", PAGE),
        None => page("404 Not Found", ""),
    };
    let sent = async {
        stream.write_all(reply.as_bytes()).await?;
        stream.shutdown().await
    };
    let _ = tokio::time::timeout(SILENCE, sent).await;
    answer
}

fn page(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The head of a request; `None` when it is none, or too long.
async fn head(stream: &mut TcpStream) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut piece = Zeroizing::new([0; 4096]);
    while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
        let count = stream.read(&mut piece[..]).await.ok()?;
        if count == 0 || bytes.len() + count > LONGEST {
            return None;
        }
        bytes.extend_from_slice(&piece[..count]);
    }
    String::from_utf8(bytes.to_vec()).ok().map(Zeroizing::new)
}

/// The answer that a request brings, if it is one: a GET of our path, addressed to us by our number (a name in its
/// place could be anybody's, by DNS rebinding).
fn read(head: &str, host: &str) -> Option<BrowserAnswer> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let named = lines.filter_map(|line| line.split_once(':'));
    let mut hosts = named.filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let (_, addressed) = hosts.next()?;
    let (path, query) = target.split_once('?')?;
    if method != "GET" || path != PATH || addressed.trim() != host || hosts.next().is_some() {
        return None;
    }
    let mut answer = BrowserAnswer::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let again = match &*name {
            "state" => answer.state.replace(Zeroizing::new(value.into_owned())).is_some(),
            "code" => answer.code.replace(Zeroizing::new(value.into_owned())).is_some(),
            "iss" => answer.iss.replace(value.into_owned()).is_some(),
            "error" => std::mem::replace(&mut answer.is_error, true),
            _ => false,
        };
        answer.ambiguous |= again;
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str, rest: &str) -> Option<BrowserAnswer> {
        read(&format!("{line} HTTP/1.1\r\n{rest}\r\n\r\n"), "127.0.0.1:4711")
    }

    #[test]
    fn only_a_get_of_our_path_at_our_number_is_an_answer() {
        let host = "Host: 127.0.0.1:4711";
        let answer = of("GET /callback?code=a%2Bb&state=s&iss=https%3A%2F%2Fid", host).unwrap();
        assert_eq!((answer.code.unwrap().as_str(), answer.state.unwrap().as_str()), ("a+b", "s"));
        assert_eq!(
            (answer.iss.as_deref(), answer.is_error, answer.ambiguous),
            (Some("https://id"), false, false)
        );
        assert!(of("GET /callback?error=access_denied&state=s", host).unwrap().is_error);
        assert!(of("GET /callback?code=a&code=b&state=s", host).unwrap().ambiguous);
        for (line, rest) in [
            ("POST /callback?code=a&state=s", host),
            ("GET /callback", host),
            ("GET /favicon.ico", host),
            ("GET /callback/?code=a", host),
            ("GET //callback?code=a", host),
            ("GET /callback?code=a", "Host: dokuei.evil.example:4711"),
            ("GET /callback?code=a", "Host: 127.0.0.1:4712"),
            ("GET /callback?code=a", "X: y"),
            ("GET /callback?code=a", "Host: 127.0.0.1:4711\r\nHost: evil.example"),
            ("nonsense", host),
        ] {
            assert!(of(line, rest).is_none(), "{line} {rest}");
        }
    }
}
