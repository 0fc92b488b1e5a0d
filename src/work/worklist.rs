//! The worklist: what QIDO-RS lists, how urgent UPS-RS says it is, and how far this vault has come with it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::ground::Ground;
use super::{WorkError, audit, kept};
use crate::centre::{Client, Priority, Rows, StudyQuery, StudyRow, Workitem, WorkitemQuery, WorkitemState};
use crate::dicom::{Uid, part10};
use crate::report;
use crate::session::worklist::{self, Effect, List, ReadingState, Row};
use crate::session::{Event, Problem};
use crate::vault::{QueuedReport, ReportState, Vault};

/// What a centre says of its studies, before this vault is looked at.
pub(super) struct Answer {
    studies: Rows<StudyRow>,
    items: Result<Option<Rows<Workitem>>, WorkError>,
}

/// An answer that is on its way.
pub(super) type Asked = JoinHandle<Result<Answer, WorkError>>;

/// Asks a centre for its studies and its workitems.
pub(super) async fn ask(client: Client) -> Result<Answer, WorkError> {
    let everything = StudyQuery::default();
    let (studies, items) = tokio::join!(client.search_studies(&everything), workitems(&client));
    Ok(Answer { studies: studies?, items })
}

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::List { id, centre } = effect;
    let outcome = list(ground, &centre).await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Worklist(worklist::Event::Listed { id, outcome })).await;
}

/// The studies are the list; a worklist service or a vault that fails costs what it would have told, and the
/// reader hears of it.
async fn list(ground: &Arc<Ground>, centre: &str) -> Result<List, WorkError> {
    let url = ground.centre(centre)?.url;
    let noted = ground.blocking(move |ground| {
        audit::note_query(ground, &url);
        Ok(())
    });
    noted.await?;
    let asked = match ground.take_asked(centre) {
        Some(asked) => asked.await.unwrap_or(Err(WorkError::Stopped)),
        None => ask(ground.client(centre).await?).await,
    };
    let Answer { studies, items } = asked.inspect_err(|error| audit::alert(ground, error))?;
    let mut problems = Vec::new();
    if !studies.complete || !studies.warnings.is_empty() {
        problems.push(Problem::from(&WorkError::WorklistCut { unreadable: studies.warnings.len() }));
    }
    let items = items.unwrap_or_else(|error| {
        problems.push(Problem::from(&error));
        None
    });
    let listed: Vec<Uid> = studies.rows.iter().map(|row| row.study.uid.clone()).collect();
    let here = ground.blocking(move |ground| match ground.existing_vault()? {
        Some(vault) => here(&vault, &listed),
        None => Ok(HashMap::new()),
    });
    let here = here.await.unwrap_or_else(|error| {
        problems.push(Problem::from(&error));
        HashMap::new()
    });
    let by_study = items.as_ref().map(Rows::by_study).unwrap_or_default();
    studies.rows.iter().for_each(|row| audit::meet(ground, &row.study.uid, &row.patient));
    let row = |study: StudyRow| {
        let item = by_study.get(&study.study.uid).copied();
        let here = here.get(&study.study.uid).copied().unwrap_or_default();
        let state = here.state.unwrap_or_else(|| state_at_centre(item));
        Row {
            patient: study.patient,
            modality: study.modalities.join("\\"),
            description: study.study.description,
            date: study.study.date,
            time: study.study.time,
            instances: study.instances,
            received: here.received,
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

/// What this vault has of a study.
#[derive(Debug, Clone, Copy, Default)]
struct Here {
    /// Instances.
    received: u32,
    /// How far reading has come here, if it has begun.
    state: Option<ReadingState>,
}

fn here(vault: &Vault, listed: &[Uid]) -> Result<HashMap<Uid, Here>, WorkError> {
    let (outbox, holdings) = (vault.outbox().unwrap_or_default(), vault.holdings()?);
    let signed = states_here(vault, &outbox);
    let one = |study: &Uid| {
        let held = u32::try_from(holdings.instances(study)).unwrap_or(u32::MAX);
        let received = held.saturating_add(reports_there(vault, &outbox, study));
        let begun = || holdings.has_draft(study) && has_report(vault, study);
        let state = signed.get(study).copied().or_else(|| begun().then_some(ReadingState::Draft));
        (study.clone(), Here { received, state })
    };
    Ok(listed.iter().map(one).collect())
}

/// Whether the reader has begun a report on the study; a case that was only looked at has none.
fn has_report(vault: &Vault, study: &Uid) -> bool {
    kept::kept(vault, study).is_some_and(|case| {
        let written = case.sections.iter().any(|text| !text.trim().is_empty());
        written || !case.cited.is_empty() || !case.key_images.is_empty()
    })
}

/// What this vault knows of its own reports: the newest signature of each study speaks for it. A report counts
/// as read when the centre has named it; until then it is a draft to everybody else.
fn states_here(vault: &Vault, outbox: &[QueuedReport]) -> HashMap<Uid, ReadingState> {
    outbox.iter().map(|queued| (queued.study.clone(), state_here(vault, queued))).collect()
}

/// Own reports that the centre counts among the study's instances. They lie in the outbox, so nothing of them is
/// missing here; one that was fetched as well is counted already.
fn reports_there(vault: &Vault, outbox: &[QueuedReport], study: &Uid) -> u32 {
    let there = |queued: &&QueuedReport| {
        queued.study == *study && matches!(queued.state, ReportState::Sent | ReportState::Confirmed)
    };
    let own: Vec<&Uid> = outbox.iter().filter(there).map(|queued| &queued.sop).collect();
    if own.is_empty() {
        return 0;
    }
    let fetched = vault.instances(study).unwrap_or_default();
    let only_here = own.iter().filter(|sop| fetched.iter().all(|one| one.key.sop != ***sop));
    u32::try_from(only_here.count()).unwrap_or(u32::MAX)
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
