//! Signing: the report becomes a DICOM object and is durable in the outbox before anybody is told.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::WorkError;
use super::ground::Ground;
use super::loaded::{Collection, Loaded};
use super::local;
use crate::dicom::catalogue::StackImage;
use crate::dicom::{Instance, Uid, part10, write};
use crate::imaging::Frame;
use crate::report::{self, Evidence, ImageEvidence, Reader, Report, Signing};
use crate::session::outbox::{Event as OutboxEvent, Signed};
use crate::session::{Event, Problem, RequestId};
use crate::vault::{OutboxEntry, Vault};

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
    let working = Arc::clone(ground);
    let outcome = tokio::task::spawn_blocking(move || sign(&working, request)).await;
    let outcome = outcome.unwrap_or(Err(WorkError::Stopped)).map_err(|error| Problem::from(&error));
    ground.tell(Event::Outbox(OutboxEvent::Signed { id, outcome })).await;
}

fn sign(ground: &Ground, request: Request) -> Result<Signed, WorkError> {
    let vault = ground.vault()?;
    let mut report = *request.document;
    let reader = &ground.profile().reader;
    if report.reader.is_none() && !reader.name.is_empty() {
        report.reader = Some(Reader::new(&reader.name, &reader.id, &reader.organisation));
    }
    let collection = Collection::new(match &request.images {
        Some(folder) => from_folder(folder, &report)?,
        None => from_vault(&vault, &report)?,
    });
    let study = collection.instances().find(|instance| instance.study.uid == report.study);
    let study = study.ok_or_else(|| WorkError::NotHere { study: report.study.to_string() })?;
    if let Some(image) = collection.stand_ins().next() {
        return Err(WorkError::StandIn { image: image.to_string() });
    }
    let frames = Frames::decode(&collection, &report)?;
    let values: Vec<_> = frames.0.iter().map(|one| (one, one.values())).collect();
    let images: Vec<ImageEvidence<'_>> =
        values.iter().map(|(one, values)| ImageEvidence { instance: &one.instance, values }).collect();
    let predecessor = report.predecessor.as_ref().map(|uid| predecessor(&vault, uid)).transpose()?;
    let evidence = Evidence { study, images: &images, predecessor: predecessor.as_ref() };

    let sop_instance = fresh_uid();
    let signing = Signing {
        sop_instance: sop_instance.clone(),
        series: fresh_uid(),
        device: device(&vault)?,
        now: chrono::Local::now().fixed_offset(),
        series_number: SERIES_NUMBER,
        instance_number: 1,
        software_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let measurements = report::measurements(&report, &evidence)?;
    let dataset = report::build(&report, &evidence, &signing)?;
    let object = write::part10(&dataset, EXPLICIT_VR_LITTLE_ENDIAN)?;
    vault.enqueue_report(&OutboxEntry {
        sop: sop_instance.clone(),
        study: report.study.clone(),
        centre: request.centre,
        object: &object,
    })?;
    Ok(Signed { sop_instance, measurements })
}

/// Those images of a folder that a report names, or that are of its study.
fn from_folder(folder: &PathBuf, report: &Report) -> Result<Vec<Loaded>, WorkError> {
    let named = images_named(report);
    let found = local::read(std::slice::from_ref(folder))?.loaded.into_iter().map(|(_, loaded)| loaded);
    let wanted = |loaded: &Loaded| {
        loaded.instance.study.uid == report.study || named.contains(&&loaded.instance.sop_instance)
    };
    Ok(found.filter(wanted).collect())
}

/// The images that a report names, and one more of its study for the patient; nothing else is opened.
fn from_vault(vault: &Vault, report: &Report) -> Result<Vec<Loaded>, WorkError> {
    let stored = vault.instances(&report.study)?;
    let named = images_named(report);
    let wanted = stored.iter().enumerate().filter(|(n, s)| *n == 0 || named.contains(&&s.key.sop));
    let read = |(_, stored): (usize, &crate::vault::StoredInstance)| {
        let mut bytes = vault.read_instance(&stored.key)?;
        Ok(Loaded::read(Bytes::from(std::mem::take(&mut *bytes)))?)
    };
    wanted.map(read).collect()
}

fn images_named(report: &Report) -> Vec<&Uid> {
    let measured = report.measurements.iter().map(|measurement| &measurement.image);
    measured.chain(report.key_images.iter().map(|key| &key.image)).collect()
}

/// The images of a report with the frames that are measured.
struct Frames(Vec<ImageFrames>);

struct ImageFrames {
    instance: Arc<Instance>,
    /// Decoded frames by their number from 0.
    decoded: Vec<(u32, Arc<Frame>)>,
}

impl Frames {
    fn decode(collection: &Collection, report: &Report) -> Result<Self, WorkError> {
        let mut named = images_named(report);
        named.sort();
        named.dedup();
        let one = |sop: &Uid| {
            let no_such = || WorkError::NoSuchImage { image: sop.to_string() };
            let instance = Arc::clone(&collection.object(sop).ok_or_else(no_such)?.instance);
            let of_image = report.measurements.iter().filter(|measurement| measurement.image == *sop);
            let mut numbers: Vec<u32> = of_image.map(|m| m.frame.unwrap_or(1).saturating_sub(1)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            let wanted: Vec<StackImage> =
                numbers.iter().map(|n| StackImage { instance: Arc::clone(&instance), frame: *n }).collect();
            let frames = collection.decode(&wanted).into_iter().collect::<Result<Vec<_>, _>>()?;
            Ok(ImageFrames { instance, decoded: numbers.into_iter().zip(frames).collect() })
        };
        named.into_iter().map(one).collect::<Result<_, WorkError>>().map(Self)
    }
}

impl ImageFrames {
    /// Modality value at frame, column, row; `None` for padding and where there is none.
    fn values(&self) -> impl Fn(u32, u32, u32) -> Option<f64> + '_ {
        |number, column, row| {
            let (_, frame) = self.decoded.iter().find(|(n, _)| *n == number)?;
            if column >= frame.columns() || row >= frame.rows() || frame.is_padding(column, row) {
                return None;
            }
            frame.modality_value(column, row)
        }
    }
}

/// The report that this one follows, if it was signed here.
fn predecessor(vault: &Vault, uid: &Uid) -> Result<Instance, WorkError> {
    let object = vault.report_object(uid)?;
    let (object, _) = part10::read(Bytes::copy_from_slice(&object))?;
    Ok(object.instance)
}

/// This workstation's own UID, made once.
fn device(vault: &Vault) -> Result<Uid, WorkError> {
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
