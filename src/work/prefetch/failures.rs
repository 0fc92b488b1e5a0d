//! Studies that did not come: they are tried again, each time later.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::dicom::Uid;

/// After the first failure.
const FIRST: Duration = Duration::from_secs(60);
/// The longest that a study is left alone.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// What failed, how often, and when last.
#[derive(Default)]
pub(super) struct Failures(HashMap<Uid, (u32, Instant)>);

impl Failures {
    /// Whether it is too early to try this study again.
    pub(super) fn too_early(&self, study: &Uid, now: Instant) -> bool {
        self.0.get(study).is_some_and(|(times, last)| {
            let pause = FIRST.saturating_mul(1 << times.saturating_sub(1).min(8)).min(LONGEST);
            now.saturating_duration_since(*last) < pause
        })
    }

    /// It failed once more.
    pub(super) fn failed(&mut self, study: &Uid, now: Instant) {
        let times = self.0.get(study).map_or(0, |(times, _)| *times);
        self.0.insert(study.clone(), (times.saturating_add(1), now));
    }

    /// It came.
    pub(super) fn came(&mut self, study: &Uid) {
        self.0.remove(study);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_again_is_tried_again_later_and_later() {
        let (mut failures, study, begun) = (Failures::default(), Uid::parse("1.2").unwrap(), Instant::now());
        let mut now = begun;
        assert!(!failures.too_early(&study, now));
        for minutes in [1, 2, 4, 8, 16, 30, 30] {
            failures.failed(&study, now);
            now += Duration::from_secs(minutes * 60 - 1);
            assert!(failures.too_early(&study, now), "{minutes}");
            now += Duration::from_secs(1);
            assert!(!failures.too_early(&study, now), "{minutes}");
        }
        failures.failed(&study, now);
        failures.came(&study);
        assert!(!failures.too_early(&study, now));
    }
}
