//! Sign-in in the system's own browser: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), for a native
//! application (RFC 8252).
//!
//! ```text
//!   BrowserSignIn::begin ── discovery ──► Provider          finish: the browser's one answer on 127.0.0.1
//!     │ address for the browser                               │ state, iss (RFC 9207)
//!     │ state, nonce, code verifier                           ▼
//!     └───────────────────────────────────────────────► code for tokens ── identity proven ──► Tokens
//!                                                                                                │
//!   each request of a Client ── Tokens::current ── a minute of life left? ──► access token       │
//!                                     │ else, or when the centre refused it                      │
//!                                     └── one renewal for all who wait ──► TokenKeeper ──────────┘
//! ```
//!
//! What holds here:
//!
//! - The provider is asked over TLS, or on this computer; no redirect is followed, no answer is longer than a megabyte.
//! - The issuer names itself as the profile does. S256 always; a provider that says it cannot do it is not used.
//! - The listener is on loopback, on a random port, for one answer; it is closed after it, and after the
//!   patience of whoever waits.
//! - An identity is believed when its signature (asymmetric, by a key of the provider), issuer, audience, time and nonce
//!   are right. `none` and the HS family never are.
//! - Tokens go to the centre's own origin alone ([`super::Client`]), refresh tokens to the provider's token
//!   endpoint alone. A renewed refresh token is handed to the [`TokenKeeper`] before the one before is let go.

mod browser;
mod http;
mod identity;
mod kept;
mod listener;
mod provider;
mod tokens;

pub use browser::{BrowserSignIn, PATIENCE};
pub use kept::KeptTokens;
pub use tokens::{TokenKeeper, Tokens};
