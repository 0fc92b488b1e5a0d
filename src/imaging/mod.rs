//! PURE. Geometry, the stored -> modality -> VOI -> presentation pipeline, volumes and their sampling,
//! measurements, and the frame store. Everything the GPU does has its CPU twin here, written from the
//! standard and not from the shader.
//!
//! ```text
//!   DecodedFrame + ImageModule ──► Frame ──► FrameStore
//!                                   │  └───────────────────┐
//!              slices of one stack ─┴─► Volume             │
//!                                         │ Plane, Slab    │ FrameView
//!                                         └──► Scene ◄─────┘ + GreyMapping
//!                                               │
//!                             draw (CPU twin) ──┴── render (GPU): the same Picture
//! ```

pub mod badge;
mod colours;
mod draw;
mod edges;
mod error;
mod frame;
mod geometry;
pub mod marks;
pub mod measure;
pub mod pipeline;
mod placement;
mod plane;
mod presets;
mod reslice;
mod sample;
mod scene;
mod store;
mod view;
mod volume;

pub use badge::Badge;
pub use colours::Colours;
pub use draw::draw;
pub use edges::{EdgeLetters, ScaleBar, scale_bar};
pub use error::ImagingError;
pub use frame::Frame;
pub use geometry::{orientation_letters, patient_from_image, slice_normal};
pub use marks::Over;
pub use pipeline::{GreyMapping, PaletteLevels, VoiCurve, Window, default_window};
pub use placement::{Magnification, Placement};
pub use plane::{Plane, StandardPlane};
pub use presets::{Preset, offered};
pub use reslice::{PlaneInGrid, Slab, SlabMode};
pub use sample::{HULL_TOLERANCE, Interpolation, sample_volume};
pub use scene::{FrameScene, Picture, PictureSize, PlaneScene, Scene};
pub use store::{FrameKey, FrameStore, Stores, VolumeKey, VolumeStore};
pub use view::FrameView;
pub use volume::{Place, Places, Rescale, Volume, Voxels};

// What `render` needs of the DICOM room's plain data: it uses `imaging` alone.
pub use crate::dicom::Samples;
pub use crate::dicom::instance::{LookupTable, ModalityTransform, PixelPadding, VoiFunction};
