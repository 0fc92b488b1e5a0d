//! Writes the plain data set: Explicit VR Little Endian (PS3.5 7.1.2), undefined lengths.

use dicom_core::{Tag, VR};

use super::header::{ITEM, ITEM_END, SEQUENCE_END, is_long};

/// The bytes written so far.
#[derive(Default)]
pub(super) struct Plain(Vec<u8>);

impl Plain {
    /// One element. The value is even-padded for its VR; a short VR whose value needs a 32-bit length goes under
    /// the long VR of the same content (possible only from implicit VR).
    pub(super) fn element(&mut self, tag: Tag, vr: VR, value: &[u8]) {
        let padded = value.len() + value.len() % 2;
        let vr = if padded > 0xfffe && !is_long(vr) { widened(vr) } else { vr };
        self.tag(tag);
        self.0.extend_from_slice(&vr.to_bytes());
        if is_long(vr) {
            self.0.extend_from_slice(&[0, 0]);
            self.u32(u32::try_from(padded).unwrap_or(0));
        } else {
            self.0.extend_from_slice(&u16::try_from(padded).unwrap_or(0).to_le_bytes());
        }
        self.0.extend_from_slice(value);
        if padded > value.len() {
            self.0.push(if is_text(vr) { b' ' } else { 0 });
        }
    }

    /// The header of a sequence.
    pub(super) fn open_sequence(&mut self, tag: Tag) {
        self.tag(tag);
        self.0.extend_from_slice(b"SQ\0\0");
        self.u32(u32::MAX);
    }

    /// The header of an item.
    pub(super) fn open_item(&mut self) {
        self.tag(ITEM);
        self.u32(u32::MAX);
    }

    /// The end of an item.
    pub(super) fn close_item(&mut self) {
        self.tag(ITEM_END);
        self.u32(0);
    }

    /// The end of a sequence.
    pub(super) fn close_sequence(&mut self) {
        self.tag(SEQUENCE_END);
        self.u32(0);
    }

    /// The data set.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn tag(&mut self, tag: Tag) {
        self.0.extend_from_slice(&tag.group().to_le_bytes());
        self.0.extend_from_slice(&tag.element().to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
}

fn is_text(vr: VR) -> bool {
    use VR::{AE, AS, CS, DA, DS, DT, IS, LO, LT, PN, SH, ST, TM, UC, UR, UT};
    matches!(vr, AE | AS | CS | DA | DS | DT | IS | LO | LT | PN | SH | ST | TM | UC | UR | UT)
}

/// The VR with a 32-bit length that holds the same content.
fn widened(vr: VR) -> VR {
    match vr {
        VR::US | VR::SS => VR::OW,
        VR::UL | VR::SL | VR::AT => VR::OL,
        VR::FL => VR::OF,
        VR::FD => VR::OD,
        _ => VR::UC,
    }
}
