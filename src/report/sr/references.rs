//! References to the objects around the report (PS3.3 C.17.2): evidence, and the report it follows.

use std::collections::BTreeMap;

use dicom_core::VR;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::super::{Evidence, Part, Report, ReportError};
use super::Signing;
use super::dataset::{item, sequence, text};
use crate::dicom::{Instance, Uid};

/// Objects by study and series, each once, in a fixed order.
type Hierarchy<'a> = BTreeMap<&'a Uid, BTreeMap<&'a Uid, BTreeMap<&'a Uid, &'a Instance>>>;

/// Puts the evidence, predecessor and request sequences. Every image the content refers to is listed: those
/// of the reported study as Current Requested Procedure Evidence, others as Pertinent Other Evidence.
pub(super) fn evidence(
    object: &mut InMemDicomObject,
    report: &Report,
    evidence: &Evidence<'_>,
    signing: &Signing,
) -> Result<(), ReportError> {
    let mut current = Hierarchy::new();
    let mut other = Hierarchy::new();
    for (uid, part) in referenced(report) {
        let instance = evidence.find(uid, None, part)?.image.instance;
        let side = if instance.study.uid == report.study { &mut current } else { &mut other };
        insert(side, instance);
    }
    for (tag, hierarchy) in [
        (tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, &current),
        (tags::PERTINENT_OTHER_EVIDENCE_SEQUENCE, &other),
    ] {
        if !hierarchy.is_empty() {
            object.put(sequence(tag, items(hierarchy)));
        }
    }
    if let (Some(_), Some(predecessor)) = (&report.predecessor, evidence.predecessor) {
        if predecessor.sop_instance == signing.sop_instance {
            return Err(ReportError::UnknownPredecessor);
        }
        let mut hierarchy = Hierarchy::new();
        insert(&mut hierarchy, predecessor);
        object.put(sequence(tags::PREDECESSOR_DOCUMENTS_SEQUENCE, items(&hierarchy)));
    }
    request(object, evidence.study);
    Ok(())
}

fn referenced(report: &Report) -> impl Iterator<Item = (&Uid, Part)> {
    let measured = report.measurements.iter().enumerate();
    let key_images = report.key_images.iter().enumerate();
    measured
        .map(|(index, m)| (&m.image, Part::Measurement(index + 1)))
        .chain(key_images.map(|(index, k)| (&k.image, Part::KeyImage(index + 1))))
}

fn insert<'a>(hierarchy: &mut Hierarchy<'a>, instance: &'a Instance) {
    let series = hierarchy.entry(&instance.study.uid).or_default();
    series.entry(&instance.series.uid).or_default().insert(&instance.sop_instance, instance);
}

/// Hierarchical SOP Instance Reference macro (PS3.3 table C.17-3).
fn items(hierarchy: &Hierarchy<'_>) -> Vec<InMemDicomObject> {
    let instance = |instance: &&Instance| {
        item([
            text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, instance.sop_class.as_str()),
            text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance.sop_instance.as_str()),
        ])
    };
    let series = |(uid, instances): (&&Uid, &BTreeMap<&Uid, &Instance>)| {
        item([
            sequence(tags::REFERENCED_SOP_SEQUENCE, instances.values().map(instance).collect()),
            text(tags::SERIES_INSTANCE_UID, VR::UI, uid.as_str()),
        ])
    };
    let study = |(uid, all): (&&Uid, &BTreeMap<&Uid, BTreeMap<&Uid, &Instance>>)| {
        item([
            sequence(tags::REFERENCED_SERIES_SEQUENCE, all.iter().map(series).collect()),
            text(tags::STUDY_INSTANCE_UID, VR::UI, uid.as_str()),
        ])
    };
    hierarchy.iter().map(study).collect()
}

/// Referenced Request Sequence: the order that the report answers, known by its accession number.
fn request(object: &mut InMemDicomObject, study: &Instance) {
    let accession = study.study.accession.reveal();
    if accession.is_empty() {
        return;
    }
    let order = item([
        text(tags::STUDY_INSTANCE_UID, VR::UI, study.study.uid.as_str()),
        sequence(tags::REFERENCED_STUDY_SEQUENCE, Vec::new()),
        text(tags::ACCESSION_NUMBER, VR::SH, accession),
        text(tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST, VR::LO, ""),
        text(tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST, VR::LO, ""),
        text(tags::REQUESTED_PROCEDURE_ID, VR::SH, ""),
        text(tags::REQUESTED_PROCEDURE_DESCRIPTION, VR::LO, ""),
        sequence(tags::REQUESTED_PROCEDURE_CODE_SEQUENCE, Vec::new()),
    ]);
    object.put(sequence(tags::REFERENCED_REQUEST_SEQUENCE, vec![order]));
}
