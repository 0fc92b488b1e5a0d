//! Small sealed things: XChaCha20-Poly1305 with a random nonce before the ciphertext.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::VaultError;

const NONCE: usize = 24;

/// Bytes that a seal adds: nonce and tag.
pub(super) const OVERHEAD: usize = NONCE + 16;

/// `N` bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Seals and opens under one key.
pub(super) struct Seal(XChaCha20Poly1305);

impl Seal {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// `nonce || ciphertext || tag`; `about` must be given again to open it.
    pub(super) fn seal(&self, about: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce = random::<NONCE>()?;
        let body = self
            .0
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: about })
            .expect("XChaCha20-Poly1305 takes up to 256 GiB");
        let mut sealed = Vec::with_capacity(NONCE + body.len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// The plaintext, or `None` when one bit of key, `about` or `sealed` differs.
    pub(super) fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>()?;
        let plain = self.0.decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: about }).ok()?;
        Some(Zeroizing::new(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_flipped_bit_anywhere_refuses() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal(b"about", b"plain").unwrap();
        assert_eq!(sealed.len(), 5 + OVERHEAD);
        assert_eq!(seal.open(b"about", &sealed).unwrap().as_slice(), b"plain");
        assert!(seal.open(b"abouT", &sealed).is_none());
        assert!(Seal::new(&[8; 32]).open(b"about", &sealed).is_none());
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(seal.open(b"about", &flipped).is_none(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(seal.open(b"about", &sealed[..length]).is_none());
        }
    }

    #[test]
    fn the_same_plaintext_never_seals_to_the_same_bytes() {
        let seal = Seal::new(&[7; 32]);
        let nonces: std::collections::HashSet<_> =
            (0..10_000).map(|_| seal.seal(b"", b"x").unwrap()[..NONCE].to_vec()).collect();
        assert_eq!(nonces.len(), 10_000);
    }
}
