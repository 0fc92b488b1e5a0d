//! What reading costs: the greatest memory in use and the processor's time, as the kernel counts them.

use std::time::Duration;

/// The memory of this process, in bytes.
#[derive(Debug, Clone, Copy)]
pub(in crate::dicom) struct Meter {
    idle: u64,
    busy: Duration,
}

impl Meter {
    /// Begins to measure; `None` where there is no `/proc`.
    pub(crate) fn begin() -> Option<Self> {
        // "5" sets the peak back to what is in use now (proc(5), clear_refs).
        std::fs::write("/proc/self/clear_refs", "5").ok()?;
        Some(Self { idle: kibibytes("VmRSS:")? << 10, busy: processor()? })
    }

    /// Bytes in use now.
    pub(crate) fn idle(self) -> u64 {
        self.idle
    }

    /// The peak since then in bytes, and the processor's time.
    pub(crate) fn end(self) -> Option<(u64, Duration)> {
        Some((kibibytes("VmHWM:")? << 10, processor()?.saturating_sub(self.busy)))
    }
}

fn kibibytes(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Time that this thread has spent.
pub(in crate::dicom) fn thread_time() -> Option<Duration> {
    time("/proc/thread-self/stat")
}

fn processor() -> Option<Duration> {
    time("/proc/self/stat")
}

/// Time spent by all threads or by one, in steps of 10 ms (proc(5), stat: utime and stime).
fn time(stat: &str) -> Option<Duration> {
    let stat = std::fs::read_to_string(stat).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
