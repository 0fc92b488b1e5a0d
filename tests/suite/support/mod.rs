//! What several tests need: judges, a real centre, the program itself.

pub(crate) mod judge;
pub(crate) mod orthanc;
pub(crate) mod program;
