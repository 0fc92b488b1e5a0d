//! Made-up studies computed from code: the same bytes on every run (CT, MR and film also on every machine; the
//! ultrasound takes the machine's logarithm), anatomy that looks like
//! anatomy, and answers that are known beforehand ([`answers`]).
//!
//! # How a picture comes about
//!
//! ```text
//!   torso/, head/   anatomy: solids with materials, in painting order  (scene.rs)
//!        solid.rs, section.rs, tree.rs    signed distances: ellipsoids, tubes, cross-sections, vessels
//!        material.rs, noise.rs            values inside them: HU or MR signal, with texture
//!   raster.rs       a plane of pixels through a scene, edges antialiased as partial volume
//!   slices.rs       CT and MR: planes in the patient, noise, stored values
//!   film.rs         the trunk summed along the beam: a chest radiograph
//!   echo.rs         speckle in beam coordinates: an ultrasound clip
//!   objects/        the DICOM data set around the pixels
//! ```
//!
//! Nothing is random: noise is a function of a counter. [`studies`] is cheap; pixels are computed when
//! [`PhantomStudy::dataset`] is called and not kept here.

pub mod answers;

mod echo;
mod film;
mod head;
mod material;
mod noise;
mod objects;
mod patients;
mod raster;
mod scene;
mod section;
mod slices;
mod solid;
mod study;
mod torso;
mod tree;

pub use study::{InstanceIdentity, PhantomStudy, nodule_study, studies};
