//! Long campaigns: a short form of each runs in the suite, the whole by `cargo xtask faults`, which prints at its
//! end what they measured.

use std::io::Write as _;
use std::time::Duration;

use super::{asked, note};

/// Whether whole campaigns are wanted (`DOKUEI_FAULTS=1`). Then the machine is quiet too: limits in seconds hold.
pub(crate) fn whole() -> bool {
    asked("DOKUEI_FAULTS")
}

/// How many of something: few in the suite, many in a whole campaign.
pub(crate) fn rounds(short: usize, long: usize) -> usize {
    if whole() { long } else { short }
}

/// A number from the environment.
pub(crate) fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

/// Where this campaign's random choices begin; told, so that a failing run can be repeated.
pub(crate) fn seed(campaign: &str) -> u64 {
    let seed = number("DOKUEI_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    note(&format!("{campaign}: DOKUEI_SEED={seed}\n"));
    seed
}

/// Tells what a campaign measured, and appends it to the table that `DOKUEI_FIGURES` names.
pub(crate) fn figure(goal: &str, measured: &str) {
    let line = format!("{goal}\t{measured}\n");
    note(&line);
    let Some(table) = std::env::var_os("DOKUEI_FIGURES") else { return };
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&table);
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .unwrap_or_else(|error| panic!("DOKUEI_FIGURES, {}: {error}", table.display()));
}

/// The longest that something took, and on a quiet machine its limit.
#[derive(Default)]
pub(crate) struct Worst(Duration);

impl Worst {
    /// Runs it, and holds it against the limit where limits hold.
    pub(crate) fn of<T>(&mut self, limit: Duration, run: impl FnOnce() -> T) -> T {
        let begun = std::time::Instant::now();
        let outcome = run();
        let took = begun.elapsed();
        assert!(took <= limit || !whole(), "{took:?}, at most {limit:?}");
        self.0 = self.0.max(took);
        outcome
    }
}

impl std::fmt::Display for Worst {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s", self.0.as_secs_f64())
    }
}
