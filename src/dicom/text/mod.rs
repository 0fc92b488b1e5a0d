//! Text of data elements: Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1), code extensions of ISO 2022
//! included, decoded from the raw bytes by us.
//!
//! dicom-rs 0.10.1 decodes with the first value of (0008,0005) alone and splits values at 0x5C before it
//! decodes, so that Japanese and Korean names come out as escape sequences (its issue 443). Therefore the gate
//! hands each raw value to [`Charset::decode`], and dicom-rs only ever sees UTF-8.

mod charset;
mod iso2022;
mod neutral;
mod repertoire;

pub(crate) use charset::Charset;
pub(crate) use neutral::{neutralise, shorten};

use dicom_core::VR;

/// The longest value, in bytes of UTF-8, that a text element other than UC, UR and UT keeps: what an explicit
/// 16-bit length can say (PS3.5 7.1.2). Anything longer is cut and marked.
pub(crate) const LONGEST_SHORT_TEXT: usize = 65_534;

/// How a value's bytes become text: which characters end a designation (PS3.5 6.1.2.5.3) and whether the
/// backslash separates values (PS3.5 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// PN: `\`, `^` and `=` separate.
    PersonName,
    /// SH, LO, UC: `\` separates.
    Values,
    /// ST, LT, UT: one value, the backslash is a character.
    Paragraph,
}

impl TextKind {
    /// The kind of a VR that (0008,0005) governs; `None` for every other VR (PS3.5 6.1.2.2).
    pub(crate) fn of(vr: VR) -> Option<Self> {
        match vr {
            VR::PN => Some(Self::PersonName),
            VR::SH | VR::LO | VR::UC => Some(Self::Values),
            VR::ST | VR::LT | VR::UT => Some(Self::Paragraph),
            _ => None,
        }
    }

    /// Whether this single-byte character returns to the first character set (PS3.5 6.1.2.5.3).
    fn resets(self, byte: u8) -> bool {
        match byte {
            b'\n' | 0x0c | b'\r' | b'\t' => true,
            b'\\' => self != Self::Paragraph,
            b'^' | b'=' => self == Self::PersonName,
            _ => false,
        }
    }
}

/// Decoded text and whether every byte of it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text; what could not be decoded stands there as U+FFFD.
    pub(crate) text: String,
    /// No mark was needed.
    pub(crate) clean: bool,
}
