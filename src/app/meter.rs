//! What a frame costs, for `cargo xtask bench`: with `DOKUEI_FRAME_LOG` a line of numbers for each frame goes to
//! that file. Milliseconds since the program began, the window, the processor time of our code on the UI thread in
//! microseconds (events, input, panels, images and their way to the GPU), rows of the worklist, frames in memory,
//! the place in its stack of the image that keys act on.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use crate::imaging::Stores;
use crate::session::State;

/// Where the lines go, if anywhere.
#[derive(Debug)]
pub(super) struct Meter {
    log: Option<File>,
    began: Instant,
    /// Spent on events since the last frame.
    logic: Duration,
}

impl Meter {
    pub(super) fn of_environment() -> Self {
        let path = std::env::var_os("DOKUEI_FRAME_LOG").filter(|path| !path.is_empty());
        let log = path.and_then(|path| File::options().create(true).append(true).open(path).ok());
        Self { log, began: Instant::now(), logic: Duration::ZERO }
    }

    /// Events were drained since `began`.
    pub(super) fn logic(&mut self, began: Duration) {
        self.logic += now().saturating_sub(began);
    }

    /// A window was drawn since `began`.
    pub(super) fn frame(&mut self, window: u8, began: Duration, state: &State, stores: &Stores) {
        let spent = std::mem::take(&mut self.logic) + now().saturating_sub(began);
        let Some(log) = &mut self.log else { return };
        let rows = state.worklist.list.latest().map_or(0, |list| list.rows.len());
        let viewer = state.case.as_ref().map(|case| &case.viewer);
        let shown = viewer.and_then(|viewer| viewer.viewport(viewer.active)?.shown.as_ref());
        let position = shown.map_or(0, |shown| shown.position);
        let at_ms = self.began.elapsed().as_secs_f64() * 1e3;
        let cost_us = spent.as_secs_f64() * 1e6;
        let frames = stores.frames.len();
        // A full disk costs the benchmark, not the reader.
        let _ = writeln!(log, "{at_ms:.3} {window} {cost_us:.1} {rows} {frames} {position}");
    }
}

/// Processor time that this thread has used; elsewhere than on Linux the time that has passed.
#[cfg(target_os = "linux")]
pub(super) fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Processor time that this thread has used; elsewhere than on Linux the time that has passed.
#[cfg(not(target_os = "linux"))]
pub(super) fn now() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}
