//! WADO-RS: retrieving (PS3.18 10.4).

use std::num::NonZeroU32;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use serde_json::Value;
use url::Url;

use super::answer::{Answer, JSON_LIMIT};
use super::multipart::{Limits, MultipartError, MultipartReader, PartHeaders, Piece};
use super::{CentreError, Client, MediaType, Service};
use crate::dicom::Uid;

/// Objects as they are stored. Without the parameter Orthanc fails on syntaxes that it cannot decode.
const OBJECTS_AS_STORED: &str = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
/// For centres that do not know the parameter.
const OBJECTS: &str = "multipart/related; type=\"application/dicom\"";
const BYTES_AS_STORED: &str = "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*";
const BYTES: &str = "multipart/related; type=\"application/octet-stream\"";

/// Reserved at once for a part whose length the centre announces; longer ones grow as they come.
const RESERVED_AT_MOST: u64 = 64 << 20;
/// Read behind the final boundary, so that the connection can be used again.
const EPILOGUE_AT_MOST: u64 = 64 << 10;
/// How long a centre may take to end an answer of which all is here.
const EPILOGUE_TIME: std::time::Duration = std::time::Duration::from_secs(1);

/// One complete part of an answer: an object (Part 10), a frame or bulk data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedPart {
    /// Its bytes, closed by a boundary and as long as the centre said, if it said.
    pub bytes: Bytes,
    /// Its media type, if the centre says.
    pub media_type: Option<MediaType>,
}

impl Client {
    /// The metadata of every instance of a study: DICOM JSON objects (PS3.18 F) as they came, to be read by
    /// `dicom::json`.
    ///
    /// # Errors
    /// [`CentreError`]; nothing is returned of an answer that ends early.
    pub async fn metadata(&self, study: &Uid) -> Result<Vec<Value>, CentreError> {
        self.metadata_at(&["studies", study.as_str(), "metadata"]).await
    }

    /// The metadata of every instance of a series.
    ///
    /// # Errors
    /// As [`Client::metadata`].
    pub async fn series_metadata(&self, study: &Uid, series: &Uid) -> Result<Vec<Value>, CentreError> {
        self.metadata_at(&["studies", study.as_str(), "series", series.as_str(), "metadata"]).await
    }

    async fn metadata_at(&self, path: &[&str]) -> Result<Vec<Value>, CentreError> {
        self.get_json(Service::Wado, self.url(path.iter().copied())).await?.json_items(JSON_LIMIT).await
    }

    /// All instances of a study, each as soon as it is complete.
    ///
    /// # Errors
    /// [`CentreError`] when no multipart answer comes; later failures come from [`Retrieval::next`].
    pub async fn retrieve_study(&self, study: &Uid) -> Result<Retrieval, CentreError> {
        self.retrieve(self.url(["studies", study.as_str()]), [OBJECTS_AS_STORED, OBJECTS]).await
    }

    /// All instances of a series.
    ///
    /// # Errors
    /// As [`Client::retrieve_study`].
    pub async fn retrieve_series(&self, study: &Uid, series: &Uid) -> Result<Retrieval, CentreError> {
        let url = self.url(["studies", study.as_str(), "series", series.as_str()]);
        self.retrieve(url, [OBJECTS_AS_STORED, OBJECTS]).await
    }

    /// One instance, complete.
    ///
    /// # Errors
    /// As [`Client::retrieve_study`], and [`CentreError::Malformed`] when more than one object comes.
    pub async fn retrieve_instance(
        &self,
        study: &Uid,
        series: &Uid,
        instance: &Uid,
    ) -> Result<ReceivedPart, CentreError> {
        let url =
            self.url(["studies", study.as_str(), "series", series.as_str(), "instances", instance.as_str()]);
        self.retrieve(url, [OBJECTS_AS_STORED, OBJECTS]).await?.only().await
    }

    /// One frame (from 0) as it is stored, a code stream or native samples.
    ///
    /// The caller checks it against the metadata: Orthanc 1.10 labels HTJ2K and JPEG XL code streams as native
    /// when asked without `transfer-syntax=*` and fails with it; then [`Client::retrieve_instance`] is the way.
    ///
    /// # Errors
    /// As [`Client::retrieve_instance`].
    pub async fn frame(
        &self,
        study: &Uid,
        series: &Uid,
        instance: &Uid,
        frame: u32,
    ) -> Result<ReceivedPart, CentreError> {
        let number = NonZeroU32::MIN.saturating_add(frame).to_string();
        let url = self.url([
            "studies",
            study.as_str(),
            "series",
            series.as_str(),
            "instances",
            instance.as_str(),
            "frames",
            &number,
        ]);
        self.retrieve(url, [BYTES_AS_STORED, BYTES]).await?.only().await
    }

    /// The bulk data behind a BulkDataURI of the centre's metadata. Only an address of the centre's own origin
    /// is opened: metadata must not send us, or our credentials, anywhere else.
    ///
    /// # Errors
    /// [`CentreError::ForeignOrigin`] for another origin or scheme; else as [`Client::retrieve_instance`].
    pub async fn bulk_data(&self, uri: &str) -> Result<ReceivedPart, CentreError> {
        let mut base = self.shared.base.clone();
        // What a relative address hangs from: the base URL, taken as a folder.
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push("");
        }
        let url = base.join(uri).map_err(|_| CentreError::ForeignOrigin {
            host: self.shared.host.clone(),
            target: String::new(),
        })?;
        self.retrieve(url, [BYTES_AS_STORED, BYTES]).await?.only().await
    }

    /// Asks with the first media type, and with the second where the centre refuses the first.
    async fn retrieve(&self, url: Url, accept: [&str; 2]) -> Result<Retrieval, CentreError> {
        let mut answer = self.get(Service::Wado, url.clone(), accept[0]).await?;
        if matches!(answer.status(), StatusCode::NOT_ACCEPTABLE | StatusCode::BAD_REQUEST) {
            answer = self.get(Service::Wado, url, accept[1]).await?;
        }
        Retrieval::new(answer.success()?)
    }
}

/// The parts of a multipart answer as they come. Dropping it stops the transfer; not asking for the next part
/// slows the centre down, so that at most one part and what the connection buffers is in memory.
pub struct Retrieval {
    answer: Answer,
    reader: MultipartReader,
    /// The part that is coming: kept here, so that a `next` that was dropped half-way loses nothing.
    open: Option<(PartHeaders, BytesMut)>,
    complete: usize,
}

impl std::fmt::Debug for Retrieval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retrieval")
            .field("complete", &self.complete)
            .field("received", &self.received())
            .finish_non_exhaustive()
    }
}

impl Retrieval {
    fn new(answer: Answer) -> Result<Self, CentreError> {
        let Some(media_type) = answer.media_type().filter(|m| m.essence() == "multipart/related") else {
            return Err(answer.not_dicomweb(answer.media_type().as_ref()));
        };
        answer.require_unpacked()?;
        let reader = MultipartReader::new(&media_type, Limits::default())
            .map_err(|error| multipart_error(&answer, error, 0))?;
        Ok(Self { answer, reader, open: None, complete: 0 })
    }

    /// The next complete part, or `None` when the answer has properly ended. Cancel safe.
    ///
    /// # Errors
    /// [`CentreError::Truncated`] or [`CentreError::CutOff`] when it ends early, after all complete parts were
    /// handed over; [`CentreError::Malformed`] when a part is not as long as the centre said, or when a
    /// successful answer holds nothing at all.
    pub async fn next(&mut self) -> Result<Option<ReceivedPart>, CentreError> {
        loop {
            match self.reader.next_piece().map_err(|e| multipart_error(&self.answer, e, self.complete))? {
                Some(Piece::Begin(headers)) => {
                    let reserve = headers.content_length().unwrap_or_default().min(RESERVED_AT_MOST);
                    self.open = Some((headers, BytesMut::with_capacity(reserve as usize)));
                }
                Some(Piece::Body(bytes)) => {
                    if let Some((_, body)) = &mut self.open {
                        body.extend_from_slice(&bytes);
                    }
                }
                Some(Piece::End) => {
                    if let Some((headers, body)) = self.open.take() {
                        return self.part(&headers, body.freeze()).map(Some);
                    }
                }
                None if self.reader.is_done() => return self.end().await,
                None => match self.answer.chunk().await? {
                    Some(chunk) => self.reader.feed(&chunk),
                    None => {
                        return Err(multipart_error(&self.answer, MultipartError::Truncated, self.complete));
                    }
                },
            }
        }
    }

    /// Bytes of the answer so far, for progress.
    pub fn received(&self) -> u64 {
        self.answer.received()
    }

    fn part(&mut self, headers: &PartHeaders, bytes: Bytes) -> Result<ReceivedPart, CentreError> {
        if headers.content_length().is_some_and(|length| length != bytes.len() as u64) {
            return Err(self.answer.malformed("part is not as long as its Content-Length"));
        }
        let media_type = headers.media_type();
        // A page in a part is still a page.
        if let Some(page) = media_type.as_ref().filter(|m| m.essence().starts_with("text/")) {
            return Err(self.answer.not_dicomweb(Some(page)));
        }
        self.complete += 1;
        Ok(ReceivedPart { bytes, media_type })
    }

    async fn end(&mut self) -> Result<Option<ReceivedPart>, CentreError> {
        if self.complete == 0 {
            return Err(self.answer.malformed("answer without any object"));
        }
        // All is here already: what goes wrong behind the final boundary costs only the connection.
        let limit = self.answer.received() + EPILOGUE_AT_MOST;
        let rest = async {
            while self.answer.received() < limit && matches!(self.answer.chunk().await, Ok(Some(_))) {}
        };
        let _ = tokio::time::timeout(EPILOGUE_TIME, rest).await;
        Ok(None)
    }

    /// The part of an answer that has one.
    async fn only(mut self) -> Result<ReceivedPart, CentreError> {
        let part = self.next().await?;
        match (part, self.next().await?) {
            (Some(part), None) => Ok(part),
            _ => Err(self.answer.malformed("more than the one object that was asked for")),
        }
    }
}

fn multipart_error(answer: &Answer, error: MultipartError, complete: usize) -> CentreError {
    let what = match error {
        MultipartError::Truncated => return CentreError::Truncated { host: answer.host(), complete },
        MultipartError::PartTooLong(limit) => return CentreError::TooLarge { host: answer.host(), limit },
        MultipartError::NoBoundary => "multipart without a usable boundary",
        MultipartError::BadHeader => "bad header of a part",
        MultipartError::HeaderTooLong => "header of a part too long",
        MultipartError::TooManyParts => "too many parts",
        MultipartError::PreambleTooLong => "no boundary found",
    };
    CentreError::Malformed { host: answer.host(), what }
}
