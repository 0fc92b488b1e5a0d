//! What can go wrong inside the door, before the frame and the transfer syntax are known to the error.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::dicom::{DicomError, Uid};

/// A reason why a frame cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The bytes are damaged, incomplete or break a rule of their coding.
    Damaged(&'static str),
    /// The code stream's header and the data set disagree.
    Contradicts {
        /// Which property.
        what: &'static str,
        /// In the code stream.
        stream: u64,
        /// In the data set.
        dataset: u64,
    },
    /// A decoder's own words on why it gave up.
    Decoder(String),
    /// A kind of pixel data that no transfer syntax makes readable here.
    Pixels(String),
    /// This kind of code stream is known but not decoded.
    NotDecoded,
    /// Video.
    Video,
}

impl Fault {
    /// The error for the caller.
    pub(super) fn into_error(self, frame: u32, transfer_syntax: &Uid, name: &str) -> DicomError {
        match self {
            Self::Damaged(what) => DicomError::Codestream { frame, what: what.to_owned() },
            Self::Contradicts { what, stream, dataset } => DicomError::Codestream {
                frame,
                what: format!("{what}: {stream} in the code stream, {dataset} in the data set"),
            },
            Self::Decoder(what) => DicomError::Codestream { frame, what },
            Self::Video => {
                DicomError::Video { name: name.to_owned(), extension: super::video::usual(transfer_syntax) }
            }
            Self::Pixels(what) => DicomError::UnsupportedPixels { what },
            Self::NotDecoded => DicomError::UnsupportedTransferSyntax {
                uid: transfer_syntax.as_str().to_owned(),
                name: name.to_owned(),
            },
        }
    }
}

/// Runs a decoder of others. A panic in it, which its authors did not foresee and a hostile stream may find,
/// is a fault of this frame and of nothing else: what the decoder worked on is dropped with it.
pub(super) fn shielded<T>(decoder: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(decoder))
        .unwrap_or_else(|_| Err(Fault::Decoder("the decoder stopped over this code stream".to_owned())))
}
