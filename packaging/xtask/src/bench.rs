//! `cargo xtask bench`: what the window costs, as ratios and limits measured in one run.
//!
//! The program runs on a virtual screen with a software rasteriser against its own demo centre in another
//! process. It writes a line for each frame to `DOKUEI_FRAME_LOG` (numbers only): milliseconds since it began,
//! the window, the processor time of our code on the UI thread in microseconds, rows of the worklist, frames in
//! memory, the place of the image.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::screen::Screen;

const PATIENCE: Duration = Duration::from_secs(180);
/// Slices of the demo's chest CT, and bytes of their voxels.
const SLICES: usize = 360;
const VOXELS_BYTES: f64 = 360.0 * 512.0 * 512.0 * 2.0;
const STARTS: usize = 5;

/// One line of the frame log.
#[derive(Debug, Clone, Copy)]
struct FrameLine {
    at_ms: f64,
    window: u32,
    cpu_us: f64,
    rows: usize,
    frames: usize,
}

/// Measures and prints.
///
/// # Errors
/// Something does not start, or does not come.
pub fn run(dokuei: &Path, empty: &Path, folder: &Path) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    let centre = DemoCentre::start(dokuei, &folder.join("centre"))?;
    centre.compute_once(dokuei, &folder.join("warm"))?;
    let mut bench = Bench { dokuei, folder, centre, screen: Screen::start(folder, 1920, 1080, 1.0)? };
    bench.starts(empty)?;
    for windows in [1, 3] {
        bench.streaming(windows)?;
    }
    bench.memory()
}

struct Bench<'a> {
    dokuei: &'a Path,
    folder: &'a Path,
    centre: DemoCentre,
    screen: Screen,
}

impl Bench<'_> {
    /// From the start of the process until the worklist is drawn, beside an empty window of the same library.
    fn starts(&mut self, empty: &Path) -> Result<(), String> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..STARTS {
            let log = self.folder.join(format!("empty-{round}"));
            let begun = Instant::now();
            self.screen.open(Command::new(empty).env("DOKUEI_FRAME_LOG", &log))?;
            until(|| !lines(&log).is_empty(), "the empty window's first frame")?;
            theirs.push(begun.elapsed().as_secs_f64());
            let home = self.centre.home_of_a_reader(&self.folder.join(format!("start-{round}")))?;
            let begun = Instant::now();
            let log = self.program(&home)?;
            until(|| lines(&log).iter().any(|line| line.rows > 0), "the worklist")?;
            ours.push(begun.elapsed().as_secs_f64());
        }
        self.screen.close();
        let (ours, theirs) = (median(&mut ours), median(&mut theirs));
        println!(
            "start to worklist: {:.0} ms, an empty eframe window {:.0} ms: {:.2} times (limit 1.5)",
            ours * 1e3,
            theirs * 1e3,
            ours / theirs
        );
        Ok(())
    }

    /// Processor time of our code on the UI thread for each frame, while the chest CT streams in and the wheel
    /// turns.
    fn streaming(&mut self, windows: u32) -> Result<(), String> {
        let home = self.centre.home_of_a_reader(&self.folder.join(format!("stream-{windows}")))?;
        let log = self.program(&home)?;
        self.open_chest(&log)?;
        for _ in 1..windows {
            self.screen.key("ctrl+shift+n")?;
        }
        let begun = Instant::now();
        let mut direction = 5;
        while lines(&log).last().is_none_or(|line| line.frames < SLICES) {
            if begun.elapsed() > PATIENCE {
                let last = lines(&log).last().copied();
                return Err(format!("the study does not come: {last:?}"));
            }
            self.screen.press_at((900.0, 500.0), direction, 7)?;
            direction = if direction == 5 { 4 } else { 5 };
        }
        let all = lines(&log);
        let from = all.iter().find(|line| line.frames > 0).map_or(0.0, |line| line.at_ms);
        let mut costs: Vec<f64> =
            all.iter().filter(|line| line.at_ms >= from).map(|line| line.cpu_us / 1e3).collect();
        let seen = all.iter().map(|line| line.window).max().map_or(0, |last| last + 1);
        costs.sort_by(f64::total_cmp);
        let at = |share: f64| costs.get(((costs.len() - 1) as f64 * share) as usize).copied().unwrap_or(0.0);
        println!(
            "{SLICES} slices streaming, {seen} windows: {} frames, UI thread {:.2} ms median, {:.2} ms at the 99th percentile (limit 8), {:.2} ms at worst (limit 50)",
            costs.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
        Ok(())
    }

    /// What an open study takes above the idle program.
    fn memory(&mut self) -> Result<(), String> {
        let home = self.centre.home_of_a_reader(&self.folder.join("memory"))?;
        let log = self.program(&home)?;
        until(|| lines(&log).iter().any(|line| line.rows > 0), "the worklist")?;
        std::thread::sleep(Duration::from_secs(2));
        let idle = self.resident()?;
        self.open_chest(&log)?;
        until(|| lines(&log).last().is_some_and(|line| line.frames >= SLICES), "all slices")?;
        std::thread::sleep(Duration::from_secs(3));
        let open = self.resident()?;
        self.screen.close();
        println!(
            "memory of {SLICES} slices in a stack: {:.0} MB above the idle program's {:.0} MB: {:.2} times their voxels (limit 1.5)",
            (open - idle) / 1e6,
            idle / 1e6,
            (open - idle) / VOXELS_BYTES
        );
        Ok(())
    }

    /// The chest CT is the worklist's newest study of 360 images: found by its words, opened by keys alone.
    fn open_chest(&mut self, log: &Path) -> Result<(), String> {
        until(|| lines(log).iter().any(|line| line.rows > 0), "the worklist")?;
        self.screen.key("ctrl+f")?;
        self.screen.text(CHEST)?;
        std::thread::sleep(Duration::from_millis(500));
        self.screen.key("Down")?;
        self.screen.key("Return")?;
        until(|| lines(log).iter().any(|line| line.frames > 0), "the first image")
    }

    /// Starts the program on a home; gives the frame log.
    fn program(&mut self, home: &Path) -> Result<PathBuf, String> {
        let log = home.join("frames");
        let mut command = Command::new(self.dokuei);
        self.centre.reader(&mut command, home);
        self.screen.open(command.env("DOKUEI_FRAME_LOG", &log))?;
        Ok(log)
    }

    /// Resident bytes of the program, the driver's and the pages of its file apart (they are shared).
    fn resident(&self) -> Result<f64, String> {
        let process = self.screen.process().ok_or("the program does not run")?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).map_err(|e| e.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kilobytes.map(|kb| kb * 1024.0).ok_or_else(|| "no RssAnon".to_owned())
    }
}

/// Words that only the row of the urgent chest CT has.
const CHEST: &str = "DEMO-0001 high";

/// `dokuei demo --serve` in a process of its own.
struct DemoCentre {
    server: Child,
    home: PathBuf,
    password: String,
}

impl DemoCentre {
    fn start(dokuei: &Path, home: &Path) -> Result<Self, String> {
        let mut server = Command::new(dokuei)
            .args(["demo", "--serve", "127.0.0.1:0", "--json"])
            .env("DOKUEI_HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", dokuei.display()))?;
        let mut out = server.stdout.take().map(BufReader::new);
        let mut password = None;
        let mut line = String::new();
        while let (Some(out), None) = (&mut out, &password) {
            line.clear();
            if !matches!(out.read_line(&mut line), Ok(1..)) {
                break;
            }
            password = json_text(&line, "password");
        }
        match password {
            Some(password) => Ok(Self { password, server, home: home.to_owned() }),
            None => {
                let _ = server.kill();
                Err("the demo centre told no password".to_owned())
            }
        }
    }

    /// A home that knows the demo centre by its profile.
    fn home_of_a_reader(&self, home: &Path) -> Result<PathBuf, String> {
        let config = home.join("config");
        std::fs::create_dir_all(&config).map_err(|e| e.to_string())?;
        let centre =
            std::fs::read_to_string(self.home.join("demo/centre.toml")).map_err(|e| e.to_string())?;
        let profile = format!("language = \"en-US\"\n\n[[centre]]\n{centre}");
        std::fs::write(config.join("profile.toml"), profile).map_err(|e| e.to_string())?;
        Ok(home.to_owned())
    }

    /// The environment of a reader who signs in without a question.
    fn reader(&self, command: &mut Command, home: &Path) {
        command
            .env("DOKUEI_HOME", home)
            .env("DOKUEI_PASSPHRASE", "a passphrase for benchmarks")
            .env("DOKUEI_PASSWORD", &self.password);
    }

    /// Has the centre compute the chest CT's pixels, so that they are not what is measured.
    fn compute_once(&self, dokuei: &Path, home: &Path) -> Result<(), String> {
        let home = self.home_of_a_reader(home)?;
        let mut list = Command::new(dokuei);
        self.reader(&mut list, &home);
        let out =
            list.args(["worklist", "--centre", "demo", "--json"]).output().map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        for uid in text.lines().filter_map(|line| json_text(line, "study_uid")) {
            let mut fetch = Command::new(dokuei);
            self.reader(&mut fetch, &home);
            let fetch = fetch.args(["fetch", "--centre", "demo", "--study", &uid]);
            let done = fetch.stdout(Stdio::null()).status().map_err(|e| e.to_string())?;
            if !done.success() {
                return Err(format!("fetch: {done}"));
            }
        }
        Ok(())
    }
}

impl Drop for DemoCentre {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The text under a key that has a line of its own.
fn json_text(line: &str, key: &str) -> Option<String> {
    let value = line.trim().strip_prefix(&format!("\"{key}\": \""))?;
    Some(value.split('"').next()?.to_owned())
}

fn lines(log: &Path) -> Vec<FrameLine> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().filter_map(line).collect()
}

fn line(text: &str) -> Option<FrameLine> {
    let numbers: Vec<f64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [at_ms, window, cpu_us, rows, frames, _position] = numbers.as_slice() else { return None };
    let (window, rows, frames) = (*window as u32, *rows as usize, *frames as usize);
    Some(FrameLine { at_ms: *at_ms, window, cpu_us: *cpu_us, rows, frames })
}

fn until(done: impl Fn() -> bool, what: &str) -> Result<(), String> {
    let begun = Instant::now();
    while !done() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("{what} does not come"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
