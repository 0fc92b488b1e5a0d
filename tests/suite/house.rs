//! The house itself: who may use whom, and what the pure rooms must not know.
//!
//! The table is the picture of DESIGN section 2 as data; when the code teaches better, change both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Room -> rooms it may use. Every room may use itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "centre", "demo", "dicom", "imaging", "render", "report", "session", "site", "text", "vault",
            "work",
        ],
    ),
    ("work", &["centre", "dicom", "imaging", "report", "session", "site", "text", "vault"]),
    ("session", &["dicom", "imaging", "report"]),
    ("report", &["dicom", "imaging"]),
    ("render", &["imaging", "text"]),
    ("imaging", &["dicom"]),
    ("centre", &["dicom", "site", "text"]),
    ("vault", &["dicom", "site", "text"]),
    ("demo", &["dicom", "imaging", "report", "text"]),
    ("site", &["text"]),
    // Sentences for the errors of the pure rooms, which must not know `text` themselves.
    ("text", &["dicom", "imaging", "report", "session"]),
    ("dicom", &[]),
];

/// Words that must not stand in a pure room: runtimes, sockets, windows, files, clocks, random sources.
const PURE: &[&str] = &["dicom", "imaging", "report", "session"];
const FOREIGN_TO_PURE: &[&str] = &[
    "tokio",
    "reqwest",
    "hyper",
    "egui",
    "wgpu",
    "rusqlite",
    "getrandom",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "new_v4",
];

/// Rooms that may look a DICOM tag up; above them there are typed modules.
const KNOWS_TAGS: &[&str] = &["dicom", "report", "demo", "centre"];

struct Source {
    path: PathBuf,
    room: String,
    /// Depth of the file's module below the crate root.
    depth: usize,
    /// The code without comments and without test modules.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(source(&root, path));
            }
        }
    }
    found
}

fn source(root: &Path, path: PathBuf) -> Source {
    let inside = path.strip_prefix(root).unwrap().with_extension("");
    let parts: Vec<String> = inside.iter().map(|p| p.to_string_lossy().into_owned()).collect();
    let room = match parts[0].as_str() {
        "main" | "cli_main" => "main".to_owned(),
        other => other.to_owned(),
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap();
    let code = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
    let depth = parts.iter().filter(|p| *p != "mod").count();
    Source { path, room, depth, code }
}

/// The rooms a text names after `crate::` or `dokuei::`.
fn rooms_named(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for root in ["crate::", "dokuei::"] {
        for piece in code.split(root).skip(1) {
            assert!(!piece.starts_with('{'), "write one `use` a room, so that this test can read them");
            let room: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            named.insert(room);
        }
    }
    named
}

#[test]
fn rooms_use_only_the_rooms_that_the_design_names() {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|f| f.room != "lib") {
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(room, _)| *room == file.room)
            .unwrap_or_else(|| panic!("{} stands in no room", file.path.display()));
        for used in rooms_named(&file.code) {
            let known = MAY_USE.iter().any(|(room, _)| *room == used);
            if known && used != file.room && !allowed.contains(&used.as_str()) {
                faults.push(format!("{} uses {used}", file.path.display()));
            }
        }
        let climb = "super::".repeat(file.depth);
        if file.code.contains(&climb) {
            faults.push(format!("{} climbs out of its room", file.path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pure_rooms_know_no_runtime_file_clock_or_random_source() {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|f| PURE.contains(&f.room.as_str())) {
        for word in FOREIGN_TO_PURE.iter().chain(&["crate::text"]) {
            if file.code.contains(word) {
                faults.push(format!("{} knows {word}", file.path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn dicom_tags_are_looked_up_only_where_objects_are_read_or_made() {
    let mut faults = Vec::new();
    for file in sources().iter().filter(|f| !KNOWS_TAGS.contains(&f.room.as_str())) {
        for word in ["dicom_dictionary_std", "dicom_object", "dicom_core", "Tag("] {
            if file.code.contains(word) {
                faults.push(format!("{} knows {word}", file.path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_sentence_in_the_catalogues_is_spoken_by_the_code_and_the_other_way_round() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut written = BTreeSet::new();
    for entry in std::fs::read_dir(root.join("assets/i18n/en-US")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let entries = text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()));
        written.extend(entries.map(|l| l.split('=').next().unwrap().trim().to_owned()));
    }
    let rooms: Vec<String> = std::fs::read_dir(root.join("assets/i18n/en-US"))
        .unwrap()
        .map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .chain(["warning".to_owned()])
        .collect();
    let mut spoken = BTreeSet::new();
    for file in sources() {
        for literal in file.code.split('"').skip(1).step_by(2) {
            let shaped = literal.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            let starts = rooms
                .iter()
                .any(|room| literal.strip_prefix(room.as_str()).is_some_and(|r| r.starts_with('-')));
            if shaped && starts {
                spoken.insert(literal.to_owned());
            }
        }
    }
    let unspoken: Vec<_> = written.difference(&spoken).collect();
    assert!(unspoken.is_empty(), "in the catalogues but not in the code: {unspoken:?}");
    let unwritten: Vec<_> = spoken.difference(&written).collect();
    assert!(unwritten.is_empty(), "in the code but not in the catalogues: {unwritten:?}");
}
