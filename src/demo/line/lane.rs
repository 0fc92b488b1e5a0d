//! One way of a line: its rate, shared by all connections, and what happens on it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::strike::{Blow, Strike};

/// So much lateness of a busy machine is made up for; a lane that was free for longer begins anew.
const CREDIT: Duration = Duration::from_millis(25);

/// One way.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// When the last byte that was booked has entered.
    free: Mutex<Option<Instant>>,
    strikes: Mutex<Vec<Strike>>,
    carried: AtomicU64,
}

impl Lane {
    /// Books `bytes` behind what was booked before: when the last of them has entered the line.
    pub(super) fn book(&self, now: Instant, bytes: usize, bytes_per_second: Option<u64>) -> Instant {
        let mut free = lock(&self.free);
        let Some(rate) = bytes_per_second else {
            *free = None;
            return now;
        };
        let begin = free.filter(|free| *free + CREDIT >= now).unwrap_or(now);
        let entered = begin + Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
        *free = Some(entered);
        entered
    }

    /// Has something happen.
    pub(super) fn expect(&self, strike: Strike) {
        lock(&self.strikes).push(strike);
    }

    /// Has nothing happen any more.
    pub(super) fn forget(&self) {
        lock(&self.strikes).clear();
    }

    /// How many of these bytes pass before something happens, and what; a bit that turns over is turned here.
    pub(super) fn pass(&self, bytes: &mut [u8]) -> (usize, Option<Blow>) {
        let mut strikes = lock(&self.strikes);
        let length = bytes.len() as u64;
        let due = strikes.iter().enumerate().filter(|(_, strike)| strike.after < length);
        let next = due.min_by_key(|(_, strike)| strike.after).map(|(place, _)| place);
        let struck = next.map(|place| strikes.remove(place));
        let passed = struck.map_or(length, |strike| strike.after);
        for strike in strikes.iter_mut() {
            strike.after -= passed;
        }
        self.carried.fetch_add(passed, Ordering::Relaxed);
        let passed = passed as usize;
        if let Some(byte) = bytes.get_mut(passed).filter(|_| struck.is_some_and(|s| s.blow == Blow::Flip)) {
            *byte ^= 0x10;
        }
        (passed, struck.map(|strike| strike.blow))
    }

    /// Bytes that have got through.
    pub(super) fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_enter_one_after_another_at_the_rate_and_lateness_is_made_up_for() {
        let (lane, begun) = (Lane::default(), Instant::now());
        let ms = |n| begun + Duration::from_millis(n);
        let rate = Some(1_000_000);
        assert_eq!(lane.book(begun, 10_000, rate), ms(10));
        assert_eq!(lane.book(begun, 10_000, rate), ms(20), "another connection waits its turn");
        assert_eq!(lane.book(ms(40), 10_000, rate), ms(30), "20 ms late: made up for");
        assert_eq!(lane.book(ms(100), 10_000, rate), ms(110), "free for long: no burst");
        assert_eq!(lane.book(ms(100), 10_000, None), ms(100));
    }

    #[test]
    fn each_strike_falls_once_and_on_its_byte() {
        let lane = Lane::default();
        for strike in
            [Strike::down(25, Blow::Reset), Strike::down(3, Blow::Flip), Strike::down(12, Blow::Close)]
        {
            lane.expect(strike);
        }
        let mut bytes = [0_u8; 10];
        assert_eq!(lane.pass(&mut bytes), (3, Some(Blow::Flip)));
        assert_eq!(bytes, [0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]);
        assert_eq!(lane.pass(&mut bytes[3..]), (7, None));
        assert_eq!(lane.pass(&mut [0; 10]), (2, Some(Blow::Close)));
        assert_eq!(lane.pass(&mut [0; 13]), (13, None));
        assert_eq!(lane.pass(&mut [0; 13]), (0, Some(Blow::Reset)));
        assert_eq!(lane.pass(&mut [0; 13]), (13, None));
        assert_eq!(lane.carried(), 38);
    }
}
