//! What this vault has of the studies of a list, and how far its own reader has come with each.

use std::collections::HashMap;

use bytes::Bytes;

use crate::dicom::{Uid, part10};
use crate::report;
use crate::session::worklist::{Claim, ReadingState, Row};
use crate::vault::{QueuedReport, ReportState, Vault};
use crate::work::{WorkError, claims, grown, kept};

/// Fills in what the centre cannot know of its rows.
pub(super) fn fill_in(vault: &Vault, rows: &mut [Row]) -> Result<(), WorkError> {
    let (outbox, holdings) = (vault.outbox().unwrap_or_default(), vault.holdings()?);
    let (signed, mine) = (states_here(vault, &outbox), claims::mine(vault));
    for row in rows {
        if mine.contains(&row.study) {
            row.claim = Claim::Mine;
            row.state = ReadingState::Claimed;
        }
        let held = u32::try_from(holdings.instances(&row.study)).unwrap_or(u32::MAX);
        row.received = held.saturating_add(reports_there(vault, &outbox, &row.study));
        let begun = || holdings.has_draft(&row.study) && has_report(vault, &row.study);
        match signed.get(&row.study) {
            Some(state) => {
                row.state = *state;
                row.grown = grown::since(vault, &outbox, &row.study, row.instances);
            }
            None if begun() => row.state = ReadingState::Draft,
            None => {}
        }
    }
    Ok(())
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
