//! Which earlier studies of a patient are worth having beside a new one.
//!
//! The same patient: the same Patient ID, and no contradiction where both studies say more (issuer, birth date,
//! sex). A name alone never makes two patients one. Relevant: earlier, and the same part of the body, judged by the
//! words of the descriptions; where either says nothing of the body, the same modality. First the same modality,
//! then the newest.

use crate::centre::StudyRow;
use crate::dicom::Uid;
use crate::dicom::fold::fold;
use crate::dicom::instance::Patient;
use crate::session::worklist::Row;

/// Priors of one study.
const MOST: usize = 2;

/// Parts of the body by what descriptions call them: whole words, beginnings of words (with a star), and Japanese
/// anywhere in the text. All folded.
const PARTS: [(&[&str], &[&str]); 7] = [
    (&["head", "brain", "cranial", "skull", "stroke", "neuro*", "sinus*", "orbit*"], &["頭", "脳"]),
    (&["neck", "thyroid", "carotid*", "larynx"], &["頸部", "頚部", "甲状腺"]),
    (&["chest", "thora*", "lung*", "cardiac", "heart", "coronary"], &["胸", "肺", "心"]),
    (
        &["abd", "abdom*", "liver", "renal", "kidney*", "pancrea*", "pelvi*", "urogra*"],
        &["腹", "肝", "腎", "膵", "胆", "骨盤"],
    ),
    (&["breast*", "mammo*"], &["乳"]),
    (&["spine", "spinal", "lumbar", "sacr*"], &["椎", "脊"]),
    (
        &["knee*", "hip", "hips", "shoulder*", "ankle*", "wrist*", "hand", "hands", "foot", "feet", "elbow*"],
        &["膝", "股関節", "肩", "足", "手", "肘"],
    ),
];

/// The relevant priors of `row` among what the centre has of its patient, the best first.
pub(super) fn relevant(row: &Row, others: &[StudyRow]) -> Vec<Uid> {
    let modalities: Vec<&str> = row.modality.split('\\').collect();
    let parts = parts(&row.description);
    let mut found: Vec<(bool, &StudyRow)> = Vec::new();
    for other in others {
        let same_modality = other.modalities.iter().any(|one| modalities.contains(&one.as_str()));
        let others = self::parts(&other.study.description);
        let fits = if parts == 0 || others == 0 { same_modality } else { parts & others != 0 };
        if fits && is_earlier(other, row) && is_same_patient(&other.patient, &row.patient) {
            found.push((!same_modality, other));
        }
    }
    let moment = |row: &StudyRow| (row.study.date.clone(), row.study.time.clone());
    found.sort_by_cached_key(|(other_modality, row)| (*other_modality, std::cmp::Reverse(moment(row))));
    found.into_iter().take(MOST).map(|(_, row)| row.study.uid.clone()).collect()
}

fn is_earlier(other: &StudyRow, row: &Row) -> bool {
    let when = (other.study.date.as_str(), other.study.time.as_str());
    other.study.uid != row.study && !other.study.date.is_empty() && when < (&row.date, &row.time)
}

/// Whether two studies can be one patient's. What only one of them says is no contradiction.
fn is_same_patient(a: &Patient, b: &Patient) -> bool {
    let texts = [
        (a.issuer.reveal(), b.issuer.reveal()),
        (a.birth_date.reveal(), b.birth_date.reveal()),
        (&a.sex, &b.sex),
    ];
    let agree = |(a, b): (&String, &String)| {
        let (a, b) = (a.trim(), b.trim());
        a.is_empty() || b.is_empty() || a == b
    };
    let id = a.id.reveal().trim();
    !id.is_empty() && id == b.id.reveal().trim() && texts.into_iter().all(agree)
}

/// The parts of the body that a description names, a bit each.
fn parts(description: &str) -> u32 {
    let text = fold(description);
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |pattern: &&str| match pattern.strip_suffix('*') {
        Some(beginning) => words.iter().any(|word| word.starts_with(beginning)),
        None => words.contains(pattern),
    };
    PARTS.iter().enumerate().fold(0, |found, (bit, (latin, japanese))| {
        let named = latin.iter().any(says) || japanese.iter().any(|part| text.contains(part));
        found | u32::from(named) << bit
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::instance::Study;
    use crate::dicom::{PersonName, Phi};
    use crate::session::worklist::{Claim, Folded, Priority, ReadingState};

    fn patient(id: &str, issuer: &str, birth_date: &str) -> Patient {
        let name = Phi::new(PersonName::parse("YAMADA^TAROU"));
        let phi = |text: &str| Phi::new(text.to_owned());
        let (id, issuer, birth_date) = (phi(id), phi(issuer), phi(birth_date));
        Patient { name, id, issuer, birth_date, sex: "M".into(), age: String::new() }
    }

    fn row() -> Row {
        Row {
            study: Uid::parse("1.1").unwrap(),
            patient: patient("7", "HOSP", "19530315"),
            modality: "CT\\SR".into(),
            description: "頭部単純ＣＴ".into(),
            date: "20261122".into(),
            time: "0310".into(),
            instances: None,
            received: 0,
            priority: Priority::Stat,
            state: ReadingState::Unread,
            claim: Claim::Nobody,
            grown: 0,
            folded: Folded::default(),
        }
    }

    fn other(uid: &str, modality: &str, description: &str, date: &str) -> StudyRow {
        StudyRow {
            patient: row().patient,
            study: Study {
                uid: Uid::parse(uid).unwrap(),
                date: date.into(),
                time: "1200".into(),
                id: Phi::default(),
                accession: Phi::default(),
                description: description.into(),
                referring_physician: Phi::default(),
            },
            modalities: vec![modality.into()],
            series: None,
            instances: None,
        }
    }

    fn found(others: &[StudyRow]) -> Vec<String> {
        relevant(&row(), others).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_same_part_of_the_body_counts_the_same_modality_first_then_the_newest() {
        let others = [
            other("1.1", "CT", "CT Head", "20261121"),
            other("1.2", "MR", "MR Brain", "20261101"),
            other("1.3", "CT", "CT HEAD", "20250101"),
            other("1.4", "CT", "", "20260101"),
            other("1.5", "CT", "CT Abdomen/Pelvis", "20261120"),
            other("1.6", "US", "", "20261120"),
            other("1.7", "CT", "CT HEAD", "20261123"),
            other("1.8", "CT", "CT HEAD", ""),
        ];
        assert_eq!(found(&others), ["1.4", "1.3"]);
        assert_eq!(found(&others[..2]), ["1.2"], "another modality where there is no other");
        assert_eq!(found(&others[4..]), [""; 0], "elsewhere in the body, unknown, later, or when unknown");
    }

    #[test]
    fn another_patients_study_is_never_a_prior() {
        let with = |patient| StudyRow { patient, ..other("1.3", "CT", "CT HEAD", "20250101") };
        let cases = [
            (patient("7", "HOSP", "19530315"), true),
            (patient(" 7 ", "", ""), true),
            (patient("7", "OTHER", "19530315"), false),
            (patient("7", "HOSP", "19600101"), false),
            (patient("8", "HOSP", "19530315"), false),
            (patient("", "HOSP", "19530315"), false),
        ];
        for (patient, expected) in cases {
            assert_eq!(!found(&[with(patient.clone())]).is_empty(), expected, "{:?}", patient.id.reveal());
        }
        let nobody = Row { patient: patient("", "HOSP", "19530315"), ..row() };
        assert!(relevant(&nobody, &[with(patient("", "HOSP", "19530315"))]).is_empty(), "two without an ID");
    }

    #[test]
    fn the_part_of_the_body_is_in_the_words_of_either_language() {
        let bit = |part: usize| 1 << part;
        let cases = [
            ("CT Head without contrast", bit(0)),
            ("頭部単純CT", bit(0)),
            ("胸部〜骨盤 造影CT", bit(2) | bit(3)),
            ("CT CHEST/ABD/PELVIS", bit(2) | bit(3)),
            ("Hippocampus MR", 0),
            ("MAMMOGRAPHY", bit(4)),
            ("腰椎MRI", bit(5)),
            ("Rt. knee", bit(6)),
            ("", 0),
        ];
        for (description, expected) in cases {
            assert_eq!(parts(description), expected, "{description}");
        }
    }
}
