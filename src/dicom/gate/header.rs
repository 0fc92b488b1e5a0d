//! One element's header (PS3.5 7.1.2, 7.1.3, 7.5).

use dicom_core::{Tag, VR};

use super::encoding::Encoding;
use super::tag_name;
use crate::dicom::DicomError;

/// Item (FFFE,E000).
pub(super) const ITEM: Tag = Tag(0xfffe, 0xe000);
/// Item Delimitation Item.
pub(super) const ITEM_END: Tag = Tag(0xfffe, 0xe00d);
/// Sequence Delimitation Item.
pub(super) const SEQUENCE_END: Tag = Tag(0xfffe, 0xe0dd);

const UNDEFINED: u32 = 0xffff_ffff;

/// A header as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Which element.
    pub(super) tag: Tag,
    /// The VR as written; `None` where none is written or it is unknown.
    pub(super) vr: Option<VR>,
    /// Value length in bytes; all ones is undefined.
    pub(super) length: u32,
    /// Where the value begins.
    pub(super) value_at: usize,
}

impl Header {
    /// Undefined length (PS3.5 7.1.1).
    pub(super) fn undefined(&self) -> bool {
        self.length == UNDEFINED
    }
}

/// The tag at `at`, which the caller has checked to be inside.
pub(super) fn tag_at(bytes: &[u8], at: usize, encoding: Encoding) -> Tag {
    Tag(encoding.u16(bytes, at), encoding.u16(bytes, at + 2))
}

/// Reads the header at `at`, not looking beyond `end`.
///
/// # Errors
/// [`DicomError::Truncated`] when the header does not fit.
pub(super) fn read(bytes: &[u8], at: usize, end: usize, encoding: Encoding) -> Result<Header, DicomError> {
    let room = end.saturating_sub(at);
    if room < 8 {
        let tag = if room >= 4 { tag_name(tag_at(bytes, at, encoding)) } else { "?".to_owned() };
        return Err(DicomError::Truncated { at: at as u64, tag });
    }
    let tag = tag_at(bytes, at, encoding);
    if tag.group() == 0xfffe || !encoding.explicit {
        return Ok(Header { tag, vr: None, length: encoding.u32(bytes, at + 4), value_at: at + 8 });
    }
    let code = [bytes[at + 4], bytes[at + 5]];
    let vr = VR::from_binary(code);
    if !is_long_form(code, vr) {
        let length = u32::from(encoding.u16(bytes, at + 6));
        return Ok(Header { tag, vr, length, value_at: at + 8 });
    }
    if room < 12 {
        return Err(DicomError::Truncated { at: at as u64, tag: tag_name(tag) });
    }
    Ok(Header { tag, vr, length: encoding.u32(bytes, at + 8), value_at: at + 12 })
}

/// Whether two reserved bytes and a 32-bit length follow the VR. A VR that is not known but could be one (two
/// capital letters) is of this form (PS3.5 6.2.2, 7.1.2); junk such as two spaces is written in the short one.
fn is_long_form(code: [u8; 2], vr: Option<VR>) -> bool {
    match vr {
        Some(vr) => is_long(vr),
        None => code.iter().all(u8::is_ascii_uppercase),
    }
}

/// VRs with a 32-bit length (PS3.5 table 7.1-1).
pub(super) fn is_long(vr: VR) -> bool {
    use VR::{OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV};
    matches!(vr, OB | OD | OF | OL | OV | OW | SQ | SV | UC | UN | UR | UT | UV)
}
