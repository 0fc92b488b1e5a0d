//! Names inside ZIP archives: the format says code page 437 or UTF-8 (APPNOTE appendix D), Japanese Windows
//! writes code page 932 and says nothing.

/// A name as a person wrote it. UTF-8 proves itself; what is well-formed CP932 beyond ASCII is taken as that;
/// anything else is shown with its odd bytes marked.
pub(super) fn decode(raw: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(raw) {
        return name.to_owned();
    }
    let japanese = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(raw);
    japanese.map_or_else(|| String::from_utf8_lossy(raw).into_owned(), std::borrow::Cow::into_owned)
}

/// The folders and the name of a path, from the outermost in. Old Windows programs separate with backslashes.
pub(super) fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['/', '\\']).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_out_as_they_were_written() {
        assert_eq!(decode("検査/画像1.dcm".as_bytes()), "検査/画像1.dcm");
        assert_eq!(decode(b"\x8c\x9f\x8d\xb8/\x89\xe6\x91\x9c1.dcm"), "検査/画像1.dcm");
        assert_eq!(decode(b"\x94\x5c\x97\xcd.dcm"), "能力.dcm", "the second byte of 能 is a backslash");
        assert_eq!(decode(b"caf\x82"), "caf\u{fffd}");
        assert_eq!(parts("A\\B//C").collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
