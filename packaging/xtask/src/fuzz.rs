//! `cargo xtask fuzz targets`: what reads foreign bytes, under libFuzzer for a while each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A target of `fuzz/` and where its first inputs come from: folders of the real files, and how they are cut.
struct Target {
    name: &'static str,
    folders: &'static [&'static str],
    cut: Cut,
}

/// What of a real file a target is fed with.
enum Cut {
    /// The file.
    Whole,
    /// Its first fragment of pixel data, behind the six bytes by which the target chooses a format.
    Stream,
    /// Nothing of it: these texts.
    Texts(&'static [&'static [u8]]),
}

const TARGETS: [Target; 5] = [
    Target { name: "object", folders: &["broken", "charset", "objects", "transfer-syntax"], cut: Cut::Whole },
    Target {
        name: "text",
        folders: &[],
        cut: Cut::Texts(&[
            b"\\ISO 2022 IR 87\nYamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
            b"ISO 2022 IR 13\\ISO 2022 IR 87\n\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J",
            b"\\ISO 2022 IR 149\nHong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7",
            b"GB18030\nWang=\xcd\xf5^\xd0\xa1\xb6\xab",
            b"ISO_IR 192\nWang=\xe7\x8e\x8b",
            b"\\ISO 2022 IR 159\n\x1b$(D\x22\x37",
            b"ISO_IR 100\nBuc^J\xe9r\xf4me",
        ]),
    },
    Target { name: "stream", folders: &["transfer-syntax"], cut: Cut::Stream },
    Target {
        name: "multipart",
        folders: &[],
        cut: Cut::Texts(&[
            b"\x07--b\r\nContent-Type: application/dicom\r\n\r\nONE\r\n--b\r\nA: 1\r\n B\r\n\r\n\r\n--b--\r\n",
            b"\x01--b \t\r\n\r\nx\r\n--bX\r\n--b--",
        ]),
    },
    Target {
        name: "json",
        folders: &[],
        cut: Cut::Texts(&[
            br#"{"00080016":{"vr":"UI","Value":["1.2"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"A"}]}}"#,
            br#"{"00280010":{"vr":"US","Value":[4]},"00189087":{"vr":"FD","Value":[1.5,"NaN"]},"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI"}},null]}}"#,
            br#"{"00420011":{"vr":"OB","InlineBinary":"AAA="},"7FE00010":{"vr":"OW","BulkDataURI":"x"},"00200032":{"vr":"DS","Value":[1,2,3]}}"#,
        ]),
    },
];

/// Limits of one input: memory in MiB, one allocation in MiB, seconds.
const LIMITS: [&str; 3] = ["-rss_limit_mb=512", "-malloc_limit_mb=256", "-timeout=5"];
/// Larger real files make a slow start.
const LARGEST_SEED: u64 = 64 << 10;

/// Runs each target for `seconds` and prints what it did; an input at fault stays in `fuzz/artifacts`.
///
/// # Errors
/// When the tools are missing, with what to install, or when a target found something.
pub fn targets(
    root: &Path,
    target: &Path,
    data: Option<&Path>,
    seconds: &str,
    only: &[&str],
) -> Result<(), String> {
    let seconds: u64 = seconds.parse().map_err(|_| format!("{seconds} is no number of seconds"))?;
    tools()?;
    let built = target.join("fuzz");
    let mut found = Vec::new();
    println!("xtask: building the fuzz targets: a few minutes the first time");
    // With -O the profile of `fuzz/Cargo.toml` says what is checked, crate by crate.
    let mut build = Command::new("cargo");
    build
        .current_dir(root.join("fuzz"))
        .args(["+nightly", "fuzz", "build", "-O", "--target-dir"])
        .arg(&built);
    if !build.stdin(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return Err("the fuzz targets are not built".to_owned());
    }
    for target in TARGETS.iter().filter(|target| only.is_empty() || only.contains(&target.name)) {
        let seeds = seeds(&built, target, data)?;
        let mut command = Command::new("cargo");
        command
            .current_dir(root.join("fuzz"))
            .args(["+nightly", "fuzz", "run", "-O", "--target-dir"])
            .arg(&built);
        command.arg(target.name).arg(&seeds).args(["--", "-print_final_stats=1", "-max_len=65536"]);
        command.args(LIMITS).arg(format!("-max_total_time={seconds}")).stdin(Stdio::null());
        println!("xtask: fuzz {} for {seconds} s", target.name);
        let output = command.output().map_err(|why| format!("cargo fuzz: {why}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let number = |name: &str| {
            said.lines().find_map(|line| line.split_once(name)?.1.trim().parse::<u64>().ok()).unwrap_or(0)
        };
        let (runs, memory) = (number("stat::number_of_executed_units:"), number("stat::peak_rss_mb:"));
        let speed = number("stat::average_exec_per_sec:");
        println!("  {:10} {runs:>12} runs  {speed:>7} a second  {memory:>4} MiB", target.name);
        if !output.status.success() {
            let last: Vec<&str> = said.lines().rev().take(25).collect();
            last.iter().rev().for_each(|line| println!("  {line}"));
            found.push(target.name);
        }
    }
    if found.is_empty() { Ok(()) } else { Err(format!("findings in: {}", found.join(", "))) }
}

/// The nightly compiler and cargo-fuzz; where they are missing, how they come.
fn tools() -> Result<(), String> {
    let answers = |args: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !answers(&["+nightly", "--version"]) {
        return Err("fuzz targets need a nightly compiler: rustup toolchain install nightly".to_owned());
    }
    if !answers(&["fuzz", "--version"]) {
        return Err("fuzz targets need cargo-fuzz: cargo install cargo-fuzz".to_owned());
    }
    Ok(())
}

/// A folder of first inputs; what libFuzzer adds to it is kept for the next run.
fn seeds(built: &Path, target: &Target, data: Option<&Path>) -> Result<PathBuf, String> {
    let folder = built.join("corpus").join(target.name);
    let wrong = |why: std::io::Error| format!("{}: {why}", folder.display());
    std::fs::create_dir_all(&folder).map_err(wrong)?;
    if let Cut::Texts(texts) = target.cut {
        for (number, text) in texts.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), text).map_err(wrong)?;
        }
    }
    let folders = target.folders.iter().filter_map(|name| std::fs::read_dir(data?.join(name)).ok());
    for entry in folders.flatten().flatten() {
        let path = entry.path();
        let small = entry.metadata().is_ok_and(|data| data.is_file() && data.len() <= LARGEST_SEED);
        let Some(name) = path.file_name().filter(|_| small) else { continue };
        let bytes = std::fs::read(&path).map_err(wrong)?;
        let seed = match target.cut {
            Cut::Stream => stream(&bytes),
            _ => Some(bytes),
        };
        if let Some(seed) = seed {
            std::fs::write(folder.join(name), seed).map_err(wrong)?;
        }
    }
    Ok(folder)
}

/// The first fragment that has bytes, and before it: the syntax, the kind of samples, rows, columns, bits, colours.
/// Only images of up to 255 pixels a side can be said in them.
fn stream(file: &[u8]) -> Option<Vec<u8>> {
    let find = |wanted: &[u8]| file.windows(wanted.len()).position(|window| window == wanted);
    let short = |element: u8| {
        let at = find(&[0x28, 0, element, 0, b'U', b'S', 2, 0])?;
        Some(u16::from_le_bytes([*file.get(at + 8)?, *file.get(at + 9)?]))
    };
    let wide = |element: u8| {
        let at = find(&[0x28, 0, element, 1, b'U', b'S', 2, 0])?;
        file.get(at + 8).copied()
    };
    let (rows, columns) = (u8::try_from(short(0x10)?).ok()?, u8::try_from(short(0x11)?).ok()?);
    let mut at = find(&[0xe0, 0x7f, 0x10, 0, b'O', b'B', 0, 0, 0xff, 0xff, 0xff, 0xff])? + 12;
    let fragment = loop {
        let length = u32::from_le_bytes(file.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let value = file.get(at + 8..)?.get(..length)?;
        if file.get(at..at + 4)? != [0xfe, 0xff, 0, 0xe0] {
            return None;
        }
        at += 8 + length;
        if at > 0 && !value.is_empty() && !value.len().is_multiple_of(4) || value.len() > 64 {
            break value;
        }
    };
    let allocated = match wide(0)? {
        1 => 0,
        8 => 1,
        16 => 2,
        _ => 3,
    };
    let colour = if short(2)? == 3 { 4 } else { 0 };
    let sign = if wide(3)? == 1 { 8 } else { 0 };
    let syntax = u8::from(!fragment.starts_with(&[2, 0, 0, 0]) && !fragment.starts_with(&[1, 0, 0, 0]));
    let head = [syntax, allocated | colour | sign, rows, columns, wide(1)?.wrapping_sub(1), 1];
    Some([&head, fragment].concat())
}
