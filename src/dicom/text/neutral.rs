//! Text that attacks its reader: made harmless, visibly.

use std::borrow::Cow;

use super::repertoire::MARK;

/// Replaces what must not reach a screen, a log or a report by U+FFFD: control characters (except line breaks,
/// form feed and tab), bidirectional overrides, embeddings and isolates, and invisible characters that make two
/// different names look the same. What scripts need stays: zero-width joiners (Persian, Indic), direction marks
/// (Hebrew, Arabic), variation selectors (kanji of family registers).
pub(crate) fn neutralise(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_hostile(c) { MARK } else { c }).collect())
}

fn is_hostile(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' | '\u{c}' => false,
        // Bidirectional controls (Unicode UAX 9).
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        // Without width or ink (Unicode Default_Ignorable_Code_Point), and separators that break lines.
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' => true,
        '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' => true,
        '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

/// Cuts values of short text (PN, SH, LO, separated by backslashes) that are longer than a line could ever be;
/// the cut is marked. By rule they have 64 characters, a name three times as many (PS3.5 6.2).
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    let is_long = |value: &str| value.len() > LONGEST_VALUE && value.chars().count() > LONGEST_VALUE;
    if !text.split('\\').any(is_long) {
        return Cow::Borrowed(text);
    }
    let cut = |value: &str| {
        let kept = value.chars().take(LONGEST_VALUE);
        kept.chain(is_long(value).then_some(MARK)).collect::<String>()
    };
    Cow::Owned(text.split('\\').map(cut).collect::<Vec<_>>().join("\\"))
}

/// Characters of one value of short text that are kept.
const LONGEST_VALUE: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_marked_and_scripts_left_alone() {
        assert_eq!(neutralise("A\u{202e}B\0C\u{1b}[31m\u{200b}"), "A\u{fffd}B\u{fffd}C\u{fffd}[31m\u{fffd}");
        assert_eq!(neutralise("山\u{3164}田\u{ad}"), "山\u{fffd}田\u{fffd}");
        let register = "葛\u{e0100}城";
        for good in ["山田^太郎", "قباني^لنزار", "a\u{200d}b", "line\r\nline\ttab", register] {
            assert!(matches!(neutralise(good), Cow::Borrowed(_)), "{good}");
        }
    }

    #[test]
    fn only_values_beyond_all_reason_are_cut() {
        let (long, fits) = ("山".repeat(5000), "山".repeat(1024));
        assert!(matches!(shorten(&fits), Cow::Borrowed(_)));
        let cut = shorten(&long);
        assert_eq!((cut.chars().count(), cut.chars().last()), (1025, Some(MARK)));
        assert_eq!(shorten(&format!("A\\{long}\\B")), format!("A\\{cut}\\B"));
    }
}
