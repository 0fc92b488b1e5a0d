//! What is asked of QIDO-RS, and the same question put to each row that comes back: centres ignore keys they
//! do not know and answer with everything (PS3.18 8.3.4.1 lets them).

use chrono::NaiveDate;
use url::Url;

use super::StudyRow;
use crate::dicom::fold::fold;
use crate::dicom::{PersonName, Phi, Uid};

/// A search for studies; what is `None` is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudyQuery {
    /// Study Instance UID.
    pub study: Option<Uid>,
    /// Patient ID, exactly.
    pub patient_id: Option<Phi<String>>,
    /// A part of the name in any of its writings, without regard to case, width or kana, its words in any order.
    /// Only the longest word in ASCII is sent to the centre (Orthanc finds nothing in kanji, and matches a name as
    /// one text in its own order); the others are looked for here in all that the rest of the query finds.
    pub patient_name: Option<Phi<String>>,
    /// Accession Number, exactly.
    pub accession: Option<Phi<String>>,
    /// Study Date.
    pub dates: Option<DateRange>,
    /// One modality that the study must have, as in `CT`.
    pub modality: Option<String>,
    /// At most so many rows; [`super::Rows::complete`] is false when there were more.
    pub at_most: Option<usize>,
}

/// Days from `from` to `to`, both inclusive; an open end is `None` (PS3.4 C.2.2.2.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateRange {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl DateRange {
    fn to_dicom(self) -> Option<String> {
        let day = |date: NaiveDate| date.format("%Y%m%d").to_string();
        match (self.from.map(day), self.to.map(day)) {
            (None, None) => None,
            (Some(from), Some(to)) if from == to => Some(from),
            (from, to) => Some(format!("{}-{}", from.unwrap_or_default(), to.unwrap_or_default())),
        }
    }

    /// Whether `date` (`YYYYMMDD`) lies in it; one that cannot be read does, so that nothing is hidden.
    fn holds(self, date: &str) -> bool {
        let Ok(date) = NaiveDate::parse_from_str(date, "%Y%m%d") else { return true };
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

impl StudyQuery {
    /// Adds the keys to the address.
    pub(super) fn write(&self, url: &mut Url) {
        let mut pairs = url.query_pairs_mut();
        let mut key = |name, value: Option<&str>| {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        };
        key("StudyInstanceUID", self.study.as_ref().map(Uid::as_str));
        key("PatientID", self.patient_id.as_ref().map(|id| id.reveal().as_str()));
        key("AccessionNumber", self.accession.as_ref().map(|id| id.reveal().as_str()));
        key("StudyDate", self.dates.and_then(DateRange::to_dicom).as_deref());
        key("ModalitiesInStudy", self.modality.as_deref());
        let name = self.patient_name.as_ref().map(|name| name.reveal().as_str());
        let pattern = name.and_then(wildcard);
        key("PatientName", pattern.as_deref());
    }

    /// Whether a row answers the query. An absent modality or date cannot be judged and stays; an absent
    /// patient ID where one was asked for does not, because it would show another patient.
    pub(super) fn matches(&self, row: &StudyRow) -> bool {
        let equal = |asked: &Option<Phi<String>>, have: &Phi<String>| {
            asked.as_ref().is_none_or(|asked| asked.reveal().trim() == have.reveal().trim())
        };
        let modality = |asked: &String| row.modalities.is_empty() || row.modalities.contains(asked);
        self.study.as_ref().is_none_or(|uid| *uid == row.study.uid)
            && equal(&self.patient_id, &row.patient.id)
            && equal(&self.accession, &row.study.accession)
            && self.dates.is_none_or(|dates| dates.holds(&row.study.date))
            && self.modality.as_ref().is_none_or(modality)
            && self.patient_name.as_ref().is_none_or(|n| name_matches(n.reveal(), row.patient.name.reveal()))
    }
}

/// `Yamada Tarou` as `*Yamada*`; `None` when no word of it is in ASCII.
fn wildcard(name: &str) -> Option<String> {
    let words = words(name).filter(|word| word.is_ascii());
    // The first of the longest.
    let longest = words.reduce(|longest, word| if word.len() > longest.len() { word } else { longest });
    longest.map(|word| format!("*{word}*"))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split([' ', '\u{3000}', '^', '*', '?']).filter(|word| !word.is_empty())
}

/// Whether every word asked for is in one of the name's writings.
fn name_matches(asked: &str, name: &PersonName) -> bool {
    let groups = [&name.alphabetic, &name.ideographic, &name.phonetic].map(|group| fold(group));
    let asked = fold(asked);
    groups.iter().any(|group| words(&asked).all(|word| group.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::rows::study_row;

    fn row(json: &serde_json::Value) -> StudyRow {
        study_row(super::super::json::Item::of(json).unwrap()).unwrap()
    }

    fn yamada() -> StudyRow {
        row(&serde_json::json!({
            "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
            "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}]},
            "00100020": {"vr": "LO", "Value": ["0012"]},
            "00080020": {"vr": "DA", "Value": ["20260301"]},
            "00080061": {"vr": "CS", "Value": ["CT", "SR"]},
        }))
    }

    fn phi(text: &str) -> Option<Phi<String>> {
        Some(Phi::new(text.to_owned()))
    }

    fn days(from: &str, to: &str) -> Option<DateRange> {
        let day = |text| NaiveDate::parse_from_str(text, "%Y%m%d").ok();
        Some(DateRange { from: day(from), to: day(to) })
    }

    #[test]
    fn a_row_that_was_not_asked_for_is_dropped() {
        let ask = StudyQuery::default;
        let cases = [
            (ask(), true),
            (StudyQuery { patient_id: phi("0012"), ..ask() }, true),
            (StudyQuery { patient_id: phi("12"), ..ask() }, false),
            (StudyQuery { patient_id: phi("00*"), ..ask() }, false),
            (StudyQuery { accession: phi("A1"), ..ask() }, false),
            (StudyQuery { modality: Some("CT".into()), ..ask() }, true),
            (StudyQuery { modality: Some("MR".into()), ..ask() }, false),
            (StudyQuery { dates: days("20260301", "20260301"), ..ask() }, true),
            (StudyQuery { dates: days("20260302", ""), ..ask() }, false),
            (StudyQuery { dates: days("", "20260228"), ..ask() }, false),
            (StudyQuery { patient_name: phi("yamada"), ..ask() }, true),
            (StudyQuery { patient_name: phi("Tarou Yamada"), ..ask() }, true),
            (StudyQuery { patient_name: phi("山田"), ..ask() }, true),
            (StudyQuery { patient_name: phi("山田　太郎"), ..ask() }, true),
            (StudyQuery { patient_name: phi("ＹＡＭＡＤＡ"), ..ask() }, true),
            (StudyQuery { patient_name: phi("鈴木"), ..ask() }, false),
            (StudyQuery { study: Uid::parse("1.2.4").ok(), ..ask() }, false),
        ];
        for (query, expected) in cases {
            assert_eq!(query.matches(&yamada()), expected, "{query:?}");
        }
        // No date, no modality: cannot be judged. No patient ID: not this patient.
        let bare = row(&serde_json::json!({"0020000D": {"vr": "UI", "Value": ["1.2.3"]}}));
        let query = StudyQuery { dates: days("20260302", ""), modality: Some("CT".into()), ..ask() };
        assert!(query.matches(&bare));
        assert!(!StudyQuery { patient_id: phi("0012"), ..ask() }.matches(&bare));
    }

    #[test]
    fn keys_go_out_as_the_standard_writes_them() {
        let written = |query: StudyQuery| {
            let mut url = Url::parse("https://a/studies").unwrap();
            query.write(&mut url);
            url.query_pairs().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" ")
        };
        let ask = StudyQuery::default;
        assert_eq!(written(StudyQuery { dates: days("20260301", ""), ..ask() }), "StudyDate=20260301-");
        assert_eq!(written(StudyQuery { dates: days("", "20260301"), ..ask() }), "StudyDate=-20260301");
        assert_eq!(
            written(StudyQuery { dates: days("20260301", "20260301"), ..ask() }),
            "StudyDate=20260301"
        );
        assert_eq!(
            written(StudyQuery { patient_name: phi("Yamada Tarou"), ..ask() }),
            "PatientName=*Yamada*"
        );
        assert_eq!(written(StudyQuery { patient_name: phi("山田"), ..ask() }), "");
        assert_eq!(written(StudyQuery { patient_id: phi("a&b=c"), ..ask() }), "PatientID=a&b=c");
    }
}
