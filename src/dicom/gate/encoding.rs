//! How element headers are written: explicit or implicit VR, little or big endian (PS3.5 7.1, 7.3).

use dicom_core::VR;
use dicom_dictionary_std::uids;

use super::{BIG_ENDIAN, header};
use crate::dicom::{DicomError, Uid};

/// One of the four ways; implicit big endian exists only by mistake and is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoding {
    /// VRs are written.
    pub(super) explicit: bool,
    /// Most significant byte first.
    pub(super) big_endian: bool,
}

impl Encoding {
    /// Implicit VR Little Endian: also the inside of UN (PS3.5 6.2.2 note 4).
    pub(super) const IMPLICIT: Self = Self { explicit: false, big_endian: false };
    /// Explicit VR Little Endian.
    pub(super) const EXPLICIT: Self = Self { explicit: true, big_endian: false };
    const BIG_ENDIAN: Self = Self { explicit: true, big_endian: true };

    /// The encoding of a data set whose file says `claim`, and whether the bytes agree with the claim.
    ///
    /// Without a claim or a meta header the first element must look like the beginning of an object.
    ///
    /// # Errors
    /// [`DicomError::NotDicom`] when the bytes fit no encoding.
    pub(super) fn of_data_set(
        body: &[u8],
        claim: Option<&str>,
        has_meta: bool,
    ) -> Result<(Self, bool), DicomError> {
        let claimed = match claim {
            Some(uids::IMPLICIT_VR_LITTLE_ENDIAN) => Some(Self::IMPLICIT),
            Some(BIG_ENDIAN) => Some(Self::BIG_ENDIAN),
            Some(_) => Some(Self::EXPLICIT),
            None => None,
        };
        if let Some(claimed) = claimed.filter(|claimed| body.is_empty() || claimed.fits(body)) {
            return Ok((claimed, true));
        }
        let found = [Self::EXPLICIT, Self::BIG_ENDIAN, Self::IMPLICIT].into_iter().find(|e| e.fits(body));
        match (found, claimed) {
            (Some(found), _) if has_meta || found.begins_object(body) => Ok((found, false)),
            (None, Some(claimed)) => Ok((claimed, true)),
            _ => Err(DicomError::NotDicom),
        }
    }

    /// Whether the first element can be written this way: a VR where one is expected, a length that fits.
    fn fits(self, bytes: &[u8]) -> bool {
        let Ok(first) = header::read(bytes, 0, bytes.len(), self) else { return false };
        let known_vr = VR::from_binary([bytes[4], bytes[5]]).is_some();
        let plausible_group = first.tag.group() != 0 && first.tag.group() < 0x5000;
        let fits = first.undefined() || first.length as usize <= bytes.len() - first.value_at;
        known_vr == self.explicit && plausible_group && fits
    }

    /// Whether the bytes begin as objects do: with a low group.
    fn begins_object(self, bytes: &[u8]) -> bool {
        bytes.len() >= 4 && (0x0002..=0x0010).contains(&header::tag_at(bytes, 0, self).group())
    }

    /// The encoding of an item's elements: the one around it, unless the first header proves the other kind of
    /// VR (private sequences of some makers; UN written by re-encoders that left the inside explicit).
    pub(super) fn of_item(self, item: &[u8]) -> Self {
        let other = Self { explicit: !self.explicit, ..self };
        let may_swap = item.len() >= 8 && !self.big_endian && header::tag_at(item, 0, self).group() != 0xfffe;
        if may_swap && !self.fits(item) && other.fits(item) { other } else { self }
    }

    /// The native transfer syntax of this encoding.
    pub(super) fn transfer_syntax(self) -> Result<Uid, DicomError> {
        let uid = match (self.explicit, self.big_endian) {
            (_, true) => BIG_ENDIAN,
            (true, false) => uids::EXPLICIT_VR_LITTLE_ENDIAN,
            (false, false) => uids::IMPLICIT_VR_LITTLE_ENDIAN,
        };
        Uid::parse(uid).map_err(|_| DicomError::NotDicom)
    }

    /// A 16-bit number at `at`, which the caller has checked to be inside.
    pub(super) fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let pair = [bytes[at], bytes[at + 1]];
        if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    }

    /// A 32-bit number at `at`, which the caller has checked to be inside.
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    }
}
