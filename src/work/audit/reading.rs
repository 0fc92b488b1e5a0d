//! The trail for the person who looks at it. That it is looked at is written first, so it is among what is shown.

use std::sync::Arc;

use super::{Happened, append, blank, sending};
use crate::centre::audit::{Outcome, Record};
use crate::dicom::{PersonName, Phi};
use crate::session::trail::{self, Effect, List, Row, Verdict, Way};
use crate::session::{Event, Problem};
use crate::vault::{AuditVerdict, Vault};
use crate::work::WorkError;
use crate::work::ground::Ground;

/// The most that is shown: half a year of a busy reader. All is verified.
const SHOWN: u64 = 20_000;

pub(crate) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let Effect::Read { id } = effect;
    let outcome = ground.blocking(read).await.map_err(|error| Problem::from(&error));
    ground.tell(Event::Trail(trail::Event::Read { id, outcome })).await;
}

fn read(ground: &Ground) -> Result<List, WorkError> {
    let vault = ground.vault()?;
    append(ground, &vault, vec![blank(ground, Happened::TrailRead)])?;
    let verdict = match vault.verify_audit()? {
        AuditVerdict::Intact { records } => Verdict::Whole { records },
        AuditVerdict::Broken { sequence } => Verdict::Broken { sequence },
    };
    let length = vault.audit_length()?;
    let older = length.saturating_sub(SHOWN);
    let records = vault.audit_after(older, usize::try_from(SHOWN).unwrap_or(usize::MAX))?;
    let parsed = records.iter().filter_map(|kept| Some((kept.sequence, Record::parse(&kept.record)?)));
    let rows = parsed.rev().map(|(sequence, record)| row(sequence, record)).collect();
    Ok(List { rows, older, verdict, ways: ways(ground, &vault, length)? })
}

fn ways(ground: &Ground, vault: &Vault, length: u64) -> Result<Vec<Way>, WorkError> {
    let way = |state: super::desk::WayState| {
        let sent = sending::sent(vault, &state.name)?;
        Ok(Way { host: state.host, waiting: length.saturating_sub(sent), problem: state.problem })
    };
    ground.audit().ways().into_iter().map(way).collect()
}

fn row(sequence: u64, record: Record) -> Row {
    let moment = record.moment();
    let written = |format: &str| moment.map(|at| at.format(format).to_string()).unwrap_or_default();
    let place = if record.medium.is_empty() { record.peer } else { record.medium };
    let reader = PersonName::parse(&record.reader_name);
    let named = [&reader.ideographic, &reader.alphabetic].into_iter().find(|name| !name.is_empty());
    let named = named.map(|name| crate::dicom::person_name::group_for_display(name));
    Row {
        sequence,
        date: written("%Y%m%d"),
        time: written("%H:%M:%S %:z"),
        what: word(record.what),
        reader: named.map_or(record.reader.clone(), |name| format!("{name} ({})", record.reader)),
        patient_id: Phi::new(record.patient_id),
        patient_name: Phi::new(PersonName::parse(&record.patient_name)),
        study: record.study,
        place: Phi::new(place),
        success: record.outcome == Outcome::Success,
    }
}

/// The sentence id of a happening.
fn word(what: Happened) -> &'static str {
    match what {
        Happened::ApplicationStarted => "trail-application-started",
        Happened::ApplicationStopped => "trail-application-stopped",
        Happened::SignedIn => "trail-signed-in",
        Happened::SignInRefused => "trail-sign-in-refused",
        Happened::SignedOut => "trail-signed-out",
        Happened::Locked => "trail-locked",
        Happened::Unlocked => "trail-unlocked",
        Happened::UnlockedOffline => "trail-unlocked-offline",
        Happened::Queried => "trail-queried",
        Happened::TransferBegan => "trail-transfer-began",
        Happened::StudyReceived => "trail-study-received",
        Happened::StudyOpened => "trail-study-opened",
        Happened::FilesOpened => "trail-files-opened",
        Happened::ReportSigned => "trail-report-signed",
        Happened::ReportLeaves => "trail-report-leaves",
        Happened::ReportConfirmed => "trail-report-confirmed",
        Happened::ReportRefused => "trail-report-refused",
        Happened::Exported => "trail-exported",
        Happened::TrailRead => "trail-trail-read",
        Happened::VaultDamaged => "trail-vault-damaged",
        Happened::CertificateRefused => "trail-certificate-refused",
        Happened::ClockSetBack => "trail-clock-set-back",
    }
}
