//! UPS-RS: the worklist of studies to read (PS3.18 11, PS3.4 annex CC).
//!
//! One workitem for each made-up study that is to be read. A reader claims it (IN PROGRESS, with a
//! Transaction UID of the reader's own making that locks it), records what was done, and ends it
//! (COMPLETED or CANCELED).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer::Ask;
use super::archive::{Archive, Priority, Study};
use super::attributes::{Attributes, attribute, code, empty, key, single, string, uid, values};
use super::matching::matches;
use super::qido::page;
use super::query::Query;
use super::reply::{Refusal, Reply, bare, json as json_reply, with_warning};
use crate::dicom::Uid;
use crate::dicom::json::write_dataset;

/// The site's code for "read at once": value, coding scheme, meaning. A STAT workitem has Scheduled
/// Procedure Step Priority (0074,1200) HIGH and this code as a Concept Code in its Scheduled Processing
/// Parameters Sequence (0074,1210).
pub const STAT_CODE: (&str, &str, &str) = ("STAT", "99DOKUEI", "Read at once");

/// What the STAT code answers: the concept name of its content item.
const URGENCY: (&str, &str, &str) = ("URGENCY", "99DOKUEI", "Urgency of reading");

/// The work to be done (CID 9231).
const INTERPRETATION: (&str, &str, &str) = ("110005", "DCM", "Interpretation");

/// What of a study's header stands in its workitem.
const PATIENT: &[Tag] = &[
    tags::PATIENT_NAME,
    tags::PATIENT_ID,
    tags::ISSUER_OF_PATIENT_ID,
    tags::PATIENT_BIRTH_DATE,
    tags::PATIENT_SEX,
];

/// What a request to update may not touch.
const NOT_UPDATED: &[Tag] =
    &[tags::SOP_CLASS_UID, tags::SOP_INSTANCE_UID, tags::PROCEDURE_STEP_STATE, tags::TRANSACTION_UID];

/// The states of a workitem (PS3.4 CC.1.1).
const SCHEDULED: &str = "SCHEDULED";
const IN_PROGRESS: &str = "IN PROGRESS";
const COMPLETED: &str = "COMPLETED";
const CANCELED: &str = "CANCELED";

/// The workitems, by UID.
pub(super) struct Worklist(Mutex<BTreeMap<Uid, Workitem>>);

struct Workitem {
    attributes: Attributes,
    /// The claim. Never part of the attributes: only its owner knows it (PS3.18 11.5.3.3).
    transaction: Option<Uid>,
}

impl Worklist {
    /// Workitems for the studies of an archive that are to be read, scheduled at `now` (a DT value).
    pub(super) fn of(archive: &Archive, now: &str, base: &str) -> Self {
        let items = archive.studies().filter(|study| study.priority() != Priority::Read && !study.is_empty());
        let items = items.map(|study| {
            let uid = workitem_uid(study.uid());
            let attributes = workitem(&uid, study, now, base);
            (uid, Workitem { attributes, transaction: None })
        });
        Self(Mutex::new(items.collect()))
    }

    fn items(&self) -> MutexGuard<'_, BTreeMap<Uid, Workitem>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same on every start.
fn workitem_uid(study: &Uid) -> Uid {
    let digest = Sha256::digest(format!("workitem of {study}"));
    let bits = digest.iter().take(16).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    Uid::from_uuid_bits(bits)
}

/// A workitem as PS3.4 Table CC.2.5-3 has it.
fn workitem(item: &Uid, study: &dyn Study, now: &str, base: &str) -> Attributes {
    let header = match write_dataset(&study.header(0), &|_| None) {
        Value::Object(header) => header,
        _ => Attributes::new(),
    };
    let text = |tag| string(&header, tag).unwrap_or_default();
    let modality = text(tags::MODALITY);
    let label = format!("{modality} {}", text(tags::STUDY_DESCRIPTION)).trim().to_owned();
    let study_uid = study.uid().as_str();
    let request = json!({
        key(tags::STUDY_INSTANCE_UID): single("UI", study_uid),
        key(tags::ACCESSION_NUMBER): header.get(&key(tags::ACCESSION_NUMBER)).cloned()
            .unwrap_or_else(|| empty(tags::ACCESSION_NUMBER)),
        key(tags::REQUESTED_PROCEDURE_DESCRIPTION): single("LO", label.as_str()),
    });
    let input = json!({
        key(tags::TYPE_OF_INSTANCES): single("CS", "DICOM"),
        key(tags::STUDY_INSTANCE_UID): single("UI", study_uid),
        key(tags::WADORS_RETRIEVAL_SEQUENCE): single("SQ",
            json!({ key(tags::RETRIEVE_URL): single("UR", format!("{base}/studies/{study_uid}")) })),
    });
    let (priority, parameters) = priority(study.priority());
    let mut attributes: Attributes = PATIENT
        .iter()
        .map(|tag| (key(*tag), header.get(&key(*tag)).cloned().unwrap_or_else(|| empty(*tag))))
        .collect();
    attributes.extend([
        (key(tags::SPECIFIC_CHARACTER_SET), single("CS", "ISO_IR 192")),
        (key(tags::SOP_CLASS_UID), single("UI", uids::UNIFIED_PROCEDURE_STEP_PUSH)),
        (key(tags::SOP_INSTANCE_UID), single("UI", item.as_str())),
        (key(tags::REFERENCED_REQUEST_SEQUENCE), single("SQ", request)),
        (key(tags::SCHEDULED_PROCEDURE_STEP_START_DATE_TIME), single("DT", now)),
        (key(tags::SCHEDULED_PROCEDURE_STEP_MODIFICATION_DATE_TIME), single("DT", now)),
        (key(tags::SCHEDULED_WORKITEM_CODE_SEQUENCE), single("SQ", code(INTERPRETATION))),
        (key(tags::INPUT_INFORMATION_SEQUENCE), single("SQ", input)),
        (key(tags::INPUT_READINESS_STATE), single("CS", "READY")),
        (key(tags::PROCEDURE_STEP_STATE), single("CS", SCHEDULED)),
        (key(tags::SCHEDULED_PROCEDURE_STEP_PRIORITY), single("CS", priority)),
        (key(tags::WORKLIST_LABEL), single("LO", "Reading")),
        (key(tags::PROCEDURE_STEP_LABEL), single("LO", label)),
        (key(tags::SCHEDULED_PROCESSING_PARAMETERS_SEQUENCE), attribute("SQ", parameters)),
    ]);
    attributes
}

/// Scheduled Procedure Step Priority, and the content item that makes HIGH a STAT.
fn priority(priority: Priority) -> (&'static str, Option<Value>) {
    match priority {
        Priority::Stat => {
            let stat = json!({
                key(tags::VALUE_TYPE): single("CS", "CODE"),
                key(tags::CONCEPT_NAME_CODE_SEQUENCE): single("SQ", code(URGENCY)),
                key(tags::CONCEPT_CODE_SEQUENCE): single("SQ", code(STAT_CODE)),
            });
            ("HIGH", Some(stat))
        }
        Priority::High => ("HIGH", None),
        Priority::Medium => ("MEDIUM", None),
        Priority::Low | Priority::Read => ("LOW", None),
    }
}

/// Workitems that match (11.9): each as a whole.
///
/// # Errors
/// 400 for a query that cannot be understood, 406 when JSON is not wanted.
pub(super) fn search(worklist: &Worklist, ask: &Ask, page_limit: usize) -> Result<Reply, Refusal> {
    ask.wants_json()?;
    let query = Query::parse(ask.query.as_deref())?;
    let items = worklist.items();
    let fits = |item: &&Workitem| {
        let find = |key: &str| item.attributes.get(key);
        query.matches.iter().all(|m| matches(&find, &m.path, &m.value))
    };
    let rows = items.values().filter(fits).map(|item| Value::Object(item.attributes.clone())).collect();
    Ok(page(rows, &query, page_limit, &ask.base))
}

/// One workitem (11.5), without its Transaction UID.
///
/// # Errors
/// 404 when there is none, 406 when JSON is not wanted.
pub(super) fn retrieve(worklist: &Worklist, item: &Uid, ask: &Ask) -> Result<Reply, Refusal> {
    ask.wants_json()?;
    let items = worklist.items();
    let found = items.get(item).ok_or(Refusal::NotFound)?;
    Ok(json_reply(StatusCode::OK, &Value::Array(vec![Value::Object(found.attributes.clone())])))
}

/// Schedules one more workitem (11.4), under the UID that the query gives it.
///
/// # Errors
/// 400 for what is not one data set, without a UID, or in another state than SCHEDULED; 409 where the UID is known.
pub(super) fn create(worklist: &Worklist, payload: &[u8], ask: &Ask) -> Result<Reply, Refusal> {
    let mut attributes = data_set(payload)?;
    let item = in_query(ask, "workitem").ok_or(Refusal::BadRequest("no workitem UID"))?;
    if string(&attributes, tags::PROCEDURE_STEP_STATE) != Some(SCHEDULED) {
        return Err(Refusal::BadRequest("a workitem begins as SCHEDULED"));
    }
    let mut items = worklist.items();
    if items.contains_key(&item) {
        return Err(Refusal::Conflict("There is a workitem with this UID."));
    }
    attributes.remove(&key(tags::TRANSACTION_UID));
    attributes.insert(key(tags::SOP_CLASS_UID), single("UI", uids::UNIFIED_PROCEDURE_STEP_PUSH));
    attributes.insert(key(tags::SOP_INSTANCE_UID), single("UI", item.as_str()));
    items.insert(item, Workitem { attributes, transaction: None });
    Ok(bare(StatusCode::CREATED))
}

/// A UID in the query.
fn in_query(ask: &Ask, wanted: &str) -> Option<Uid> {
    let query = ask.query.as_deref().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == wanted).and_then(|(_, value)| Uid::parse(&value).ok())
}

/// Changes attributes of a workitem (11.6); once it is claimed, only for the owner of the claim.
///
/// # Errors
/// 404 when there is none, 400 for what is not one data set or may not be changed, 409 for another's claim
/// and for an ended workitem.
pub(super) fn update(worklist: &Worklist, item: &Uid, payload: &[u8], ask: &Ask) -> Result<Reply, Refusal> {
    let mut changes = data_set(payload)?;
    let given = in_query(ask, "transaction-uid").or_else(|| uid(&changes, tags::TRANSACTION_UID));
    changes.remove(&key(tags::TRANSACTION_UID));
    if NOT_UPDATED.iter().any(|tag| changes.contains_key(&key(*tag))) {
        return Err(Refusal::BadRequest("an attribute cannot be updated"));
    }
    let mut items = worklist.items();
    let found = items.get_mut(item).ok_or(Refusal::NotFound)?;
    match found.state() {
        SCHEDULED => {}
        IN_PROGRESS => found.claimed_by(given.as_ref())?,
        _ => return Err(Refusal::Conflict(NO_LONGER)),
    }
    found.attributes.extend(changes);
    Ok(bare(StatusCode::OK))
}

const NO_LONGER: &str = "The submitted request is inconsistent with the current state of the UPS Instance.";
const WRONG_CLAIM: &str = "The Transaction UID is incorrect.";
const NO_CLAIM: &str = "The Transaction UID is missing.";

/// Claims or ends a workitem (11.7, PS3.4 Table CC.1.1-2).
///
/// # Errors
/// 404 when there is none, 400 without a Transaction UID or with a state that is none, 409 where the
/// workitem's state, another's claim or the final state requirements forbid it.
pub(super) fn change_state(
    worklist: &Worklist,
    item: &Uid,
    payload: &[u8],
    ask: &Ask,
) -> Result<Reply, Refusal> {
    let request = data_set(payload)?;
    let wanted = string(&request, tags::PROCEDURE_STEP_STATE).ok_or(Refusal::BadRequest("no state"))?;
    let transaction = uid(&request, tags::TRANSACTION_UID);
    let mut items = worklist.items();
    let found = items.get_mut(item).ok_or(Refusal::NotFound)?;
    let outcome = found.change(wanted, transaction);
    outcome.map(|()| bare(StatusCode::OK)).or_else(|refusal| match refusal {
        Change::Already(text) => Ok(with_warning(bare(StatusCode::OK), &ask.base, text)),
        Change::Refused(Refusal::Conflict(text)) => {
            Ok(with_warning(Refusal::Conflict(text).reply(), &ask.base, text))
        }
        Change::Refused(refusal) => Err(refusal),
    })
}

/// Why a state was not changed.
enum Change {
    /// It is already so: a warning, not a failure.
    Already(&'static str),
    /// It must not be.
    Refused(Refusal),
}

impl From<Refusal> for Change {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Workitem {
    fn state(&self) -> &str {
        string(&self.attributes, tags::PROCEDURE_STEP_STATE).unwrap_or(SCHEDULED)
    }

    fn claimed_by(&self, given: Option<&Uid>) -> Result<(), Refusal> {
        match given {
            None => Err(Refusal::BadRequest(NO_CLAIM)),
            Some(given) if self.transaction.as_ref() == Some(given) => Ok(()),
            Some(_) => Err(Refusal::Conflict(WRONG_CLAIM)),
        }
    }

    fn change(&mut self, wanted: &str, transaction: Option<Uid>) -> Result<(), Change> {
        match (self.state(), wanted) {
            (SCHEDULED, IN_PROGRESS) => {
                self.transaction = Some(transaction.ok_or(Refusal::BadRequest(NO_CLAIM))?);
            }
            (IN_PROGRESS, COMPLETED) => {
                self.claimed_by(transaction.as_ref())?;
                if !self.meets_final_state() {
                    let text = "The target workitem does not meet its final state requirements.";
                    return Err(Refusal::Conflict(text).into());
                }
            }
            (IN_PROGRESS, CANCELED) => self.claimed_by(transaction.as_ref())?,
            (COMPLETED, COMPLETED) => {
                return Err(Change::Already("The UPS is already in the requested state of COMPLETED."));
            }
            (CANCELED, CANCELED) => {
                return Err(Change::Already("The UPS is already in the requested state of CANCELED."));
            }
            (_, IN_PROGRESS | COMPLETED | CANCELED) => return Err(Refusal::Conflict(NO_LONGER).into()),
            _ => return Err(Refusal::BadRequest("no such state").into()),
        }
        self.attributes.insert(key(tags::PROCEDURE_STEP_STATE), single("CS", wanted));
        Ok(())
    }

    /// What was done, and from when to when, is recorded (PS3.4 Table CC.2.5-3, final state "P").
    fn meets_final_state(&self) -> bool {
        let performed = values(&self.attributes, tags::UNIFIED_PROCEDURE_STEP_PERFORMED_PROCEDURE_SEQUENCE);
        let done = |item: &Attributes| {
            let has = |tag| !values(item, tag).is_empty();
            has(tags::PERFORMED_PROCEDURE_STEP_START_DATE_TIME)
                && has(tags::PERFORMED_PROCEDURE_STEP_END_DATE_TIME)
                && has(tags::PERFORMED_WORKITEM_CODE_SEQUENCE)
        };
        performed.iter().filter_map(Value::as_object).any(done)
    }
}

/// The one data set of a payload: an object, or an array of one.
fn data_set(payload: &[u8]) -> Result<Attributes, Refusal> {
    let wrong = Refusal::BadRequest("the payload is not one DICOM JSON data set");
    match serde_json::from_slice(payload).map_err(|_| wrong.clone())? {
        Value::Object(attributes) => Ok(attributes),
        Value::Array(mut all) if all.len() == 1 => match all.pop() {
            Some(Value::Object(attributes)) => Ok(attributes),
            _ => Err(wrong),
        },
        _ => Err(wrong),
    }
}
