//! Preamble and File Meta Information (PS3.10 7.1).

use dicom_core::Tag;

use super::encoding::Encoding;
use super::header;
use super::tag_name;
use crate::dicom::{DicomError, Uid};

/// What the file says about itself before the data set.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Meta {
    /// There was a prefix or a group 0002.
    pub(super) present: bool,
    /// Media Storage SOP Class UID (0002,0002).
    pub(super) sop_class: Option<Uid>,
    /// Media Storage SOP Instance UID (0002,0003).
    pub(super) sop_instance: Option<Uid>,
    /// Transfer Syntax UID (0002,0010).
    pub(super) transfer_syntax: Option<Uid>,
    /// Where the data set begins.
    pub(super) end: usize,
}

/// Reads the meta group, with or without the preamble. It ends where group 0002 ends: its group length is not
/// believed, since real files have none or a wrong one.
///
/// # Errors
/// [`DicomError::Truncated`] when a meta element does not fit.
pub(super) fn read(bytes: &[u8]) -> Result<Meta, DicomError> {
    let end = match bytes {
        _ if bytes.get(128..132) == Some(b"DICM") => 132,
        // The prefix alone, as some senders leave it.
        [b'D', b'I', b'C', b'M', ..] => 4,
        _ => 0,
    };
    let mut meta = Meta { present: end > 0, end, ..Meta::default() };
    while bytes.len() >= meta.end + 8 {
        // Explicit VR Little Endian by rule; some writers use the data set's implicit VR here too.
        let has_vr = bytes[meta.end + 4].is_ascii_uppercase() && bytes[meta.end + 5].is_ascii_uppercase();
        let encoding = if has_vr { Encoding::EXPLICIT } else { Encoding::IMPLICIT };
        if header::tag_at(bytes, meta.end, encoding).group() != 2 {
            break;
        }
        let element = header::read(bytes, meta.end, bytes.len(), encoding)?;
        let end = element.value_at.checked_add(element.length as usize).filter(|&end| end <= bytes.len());
        let Some(end) = end else {
            return Err(DicomError::Truncated { at: meta.end as u64, tag: tag_name(element.tag) });
        };
        meta.keep(element.tag, &bytes[element.value_at..end]);
        meta.present = true;
        meta.end = end;
    }
    Ok(meta)
}

impl Meta {
    fn keep(&mut self, tag: Tag, value: &[u8]) {
        let uid = || Uid::parse(std::str::from_utf8(value).ok()?.trim()).ok();
        match tag {
            Tag(2, 0x0002) => self.sop_class = uid(),
            Tag(2, 0x0003) => self.sop_instance = uid(),
            Tag(2, 0x0010) => self.transfer_syntax = uid(),
            _ => {}
        }
    }
}
