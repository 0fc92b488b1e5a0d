//! Text made comparable: what a reader types finds what is written, whatever its case, width or kana.

/// Full-width Latin becomes ASCII, capitals small, half-width and full katakana hiragana.
pub fn fold(text: &str) -> String {
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

    #[test]
    fn case_width_and_kana_do_not_matter() {
        let cases = [
            ("ＹＡＭＡＤＡ　Tarou", "yamada tarou"),
            ("ﾔﾏﾀﾞ", "やまだ"),
            ("ヤマダ", "やまだ"),
            ("ﾊﾟ", "ぱ"),
            ("か\u{3099}", "が"),
            ("山田", "山田"),
            ("Müller", "müller"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
