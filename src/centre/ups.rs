//! UPS-RS: the reading worklist of a centre that has one (PS3.18 section 11, PS3.3 C.30).

mod change;

use std::collections::HashMap;

use dicom_dictionary_std::tags;

pub use change::{Output, Performed};

use super::json::Item;
use super::paging::Search;
use super::{CentreError, Client, Rows, Service};
use crate::dicom::error::WarningCode;
use crate::dicom::{Phi, Uid, Warning};

/// A code sits a few sequences deep; deeper is not looked for.
const DEEPEST: usize = 4;

/// Which workitems are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkitemQuery {
    /// Only those in this state.
    pub state: Option<WorkitemState>,
}

/// A piece of reading work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workitem {
    /// SOP Instance UID of the workitem.
    pub uid: Uid,
    /// The study to read, if the workitem names one.
    pub study: Option<Uid>,
    /// How urgent it is.
    pub priority: Priority,
    /// How far it is.
    pub state: WorkitemState,
    /// Procedure Step Label.
    pub label: String,
    /// Worklist Label.
    pub worklist: String,
    /// The work is to read a study (PS3.16 CID 9231), and not something else on it.
    pub is_reading: bool,
    /// Who does it, as a DICOM person name, where the centre says; empty else.
    pub performer: Phi<String>,
    /// Scheduled Procedure Step Start DateTime, as in `20260301031000`, or empty.
    pub start: String,
}

/// Scheduled Procedure Step Priority (0074,1200), and STAT above it. From the least to the most urgent, but
/// `Unknown` is no rank: it sorts first and must be shown as unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// The centre does not say.
    Unknown,
    /// LOW.
    Low,
    /// MEDIUM.
    Medium,
    /// HIGH.
    High,
    /// HIGH, together with one of the site's STAT codes: DICOM has no value of its own for it.
    Stat,
}

/// Procedure Step State (0074,1000).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkitemState {
    /// SCHEDULED.
    Scheduled,
    /// IN PROGRESS: somebody has claimed it.
    InProgress,
    /// COMPLETED.
    Completed,
    /// CANCELED.
    Canceled,
    /// The centre does not say, or something else.
    Unknown,
}

impl WorkitemState {
    fn from_dicom(text: &str) -> Self {
        match text {
            "SCHEDULED" => Self::Scheduled,
            "IN PROGRESS" => Self::InProgress,
            "COMPLETED" => Self::Completed,
            "CANCELED" => Self::Canceled,
            _ => Self::Unknown,
        }
    }

    fn to_dicom(self) -> Option<&'static str> {
        match self {
            Self::Scheduled => Some("SCHEDULED"),
            Self::InProgress => Some("IN PROGRESS"),
            Self::Completed => Some("COMPLETED"),
            Self::Canceled => Some("CANCELED"),
            Self::Unknown => None,
        }
    }
}

impl Client {
    /// The workitems of the centre's worklist, or `None` when it has no UPS-RS (Orthanc): then the priority of
    /// a study is unknown and is shown so.
    ///
    /// # Errors
    /// [`CentreError`] for everything but the answers by which a centre says that it has no such service.
    pub async fn workitems(&self, query: &WorkitemQuery) -> Result<Option<Rows<Workitem>>, CentreError> {
        if !self.kind().worklist {
            return Ok(None);
        }
        let mut url = self.url(["workitems"]);
        if let Some(state) = query.state.and_then(WorkitemState::to_dicom) {
            url.query_pairs_mut().append_pair("ProcedureStepState", state);
        }
        for field in [
            "ScheduledProcedureStepPriority",
            "ScheduledWorkitemCodeSequence",
            "ScheduledProcessingParametersSequence",
            "InputInformationSequence",
            "ReferencedRequestSequence",
            "StudyInstanceUID",
            "WorklistLabel",
            "UnifiedProcedureStepPerformedProcedureSequence",
        ] {
            url.query_pairs_mut().append_pair("includefield", field);
        }
        let found = self
            .pages(Search {
                service: Service::Ups,
                url,
                pages: self.kind().pages,
                at_most: None,
                one: false,
                read: &|item| workitem(item, &self.shared.stat_codes),
                key: |item| &item.uid,
                keep: &|item| query.state.is_none_or(|state| state == item.state),
            })
            .await;
        match found {
            Ok(rows) => Ok(Some(rows)),
            Err(CentreError::NotFound { .. } | CentreError::RequestRefused { status: 400, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Rows<Workitem> {
    /// The workitem of each study; of several open ones the most urgent, an open one before a closed one.
    pub fn by_study(&self) -> HashMap<&Uid, &Workitem> {
        let rank = |item: &Workitem| {
            let open = matches!(item.state, WorkitemState::Scheduled | WorkitemState::InProgress);
            (open, item.priority)
        };
        let mut found: HashMap<&Uid, &Workitem> = HashMap::new();
        for item in &self.rows {
            let Some(study) = &item.study else { continue };
            let best = found.entry(study).or_insert(item);
            if rank(item) > rank(best) {
                *best = item;
            }
        }
        found
    }
}

fn workitem(item: Item<'_>, stat_codes: &[String]) -> Result<Workitem, Warning> {
    let uid = item
        .uid(tags::SOP_INSTANCE_UID)
        .ok_or_else(|| Warning::new(WarningCode::MissingElement, tags::SOP_INSTANCE_UID.to_string()))?;
    Ok(Workitem {
        uid,
        study: study(item),
        priority: priority(item, stat_codes),
        state: WorkitemState::from_dicom(&item.text(tags::PROCEDURE_STEP_STATE)),
        label: item.text(tags::PROCEDURE_STEP_LABEL),
        worklist: item.text(tags::WORKLIST_LABEL),
        is_reading: item
            .items(tags::SCHEDULED_WORKITEM_CODE_SEQUENCE)
            .any(|code| code.text(tags::CODE_VALUE) == change::INTERPRETATION[0]),
        performer: Phi::new(performer(item)),
        start: item.text(tags::SCHEDULED_PROCEDURE_STEP_START_DATE_TIME),
    })
}

/// Who does the work: the first of those that the workitem names.
fn performer(item: Item<'_>) -> String {
    let performed = item.items(tags::UNIFIED_PROCEDURE_STEP_PERFORMED_PROCEDURE_SEQUENCE);
    let mut who = performed.flat_map(|step| step.items(tags::ACTUAL_HUMAN_PERFORMERS_SEQUENCE));
    who.next().map(|who| who.person_name(tags::HUMAN_PERFORMER_NAME).to_dicom()).unwrap_or_default()
}

/// The study: of the workitem itself, of its input, of the request behind it, in this order.
fn study(item: Item<'_>) -> Option<Uid> {
    let input = || item.items(tags::INPUT_INFORMATION_SEQUENCE).find_map(|i| i.uid(tags::STUDY_INSTANCE_UID));
    let request =
        || item.items(tags::REFERENCED_REQUEST_SEQUENCE).find_map(|i| i.uid(tags::STUDY_INSTANCE_UID));
    item.uid(tags::STUDY_INSTANCE_UID).or_else(input).or_else(request)
}

fn priority(item: Item<'_>, stat_codes: &[String]) -> Priority {
    match item.text(tags::SCHEDULED_PROCEDURE_STEP_PRIORITY).as_str() {
        "HIGH" if has_stat_code(item, stat_codes) => Priority::Stat,
        "HIGH" => Priority::High,
        "MEDIUM" => Priority::Medium,
        "LOW" => Priority::Low,
        _ => Priority::Unknown,
    }
}

fn has_stat_code(item: Item<'_>, stat_codes: &[String]) -> bool {
    let is_stat = |text: &str| stat_codes.iter().any(|code| code.trim().eq_ignore_ascii_case(text));
    let is_stat_item = |item: Item<'_>| {
        [tags::CODE_VALUE, tags::LONG_CODE_VALUE, tags::URN_CODE_VALUE]
            .iter()
            .any(|tag| is_stat(&item.text(*tag)))
    };
    item.items(tags::SCHEDULED_WORKITEM_CODE_SEQUENCE).any(is_stat_item)
        || item
            .items(tags::SCHEDULED_PROCESSING_PARAMETERS_SEQUENCE)
            .any(|p| parameter_says(p, &is_stat, DEEPEST))
}

/// A content item (PS3.3 C.30.2, TID 15100 and the site's own) whose value, not its name, is a STAT code.
fn parameter_says(item: Item<'_>, is_stat: &dyn Fn(&str) -> bool, depth: usize) -> bool {
    let coded = |code: Item<'_>| {
        [tags::CODE_VALUE, tags::LONG_CODE_VALUE, tags::URN_CODE_VALUE]
            .iter()
            .any(|tag| is_stat(&code.text(*tag)))
    };
    is_stat(&item.text(tags::TEXT_VALUE))
        || item.items(tags::CONCEPT_CODE_SEQUENCE).any(coded)
        || depth > 0
            && item.items(tags::CONTENT_SEQUENCE).any(|inner| parameter_says(inner, is_stat, depth - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn code(value: &str) -> Value {
        json!({"00080100": {"vr": "SH", "Value": [value]}, "00080102": {"vr": "SH", "Value": ["99SITE"]}})
    }

    fn row(priority: &str, more: &[(&str, Value)]) -> Value {
        let mut row = json!({
            "00080018": {"vr": "UI", "Value": ["1.9"]},
            "00741000": {"vr": "CS", "Value": ["SCHEDULED"]},
            "00741200": {"vr": "CS", "Value": [priority]},
        });
        for (tag, items) in more {
            row[*tag] = json!({"vr": "SQ", "Value": items});
        }
        row
    }

    fn parsed(value: &Value) -> Workitem {
        workitem(Item::of(value).unwrap(), &["STAT".to_owned(), "緊急".to_owned()]).unwrap()
    }

    #[test]
    fn stat_is_high_priority_with_the_sites_code() {
        let workitem_code = ("00404018", json!([code("stat")]));
        let coded = json!([{"0040A043": {"vr": "SQ", "Value": [code("PRIO")]}, "0040A168": {"vr": "SQ", "Value": [code("STAT")]}}]);
        let text = json!([{"0040A160": {"vr": "UT", "Value": ["緊急"]}}]);
        let only_named = json!([{"0040A043": {"vr": "SQ", "Value": [code("STAT")]}, "0040A160": {"vr": "UT", "Value": ["no"]}}]);
        let cases = [
            (row("HIGH", &[]), Priority::High),
            (row("HIGH", std::slice::from_ref(&workitem_code)), Priority::Stat),
            (row("HIGH", &[("00741210", coded)]), Priority::Stat),
            (row("HIGH", &[("00741210", text)]), Priority::Stat),
            (row("HIGH", &[("00741210", only_named)]), Priority::High),
            (row("HIGH", &[("00404018", json!([code("110005")]))]), Priority::High),
            (row("MEDIUM", &[workitem_code]), Priority::Medium),
            (row("LOW", &[]), Priority::Low),
            (row("URGENT", &[]), Priority::Unknown),
            (json!({"00080018": {"vr": "UI", "Value": ["1.9"]}}), Priority::Unknown),
        ];
        for (value, expected) in cases {
            assert_eq!(parsed(&value).priority, expected, "{value}");
        }
        assert!(Priority::Stat > Priority::High && Priority::High > Priority::Unknown);
    }

    #[test]
    fn the_study_is_found_where_the_centre_put_it() {
        let inner = json!([{"0020000D": {"vr": "UI", "Value": ["1.2.3"]}}]);
        for tag in ["00404021", "0040A370"] {
            assert_eq!(parsed(&row("LOW", &[(tag, inner.clone())])).study, Uid::parse("1.2.3").ok());
        }
        assert_eq!(parsed(&row("LOW", &[])).study, None);
    }

    #[test]
    fn of_two_workitems_of_a_study_the_open_and_urgent_one_counts() {
        let item = |uid: &str, priority, state| Workitem {
            uid: Uid::parse(uid).unwrap(),
            study: Uid::parse("1.2").ok(),
            ..Workitem { priority, state, ..parsed(&row("LOW", &[])) }
        };
        let rows = Rows {
            rows: vec![
                item("1.1", Priority::Stat, WorkitemState::Completed),
                item("1.2", Priority::Low, WorkitemState::Scheduled),
                item("1.3", Priority::High, WorkitemState::InProgress),
            ],
            warnings: Vec::new(),
            complete: true,
        };
        assert_eq!(rows.by_study()[&Uid::parse("1.2").unwrap()].uid.as_str(), "1.3");
    }
}
