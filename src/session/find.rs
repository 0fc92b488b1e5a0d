//! Finding rows by what a reader types: case, width and kana do not matter.

use super::worklist::Row;
use crate::dicom::fold::fold;

/// The words of a filter, folded.
pub(super) fn words(filter: &str) -> Vec<String> {
    fold(filter).split_whitespace().map(str::to_owned).collect()
}

/// Whether a row holds every one of the folded words, in whatever part of it.
pub(super) fn holds(row: &Row, words: &[String]) -> bool {
    let text = row.folded.get_or_make(|| fold(&text(row)));
    let now = [row.priority.as_str(), row.state.as_str()];
    words
        .iter()
        .all(|word| text.contains(word.as_str()) || now.iter().any(|text| text.contains(word.as_str())))
}

/// What can be found and does not change while the row is listed: names with and without the space that nobody types between kanji, dates as they are
/// written.
fn text(row: &Row) -> String {
    let mut text = String::new();
    let name = row.patient.name.reveal();
    for group in [&name.alphabetic, &name.ideographic, &name.phonetic] {
        text.push_str(&group.replace('^', " "));
        text.push('\n');
        text.push_str(&group.replace(['^', ' ', '\u{3000}'], ""));
        text.push('\n');
    }
    let words = [row.patient.id.reveal().as_str(), &row.modality, &row.description, &row.date];
    text.push_str(&words.join("\n"));
    if let (Some(year), Some(month), Some(day)) = (row.date.get(..4), row.date.get(4..6), row.date.get(6..8))
    {
        text.push_str(&format!("\n{year}-{month}-{day}\n{year}/{month}/{day}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::instance::Patient;
    use crate::dicom::{PersonName, Phi, Uid};
    use crate::session::worklist::{Claim, Folded, Priority, ReadingState};

    #[test]
    fn rows_are_found_whatever_the_width_case_or_kana_of_what_is_typed() {
        let patient = Patient {
            name: Phi::new(PersonName::parse("YAMADA^Tarou=山田^太郎=ヤマダ^タロウ")),
            id: Phi::new("JP-0042".into()),
            ..Patient::default()
        };
        let row = Row {
            study: Uid::parse("1.2").unwrap(),
            patient,
            modality: "CT\\SR".into(),
            description: "頭部単純ＣＴ Head".into(),
            date: "20260105".into(),
            time: String::new(),
            instances: None,
            received: 0,
            priority: Priority::Stat,
            state: ReadingState::Unread,
            claim: Claim::Nobody,
            grown: 0,
            folded: Folded::default(),
        };
        let found = [
            "",
            "  ",
            "yamada",
            "ＹＡＭＡＤＡ　tarou",
            "山田",
            "山田太郎",
            "山田 太郎",
            "やまだ",
            "ヤマダ",
            "ﾔﾏﾀﾞ",
            "ﾔﾏﾀﾞﾀﾛｳ",
            "jp-0042",
            "00",
            "ct head",
            "ＣＴ",
            "頭部",
            "20260105",
            "2026-01",
            "2026/01/05",
            "STAT",
            "unread ct やまだ",
        ];
        for filter in found {
            assert!(holds(&row, &words(filter)), "{filter}");
        }
        let row = Row { state: ReadingState::Draft, ..row };
        assert!(holds(&row, &words("draft")) && !holds(&row, &words("unread")), "as it is now");
        for filter in ["suzuki", "yamada mr", "鈴木", "20260106", "final", "やまた"] {
            assert!(!holds(&row, &words(filter)), "{filter}");
        }
    }
}
