//! Which language the program speaks.

pub use crate::session::settings::Language;

impl Language {
    /// The system's language, or English.
    pub fn of_system() -> Self {
        sys_locale::get_locale().and_then(|tag| Self::parse(&tag)).unwrap_or(Self::English)
    }
}
