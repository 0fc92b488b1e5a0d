//! The worklist: what QIDO-RS lists, how urgent UPS-RS says it is, and how far this vault has come with it.

mod here;
mod remembered;

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::ground::Ground;
use super::prefetch::{self, Plan};
use super::{WorkError, audit, claims};
use crate::centre::{Client, Priority, Rows, StudyQuery, StudyRow, Workitem, WorkitemQuery, WorkitemState};
use crate::session::worklist::{self, Claim, Effect, Folded, List, ReadingState, Row};
use crate::session::{Event, Problem};
use crate::site::Centre;
use remembered::Remembered;

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
    match effect {
        Effect::List { id, centre, or_kept } => {
            let outcome = list(ground, &centre, or_kept).await.map_err(|error| Problem::from(&error));
            let is_new = or_kept && outcome.as_ref().is_ok_and(|list| list.kept_at.is_none());
            ground.tell(Event::Worklist(worklist::Event::Listed { id, outcome })).await;
            if is_new && let Err(error) = claims::settle(ground, &centre).await {
                tracing::info!(%error, "not every claim is settled");
            }
        }
        Effect::Prefetch { id, centre, rows } => prefetch::run(ground, Plan { id, centre, rows }).await,
        Effect::Claim { centre, study, take, .. } => {
            let outcome = match take {
                true => claims::take(ground, &centre, &study).await,
                false => claims::give_back(ground, &study).await,
            };
            let outcome = outcome.map(|()| take).map_err(|error| Problem::from(&error));
            ground.tell(Event::Worklist(worklist::Event::Claimed { study, outcome })).await;
        }
    }
}

/// Whether this vault has a list of the centre that can be read when it cannot be asked.
pub(super) fn is_remembered(ground: &Ground, centre: &Centre) -> bool {
    let vault = ground.existing_vault().ok().flatten();
    vault.is_some_and(|vault| remembered::recall(&vault, &centre.url).is_some())
}

/// The studies are the list; a worklist service or a vault that fails costs what it would have told, and the
/// reader hears of it. A centre that cannot be asked is listed as it was kept, where that is wanted and it was.
async fn list(ground: &Arc<Ground>, centre: &str, or_kept: bool) -> Result<List, WorkError> {
    let mut list = match asked(ground, centre).await {
        Ok(list) => list,
        Err(error) if or_kept && error.is_no_line() => {
            let url = ground.centre(centre)?.url;
            let kept = ground.blocking(move |ground| {
                let vault = ground.existing_vault()?;
                Ok(vault.and_then(|vault| remembered::recall(&vault, &url)))
            });
            let problems = vec![Problem::from(&error)];
            let Remembered { rows, at } = kept.await?.ok_or(error)?;
            List { rows, problems, kept_at: Some(at) }
        }
        Err(error) => return Err(error),
    };
    if or_kept && list.kept_at.is_none() {
        keep(ground, centre, list.rows.clone())?;
    }
    let mut rows = std::mem::take(&mut list.rows);
    let filled = ground.blocking(move |ground| {
        let filled = match ground.existing_vault() {
            Ok(Some(vault)) => here::fill_in(&vault, &mut rows),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        Ok((rows, filled))
    });
    let (rows, filled) = filled.await?;
    if let Err(error) = filled {
        list.problems.push(Problem::from(&error));
    }
    Ok(List { rows, ..list })
}

/// Keeps a list beside the telling of it: nobody waits for the disk.
fn keep(ground: &Arc<Ground>, centre: &str, rows: Vec<Row>) -> Result<(), WorkError> {
    let (ground, url) = (Arc::clone(ground), ground.centre(centre)?.url);
    tokio::spawn(async move {
        let kept = ground.blocking(move |ground| match ground.existing_vault()? {
            Some(vault) => remembered::keep(&vault, &url, &rows),
            None => Ok(()),
        });
        if let Err(error) = kept.await {
            tracing::warn!(%error, "the worklist could not be kept");
        }
    });
    Ok(())
}

/// The rows as the centre gives them.
async fn asked(ground: &Arc<Ground>, centre: &str) -> Result<List, WorkError> {
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
    let by_study = items.as_ref().map(Rows::by_study).unwrap_or_default();
    studies.rows.iter().for_each(|row| audit::meet(ground, &row.study.uid, &row.patient));
    let row = |study: StudyRow| {
        let item = by_study.get(&study.study.uid).copied();
        Row {
            patient: study.patient,
            modality: study.modalities.join("\\"),
            description: study.study.description,
            date: study.study.date,
            time: study.study.time,
            instances: study.instances,
            received: 0,
            priority: priority(item),
            state: state_at_centre(item),
            claim: claim(item),
            grown: 0,
            folded: Folded::default(),
            study: study.study.uid,
        }
    };
    Ok(List { rows: studies.rows.into_iter().map(row).collect(), problems, kept_at: None })
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

/// Whose the work is, as far as the centre says.
fn claim(item: Option<&Workitem>) -> Claim {
    match item.filter(|item| item.state == WorkitemState::InProgress) {
        Some(item) => Claim::Other(item.performer.clone()),
        None => Claim::Nobody,
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
