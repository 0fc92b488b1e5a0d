//! Secrets of the tests: what is at hand without asking, and nobody to ask.

use dokuei::site::Centre;
use dokuei::work::Secrets;
use zeroize::Zeroizing;

/// A passphrase at hand, or none.
pub(crate) struct AtHand(pub(crate) Option<&'static str>);

impl Secrets for AtHand {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        self.0.map(|text| Zeroizing::new(text.to_owned()))
    }

    fn password(&self, _: &Centre, _: &str) -> Option<Zeroizing<String>> {
        None
    }
}
