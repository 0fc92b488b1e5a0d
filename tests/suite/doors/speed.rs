//! Opening a long series costs little more than reading its bytes. `cargo xtask bench opening` sets `DOKUEI_SLICES` to
//! 1,000, which is the length that the limit is about.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::made::{read, slice, write};
use crate::support::note;

/// Slices in a run of the suite.
#[cfg(unix)]
const SLICES: u16 = 200;
/// What may be taken of the time of `cat`, with an optimised program on a quiet machine.
#[cfg(unix)]
const LIMIT: f64 = 1.5;

#[cfg(unix)]
#[test]
fn a_series_opens_in_a_small_multiple_of_the_time_that_reading_its_bytes_takes() {
    let folder = tempfile::tempdir().unwrap();
    let count = std::env::var("DOKUEI_SLICES").map_or(SLICES, |count| count.parse().unwrap());
    let paths: Vec<_> =
        (0..count).map(|n| write(folder.path(), &format!("{n:04}"), &slice(n, 512))).collect();
    let timed = |run: &dyn Fn()| {
        let begun = Instant::now();
        run();
        begun.elapsed()
    };
    let cat = || assert!(Command::new("cat").args(&paths).stdout(Stdio::null()).status().unwrap().success());
    let open = || assert_eq!(read(folder.path()).loaded.len(), paths.len());
    // In turn, and the best of each: other work on this machine slows single runs.
    let best: [Duration; 2] = (0..7)
        .map(|_| [timed(&cat), timed(&open)])
        .reduce(|best, run| [best[0].min(run[0]), best[1].min(run[1])])
        .unwrap();
    let ratio = best[1].as_secs_f64() / best[0].as_secs_f64();
    let missed = if ratio > LIMIT { "  MISSED" } else { "" };
    note(&format!("opening {count} slices takes {ratio:.2} of what cat takes (limit {LIMIT}){missed}\n"));
    // Reading everything twice, or into fresh memory each time, is beyond 4 even where nothing is optimised.
    assert!(ratio < 4.0, "{ratio:.2}");
}
