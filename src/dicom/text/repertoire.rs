//! The character repertoires that (0008,0005) can name, and how runs of bytes decode in each.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_15, SHIFT_JIS,
};

/// What a damaged place is shown as.
pub(super) const MARK: char = '\u{fffd}';

/// One coded character set (PS3.3 table C.12-2 to C.12-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repertoire {
    /// ISO IR 6, the default.
    Ascii,
    /// ISO IR 13: JIS X 0201 katakana in G1 with romaji (IR 14) in G0.
    Katakana,
    /// ISO IR 100.
    Latin1,
    /// ISO IR 148.
    Latin5,
    /// ISO IR 166: TIS 620.
    Thai,
    /// One of the ISO 8859 parts that encoding_rs has under its own name.
    Iso8859(&'static Encoding),
    /// ISO IR 87: JIS X 0208 in G0.
    Kanji,
    /// ISO IR 159: JIS X 0212 in G0.
    SupplementaryKanji,
    /// ISO IR 149: KS X 1001 in G1.
    Korean,
    /// ISO IR 58: GB 2312 in G1.
    SimplifiedChinese,
}

impl Repertoire {
    /// From the ISO registration number.
    pub(super) fn from_registration(number: u16) -> Option<Self> {
        Some(match number {
            6 => Self::Ascii,
            13 | 14 => Self::Katakana,
            58 => Self::SimplifiedChinese,
            87 => Self::Kanji,
            100 => Self::Latin1,
            101 => Self::Iso8859(ISO_8859_2),
            109 => Self::Iso8859(ISO_8859_3),
            110 => Self::Iso8859(ISO_8859_4),
            126 => Self::Iso8859(ISO_8859_7),
            127 => Self::Iso8859(ISO_8859_6),
            138 => Self::Iso8859(ISO_8859_8),
            144 => Self::Iso8859(ISO_8859_5),
            148 => Self::Latin5,
            149 => Self::Korean,
            159 => Self::SupplementaryKanji,
            166 => Self::Thai,
            203 => Self::Iso8859(ISO_8859_15),
            _ => return None,
        })
    }

    /// From the rest of an escape sequence, and which code element it designates. With it, its length.
    pub(super) fn from_escape(rest: &[u8]) -> Option<(CodeElement, Self, usize)> {
        use CodeElement::{G0, G1};
        let (element, set, length) = match rest {
            [b'(', b'B', ..] => (G0, Self::Ascii, 2),
            [b'(', b'J', ..] => (G0, Self::Katakana, 2),
            [b')', b'I', ..] => (G1, Self::Katakana, 2),
            [b'-', b'A', ..] => (G1, Self::Latin1, 2),
            [b'-', b'B', ..] => (G1, Self::Iso8859(ISO_8859_2), 2),
            [b'-', b'C', ..] => (G1, Self::Iso8859(ISO_8859_3), 2),
            [b'-', b'D', ..] => (G1, Self::Iso8859(ISO_8859_4), 2),
            [b'-', b'F', ..] => (G1, Self::Iso8859(ISO_8859_7), 2),
            [b'-', b'G', ..] => (G1, Self::Iso8859(ISO_8859_6), 2),
            [b'-', b'H', ..] => (G1, Self::Iso8859(ISO_8859_8), 2),
            [b'-', b'L', ..] => (G1, Self::Iso8859(ISO_8859_5), 2),
            [b'-', b'M', ..] => (G1, Self::Latin5, 2),
            [b'-', b'T', ..] => (G1, Self::Thai, 2),
            [b'-', b'b', ..] => (G1, Self::Iso8859(ISO_8859_15), 2),
            // The 1978 edition (`$ @`) is not in DICOM but in old Japanese files; its set is a near-subset.
            [b'$', b'B' | b'@', ..] => (G0, Self::Kanji, 2),
            [b'$', b'(', b'D', ..] => (G0, Self::SupplementaryKanji, 3),
            [b'$', b')', b'C', ..] => (G1, Self::Korean, 3),
            [b'$', b')', b'A', ..] => (G1, Self::SimplifiedChinese, 3),
            _ => return None,
        };
        Some((element, set, length))
    }

    /// Whether characters take two bytes: such a set extends another and never stands alone.
    pub(super) fn is_multi_byte(self) -> bool {
        matches!(self, Self::Kanji | Self::SupplementaryKanji | Self::Korean | Self::SimplifiedChinese)
    }

    /// Whether the set gives high bytes a meaning.
    pub(super) fn has_g1(self) -> bool {
        !matches!(self, Self::Ascii | Self::Kanji | Self::SupplementaryKanji)
    }

    /// Whether the set, designated to G0, takes two bytes a character.
    pub(super) fn is_double_byte_g0(self) -> bool {
        matches!(self, Self::Kanji | Self::SupplementaryKanji)
    }

    /// The state that a value starts in when this is the first value of (0008,0005): G0 and G1.
    pub(super) fn initial(self) -> (Self, Self) {
        match self {
            Self::Katakana => (Self::Katakana, Self::Katakana),
            // A double-byte set cannot stand first (PS3.3 C.12.1.1.2); files that say so mean ASCII with it.
            Self::Kanji | Self::SupplementaryKanji => (Self::Ascii, Self::Ascii),
            other => (Self::Ascii, other),
        }
    }

    /// Appends a run of high bytes (G1). False when something in it had to be marked.
    pub(super) fn decode_high(self, run: &[u8], out: &mut String) -> bool {
        match self {
            Self::Ascii | Self::Kanji | Self::SupplementaryKanji => mark_each(run, out),
            Self::Latin1 => single_bytes(run, out, |byte| Some(char::from(byte))),
            Self::Latin5 => single_bytes(run, out, |byte| Some(latin5(byte))),
            Self::Thai => single_bytes(run, out, thai),
            Self::Katakana => decode_katakana(run, out),
            Self::Iso8859(encoding) => decode_with(encoding, run, out),
            Self::Korean => decode_with(EUC_KR, run, out),
            Self::SimplifiedChinese => {
                let begin = out.len();
                let clean = decode_with(GB18030, run, out);
                replace_from(out, begin, gb_2312);
                clean
            }
        }
    }

    /// Appends a run of low bytes in a double-byte G0 set. JIS X 0208 and 0212 go through EUC-JP, where they
    /// are the same codes with the high bits set, 0212 behind a single shift (0x8F).
    pub(super) fn decode_double_byte(self, run: &[u8], out: &mut String) -> bool {
        let begin = out.len();
        let mut clean = true;
        for pair in run.chunks(2) {
            let &[first, second] = pair else {
                out.push(MARK);
                clean = false;
                break;
            };
            let euc = [0x8f, first | 0x80, second | 0x80];
            let code = if self == Self::SupplementaryKanji { &euc[..] } else { &euc[1..] };
            clean &= decode_with(EUC_JP, code, out);
        }
        replace_from(out, begin, if self == Self::SupplementaryKanji { jis_x_0212 } else { jis_x_0208 });
        clean
    }
}

/// The part of the code table that a set is designated to (PS3.5 6.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeElement {
    /// 0x21 to 0x7E.
    G0,
    /// 0xA1 to 0xFE.
    G1,
}

/// Decodes a whole run with one of encoding_rs's decoders, which mark what they cannot read.
pub(super) fn decode_with(encoding: &'static Encoding, run: &[u8], out: &mut String) -> bool {
    let (text, had_errors) = encoding.decode_without_bom_handling(run);
    out.push_str(&text);
    !had_errors
}

/// Multi-byte sets without code extensions (PS3.3 table C.12-5) and Big5, which is not in the standard but in
/// files from Taiwan.
pub(super) fn whole_value_encoding(term: &str) -> Option<&'static Encoding> {
    match term {
        "ISO_IR 192" => Some(encoding_rs::UTF_8),
        "GB18030" => Some(GB18030),
        "GBK" => Some(encoding_rs::GBK),
        "BIG5" => Some(BIG5),
        _ => None,
    }
}

/// Replaces characters from a place of the text on.
fn replace_from(text: &mut String, begin: usize, replace: fn(char) -> char) {
    if text[begin..].chars().any(|c| replace(c) != c) {
        let replaced: String = text[begin..].chars().map(replace).collect();
        text.replace_range(begin.., &replaced);
    }
}

/// Six signs that encoding_rs reads as Windows does, and the standard's mapping of JIS X 0208 otherwise.
fn jis_x_0208(c: char) -> char {
    match c {
        '\u{ff5e}' => '\u{301c}',
        '\u{2225}' => '\u{2016}',
        '\u{ff0d}' => '\u{2212}',
        '\u{ffe0}' => '\u{a2}',
        '\u{ffe1}' => '\u{a3}',
        '\u{ffe2}' => '\u{ac}',
        other => other,
    }
}

/// The same for the tilde of JIS X 0212.
fn jis_x_0212(c: char) -> char {
    if c == '\u{ff5e}' { '~' } else { c }
}

/// Two signs that GB 18030 reads otherwise than GB 2312.
fn gb_2312(c: char) -> char {
    match c {
        '\u{b7}' => '\u{30fb}',
        '\u{2014}' => '\u{2015}',
        other => other,
    }
}

fn mark_each(run: &[u8], out: &mut String) -> bool {
    out.extend(run.iter().map(|_| MARK));
    run.is_empty()
}

fn single_bytes(run: &[u8], out: &mut String, map: impl Fn(u8) -> Option<char>) -> bool {
    let mut clean = true;
    for &byte in run {
        // 0x80 to 0x9F are the C1 control codes in every part of ISO 8859: no text (PS3.5 6.1.3).
        let character = if byte < 0xa0 { None } else { map(byte) };
        clean &= character.is_some();
        out.push(character.unwrap_or(MARK));
    }
    clean
}

/// ISO 8859-9: Latin-1 with six Turkish letters.
fn latin5(byte: u8) -> char {
    match byte {
        0xd0 => 'Ğ',
        0xdd => 'İ',
        0xde => 'Ş',
        0xf0 => 'ğ',
        0xfd => 'ı',
        0xfe => 'ş',
        other => char::from(other),
    }
}

/// TIS 620: Thai letters at a fixed distance from their code points.
fn thai(byte: u8) -> Option<char> {
    match byte {
        0xa0 => Some('\u{a0}'),
        0xa1..=0xda | 0xdf..=0xfb => char::from_u32(0x0e00 + u32::from(byte) - 0xa0),
        _ => None,
    }
}

/// JIS X 0201 katakana: half-width forms. Any other high byte marks the run as not being IR 13.
fn decode_katakana(run: &[u8], out: &mut String) -> bool {
    single_bytes(run, out, |byte| match byte {
        0xa1..=0xdf => char::from_u32(0xff61 + u32::from(byte) - 0xa1),
        _ => None,
    })
}

/// Whether bytes that were declared JIS X 0201 are well-formed Shift JIS with double-byte characters in it:
/// many Japanese devices write that under `ISO_IR 13`.
pub(super) fn as_shift_jis(bytes: &[u8]) -> Option<String> {
    let double = bytes.iter().any(|byte| matches!(byte, 0x81..=0x9f | 0xe0..=0xfc));
    if !double || bytes.contains(&0x1b) {
        return None;
    }
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.chars().map(jis_x_0208).collect())
}
