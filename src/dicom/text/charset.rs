//! The Specific Character Set in force at a place of the data set.

use encoding_rs::Encoding;

use super::repertoire::{Repertoire, as_shift_jis, decode_with, whole_value_encoding};
use super::{Decoded, TextKind, iso2022};

/// Specific Character Set (0008,0005), resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charset(Method);

/// What the values of (0008,0005) say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What is in force.
    pub(crate) charset: Charset,
    /// Values that name nothing known.
    pub(crate) unknown: Vec<String>,
    /// Values that are no Defined Terms and were understood all the same.
    pub(crate) odd: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// One multi-byte encoding for the whole value, no code extensions (PS3.3 table C.12-5).
    Whole(&'static Encoding),
    /// Single-byte set first, and escape sequences to others.
    Extensible(Repertoire),
}

impl Default for Charset {
    /// ISO IR 6, in force where (0008,0005) is absent.
    fn default() -> Self {
        Self(Method::Extensible(Repertoire::Ascii))
    }
}

impl Charset {
    /// From the values of (0008,0005). Spellings seen in the field (`ISO IR 100`, `ISO-IR 100`, `iso_ir_100`,
    /// `UTF-8`) are understood and told.
    pub(crate) fn from_terms<S: AsRef<str>>(terms: &[S]) -> Terms {
        let mut read = Terms::default();
        for (index, term) in terms.iter().enumerate() {
            let term = term.as_ref().trim_matches([' ', '\0']);
            match method(term) {
                Some(method) if index == 0 => read.charset = Self(method),
                Some(_) => {}
                None => read.unknown.push(term.to_owned()),
            }
            if method(term).is_some() && !is_defined(term) {
                read.odd.push(term.to_owned());
            }
        }
        read
    }

    /// The text of a whole value field, its separators still in it, trailing padding kept. Nothing is dropped:
    /// what cannot be decoded is marked.
    pub(crate) fn decode(self, bytes: &[u8], kind: TextKind) -> Decoded {
        if bytes.iter().all(|&byte| byte < 0x80 && byte != 0x1b) {
            return Decoded { text: bytes.iter().map(|&byte| char::from(byte)).collect(), clean: true };
        }
        match self.0 {
            Method::Whole(encoding) => {
                let mut text = String::with_capacity(bytes.len());
                let clean = decode_with(encoding, bytes, &mut text);
                Decoded { text, clean }
            }
            Method::Extensible(first) => {
                let decoded = iso2022::decode(bytes, first, kind);
                if decoded.clean || first != Repertoire::Katakana {
                    return decoded;
                }
                // Readable, yet not what was declared: the text is kept and the caller warns.
                as_shift_jis(bytes).map_or(decoded, |text| Decoded { text, clean: false })
            }
        }
    }
}

fn method(term: &str) -> Option<Method> {
    let term = term.to_ascii_uppercase().replace(['-', '_'], " ");
    let whole = match term.as_str() {
        "" => return Some(Method::Extensible(Repertoire::Ascii)),
        "UTF 8" | "UTF8" | "ISO IR 192" | "ISO 2022 IR 192" => "ISO_IR 192",
        "GB18030" | "GB 18030" | "ISO 2022 GB18030" => "GB18030",
        "GBK" | "GB2312" | "ISO 2022 GBK" => "GBK",
        "BIG5" | "BIG 5" => "BIG5",
        _ => "",
    };
    if let Some(encoding) = whole_value_encoding(whole) {
        return Some(Method::Whole(encoding));
    }
    let number = term.strip_prefix("ISO")?.rsplit(['R', ' ']).next()?.parse().ok()?;
    Repertoire::from_registration(number).map(Method::Extensible)
}

/// Whether a value is a Defined Term (PS3.3 tables C.12-2 to C.12-5), or `ISO_IR 6`, which says what absence says.
fn is_defined(term: &str) -> bool {
    if matches!(term, "" | "ISO_IR 192" | "GB18030" | "GBK") {
        return true;
    }
    let registered = |number: &str| number.parse().ok().and_then(Repertoire::from_registration);
    let alone = term.strip_prefix("ISO_IR ").and_then(registered);
    let extending = term.strip_prefix("ISO 2022 IR ").and_then(registered);
    alone.is_some_and(|set| !set.is_multi_byte()) || extending.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(terms: &[&str], bytes: &[u8]) -> Decoded {
        Charset::from_terms(terms).charset.decode(bytes, TextKind::PersonName)
    }

    #[test]
    fn kanji_bytes_that_look_like_separators_are_kanji() {
        // 倍 ends in 0x5C; the byte must neither split the value nor end the designation.
        let decoded = name(&["", "ISO 2022 IR 87"], b"A=\x1b$BG\\Q\\\x1b(B^B");
        assert_eq!(decoded, Decoded { text: "A=倍几^B".into(), clean: true });
    }

    #[test]
    fn separators_return_to_the_first_set() {
        let decoded = name(&["", "ISO 2022 IR 149"], b"\x1b$)C\xfb\xf3^\xfb\xf3");
        assert_eq!(decoded.text, "洪^\u{fffd}\u{fffd}");
        assert!(!decoded.clean);
    }

    #[test]
    fn lines_of_a_report_that_forget_their_escape_sequence_are_read_and_warned_about() {
        let charset = Charset::from_terms(&["", "ISO 2022 IR 149"]).charset;
        let lines = b"\x1b$)C\xfb\xf3\r\n\xfb\xf3\r\nplain\r\n\xfb\xf3";
        let decoded = charset.decode(lines, TextKind::Paragraph);
        assert_eq!(decoded, Decoded { text: "洪\r\n洪\r\nplain\r\n洪".into(), clean: false });
        let by_rule = charset.decode(b"\x1b$)C\xfb\xf3\r\n\x1b$)C\xfb\xf3", TextKind::Paragraph);
        assert_eq!(by_rule, Decoded { text: "洪\r\n洪".into(), clean: true });
    }

    #[test]
    fn a_lone_or_unknown_escape_is_marked_and_nothing_is_lost() {
        for (bytes, text) in
            [(&b"A\x1b"[..], "A\u{fffd}"), (b"\x1b%GB", "\u{fffd}%GB"), (b"\x1b$B1", "\u{fffd}")]
        {
            let decoded = name(&["", "ISO 2022 IR 87"], bytes);
            assert_eq!(decoded, Decoded { text: text.into(), clean: false });
        }
    }

    #[test]
    fn shift_jis_under_ir_13_is_read_but_not_called_clean() {
        let decoded = name(&["ISO_IR 13"], b"\x8eR\x93c");
        assert_eq!(decoded, Decoded { text: "山田".into(), clean: false });
        assert!(name(&["ISO_IR 13"], b"\xd4\xcf\xc0\xde").clean);
    }

    #[test]
    fn spellings_of_the_field_are_understood_and_told() {
        for term in ["ISO_IR 100", "ISO 2022 IR 100", "ISO IR 100", "ISO-IR 100", "iso_ir_100", "ISO_IR100"] {
            let read = Charset::from_terms(&[term]);
            assert_eq!(read.charset, Charset::from_terms(&["ISO_IR 100"]).charset, "{term}");
            let defined = matches!(term, "ISO_IR 100" | "ISO 2022 IR 100");
            assert_eq!(read.odd.is_empty(), defined, "{term}");
        }
        for term in ["UTF8", "utf-8", "ISO-IR-192", "ISO 2022 IR 192"] {
            let read = Charset::from_terms(&[term]);
            assert_eq!(read.charset, Charset::from_terms(&["ISO_IR 192"]).charset, "{term}");
            assert_eq!(read.odd, [term]);
        }
        let read = Charset::from_terms(&["KLINGON"]);
        assert_eq!((read.charset, read.unknown), (Charset::default(), vec!["KLINGON".to_owned()]));
    }

    #[test]
    fn every_defined_term_of_the_standard_is_known() {
        let single = [100, 101, 109, 110, 144, 127, 126, 138, 148, 203, 13, 166];
        let alone = single.iter().map(|n| format!("ISO_IR {n}"));
        let extending = single.iter().chain(&[6, 87, 159, 149, 58]).map(|n| format!("ISO 2022 IR {n}"));
        let whole = ["ISO_IR 192", "GB18030", "GBK", ""].map(str::to_owned);
        for term in alone.chain(extending).chain(whole) {
            let read = Charset::from_terms(&[&term]);
            assert!(read.unknown.is_empty() && read.odd.is_empty(), "{term}: {read:?}");
        }
    }

    #[test]
    fn overlong_utf_8_and_high_bytes_without_a_charset_are_marked() {
        assert!(!name(&["ISO_IR 192"], b"\xc0\xaf").clean);
        assert_eq!(name(&[], b"J\xe9r").text, "J\u{fffd}r");
    }
}
