//! Text that attacks its reader: made harmless, visibly.

use std::borrow::Cow;

use super::repertoire::MARK;

/// Replaces what must not reach a screen, a log or a report by U+FFFD: control characters (except line breaks,
/// form feed and tab), bidirectional overrides and embeddings, and invisible characters that make two different
/// names look the same. Zero-width joiners stay: Persian and Indic scripts need them.
pub(crate) fn neutralise(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_hostile(c) { MARK } else { c }).collect())
}

fn is_hostile(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' | '\u{c}' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_marked_and_scripts_left_alone() {
        assert_eq!(neutralise("A\u{202e}B\0C\u{1b}[31m\u{200b}"), "A\u{fffd}B\u{fffd}C\u{fffd}[31m\u{fffd}");
        for good in ["山田^太郎", "قباني^لنزار", "a\u{200d}b", "line\r\nline\ttab"] {
            assert!(matches!(neutralise(good), Cow::Borrowed(_)), "{good}");
        }
    }
}
