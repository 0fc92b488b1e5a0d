//! The house itself: who may use whom, and what the pure rooms must not know.
//!
//! The table is the picture of DESIGN section 2 as data; when the code teaches better, change both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Room -> rooms it may use. Every room may use itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["app", "cli"]),
    ("app", &["dicom", "imaging", "render", "session", "site", "text", "ui", "work"]),
    ("ui", &["dicom", "imaging", "render", "report", "session", "text"]),
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

/// Words of runtimes, tasks and threads: only `work` and `cli` own them (DESIGN section 2).
const OWNS_THREADS: &[&str] = &["work", "cli"];
const THREADS: &[&str] = &[
    "tokio::spawn",
    "tokio::task",
    "tokio::runtime",
    "spawn_blocking",
    "spawn_local",
    "JoinSet",
    "thread::scope",
    "thread::Builder",
    "thread::spawn",
    "rayon",
];

/// Where such a word may stand elsewhere: folder or file below `src/`, word, and why.
const THREADS_ALL_THE_SAME: &[(&str, &str, &str)] = &[
    (
        "demo/server.rs",
        "JoinSet",
        "connections of the one listener, which end with the future that its caller spawned",
    ),
    ("demo/server.rs", "tokio::task", "the same: JoinSet's path"),
    ("demo/answer.rs", "tokio::task", "long computing stays off the threads that answer"),
    ("demo/answer.rs", "spawn_blocking", "the same"),
    ("demo/phantom", "rayon", "data-parallel loops over pixels"),
    ("imaging", "rayon", "data-parallel loops over pixels"),
];

/// A file of the program: its own code, without comments and without test modules.
struct Source {
    path: PathBuf,
    room: String,
    /// Depth of the file's module below the crate root.
    depth: usize,
    /// The code with every text and character in it left empty.
    code: String,
    /// The texts between quotes.
    literals: Vec<String>,
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
            } else if path.extension().is_some_and(|e| e == "rs")
                && path.file_stem() != Some("tests".as_ref())
            {
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
    let depth = parts.iter().filter(|p| *p != "mod").count();
    let (code, literals) = without_tests(scan(&std::fs::read_to_string(&path).unwrap()));
    Source { path, room, depth, code, literals }
}

/// Code with its texts left empty, and each text with the place in the code where it stood.
type Scanned = (String, Vec<(usize, String)>);

/// Reads Rust just so far that comments, characters and texts are told from code.
fn scan(text: &str) -> Scanned {
    let (mut code, mut literals) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hashes = rest[1.min(rest.len())..].chars().take_while(|c| *c == '#').count();
        let in_name = code.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !code.ends_with('b');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if c == 'r' && !in_name && rest[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = hashes + 2;
            let length = rest[begin..].find(&end).unwrap();
            literals.push((code.len(), rest[begin..begin + length].to_owned()));
            code.push_str("\"\"");
            begin + length + end.len()
        } else if c == '"' {
            let length = until_unescaped(&rest[1..], '"');
            literals.push((code.len(), rest[1..=length].to_owned()));
            code.push_str("\"\"");
            length + 2
        } else if c == '\'' && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'')) {
            code.push_str("' '");
            until_unescaped(&rest[1..], '\'') + 2
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    (code, literals)
}

/// Where the first such quote stands that no backslash precedes.
fn until_unescaped(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, c)| {
        let found = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        found
    });
    end.unwrap().0
}

/// The same without what `#[cfg(test)]` marks: an item up to its semicolon or its closing brace.
fn without_tests((code, literals): Scanned) -> (String, Vec<String>) {
    const MARK: &str = "#[cfg(test)]";
    let mut cuts = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find(MARK) {
        let begin = from + at;
        let mut open = 0;
        let end = code[begin..].char_indices().find(|(_, c)| {
            open += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            open == 0 && matches!(c, ';' | '}')
        });
        from = begin + end.unwrap().0 + 1;
        cuts.push(begin..from);
    }
    let kept = literals.into_iter().filter(|(at, _)| !cuts.iter().any(|cut| cut.contains(at)));
    let literals = kept.map(|(_, text)| text).collect();
    let mut code = code;
    for cut in cuts.into_iter().rev() {
        code.replace_range(cut, "");
    }
    (code, literals)
}

#[test]
fn code_is_told_from_texts_characters_comments_and_tests() {
    let text = r##"
        let a = ['"', '\'', b'"', '\\']; // "not a text"
        fn f<'a>(x: &'a str) { /* "nor this" */ call("one \" two", r#"three "four""#, br"five"); }
        #[cfg(test)]
        mod tests { fn g() { call("of a test"); } }
        const LAST: &str = "six";
    "##;
    let (code, literals) = without_tests(scan(text));
    assert_eq!(literals, [r#"one \" two"#, r#"three "four""#, "five", "six"]);
    assert!(code.contains("fn f<'a>") && code.contains("LAST") && !code.contains("mod tests"), "{code}");
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
fn only_work_and_cli_own_runtimes_tasks_and_threads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut faults, mut used) = (Vec::new(), BTreeSet::new());
    for file in sources().iter().filter(|f| !OWNS_THREADS.contains(&f.room.as_str())) {
        let place = file.path.strip_prefix(&root).unwrap();
        for word in THREADS.iter().filter(|word| file.code.contains(**word)) {
            let excused = |(at, excused, _): &&(&str, &str, &str)| place.starts_with(at) && excused == word;
            match THREADS_ALL_THE_SAME.iter().find(excused) {
                Some(exception) => drop(used.insert(exception)),
                None => faults.push(format!("{} knows {word}", file.path.display())),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(used.len(), THREADS_ALL_THE_SAME.len(), "an exception that nobody needs: {used:?}");
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
        for literal in &file.literals {
            let shaped = literal.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            let starts = rooms
                .iter()
                .any(|room| literal.strip_prefix(room.as_str()).is_some_and(|r| r.starts_with('-')));
            if shaped && starts {
                spoken.insert(literal.clone());
            }
        }
    }
    let unspoken: Vec<_> = written.difference(&spoken).collect();
    assert!(unspoken.is_empty(), "in the catalogues but not in the code: {unspoken:?}");
    let unwritten: Vec<_> = spoken.difference(&written).collect();
    assert!(unwritten.is_empty(), "in the code but not in the catalogues: {unwritten:?}");
}
