//! Pages of documents as pictures, within a time: a PDF is a program, and one that never ends must not keep a
//! decoding thread, nor the end of this program.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;

use super::{WorkError, threads};
use crate::dicom::document::Document;
use crate::dicom::error::WarningCode;
use crate::dicom::sop_class::DocumentKind;
use crate::dicom::{DicomError, Instance, Warning, pdf};
use crate::imaging::Frame;

/// Counting pages or drawing one takes less than a second; damaged documents may take a few.
const LONGEST: Duration = Duration::from_secs(20);
/// Threads that never came back; no more are begun for documents beyond these.
const MOST_STUCK: usize = 2;

static STUCK: AtomicUsize = AtomicUsize::new(0);

/// Counts the pages of a PDF; one that cannot be read has none, and a warning comes back.
pub(super) fn count(instance: &mut Instance, bytes: Option<&Bytes>) -> Option<Warning> {
    let document = instance.document.as_mut().filter(|document| document.kind == DocumentKind::Pdf)?;
    let counted = bytes.cloned().and_then(|bytes| within(move || pdf::pages(&bytes)).ok());
    document.pages = counted.unwrap_or(0);
    counted.is_none().then(|| Warning::new(WarningCode::BadValue, TAG))
}

/// A page (from 0) as it is shown.
///
/// # Errors
/// [`DicomError::NoPixelData`] for what has no pages; what the document's reader found.
pub(super) fn draw(document: &Document, bytes: Option<&Bytes>, number: u32) -> Result<Frame, WorkError> {
    let bytes = bytes.filter(|_| document.has_pages()).cloned().ok_or(DicomError::NoPixelData)?;
    let (decoded, module) = within(move || pdf::page(&bytes, number))?;
    Ok(Frame::new(decoded, &module, 0)?)
}

/// Encapsulated Document.
const TAG: &str = "(0042,0011)";

/// Runs the job on a thread of its own. One that takes too long is left behind and ends with the process.
fn within<R: Send + 'static>(
    job: impl FnOnce() -> Result<R, DicomError> + Send + 'static,
) -> Result<R, DicomError> {
    let damaged = |what| DicomError::Malformed { tag: TAG.to_owned(), what };
    if STUCK.load(Ordering::Relaxed) >= MOST_STUCK {
        return Err(damaged("other documents take too long"));
    }
    let (tell, told) = mpsc::sync_channel(1);
    let builder = std::thread::Builder::new().name("page".to_owned()).stack_size(threads::STACK_BYTES);
    let begun = builder.spawn(move || {
        // Whoever asked may have given up; a panic closes the channel.
        let _ = tell.send(job());
    });
    if begun.is_err() {
        return Err(damaged("no thread for it"));
    }
    match told.recv_timeout(LONGEST) {
        Ok(outcome) => outcome,
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(damaged("its reader stopped unexpectedly")),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            STUCK.fetch_add(1, Ordering::Relaxed);
            Err(damaged("it takes too long"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_panics_is_an_error() {
        let outcome: Result<(), DicomError> = within(|| panic!("a reader's fault"));
        assert!(matches!(outcome, Err(DicomError::Malformed { .. })));
        assert_eq!(within(|| Ok(7)), Ok(7));
    }
}
