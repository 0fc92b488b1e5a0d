//! What the reader has chosen once and for all.

use serde::{Deserialize, Serialize};

/// A language with a full catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// American English.
    #[default]
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

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Japanese => "ja-JP",
        }
    }
}

/// Who signs, as the reader typed it; [`crate::report::Reader::new`] makes a person name of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name, `Sato^Hanako=佐藤^花子=さとう^はなこ` or plain.
    pub name: String,
    /// Staff identifier, or empty.
    pub id: String,
    /// Organisation; a final report needs it.
    pub organisation: String,
}

/// The reader's settings; `site` keeps them in the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The language of the program. It changes at once.
    pub language: Language,
    /// Who signs.
    pub reader: Identity,
    /// Whether a new STAT is heard.
    pub sound: bool,
    /// After how many minutes without anybody the workstation locks, 1 to [`Settings::MOST_LOCK_MINUTES`].
    pub lock_minutes: u8,
}

impl Settings {
    /// The longest that an unattended workstation may stay open, minutes.
    pub const MOST_LOCK_MINUTES: u8 = 30;
}

impl Default for Settings {
    fn default() -> Self {
        Self { language: Language::default(), reader: Identity::default(), sound: true, lock_minutes: 10 }
    }
}
