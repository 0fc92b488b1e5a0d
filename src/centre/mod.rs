//! The DICOMweb client (PS3.18): QIDO-RS, WADO-RS, STOW-RS, UPS-RS, multipart, sign-in.
//!
//! ```text
//!   Client ── send (same origin only, credentials, answer timeout) ──► Answer
//!                                                                        │ status -> CentreError
//!     qido, ups, wado::metadata ◄── bounded JSON (gzip capped) ──────────┤
//!     wado::Retrieval ◄── MultipartReader ◄── chunks, idle timeout ──────┤
//!     stow::StoreOutcome ◄── store response, whatever the status ────────┘
//! ```
//!
//! What holds here:
//!
//! - No redirect is followed and no link to another origin is opened: credentials never leave the centre.
//! - Nothing has a total deadline (a slow line must be able to bring a big study); what stops moving is given
//!   up ([`Timeouts`]), and what is read into memory is bounded.
//! - An answer that ends early is an error after the complete parts were handed over; a part is handed over
//!   only when the boundary after it has been seen. That the objects are the right ones is proven by the caller.
//! - No address, query or body of the centre reaches an error or a log: only its host and fixed words.
//!
//! Own sign-ins: `credentials` (what a request carries), `certificate` (what the connection shows), [`oidc`] (the
//! browser); `tls` says whom a connection trusts.
//!
//! Own detours: the multipart reader is ours because the crate of that name loses the last instance of a cut
//! answer and takes quadratic time.

mod answer;
pub mod audit;
mod certificate;
mod client;
mod credentials;
mod error;
mod explain;
mod fault;
mod gzip;
mod json;
mod kinds;
mod media_type;
pub mod multipart;
pub mod oidc;
mod paging;
mod probe;
mod qido;
mod query;
pub mod retry;
mod rows;
mod stow;
mod tls;
mod ups;
mod wado;

pub use certificate::ClientCertificate;
pub use client::{Client, Timeouts};
pub use credentials::{Access, Authorization, Credentials};
pub use error::{CentreError, CertificateFault, Service, SignInFault, UnreachableBecause};
pub use media_type::MediaType;
pub use paging::Rows;
pub use probe::{HttpVersion, Probe, TlsVersion};
pub use query::{DateRange, StudyQuery};
pub use rows::{InstanceRow, SeriesRow, StudyRow};
pub use stow::{StoreFailure, StoreOutcome, StoreWarning};
pub use ups::{Output, Performed, Priority, Workitem, WorkitemQuery, WorkitemState};
pub use wado::{ReceivedPart, Retrieval};
