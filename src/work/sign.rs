//! Signing: the report becomes a DICOM object and is durable in the outbox before anybody is told.
//!
//! The SOP Instance UID is made from what is signed (the report as a DICOM object without time and identifiers,
//! the centre, this workstation's own UID). A person whose program was killed between saving and telling signs
//! the same document again, and it is the same report: nothing is doubled.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::audit::{self, Happened};
use super::evidence::{self, Frames};
use super::ground::Ground;
use super::record::FetchRecord;
use super::{WorkError, grown};
use crate::dicom::{Instance, Uid, part10, write};
use crate::report::{self, Evidence, ImageEvidence, Reader, Report, ReportError, Signing};
use crate::session::outbox::{Event as OutboxEvent, Signed, State};
use crate::session::{Event, Problem, RequestId};
use crate::site::Centre;
use crate::vault::{OutboxEntry, ReportState, Vault, VaultError};

/// Series number of the reports made here; far from those of images.
const SERIES_NUMBER: u32 = 9101;
/// How reports are stored: every centre reads it (PS3.5 10.1).
const EXPLICIT_VR_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";
/// Name under which the vault keeps this workstation's own UID.
const DEVICE: &str = "device-uid";

/// One request to sign.
pub(super) struct Request {
    pub(super) id: RequestId,
    pub(super) centre: String,
    pub(super) document: Box<Report>,
    pub(super) images: Option<PathBuf>,
}

pub(super) async fn run(ground: &Arc<Ground>, request: Request) {
    let id = request.id;
    let outcome = ground.blocking(move |ground| sign(ground, request)).await;
    let outcome = outcome.map_err(|error| Problem::from(&error));
    ground.tell(Event::Outbox(OutboxEvent::Signed { id, outcome })).await;
}

fn sign(ground: &Ground, request: Request) -> Result<Signed, WorkError> {
    let vault = ground.vault()?;
    let mut report = *request.document;
    let profile = ground.profile();
    let reader = &profile.reader;
    if report.reader.is_none() && !reader.name.is_empty() {
        report.reader = Some(Reader::new(&reader.name, &reader.id, &reader.organisation));
    }
    let centre = ground.centre(&request.centre)?;
    check_centre(&vault, &report, &centre)?;
    let collection = evidence::collect(&vault, &report, request.images.as_deref())?;
    let study = evidence::study(&collection, &report)?;
    let frames = Frames::decode(&collection, &report)?;
    let values: Vec<_> = frames.0.iter().map(|one| (one, one.values())).collect();
    let images: Vec<ImageEvidence<'_>> =
        values.iter().map(|(one, values)| ImageEvidence { instance: &one.instance, values }).collect();
    let predecessor = report.predecessor.as_ref().map(|uid| predecessor(&vault, uid)).transpose()?;
    let evidence = Evidence { study, images: &images, predecessor: predecessor.as_ref() };
    let measurements = report::measurements(&report, &evidence)?;

    let device = device(&vault)?;
    let sop_instance = identity(&report, &evidence, &centre, &device)?;
    if let Some(state) = already(&vault, &sop_instance)? {
        return Ok(Signed { sop_instance, measurements, state });
    }
    let signing = Signing {
        sop_instance: sop_instance.clone(),
        series: fresh_uid(),
        now: chrono::Local::now().fixed_offset(),
        ..blank(&device)
    };
    let dataset = report::build(&report, &evidence, &signing)?;
    let object = write::part10(&dataset, EXPLICIT_VR_LITTLE_ENDIAN)?;
    vault.enqueue_report(&OutboxEntry {
        sop: sop_instance.clone(),
        study: report.study.clone(),
        centre: serde_json::to_string(&centre).map_err(|_| WorkError::Stopped)?,
        object: &object,
    })?;
    if let Err(error) = grown::signed(&vault, &report.study) {
        tracing::warn!(%error, "how much of the study was there could not be kept");
    }
    audit::note(ground, &vault, Happened::ReportSigned, &report.study, Some(&sop_instance))?;
    Ok(Signed { sop_instance, measurements, state: State::Saved })
}

/// A report on a study that was fetched goes to the centre it was fetched from.
fn check_centre(vault: &Vault, report: &Report, centre: &Centre) -> Result<(), WorkError> {
    match FetchRecord::of(vault, &report.study) {
        Some(record) if record.centre != centre.url => {
            Err(WorkError::OtherCentre { from: record.centre.to_string() })
        }
        _ => Ok(()),
    }
}

/// Everything of [`Signing`] that does not change from one signature to the next.
fn blank(device: &Uid) -> Signing {
    Signing {
        sop_instance: Uid::from_uuid_bits(0),
        series: Uid::from_uuid_bits(0),
        device: device.clone(),
        now: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
        series_number: SERIES_NUMBER,
        instance_number: 1,
        software_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The UID of this report: a UUID of version 8 (RFC 9562 5.8) made of the hash of what is signed.
fn identity(
    report: &Report,
    evidence: &Evidence<'_>,
    centre: &Centre,
    device: &Uid,
) -> Result<Uid, WorkError> {
    let content = report::build(report, evidence, &blank(device))?;
    let mut hash = Sha256::new();
    hash.update(centre.url.as_str());
    hash.update(write::part10(&content, EXPLICIT_VR_LITTLE_ENDIAN)?);
    let digest = hash.finalize();
    let bits = digest.iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    Ok(Uid::from_uuid_bits(uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid().as_u128()))
}

/// How far the same report has come, if it was signed before.
fn already(vault: &Vault, sop_instance: &Uid) -> Result<Option<State>, WorkError> {
    let known = vault.outbox()?.into_iter().find(|queued| queued.sop == *sop_instance);
    Ok(known.map(|queued| state(queued.state)))
}

/// The vault's word for a stage, as the session has it.
pub(super) fn state(state: ReportState) -> State {
    match state {
        ReportState::Saved => State::Saved,
        ReportState::Sent => State::Sent,
        ReportState::Confirmed => State::Confirmed,
        ReportState::Failed => State::Failed,
    }
}

/// The report that this one follows, if it was signed here.
fn predecessor(vault: &Vault, uid: &Uid) -> Result<Instance, WorkError> {
    let object = vault.report_object(uid).map_err(|error| match error {
        VaultError::NotQueued => WorkError::Report(ReportError::UnknownPredecessor),
        other => WorkError::Vault(other),
    })?;
    let (object, _) = part10::read(Bytes::copy_from_slice(&object))?;
    Ok(object.instance)
}

/// This workstation's own UID, made once.
pub(super) fn device(vault: &Vault) -> Result<Uid, WorkError> {
    let known = vault.secret(DEVICE)?;
    if let Some(uid) = known.and_then(|bytes| Uid::parse(std::str::from_utf8(&bytes).ok()?).ok()) {
        return Ok(uid);
    }
    let uid = fresh_uid();
    vault.put_secret(DEVICE, uid.as_str().as_bytes())?;
    Ok(uid)
}

fn fresh_uid() -> Uid {
    Uid::from_uuid_bits(uuid::Uuid::new_v4().as_u128())
}
