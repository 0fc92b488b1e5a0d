//! Objects made by hand, byte by byte, so that they can be wrong in any way.

/// An element in Explicit VR Little Endian with a 16-bit length.
pub(super) fn short(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    let mut bytes = head(tag);
    bytes.extend_from_slice(vr.as_bytes());
    bytes.extend_from_slice(&u16::try_from(value.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(value);
    bytes
}

/// An element in Explicit VR Little Endian with a 32-bit length, which may be a lie.
pub(super) fn long(tag: (u16, u16), vr: &str, length: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = head(tag);
    bytes.extend_from_slice(vr.as_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(value);
    bytes
}

/// An element in Implicit VR Little Endian, or an item or delimiter in either.
pub(super) fn implicit(tag: (u16, u16), length: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = head(tag);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(value);
    bytes
}

/// Text padded to even length.
pub(super) fn text(tag: (u16, u16), vr: &str, value: &str) -> Vec<u8> {
    let mut value = value.as_bytes().to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" { 0 } else { b' ' });
    }
    short(tag, vr, &value)
}

fn head(tag: (u16, u16)) -> Vec<u8> {
    [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat()
}

pub(super) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(super) const IMPLICIT: &str = "1.2.840.10008.1.2";
pub(super) const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
pub(super) const RLE: &str = "1.2.840.10008.1.2.5";

/// Preamble, prefix, meta information, then `body`.
pub(super) fn file(transfer_syntax: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes.extend_from_slice(b"DICM");
    bytes.extend(text((2, 0x10), "UI", transfer_syntax));
    bytes.extend_from_slice(body);
    bytes
}

/// The elements that every object needs, in Explicit VR: secondary capture, with `charset` if any.
pub(super) fn identity(charset: &str) -> Vec<u8> {
    let mut body = Vec::new();
    if !charset.is_empty() {
        body.extend(text((8, 5), "CS", charset));
    }
    body.extend(text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.7"));
    body.extend(text((8, 0x18), "UI", "1.2.3.4"));
    body.extend(text((0x20, 0xd), "UI", "1.2.3"));
    body.extend(text((0x20, 0xe), "UI", "1.2.3.1"));
    body
}

/// An Image Pixel module, 4 rows of 4 columns of 16-bit grey, with `changes` in place of its elements; and as many
/// bytes of pixel data as it needs.
pub(super) fn image(changes: &[Vec<u8>]) -> Vec<u8> {
    let us = |element: u16, value: u16| short((0x28, element), "US", &value.to_le_bytes());
    let mut elements = vec![
        us(0x2, 1),
        text((0x28, 0x4), "CS", "MONOCHROME2"),
        us(0x10, 4),
        us(0x11, 4),
        us(0x100, 16),
        us(0x101, 12),
        us(0x102, 11),
        us(0x103, 0),
    ];
    elements.retain(|element| changes.iter().all(|change| change[..4] != element[..4]));
    elements.extend(changes.iter().cloned());
    elements.sort_by_key(|element| (element[0], element[1], element[3], element[2]));
    let mut body = elements.concat();
    body.extend(long((0x7fe0, 0x10), "OW", 32, &[0; 32]));
    body
}
