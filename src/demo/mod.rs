//! A small DICOMweb centre with made-up studies on loopback, for newcomers and for tests.
pub mod phantom;
