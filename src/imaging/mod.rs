//! PURE. Geometry, the stored -> modality -> VOI -> presentation pipeline, volumes and their sampling,
//! measurements, and the frame store. Everything the GPU does has its CPU twin here, written from the
//! standard and not from the shader.

pub mod measure;
