//! `cargo xtask bench`: what the window costs, as ratios and limits measured in one run.
//!
//! The program runs on a virtual screen with a software rasteriser against its own demo centre in another
//! process. It writes a line for each frame to `DOKUEI_FRAME_LOG` (numbers only): milliseconds since it began,
//! the window, the processor time of our code on the UI thread in microseconds, rows of the worklist, frames in
//! memory, the place of the image.

mod centre;
mod keyring;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::screen::Screen;
use centre::DemoCentre;
use keyring::Keyring;

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
    /// From the start of the process until the worklist is drawn, beside an empty window of the same library. The
    /// vault's key lies in the system's key store, as on a reader's own computer; a passphrase is slow on purpose
    /// (Argon2id), so its start is told beside it.
    fn starts(&mut self, empty: &Path) -> Result<(), String> {
        let keyring = Keyring::start(&self.folder.join("keyring"))?;
        let (mut none, mut stored, mut typed) = (Vec::new(), Vec::new(), Vec::new());
        // The first round makes the vaults and is not counted.
        for round in 0..=STARTS {
            let log = self.folder.join(format!("empty-{round}"));
            let begun = Instant::now();
            self.screen.open(Command::new(empty).env("DOKUEI_FRAME_LOG", &log))?;
            until(|| !lines(&log).is_empty(), "the empty window's first frame")?;
            let first_frame = begun.elapsed().as_secs_f64();
            let with_store = self.start(&self.folder.join("start-stored"), Some(&keyring))?;
            let with_passphrase = self.start(&self.folder.join("start-typed"), None)?;
            if round > 0 {
                none.push(first_frame);
                stored.push(with_store);
                typed.push(with_passphrase);
            }
        }
        self.screen.close();
        let [none, stored, typed] = [none, stored, typed].map(|mut times| median(&mut times));
        println!(
            "start to worklist: {:.0} ms, an empty eframe window {:.0} ms: {:.2} times (limit 1.5); with a passphrase to stretch {:.0} ms: {:.2} times",
            stored * 1e3,
            none * 1e3,
            stored / none,
            typed * 1e3,
            typed / none
        );
        Ok(())
    }

    /// Seconds from the start of the process until the worklist is drawn.
    fn start(&mut self, home: &Path, keyring: Option<&Keyring>) -> Result<f64, String> {
        let home = self.centre.home_of_a_reader(home)?;
        let log = home.join("frames");
        let _ = std::fs::remove_file(&log);
        let mut command = Command::new(self.dokuei);
        self.centre.reader(&mut command, &home);
        if let Some(keyring) = keyring {
            command.env_remove("DOKUEI_PASSPHRASE").env("DBUS_SESSION_BUS_ADDRESS", &keyring.address);
        }
        let begun = Instant::now();
        self.screen.open(command.env("DOKUEI_FRAME_LOG", &log))?;
        until(|| lines(&log).iter().any(|line| line.rows > 0), "the worklist")?;
        Ok(begun.elapsed().as_secs_f64())
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
