//! Unique identifiers, checked when they enter (PS3.5 section 9).

use std::fmt;
use std::sync::Arc;

/// A unique identifier: 1 to 64 characters of `0`-`9` and `.`, so that it is safe in a URL and can name
/// nothing outside a folder. Leading zeros in a component are tolerated: real files
/// have them and archives keep them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uid(Arc<str>);

/// The text given is not a unique identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a DICOM unique identifier (1 to 64 digits and dots)")]
pub struct InvalidUid;

impl Uid {
    /// Checks and keeps `text`; trailing NUL and spaces (padding, PS3.5 6.2) are dropped first.
    ///
    /// # Errors
    /// [`InvalidUid`] when the rest is empty, longer than 64 or has another character.
    pub fn parse(text: &str) -> Result<Self, InvalidUid> {
        let text = text.trim_end_matches(['\0', ' ']);
        let allowed = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if text.is_empty() || text.len() > 64 || !allowed || text.starts_with('.') || text.contains("..") {
            return Err(InvalidUid);
        }
        Ok(Self(text.into()))
    }

    /// A UUID-derived UID (PS3.5 B.2): `2.25.` and the 128 bits as a decimal number. Randomness is the
    /// caller's.
    pub fn from_uuid_bits(bits: u128) -> Self {
        Self(format!("2.25.{bits}").into())
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Uid {
    type Err = InvalidUid;
    fn from_str(text: &str) -> Result<Self, InvalidUid> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_and_dots_up_to_64_characters_pass() {
        for good in ["1.2.840.10008.1.2", "1", "2.25.0", "1.2.3\0", "1.2.3 "] {
            assert!(Uid::parse(good).is_ok(), "{good:?}");
        }
        let long = "1".repeat(65);
        for bad in ["", "..", "1..2", ".1", "../x", "1/2", "C:1", "1;id", "１.２", long.as_str()] {
            assert!(Uid::parse(bad).is_err(), "{bad:?}");
        }
    }
}
