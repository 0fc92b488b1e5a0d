//! `cargo xtask bench codecs`: the time of the codec door beside that of the C libraries, as ratios of one run.
//!
//! Real CT slices are encoded by the C libraries (pip's imagecodecs; pydicom for RLE). Two processes then decode
//! them in turns, ours (`examples/decode_bench.rs`) and theirs (`bench_codecs/peer.py`), each on one thread, and
//! say what processor time it took. dcmtk has programs only: of each the decoded object's
//! mere copying is taken off.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const PEER: &str = include_str!("bench_codecs/peer.py");
const SLICES: usize = 8;
const ROUNDS: usize = 7;

/// A coding's label, the library it is held against, and the ratio of times that is allowed.
const CODINGS: [(&str, &str, f64); 15] = [
    ("rle", "dcmtk", 0.8),
    ("jpeg-grey", "libjpeg-turbo", 1.0),
    ("jpeg-colour", "libjpeg-turbo", 1.0),
    ("jpeg-12-bit", "libjpeg-turbo", 1.3),
    ("jpeg-lossless", "dcmtk", 1.3),
    ("jpeg-ls", "CharLS", 1.3),
    ("jpeg-ls-near", "CharLS", 1.3),
    ("jpeg-ls-colour", "CharLS", 1.3),
    ("j2k", "OpenJPEG", 1.3),
    ("j2k-lossy", "OpenJPEG", 1.3),
    ("j2k-colour", "OpenJPEG", 1.3),
    ("htj2k", "OpenJPH", 3.3),
    ("htj2k-colour", "OpenJPH", 5.7),
    ("jxl", "libjxl", 1.3),
    ("jxl-lossy", "libjxl", 1.3),
];

/// What is decoded on all cores at once, and out of an object of 2000 frames.
const SCALED: [&str; 4] = ["jpeg-lossless", "j2k", "htj2k", "jxl"];
const FRAMED: [&str; 4] = ["native", "rle", "jpeg-lossless", "htj2k"];

/// Encodes, measures and prints. `slices` is a folder of CT slices.
///
/// # Errors
/// A process does not start or does not answer.
pub fn run(ours: &Path, python: &Path, slices: &Path, folder: &Path) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    let peer = folder.join("peer.py");
    std::fs::write(&peer, PEER).map_err(|e| e.to_string())?;
    encode(python, &peer, slices, folder)?;
    let mut ours = Answering::start(Command::new(ours).arg(folder))?;
    let mut theirs = Answering::start(Command::new(python).arg(&peer).arg("serve").arg(folder))?;
    println!("{:16} {:>6} {:>6}   ms a frame, ours and theirs", "coding", "ratio", "limit");
    for (label, library, limit) in CODINGS {
        match compare(&mut ours, &mut theirs, label)? {
            Ok([ratio, mine, other]) => println!(
                "{label:16} {ratio:6.2} {limit:6.1}   {mine:.2} {other:.2} {library}{}",
                if ratio > limit { "   MISSED" } else { "" }
            ),
            Err(why) => println!("{label:16} {why}"),
        }
    }
    for label in SCALED {
        print_ratio(&mut ours, ["all", "one"], label, "time of a frame, all cores busy to one", 1.15)?;
    }
    for label in FRAMED {
        print_ratio(&mut ours, ["far", "first"], label, "frame 1000 of 2000 to frame 1", 2.0)?;
    }
    Ok(())
}

fn encode(python: &Path, peer: &Path, slices: &Path, folder: &Path) -> Result<(), String> {
    let entries = std::fs::read_dir(slices).map_err(|e| format!("{}: {e}", slices.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    // From the middle, where most of the picture is patient.
    let first = files.len().saturating_sub(SLICES) / 2;
    let files: Vec<_> = files.into_iter().skip(first).take(SLICES).collect();
    let done = Command::new(python).arg(peer).arg("encode").arg(folder).args(&files).status();
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("encoding: {status}")),
        Err(why) => Err(format!("{}: {why}", python.display())),
    }
}

/// The median ratio, and the median milliseconds of a frame on both sides.
fn compare(
    ours: &mut Answering,
    theirs: &mut Answering,
    label: &str,
) -> Result<Result<[f64; 3], String>, String> {
    let (mut ratios, mut mine, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let question = format!("one {label}");
        let (our, their) = match (ours.ask(&question)?, theirs.ask(&question)?) {
            (Ok(our), Ok(their)) => (our, their),
            (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
        };
        // The first fills caches.
        if round > 0 {
            ratios.push(our / their);
            mine.push(our / SLICES as f64 * 1e3);
            others.push(their / SLICES as f64 * 1e3);
        }
    }
    Ok(Ok([median(&mut ratios), median(&mut mine), median(&mut others)]))
}

/// The median ratio of two of our own measurements.
fn print_ratio(
    ours: &mut Answering,
    [above, below]: [&str; 2],
    label: &str,
    what: &str,
    limit: f64,
) -> Result<(), String> {
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        match (ours.ask(&format!("{above} {label}"))?, ours.ask(&format!("{below} {label}"))?) {
            (Ok(above), Ok(below)) => ratios.push(above / below),
            (Err(why), _) | (_, Err(why)) => {
                println!("{label:16} {why}");
                return Ok(());
            }
        }
    }
    let ratio = median(&mut ratios);
    println!("{label:16} {ratio:6.2} {limit:6.2}   {what}{}", if ratio > limit { "   MISSED" } else { "" });
    Ok(())
}

/// A process that answers lines.
struct Answering {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Answering {
    fn start(command: &mut Command) -> Result<Self, String> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", command.get_program().display()))?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Self { process, questions, answers: BufReader::new(answers) })
            }
            _ => Err("no pipes to the process".to_owned()),
        }
    }

    /// Seconds, or in words why there are none.
    fn ask(&mut self, question: &str) -> Result<Result<f64, String>, String> {
        writeln!(self.questions, "{question}").map_err(|e| e.to_string())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).map_err(|e| e.to_string())?;
        let answer = answer.trim();
        if answer.is_empty() {
            return Err(format!("no answer to {question}"));
        }
        Ok(answer.parse().map_err(|_| answer.to_owned()))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
