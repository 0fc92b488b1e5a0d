//! Configuration: folders, the profile file, centres and their certificates.

mod audit;
mod durable;
pub mod home;
pub mod lock;
pub mod prefetch;
pub mod profile;

pub use audit::AuditTarget;
pub use home::Home;
pub use lock::{LockPolicy, Tries};
pub use prefetch::Prefetch;
pub use profile::{Centre, Method, Oidc, Profile, Reader, SiteError, is_loopback};
