//! The walk over a data set (PS3.5 7.5): iterative, bounded, writing the plain data set as it goes.

use std::ops::Range;

use bytes::Bytes;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::encoding::Encoding;
use super::fragments;
use super::header::{self, Header, ITEM, ITEM_END, SEQUENCE_END};
use super::limits::{Budget, DEEPEST, MOST_WARNINGS};
use super::pixels::{Tables, is_pixels};
use super::plain::Plain;
use super::seen::Seen;
use super::value::{self, Fault};
use super::{malformed, names_code_stream, tag_name};
use crate::dicom::error::WarningCode;
use crate::dicom::text::Charset;
use crate::dicom::{DicomError, PixelData, Warning};

/// What the walk brings back.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) plain: Vec<u8>,
    pub(super) charset: Vec<String>,
    pub(super) pixels: Option<PixelData>,
    pub(super) float_pixels: bool,
    /// The pixel data are bytes (OB), not words.
    pub(super) byte_pixels: bool,
    pub(super) warnings: Vec<Warning>,
}

/// An open sequence or item.
#[derive(Debug, Clone, Copy)]
struct Level {
    tag: Tag,
    is_item: bool,
    /// Nothing of this level lies beyond here.
    bound: usize,
    /// Ends at `bound`; else at its delimiter.
    defined: bool,
    encoding: Encoding,
    charset: Charset,
}

/// Walks `bytes` from the first element to the last.
///
/// # Errors
/// [`DicomError::Truncated`] and [`DicomError::Malformed`], with the element.
pub(super) fn walk(
    bytes: &Bytes,
    encoding: Encoding,
    claim: Option<&str>,
    budget: &mut Budget,
) -> Result<Walked, DicomError> {
    let root = Level {
        tag: Tag(0, 0),
        is_item: true,
        bound: bytes.len(),
        defined: true,
        encoding,
        charset: Charset::default(),
    };
    let encapsulated = claim.is_none_or(names_code_stream);
    let mut walker = Walker {
        bytes,
        at: 0,
        levels: vec![root],
        seen: Seen::at_root(),
        tables: Tables::default(),
        encapsulated,
        plain: Plain::default(),
        found: Walked::default(),
        budget,
    };
    while walker.step()? {}
    let Walker { plain, mut found, .. } = walker;
    found.plain = plain.into_bytes();
    Ok(found)
}

struct Walker<'a> {
    bytes: &'a Bytes,
    at: usize,
    levels: Vec<Level>,
    seen: Seen,
    tables: Tables,
    encapsulated: bool,
    plain: Plain,
    found: Walked,
    budget: &'a mut Budget,
}

impl Walker<'_> {
    /// The innermost open level; the root stays open to the end.
    fn level(&self) -> Level {
        *self.levels.last().expect("the root level is never popped before the walk ends")
    }

    /// One header and what follows it. False at the end of the data set.
    fn step(&mut self) -> Result<bool, DicomError> {
        let level = self.level();
        if level.defined && self.at == level.bound {
            return Ok(self.close());
        }
        if self.levels.len() == 1 && self.bytes[self.at..].iter().all(|byte| *byte == 0) {
            // Padding behind the last element: media blocks, TCP buffers of old archives.
            self.warn(WarningCode::BadValue, Tag(0xfffc, 0xfffc));
            return Ok(false);
        }
        let header = header::read(self.bytes, self.at, level.bound, level.encoding)?;
        self.budget.element(header.tag)?;
        match header.tag {
            ITEM if !level.is_item => self.open_item(header, level),
            ITEM_END | SEQUENCE_END => self.delimiter(header, level),
            _ if !level.is_item => {
                Err(malformed(header.tag, "an element stands in a sequence where an item belongs"))
            }
            ITEM => Err(malformed(header.tag, "an item stands outside a sequence")),
            // dicom-rs would read another length there than the one that was checked.
            Tag(0xfffe, _) => Err(malformed(header.tag, "neither an item nor a delimiter")),
            Tag(0, _) => Err(malformed(header.tag, "a command element stands in the data set")),
            _ => self.element(header, level),
        }?;
        Ok(true)
    }

    /// Closes the innermost level; false when it is the root.
    fn close(&mut self) -> bool {
        if self.levels.len() == 1 {
            return false;
        }
        let closed = self.levels.pop();
        match closed {
            Some(level) if level.is_item => {
                self.seen.close_item();
                self.plain.close_item();
            }
            _ => self.plain.close_sequence(),
        }
        true
    }

    fn open_item(&mut self, header: Header, level: Level) -> Result<(), DicomError> {
        let claimed = header.value_at.saturating_add(header.length as usize);
        let bound = if level.defined && !header.undefined() && claimed > level.bound {
            // The sequence is whole and ends first: its word is taken.
            self.warn(WarningCode::BadValue, level.tag);
            level.bound
        } else {
            self.bound_of(header, level)?
        };
        let encoding = level.encoding.of_item(&self.bytes[header.value_at..bound]);
        self.seen.open_item();
        self.plain.open_item();
        self.levels.push(Level { is_item: true, bound, defined: !header.undefined(), encoding, ..level });
        self.at = header.value_at;
        Ok(())
    }

    fn delimiter(&mut self, header: Header, level: Level) -> Result<(), DicomError> {
        let ends_item = header.tag == ITEM_END;
        if header.length != 0 {
            self.warn(WarningCode::BadValue, level.tag);
        }
        self.at = header.value_at;
        if level.defined {
            // A stray one, behind a level that had a length or at the root.
            self.warn(WarningCode::BadValue, header.tag);
        } else if level.is_item == ends_item {
            self.close();
        } else if level.is_item {
            // The sequence ends, its last item did not say so.
            self.warn(WarningCode::BadValue, level.tag);
            self.close();
            if !self.level().defined {
                self.close();
            }
        } else {
            return Err(malformed(level.tag, "an item ends that was not begun"));
        }
        Ok(())
    }

    fn element(&mut self, header: Header, level: Level) -> Result<(), DicomError> {
        let tag = header.tag;
        let vr = value::effective_vr(tag, header.vr);
        if level.encoding.explicit && header.vr.is_none() {
            // Letters that are no VR: read as the dictionary says.
            self.warn(WarningCode::BadValue, tag);
        }
        if is_pixels(tag) {
            return self.pixels(header, level);
        }
        if vr == VR::SQ || header.undefined() {
            return self.open_sequence(header, level, vr);
        }
        let end = self.bound_of(header, level)?;
        if tag.element() != 0 {
            self.once(tag, header.value_at..end)?;
        }
        let bytes = self.bytes;
        let value = &bytes[header.value_at..end];
        self.at = end;
        if tag == tags::SPECIFIC_CHARACTER_SET {
            return self.charset(value);
        }
        if self.levels.len() == 1 {
            self.tables.keep(tag, || bytes.slice(header.value_at..end));
        }
        if tag.element() == 0 || tag.group() == 0xfffc || tag.group() == 0x7fe0 {
            return Ok(());
        }
        self.budget.affords(value.len(), tag)?;
        // UN keeps the bytes of Implicit VR Little Endian, whatever is around it (PS3.5 6.2.2).
        let big_endian = level.encoding.big_endian && header.vr != Some(VR::UN);
        let plain = value::plain(vr, value, big_endian, level.charset);
        match plain.fault {
            Some(Fault::Text) => self.warn(WarningCode::BadText, tag),
            Some(Fault::Size) => self.warn(WarningCode::BadValue, tag),
            None => {}
        }
        if value::may_be_many(plain.vr) {
            self.budget.values(plain.bytes.iter().filter(|byte| **byte == b'\\').count(), tag)?;
        }
        self.budget.plain_bytes(plain.bytes.len(), tag)?;
        self.plain.element(tag, plain.vr, &plain.bytes);
        Ok(())
    }

    /// Refuses an element that stands twice, unless that does no harm.
    fn once(&mut self, tag: Tag, place: Range<usize>) -> Result<(), DicomError> {
        if let Some(warning) = self.seen.element(tag, place, self.bytes)? {
            self.push_warning(warning);
        }
        Ok(())
    }

    fn open_sequence(&mut self, header: Header, level: Level, vr: VR) -> Result<(), DicomError> {
        let undefined = header.undefined();
        if undefined && vr != VR::SQ && vr != VR::UN {
            return Err(malformed(header.tag, "undefined length of a value that is no sequence"));
        }
        if self.levels.iter().filter(|level| !level.is_item).count() >= DEEPEST {
            return Err(malformed(header.tag, "sequences nest deeper than 64"));
        }
        let bound = self.bound_of(header, level)?;
        self.once(header.tag, 0..0)?;
        // The inside of UN is Implicit VR Little Endian (PS3.5 6.2.2 note 4, CP-246).
        let encoding = if header.vr == Some(VR::UN) { Encoding::IMPLICIT } else { level.encoding };
        self.plain.open_sequence(header.tag);
        self.levels.push(Level {
            tag: header.tag,
            is_item: false,
            bound,
            defined: !undefined,
            encoding,
            charset: level.charset,
        });
        self.at = header.value_at;
        Ok(())
    }

    /// (0008,0005) of the root or of an item (PS3.3 C.12.1.1.2): holds from here to the level's end and for the
    /// items within. The plain data set is UTF-8 throughout and says so once.
    fn charset(&mut self, value: &[u8]) -> Result<(), DicomError> {
        let text: String = value.iter().map(|byte| char::from(*byte)).collect();
        let terms: Vec<String> =
            text.trim_end_matches(['\0', ' ']).split('\\').take(32).map(|t| t.trim().to_owned()).collect();
        let read = Charset::from_terms(&terms);
        let told = read.unknown.iter().map(|term| (WarningCode::UnknownCharset, term));
        for (code, term) in told.chain(read.odd.iter().map(|term| (WarningCode::OddCharset, term))) {
            let name: String = term.chars().filter(|c| matches!(c, ' '..='~')).take(20).collect();
            self.push_warning(Warning::new(code, name));
        }
        if let Some(level) = self.levels.last_mut() {
            level.charset = read.charset;
        }
        if self.levels.len() == 1 {
            self.found.charset = if terms.iter().all(String::is_empty) { Vec::new() } else { terms };
            self.plain.element(tags::SPECIFIC_CHARACTER_SET, VR::CS, b"ISO_IR 192");
        }
        Ok(())
    }

    fn pixels(&mut self, header: Header, level: Level) -> Result<(), DicomError> {
        let at_root = self.levels.len() == 1;
        let big_endian = level.encoding.big_endian;
        let pixels = if header.undefined() {
            let found = fragments::locate(self.bytes, header.tag, header.value_at, level.bound, self.budget)?;
            self.at = found.end;
            if at_root && !self.encapsulated {
                self.warn(WarningCode::BadValue, Tag(2, 0x10));
            }
            let mut wrong = Vec::new();
            let encapsulated = self.tables.encapsulated(found, |tag| wrong.push(tag));
            wrong.into_iter().for_each(|tag| self.warn(WarningCode::BadValue, tag));
            encapsulated
        } else {
            self.at = self.bound_of(header, level)?;
            PixelData::Native { value: self.bytes.slice(header.value_at..self.at), big_endian }
        };
        if at_root {
            if self.found.pixels.is_some() {
                return Err(malformed(header.tag, "pixel data stands twice"));
            }
            self.found.float_pixels = header.tag != tags::PIXEL_DATA;
            self.found.byte_pixels = header.vr == Some(VR::OB);
            self.found.pixels = Some(pixels);
        }
        Ok(())
    }

    /// Where the value or the level ends at the latest.
    fn bound_of(&self, header: Header, level: Level) -> Result<usize, DicomError> {
        if header.undefined() {
            return Ok(level.bound);
        }
        let end = header.value_at.saturating_add(header.length as usize);
        if end > self.bytes.len() {
            return Err(DicomError::Truncated { at: self.at as u64, tag: tag_name(header.tag) });
        }
        if end > level.bound {
            return Err(malformed(header.tag, "reaches beyond the item it is in"));
        }
        Ok(end)
    }

    fn warn(&mut self, code: WarningCode, tag: Tag) {
        self.push_warning(Warning::new(code, tag_name(tag)));
    }

    fn push_warning(&mut self, warning: Warning) {
        if self.found.warnings.len() < MOST_WARNINGS && !self.found.warnings.contains(&warning) {
            self.found.warnings.push(warning);
        }
    }
}
