//! Configuration: folders, the profile file, centres and their certificates.

mod durable;
pub mod home;
pub mod lock;
pub mod profile;

pub use home::Home;
pub use lock::{LockPolicy, Tries};
pub use profile::{Centre, Profile, Reader, SiteError, is_loopback};
