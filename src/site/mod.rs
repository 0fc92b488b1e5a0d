//! Configuration: folders, the profile file, centres and their certificates.

mod durable;
pub mod home;
pub mod profile;

pub use home::Home;
pub use profile::{Centre, Method, Oidc, Profile, Reader, SiteError, is_loopback};
