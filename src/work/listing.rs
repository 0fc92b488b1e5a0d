//! What a centre says a study is: its row, its series, and every instance.

use std::collections::HashMap;

use url::Url;

use super::WorkError;
use super::proof::Expected;
use super::record::FetchRecord;
use crate::centre::{Client, StudyQuery};
use crate::dicom::Uid;
use crate::session::Problem;
use crate::session::study::Failure;
use crate::text::Explain;

/// What the centre says.
pub(super) struct Listed {
    pub(super) record: FetchRecord,
    /// Every instance, by its SOP Instance UID.
    pub(super) all: HashMap<Uid, Expected>,
    /// Lists that were cut short, unreadable, or refused: the study cannot be called complete.
    pub(super) failures: Vec<Failure>,
}

/// Asks QIDO-RS for the study, its series and their instances (PS3.18 10.6). A series whose instances cannot be
/// listed costs that series; the others are listed all the same.
///
/// # Errors
/// [`WorkError::NotAtCentre`], and [`WorkError::Centre`] when not even the series can be listed.
pub(super) async fn ask(client: &Client, centre: Url, study: &Uid) -> Result<Listed, WorkError> {
    let query = StudyQuery { study: Some(study.clone()), ..StudyQuery::default() };
    let (studies, series) = tokio::try_join!(client.search_studies(&query), client.series(study))?;
    let row = studies.rows.into_iter().find(|row| row.study.uid == *study);
    let row = row.ok_or_else(|| WorkError::NotAtCentre { study: study.to_string() })?;
    let patient_id = Some(row.patient.id.reveal().clone()).filter(|id| !id.trim().is_empty());
    let mut is_whole = series.complete && series.warnings.is_empty();
    let mut failures = Vec::new();
    let mut all = HashMap::new();
    for one in series.rows {
        let instances = match client.series_instances(study, &one.series.uid).await {
            Ok(instances) => instances,
            Err(error) => {
                failures.push(Failure { instance: None, problem: error.message().into() });
                continue;
            }
        };
        is_whole &= instances.complete && instances.warnings.is_empty();
        is_whole &= one.instances.is_none_or(|counted| counted as usize <= instances.rows.len());
        for instance in instances.rows {
            let expected = Expected {
                study: study.clone(),
                series: one.series.uid.clone(),
                series_number: one.series.number,
                sop_instance: instance.sop_instance.clone(),
                sop_class: instance.sop_class,
                frames: instance.frames,
                patient_id: patient_id.clone(),
            };
            all.insert(instance.sop_instance, expected);
        }
    }
    is_whole &= row.instances.is_none_or(|counted| counted as usize <= all.len());
    if !is_whole {
        failures.push(Failure { instance: None, problem: Problem::from(&WorkError::ListCut) });
    }
    let record = FetchRecord {
        centre,
        patient_id: patient_id.unwrap_or_default(),
        expected: all.len() as u32,
        list_is_whole: failures.is_empty(),
    };
    Ok(Listed { record, all, failures })
}
