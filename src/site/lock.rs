//! How long an unattended workstation stays open, and how often somebody may guess.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::durable;

/// The `[lock]` table of the profile: the site's policy. Figures beyond its bounds are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct LockPolicy {
    /// Minutes without anybody until the workstation locks, 1 to 30.
    pub minutes: u8,
    /// Hours for which the last password that the centre accepted opens a locked workstation without a line, 0 (not
    /// at all) to 12.
    pub offline_hours: u8,
    /// Minutes for which a locked workstation keeps the keys that receiving and sending need, 0 to 60.
    pub sending_minutes: u8,
}

/// The same as a person wrote it.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    minutes: u8,
    offline_hours: u8,
    sending_minutes: u8,
}

impl Default for LockPolicy {
    fn default() -> Self {
        Self { minutes: 10, offline_hours: 12, sending_minutes: 60 }
    }
}

impl Default for Written {
    fn default() -> Self {
        let LockPolicy { minutes, offline_hours, sending_minutes } = LockPolicy::default();
        Self { minutes, offline_hours, sending_minutes }
    }
}

impl TryFrom<Written> for LockPolicy {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { minutes, offline_hours, sending_minutes } = written;
        if !(1..=30).contains(&minutes) {
            return Err("lock.minutes must be 1 to 30");
        }
        if offline_hours > 12 {
            return Err("lock.offline_hours must be 0 to 12");
        }
        if sending_minutes > 60 {
            return Err("lock.sending_minutes must be 0 to 60");
        }
        Ok(Self { minutes, offline_hours, sending_minutes })
    }
}

impl LockPolicy {
    /// Whether nothing differs from what holds where nobody wrote anything.
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Wrong words at a locked workstation or at its vault, since the last right one. Kept in a file of their own, beside
/// the vault and without any secret: they count across a restart, also while nothing can be written into the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tries {
    wrong: u32,
    last_unix_ms: u64,
}

impl Tries {
    /// So many wrong words cost nothing.
    const FREE: u32 = 4;
    /// What the next one costs, doubled with each, up to the most.
    const FIRST_WAIT: Duration = Duration::from_secs(30);
    const MOST_WAIT: Duration = Duration::from_mins(15);

    /// What the file says; one that is not there or cannot be read says nothing.
    pub fn load(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    /// Writes it down.
    ///
    /// # Errors
    /// The disk's refusal.
    pub fn save(self, file: &Path) -> std::io::Result<()> {
        let text = toml::to_string(&self).map_err(std::io::Error::other)?;
        durable::write(file, text.as_bytes())
    }

    /// One more wrong word.
    #[must_use]
    pub fn wrong(self, now_unix_ms: u64) -> Self {
        Self { wrong: self.wrong.saturating_add(1), last_unix_ms: now_unix_ms }
    }

    /// How many there were.
    pub fn count(self) -> u32 {
        self.wrong
    }

    /// How long nobody may try again. A clock that was put back does not shorten it, and does not stretch it either.
    pub fn wait(self, now_unix_ms: u64) -> Duration {
        let Some(beyond) = self.wrong.checked_sub(Self::FREE + 1) else { return Duration::ZERO };
        let whole = Self::FIRST_WAIT.saturating_mul(1 << beyond.min(16)).min(Self::MOST_WAIT);
        whole.saturating_sub(Duration::from_millis(now_unix_ms.saturating_sub(self.last_unix_ms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_beyond_its_bounds_is_refused() {
        let read = |text: &str| toml::from_str::<LockPolicy>(text).ok();
        assert_eq!(read(""), Some(LockPolicy::default()));
        assert_eq!(read("minutes = 30\noffline_hours = 0").map(|policy| policy.minutes), Some(30));
        for text in
            ["minutes = 0", "minutes = 31", "offline_hours = 13", "sending_minutes = 61", "minuets = 5"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn from_the_fifth_wrong_word_on_waiting_doubles_and_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tries.toml");
        let mut waits = Vec::new();
        for _ in 0..12 {
            Tries::load(&file).wrong(1_000).save(&file).unwrap();
            waits.push(Tries::load(&file).wait(1_000).as_secs());
        }
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        let tries = Tries::load(&file);
        assert_eq!(tries.wait(1_000 + 899_000).as_secs(), 1);
        assert_eq!(tries.wait(1_000 + 900_000), Duration::ZERO);
        assert_eq!(tries.wait(0).as_secs(), 900, "the clock was put back");
        assert_eq!(Tries::load(&folder.path().join("none")), Tries::default());
    }
}
