//! The worklist: what QIDO-RS lists, how urgent UPS-RS says it is, and how far this vault has come with it.

use std::collections::HashMap;

use bytes::Bytes;

use super::WorkError;
use super::ground::Ground;
use crate::centre::{Client, Priority, Rows, StudyQuery, StudyRow, Workitem, WorkitemQuery, WorkitemState};
use crate::dicom::{Uid, part10};
use crate::report;
use crate::session::worklist::{self, Effect, ReadingState, Row};
use crate::session::{Event, Problem};
use crate::vault::{ReportState, Vault};

pub(super) async fn run(ground: &Ground, effect: Effect) {
    let Effect::List { id, centre } = effect;
    let outcome = list(ground, &centre).await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Worklist(worklist::Event::Listed { id, outcome })).await;
}

async fn list(ground: &Ground, centre: &str) -> Result<Vec<Row>, WorkError> {
    let client = ground.client(centre)?;
    let (studies, items) = tokio::try_join!(studies(&client), workitems(&client))?;
    let here = ground.existing_vault().map(|vault| states_here(&vault)).unwrap_or_default();
    let by_study: HashMap<&Uid, &Workitem> =
        items.iter().filter_map(|item| Some((item.study.as_ref()?, item))).collect();
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
            priority: priority(item),
            state,
            study: study.study.uid,
        }
    };
    Ok(studies.rows.into_iter().map(row).collect())
}

async fn studies(client: &Client) -> Result<Rows<StudyRow>, WorkError> {
    let found = client.search_studies(&StudyQuery::default()).await?;
    if !found.warnings.is_empty() {
        tracing::warn!(rows = found.warnings.len(), "rows of the worklist could not be read");
    }
    Ok(found)
}

/// The centre's workitems; none where it has no such service.
async fn workitems(client: &Client) -> Result<Vec<Workitem>, WorkError> {
    let found = client.workitems(&WorkitemQuery::default()).await?;
    Ok(found.map(|rows| rows.rows).unwrap_or_default())
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

/// What this vault knows of its own reports: the newest signature of each study speaks for it. A report that
/// the centre has refused does not count as read.
fn states_here(vault: &Vault) -> HashMap<Uid, ReadingState> {
    let mut states = HashMap::new();
    for queued in vault.outbox().unwrap_or_default() {
        if queued.state == ReportState::Failed {
            continue;
        }
        let Ok(object) = vault.report_object(&queued.sop) else { continue };
        let Ok((object, _)) = part10::read(Bytes::copy_from_slice(&object)) else { continue };
        let (document, _) = report::read(&object.dataset);
        let state = if document.header.preliminary == "PRELIMINARY" {
            ReadingState::Preliminary
        } else {
            ReadingState::Final
        };
        states.insert(queued.study, state);
    }
    states
}
