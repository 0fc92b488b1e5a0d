//! How old a patient was at a study, in the unit that a clinician would use.

use chrono::{Datelike, NaiveDate};

use super::instance::Patient;

/// An age: years from two years on, months below, days in the first month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Whole years.
    Years(u32),
    /// Whole months.
    Months(u32),
    /// Days.
    Days(u32),
}

impl Age {
    fn whole_years(self) -> u32 {
        match self {
            Self::Years(years) => years,
            Self::Months(months) => months / 12,
            Self::Days(_) => 0,
        }
    }
}

/// How old a patient was at a study, and whether what says so agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeAtStudy {
    /// The age.
    pub age: Age,
    /// What Patient's Age says instead, where that is more than a year off the dates.
    pub disputed: Option<Age>,
}

impl AgeAtStudy {
    /// The age at a study of `study_date` (`YYYYMMDD` or empty). Patient's Age (PS3.3 C.7.2.2, an AS value) is
    /// what the modality wrote down at the study and comes first; for infants, whose age it may give too
    /// coarsely, where it is absent or impossible (`000Y`), and where the dates contradict it, the dates say.
    /// `None` where nothing says.
    pub fn of(patient: &Patient, study_date: &str) -> Option<Self> {
        let written = written(&patient.age);
        let dates = day(patient.birth_date.reveal()).zip(day(study_date));
        let counted = dates.and_then(|(born, at)| counted(born, at));
        match (written, counted) {
            (Some(written), Some(counted)) if written.whole_years().abs_diff(counted.whole_years()) > 1 => {
                Some(Self { age: counted, disputed: Some(written) })
            }
            (Some(age @ Age::Years(2..)), _) => Some(Self { age, disputed: None }),
            (written, counted) => counted.or(written).map(|age| Self { age, disputed: None }),
        }
    }
}

/// More years than anybody has lived.
const MOST_YEARS: u32 = 130;

/// An AS value (PS3.5 6.2): three digits and `D`, `W`, `M` or `Y`.
fn written(age: &str) -> Option<Age> {
    let age = age.trim();
    let at = age.len().checked_sub(1)?;
    let number: u32 = age.get(..at)?.parse().ok().filter(|number| *number > 0)?;
    let of_days = |days: u32| match days {
        0..31 => Age::Days(days),
        // 1461 days are 48 months.
        _ => of_months(days.saturating_mul(48) / 1461),
    };
    match age.get(at..)? {
        "Y" if number <= MOST_YEARS => Some(Age::Years(number)),
        "M" => Some(of_months(number)),
        "W" => Some(of_days(number.saturating_mul(7))),
        "D" => Some(of_days(number)),
        _ => None,
    }
}

fn of_months(months: u32) -> Age {
    if months < 24 { Age::Months(months) } else { Age::Years(months / 12) }
}

fn counted(born: NaiveDate, at: NaiveDate) -> Option<Age> {
    let days = u32::try_from((at - born).num_days()).ok()?;
    let month_of = |date: NaiveDate| date.year() * 12 + i32::try_from(date.month0()).unwrap_or(0);
    let begun = month_of(at) - month_of(born);
    let whole = u32::try_from(begun - i32::from(at.day() < born.day())).ok()?;
    Some(if whole == 0 { Age::Days(days) } else { of_months(whole) })
}

/// A DA value (PS3.5 6.2), `YYYYMMDD`.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(number(0..4)?.try_into().ok()?, number(4..6)?, number(6..8)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::Phi;

    #[test]
    fn ages_are_in_the_unit_that_a_clinician_would_use() {
        let cases = [
            // Patient's Age, birth date, study date, age
            ("073Y", "", "", Some(Age::Years(73))),
            ("073Y", "19530101", "20261122", Some(Age::Years(73))),
            ("", "19530315", "20261122", Some(Age::Years(73))),
            ("", "19531123", "20261122", Some(Age::Years(72))),
            ("", "20241122", "20261122", Some(Age::Years(2))),
            ("", "20241123", "20261122", Some(Age::Months(23))),
            ("001Y", "20250322", "20261122", Some(Age::Months(20))),
            ("001Y", "", "20261122", Some(Age::Years(1))),
            ("", "20261022", "20261122", Some(Age::Months(1))),
            ("", "20261023", "20261122", Some(Age::Days(30))),
            ("", "20261122", "20261122", Some(Age::Days(0))),
            ("", "20240229", "20250228", Some(Age::Months(11))),
            ("008M", "", "", Some(Age::Months(8))),
            ("030M", "", "", Some(Age::Years(2))),
            ("003W", "", "", Some(Age::Days(21))),
            ("012W", "", "", Some(Age::Months(2))),
            ("", "20261123", "20261122", None),
            ("old", "1953", "20261122", None),
            ("Y", "", "", None),
            ("000Y", "", "", None),
            ("000Y", "19530101", "20261122", Some(Age::Years(73))),
            ("999Y", "", "", None),
            ("072Y", "19530101", "20261122", Some(Age::Years(72))),
            ("037Y", "19530101", "20261122", Some(Age::Years(73))),
            ("歳", "19530231", "20261122", None),
        ];
        for (age, birth, study, expected) in cases {
            let patient =
                Patient { age: age.into(), birth_date: Phi::new(birth.into()), ..Patient::default() };
            let told = AgeAtStudy::of(&patient, study);
            assert_eq!(told.map(|told| told.age), expected, "{age} {birth} {study}");
            let disputed = told.and_then(|told| told.disputed);
            assert_eq!(disputed.is_some(), age == "037Y", "{age} {birth} {study}");
        }
    }
}
