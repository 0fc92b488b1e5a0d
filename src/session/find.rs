//! Finding rows by what a reader types: case, width and kana do not matter.

use super::worklist::Row;

/// The words of a filter, folded.
pub(super) fn words(filter: &str) -> Vec<String> {
    fold(filter).split_whitespace().map(str::to_owned).collect()
}

/// Whether a row holds every one of the folded words, in whatever part of it.
pub(super) fn holds(row: &Row, words: &[String]) -> bool {
    let text = fold(&text(row));
    words.iter().all(|word| text.contains(word.as_str()))
}

/// What can be found: names with and without the space that nobody types between kanji, dates as they are
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
    let words = [
        row.patient.id.reveal(),
        &row.modality,
        &row.description,
        &row.date,
        row.priority.as_str(),
        row.state.as_str(),
    ];
    text.push_str(&words.join("\n"));
    if let (Some(year), Some(month), Some(day)) = (row.date.get(..4), row.date.get(4..6), row.date.get(6..8))
    {
        text.push_str(&format!("\n{year}-{month}-{day}\n{year}/{month}/{day}"));
    }
    text
}

/// Full-width Latin becomes ASCII, capitals small, half-width and full katakana hiragana.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{FF9E}' | '\u{3099}' => voice(&mut folded, voiced),
            '\u{FF9F}' | '\u{309A}' => voice(&mut folded, half_voiced),
            '\u{3000}' => folded.push(' '),
            c => folded.extend(to_hiragana(to_full(c)).to_lowercase()),
        }
    }
    folded
}

/// A sound mark that stands by itself joins the kana before it.
fn voice(folded: &mut String, with_mark: fn(char) -> Option<char>) {
    if let Some(voiced) = folded.chars().next_back().and_then(with_mark) {
        folded.pop();
        folded.push(voiced);
    }
}

fn voiced(kana: char) -> Option<char> {
    match kana {
        'う' => Some('ゔ'),
        'か' | 'き' | 'く' | 'け' | 'こ' | 'さ' | 'し' | 'す' | 'せ' | 'そ' | 'た' | 'ち' | 'つ' | 'て'
        | 'と' | 'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' => char::from_u32(u32::from(kana) + 1),
        _ => None,
    }
}

fn half_voiced(kana: char) -> Option<char> {
    matches!(kana, 'は' | 'ひ' | 'ふ' | 'へ' | 'ほ').then(|| char::from_u32(u32::from(kana) + 2)).flatten()
}

/// Full-width forms of ASCII, and half-width katakana (Unicode, Halfwidth and Fullwidth Forms).
fn to_full(c: char) -> char {
    /// U+FF61 to U+FF9D in the characters that they are the halves of.
    const HALF_WIDTH: [char; 61] = [
        '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア',
        'イ', 'ウ', 'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ',
        'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ',
        'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン',
    ];
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{FF61}'..='\u{FF9D}' => {
            let place = (u32::from(c) - 0xFF61) as usize;
            HALF_WIDTH.get(place).copied().unwrap_or(c)
        }
        c => c,
    }
}

fn to_hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::instance::Patient;
    use crate::dicom::{PersonName, Phi, Uid};
    use crate::session::worklist::{Priority, ReadingState};

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
        for filter in ["suzuki", "yamada mr", "鈴木", "20260106", "final", "やまた"] {
            assert!(!holds(&row, &words(filter)), "{filter}");
        }
    }
}
