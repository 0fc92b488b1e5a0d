//! UPS-RS: work taken, described and ended (PS3.18 11.4 to 11.7, PS3.4 CC.2.1 and CC.2.6).
//!
//! ```text
//!   SCHEDULED ──claim, under a Transaction UID of our making──► IN PROGRESS ──described, ended──► COMPLETED
//!                                                                   └── given back ──► CANCELED, and another
//!                                                                       workitem stands SCHEDULED in its place
//! ```
//!
//! The Transaction UID is the lock: only who knows it may change the workitem. It is kept by the caller before the
//! claim leaves, so that an answer that was lost on the way loses nothing: the same claim is tried again, and a
//! workitem that lets itself be described under it is ours.

use dicom_dictionary_std::{tags, uids};
use http::{Method, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::centre::json::{attribute, key};
use crate::centre::{CentreError, Client, Service};
use crate::dicom::{PersonName, Uid};

/// A workitem is never long.
const ONE_LIMIT: u64 = 4 << 20;
/// The work that is done here (PS3.16 CID 9231).
pub(super) const INTERPRETATION: [&str; 3] = ["110005", "DCM", "Interpretation"];
/// Why a workitem is given back (PS3.16 CID 9300).
const DISCONTINUED: [&str; 3] = ["110513", "DCM", "Discontinued for unspecified reason"];

/// What was done, by whom and when, as a workitem records it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Performed {
    /// Who, as a DICOM person name; staff, not a patient.
    pub performer: String,
    /// Of which organisation, or empty.
    pub organisation: String,
    /// Since when, as in `20260301031000`.
    pub start: String,
    /// Until when; empty while it goes on.
    pub end: String,
    /// What came of it.
    pub output: Option<Output>,
}

/// A report that came of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Study Instance UID.
    pub study: Uid,
    /// Series Instance UID.
    pub series: Uid,
    /// SOP Class UID.
    pub sop_class: Uid,
    /// SOP Instance UID.
    pub sop_instance: Uid,
}

impl Client {
    /// Takes a workitem under `transaction`. True when it is ours now, or was already under the same one; false
    /// when somebody else has it, or it has ended.
    ///
    /// # Errors
    /// [`CentreError`]; after one of the line nobody knows: claim again under the same Transaction UID.
    pub async fn claim(
        &self,
        workitem: &Uid,
        transaction: &Uid,
        performed: &Performed,
    ) -> Result<bool, CentreError> {
        match self.set_state(workitem, transaction, "IN PROGRESS").await {
            Ok(()) => {}
            // Taken: perhaps by this very claim, whose answer was lost.
            Err(CentreError::RequestRefused { .. }) => {}
            Err(error) => return Err(error),
        }
        self.describe(workitem, transaction, performed).await
    }

    /// Writes into a workitem that was claimed under `transaction` what is being done. False when it is not ours,
    /// or has ended: that is also how a claim is found to hold still.
    ///
    /// # Errors
    /// [`CentreError`].
    pub async fn describe(
        &self,
        workitem: &Uid,
        transaction: &Uid,
        performed: &Performed,
    ) -> Result<bool, CentreError> {
        let mut url = self.url(["workitems", workitem.as_str()]);
        url.query_pairs_mut().append_pair("transaction-uid", transaction.as_str());
        let mut item = performed.to_json();
        item.insert(key(tags::TRANSACTION_UID), attribute("UI", [transaction.as_str()]));
        match self.put_dataset(Method::POST, url, item).await {
            Ok(()) => Ok(true),
            Err(CentreError::RequestRefused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Ends a workitem that was claimed under `transaction`. True when it is ended; false when it is not ours.
    ///
    /// # Errors
    /// [`CentreError`].
    pub async fn complete(
        &self,
        workitem: &Uid,
        transaction: &Uid,
        performed: &Performed,
    ) -> Result<bool, CentreError> {
        if !self.describe(workitem, transaction, performed).await? {
            return Ok(false);
        }
        self.set_state(workitem, transaction, "COMPLETED").await.map(|()| true)
    }

    /// Gives back a workitem that was claimed under `transaction`. PS3.4 CC.1.1 knows no way from IN PROGRESS to
    /// SCHEDULED: another one is scheduled in its place, as `replacement`, and then this one is cancelled. Where the
    /// centre lets nobody schedule, nothing is changed.
    ///
    /// # Errors
    /// [`CentreError`]; [`CentreError::NotFound`], [`CentreError::Forbidden`] or [`CentreError::RequestRefused`]
    /// where the centre does not let it be given back.
    pub async fn give_back(
        &self,
        workitem: &Uid,
        transaction: &Uid,
        replacement: &Uid,
    ) -> Result<(), CentreError> {
        let url = self.url(["workitems", workitem.as_str()]);
        let found = self.get_json(Service::Ups, url).await?.json_items(ONE_LIMIT).await?;
        let Some(Value::Object(before)) = found.into_iter().next() else {
            let host = self.host().to_owned();
            return Err(CentreError::Malformed { host, what: "no workitem in the answer" });
        };
        let mut url = self.url(["workitems"]);
        url.query_pairs_mut().append_pair("workitem", replacement.as_str());
        match self.put_dataset(Method::POST, url, scheduled_again(before)).await {
            Ok(()) => {}
            // Scheduled before, and the answer was lost.
            Err(CentreError::RequestRefused { status: 409, .. }) => {}
            Err(error) => return Err(error),
        }
        let mut why = Map::new();
        let reason =
            json!({ key(tags::PROCEDURE_STEP_DISCONTINUATION_REASON_CODE_SEQUENCE): code(DISCONTINUED) });
        why.insert(key(tags::PROCEDURE_STEP_PROGRESS_INFORMATION_SEQUENCE), attribute("SQ", [reason]));
        why.insert(key(tags::TRANSACTION_UID), attribute("UI", [transaction.as_str()]));
        let mut url = self.url(["workitems", workitem.as_str()]);
        url.query_pairs_mut().append_pair("transaction-uid", transaction.as_str());
        self.put_dataset(Method::POST, url, why).await?;
        self.set_state(workitem, transaction, "CANCELED").await
    }

    /// PS3.18 11.7.
    async fn set_state(&self, workitem: &Uid, transaction: &Uid, state: &str) -> Result<(), CentreError> {
        let url = self.url(["workitems", workitem.as_str(), "state"]);
        let mut change = Map::new();
        change.insert(key(tags::TRANSACTION_UID), attribute("UI", [transaction.as_str()]));
        change.insert(key(tags::PROCEDURE_STEP_STATE), attribute("CS", [state]));
        self.put_dataset(Method::PUT, url, change).await
    }

    /// Sends one data set; only success comes back.
    async fn put_dataset(
        &self,
        method: Method,
        url: url::Url,
        dataset: Map<String, Value>,
    ) -> Result<(), CentreError> {
        let request = self
            .http
            .request(method, url.clone())
            .header(header::ACCEPT, "application/dicom+json")
            .header(header::CONTENT_TYPE, "application/dicom+json")
            .body(Value::Array(vec![Value::Object(dataset)]).to_string());
        let answer = self.send(Service::Ups, &url, request, None).await?;
        match answer.status() {
            // Gone is an answer about this workitem, not about the service.
            StatusCode::GONE => Err(CentreError::RequestRefused {
                host: self.host().to_owned(),
                service: Service::Ups,
                status: StatusCode::GONE.as_u16(),
            }),
            _ => {
                let answer = answer.success()?;
                // A page in the place of an answer: the centre has not heard of it.
                match answer.media_type().filter(|kind| kind.essence() == "text/html") {
                    Some(page) => Err(answer.not_dicomweb(Some(&page))),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Performed {
    /// The Unified Procedure Step Performed Procedure Sequence (PS3.3 C.30.3), as PS3.4 table CC.2.5-3 wants it of
    /// a workitem that ends.
    fn to_json(&self) -> Map<String, Value> {
        let mut performer = Map::new();
        if !self.performer.is_empty() {
            let name = name(&PersonName::parse(&self.performer));
            performer.insert(key(tags::HUMAN_PERFORMER_NAME), attribute("PN", [name]));
        }
        if !self.organisation.is_empty() {
            let organisation = attribute("LO", [self.organisation.as_str()]);
            performer.insert(key(tags::HUMAN_PERFORMER_ORGANIZATION), organisation);
        }
        let mut item = Map::new();
        let performers = (!performer.is_empty()).then_some(Value::Object(performer));
        item.insert(key(tags::ACTUAL_HUMAN_PERFORMERS_SEQUENCE), attribute("SQ", performers));
        item.insert(key(tags::PERFORMED_WORKITEM_CODE_SEQUENCE), code(INTERPRETATION));
        item.insert(
            key(tags::PERFORMED_PROCEDURE_STEP_START_DATE_TIME),
            attribute("DT", [self.start.as_str()]),
        );
        if !self.end.is_empty() {
            item.insert(
                key(tags::PERFORMED_PROCEDURE_STEP_END_DATE_TIME),
                attribute("DT", [self.end.as_str()]),
            );
        }
        let output = self.output.iter().map(Output::to_json);
        item.insert(key(tags::OUTPUT_INFORMATION_SEQUENCE), attribute("SQ", output));
        let mut dataset = Map::new();
        dataset.insert(
            key(tags::UNIFIED_PROCEDURE_STEP_PERFORMED_PROCEDURE_SEQUENCE),
            attribute("SQ", [Value::Object(item)]),
        );
        dataset
    }
}

impl Output {
    fn to_json(&self) -> Value {
        let reference = json!({
            key(tags::REFERENCED_SOP_CLASS_UID): attribute("UI", [self.sop_class.as_str()]),
            key(tags::REFERENCED_SOP_INSTANCE_UID): attribute("UI", [self.sop_instance.as_str()]),
        });
        json!({
            key(tags::TYPE_OF_INSTANCES): attribute("CS", ["DICOM"]),
            key(tags::STUDY_INSTANCE_UID): attribute("UI", [self.study.as_str()]),
            key(tags::SERIES_INSTANCE_UID): attribute("UI", [self.series.as_str()]),
            key(tags::REFERENCED_SOP_SEQUENCE): attribute("SQ", [reference]),
        })
    }
}

/// A person name in its groups (PS3.18 F.2.2).
fn name(name: &PersonName) -> Value {
    let groups =
        [("Alphabetic", &name.alphabetic), ("Ideographic", &name.ideographic), ("Phonetic", &name.phonetic)];
    groups
        .into_iter()
        .filter(|(_, group)| !group.is_empty())
        .map(|(name, group)| (name.to_owned(), Value::from(group.as_str())))
        .collect::<Map<_, _>>()
        .into()
}

/// A sequence with one code (PS3.3 8.8).
fn code([value, scheme, meaning]: [&str; 3]) -> Value {
    let item = json!({
        key(tags::CODE_VALUE): attribute("SH", [value]),
        key(tags::CODING_SCHEME_DESIGNATOR): attribute("SH", [scheme]),
        key(tags::CODE_MEANING): attribute("LO", [meaning]),
    });
    attribute("SQ", [item])
}

/// The workitem as it was scheduled, naming the one that it replaces; nothing of what was performed goes along, and
/// what the centre itself gives a new one (PS3.4 table CC.2.5-3).
fn scheduled_again(mut item: Map<String, Value>) -> Map<String, Value> {
    let before = item.remove(&key(tags::SOP_INSTANCE_UID));
    for tag in [
        tags::SOP_CLASS_UID,
        tags::UNIFIED_PROCEDURE_STEP_PERFORMED_PROCEDURE_SEQUENCE,
        tags::PROCEDURE_STEP_PROGRESS_INFORMATION_SEQUENCE,
        tags::SCHEDULED_PROCEDURE_STEP_MODIFICATION_DATE_TIME,
    ] {
        item.remove(&key(tag));
    }
    if let Some(before) = before {
        let replaced = json!({
            key(tags::REFERENCED_SOP_CLASS_UID): attribute("UI", [uids::UNIFIED_PROCEDURE_STEP_PUSH]),
            key(tags::REFERENCED_SOP_INSTANCE_UID): before,
        });
        item.insert(key(tags::REPLACED_PROCEDURE_STEP_SEQUENCE), attribute("SQ", [replaced]));
    }
    item.insert(key(tags::TRANSACTION_UID), attribute("UI", None::<&str>));
    item.insert(key(tags::PROCEDURE_STEP_STATE), attribute("CS", ["SCHEDULED"]));
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(text: &str) -> Uid {
        Uid::parse(text).unwrap()
    }

    #[test]
    fn what_was_done_is_written_as_the_final_state_wants_it() {
        let performed = Performed {
            performer: "Sato^Hanako=佐藤^花子".into(),
            organisation: "Island".into(),
            start: "20261122031000".into(),
            end: "20261122034500".into(),
            output: Some(Output {
                study: uid("1.2"),
                series: uid("1.2.3"),
                sop_class: uid("1.2.840.10008.5.1.4.1.1.88.33"),
                sop_instance: uid("1.2.3.4"),
            }),
        };
        let json = Value::Object(performed.to_json());
        let item = &json["00741216"]["Value"][0];
        assert_eq!(item["00404050"], json!({"vr": "DT", "Value": ["20261122031000"]}));
        assert_eq!(item["00404051"]["Value"][0], "20261122034500");
        assert_eq!(item["00404019"]["Value"][0]["00080100"]["Value"][0], "110005");
        let name = &item["00404035"]["Value"][0]["00404037"]["Value"][0];
        assert_eq!(*name, json!({"Alphabetic": "Sato^Hanako", "Ideographic": "佐藤^花子"}));
        let output = &item["00404033"]["Value"][0];
        assert_eq!(output["00081199"]["Value"][0]["00081155"]["Value"][0], "1.2.3.4");
        let begun = Value::Object(Performed { end: String::new(), output: None, ..performed }.to_json());
        assert!(begun["00741216"]["Value"][0].get("00404051").is_none());
        assert_eq!(begun["00741216"]["Value"][0]["00404033"], json!({"vr": "SQ"}));
    }

    #[test]
    fn what_is_given_back_is_scheduled_as_it_was() {
        let before = json!({
            "00080018": {"vr": "UI", "Value": ["1.9"]},
            "00741000": {"vr": "CS", "Value": ["IN PROGRESS"]},
            "00741200": {"vr": "CS", "Value": ["HIGH"]},
            "00741216": {"vr": "SQ", "Value": [{}]},
        });
        let Value::Object(before) = before else { panic!("an object") };
        let again = Value::Object(scheduled_again(before));
        assert!(again.get("00080018").is_none(), "the centre gives it one");
        assert_eq!(again["00081195"], json!({"vr": "UI"}));
        assert_eq!(again["00741000"]["Value"][0], "SCHEDULED");
        assert_eq!(again["00741200"]["Value"][0], "HIGH");
        assert!(again.get("00741216").is_none());
        assert_eq!(again["00741224"]["Value"][0]["00081155"]["Value"][0], "1.9");
    }
}
