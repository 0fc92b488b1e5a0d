//! Fields in a row: numbers as 8 bytes big-endian, byte strings with their length before them.
//!
//! What is unpacked has been authenticated, so a failure here means another format, not an attack.

use zeroize::Zeroizing;

use super::{Part, VaultError};
use crate::dicom::Uid;

/// Builds a row's plaintext.
pub(super) struct Packer(Zeroizing<Vec<u8>>);

impl Packer {
    pub(super) fn new() -> Self {
        // Large enough for any row of ours, so that growing leaves no copies behind.
        Self(Zeroizing::new(Vec::with_capacity(1024)))
    }

    pub(super) fn number(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub(super) fn bytes(self, value: &[u8]) -> Self {
        let mut packer = self.number(value.len() as u64);
        packer.0.extend_from_slice(value);
        packer
    }

    pub(super) fn text(self, value: &str) -> Self {
        self.bytes(value.as_bytes())
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// Reads a row's plaintext in the order in which it was packed.
pub(super) struct Unpacker<'a>(&'a [u8]);

impl<'a> Unpacker<'a> {
    pub(super) fn new(plain: &'a [u8]) -> Self {
        Self(plain)
    }

    pub(super) fn number(&mut self) -> Result<u64, VaultError> {
        let (number, rest) = self.0.split_first_chunk().ok_or(FOREIGN)?;
        self.0 = rest;
        Ok(u64::from_be_bytes(*number))
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], VaultError> {
        let length = usize::try_from(self.number()?).map_err(|_| FOREIGN)?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(FOREIGN)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], VaultError> {
        self.bytes()?.try_into().map_err(|_| FOREIGN)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, VaultError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| FOREIGN)
    }

    pub(super) fn uid(&mut self) -> Result<Uid, VaultError> {
        Uid::parse(self.text()?).map_err(|_| FOREIGN)
    }
}

const FOREIGN: VaultError = VaultError::damaged(Part::Entry);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_a_short_row_is_refused() {
        let row = Packer::new().number(7).bytes(&[1, 2]).text("1.2.3").finish();
        let mut fields = Unpacker::new(&row);
        assert_eq!(fields.number(), Ok(7));
        assert_eq!(fields.bytes(), Ok(&[1, 2][..]));
        assert_eq!(fields.uid().map(|uid| uid.to_string()), Ok("1.2.3".to_owned()));
        assert_eq!(fields.number(), Err(FOREIGN));
        for cut in 0..row.len() {
            let mut fields = Unpacker::new(&row[..cut]);
            let all = fields.number().is_ok() && fields.bytes().is_ok() && fields.uid().is_ok();
            assert!(!all, "cut at {cut}");
        }
    }
}
