//! Every sentence a person reads, in English and Japanese.
//!
//! Rooms return codes and values; here they become sentences. A [`Message`] names an entry of the Fluent
//! catalogues under `assets/i18n/<language>/<room>.ftl` and its arguments. A test holds code and catalogues
//! together: every id used exists in both languages, none is left over.

pub mod badge;
mod catalogue;
mod dicom;
pub mod format;
mod imaging;
mod language;
mod report;
mod session;

use std::borrow::Cow;

pub use catalogue::say;
pub use language::Language;

/// One entry of the catalogues with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    id: Cow<'static, str>,
    args: Vec<(Cow<'static, str>, String)>,
}

impl Message {
    /// The entry `id`, without arguments.
    pub fn new(id: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), args: Vec::new() }
    }

    /// With one more argument.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "takes numbers, texts and references alike")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((Cow::Borrowed(name), value.to_string()));
        self
    }

    /// The entry's id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Something that can tell a person what happened, to what, and what to do next.
pub trait Explain {
    /// The sentence, without patient data.
    fn message(&self) -> Message;
}
