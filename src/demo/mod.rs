//! A small DICOMweb origin server (PS3.18) with made-up studies on loopback, for newcomers and for tests.
//!
//! ```text
//!   Archive (Study trait, what was STOWed) ─┐
//!   Worklist (UPS workitems)                ├─► Centre::bind ─► (Running, future to be spawned)
//!   Options                                 ┘        │
//!                                                    ├─ base URL, user, password, certificate: the way in
//!                                                    ├─ Faults: what shall go wrong, for tests
//!                                                    └─ RequestLog: what was asked
//! ```
//!
//! One request: `server` (TLS, HTTP/1.1 or HTTP/2) → `signin` → `faults` → `route` → `qido`, `wado`,
//! `rendered`, `stow` or `ups` → `faults` again on the way out. Inside, data sets are DICOM JSON objects
//! (PS3.18 annex F), made once per instance; files are computed when asked for and kept in a bounded cache.
//!
//! Before a centre may lie a [`line`] that is thin, late and cut now and then.
//!
//! The room owns no runtime: `bind` is awaited and the future it gives is spawned by the caller.
//! It listens on loopback only, and forgets what was stored when it stops.

pub mod archive;
pub mod error;
pub mod faults;
pub mod line;
pub mod phantom;
pub mod requests;
pub mod server;

mod accept;
mod answer;
mod attributes;
mod body;
mod entry;
mod matching;
mod multipart;
mod pixels;
mod qido;
mod query;
mod rendered;
mod reply;
mod route;
mod signin;
mod stow;
mod tls;
mod ups;
mod wado;

pub use archive::{Archive, Limits, Priority, Study};
pub use error::DemoError;
pub use faults::{Fault, FaultKind, Faults, On, PathMatch};
pub use requests::{RequestLog, Seen};
pub use server::{Centre, Options, Running};
pub use ups::STAT_CODE;
