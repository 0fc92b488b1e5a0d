//! The DICOM JSON model (PS3.18 annex F), read and written by us: dicom-json 0.10.1 panics on a tag that is not
//! ASCII and loses a whole reply on one `null`. Text in it is UTF-8 whatever (0008,0005)
//! says, and is not decoded again.

mod read;
mod write;

pub use read::{BulkUri, bulk_uris, read_dataset};
pub use write::write_dataset;

/// Sequences within sequences, as at the gate.
const DEEPEST: usize = 64;
