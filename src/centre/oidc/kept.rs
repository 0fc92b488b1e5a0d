//! The tokens of a sign-in as they are kept, sealed, until the next start.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// What a sign-in consists of between two starts. It is never printed, and wiped when dropped.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct KeptTokens {
    /// Who gave them out: tokens of another issuer are of no use, and must not go to this one.
    pub(super) issuer: String,
    /// And for which program.
    pub(super) client_id: String,
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    /// When the access token should be renewed and when it ends, seconds since 1970.
    pub(super) renew_at: Option<i64>,
    pub(super) ends_at: Option<i64>,
    pub(super) subject: String,
    pub(super) user: String,
}

impl std::fmt::Debug for KeptTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptTokens(..)")
    }
}

impl KeptTokens {
    /// As bytes to be sealed.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).unwrap_or_default())
    }

    /// What [`KeptTokens::to_bytes`] gave; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}
