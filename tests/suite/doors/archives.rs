//! ZIP archives.

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use dokuei::text::Explain as _;
use dokuei::work::local;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::made::{archive, census, directory, patched, read, replaced, slice, told, write};

#[test]
fn an_archive_is_read_like_a_folder_and_nothing_is_unpacked_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("CT/1.dcm", slice(1, 16)),
        ("CT/deep/2.dcm", slice(2, 16)),
        ("検査/3.dcm", slice(3, 16)),
        ("xxxx/4.dcm", slice(4, 16)),
        ("../../5.dcm", slice(5, 16)),
        ("back\\6.dcm", slice(6, 16)),
        ("readme.txt", b"no image".to_vec()),
    ];
    // 検査 in code page 932, as Japanese Windows writes it.
    let bytes = replaced(&archive(&files), b"xxxx", b"\x8c\x9f\x8d\xb8");
    let path = write(folder.path(), "study.zip", &bytes);
    let before = census(folder.path());
    let found = read(&path);
    assert_eq!(told(&found, folder.path()), (vec![1, 2, 3, 4, 5, 6], vec![]));
    assert_eq!(found.skipped, 1);
    let labels: Vec<String> = found
        .loaded
        .iter()
        .map(|(place, _)| place.label().strip_prefix(&path).unwrap().display().to_string())
        .collect();
    for name in ["CT/1.dcm", "CT/deep/2.dcm", "検査/3.dcm", "検査/4.dcm"] {
        assert!(labels.contains(&name.to_owned()), "{name} in {labels:?}");
    }
    assert!(found.loaded.iter().all(|(place, _)| place.file() == path), "only the archive itself is opened");
    assert_eq!(census(folder.path()), before);
}

#[test]
fn links_in_an_archive_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("1.dcm", SimpleFileOptions::default()).unwrap();
    writer.write_all(&slice(1, 4)).unwrap();
    writer.add_symlink("link.dcm", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    writer.add_directory("folder", SimpleFileOptions::default()).unwrap();
    let path = write(folder.path(), "a.zip", &writer.finish().unwrap().into_inner());
    let found = read(&path);
    assert_eq!((told(&found, folder.path()), found.skipped), ((vec![1], vec![]), 0));
}

/// What an archive is called here, its bytes, the instances that open, and what is told of which file.
type Trouble = (&'static str, Vec<u8>, Vec<i32>, &'static str, &'static str);

#[test]
fn what_cannot_be_unpacked_is_refused_by_name_and_the_rest_is_read() {
    let files = [("good.dcm", slice(1, 16)), ("bad.dcm", slice(2, 16)), ("also.dcm", slice(3, 16))];
    let whole = archive(&files);
    // `bad.dcm` is stored: its UID stands there in the clear.
    let changed = replaced(&whole, b"1.2.3.4.2", b"1.2.3.4.9");
    let nested =
        archive(&[("good.dcm", slice(1, 16)), ("bad.zip", whole.clone()), ("also.dcm", slice(3, 16))]);
    let twice = replaced(
        &archive(&[("good.dcm", slice(1, 16)), ("goof.dcm", slice(3, 16))]),
        b"goof.dcm",
        b"good.dcm",
    );
    let cases: [Trouble; 7] = [
        (
            "encrypted",
            patched(whole.clone(), "bad.dcm", 6, 1),
            vec![1, 3],
            "a.zip/bad.dcm",
            "work-local-encrypted",
        ),
        ("LZMA", patched(whole.clone(), "bad.dcm", 8, 14), vec![1, 3], "a.zip/bad.dcm", "work-local-method"),
        ("changed", changed, vec![1, 3], "a.zip/bad.dcm", "work-local-entry-damaged"),
        // Uncompressed size, its lower half: the content is longer than that.
        (
            "forged size",
            patched(whole.clone(), "also.dcm", 22, 300),
            vec![1, 2],
            "a.zip/also.dcm",
            "work-local-entry-damaged",
        ),
        (
            "forged size",
            patched(whole.clone(), "also.dcm", 24, 64),
            vec![1, 2],
            "a.zip/also.dcm",
            "work-local-entry-damaged",
        ),
        ("nested", nested, vec![1, 3], "a.zip/bad.zip", "work-local-archive-within"),
        ("same name", twice, vec![3], "a.zip", "work-local-same-name"),
    ];
    for (what, bytes, numbers, name, sentence) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), "a.zip", &bytes);
        let found = told(&read(&path), folder.path());
        assert_eq!(found, (numbers, vec![(name.to_owned(), sentence.to_owned())]), "{what}");
    }
}

#[test]
fn bombs_forged_lists_and_cut_archives_end_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut blown = slice(1, 4);
    blown.resize(400 << 20, 0);
    let bomb = archive(&[("bomb.dcm", blown)]);
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let whole = archive(&[("1.dcm", slice(1, 64))]);
    // A 64-bit end record that promises 2^60 entries, its locator, and the end record that sends there.
    let mut promising = b"PK\x03\x04".to_vec();
    promising.resize(1000, 0);
    promising.extend_from_slice(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
    promising.extend_from_slice(&(1_u64 << 60).to_le_bytes().repeat(2));
    promising.extend_from_slice(&(1_u64 << 60).to_le_bytes());
    promising.extend_from_slice(&0_u64.to_le_bytes());
    promising.extend_from_slice(b"PK\x06\x07\0\0\0\0\xe8\x03\0\0\0\0\0\0\x01\0\0\0");
    promising.extend_from_slice(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let cases: [(&str, &[u8], &str); 4] = [
        ("bomb", &bomb, "work-local-grows"),
        ("cut", &whole[..whole.len() / 2], "work-local-archive-damaged"),
        ("only a beginning", b"PK\x03\x04 and so on", "work-local-archive-damaged"),
        ("promises", &promising, "work-local-too-many"),
    ];
    for (what, bytes, sentence) in cases {
        let path = write(folder.path(), "a.zip", bytes);
        let begun = Instant::now();
        let error = local::read(&[path]).unwrap_err();
        assert_eq!(error.message().id(), sentence, "{what}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{what}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_few_blank_images_are_no_bomb() {
    let folder = tempfile::tempdir().unwrap();
    let mut blank = slice(1, 512);
    let pixels = blank.len() - 512 * 512 * 2;
    blank[pixels..].fill(0);
    let files = [("1.dcm", blank.clone()), ("2.txt", vec![]), ("3.dcm", blank)];
    let path = write(folder.path(), "a.zip", &archive(&files));
    assert_eq!(read(&path).loaded.len(), 2);
}

#[test]
fn the_directory_of_a_packed_medium_is_held_to_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("CD/DICOMDIR", directory(&["CT\\IM1", "CT\\IM2"])),
        ("CD/ct/im1.;1", slice(1, 4)),
        ("CD/ct/other", slice(3, 4)),
    ];
    let path = write(folder.path(), "a.zip", &archive(&files));
    let (numbers, refused) = told(&read(&path), folder.path());
    assert_eq!(numbers, [1, 3]);
    assert_eq!(refused, [("a.zip/CD/DICOMDIR".to_owned(), "work-local-listed-missing".to_owned())]);
}
