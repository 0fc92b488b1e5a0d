//! What stands in the clear on a disk: names and secrets are looked for in every encoding that a Japanese hospital
//! meets.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};

/// A shorter one stands somewhere in megabytes of sealed bytes by chance.
const SHORTEST: usize = 5;

/// Words that must stand nowhere.
pub(crate) struct Canaries {
    /// Each with the word that it is a writing of.
    needles: Vec<(String, Vec<u8>)>,
    /// Whether a needle begins with these two bytes: most places are passed by at one look.
    begins: Vec<bool>,
}

impl Canaries {
    /// These words, in UTF-8, UTF-16, Shift_JIS, EUC-JP, ISO-2022-JP and base64.
    pub(crate) fn of<W: AsRef<str>>(words: &[W]) -> Self {
        let mut canaries = Self { needles: Vec::new(), begins: vec![false; 1 << 16] };
        for word in words {
            let word = word.as_ref();
            for needle in writings(word) {
                if needle.len() >= SHORTEST {
                    canaries.begins[start(&needle)] = true;
                    canaries.needles.push((word.to_owned(), needle));
                }
            }
            assert!(
                canaries.needles.iter().any(|(known, _)| known == word),
                "{word} is too short to look for"
            );
        }
        canaries
    }

    /// The words that stand in these bytes.
    pub(crate) fn hits(&self, bytes: &[u8]) -> Vec<&str> {
        let mut hits = Vec::new();
        for at in 0..bytes.len().saturating_sub(1) {
            if self.begins[start(&bytes[at..])] {
                let here = self.needles.iter().filter(|(_, needle)| bytes[at..].starts_with(needle));
                hits.extend(here.map(|(word, _)| word.as_str()));
            }
        }
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    /// Every place below a folder, a file's name or its bytes, where one of the words stands.
    pub(crate) fn under(&self, folder: &Path) -> Vec<String> {
        let mut places = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let mut words = self.hits(name.as_bytes());
            let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
            words.extend(self.hits(&bytes));
            places.extend(words.into_iter().map(|word| format!("{word} in {}", path.display())));
            if path.is_dir() {
                places.extend(self.under(&path));
            }
        }
        places
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

fn writings(word: &str) -> Vec<Vec<u8>> {
    let mut writings =
        vec![word.as_bytes().to_vec(), word.encode_utf16().flat_map(u16::to_le_bytes).collect()];
    for encoding in [SHIFT_JIS, EUC_JP, ISO_2022_JP] {
        let bytes = encoding.encode(word).0.into_owned();
        // In running text the escapes at the ends may stand elsewhere (ISO-2022-JP).
        let bytes = bytes.strip_prefix(b"\x1b$B").unwrap_or(&bytes);
        let bytes = bytes.strip_suffix(b"\x1b(B").unwrap_or(bytes);
        writings.push(bytes.to_vec());
    }
    // In base64 a word looks different at each of three places; what its neighbours change is left out.
    for before in 0..3 {
        let text = STANDARD_NO_PAD.encode([&[0; 3][..before], word.as_bytes()].concat());
        let (first, end) = ((before * 8).div_ceil(6), (before + word.len()) * 8 / 6);
        writings.push(text.as_bytes()[first..end].to_vec());
    }
    writings
}

#[test]
fn a_word_is_found_in_every_encoding_and_beside_anything() {
    let word = "青木^健一";
    let canaries = Canaries::of(&[word, "DEMO-0001"]);
    let around = |text: &[u8]| [b"x\x80y".as_slice(), text, b"z\xff"].concat();
    let utf16: Vec<u8> = "山青木^健一田".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded =
        [SHIFT_JIS, EUC_JP, ISO_2022_JP].map(|encoding| encoding.encode("山青木^健一田").0.into_owned());
    let base64 = ["", "a", "ab", "abc"].map(|before| STANDARD_NO_PAD.encode(format!("{before}青木^健一 x")));
    let texts = [word.as_bytes(), &utf16].into_iter().chain(encoded.iter().map(Vec::as_slice));
    for text in texts.chain(base64.iter().map(String::as_bytes)) {
        assert_eq!(canaries.hits(&around(text)), [word], "{text:?}");
    }
    assert_eq!(canaries.hits("青木^健二 DEMO-0002".as_bytes()), Vec::<&str>::new());
}
