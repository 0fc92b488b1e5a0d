//! The worklist: what QIDO-RS lists, how urgent UPS-RS says it is, and how far this vault has come with it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::WorkError;
use super::ground::Ground;
use crate::centre::{Client, Priority, Rows, StudyQuery, StudyRow, Workitem, WorkitemQuery, WorkitemState};
use crate::dicom::{Uid, part10};
use crate::report;
use crate::session::worklist::{self, Effect, List, ReadingState, Row};
use crate::session::{Event, Problem};
use crate::vault::{QueuedReport, ReportState, Vault};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::List { id, centre } = effect;
    let outcome = list(ground, &centre).await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Worklist(worklist::Event::Listed { id, outcome })).await;
}

/// The studies are the list; a worklist service or a vault that fails costs what it would have told, and the
/// reader hears of it.
async fn list(ground: &Arc<Ground>, centre: &str) -> Result<List, WorkError> {
    let client = ground.client(centre).await?;
    let everything = StudyQuery::default();
    let (studies, items) = tokio::join!(client.search_studies(&everything), workitems(&client));
    let studies = studies?;
    let mut problems = Vec::new();
    if !studies.complete || !studies.warnings.is_empty() {
        problems.push(Problem::from(&WorkError::WorklistCut { unreadable: studies.warnings.len() }));
    }
    let items = items.unwrap_or_else(|error| {
        problems.push(Problem::from(&error));
        None
    });
    let here = ground.blocking(|ground| Ok(ground.existing_vault()?.map(|vault| states_here(&vault)))).await;
    let here = here.unwrap_or_else(|error| {
        problems.push(Problem::from(&error));
        None
    });
    let here = here.unwrap_or_default();
    let by_study = items.as_ref().map(Rows::by_study).unwrap_or_default();
    let row = |study: StudyRow| {
        let item = by_study.get(&study.study.uid).copied();
        let state = here.get(&study.study.uid).copied().unwrap_or_else(|| state_at_centre(item));
        Row {
            patient: study.patient,
            modality: study.modalities.join("\\"),
            description: study.study.description,
            date: study.study.date,
            time: study.study.time,
            instances: study.instances,
            received: 0,
            priority: priority(item),
            state,
            study: study.study.uid,
        }
    };
    Ok(List { rows: studies.rows.into_iter().map(row).collect(), problems })
}

/// The centre's workitems; `None` where it has no such service.
async fn workitems(client: &Client) -> Result<Option<Rows<Workitem>>, WorkError> {
    Ok(client.workitems(&WorkitemQuery::default()).await?)
}

fn priority(item: Option<&Workitem>) -> worklist::Priority {
    match item.map(|item| item.priority) {
        Some(Priority::Stat) => worklist::Priority::Stat,
        Some(Priority::High) => worklist::Priority::High,
        Some(Priority::Medium) => worklist::Priority::Medium,
        Some(Priority::Low) => worklist::Priority::Low,
        Some(Priority::Unknown) | None => worklist::Priority::Unknown,
    }
}

fn state_at_centre(item: Option<&Workitem>) -> ReadingState {
    match item.map(|item| item.state) {
        Some(WorkitemState::Scheduled) => ReadingState::Unread,
        Some(WorkitemState::InProgress) => ReadingState::Claimed,
        Some(WorkitemState::Completed) => ReadingState::Final,
        Some(WorkitemState::Canceled | WorkitemState::Unknown) | None => ReadingState::Unknown,
    }
}

/// What this vault knows of its own reports: the newest signature of each study speaks for it. A report counts
/// as read when the centre has named it; until then it is a draft to everybody else.
fn states_here(vault: &Vault) -> HashMap<Uid, ReadingState> {
    let outbox = vault.outbox().unwrap_or_default();
    outbox.into_iter().map(|queued| (queued.study.clone(), state_here(vault, &queued))).collect()
}

fn state_here(vault: &Vault, queued: &QueuedReport) -> ReadingState {
    if !matches!(queued.state, ReportState::Sent | ReportState::Confirmed) {
        return ReadingState::Draft;
    }
    let object = vault.report_object(&queued.sop).ok();
    let object = object.and_then(|object| part10::read(Bytes::copy_from_slice(&object)).ok());
    let preliminary =
        object.is_some_and(|(object, _)| report::read(&object.dataset).0.header.is_preliminary());
    if preliminary { ReadingState::Preliminary } else { ReadingState::Final }
}
