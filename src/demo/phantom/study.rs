//! The list of made-up studies and how an instance of one is asked for.

use chrono::{Days, NaiveDate};
use dicom_object::InMemDicomObject;
use sha2::{Digest, Sha256};

use super::head::Technique;
use super::objects::{self, Kind};
use super::patients::Person;
use super::torso::Occasion;
use crate::demo::archive::{Priority, Study};
use crate::dicom::Uid;
use crate::dicom::instance::Patient;

/// A made-up study: what a worklist shows of it, and its instances on request.
#[derive(Debug, Clone)]
pub struct PhantomStudy {
    /// Study Instance UID, the same on every run.
    pub study: Uid,
    /// Whose it is; the age is that on the day of the study.
    pub patient: Patient,
    /// Its urgency.
    pub priority: Priority,
    /// Study Date.
    pub date: NaiveDate,
    /// Study Time, `HHMMSS`.
    pub time: &'static str,
    /// Study Description.
    pub description: &'static str,
    /// Modality of its series.
    pub modality: &'static str,
    /// Accession Number.
    pub accession: String,
    pub(super) series: Vec<Series>,
}

/// One series: all of its instances are of a kind.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) uid: Uid,
    pub(super) frame_of_reference: Uid,
    pub(super) number: u32,
    pub(super) kind: Kind,
    name: String,
}

/// Which object an instance is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InstanceIdentity {
    /// Series Instance UID.
    pub series: Uid,
    /// SOP Class UID.
    pub sop_class: Uid,
    /// SOP Instance UID.
    pub sop_instance: Uid,
}

impl PhantomStudy {
    /// Which object instance `i` (from 0, series after series) is. Panics past the end, as slices do.
    pub fn identity(&self, i: usize) -> InstanceIdentity {
        let (series, n) = self.locate(i);
        InstanceIdentity {
            series: series.uid.clone(),
            sop_class: series.kind.sop_class(),
            sop_instance: uid(&format!("{}/{n}", series.name)),
        }
    }

    /// The whole data set of instance `i`, pixels native for Explicit VR Little Endian. Computes the pixels
    /// (some 20 ms for a CT slice, seconds for the first radiograph). Panics past the end.
    pub fn dataset(&self, i: usize) -> InMemDicomObject {
        let (series, n) = self.locate(i);
        let mut object = self.header(i);
        objects::put_pixels(&mut object, series.kind, n);
        object
    }

    fn locate(&self, i: usize) -> (&Series, u32) {
        let mut before = 0;
        for series in &self.series {
            let count = series.kind.count() as usize;
            if i < before + count {
                return (series, (i - before) as u32);
            }
            before += count;
        }
        panics_past_the_end(i, before)
    }
}

impl Study for PhantomStudy {
    fn uid(&self) -> &Uid {
        &self.study
    }

    fn priority(&self) -> Priority {
        self.priority
    }

    fn len(&self) -> usize {
        self.series.iter().map(|s| s.kind.count() as usize).sum()
    }

    fn header(&self, i: usize) -> InMemDicomObject {
        let (series, n) = self.locate(i);
        objects::header(self, series, n, &self.identity(i))
    }

    fn file(&self, i: usize) -> Vec<u8> {
        objects::part10(self.dataset(i), &self.identity(i))
    }
}

#[allow(clippy::panic, reason = "an index past the end is the caller's bug, as with slices")]
fn panics_past_the_end(i: usize, len: usize) -> ! {
    panic!("instance {i} of a study of {len}")
}

/// A UID from a name: a UUID of version 8 made of its hash (PS3.5 B.2, RFC 9562 5.8).
fn uid(name: &str) -> Uid {
    let digest = Sha256::digest(format!("dokuei phantom {name}").as_bytes());
    let mut bits = digest.iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    bits = bits & !(0xf << 76) | 8 << 76;
    bits = bits & !(0b11 << 62) | 0b10 << 62;
    Uid::from_uuid_bits(bits)
}

/// What [`studies`] needs to know of one.
struct Plan {
    name: &'static str,
    person: Person,
    priority: Priority,
    days_ago: u64,
    time: &'static str,
    description: &'static str,
    modality: &'static str,
    kinds: &'static [Kind],
}

const PLANS: [Plan; 7] = [
    Plan {
        name: "head-stat",
        person: Person::Morita,
        priority: Priority::Stat,
        days_ago: 0,
        time: "025108",
        description: "頭部CT 単純 (救急)",
        modality: "CT",
        kinds: &[Kind::HeadCt],
    },
    Plan {
        name: "chest-current",
        person: Person::Aoki,
        priority: Priority::High,
        days_ago: 0,
        time: "091542",
        description: "胸腹部CT 造影",
        modality: "CT",
        kinds: &[Kind::ChestCt(Occasion::Current)],
    },
    Plan {
        name: "chest-prior",
        person: Person::Aoki,
        priority: Priority::Read,
        days_ago: 371,
        time: "103317",
        description: "胸腹部CT 造影",
        modality: "CT",
        kinds: &[Kind::ChestCt(Occasion::Prior)],
    },
    Plan {
        name: "head-mr",
        person: Person::Kobayashi,
        priority: Priority::Medium,
        days_ago: 0,
        time: "100224",
        description: "頭部MRI 単純",
        modality: "MR",
        kinds: &[Kind::HeadMr(Technique::T1), Kind::HeadMr(Technique::T2), Kind::HeadMr(Technique::Flair)],
    },
    Plan {
        name: "chest-film",
        person: Person::Takahashi,
        priority: Priority::Low,
        days_ago: 1,
        time: "143005",
        description: "胸部X線 正面",
        modality: "DX",
        kinds: &[Kind::Film(Occasion::Film)],
    },
    Plan {
        name: "chest-film-other",
        person: Person::OtherTakahashi,
        priority: Priority::Medium,
        days_ago: 1,
        time: "144120",
        description: "胸部X線 正面",
        modality: "DX",
        kinds: &[Kind::Film(Occasion::FilmWithMass)],
    },
    Plan {
        name: "abdomen-us",
        person: Person::Fujita,
        priority: Priority::Medium,
        days_ago: 0,
        time: "112950",
        description: "腹部超音波",
        modality: "US",
        kinds: &[Kind::Ultrasound],
    },
];

/// The demo centre's studies, dated back from `today`; everything else is the same on every run. Cheap: no
/// pixels are computed.
pub fn studies(today: NaiveDate) -> Vec<PhantomStudy> {
    PLANS.iter().enumerate().map(|(i, plan)| study(plan, i, today)).collect()
}

/// Study Instance UID of the current chest CT, in which [`super::answers`] places the nodule.
pub fn nodule_study() -> Uid {
    uid("chest-current")
}

fn study(plan: &Plan, i: usize, today: NaiveDate) -> PhantomStudy {
    let date = today.checked_sub_days(Days::new(plan.days_ago)).unwrap_or(today);
    let series = plan.kinds.iter().zip(1u32..).map(|(kind, number)| {
        let name = format!("{}/{number}", plan.name);
        // Series of one visit share the frame of reference.
        let frame_of_reference = uid(&format!("{}/frame of reference", plan.name));
        Series { uid: uid(&name), frame_of_reference, number, kind: *kind, name }
    });
    PhantomStudy {
        study: uid(plan.name),
        patient: plan.person.on(date),
        priority: plan.priority,
        date,
        time: plan.time,
        description: plan.description,
        modality: plan.modality,
        accession: format!("A{:06}", 240_100 + i * 7),
        series: series.collect(),
    }
}
