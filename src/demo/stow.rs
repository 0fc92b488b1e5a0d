//! STOW-RS: objects that are sent to be kept (PS3.18 10.5, response after annex I.2).

use std::sync::Arc;

use bytes::Bytes;
use dicom_dictionary_std::tags;
use dicom_object::FileMetaTable;
use http::StatusCode;
use serde_json::{Value, json};

use super::accept::MediaType;
use super::answer::{Ask, offload};
use super::archive::{Archive, Outcome};
use super::attributes::{Attributes, attribute, key, single};
use super::entry::Entry;
use super::multipart::{Broken, Part, take_apart};
use super::reply::{Refusal, Reply, json as json_reply};
use super::wado::DICOM;
use crate::dicom::error::WarningCode;
use crate::dicom::{Uid, names, part10};

/// Bytes before the prefix DICM (PS3.10 7.1).
const PREAMBLE: usize = 128;

/// Why an object is not stored: Failure Reason (0008,1197), Table I.2-2 and PS3.7 annex C.
mod reason {
    /// Processing failure: here, the object is of another study than the request.
    pub(super) const OTHER_STUDY: u16 = 0x0110;
    /// Duplicate SOP instance, with other content.
    pub(super) const DUPLICATE: u16 = 0x0111;
    /// Out of resources.
    pub(super) const FULL: u16 = 0xA700;
    /// The data set does not match its file meta information.
    pub(super) const MISMATCH: u16 = 0xA900;
    /// Cannot understand.
    pub(super) const NOT_UNDERSTOOD: u16 = 0xC000;
    /// Transfer syntax not supported.
    pub(super) const TRANSFER_SYNTAX: u16 = 0xC122;
}

/// Whether the request carries what can be stored; gives the type that names the boundary.
///
/// # Errors
/// 415 for anything but DICOM files in multipart/related, 406 when JSON is not wanted back.
pub(super) fn accepts(ask: &Ask) -> Result<MediaType, Refusal> {
    ask.wants_json()?;
    let sent = ask.content_type.clone().filter(|sent| sent.covers_parts(DICOM));
    sent.filter(|sent| sent.parameter("type").is_some()).ok_or(Refusal::UnsupportedMediaType)
}

/// Stores the objects of a message, only of `study` if given. An object that is already here byte for byte
/// counts as stored, so that a client that lost an answer can ask again.
///
/// # Errors
/// 400 when the message cannot be taken apart; then nothing is stored.
pub(super) async fn store(
    archive: &Arc<Archive>,
    study: Option<Uid>,
    message: Bytes,
    content_type: MediaType,
    base: &str,
) -> Result<Reply, Refusal> {
    let parts = take_apart(&message, &content_type).map_err(|broken| {
        Refusal::BadRequest(match broken {
            Broken::NoBoundary => "Content-Type names no usable boundary",
            Broken::NoParts => "the boundary is not in the body",
            Broken::EndsEarly => "the body ends without its final boundary",
            Broken::BadHeader => "a part has no proper header",
        })
    })?;
    if parts.is_empty() {
        return Err(Refusal::BadRequest("no parts"));
    }
    let (archive, base) = (archive.clone(), base.to_owned());
    let keep_all = move || parts.iter().map(|part| keep(&archive, study.as_ref(), part)).collect::<Vec<_>>();
    Ok(response(&offload(keep_all).await?, &base))
}

/// What became of one part.
struct Verdict {
    /// SOP class, study and path of the object, as far as it could be read.
    object: Option<Identity>,
    /// Why it is not stored, or nothing.
    failure: Option<u16>,
}

struct Identity {
    sop_class: Uid,
    instance: Uid,
    study: Uid,
    path: String,
}

fn keep(archive: &Archive, study: Option<&Uid>, part: &Part) -> Verdict {
    let is_dicom = MediaType::parse(&part.content_type).is_some_and(|sent| sent.essence == DICOM);
    let read = if is_dicom { read(&part.body) } else { Err(reason::NOT_UNDERSTOOD) };
    let Received { entry, says_it_is } = match read {
        Ok(received) => received,
        Err(failure) => return Verdict { object: None, failure: Some(failure) },
    };
    let identity = Identity {
        sop_class: entry.sop_class.clone(),
        instance: entry.instance.clone(),
        study: entry.study.clone(),
        path: entry.path(),
    };
    let failure = if says_it_is.as_ref() != Some(&entry.instance) {
        Some(reason::MISMATCH)
    } else if study.is_some_and(|study| *study != entry.study) {
        Some(reason::OTHER_STUDY)
    } else {
        match archive.store(entry, &part.body) {
            Outcome::Stored => None,
            Outcome::Duplicate => Some(reason::DUPLICATE),
            Outcome::Full => Some(reason::FULL),
        }
    };
    Verdict { object: Some(identity), failure }
}

/// A part that is a DICOM file.
struct Received {
    entry: Entry,
    /// Media Storage SOP Instance UID of its file meta information.
    says_it_is: Option<Uid>,
}

/// Reads a Part 10 file through the gate: the one place where foreign bytes become a data set.
fn read(file: &Bytes) -> Result<Received, u16> {
    let (object, warnings) = part10::read(file.clone()).map_err(|_| reason::NOT_UNDERSTOOD)?;
    if names::transfer_syntax(object.transfer_syntax.as_str()).is_none() {
        return Err(reason::TRANSFER_SYNTAX);
    }
    if warnings.iter().any(|warning| warning.code == WarningCode::StandInUid) {
        return Err(reason::NOT_UNDERSTOOD);
    }
    // The gate has held the meta group against the bytes.
    let meta = file.get(PREAMBLE..).and_then(|meta| FileMetaTable::from_reader(meta).ok());
    let says_it_is = meta.and_then(|meta| Uid::parse(meta.media_storage_sop_instance_uid()).ok());
    let entry = Entry::stored(&object, file.clone()).ok_or(reason::NOT_UNDERSTOOD)?;
    Ok(Received { entry, says_it_is })
}

/// Table 10.5.3-1 and I.2-1: 200 all, 202 some, 409 none.
fn response(verdicts: &[Verdict], base: &str) -> Reply {
    let mut stored = Vec::new();
    let mut failed = Vec::new();
    let mut unknown = Vec::new();
    for verdict in verdicts {
        match (&verdict.object, verdict.failure) {
            (Some(object), None) => {
                let mut item = reference(object);
                item.insert(key(tags::RETRIEVE_URL), single("UR", format!("{base}{}", object.path)));
                stored.push(Value::Object(item));
            }
            (Some(object), Some(failure)) => {
                let mut item = reference(object);
                item.insert(key(tags::FAILURE_REASON), single("US", failure));
                failed.push(Value::Object(item));
            }
            (None, failure) => {
                let reason = failure.unwrap_or(reason::NOT_UNDERSTOOD);
                unknown.push(json!({ key(tags::FAILURE_REASON): single("US", reason) }));
            }
        }
    }
    let status = match (stored.is_empty(), failed.is_empty() && unknown.is_empty()) {
        (_, true) => StatusCode::OK,
        (false, false) => StatusCode::ACCEPTED,
        (true, false) => StatusCode::CONFLICT,
    };
    let mut answer = Attributes::new();
    if let Some(study) = common_study(verdicts) {
        answer.insert(key(tags::RETRIEVE_URL), single("UR", format!("{base}/studies/{study}")));
    }
    for (tag, items) in [
        (tags::REFERENCED_SOP_SEQUENCE, stored),
        (tags::FAILED_SOP_SEQUENCE, failed),
        (tags::OTHER_FAILURES_SEQUENCE, unknown),
    ] {
        if !items.is_empty() {
            answer.insert(key(tag), attribute("SQ", items));
        }
    }
    json_reply(status, &Value::Object(answer))
}

fn reference(object: &Identity) -> Attributes {
    let mut item = Attributes::new();
    item.insert(key(tags::REFERENCED_SOP_CLASS_UID), single("UI", object.sop_class.as_str()));
    item.insert(key(tags::REFERENCED_SOP_INSTANCE_UID), single("UI", object.instance.as_str()));
    item
}

/// The study that all stored objects are of.
fn common_study(verdicts: &[Verdict]) -> Option<&Uid> {
    let mut studies =
        verdicts.iter().filter(|v| v.failure.is_none()).filter_map(|v| v.object.as_ref()).map(|o| &o.study);
    let first = studies.next()?;
    studies.all(|other| other == first).then_some(first)
}
