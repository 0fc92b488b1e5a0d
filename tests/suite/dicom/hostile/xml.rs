//! F16: no XML is read anywhere, so that no entity can be resolved and none can grow. Whoever reads the first one has
//! this test fail, and puts the attacks of that row here: entities of files and of networks, a billion laughs, a
//! hundred thousand attributes (RUSTSEC-2026-0194 and -0195 want quick-xml 0.41 at the least).

use std::path::Path;

/// Words that stand where XML is read; writing is done with `quick_xml::Writer` and `quick_xml::escape` alone.
const READERS: [&str; 10] = [
    "quick_xml::Reader",
    "quick_xml::NsReader",
    "quick_xml::reader",
    "quick_xml::de",
    "quick_xml::*",
    "roxmltree",
    "xmltree",
    "xml::reader",
    "xml5ever",
    "libxml",
];

fn readers_in(source: &str) -> Vec<&'static str> {
    let together: String = source.split_whitespace().collect();
    let grouped = together.contains("quick_xml::{")
        && ["Reader", "de::", "reader::"].iter().any(|word| {
            let of_group = together.split("quick_xml::{").nth(1).and_then(|rest| rest.split('}').next());
            of_group.is_some_and(|group| group.contains(word))
        });
    let named = READERS.into_iter().filter(|word| together.contains(word));
    named.chain(grouped.then_some("quick_xml::{ .. Reader .. }")).collect()
}

#[test]
fn no_xml_is_read() {
    assert_eq!(readers_in("use quick_xml::\n    Reader;"), ["quick_xml::Reader"], "a reader is found");
    assert_eq!(readers_in("use quick_xml::{Writer, Reader};").len(), 1, "also among others");
    assert!(readers_in("use quick_xml::{Writer, escape::escape};").is_empty(), "a writer is none");
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let (mut files, mut found) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files += 1;
                let readers = readers_in(&std::fs::read_to_string(&path).unwrap());
                found.extend(readers.into_iter().map(|reader| format!("{}: {reader}", path.display())));
            }
        }
    }
    assert!(files > 100, "{files} files");
    assert!(found.is_empty(), "{found:#?}");
}
