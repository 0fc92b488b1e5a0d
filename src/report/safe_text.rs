//! Text that may go into a DICOM object and comes out again as it was typed.
//!
//! What cannot be carried is refused with its place, never dropped: a report must not change on its way.

use super::{Part, ReportError};

/// The most characters of one text; far beyond any report, far below what breaks a receiver.
const LONGEST_TEXT: usize = 262_144;

/// Checks multi-line text for UT (PS3.5 6.2, 6.1.3) and gives it its normal form: lines end in LF, a
/// horizontal tab (no longer allowed in text since 2015) is a space, space at the ends of lines is gone, and
/// so are empty lines at both ends. UT may hold a backslash.
///
/// # Errors
/// [`ReportError::UnsafeCharacter`] for other control characters, noncharacters, and the marks that reorder
/// text on screen (embeddings, overrides, isolates): with them a reader could see something else than is
/// stored. [`ReportError::TooLong`].
pub fn safe_text(text: &str, part: Part) -> Result<String, ReportError> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    for (index, line) in unified.split('\n').enumerate() {
        if let Some(bad) = line.chars().find(|c| is_unsafe(*c)) {
            return Err(ReportError::UnsafeCharacter { part, character: u32::from(bad), line: index + 1 });
        }
    }
    if unified.chars().count() > LONGEST_TEXT {
        return Err(ReportError::TooLong { part, limit: LONGEST_TEXT });
    }
    let lines: Vec<&str> = unified.split('\n').map(|line| line.trim_end_matches(' ')).collect();
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

/// Checks one line of at most `limit` characters for LO, SH and PN, where a backslash would start a second
/// value (PS3.5 6.2); space at both ends, which these representations do not keep, is dropped.
///
/// # Errors
/// As [`safe_text`], and for a backslash or a line break.
pub fn safe_line(text: &str, limit: usize, part: Part) -> Result<String, ReportError> {
    let line = text.trim_matches([' ', '\u{3000}']);
    if let Some(bad) = line.chars().find(|c| is_unsafe(*c) || *c == '\\') {
        return Err(ReportError::UnsafeCharacter { part, character: u32::from(bad), line: 1 });
    }
    if line.chars().count() > limit {
        return Err(ReportError::TooLong { part, limit });
    }
    Ok(line.to_owned())
}

/// Control characters (C0, DEL, C1), line and paragraph separators, reordering marks, byte order mark and
/// noncharacters. Emoji, their joiners and variation selectors, and the private use area stay.
fn is_unsafe(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
        || (0xFDD0..=0xFDEF).contains(&code)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Heading;

    const PART: Part = Part::Section(Heading::Findings);

    #[test]
    fn what_a_reader_types_stays_as_it_is() {
        let whole = "右上葉に9 mmの結節。\n\n- 前回6 mm\\増大\n<b>&xxe; {{x}}</b> 😀👨‍👩‍👧 ｶﾞ 㐂 𠮷";
        assert_eq!(safe_text(whole, PART).as_deref(), Ok(whole));
    }

    #[test]
    fn line_ends_and_tabs_take_one_form() {
        assert_eq!(safe_text("\r\na \r\nb\rc\td \n\n", PART).as_deref(), Ok("a\nb\nc d"));
        assert_eq!(safe_text("\n  indented", PART).as_deref(), Ok("  indented"));
    }

    #[test]
    fn what_cannot_be_carried_is_refused_with_its_place() {
        for bad in [
            '\0',
            '\u{8}',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{202E}',
            '\u{2066}',
            '\u{FEFF}',
            '\u{FFFF}',
            '\u{1FFFE}',
        ] {
            let error = safe_text(&format!("one\ntwo{bad}"), PART).unwrap_err();
            assert_eq!(
                error,
                ReportError::UnsafeCharacter { part: PART, character: u32::from(bad), line: 2 }
            );
        }
        let long = "あ".repeat(LONGEST_TEXT + 1);
        assert_eq!(safe_text(&long, PART), Err(ReportError::TooLong { part: PART, limit: LONGEST_TEXT }));
    }

    #[test]
    fn one_line_values_hold_no_second_value() {
        assert_eq!(safe_line("  読影センター ", 64, Part::Organisation).as_deref(), Ok("読影センター"));
        for bad in ['\\', '\n', '\r', '\t'] {
            let error = safe_line(&format!("a{bad}b"), 64, Part::Organisation).unwrap_err();
            assert!(matches!(error, ReportError::UnsafeCharacter { .. }), "{bad:?}");
        }
        assert!(safe_line(&"x".repeat(16_384), 64, Part::Organisation).is_err());
    }
}
