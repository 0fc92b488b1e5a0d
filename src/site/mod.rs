//! Configuration: folders, the profile file, centres and their certificates.

mod durable;
pub mod home;
pub mod prefetch;
pub mod profile;

pub use home::Home;
pub use prefetch::Prefetch;
pub use profile::{Centre, Profile, Reader, SiteError, is_loopback};
