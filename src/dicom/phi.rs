//! A value that identifies a patient and therefore never prints itself.

use std::fmt;

/// Protected health information. `Debug` shows only that something is there; reading the value takes a
/// deliberate [`Phi::reveal`], so a search for that word finds every place that shows a patient.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps a value at the edge where it enters the program.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the screen, the wire or the vault. Never for a log or an error.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// Unwraps the value; the same care applies as for [`Phi::reveal`].
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phi(..)")
    }
}
