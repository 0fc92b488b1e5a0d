//! Sending a request and reading its answer, piece by piece and without ever waiting for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use url::Url;

use super::client::{Client, Shared, host_of};
use super::credentials::Pass;
use super::gzip::{self, GzipError};
use super::{CentreError, MediaType, Service, fault};

/// So many bytes must come within the idle timeout: a centre that sends a byte now and then is given up, the
/// slowest modem is not.
const LEAST_PROGRESS: u64 = 1024;
/// The longest pause that a centre is believed to mean.
const MOST_ASKED: Duration = Duration::from_secs(24 * 3600);
/// Answers kept in memory as a whole: one page of a search, the metadata of a study.
pub(super) const JSON_LIMIT: u64 = 128 << 20;

/// A page that a gateway sends in the place of an answer.
const PAGE_LIMIT: u64 = 64 << 10;

/// The head of an answer, and its body as it comes.
pub(super) struct Answer {
    response: reqwest::Response,
    shared: Arc<Shared>,
    service: Service,
    received: u64,
    /// Bytes of the body as the centre announces them.
    announced: Option<u64>,
    /// Waited, and received, since progress was last made.
    waited: Duration,
    progress: u64,
}

impl Client {
    /// A GET, whatever its status turns out to be.
    pub(super) async fn get(&self, service: Service, url: Url, accept: &str) -> Result<Answer, CentreError> {
        let request = self.http.get(url.clone()).header(header::ACCEPT, accept);
        self.send(service, &url, request, None).await
    }

    /// A GET for JSON: only success comes back.
    pub(super) async fn get_json(&self, service: Service, url: Url) -> Result<Answer, CentreError> {
        let request = self
            .http
            .get(url.clone())
            .header(header::ACCEPT, "application/dicom+json")
            .header(header::ACCEPT_ENCODING, "gzip");
        self.send(service, &url, request, None).await?.success()
    }

    /// The one door through which requests leave, and the only place that adds the credentials. `uploaded`
    /// counts the bytes of a body as they go, so that a slow upload is not taken for silence. A token that the
    /// centre refuses is renewed once, and the request goes again where it can be repeated.
    pub(super) async fn send(
        &self,
        service: Service,
        url: &Url,
        request: reqwest::RequestBuilder,
        uploaded: Option<&AtomicU64>,
    ) -> Result<Answer, CentreError> {
        let shared = &self.shared;
        // A name in the address would be sent as a sign-in of its own.
        let has_user = !url.username().is_empty() || url.password().is_some();
        if url.origin() != shared.base.origin() || has_user {
            return Err(CentreError::ForeignOrigin {
                host: shared.host.clone(),
                target: harmless(&host_of(url)),
            });
        }
        let pass = shared.door.pass(None).await?;
        let turn = pass.as_ref().map(|pass| pass.turn);
        let again = shared.door.changes().then(|| request.try_clone());
        let answer = self.exchange(service, signed(request, pass), uploaded).await?;
        let Some(again) = again.filter(|_| answer.status() == StatusCode::UNAUTHORIZED) else {
            return answer.unless_about_certificates().await;
        };
        drop(answer);
        let pass = shared.door.pass(turn).await?;
        match again {
            Some(request) => self.exchange(service, signed(request, pass), uploaded).await,
            None => Err(CentreError::SignInRenewed { host: shared.host.clone() }),
        }
    }

    async fn exchange(
        &self,
        service: Service,
        request: reqwest::RequestBuilder,
        uploaded: Option<&AtomicU64>,
    ) -> Result<Answer, CentreError> {
        let shared = self.shared.clone();
        let start = Instant::now();
        let result = patient(request.send(), shared.timeouts.answer, uploaded).await;
        let response = match result {
            Some(Ok(response)) => response,
            Some(Err(error)) => return Err(fault::of_request(&shared.host, shared.certified, &error)),
            None => return Err(shared.stalled(0, shared.timeouts.answer)),
        };
        tracing::debug!(
            host = shared.host,
            %service,
            status = response.status().as_u16(),
            millis = start.elapsed().as_millis() as u64,
            "centre answered"
        );
        let (zero, announced) = (Duration::ZERO, response.content_length());
        Ok(Answer { response, shared, service, received: 0, announced, waited: zero, progress: 0 })
    }
}

fn signed(request: reqwest::RequestBuilder, pass: Option<Pass>) -> reqwest::RequestBuilder {
    match pass {
        Some(pass) => request.header(header::AUTHORIZATION, pass.value),
        None => request,
    }
}

impl Shared {
    fn stalled(&self, received: u64, after: Duration) -> CentreError {
        CentreError::Stalled { host: self.host.clone(), received, secs: after.as_secs() }
    }
}

/// Waits for the head of the answer; `None` when for `patience` neither it came nor a byte was sent.
async fn patient(
    sending: impl Future<Output = reqwest::Result<reqwest::Response>>,
    patience: Duration,
    uploaded: Option<&AtomicU64>,
) -> Option<reqwest::Result<reqwest::Response>> {
    let mut sending = std::pin::pin!(sending);
    let sent = || uploaded.map_or(0, |count| count.load(Ordering::Relaxed));
    loop {
        let before = sent();
        match tokio::time::timeout(patience, &mut sending).await {
            Ok(result) => return Some(result),
            Err(_) if sent() == before => return None,
            Err(_) => {}
        }
    }
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(super) fn host(&self) -> String {
        self.shared.host.clone()
    }

    pub(super) fn response(&self) -> &reqwest::Response {
        &self.response
    }

    /// Bytes of the body so far.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    pub(super) fn media_type(&self) -> Option<MediaType> {
        MediaType::parse(self.response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?)
    }

    /// The answer itself if its status is a success, else what the status means.
    pub(super) fn success(self) -> Result<Self, CentreError> {
        if self.status().is_success() { Ok(self) } else { Err(self.refusal()) }
    }

    /// nginx takes a connection without a good client certificate, and answers its requests with a page that says so
    /// (its own codes 495 and 496, sent as 400). Nobody else reads a page that comes with 400.
    async fn unless_about_certificates(mut self) -> Result<Self, CentreError> {
        let is_page = self.media_type().is_some_and(|media_type| media_type.essence() == "text/html");
        if self.status() != StatusCode::BAD_REQUEST || !is_page || self.shared.base.scheme() != "https" {
            return Ok(self);
        }
        let page = self.body(PAGE_LIMIT).await.unwrap_or_default();
        let says = |words: &[u8]| page.windows(words.len()).any(|window| window == words);
        let host = self.host();
        if says(b"No required SSL certificate was sent") {
            Err(CentreError::CertificateRequired { host })
        } else if says(b"The SSL certificate error") {
            Err(CentreError::CertificateRefused { host })
        } else {
            Ok(self)
        }
    }

    /// What a status other than success means. The body is not read: it is the centre's own text.
    pub(super) fn refusal(&self) -> CentreError {
        let (host, service, status) = (self.host(), self.service, self.status().as_u16());
        match status {
            300..=399 => CentreError::Redirected { host, to: self.location() },
            401 => self.shared.door.refused(host),
            403 => CentreError::Forbidden { host, service },
            404 | 405 | 410 | 501 => CentreError::NotFound { host, service },
            408 | 425 | 429 | 503 => {
                CentreError::Busy { host, retry_after: retry_after(self.response.headers()) }
            }
            500.. => CentreError::ServerFault { host, status },
            _ => CentreError::RequestRefused { host, service, status },
        }
    }

    /// The host a redirect points to.
    fn location(&self) -> String {
        let location = self.response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok());
        let target = location.and_then(|text| self.response.url().join(text).ok());
        target.map(|url| harmless(&host_of(&url))).unwrap_or_default()
    }

    pub(super) fn not_dicomweb(&self, got: Option<&MediaType>) -> CentreError {
        let got = got.map(|m| harmless(m.essence())).unwrap_or_default();
        CentreError::NotDicomWeb { host: self.host(), service: self.service, got }
    }

    pub(super) fn malformed(&self, what: &'static str) -> CentreError {
        CentreError::Malformed { host: self.host(), what }
    }

    fn is_packed(&self) -> Result<bool, CentreError> {
        match self.response.headers().get(header::CONTENT_ENCODING).map(|v| v.as_bytes()) {
            None | Some(b"identity") => Ok(false),
            Some(b"gzip" | b"x-gzip") => Ok(true),
            Some(_) => Err(self.malformed("unknown content encoding")),
        }
    }

    /// Objects are asked for unpacked: a packed answer to that is not ours to guess at.
    pub(super) fn require_unpacked(&self) -> Result<(), CentreError> {
        if self.is_packed()? {
            Err(self.malformed("content encoding that was not asked for"))
        } else {
            Ok(())
        }
    }

    /// The next bytes of the body, `None` at its end. Only time spent waiting here counts as idle.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, CentreError> {
        let idle = self.shared.timeouts.idle;
        let start = Instant::now();
        let next = tokio::time::timeout(idle.saturating_sub(self.waited), self.response.chunk()).await;
        self.waited += start.elapsed();
        let Ok(chunk) = next else { return Err(self.shared.stalled(self.received, idle)) };
        let cut = CentreError::CutOff { host: self.host(), received: self.received };
        let chunk = chunk.map_err(|_| cut)?;
        let length = chunk.as_ref().map_or(0, |c| c.len() as u64);
        self.received += length;
        self.progress += length;
        if self.progress >= LEAST_PROGRESS {
            (self.waited, self.progress) = (Duration::ZERO, 0);
        }
        Ok(chunk)
    }

    /// The whole body as it came, at most `limit` bytes.
    async fn body(&mut self, limit: u64) -> Result<Bytes, CentreError> {
        let mut whole = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if (whole.len() + chunk.len()) as u64 > limit {
                return Err(CentreError::TooLarge { host: self.host(), limit });
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// The body as DICOM JSON, at most `limit` bytes when unpacked; `None` when there is none (204, or empty).
    pub(super) async fn json(self, limit: u64) -> Result<Option<serde_json::Value>, CentreError> {
        let media_type = self.media_type();
        if self.status() != StatusCode::NO_CONTENT && !media_type.as_ref().is_some_and(MediaType::is_json) {
            return Err(self.not_dicomweb(media_type.as_ref()));
        }
        self.untyped_json(limit).await
    }

    /// The same whatever Content-Type says: Orthanc sends the store response of a refusal without one.
    pub(super) async fn untyped_json(mut self, limit: u64) -> Result<Option<serde_json::Value>, CentreError> {
        let packed = self.is_packed()?;
        let mut body = self.body(limit).await?;
        if body.is_empty() {
            // No JSON is empty: an answer that nobody gave a length broke off before its first byte.
            let meant = self.status() == StatusCode::NO_CONTENT || self.announced == Some(0);
            let early = CentreError::Truncated { host: self.host(), complete: 0 };
            return if meant { Ok(None) } else { Err(early) };
        }
        if packed {
            body = gzip::unpack(&body, limit).map_err(|error| match error {
                GzipError::Broken => self.malformed("broken gzip"),
                GzipError::TooLarge(limit) => CentreError::TooLarge { host: self.host(), limit },
            })?;
        }
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_eof() => Err(CentreError::Truncated { host: self.host(), complete: 0 }),
            Err(_) => Err(self.malformed("not JSON")),
        }
    }

    /// The body as a list of DICOM JSON objects.
    pub(super) async fn json_items(self, limit: u64) -> Result<Vec<serde_json::Value>, CentreError> {
        let host = self.host();
        match self.json(limit).await? {
            None => Ok(Vec::new()),
            Some(serde_json::Value::Array(items)) => Ok(items),
            Some(_) => Err(CentreError::Malformed { host, what: "not a list of objects" }),
        }
    }
}

/// Retry-After as seconds or as a date (RFC 9110 10.2.3). More than a day is a mistake, and no reason to tell a
/// reader on call so.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse() {
        Ok(secs) => Duration::from_secs(secs),
        Err(_) => {
            let until = chrono::DateTime::parse_from_rfc2822(text).ok()?;
            (until.to_utc() - chrono::Utc::now()).to_std().ok()?
        }
    };
    Some(asked).filter(|asked| *asked <= MOST_ASKED)
}

/// Text from outside for a message: what a host or a media type is made of, and not too long.
fn harmless(text: &str) -> String {
    let allowed =
        |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '/' | '+');
    text.chars().filter(allowed).take(80).collect()
}
