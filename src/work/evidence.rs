//! The images behind a report: found in the vault or in a folder, of one patient, decoded where measured.

use std::path::Path;
use std::sync::Arc;

use super::loaded::{Collection, Loaded};
use super::local::LocalError;
use super::{WorkError, local, threads};
use crate::dicom::catalogue::StackImage;
use crate::dicom::{Instance, Uid};
use crate::imaging::Frame;
use crate::report::{Report, same_patient};
use crate::vault::{StoredInstance, Vault};

/// The images that a report names and those of its study, from a folder or the vault.
pub(super) fn collect(
    vault: &Vault,
    report: &Report,
    folder: Option<&Path>,
) -> Result<Collection, WorkError> {
    let loaded = match folder {
        Some(folder) => from_folder(folder, report)?,
        None => from_vault(vault, report)?,
    };
    let collection = Collection::new(loaded);
    if let Some(image) = collection.stand_ins().next() {
        return Err(WorkError::StandIn { image: image.to_string() });
    }
    Ok(collection)
}

/// An object of the study that speaks for its patient: all of the study's objects must agree on who that is.
pub(super) fn study<'a>(collection: &'a Collection, report: &Report) -> Result<&'a Instance, WorkError> {
    let of_study = || collection.instances().filter(|instance| instance.study.uid == report.study);
    let first = of_study().min_by(|a, b| a.sop_instance.cmp(&b.sop_instance));
    let first = first.ok_or_else(|| WorkError::NotHere { study: report.study.to_string() })?;
    if of_study().all(|instance| same_patient(&first.patient, &instance.patient)) {
        Ok(first)
    } else {
        Err(WorkError::MixedPatients)
    }
}

/// Those images of a folder that a report names, or that are of its study. A named image that cannot be read
/// is missed later, by its name; a file of the folder that cannot be read must not pass unseen.
fn from_folder(folder: &Path, report: &Report) -> Result<Vec<Loaded>, WorkError> {
    let named = images_named(report);
    let mut found = local::read(&[folder.to_owned()])?;
    // An archive beside the images is nothing that a report could have named.
    found.refused.retain(|(_, error)| !matches!(error, WorkError::Local(LocalError::Within)));
    if let Some((_, error)) = found.refused.pop() {
        return Err(error);
    }
    let wanted = |loaded: &Loaded| {
        loaded.instance.study.uid == report.study || named.contains(&&loaded.instance.sop_instance)
    };
    Ok(found.loaded.into_iter().map(|(_, loaded)| loaded).filter(wanted).collect())
}

/// The images that a report names, and one more of its study for the patient; nothing else is opened.
fn from_vault(vault: &Vault, report: &Report) -> Result<Vec<Loaded>, WorkError> {
    let stored = vault.instances(&report.study)?;
    let named = images_named(report);
    let named_or_first = |(n, one): &(usize, StoredInstance)| *n == 0 || named.contains(&&one.key.sop);
    let wanted: Vec<_> = stored.into_iter().enumerate().filter(named_or_first).map(|(_, one)| one).collect();
    let one = |stored: &StoredInstance| Loaded::of_vault(vault, &stored.key);
    threads::map("load", &wanted, one, || Err(WorkError::Stopped)).into_iter().collect()
}

fn images_named(report: &Report) -> Vec<&Uid> {
    let measured = report.measurements.iter().map(|measurement| &measurement.image);
    measured.chain(report.key_images.iter().map(|key| &key.image)).collect()
}

/// The images of a report with the frames that are measured.
pub(super) struct Frames(pub(super) Vec<ImageFrames>);

/// One image and its decoded frames.
pub(super) struct ImageFrames {
    pub(super) instance: Arc<Instance>,
    /// Decoded frames by their number from 0.
    decoded: Vec<(u32, Arc<Frame>)>,
}

impl Frames {
    pub(super) fn decode(collection: &Collection, report: &Report) -> Result<Self, WorkError> {
        let mut named = images_named(report);
        named.sort();
        named.dedup();
        let one = |sop: &Uid| {
            let no_such = || WorkError::NoSuchImage { image: sop.to_string() };
            let instance = Arc::clone(&collection.object(sop).ok_or_else(no_such)?.instance);
            // A frame that is not there is `report`'s to refuse, in the document's own counting.
            let frames = instance.image.as_ref().map_or(0, |image| image.format.frames);
            let of_image = report.measurements.iter().filter(|measurement| measurement.image == *sop);
            let mut numbers: Vec<u32> = of_image.map(|m| m.frame.unwrap_or(1).wrapping_sub(1)).collect();
            numbers.retain(|number| *number < frames);
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
    pub(super) fn values(&self) -> impl Fn(u32, u32, u32) -> Option<f64> + '_ {
        |number, column, row| {
            let (_, frame) = self.decoded.iter().find(|(n, _)| *n == number)?;
            pixel_value(frame, column, row)
        }
    }
}

/// Modality value at column, row, as measurements see it; `None` for padding and where there is none.
pub(super) fn pixel_value(frame: &Frame, column: u32, row: u32) -> Option<f64> {
    if column >= frame.columns() || row >= frame.rows() || frame.is_padding(column, row) {
        return None;
    }
    frame.modality_value(column, row)
}
