//! Which language the program speaks.

use serde::{Deserialize, Serialize};

/// A language with a full catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// American English.
    #[serde(rename = "en-US")]
    English,
    /// Japanese.
    #[serde(rename = "ja-JP")]
    Japanese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Japanese];

    /// From `ja`, `ja-JP`, `en`, `en_GB.UTF-8` and the like; `None` for another language.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "ja" => Some(Self::Japanese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The system's language, or English.
    pub fn of_system() -> Self {
        sys_locale::get_locale().and_then(|tag| Self::parse(&tag)).unwrap_or(Self::English)
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Japanese => "ja-JP",
        }
    }
}
