//! STOW-RS: storing (PS3.18 10.5).

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use dicom_dictionary_std::tags;
use http::header;
use serde_json::Value;
use url::Url;

use super::answer::Answer;
use super::json::Item;
use super::{CentreError, Client, Service};
use crate::dicom::Uid;

/// A store response names instances; it is never long.
const RESPONSE_LIMIT: u64 = 16 << 20;
/// Bytes handed to the connection at a time; each is counted as progress.
const CHUNK: usize = 16 << 10;

/// What the centre said of each instance (PS3.18 10.5.3 and annex I, the Store Instances Response Module).
/// Only what is in `stored` may be called sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreOutcome {
    /// HTTP status: 200 all, 202 some, 409 none; Orthanc says 400 even when some were stored.
    pub status: u16,
    /// Named in Referenced SOP Sequence: the centre has them.
    pub stored: Vec<Uid>,
    /// Named in Failed SOP Sequence.
    pub failed: Vec<StoreFailure>,
    /// Stored, but not quite as sent.
    pub warnings: Vec<StoreWarning>,
    /// Failures that name no instance (Other Failures Sequence, or a Failed SOP Sequence item without one).
    pub unnamed_failures: usize,
}

/// An instance that the centre did not store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFailure {
    /// SOP Instance UID.
    pub instance: Uid,
    /// Failure Reason (0008,1197); 0x0110 (processing failure) when the centre gives none.
    pub reason: u16,
}

/// An instance that was stored with a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreWarning {
    /// SOP Instance UID.
    pub instance: Uid,
    /// Warning Reason (0008,1196), as in 0xB000, coercion of data elements.
    pub reason: u16,
}

impl Client {
    /// Sends Part 10 objects to be stored, into `study` where given (the centre then refuses others). The
    /// response is read whatever its status is. What was let in is never sent
    /// twice here.
    ///
    /// # Errors
    /// [`CentreError`]; after those that [`CentreError::may_have_stored`] the centre may have the objects:
    /// ask it before sending again. [`CentreError::RequestRefused`] means that it named nothing and has none.
    pub async fn store(&self, study: Option<&Uid>, objects: &[Bytes]) -> Result<StoreOutcome, CentreError> {
        let url = match study {
            Some(study) => self.url(["studies", study.as_str()]),
            None => self.url(["studies"]),
        };
        match self.offer(&url, objects).await {
            // Refused at the door: the centre has taken nothing of it.
            Err(CentreError::SignInRenewed { .. }) => self.offer(&url, objects).await,
            outcome => outcome,
        }
    }

    async fn offer(&self, url: &Url, objects: &[Bytes]) -> Result<StoreOutcome, CentreError> {
        let boundary = format!("dokuei-{}", uuid::Uuid::new_v4().simple());
        let pieces = body(&boundary, objects);
        let length: usize = pieces.iter().map(Bytes::len).sum();
        let uploaded = Arc::new(AtomicU64::new(0));
        let request = self
            .http
            .post(url.clone())
            .header(header::ACCEPT, "application/dicom+json")
            .header(
                header::CONTENT_TYPE,
                format!("multipart/related; type=\"application/dicom\"; boundary={boundary}"),
            )
            .header(header::CONTENT_LENGTH, length)
            .body(upload(pieces, uploaded.clone()));
        let answer = self.send(Service::Stow, url, request, Some(&uploaded)).await?;
        read_response(answer).await
    }
}

/// The parts of a multipart body, objects not copied.
fn body(boundary: &str, objects: &[Bytes]) -> Vec<Bytes> {
    let head = Bytes::from(format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n"));
    let mut pieces = Vec::with_capacity(objects.len() * 3 + 1);
    for object in objects {
        pieces.extend([head.clone(), object.clone(), Bytes::from_static(b"\r\n")]);
    }
    pieces.push(Bytes::from(format!("--{boundary}--\r\n")));
    pieces
}

/// A body that counts what the connection has taken of it. It cannot be replayed, so that neither HTTP
/// library sends it again on its own.
fn upload(pieces: Vec<Bytes>, uploaded: Arc<AtomicU64>) -> reqwest::Body {
    let chunks = pieces.into_iter().flat_map(|mut piece| {
        std::iter::from_fn(move || {
            let next = piece.split_to(piece.len().min(CHUNK));
            (!next.is_empty()).then_some(next)
        })
    });
    let counted = chunks.map(move |chunk| {
        uploaded.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        Ok::<_, Infallible>(chunk)
    });
    reqwest::Body::wrap_stream(futures_util::stream::iter(counted))
}

/// The response's body decides where it names instances, the status where it does not: Orthanc answers 400
/// for a batch of which it stored a part, lists that part, and gives no Content-Type.
async fn read_response(answer: Answer) -> Result<StoreOutcome, CentreError> {
    let status = answer.status();
    if !(status.is_success() || matches!(status.as_u16(), 400 | 409)) {
        return Err(answer.refusal());
    }
    let refusal = answer.refusal();
    let untyped = answer.media_type().is_none() && !status.is_success();
    let response =
        if untyped { answer.untyped_json(RESPONSE_LIMIT).await } else { answer.json(RESPONSE_LIMIT).await };
    match response {
        Ok(body) => {
            let outcome = body.as_ref().map(|body| outcome(status.as_u16(), body)).unwrap_or_default();
            let named = !outcome.stored.is_empty() || !outcome.failed.is_empty();
            if status.is_success() || named {
                Ok(StoreOutcome { status: status.as_u16(), ..outcome })
            } else {
                Err(refusal)
            }
        }
        // A refusal in prose is a refusal. A success that cannot be read is a success of nothing known.
        Err(CentreError::NotDicomWeb { .. } | CentreError::Malformed { .. }) if !status.is_success() => {
            Err(refusal)
        }
        Err(error) => Err(error),
    }
}

fn outcome(status: u16, body: &Value) -> StoreOutcome {
    let mut outcome = StoreOutcome { status, ..StoreOutcome::default() };
    // One object; some centres put it in a list.
    let objects = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    for response in objects.iter().filter_map(Item::of) {
        for item in response.items(tags::REFERENCED_SOP_SEQUENCE) {
            let Some(instance) = item.uid(tags::REFERENCED_SOP_INSTANCE_UID) else { continue };
            if let Some(reason) = item.integer(tags::WARNING_REASON) {
                outcome.warnings.push(StoreWarning { instance: instance.clone(), reason });
            }
            outcome.stored.push(instance);
        }
        for item in response.items(tags::FAILED_SOP_SEQUENCE) {
            match item.uid(tags::REFERENCED_SOP_INSTANCE_UID) {
                Some(instance) => {
                    let reason = item.integer(tags::FAILURE_REASON).unwrap_or(0x0110);
                    outcome.failed.push(StoreFailure { instance, reason });
                }
                None => outcome.unnamed_failures += 1,
            }
        }
        outcome.unnamed_failures += response.items(tags::OTHER_FAILURES_SEQUENCE).count();
    }
    // Named as failed and as stored: not proven stored.
    outcome.stored.retain(|uid| !outcome.failed.iter().any(|failure| failure.instance == *uid));
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(uid: &str, tag: &str, reason: u16) -> Value {
        json!({"00081155": {"vr": "UI", "Value": [uid]}, tag: {"vr": "US", "Value": [reason]}})
    }

    #[test]
    fn each_instance_has_its_own_verdict() {
        let body = json!({
            "00081199": {"vr": "SQ", "Value": [item("1.1", "00081190", 0), item("1.2", "00081196", 0xB000), item("1.9", "x", 0)]},
            "00081198": {"vr": "SQ", "Value": [item("1.3", "00081197", 0xA700), item("1.9", "00081197", 0x0110), {}]},
            "0008119A": {"vr": "SQ", "Value": [{}]},
        });
        for body in [body.clone(), json!([body])] {
            let outcome = outcome(202, &body);
            let uid = |text| Uid::parse(text).unwrap();
            assert_eq!(outcome.stored, [uid("1.1"), uid("1.2")]);
            assert_eq!(outcome.warnings, [StoreWarning { instance: uid("1.2"), reason: 0xB000 }]);
            assert_eq!(outcome.failed[0], StoreFailure { instance: uid("1.3"), reason: 0xA700 });
            assert_eq!((outcome.failed.len(), outcome.unnamed_failures), (2, 2));
        }
        assert_eq!(outcome(200, &json!("ok")), StoreOutcome { status: 200, ..StoreOutcome::default() });
    }
}
