//! The program on a small disk that is full, or that may only be read.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use dokuei::vault::Vault;

use super::crash::{CHILD, unshared};
use super::power::{acknowledged, reports};
use super::torture::sentences;
use super::{Random, options, passphrase};
use crate::safety;
use crate::support::campaign::{Worst, figure, rounds, seed};
use crate::support::program::PASSPHRASE;
use crate::support::skip;
use crate::trouble::Scene;

const ELSEWHERE: &str = "DOKUEI_TEST_ELSEWHERE";
const MOUNT: &str = "mount -t tmpfs -o size=4m tmpfs \"$DOKUEI_TEST_VAULT\"";

#[test]
fn a_report_that_a_full_or_read_only_disk_refused_is_told_and_signed_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let task = "works on a small disk";
    if unshared(task, &format!("{MOUNT} && exit 7"), folder.path()) != Some(7) {
        return skip("unshare and tmpfs");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let run = format!(
        "{MOUNT} && export {ELSEWHERE}='{}' TMPDIR=\"$DOKUEI_TEST_VAULT\" && exec '{}' {CHILD}",
        elsewhere.path().display(),
        std::env::current_exe().unwrap().display()
    );
    assert_eq!(unshared(task, &run, folder.path()), Some(0));
}

/// What the disk refuses, and how it is given back.
struct Refusal<'a> {
    disk: &'a Path,
    read_only: bool,
}

impl<'a> Refusal<'a> {
    /// Full but for `free` bytes, or read-only.
    fn begin(disk: &'a Path, free: Option<u64>) -> Self {
        match free {
            None => remount(disk, "ro"),
            Some(free) => {
                let mut file = std::fs::File::create(disk.join("ballast")).unwrap();
                for size in [1 << 16, 1 << 12, 1] {
                    while file.write(&vec![7; size]).is_ok_and(|taken| taken > 0) {}
                }
                file.set_len(file.metadata().unwrap().len().saturating_sub(free)).unwrap();
            }
        }
        Self { disk, read_only: free.is_none() }
    }

    fn end(self) {
        if self.read_only {
            remount(self.disk, "rw");
        } else {
            std::fs::remove_file(self.disk.join("ballast")).unwrap();
        }
    }
}

fn remount(disk: &Path, how: &str) {
    let status = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(disk).status();
    assert!(status.unwrap().success(), "{how}");
}

pub(super) fn works_on_a_small_disk(disk: &Path) {
    let scene = Scene::new();
    let home = scene.station.home.path();
    assert!(home.starts_with(disk));
    drop(Vault::open(&home.join("vault"), passphrase(PASSPHRASE), options()).unwrap());
    let elsewhere = PathBuf::from(std::env::var_os(ELSEWHERE).unwrap());
    let study = safety::files(&elsewhere, |_, _| {});
    let path = safety::document(&elsewhere, &study);
    let document = std::fs::read_to_string(&path).unwrap();
    let [report, images] = [path.as_path(), &elsewhere].map(|path| path.to_str().unwrap());
    let sign = ["report", "sign", report, "--centre", "island", "--images", images, "--json"];

    let mut random = Random(seed("full and read-only disks"));
    let (mut known, mut worst, mut refused, mut from_reserve) = (BTreeSet::new(), Worst::default(), 0, 0);
    let count = rounds(6, 100);
    for round in 0..count {
        std::fs::write(&path, document.replace("Bleed.", &format!("Bleed {round}."))).unwrap();
        let free = match round % 3 {
            0 => Some(0),
            1 => Some([4096, 16_384, 40_000][random.below(3)]),
            _ => None,
        };
        let refusal = Refusal::begin(disk, free);
        let words = if random.below(3) == 0 { &["report", "send", "--json"][..] } else { &sign };
        let output = worst.of(Duration::from_secs(2), || scene.station.run(words));
        let when = format!("round {round}, {free:?} bytes free");
        known.extend(acknowledged(&output.stdout).into_iter().map(|(uid, _)| uid));
        if output.status.success() {
            from_reserve += usize::from(free == Some(0));
        } else {
            refused += 1;
            let told = sentences(&output);
            assert!(output.status.code() == Some(1) && told.len() == 1, "{when}: {told:?}");
            assert!(told[0].contains("disk") || told[0].contains("read-only"), "{when}: {told:?}");
        }
        refusal.end();
        let told = acknowledged(&scene.station.run(&sign).stdout);
        assert_eq!(told.len(), 1, "{when}: it is signed when there is room");
        known.extend(told.into_iter().map(|(uid, _)| uid));
        let left = reports(home, &when);
        assert!(known.iter().all(|uid| left.contains_key(uid)), "{when}");
    }
    assert!(refused >= count / 4, "{refused} of {count} were refused");
    assert!(from_reserve > 0, "nothing was kept for a report on a full disk");
    scene.station.json(&["report", "send"]);
    let stored: Vec<_> = scene.centre.stored().into_iter().map(|(uid, _)| uid.to_string()).collect();
    assert_eq!((stored.len(), known.len()), (count, count), "each once");
    assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), known);
    figure(
        "R5 full and read-only disks",
        &format!("{count} runs, {refused} refused, told in {worst} at worst: 0 lost, 0 doubled"),
    );
}
