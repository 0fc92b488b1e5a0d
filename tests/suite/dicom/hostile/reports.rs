//! F13 as it is received: reports whose trees are loops, floods or pits, and whose words are code elsewhere. What we
//! write ourselves is in `tests/suite/report`: its judges read back markup, boundaries and separators as text.
//!
//! F15, archives, is in `tests/suite/doors`; F16, XML, is in [`xml`](super::xml).

use super::case::{Case, End, case, explicit, item, sequence_end};
use crate::dicom::build::{long, short, text};

const COMPREHENSIVE: &str = "1.2.840.10008.5.1.4.1.1.88.33";

pub(super) fn cases() -> Vec<Case> {
    let report = |name: &str, end: End, content: fn() -> Vec<u8>| {
        case("F13", format!("a report with {name}"), end, move || document(&content()))
    };
    let incomplete = End::Warned("Incomplete");
    vec![
        report("twenty thousand lines", incomplete, || sequence(&vec![line("CONTAINS", "line"); 20_000])),
        report("sixty containers in each other", End::Named("A"), || nested(60)),
        report("a hundred containers in each other", End::Malformed("(0040,a730)"), || nested(100)),
        report("lines that are each other by reference", End::Named("A"), || {
            let refers = |to: u32| {
                let place = short((0x40, 0xdb73), "UL", &[1_u32.to_le_bytes(), to.to_le_bytes()].concat());
                [text((0x40, 0xa010), "CS", "INFERRED FROM"), place].concat()
            };
            let to_each_other = [(1, 2), (2, 1), (3, 3)];
            let lines =
                to_each_other.map(|(_, to)| [line("CONTAINS", "a loop"), sequence(&[refers(to)])].concat());
            sequence(&lines)
        }),
        report("markup for words", End::Named("A"), || {
            let words =
                ["<script>alert(1)</script>", "<!ENTITY x SYSTEM \"file:///etc/passwd\">&x;", "{{7*7}}"];
            sequence(&words.map(|words| line("CONTAINS", words)))
        }),
        report("escape sequences of a terminal", End::Warned("BadText"), || {
            sequence(&[line("CONTAINS", "\u{1b}[2J\u{1b}]0;title\u{7}")])
        }),
        report("a line that turns round", End::Warned("BadText"), || {
            sequence(&[line("CONTAINS", "no \u{202e}emorrhage")])
        }),
        report("no value where one belongs", End::Named("A"), || {
            sequence(&[text((0x40, 0xa040), "CS", "NUM"), text((0x40, 0xa040), "CS", "PNAME")])
        }),
        report("an item of each value type and of none", End::Named("A"), || {
            let types = ["IMAGE", "SCOORD3D", "TCOORD", "COMPOSITE", "WAVEFORM", "NONSENSE", ""];
            sequence(&types.map(|kind| text((0x40, 0xa040), "CS", kind)))
        }),
    ]
}

/// A comprehensive SR with this content sequence.
fn document(content: &[u8]) -> Vec<u8> {
    let container = text((0x40, 0xa040), "CS", "CONTAINER");
    let mut file = explicit(&[text((0x10, 0x10), "PN", "A"), container, content.to_vec()]);
    // The class of `build::identity`, a secondary capture, is replaced; text is UTF-8.
    let class = text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.7");
    let at = file.windows(class.len()).position(|window| window == class).unwrap();
    let report = [text((8, 5), "CS", "ISO_IR 192"), text((8, 0x16), "UI", COMPREHENSIVE)].concat();
    file.splice(at..at + class.len(), report);
    file
}

fn sequence(items: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<u8> = items.iter().flat_map(|one| item(one)).chain(sequence_end()).collect();
    long((0x40, 0xa730), "SQ", u32::MAX, &items)
}

/// A content item of text.
fn line(relationship: &str, words: &str) -> Vec<u8> {
    let value = words.as_bytes();
    let mut padded = value.to_vec();
    padded.resize(value.len().next_multiple_of(2), b' ');
    [
        text((0x40, 0xa010), "CS", relationship),
        text((0x40, 0xa040), "CS", "TEXT"),
        long((0x40, 0xa160), "UT", padded.len() as u32, &padded),
    ]
    .concat()
}

/// Containers in each other.
fn nested(levels: usize) -> Vec<u8> {
    let container = |inside: Vec<u8>| [text((0x40, 0xa040), "CS", "CONTAINER"), sequence(&[inside])].concat();
    sequence(&[(0..levels).fold(line("CONTAINS", "the bottom"), |inside, _| container(inside))])
}
