//! The same images through every door give the same answers of the program.

use std::path::Path;

use serde_json::Value;

use super::made::{archive, slice, write};
use crate::support::program::Workstation;

#[test]
fn a_folder_and_its_archive_are_alike_to_info_render_and_open() {
    let folder = tempfile::tempdir().unwrap();
    let slices: Vec<(String, Vec<u8>)> =
        (1..=5).filter(|n| *n != 3).map(|n| (format!("CT/{n}.dcm"), slice(n, 32))).collect();
    for (name, bytes) in &slices {
        write(folder.path(), name, bytes);
    }
    write(folder.path(), "CT/readme.txt", b"hello");
    let mut packed: Vec<(&str, Vec<u8>)> =
        slices.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    packed.push(("CT/readme.txt", b"hello".to_vec()));
    let zip = write(folder.path(), "CT.zip", &archive(&packed));
    let station = Workstation::new("");
    let open = |path: &Path| {
        let path = path.display().to_string();
        let mut info = station.json(&["info", &path, "--show-phi"]);
        for instance in info["instances"].as_array_mut().unwrap() {
            let told = instance["path"].take();
            assert!(told.as_str().unwrap().starts_with(&path), "{told}");
        }
        let picture = folder.path().join("picture.png");
        let drawn =
            ["render", &path, "--frame", "1", "--device", "cpu", "--out", &picture.display().to_string()];
        let badges = station.json(&drawn)["badges"].clone();
        let opened =
            station.json(&["open", &path, "--out", &folder.path().join("pictures").display().to_string()]);
        (info, badges, std::fs::read(picture).unwrap(), opened)
    };
    let plain = open(&folder.path().join("CT"));
    assert!(plain == open(&zip), "{plain:?}");
    let (info, badges, ..) = plain;
    assert_eq!(info["skipped"], 1);
    let stack = &info["series"][0]["stacks"][0];
    assert_eq!((stack["images"].as_u64(), stack["duplicates"].as_u64()), (Some(4), Some(0)));
    assert_eq!((stack["missing"][0]["count"].as_u64(), &stack["uneven"]), (Some(1), &Value::Bool(false)));
    assert!(badges.as_array().unwrap().contains(&"incomplete".into()), "{badges}");
}

#[test]
fn a_picture_is_not_written_over_the_archive_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let zip = write(folder.path(), "CT.zip", &archive(&[("1.dcm", slice(1, 8))]));
    let path = zip.display().to_string();
    let sentence = Workstation::new("").sentence(&["render", &path, "--device", "cpu", "--out", &path]);
    assert!(sentence.contains("CT.zip"), "{sentence}");
    assert!(std::fs::read(&zip).unwrap().starts_with(b"PK"));
}
