//! What `doctor` wants to know of a centre.

use std::time::{Duration, Instant};

use super::{CentreError, Client, Service};

/// So many studies are listed to measure the line.
const SAMPLE_ROWS: &str = "100";
/// Less than this says nothing about throughput.
const LEAST_SAMPLE: u64 = 16 << 10;
/// The listing is not read beyond this.
const LONGEST_SAMPLE: u64 = 4 << 20;
const ROUND_TRIPS: usize = 3;

/// A centre that answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The TLS version agreed on; `None` on loopback without TLS.
    pub tls: Option<TlsVersion>,
    /// The HTTP version spoken.
    pub http: HttpVersion,
    /// Whether it lets us in and speaks QIDO-RS, or why not.
    pub sign_in: Result<(), CentreError>,
    /// Looking up, connecting, TLS and the first answer, in milliseconds.
    pub first_answer_ms: f64,
    /// The quickest small exchange on the warm connection, in milliseconds; `None` without a sign-in.
    pub round_trip_ms: Option<f64>,
    /// Bytes a second of a listing, the centre's own time included; `None` when the centre has too few studies
    /// to measure by. A lower bound: a few dozen kilobytes do not fill a fast line.
    pub bytes_per_second: Option<f64>,
}

/// A version of TLS that this client agrees to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// A version of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.0 or 1.1.
    Http1,
    /// HTTP/2.
    Http2,
}

impl Client {
    /// Measures the line to the centre with a handful of small searches; nothing of them is kept.
    ///
    /// # Errors
    /// [`CentreError`] when nothing answers at all; that it answers with a refusal is in [`Probe::sign_in`].
    pub async fn probe(&self) -> Result<Probe, CentreError> {
        let start = Instant::now();
        let answer = self.get(Service::Qido, self.sample_url("1"), "application/dicom+json").await?;
        let first_answer_ms = millis(start.elapsed());
        let response = answer.response();
        let info = response.extensions().get::<reqwest::tls::TlsInfo>();
        let tls = info.and_then(reqwest::tls::TlsInfo::version).and_then(tls_version);
        let http =
            if response.version() >= http::Version::HTTP_2 { HttpVersion::Http2 } else { HttpVersion::Http1 };
        let sign_in = match answer.success() {
            Ok(answer) => answer.json_items(LONGEST_SAMPLE).await.map(drop),
            Err(error) => Err(error),
        };
        let mut probe =
            Probe { tls, http, sign_in, first_answer_ms, round_trip_ms: None, bytes_per_second: None };
        if probe.sign_in.is_ok() {
            probe.round_trip_ms = Some(self.round_trip_ms().await?);
            probe.bytes_per_second = self.throughput().await?;
        }
        Ok(probe)
    }

    fn sample_url(&self, rows: &str) -> url::Url {
        let mut url = self.url(["studies"]);
        url.query_pairs_mut().append_pair("limit", rows);
        url
    }

    async fn round_trip_ms(&self) -> Result<f64, CentreError> {
        let mut best = f64::INFINITY;
        for _ in 0..ROUND_TRIPS {
            let start = Instant::now();
            let answer = self.get(Service::Qido, self.sample_url("1"), "application/dicom+json").await?;
            best = best.min(millis(start.elapsed()));
            answer.success()?.json_items(LONGEST_SAMPLE).await?;
        }
        Ok(best)
    }

    /// Not packed: bytes on the line are what is measured.
    async fn throughput(&self) -> Result<Option<f64>, CentreError> {
        let url = self.sample_url(SAMPLE_ROWS);
        let start = Instant::now();
        let mut answer = self.get(Service::Qido, url, "application/dicom+json").await?.success()?;
        while answer.received() < LONGEST_SAMPLE && answer.chunk().await?.is_some() {}
        let seconds = start.elapsed().as_secs_f64().max(1e-6);
        Ok((answer.received() >= LEAST_SAMPLE).then(|| answer.received() as f64 / seconds))
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn tls_version(version: reqwest::tls::Version) -> Option<TlsVersion> {
    match version {
        reqwest::tls::Version::TLS_1_2 => Some(TlsVersion::Tls12),
        reqwest::tls::Version::TLS_1_3 => Some(TlsVersion::Tls13),
        _ => None,
    }
}
