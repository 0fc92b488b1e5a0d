//! Every happening stands in the table of `work::audit` once, and is raised where the table says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dokuei::centre::audit::Happened;

/// The modules that the table knows by a name of their own.
fn files(raised_by: &str) -> &'static [&'static str] {
    match raised_by {
        "here" | "`work`" | "`work`, for `cli`" => &["audit.rs"],
        "`work::sign_in`" | "`work::worklist`" | "`work::case::files`" => &["audit.rs"],
        "`work::retrieve`" => &["retrieve.rs"],
        "`work`, `work::case::study`" => &["mod.rs", "case/study.rs"],
        "`work::sign`" => &["sign.rs"],
        "`work::outbox`" => &["outbox.rs"],
        "`work::audit::reading`" => &["audit/reading.rs"],
        // Until the lock is there, nobody calls it.
        "`work::lock`" if !path("lock.rs").exists() => &[],
        "`work::lock`" => &["lock"],
        other => panic!("{other} is no place that this test knows"),
    }
}

/// What a module calls where the happening is named in `audit.rs`.
const CALLS: &[(&str, &str)] = &[
    ("mod.rs", "audit::note_start("),
    ("mod.rs", "audit::note_stop("),
    ("mod.rs", "audit::note_export("),
    ("sign_in.rs", "audit::note_entry("),
    ("sign_in.rs", "audit::note_refusal("),
    ("sign_in.rs", "audit::note_exit("),
    ("sign_in.rs", "audit::alert("),
    ("worklist.rs", "audit::note_query("),
    ("worklist.rs", "audit::alert("),
    ("case/files.rs", "audit::note_files("),
    ("case/study.rs", "audit::alert("),
    ("retrieve.rs", "audit::alert("),
    ("outbox.rs", "audit::alert("),
    ("ground.rs", "audit::opened("),
];

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/work").join(file)
}

/// A file, or a module with the files of its folder.
fn source(file: &str) -> String {
    if file.ends_with(".rs") {
        return std::fs::read_to_string(path(file)).unwrap();
    }
    let inside = std::fs::read_dir(path(file)).unwrap().map(|entry| entry.unwrap().path());
    let all = inside.chain([path(&format!("{file}.rs"))]).filter(|path| path.is_file());
    all.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_happening_is_in_the_table_and_is_raised_where_it_says() {
    let text = source("audit.rs");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let mut raised: BTreeMap<String, String> = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        for name in format!("`{}", cells[0]).split(", ") {
            let name = name.trim_matches('`').to_owned();
            assert_eq!(raised.insert(name.clone(), cells[1].to_owned()), None, "{name} stands twice");
        }
    }
    let all: Vec<String> = Happened::ALL.iter().map(|what| format!("{what:?}")).collect();
    assert_eq!(raised.len(), all.len());
    for name in all {
        let by = raised.get(&name).unwrap_or_else(|| panic!("{name} is not in the table"));
        for file in files(by) {
            let source = source(file);
            let named = ["Happened", "Presence"].iter().any(|of| source.contains(&format!("{of}::{name}")));
            assert!(named, "{name} is not raised in {file}");
        }
    }
    for (file, call) in CALLS {
        assert!(source(file).contains(call), "{file} does not call {call}");
    }
}
