//! Dates, times, ages, sexes and names as each language writes them.

use super::{Language, Message, say};
use crate::dicom::instance::Patient;
use crate::dicom::person_name::group_for_display;
use crate::dicom::{Age, AgeAtStudy, PersonName};

/// What stands where nothing is known.
pub const NOTHING: &str = "—";

/// A DA value (PS3.5 6.2) for a table: `2026-11-22`, in Japanese `2026/11/22`. What is no such value comes back
/// as it is.
pub fn date(language: Language, date: &str) -> String {
    let between = match language {
        Language::English => "-",
        Language::Japanese => "/",
    };
    parts(date).map_or_else(|| date.to_owned(), |parts| parts.join(between))
}

/// A DA value in running text: `2026-11-22`, in Japanese `2026年11月22日`.
pub fn long_date(language: Language, date: &str) -> String {
    match (language, parts(date)) {
        (Language::Japanese, Some([year, month, day])) => {
            let bare = |number: &str| number.trim_start_matches('0').to_owned();
            format!("{year}年{}月{}日", bare(month), bare(day))
        }
        _ => self::date(language, date),
    }
}

/// A TM value (PS3.5 6.2) as hours and minutes; empty where it has none.
pub fn time(time: &str) -> String {
    match (time.get(..2), time.get(2..4)) {
        (Some(hours), Some(minutes)) if time.bytes().take(4).all(|b| b.is_ascii_digit()) => {
            format!("{hours}:{minutes}")
        }
        _ => String::new(),
    }
}

fn parts(date: &str) -> Option<[&str; 3]> {
    let plain = date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| [&date[..4], &date[4..6], &date[6..]])
}

/// The clock's reading some milliseconds ago, `21:03:12`.
pub fn clock_ago(ms: u64) -> String {
    let ago = chrono::TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(0));
    (chrono::Local::now() - ago).format("%H:%M:%S").to_string()
}

/// An age, as in `73 y` and `73歳`.
pub fn age(language: Language, age: Age) -> String {
    let (id, number) = match age {
        Age::Years(years) => ("worklist-age-years", years),
        Age::Months(months) => ("worklist-age-months", months),
        Age::Days(days) => ("worklist-age-days", days),
    };
    say(language, &Message::new(id).with("number", number))
}

/// The age at a study, marked where Patient's Age contradicts the birth date; then what there is to say about
/// that. Both empty where there is nothing to say.
pub fn age_at_study(language: Language, patient: &Patient, study_date: &str) -> (String, String) {
    let Some(told) = AgeAtStudy::of(patient, study_date) else { return Default::default() };
    let counted = age(language, told.age);
    let Some(disputed) = told.disputed else { return (counted, String::new()) };
    let why =
        Message::new("worklist-age-why").with("written", age(language, disputed)).with("counted", &counted);
    let marked = Message::new("worklist-age-disputed").with("age", &counted);
    (say(language, &marked), say(language, &why))
}

/// Patient's Sex (PS3.3 C.7.1.1) in one letter or character; empty where it is not known.
pub fn sex(language: Language, sex: &str) -> String {
    let id = match sex {
        "M" => "worklist-sex-male",
        "F" => "worklist-sex-female",
        "O" => "worklist-sex-other",
        _ => return String::new(),
    };
    say(language, &Message::new(id))
}

/// A person's name as a reader of `language` looks for it, and the writing that stands beside it: in Japanese
/// kanji with kana, else the alphabetic writing with kanji or kana. Empty where there is none.
pub fn name(language: Language, name: &PersonName) -> (String, String) {
    let (alphabetic, ideographic, phonetic) = (&name.alphabetic, &name.ideographic, &name.phonetic);
    let order = match language {
        Language::English => [alphabetic, ideographic, phonetic],
        Language::Japanese => [ideographic, phonetic, alphabetic],
    };
    let mut written =
        order.into_iter().map(|group| group_for_display(group)).filter(|group| !group.is_empty());
    (written.next().unwrap_or_default(), written.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Japanese};

    #[test]
    fn dates_and_times_are_written_as_the_language_does() {
        assert_eq!([date(English, "20261122"), date(Japanese, "20261122")], ["2026-11-22", "2026/11/22"]);
        let long = [long_date(English, "20260102"), long_date(Japanese, "20260102")];
        assert_eq!(long, ["2026-01-02", "2026年1月2日"]);
        assert_eq!(
            [date(English, ""), date(Japanese, "2026"), long_date(Japanese, "昭和")],
            ["", "2026", "昭和"]
        );
        assert_eq!(["031059.120", "0310", "03", "", "三時"].map(time), ["03:10", "03:10", "", "", ""]);
    }

    #[test]
    fn ages_and_sexes_are_words_of_the_language() {
        let ages = [Age::Years(73), Age::Months(8), Age::Days(12)];
        assert_eq!(ages.map(|one| age(Japanese, one)), ["73歳", "8か月", "日齢12"]);
        assert_eq!(ages.map(|one| age(English, one)), ["73 y", "8 mo", "12 d"]);
        assert_eq!(["M", "F", "O", ""].map(|one| sex(Japanese, one)), ["男", "女", "他", ""]);
    }

    #[test]
    fn each_language_looks_for_its_own_writing_of_a_name_first() {
        let full = PersonName::parse("Yamada^Tarou=山田^太郎=やまだ^たろう");
        assert_eq!(name(Japanese, &full), ("山田 太郎".to_owned(), "やまだ たろう".to_owned()));
        assert_eq!(name(English, &full), ("Yamada Tarou".to_owned(), "山田 太郎".to_owned()));
        let romaji = PersonName::parse("DOE^JANE");
        assert_eq!(name(Japanese, &romaji), ("DOE JANE".to_owned(), String::new()));
        assert_eq!(name(English, &PersonName::default()), (String::new(), String::new()));
    }
}
