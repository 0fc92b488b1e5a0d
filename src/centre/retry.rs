//! How long to wait before asking again. The loop that waits lives in `work`.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);
/// The most that a centre's Retry-After is believed: a reader on call must not be sent away for a day.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// The pause before attempt `attempt + 1`, after attempt `attempt` (from 0) failed in a way that may pass
/// ([`super::CentreError::is_transient`]).
///
/// It doubles from half a second up to a minute; half of it is spread by `jitter01` (0 to 1, random, the
/// caller's), so that many workstations do not come back in the same moment. Never shorter than the centre's
/// `retry_after` (RFC 9110 10.2.3), as far as five minutes.
pub fn delay(attempt: u32, retry_after: Option<Duration>, jitter01: f64) -> Duration {
    let jitter = if jitter01.is_finite() { jitter01.clamp(0.0, 1.0) } else { 0.5 };
    let full = FIRST.saturating_mul(2_u32.saturating_pow(attempt.min(16))).min(LONGEST);
    let spread = full.mul_f64(0.5 + 0.5 * jitter);
    match retry_after {
        Some(asked) => asked.min(LONGEST_ASKED) + spread.min(FIRST),
        None => spread,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_bounded_and_spread() {
        assert_eq!(delay(0, None, 0.0), Duration::from_millis(250));
        assert_eq!(delay(0, None, 1.0), Duration::from_millis(500));
        for attempt in 0..40 {
            for jitter in [0.0, 0.3, 1.0, -5.0, 7.0, f64::NAN] {
                let pause = delay(attempt, None, jitter);
                assert!(pause <= LONGEST, "{attempt} {jitter} {pause:?}");
                assert!(delay(attempt + 1, None, 0.0) >= pause.min(LONGEST / 2).mul_f64(0.5));
            }
        }
        assert_eq!(delay(u32::MAX, None, 1.0), LONGEST);
    }

    #[test]
    fn the_centre_is_believed_up_to_five_minutes() {
        let asked = Duration::from_secs(7);
        let pause = delay(0, Some(asked), 0.5);
        assert!(pause >= asked && pause < asked + Duration::from_secs(1));
        assert!(delay(0, Some(Duration::from_secs(1 << 40)), 1.0) <= LONGEST_ASKED + FIRST);
    }
}
