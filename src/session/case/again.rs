//! A transfer that the line broke off: it is gone on with by itself, soon at first and then less often, until the
//! line is back.

use super::Case;
use crate::session::Effect as Any;
use crate::session::{Problem, State};

/// After how long the rest is asked for again, ms; the last for ever.
const PAUSES_MS: [u64; 4] = [5_000, 10_000, 20_000, 30_000];

/// When the rest is asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Again {
    /// At this moment, ms of the session's clock; `None` where it would be of no use, or is being done.
    pub at_ms: Option<u64>,
    /// How often it was asked for in this outage.
    tries: usize,
    /// What was here when it broke off last.
    received: u32,
}

impl Again {
    /// Whether the reader knows of the outage.
    pub(super) fn is_known(&self) -> bool {
        self.tries > 0
    }
}

/// The transfer has ended, with these troubles.
pub(super) fn arrived(case: &mut Case, now_ms: u64, troubles: &[Problem]) {
    if case.centre().is_none() || !troubles.iter().any(is_of_the_line) {
        case.again = Again::default();
        return;
    }
    let received = case.progress.received;
    let tries = if received > case.again.received { 0 } else { case.again.tries };
    let pause = PAUSES_MS.get(tries).or(PAUSES_MS.last()).copied().unwrap_or_default();
    case.again = Again { at_ms: Some(now_ms + pause), tries: tries + 1, received };
}

/// Asks when it is time to.
pub(in crate::session) fn tick(state: &mut State) -> Vec<Any> {
    let now_ms = state.shell.now_ms;
    let case = state.case.as_ref().filter(|case| case.centre() == state.sign_in.centre());
    if case.and_then(|case| case.again.at_ms).is_none_or(|at_ms| now_ms < at_ms) {
        return Vec::new();
    }
    super::retry(state)
}

/// Whether the line is to blame, or a centre that has too much to do: what passes without anybody's doing.
pub(in crate::session) fn is_of_the_line(problem: &Problem) -> bool {
    const LINE: [&str; 9] = [
        "centre-unreachable-dns",
        "centre-unreachable-refused",
        "centre-unreachable-timeout",
        "centre-unreachable-network",
        "centre-cut-off",
        "centre-stalled",
        "centre-truncated",
        "centre-busy",
        "centre-busy-until",
    ];
    LINE.contains(&problem.id.as_ref())
}
