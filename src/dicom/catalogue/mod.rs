//! From instances to what a reader sees: patients' studies, their series, and in each the stacks to scroll
//! through, sorted, measured, with what is missing told.

mod measure;
mod split;
mod stack;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub use measure::{Gap, StackGeometry};
pub use stack::{Stack, StackImage};

use super::error::WarningCode;
use super::instance::{Patient, Series, Study};
use super::{Instance, Uid, Warning};

/// One study of one patient.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyEntry {
    /// The patient, as the first instance names them.
    pub patient: Patient,
    /// The study, as the first instance describes it.
    pub study: Study,
    /// By number, then UID.
    pub series: Vec<SeriesEntry>,
    /// Such as: the same study under two patients.
    pub warnings: Vec<Warning>,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesEntry {
    /// The series, as the first instance describes it.
    pub series: Series,
    /// Its images. Localisers stand last, else in the order of their first image.
    pub stacks: Vec<Stack>,
    /// Its other objects: reports, presentation states, key object selections.
    pub others: Vec<Arc<Instance>>,
    /// The same as what a viewport shows of them: pages or lines to scroll through.
    pub documents: Vec<Stack>,
    /// Such as: an instance came twice.
    pub warnings: Vec<Warning>,
}

impl SeriesEntry {
    /// All that viewports show: images, then documents. Places in this order name a stack.
    pub fn all(&self) -> impl Iterator<Item = &Stack> {
        self.stacks.iter().chain(&self.documents)
    }

    /// The stack or document at this place.
    pub fn stack(&self, place: usize) -> Option<&Stack> {
        self.stacks.get(place).or_else(|| self.documents.get(place.checked_sub(self.stacks.len())?))
    }
}

/// Who a study belongs to. ID with issuer; without an ID, name and birth date too, so that two unnamed patients
/// never become one.
type Identity = (String, String, String, String);

fn identity(patient: &Patient) -> Identity {
    let (id, issuer) = (patient.id.reveal().clone(), patient.issuer.reveal().clone());
    if id.is_empty() {
        let name = patient.name.reveal().to_dicom();
        return (id, issuer, name, patient.birth_date.reveal().clone());
    }
    (id, issuer, String::new(), String::new())
}

/// Groups instances into studies, newest first. Never merges patients: one study UID under two identities
/// gives two entries, both with a warning.
pub fn studies(instances: Vec<Arc<Instance>>) -> Vec<StudyEntry> {
    let mut groups: BTreeMap<(Identity, Uid), Vec<Arc<Instance>>> = BTreeMap::new();
    for instance in instances {
        groups.entry((identity(&instance.patient), instance.study.uid.clone())).or_default().push(instance);
    }
    let mut owners: BTreeMap<Uid, usize> = BTreeMap::new();
    for (_, uid) in groups.keys() {
        *owners.entry(uid.clone()).or_default() += 1;
    }
    let mut all: Vec<StudyEntry> =
        groups.into_iter().map(|((_, uid), instances)| study(instances, owners[&uid] > 1)).collect();
    let moment = |entry: &StudyEntry| (entry.study.date.clone(), entry.study.time.clone());
    all.sort_by_key(|entry| std::cmp::Reverse(moment(entry)));
    all
}

fn study(instances: Vec<Arc<Instance>>, shared_uid: bool) -> StudyEntry {
    let first = Arc::clone(&instances[0]);
    let name = first.patient.name.reveal();
    let mut warnings = Vec::new();
    if shared_uid {
        warnings.push(Warning::new(WarningCode::MixedPatients, "(0010,0020)"));
    }
    if instances.iter().any(|other| !other.patient.name.reveal().may_be(name)) {
        warnings.push(Warning::new(WarningCode::MixedPatients, "(0010,0010)"));
    }
    let mut groups: BTreeMap<Uid, Vec<Arc<Instance>>> = BTreeMap::new();
    for instance in instances {
        groups.entry(instance.series.uid.clone()).or_default().push(instance);
    }
    let mut series: Vec<SeriesEntry> = groups.into_values().map(one_series).collect();
    series.sort_by_key(|entry| (entry.series.number.is_none(), entry.series.number));
    StudyEntry { patient: first.patient.clone(), study: first.study.clone(), series, warnings }
}

fn one_series(instances: Vec<Arc<Instance>>) -> SeriesEntry {
    let series = instances[0].series.clone();
    let mut warnings = Vec::new();
    let mut seen = HashSet::new();
    let (mut images, mut others) = (Vec::new(), Vec::new());
    for instance in instances {
        if !seen.insert(instance.sop_instance.clone()) {
            let warning = Warning::new(WarningCode::Duplicates, "(0008,0018)");
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        } else if instance.image.is_some() && instance.document.is_none() {
            images.push(instance);
        } else {
            others.push(instance);
        }
    }
    others.sort_by_key(|instance| (instance.instance_number, instance.sop_instance.clone()));
    let documents = others.iter().filter_map(stack::of_document).collect();
    SeriesEntry { series, stacks: stack::stacks(images), documents, others, warnings }
}
