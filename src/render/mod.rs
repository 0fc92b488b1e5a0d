//! wgpu: the device, textures, passes and the offscreen target. Knows nothing of egui or of DICOM.
//!
//! ```text
//!   Scene ──► TextureCache (stored values as integers, slice by slice)
//!     │            │
//!     └► Params, positions (f64 on the CPU) ──► Painting ──► any render pass, or offscreen ──► Picture
//! ```
//!
//! Fragment passes only, so that OpenGL without compute shaders still works. Nothing here panics on a bad
//! device: every failure is a [`RenderError`], after which the caller draws with the CPU twin
//! ([`crate::imaging::draw`]) or makes a new [`Renderer`].

mod cache;
mod device;
mod error;
mod offscreen;
mod painting;
mod params;
mod passes;
mod positions;
mod readback;
pub mod shaders;
mod upload;

pub use cache::TextureCache;
pub use device::{Gpu, GpuInfo, PROBES, device_descriptor};
pub use error::RenderError;
pub use offscreen::Renderer;
pub use painting::Painting;
pub use passes::Passes;
