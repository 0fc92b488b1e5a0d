//! The panels of the window over a state built in code: what is shown, and which commands a person sends.

pub(crate) mod desk;
mod report;
mod sign_in;
pub(crate) mod worklist;
