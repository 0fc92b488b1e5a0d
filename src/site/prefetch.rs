//! How much of the disk and of the line is for studies that nobody has opened yet.

use serde::{Deserialize, Serialize};

/// `[prefetch]` of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Prefetch {
    /// Whether anything comes before it is opened.
    pub enabled: bool,
    /// GiB of images that may stay on this disk. What came first goes first when there are more; never a study
    /// that is claimed, has a draft, or whose report has not arrived.
    pub keep_gib: u32,
    /// Days that a study may stay; for ever when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
    /// Share of the line, 1 to 100 %. What is opened has the whole line, whatever this says.
    pub line_percent: u8,
}

impl Default for Prefetch {
    /// Some 100 large CT studies; a fifth of the line is left for reports and for whoever else is in the house.
    fn default() -> Self {
        Self { enabled: true, keep_gib: 20, keep_days: None, line_percent: 80 }
    }
}

impl Prefetch {
    /// Nothing was chosen.
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Bytes of images that may stay.
    pub fn keep_bytes(&self) -> u64 {
        u64::from(self.keep_gib) << 30
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Profile;

    #[test]
    fn a_profile_says_only_what_was_chosen() {
        let profile: Profile = toml::from_str("[prefetch]\nkeep_gib = 5\n").unwrap();
        assert_eq!(profile.prefetch, Prefetch { keep_gib: 5, ..Prefetch::default() });
        assert_eq!(profile.prefetch.keep_bytes(), 5 << 30);
        assert!(toml::to_string(&profile).unwrap().contains("keep_gib = 5"));
        assert!(!toml::to_string(&Profile::default()).unwrap().contains("prefetch"));
        assert!(toml::from_str::<Profile>("[prefetch]\nkeep = 5\n").is_err(), "a misspelt key is noticed");
    }
}
