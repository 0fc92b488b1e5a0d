//! One element's value, from the file's encoding to the plain one.

use std::borrow::Cow;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

use crate::dicom::text::{self, Charset, TextKind};

/// A value for the plain data set.
pub(super) struct PlainValue<'a> {
    /// Its VR; UN where the bytes do not fit the VR they had.
    pub(super) vr: VR,
    /// Its bytes, text in UTF-8.
    pub(super) bytes: Cow<'a, [u8]>,
    /// What is wrong with it, if anything.
    pub(super) fault: Option<Fault>,
}

/// A fault that a value keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Text that had to be marked or cut.
    Text,
    /// A binary value of the wrong size.
    Size,
}

/// The VR of an element as it is to be read: the written one, or for implicit VR, UN and junk the dictionary's
/// (PS3.5 6.2.2 note 1). Private elements without a VR stay UN.
pub(super) fn effective_vr(tag: Tag, written: Option<VR>) -> VR {
    match written {
        Some(vr) if vr != VR::UN => vr,
        _ if tag.group() % 2 == 1 && !(0x10..=0xff).contains(&tag.element()) => VR::UN,
        _ => StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed()),
    }
}

/// Whether a backslash separates values of this VR (PS3.5 6.4), each of which becomes a string of its own.
pub(super) fn may_be_many(vr: VR) -> bool {
    use VR::{AE, AS, CS, DA, DS, DT, IS, LO, PN, SH, TM, UC, UI};
    matches!(vr, AE | AS | CS | DA | DS | DT | IS | LO | PN | SH | TM | UC | UI)
}

/// Turns a value plain.
pub(super) fn plain(vr: VR, bytes: &[u8], big_endian: bool, charset: Charset) -> PlainValue<'_> {
    if let Some(kind) = TextKind::of(vr) {
        return plain_text(vr, bytes, kind, charset);
    }
    if matches!(vr, VR::AE | VR::AS | VR::CS | VR::DA | VR::DS | VR::DT | VR::IS | VR::TM | VR::UI | VR::UR) {
        return plain_code(vr, bytes);
    }
    let width = word_size(vr);
    if !bytes.len().is_multiple_of(width) {
        return PlainValue { vr: VR::UN, bytes: Cow::Borrowed(bytes), fault: Some(Fault::Size) };
    }
    let swap = big_endian && width > 1;
    let bytes = if swap { Cow::Owned(swapped(vr, width, bytes)) } else { Cow::Borrowed(bytes) };
    PlainValue { vr, bytes, fault: None }
}

fn plain_text(vr: VR, bytes: &[u8], kind: TextKind, charset: Charset) -> PlainValue<'static> {
    let decoded = charset.decode(bytes, kind);
    let trimmed = decoded.text.trim_end_matches(['\0', ' ']);
    // Values that are each padded with NUL.
    let unpadded =
        if kind == TextKind::Paragraph { trimmed.to_owned() } else { trimmed.replace("\0\\", "\\") };
    let safe = text::neutralise(&unpadded);
    let mut clean = decoded.clean && matches!(safe, Cow::Borrowed(_));
    let short =
        if matches!(vr, VR::PN | VR::SH | VR::LO) { text::shorten(&safe) } else { Cow::Borrowed(&*safe) };
    clean &= matches!(short, Cow::Borrowed(_));
    let mut safe = short.into_owned();
    if safe.len() > text::LONGEST_SHORT_TEXT && !matches!(vr, VR::UC | VR::UT) {
        let mut cut = text::LONGEST_SHORT_TEXT - 4;
        while !safe.is_char_boundary(cut) {
            cut -= 1;
        }
        safe.truncate(cut);
        safe.push('\u{fffd}');
        clean = false;
    }
    PlainValue { vr, bytes: Cow::Owned(safe.into_bytes()), fault: (!clean).then_some(Fault::Text) }
}

/// Values of the default repertoire (PS3.5 6.1.2.2): anything else becomes `?`, NUL as padding a space.
fn plain_code(vr: VR, bytes: &[u8]) -> PlainValue<'_> {
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
    let bytes = &bytes[..end];
    let allowed = |byte: u8| matches!(byte, 0x20..0x7f | b'\t' | b'\n' | b'\r');
    if bytes.iter().all(|&byte| allowed(byte)) {
        return PlainValue { vr, bytes: Cow::Borrowed(bytes), fault: None };
    }
    let fault = bytes.iter().any(|&byte| byte != 0 && !allowed(byte)).then_some(Fault::Text);
    let marked = bytes.iter().map(|&byte| match byte {
        0 => b' ',
        byte if allowed(byte) => byte,
        _ => b'?',
    });
    PlainValue { vr, bytes: Cow::Owned(marked.collect()), fault }
}

/// Bytes of one value of a binary VR (PS3.5 6.2).
fn word_size(vr: VR) -> usize {
    match vr {
        VR::US | VR::SS | VR::OW => 2,
        VR::AT | VR::UL | VR::SL | VR::FL | VR::OL | VR::OF => 4,
        VR::FD | VR::OD | VR::SV | VR::UV | VR::OV => 8,
        _ => 1,
    }
}

fn swapped(vr: VR, width: usize, bytes: &[u8]) -> Vec<u8> {
    // An attribute tag is two 16-bit numbers (PS3.5 7.3).
    let width = if vr == VR::AT { 2 } else { width };
    bytes.chunks_exact(width).flat_map(|word| word.iter().rev().copied()).collect()
}
