//! What a line is like, until it is changed.

use std::fmt;
use std::time::Duration;

/// What a line is like, each way. The default is as this machine is: as fast as it goes, and at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Condition {
    /// Bytes a second, shared by all connections; none: as fast as it goes.
    pub bytes_per_second: Option<u64>,
    /// From here to the far end and back.
    pub round_trip: Duration,
    /// The most by which a packet is early or late, by chance; none overtakes another of its connection.
    pub jitter: Duration,
    /// What is sent arrives in pieces.
    pub slices: Option<Slices>,
    /// How long the end of a connection takes to arrive.
    pub slow_close: Duration,
    /// Whether anything gets through.
    pub passage: Passage,
}

/// How what is sent is cut up on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slices {
    /// Bytes of a piece, at least 1.
    pub bytes: usize,
    /// The most by which a piece is longer or shorter, by chance.
    pub variation: usize,
    /// Waited after each.
    pub pause: Duration,
}

/// Whether anything gets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Passage {
    /// All does.
    #[default]
    Open,
    /// Nothing does, and nobody is told; what waits goes on when the line is open again.
    Silent {
        /// Connections are closed when it was so for this long; none: never.
        close_after: Option<Duration>,
    },
    /// Connections are reset.
    Down,
}

/// The longest round trip that can be asked for.
const LONGEST_TRIP: Duration = Duration::from_secs(60);

impl Condition {
    /// Reads `20mbit,40ms`: the rate each way in kbit, mbit or gbit a second, the round trip in ms; either may be
    /// left out. `None` when it is something else, twice the same, or beyond reason (1 kbit to 100 gbit, 60 s).
    pub fn parse(text: &str) -> Option<Self> {
        let (mut rate, mut round_trip) = (None, None);
        for part in text.split(',').map(str::trim) {
            let unit_at = part.find(|c: char| c.is_ascii_alphabetic())?;
            let (number, unit) = part.split_at(unit_at);
            let number = number.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)?;
            let slot = if unit == "ms" { &mut round_trip } else { &mut rate };
            let size = match unit {
                "ms" => 1e-3,
                "kbit" => 1e3 / 8.0,
                "mbit" => 1e6 / 8.0,
                "gbit" => 1e9 / 8.0,
                _ => return None,
            };
            if slot.replace(number * size).is_some() {
                return None;
            }
        }
        if rate.is_some_and(|rate| !(125.0..=12.5e9).contains(&rate)) {
            return None;
        }
        let round_trip = Duration::try_from_secs_f64(round_trip.unwrap_or_default()).ok()?;
        let condition =
            Self { bytes_per_second: rate.map(|rate| rate as u64), round_trip, ..Self::default() };
        (round_trip <= LONGEST_TRIP).then_some(condition)
    }
}

impl fmt::Display for Condition {
    /// As in `20 Mbit/s, 40 ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rate) = self.bytes_per_second {
            write!(f, "{} Mbit/s, ", rate as f64 * 8e-6)?;
        }
        write!(f, "{} ms", self.round_trip.as_secs_f64() * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named_by_its_rate_and_its_round_trip() {
        let line = |rate, ms| {
            Some(Condition {
                bytes_per_second: rate,
                round_trip: Duration::from_millis(ms),
                ..Condition::default()
            })
        };
        assert_eq!(Condition::parse("20mbit,40ms"), line(Some(2_500_000), 40));
        assert_eq!(Condition::parse(" 40ms , 256kbit "), line(Some(32_000), 40));
        assert_eq!(Condition::parse("1.5mbit"), line(Some(187_500), 0));
        assert_eq!(Condition::parse("600ms"), line(None, 600));
        let said =
            ["20mbit,40ms", "256kbit", "600ms"].map(|text| Condition::parse(text).unwrap().to_string());
        assert_eq!(said, ["20 Mbit/s, 40 ms", "0.256 Mbit/s, 0 ms", "600 ms"]);
        for bad in [
            "",
            "20",
            "mbit",
            "20mbit,",
            "20mbit,1mbit",
            "-1mbit",
            "0kbit",
            "nanms",
            "20MB",
            "1e9ms",
            "inf ms",
        ] {
            assert_eq!(Condition::parse(bad), None, "{bad}");
        }
    }
}
