//! The Specific Character Set in force at a place of the data set.

use encoding_rs::Encoding;

use super::repertoire::{Repertoire, as_shift_jis, decode_with, whole_value_encoding};
use super::{Decoded, TextKind, iso2022};

/// Specific Character Set (0008,0005), resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charset(Method);

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
    /// From the values of (0008,0005), and those among them that are not known. Spellings seen in the field
    /// (`ISO IR 100`, `ISO-IR 100`, `iso_ir_100`, `UTF-8`) are understood.
    pub(crate) fn from_terms<S: AsRef<str>>(terms: &[S]) -> (Self, Vec<String>) {
        let mut unknown = Vec::new();
        let mut first = None;
        for (index, term) in terms.iter().enumerate() {
            let method = method(term.as_ref());
            if method.is_none() {
                unknown.push(term.as_ref().trim().to_owned());
            }
            if index == 0 {
                first = method;
            }
        }
        (first.map_or_else(Self::default, Self), unknown)
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
    let term = term.trim_matches([' ', '\0']).to_ascii_uppercase().replace(['-', '_'], " ");
    let whole = match term.as_str() {
        "" => return Some(Method::Extensible(Repertoire::Ascii)),
        "UTF 8" | "UTF8" | "ISO IR 192" | "ISO 2022 IR 192" => "ISO_IR 192",
        "GB18030" | "GB 18030" => "GB18030",
        "GBK" | "GB2312" => "GBK",
        "BIG5" | "BIG 5" => "BIG5",
        _ => "",
    };
    if let Some(encoding) = whole_value_encoding(whole) {
        return Some(Method::Whole(encoding));
    }
    let number = term.strip_prefix("ISO")?.rsplit(['R', ' ']).next()?.parse().ok()?;
    Repertoire::from_registration(number).map(Method::Extensible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(terms: &[&str], bytes: &[u8]) -> Decoded {
        Charset::from_terms(terms).0.decode(bytes, TextKind::PersonName)
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
    fn spellings_of_the_field_are_understood_and_others_told() {
        for term in ["ISO_IR 100", "ISO IR 100", "ISO-IR 100", "iso_ir_100", "ISO 2022 IR 100", "ISO_IR100"] {
            assert_eq!(Charset::from_terms(&[term]), Charset::from_terms(&["ISO_IR 100"]), "{term}");
        }
        assert_eq!(Charset::from_terms(&["KLINGON"]), (Charset::default(), vec!["KLINGON".to_owned()]));
    }

    #[test]
    fn overlong_utf_8_and_high_bytes_without_a_charset_are_marked() {
        assert!(!name(&["ISO_IR 192"], b"\xc0\xaf").clean);
        assert_eq!(name(&[], b"J\xe9r").text, "J\u{fffd}r");
    }
}
