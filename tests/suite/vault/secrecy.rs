//! What a thief reads on the disk.

use std::path::Path;

use dokuei::vault::{InstanceKey, OutboxEntry, ReportState, Vault};
use encoding_rs::{EUC_JP, SHIFT_JIS};

use super::{PASSPHRASE, body, files, open, scratch, uid};

const TEXTS: [&str; 10] = [
    "山田^太郎",
    "やまだ^たろう",
    "ﾔﾏﾀﾞ^ﾀﾛｳ",
    "Yamada^Tarou",
    "CANARY-ID-7781",
    "頭部単純CT",
    "1.2.392.200036.9116.7781.42",
    "hunter2-centre-password",
    "https://pacs.kita.example/dicom-web",
    PASSPHRASE,
];

/// Each canary in each encoding in which it could stand on a disk.
fn needles() -> Vec<Vec<u8>> {
    let mut needles = vec![body(4711, 48)];
    for text in TEXTS {
        needles.push(text.as_bytes().to_vec());
        needles.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        for encoding in [SHIFT_JIS, EUC_JP] {
            needles.push(encoding.encode(text).0.into_owned());
        }
    }
    // A shorter one would stand somewhere in megabytes of random bytes by chance.
    assert!(needles.iter().all(|needle| needle.len() >= 8));
    needles
}

fn plain() -> Vec<u8> {
    let mut all = TEXTS.join("|").into_bytes();
    for encoding in [SHIFT_JIS, EUC_JP] {
        all.extend(encoding.encode(&TEXTS.join("|")).0.iter());
    }
    all.extend(TEXTS.join("|").encode_utf16().flat_map(u16::to_le_bytes));
    all.extend(body(4711, 48).repeat(5000));
    all
}

fn hits(haystack: &[u8], needles: &[Vec<u8>]) -> usize {
    needles.iter().filter(|needle| haystack.windows(needle.len()).any(|window| window == &needle[..])).count()
}

fn search(folder: &Path, needles: &[Vec<u8>]) {
    for path in files(folder) {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        assert_eq!(hits(name.as_bytes(), needles), 0, "the name {name}");
        assert_eq!(hits(&std::fs::read(&path).unwrap(), needles), 0, "the file {name}");
    }
}

fn keep_canaries_everywhere(vault: &Vault) {
    let study = uid("1.2.392.200036.9116.7781.42");
    let key = InstanceKey {
        study: study.clone(),
        series: uid("1.2.392.200036.9116.7781.42.1"),
        sop: study.clone(),
    };
    let plain = plain();
    vault.put_instance(&key, TEXTS.join("|").as_bytes(), &plain).unwrap();
    vault.put_study_record(&study, &plain).unwrap();
    vault.save_draft(&study, &plain).unwrap();
    vault.put_secret(TEXTS[8], TEXTS[7].as_bytes()).unwrap();
    vault.append_audit(&plain).unwrap();
    let centre = TEXTS[8].to_owned();
    vault
        .enqueue_report(&OutboxEntry { sop: study.clone(), study: study.clone(), centre, object: &plain })
        .unwrap();
    vault.set_report_state(&study, ReportState::Failed, Some(TEXTS[0]), 1).unwrap();
}

#[test]
fn no_name_identifier_password_or_pixel_stands_in_the_clear() {
    let needles = needles();
    assert_eq!(hits(&plain(), &needles), needles.len(), "the search finds what is there");
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    keep_canaries_everywhere(&vault);
    search(folder.path(), &needles);
    drop(vault);
    search(folder.path(), &needles);
    let vault = open(folder.path()).unwrap();
    assert_eq!(*vault.draft(&uid(TEXTS[6])).unwrap().unwrap(), plain());
    vault.forget_study(&uid(TEXTS[6])).unwrap();
    vault.drop_draft(&uid(TEXTS[6])).unwrap();
    drop(vault);
    search(folder.path(), &needles);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_any_of_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = scratch();
    let folder = parent.path().join("deep").join("vault");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let vault = open(&folder).unwrap();
    keep_canaries_everywhere(&vault);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let all = files(&folder);
    assert!(all.iter().any(|path| path.ends_with("index.db-journal")), "also while it is open: {all:?}");
    for path in all {
        assert_eq!(mode(&path), 0o600, "{path:?}");
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{path:?}");
    }
}

#[test]
fn errors_and_debug_output_carry_no_patient() {
    let needles = needles();
    let folder = scratch();
    let vault = open(folder.path()).unwrap();
    keep_canaries_everywhere(&vault);
    let shown = format!("{vault:?} {:?}", super::passphrase(PASSPHRASE));
    assert_eq!(hits(shown.as_bytes(), &needles), 0, "{shown}");
}
