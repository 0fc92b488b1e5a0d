//! The mutation campaign: changed copies of real files, each of which ends in a named error or in what pydicom, GDCM
//! and dcmtk agree on for that same changed file. Where they disagree among themselves the case is counted and listed.
//!
//! # What the disagreements are
//!
//! The report ends with a table of causes; looked through in a run of 6,000 copies, with what is behind each:
//!
//! - *split, one judge has no pixel data*: 70 of 81. A length or a VR was changed; that judge takes the rest of the object
//!   for the value, or stops, and shows an object without a picture, silently. The program and the other judges go on
//!   where the value can only end, and the program warns.
//! - *split, two judges have no pixel data*: 3. The same; GDCM and the program go on.
//! - *split, GDCM has other samples, by high*: 3. High Bit lies above Bits Stored minus 1: GDCM takes the lowest bits all the
//!   same, the program and the others those that High Bit names.
//! - *split, GDCM (and dcmtk) have other samples*: 3. 16-bit cells under OB in Explicit VR Big Endian, which the standard
//!   does not allow (PS3.5 A.3 wants OW): pydicom and the program swap their bytes, GDCM and dcmtk do not. In the file that
//!   the copies are made of both give the same samples.
//! - *split, name*: 2. pydicom and dcmtk decode it differently; the program reads it as one of them.
//! - *differs from one, pydicom has no pixel data*: 5. As the first, where the other judges refuse; the program warns each
//!   time: of the element, or that it had to guess the transfer syntax.
//! - *alone*: 101. The judges want a transfer syntax, a VR or an element that the program finds by proof of the bytes, with
//!   a warning; or they are stricter about damaged code streams of which all samples are there.
//!
//! None of them is a silent reading of the program's own.
//!
//! The suite takes `SAMPLE` of them; `cargo xtask fuzz` sets `DOKUEI_MUTANTS`. The list lies in the folder
//! `campaign` under the target folder's `tmp`, with a copy of each file that is listed.

mod mutate;
mod ours;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

use crate::data;
use crate::support::{judge, note};
use mutate::{Seeded, mutant};

/// Copies in a run of the suite: half a minute.
const SAMPLE: usize = 300;
/// Files made, read and judged at a time.
const BATCH: usize = 250;
/// Larger originals are left out.
const LARGEST: usize = 1 << 20;
/// What reading one may cost above idle.
const MOST_MEMORY: u64 = 256 << 20;

/// Verdicts that say that the program is wrong, or that nobody can tell.
const FINDINGS: [&str; 2] = ["differs", "died"];

/// Copies on which the judges agree and are wrong, and why. They have numbers of a run over `../shared/data`.
const EXCUSED: [(&str, &str); 2] = [
    (
        "06841-SC_rgb_dcmtk_+eb+cy+s2.dcm",
        "a quantisation step of 177: libjpeg, which all three use, wraps samples far out of range round; they are cut here",
    ),
    (
        "08153-VL1_JPH",
        "Planar Configuration 1 beside a JPEG 2000 stream, for which it means nothing: pydicom and GDCM take it at its word",
    ),
];

#[test]
fn changed_copies_of_real_files_end_in_an_error_or_as_others_read_them() {
    let originals = originals();
    let judges =
        judge::python(&["pydicom", "gdcm", "pylibjpeg", "libjpeg", "openjpeg", "rle", "jpeg_ls", "resource"]);
    if originals.is_empty() || judges.is_none() {
        return;
    }
    let count = std::env::var("DOKUEI_MUTANTS").ok().map_or(SAMPLE, |count| count.parse().unwrap());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("campaign");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("listed")).unwrap();
    let mut tally = Tally::default();
    let begun = Instant::now();
    for first in (0..count).step_by(BATCH) {
        let batch = folder.join("batch");
        std::fs::create_dir_all(&batch).unwrap();
        let files = make(&originals, first..count.min(first + BATCH), &batch);
        let answers = ours::answers(&files, &folder);
        let verdicts = ask(&files, &answers);
        for ((file, answer), verdict) in files.iter().zip(&answers).zip(&verdicts) {
            tally.add(file, answer, verdict, &folder);
        }
        std::fs::remove_dir_all(&batch).unwrap();
    }
    tally.report(&folder, count, begun.elapsed().as_secs());
    assert!(tally.findings.is_empty(), "{}", tally.findings.join("\n"));
}

/// Real files that are not too large, in the order of their names.
fn originals() -> Vec<(String, Vec<u8>)> {
    let mut folders: Vec<PathBuf> =
        ["broken", "charset", "geometry", "modality", "objects", "transfer-syntax", "volumes"]
            .iter()
            .filter_map(|name| data::path(name))
            .collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let small = path.metadata().is_ok_and(|data| data.len() <= LARGEST as u64);
            if path.is_dir() {
                folders.push(path);
            } else if small {
                files.push(path);
            }
        }
    }
    files.sort();
    let named = |path: PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
    };
    files.into_iter().map(named).collect()
}

/// Writes the copies of these numbers, a number and the original's name each.
fn make(originals: &[(String, Vec<u8>)], numbers: std::ops::Range<usize>, folder: &Path) -> Vec<PathBuf> {
    let one = |number: usize| {
        let (name, bytes) = &originals[Seeded::new(number as u64).below(originals.len())];
        let path = folder.join(format!("{number:05}-{name}"));
        std::fs::write(&path, mutant(bytes, number as u64)).unwrap();
        path
    };
    numbers.map(one).collect()
}

/// The verdict of the judges on each answer.
fn ask(files: &[PathBuf], answers: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/dicom/campaign/judges.py");
    let mut python = judge::python(&["pydicom", "gdcm"]).unwrap();
    let lines: String = files
        .iter()
        .zip(answers)
        .map(|(path, ours)| format!("{}\n", json!({ "path": path, "ours": ours })))
        .collect();
    let mut child = python.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::Builder::new()
        .name("to the judges".into())
        .spawn(move || stdin.write_all(lines.as_bytes()).unwrap())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let verdicts: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(verdicts.len(), files.len(), "the judges gave up");
    verdicts
}

/// What came out.
#[derive(Default)]
struct Tally {
    verdicts: BTreeMap<String, usize>,
    /// By verdict and cause: how many, and the first of them.
    causes: BTreeMap<(String, String), (usize, String)>,
    listed: Vec<String>,
    findings: Vec<String>,
    worst: (u64, f64),
}

impl Tally {
    fn add(&mut self, file: &Path, answer: &Value, verdict: &Value, folder: &Path) {
        let name = file.file_name().unwrap().to_string_lossy();
        let mut kind = verdict["verdict"].as_str().unwrap().to_owned();
        if answer["died"].is_string() {
            kind = "died".to_owned();
        }
        let title = if kind == "error" {
            format!("error {}", verdict["about"].as_str().unwrap())
        } else {
            kind.clone()
        };
        *self.verdicts.entry(title).or_default() += 1;
        let cause = verdict["cause"].as_str().unwrap();
        if !cause.is_empty() {
            let class = self.causes.entry((kind.clone(), cause.to_owned())).or_default();
            class.0 += 1;
            if class.1.is_empty() {
                class.1 = name.to_string();
            }
        }
        let (peak, seconds) =
            (answer["peak"].as_u64().unwrap_or(0), answer["seconds"].as_f64().unwrap_or(0.0));
        self.worst = (self.worst.0.max(peak), self.worst.1.max(seconds));
        let line = format!("{kind}\t{name}\t{}\t{}", verdict["about"].as_str().unwrap(), verdict["judges"]);
        if peak > MOST_MEMORY || seconds > 1.0 {
            self.findings.push(format!("{} MiB, {seconds} s\t{line}", peak >> 20));
        }
        let excused = EXCUSED.iter().any(|(copy, _)| *copy == name);
        if FINDINGS.contains(&kind.as_str()) && !excused {
            self.findings.push(line.clone());
        }
        if !matches!(kind.as_str(), "error" | "agree" | "one") {
            self.listed.push(line);
            std::fs::copy(file, folder.join("listed").join(&*name)).unwrap();
        }
    }

    fn report(&self, folder: &Path, count: usize, seconds: u64) {
        let mut text = format!("{count} changed copies in {seconds} s\n");
        for (verdict, count) in &self.verdicts {
            text += &format!("{count:7}  {verdict}\n");
        }
        text += &format!(
            "greatest memory above idle {} MiB, longest {:.2} s\n",
            self.worst.0 >> 20,
            self.worst.1
        );
        text += "disagreements by their cause, with the first of each\n";
        let mut causes: Vec<_> = self.causes.iter().collect();
        causes.sort_by(|a, b| (&a.0.0, b.1.0).cmp(&(&b.0.0, a.1.0)));
        for ((verdict, cause), (count, first)) in causes {
            text += &format!("{count:7}  {verdict}: {cause}  ({first})\n");
        }
        note(&format!("campaign: {text}"));
        text += &self.listed.join("\n");
        std::fs::write(folder.join("report.txt"), text).unwrap();
    }
}
