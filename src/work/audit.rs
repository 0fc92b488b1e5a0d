//! What is written into the vault's audit trail: who did what with which study. Sealed and hash-chained there;
//! [`sending`] carries copies away where the profile says so.
//!
//! | noted | by | after PS3.15 |
//! | --- | --- | --- |
//! | `ApplicationStarted`, `ApplicationStopped` | `work` | Application Activity |
//! | `SignedIn`, `SignInRefused`, `SignedOut` | `work::sign_in` | User Authentication |
//! | `Locked`, `Unlocked`, `UnlockedOffline` | `work::lock` | User Authentication; emergency access: Security Alert |
//! | `Queried` | `work::worklist` | Query |
//! | `TransferBegan`, `StudyReceived` | `work::retrieve` | Begin Transferring, Instances Transferred |
//! | `StudyOpened` | `work`, `work::case::study` | Instances Accessed |
//! | `FilesOpened` | `work::case::files` | Data Import |
//! | `ReportSigned` | `work::sign` | Instances Accessed |
//! | `ReportLeaves`, `ReportConfirmed`, `ReportRefused` | `work::outbox` | Begin Transferring, Instances Transferred |
//! | `Exported` | `work`, for `cli` | Data Export |
//! | `TrailRead` | `work::audit::reading` | Audit Log Used |
//! | `VaultDamaged`, `CertificateRefused`, `ClockSetBack` | here | Security Alert |
//!
//! Two kinds of note: what cannot be noted does not happen ([`note`]: the caller gives up), and what has happened
//! already (an alert, a refused sign-in), where a failure to note it goes to the log. What happens while the vault
//! is closed waits in memory and is the first to be written when it opens; it is lost if it never does.
//!
//! Numbers give the order, whatever the clock does: a record's time is taken in the same turn as its number. A clock
//! that goes back more than [`SLACK_SECS`] is an alert of its own.

mod desk;
mod node;
mod reading;
mod sending;

pub(super) use desk::Desk;
pub(super) use reading::run;
pub(super) use sending::{Sending, start};

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Local};
use url::Url;

use super::WorkError;
use super::ground::Ground;
use super::loaded::Loaded;
use super::record::FetchRecord;
use super::threads::lock;
use crate::centre::CentreError;
use crate::centre::audit::Record;
pub(super) use crate::centre::audit::{Happened, Outcome};
use crate::dicom::instance::Patient;
use crate::dicom::{Instance, Uid};
use crate::text::{Explain, Language, say};
use crate::vault::{Vault, VaultError};

/// How far the clock may go back in silence, seconds: time servers correct by less.
const SLACK_SECS: i64 = 60;

/// Notes what happened to a study of the vault; what cannot be noted does not happen.
pub(super) fn note(
    ground: &Ground,
    vault: &Vault,
    what: Happened,
    study: &Uid,
    object: Option<&Uid>,
) -> Result<(), WorkError> {
    let record = Record { object: object.map(Uid::to_string), ..of_study(ground, vault, what, study) };
    append(ground, vault, vec![record])
}

/// Notes `instances` of a study on their way between this workstation and `peer`; with a `failure` not all came.
pub(super) fn note_transfer(
    ground: &Ground,
    vault: &Vault,
    what: Happened,
    study: &Uid,
    transfer: &Transfer<'_>,
) -> Result<(), WorkError> {
    let record = Record {
        peer: transfer.peer.to_string(),
        object: transfer.object.map(Uid::to_string),
        instances: Some(transfer.instances),
        outcome: transfer.failure.map_or(Outcome::Success, |_| transfer.outcome),
        why: transfer.failure.map(sentence).unwrap_or_default(),
        ..of_study(ground, vault, what, study)
    };
    append(ground, vault, vec![record])
}

/// What moves between this workstation and a centre.
pub(super) struct Transfer<'a> {
    /// The centre's base URL.
    pub(super) peer: &'a Url,
    /// How many instances.
    pub(super) instances: u32,
    /// Which, where it is one.
    pub(super) object: Option<&'a Uid>,
    /// Why not everything moved.
    pub(super) failure: Option<&'a dyn Explain>,
    /// How bad that is.
    pub(super) outcome: Outcome,
}

impl<'a> Transfer<'a> {
    /// `instances` to or from `peer`, without trouble.
    pub(super) fn of(peer: &'a Url, instances: u32) -> Self {
        Self { peer, instances, object: None, failure: None, outcome: Outcome::MinorFailure }
    }
}

/// Notes that this process began.
pub(super) fn note_start(ground: &Ground) {
    keep(ground, blank(ground, Happened::ApplicationStarted));
}

/// Notes that this process ends; one that never opened the vault leaves no trace there.
pub(super) fn note_stop(ground: &Ground) {
    if ground.open_vault().is_some() {
        keep(ground, blank(ground, Happened::ApplicationStopped));
    }
}

/// Notes that `user` was let in by `centre`; from now on what happens is this reader's doing.
pub(super) fn note_entry(ground: &Ground, user: Option<&str>, centre: &Url) {
    ground.audit().enter(user);
    keep(ground, Record { peer: centre.to_string(), ..blank(ground, Happened::SignedIn) });
}

/// Notes that `user` was not let in, where `why` is a refusal and not a broken line.
pub(super) fn note_refusal(ground: &Ground, user: &str, centre: Option<&Url>, why: &WorkError) {
    let refused = matches!(
        why,
        WorkError::Vault(VaultError::WrongPassphrase)
            | WorkError::Centre(
                CentreError::WrongPassword { .. }
                    | CentreError::SignInRequired { .. }
                    | CentreError::Forbidden { .. }
            )
    );
    if refused {
        let record = blank(ground, Happened::SignInRefused);
        let reader = if user.is_empty() { record.reader.clone() } else { user.to_owned() };
        let peer = centre.map(Url::to_string).unwrap_or_default();
        let (outcome, why) = (Outcome::MinorFailure, sentence(why));
        keep(ground, Record { reader, peer, outcome, why, ..record });
    }
}

/// Notes that the reader left.
pub(super) fn note_exit(ground: &Ground) {
    let record = blank(ground, Happened::SignedOut);
    keep(ground, record);
    ground.audit().leave();
}

/// What the lock notes.
pub(super) type Presence = Happened;

/// Notes that the reader went or came back, and how many wrong words there were before.
///
/// # Errors
/// [`WorkError::Vault`]: what cannot be noted does not happen.
pub(super) fn note_presence(
    ground: &Ground,
    vault: &Vault,
    what: Presence,
    wrong_tries: u32,
) -> Result<(), WorkError> {
    let mut why = Vec::new();
    if what == Happened::UnlockedOffline {
        why.push("Unlocked without the word of the centre.".to_owned());
    }
    if what == Happened::Locked {
        ground.audit().forget_patients();
    }
    if wrong_tries > 0 {
        why.push(format!("{wrong_tries} wrong tries before."));
    }
    append(ground, vault, vec![Record { why: why.join(" "), ..blank(ground, what) }])
}

/// Notes that a centre was asked for its list. The list asks again by itself: the same question of the same reader
/// is noted once an hour.
pub(super) fn note_query(ground: &Ground, centre: &Url) {
    let record = blank(ground, Happened::Queried);
    if ground.audit().is_new_question(&record.reader, centre) {
        let query = "GET /studies".to_owned();
        keep(ground, Record { peer: centre.to_string(), query, ..record });
    }
}

/// Notes that files from outside were opened: one record a study, with the path they came by.
pub(super) fn note_files<'a>(
    ground: &Ground,
    paths: &[PathBuf],
    instances: impl Iterator<Item = &'a Instance>,
) {
    let medium = paths.first().map(|path| uri(path)).unwrap_or_default();
    let mut records: Vec<Record> = Vec::new();
    for instance in instances {
        let study = instance.study.uid.to_string();
        let (patient_id, patient_name) = names(&instance.patient);
        let same = |record: &&mut Record| record.study == study && record.patient_id == patient_id;
        match records.iter_mut().find(same) {
            Some(record) => record.instances = record.instances.map(|number| number + 1),
            None => records.push(Record {
                study,
                patient_id,
                patient_name,
                medium: medium.clone(),
                instances: Some(1),
                ..blank(ground, Happened::FilesOpened)
            }),
        }
    }
    match ground.open_vault() {
        Some(vault) => log(append(ground, &vault, records)),
        None => records.into_iter().for_each(|record| ground.audit().wait(record)),
    }
}

/// Notes that something of a study of the vault was written to a file.
pub(super) fn note_export(ground: &Ground, study: &Uid, file: &Path) -> Result<(), WorkError> {
    let vault = ground.vault()?;
    let record = of_study(ground, &vault, Happened::Exported, study);
    append(ground, &vault, vec![Record { medium: uri(file), ..record }])
}

/// Raises an alert where `error` is one: a certificate that is not trusted, bytes that are not what was written.
/// The same alert is raised once in the life of a process.
pub(super) fn alert(ground: &Ground, error: &WorkError) {
    let (what, outcome, peer) = match error {
        WorkError::Centre(CentreError::UntrustedCertificate { host, .. }) => {
            (Happened::CertificateRefused, Outcome::MinorFailure, host.clone())
        }
        WorkError::Vault(VaultError::Damaged { .. }) => {
            (Happened::VaultDamaged, Outcome::SeriousFailure, String::new())
        }
        _ => return,
    };
    let why = sentence(error);
    if ground.audit().is_new_alert(&why) {
        keep(ground, Record { outcome, peer, why, ..blank(ground, what) });
    }
}

/// The vault has just been opened: what waited is written, and what the opening found is an alert.
pub(super) fn opened(ground: &Ground, vault: &Vault) {
    let mut found = Vec::new();
    for finding in vault.findings() {
        let (outcome, why) = (Outcome::SeriousFailure, sentence(&finding));
        found.push(Record { outcome, why, ..blank(ground, Happened::VaultDamaged) });
    }
    log(append(ground, vault, found));
}

/// Remembers whose study it is, as the worklist says; forgotten when the reader leaves.
pub(super) fn meet(ground: &Ground, study: &Uid, patient: &Patient) {
    ground.audit().meet(study, names(patient));
}

/// Notes what has happened already: in the vault where it is open, else later.
fn keep(ground: &Ground, record: Record) {
    match ground.open_vault() {
        Some(vault) => log(append(ground, &vault, vec![record])),
        None => ground.audit().wait(record),
    }
}

fn log(outcome: Result<(), WorkError>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "the audit trail could not be written");
    }
}

/// Writes what waited, then `records` with the time of now, all or nothing.
fn append(ground: &Ground, vault: &Vault, mut records: Vec<Record>) -> Result<(), WorkError> {
    let desk = ground.audit();
    let mut clock = lock(&desk.clock);
    let now = Local::now().fixed_offset();
    let mut waited = desk.take_waiting();
    if records.is_empty() && waited.is_empty() {
        return Ok(());
    }
    records.iter_mut().for_each(|record| stamp(record, now));
    let last = clock.or_else(|| last_moment(vault));
    let alert = last.filter(|last| went_back(*last, now)).map(|last| set_back(ground, last, now));
    let all = waited.iter().chain(&alert).chain(&records).map(Record::to_bytes).collect::<Vec<_>>();
    let written = vault.append_audits(&all.iter().map(Vec::as_slice).collect::<Vec<_>>());
    match written {
        Ok(_) => *clock = Some(now),
        Err(_) => waited.drain(..).for_each(|record| desk.wait(record)),
    }
    desk.wake();
    Ok(written.map(drop)?)
}

fn stamp(record: &mut Record, now: DateTime<FixedOffset>) {
    record.at = Record::new(record.what, now, "").at;
}

fn went_back(last: DateTime<FixedOffset>, now: DateTime<FixedOffset>) -> bool {
    (last - now).num_seconds() > SLACK_SECS
}

/// The moment of the newest record that can be read.
fn last_moment(vault: &Vault) -> Option<DateTime<FixedOffset>> {
    let length = vault.audit_length().ok()?;
    let last = vault.audit_after(length.saturating_sub(1), 1).ok()?.pop()?;
    Record::parse(&last.record)?.moment()
}

fn set_back(ground: &Ground, last: DateTime<FixedOffset>, now: DateTime<FixedOffset>) -> Record {
    let mut record = blank(ground, Happened::ClockSetBack);
    stamp(&mut record, now);
    record.outcome = Outcome::MinorFailure;
    record.why = format!("The clock went back by {} s.", (last - now).num_seconds());
    record
}

/// A record of now by whoever is signed in.
fn blank(ground: &Ground, what: Happened) -> Record {
    let profile = ground.profile();
    let reader = ground.audit().reader();
    let reader = reader.or_else(|| Some(profile.reader.id.clone()).filter(|id| !id.is_empty()));
    let mut record = Record::new(what, Local::now().fixed_offset(), &reader.unwrap_or_else(node::account));
    record.reader_name.clone_from(&profile.reader.name);
    record.node = node::name();
    record
}

/// A record about a study and its patient: as the worklist knows them, else the fetch, else an instance.
fn of_study(ground: &Ground, vault: &Vault, what: Happened, study: &Uid) -> Record {
    let (patient_id, patient_name) = ground.audit().met(study).unwrap_or_else(|| {
        let known = patient_in(vault, study);
        if let Some(known) = &known {
            ground.audit().meet(study, known.clone());
        }
        let fetched = || FetchRecord::of(vault, study).map(|record| (record.patient_id, String::new()));
        known.or_else(fetched).unwrap_or_default()
    });
    Record { study: study.to_string(), patient_id, patient_name, ..blank(ground, what) }
}

fn patient_in(vault: &Vault, study: &Uid) -> Option<(String, String)> {
    let first = vault.instances(study).ok()?.into_iter().next()?;
    Some(names(&Loaded::of_vault(vault, &first.key).ok()?.instance.patient))
}

/// Patient ID and name.
fn names(patient: &Patient) -> (String, String) {
    (patient.id.reveal().clone(), patient.name.reveal().to_dicom())
}

/// Whoever reads a trail reads English; sentences of problems hold no patient data.
fn sentence(of: &(impl Explain + ?Sized)) -> String {
    say(Language::English, &of.message())
}

fn uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Url::from_file_path(absolute).map_or_else(|()| path.display().to_string(), |url| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_back_is_told_from_one_that_is_corrected_and_from_daylight_saving() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let last = at("2026-11-23T03:10:00+09:00");
        for (now, back) in [
            ("2026-11-22T03:10:00+09:00", true),
            ("2026-11-24T03:10:00+09:00", false),
            ("2026-11-23T03:09:30+09:00", false),
            ("2026-11-23T03:08:00+09:00", true),
            // The same moment as other zones, and the same zone after daylight saving, write it.
            ("2026-11-22T18:10:01Z", false),
            ("2026-11-22T19:10:01+01:00", false),
            ("2026-11-23T02:10:00+08:00", false),
        ] {
            assert_eq!(went_back(last, at(now)), back, "{now}");
        }
    }
}
