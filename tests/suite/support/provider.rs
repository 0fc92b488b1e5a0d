//! A real identity provider, oidc-provider on Node, started on a free port; and the browser that signs in there.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use url::Url;

use super::{judge, orthanc};

/// A running provider; it ends with this value.
pub(crate) struct Provider {
    process: Child,
    /// Held open: it must not die of a word that nobody reads.
    _told: BufReader<std::process::ChildStdout>,
    pub(crate) port: u16,
}

impl Provider {
    /// Starts it, or `None` where it is not installed. An access token ends after `limit` uses.
    pub(crate) fn start(limit: usize) -> Option<Self> {
        let (node, modules) = installed()?;
        let port = orthanc::free_port();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/support/provider.mjs");
        let mut process = Command::new(node)
            .arg(script)
            .arg(modules)
            .args([port.to_string(), limit.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(process.stdout.take().unwrap());
        // Warnings about the runtime come first.
        while !line.contains("listening") {
            line.clear();
            assert!(told.read_line(&mut line).unwrap() > 0, "the provider does not start");
        }
        Some(Self { process, _told: told, port })
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How often a grant was used.
    pub(crate) fn grants(&self, name: &str) -> u64 {
        let answer = request("GET", &Url::parse(&format!("{}/grants", self.issuer())).unwrap(), "", "");
        let grants: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        grants[name].as_u64().unwrap_or_default()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Node and the folder with oidc-provider, as `cargo xtask test` has set them up.
fn installed() -> Option<(PathBuf, PathBuf)> {
    let node = std::env::var_os("DOKUEI_NODE").map_or_else(|| PathBuf::from("node"), PathBuf::from);
    let modules = std::env::var_os("DOKUEI_NODE_MODULES")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/npm/node_modules"));
    let runs = Command::new(&node).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !runs.is_ok_and(|status| status.success()) || !modules.join("oidc-provider").is_dir() {
        judge::absent("oidc-provider (Node)");
        return None;
    }
    Some((node, modules))
}

/// What a reader does in the browser: opens the address, types a name, agrees, and is sent back to the program.
pub(crate) fn browse(address: &str) {
    let mut jar = BTreeMap::<String, String>::new();
    let (mut method, mut url, mut body) = ("GET", Url::parse(address).unwrap(), "");
    for _ in 0..12 {
        let cookies = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let answer = request(method, &url, &cookies.join("; "), body);
        jar.extend(answer.cookies());
        if url.path() == "/callback" {
            assert!(answer.head.starts_with("HTTP/1.1 200"), "{}", answer.head);
            return;
        }
        (method, body) = ("GET", "");
        match answer.header("location") {
            Some(location) => url = url.join(&location).unwrap(),
            None if answer.body.contains("value=\"login\"") => {
                (method, body) = ("POST", "prompt=login&login=sato&password=any");
            }
            None if answer.body.contains("value=\"consent\"") => (method, body) = ("POST", "prompt=consent"),
            None => panic!("{url}\n{}\n{}", answer.head, answer.body),
        }
    }
    panic!("the sign-in goes in circles");
}

struct Answer {
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        self.headers(name).next()
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    }

    fn cookies(&self) -> Vec<(String, String)> {
        let pair = |text: String| {
            let pair = text.split(';').next()?.to_owned();
            let (name, value) = pair.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        self.headers("set-cookie").filter_map(pair).collect()
    }
}

/// One request over a connection of its own, closed after it.
fn request(method: &str, url: &Url, cookies: &str, body: &str) -> Answer {
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap());
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut line = TcpStream::connect((host, port)).unwrap();
    let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
    write!(
        line,
        "{method} {target} HTTP/1.1\r\nHost: {host}:{port}\r\n{cookies}Connection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    // A body in pieces (RFC 9112 7.1) is JSON or HTML on one line here: the longest line is it.
    let whole = match head.to_lowercase().contains("transfer-encoding: chunked") {
        true => body.lines().max_by_key(|line| line.len()).unwrap_or_default().to_owned(),
        false => body.to_owned(),
    };
    let body = if whole.starts_with(['{', '[']) { whole } else { body.to_owned() };
    Answer { head: head.to_owned(), body }
}
