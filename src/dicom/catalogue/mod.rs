//! From instances to what a reader sees: patients' studies, their series, and in each the stacks to scroll
//! through, sorted, measured, with what is missing told.

mod measure;
mod split;
mod stack;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

pub use measure::{Gap, StackGeometry, gaps};
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
    /// Such as: an instance came twice, the series stands in two studies.
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
    let mut homes: BTreeMap<Uid, HashSet<Uid>> = BTreeMap::new();
    for ((_, uid), instances) in &groups {
        *owners.entry(uid.clone()).or_default() += 1;
        for instance in instances {
            homes.entry(instance.series.uid.clone()).or_default().insert(uid.clone());
        }
    }
    let mut all: Vec<StudyEntry> =
        groups.into_iter().map(|((_, uid), instances)| study(instances, owners[&uid] > 1)).collect();
    for series in all.iter_mut().flat_map(|study| &mut study.series) {
        if homes.get(&series.series.uid).is_some_and(|studies| studies.len() > 1) {
            series.warnings.push(Warning::new(WarningCode::SplitSeries, "(0020,000d)"));
        }
    }
    let moment = |entry: &StudyEntry| (entry.study.date.clone(), entry.study.time.clone());
    all.sort_by_key(|entry| std::cmp::Reverse(moment(entry)));
    all
}

fn study(instances: Vec<Arc<Instance>>, shared_uid: bool) -> StudyEntry {
    let first = Arc::clone(&instances[0]);
    let mut warnings = Vec::new();
    let mut mixed = |holds: bool, about: &str| {
        if holds {
            warnings.push(Warning::new(WarningCode::MixedPatients, about));
        }
    };
    let differs = |same: &dyn Fn(&Patient, &Patient) -> bool| {
        instances.iter().any(|other| !same(&first.patient, &other.patient))
    };
    mixed(shared_uid, "(0010,0020)");
    mixed(differs(&|a, b| a.name.reveal().may_be(b.name.reveal())), "(0010,0010)");
    // Objects made later often leave the birth date out; two different ones are two people.
    let unsaid = |patient: &Patient| patient.birth_date.reveal().is_empty();
    mixed(differs(&|a, b| unsaid(a) || unsaid(b) || a.birth_date == b.birth_date), "(0010,0030)");
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
    let (mut twice, mut conflicting) = (0_u32, 0_u32);
    let mut seen: HashMap<Uid, Arc<Instance>> = HashMap::new();
    let (mut images, mut others) = (Vec::new(), Vec::new());
    for instance in instances {
        if let Some(first) = seen.get(&instance.sop_instance) {
            let alike = Arc::ptr_eq(first, &instance) || **first == *instance;
            *(if alike { &mut twice } else { &mut conflicting }) += 1;
            continue;
        }
        seen.insert(instance.sop_instance.clone(), Arc::clone(&instance));
        let is_image = instance.image.is_some() && instance.document.is_none();
        if is_image { &mut images } else { &mut others }.push(instance);
    }
    let count = |code, count: u32| (count > 0).then(|| Warning::new(code, count.to_string()));
    let told = [count(WarningCode::Twice, twice), count(WarningCode::Conflicting, conflicting)];
    let warnings = told.into_iter().flatten().collect();
    others.sort_by_key(|instance| (instance.instance_number, instance.sop_instance.clone()));
    let documents = others.iter().filter_map(stack::of_document).collect();
    SeriesEntry { series, stacks: stack::stacks(images), documents, others, warnings }
}
