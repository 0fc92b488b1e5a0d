//! Folders and media.

use dokuei::text::{Explain as _, Language, say};
use dokuei::work::local;

use super::made::{archive, census, directory, read, slice, told, write};

#[test]
fn a_folder_gives_its_objects_and_counts_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for number in 1..=20 {
        write(root, &format!("deep/{}/IM{number}", number % 3), &slice(number, 8));
    }
    for (name, bytes) in [("notes.txt", &b"hello"[..]), ("deep/empty", b""), ("viewer.exe", &[0x4d; 9000])] {
        write(root, name, bytes);
    }
    write(root, "cut.dcm", &slice(30, 8)[..500]);
    write(root, "old.zip", &archive(&[("1", slice(40, 4))]));
    // A document in a container that is a ZIP archive inside is no archive to a reader.
    write(root, "letter.docx", &archive(&[("1", slice(41, 4))]));
    let before = census(root);
    let found = read(root);
    let (numbers, refused) = told(&found, root);
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    let expected = [("cut.dcm", "dicom-truncated"), ("old.zip", "work-local-archive-within")];
    assert_eq!(refused, expected.map(|(name, why)| (name.to_owned(), why.to_owned())));
    assert_eq!(found.skipped, 4);
    let again = local::read(&[root.to_owned(), found.loaded[0].0.file().to_owned()]).unwrap();
    assert_eq!(again.loaded.len(), 20, "what is chosen twice is read once");
    assert!(found.loaded.iter().all(|(_, loaded)| loaded.pixels.is_none()), "pixels stay where they are");
    assert_eq!(census(root), before);
}

#[test]
fn a_medium_is_read_by_its_directory_whatever_its_names_have_become() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let listed = ["DICOM\\CT\\IM1", "DICOM\\CT\\IM2", "dicom/ct/IM3"];
    write(root, "disc/DICOMDIR", &directory(&listed));
    write(root, "disc/dicom/ct/im1", &slice(1, 4));
    write(root, "disc/dicom/ct/IM2.;1", &slice(2, 4));
    write(root, "disc/dicom/ct/IM3;2", &slice(3, 4));
    write(root, "disc/extra", &slice(9, 4));
    let medium = root.join("disc/DICOMDIR");
    assert_eq!(told(&read(&medium), root), (vec![1, 2, 3], vec![]));
    // The folder holds more than its directory says: all of it is read.
    assert_eq!(told(&read(&root.join("disc")), root), (vec![1, 2, 3, 9], vec![]));

    std::fs::remove_file(root.join("disc/dicom/ct/im1")).unwrap();
    let found = read(&medium);
    assert_eq!(told(&found, root).0, [2, 3, 9], "when the list is not true, everything beside it counts");
    let sentence = say(Language::English, &found.refused[0].1.message());
    assert!(sentence.contains("1 files") && sentence.contains("DICOM/CT/IM1"), "{sentence}");
}

#[test]
fn a_directory_cannot_lead_out_of_its_medium() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "secret", &slice(7, 4));
    write(root, "disc/IM1", &slice(1, 4));
    let outside = root.join("secret").display().to_string();
    let ids = ["IM1", "..\\secret", "../secret", &outside, "A\\..\\..\\secret"];
    let medium = write(root, "disc/DICOMDIR", &directory(&ids));
    let (numbers, refused) = told(&read(&medium), root);
    assert_eq!(numbers, [1]);
    assert_eq!(refused, [("disc/DICOMDIR".to_owned(), "work-local-listed-elsewhere".to_owned())]);
    let broken = write(root, "disc/DICOMDIR", b"not a directory at all");
    let (numbers, refused) = told(&read(&broken), root);
    assert_eq!((numbers, refused[0].1.as_str()), (vec![1], "work-local-unlisted"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_pipes_and_devices_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "outside/7", &slice(7, 4));
    write(root, "chosen/1", &slice(1, 4));
    std::os::unix::fs::symlink(root.join("outside/7"), root.join("chosen/link")).unwrap();
    std::os::unix::fs::symlink(root.join("outside"), root.join("chosen/folder")).unwrap();
    std::os::unix::fs::symlink(root.join("chosen"), root.join("chosen/round")).unwrap();
    let pipe = root.join("chosen/pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    assert_eq!(told(&read(&root.join("chosen")), root), (vec![1], vec![]));
    for path in [pipe, "/dev/zero".into()] {
        let error = local::read(&[path]).unwrap_err();
        assert_eq!(error.message().id(), "work-local-no-file");
    }
}

#[test]
fn bare_data_sets_are_read_in_every_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let bare = slice(1, 4)[132..].to_vec();
    let data_set = bare[28..].to_vec();
    for (name, bytes) in [("no-preamble", bare), ("no-meta", data_set)] {
        let path = write(folder.path(), name, &bytes);
        assert_eq!(told(&read(&path), folder.path()), (vec![1], vec![]), "{name}");
    }
}
