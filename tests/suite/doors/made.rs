//! Objects, media and archives made for these tests.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use dokuei::work::local::{self, LocalFiles};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn element(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    bytes.extend_from_slice(vr.as_bytes());
    let padded = value.len() + value.len() % 2;
    if matches!(vr, "OW" | "SQ") {
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&u32::try_from(padded).unwrap().to_le_bytes());
    } else {
        bytes.extend_from_slice(&u16::try_from(padded).unwrap().to_le_bytes());
    }
    bytes.extend_from_slice(value);
    bytes.resize(bytes.len() + padded - value.len(), if vr == "UI" { 0 } else { b' ' });
    bytes
}

fn part10(body: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes.extend_from_slice(b"DICM");
    bytes.extend(element((2, 0x10), "UI", b"1.2.840.10008.1.2.1"));
    bytes.extend(body.concat());
    bytes
}

/// Slice `number` of a CT of `side` x `side` pixels.
pub(super) fn slice(number: u16, side: u16) -> Vec<u8> {
    let us = |element_number: u16, value: u16| element((0x28, element_number), "US", &value.to_le_bytes());
    let text = |tag, vr: &str, text: &str| element(tag, vr, text.as_bytes());
    let pixels: Vec<u8> = (0..u32::from(side) * u32::from(side))
        .flat_map(|n| u16::try_from(n * 7 % 4096).unwrap().to_le_bytes())
        .collect();
    part10(&[
        text((8, 0x8), "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.2"),
        text((8, 0x18), "UI", &format!("1.2.3.4.{number}")),
        text((8, 0x60), "CS", "CT"),
        text((0x10, 0x10), "PN", "DOE^JANE"),
        text((0x10, 0x20), "LO", "P1"),
        text((0x20, 0xd), "UI", "1.2.3"),
        text((0x20, 0xe), "UI", "1.2.3.1"),
        text((0x20, 0x13), "IS", &number.to_string()),
        text((0x20, 0x32), "DS", &format!("0\\0\\{number}")),
        text((0x20, 0x37), "DS", "1\\0\\0\\0\\1\\0"),
        text((0x20, 0x52), "UI", "1.2.3.9"),
        us(2, 1),
        text((0x28, 4), "CS", "MONOCHROME2"),
        us(0x10, side),
        us(0x11, side),
        text((0x28, 0x30), "DS", "1\\1"),
        us(0x100, 16),
        us(0x101, 12),
        us(0x102, 11),
        us(0x103, 0),
        text((0x28, 0x1052), "DS", "-1024"),
        text((0x28, 0x1053), "DS", "1"),
        element((0x7fe0, 0x10), "OW", &pixels),
    ])
}

/// A DICOMDIR that lists these File IDs.
pub(super) fn directory(ids: &[&str]) -> Vec<u8> {
    let item = |id: &&str| {
        let record = element((4, 0x1500), "CS", id.as_bytes());
        let length = u32::try_from(record.len()).unwrap().to_le_bytes();
        [&[0xfe, 0xff, 0x00, 0xe0][..], &length, &record].concat()
    };
    part10(&[element((4, 0x1220), "SQ", &ids.iter().flat_map(item).collect::<Vec<u8>>())])
}

/// A ZIP archive of these files; every second one is stored, the others are deflated.
pub(super) fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (n, (name, bytes)) in files.iter().enumerate() {
        let method = if n % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The same bytes with every `from` replaced by a `to` of equal length.
pub(super) fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

/// Sets a 16-bit field of one entry in both of its headers: `at` behind the local one's beginning.
pub(super) fn patched(mut bytes: Vec<u8>, name: &str, at: usize, value: u16) -> Vec<u8> {
    // The central header has two bytes more before the fields that both have (APPNOTE 4.3.7, 4.3.12).
    let headers = [(&b"PK\x03\x04"[..], 30, at), (b"PK\x01\x02", 46, at + 2)];
    for (signature, length, field) in headers {
        let begins = |&begin: &usize| {
            bytes[begin..].starts_with(signature) && bytes[begin + length..].starts_with(name.as_bytes())
        };
        let begin = (0..bytes.len() - length - name.len()).find(begins).unwrap();
        bytes[begin + field..begin + field + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

/// Writes a file, with the folders it is in.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Reads one path.
pub(super) fn read(path: &Path) -> LocalFiles {
    local::read(&[path.to_owned()]).unwrap()
}

/// What was found, by names below `root` and sorted: the instance numbers of what was read, and which sentence
/// each refused file has.
pub(super) fn told(found: &LocalFiles, root: &Path) -> (Vec<i32>, Vec<(String, String)>) {
    use dokuei::text::Explain as _;
    let mut numbers: Vec<i32> =
        found.loaded.iter().map(|(_, loaded)| loaded.instance.instance_number.unwrap()).collect();
    numbers.sort_unstable();
    let inside = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let refused = found.refused.iter().map(|(path, why)| (inside(path), why.message().id().to_owned()));
    let mut refused: Vec<_> = refused.collect();
    refused.sort();
    (numbers, refused)
}

/// Every file below a folder with its size.
pub(super) fn census(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let (path, about) = entry.map(|entry| (entry.path(), entry.metadata().unwrap())).unwrap();
            if about.is_dir() {
                folders.push(path.clone());
            }
            found.push((path, about.len()));
        }
    }
    found.sort();
    found
}
