//! F3: an Image Pixel module that contradicts itself, the values or the bytes.

use super::case::{Case, End, case, explicit};
use crate::dicom::build::{image, long, short, text};

pub(super) fn cases() -> Vec<Case> {
    let us = |element: u16, value: u16| short((0x28, element), "US", &value.to_le_bytes());
    let ul = |element: u16, value: u32| short((0x28, element), "UL", &value.to_le_bytes());
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("rows 0", us(0x10, 0)),
        ("columns 0", us(0x11, 0)),
        ("rows 65535", us(0x10, 65_535)),
        ("columns 65535", us(0x11, 65_535)),
        ("columns 5", us(0x11, 5)),
        ("rows as text", text((0x28, 0x10), "LO", "four")),
        ("rows as a tag", short((0x28, 0x10), "AT", &[4, 0, 0, 0])),
        ("rows without a value", short((0x28, 0x10), "US", b"")),
        ("rows of one byte", short((0x28, 0x10), "US", b"\x04")),
        ("rows as 2^31 in UL", ul(0x10, 1 << 31)),
        ("columns as 65540 in UL", ul(0x11, 65_540)),
        ("rows as -4 in SS", short((0x28, 0x10), "SS", &(-4_i16).to_le_bytes())),
        ("rows as 4.5 in FD", short((0x28, 0x10), "FD", &4.5_f64.to_le_bytes())),
        ("rows as NaN in FD", short((0x28, 0x10), "FD", &f64::NAN.to_le_bytes())),
        ("samples 0", us(2, 0)),
        ("samples 2", us(2, 2)),
        ("samples 3 in grey", us(2, 3)),
        ("samples 4", us(2, 4)),
        ("samples 255", us(2, 255)),
        ("allocated 0", us(0x100, 0)),
        ("allocated 7", us(0x100, 7)),
        ("allocated 12", us(0x100, 12)),
        ("allocated 24", us(0x100, 24)),
        ("allocated 64", us(0x100, 64)),
        ("allocated 65535", us(0x100, 65_535)),
        ("stored 0", us(0x101, 0)),
        ("stored 17", us(0x101, 17)),
        ("stored 65535", us(0x101, 65_535)),
        ("high bit 3", us(0x102, 3)),
        ("high bit 16", us(0x102, 16)),
        ("high bit 65535", us(0x102, 65_535)),
        ("representation 2", us(0x103, 2)),
        ("frames 2", text((0x28, 8), "IS", "2")),
        ("frames 2^31-1", text((0x28, 8), "IS", "2147483647")),
        ("frames -1", text((0x28, 8), "IS", "-1")),
        ("RGB with one sample", text((0x28, 4), "CS", "RGB")),
        ("YBR_FULL_422 with one sample", text((0x28, 4), "CS", "YBR_FULL_422")),
    ];
    let read: Vec<(&str, Vec<u8>)> = vec![
        ("rows as 4 in UL", ul(0x10, 4)),
        ("columns as 4 in SS", short((0x28, 0x11), "SS", &[4, 0])),
        ("rows as 4 in IS", text((0x28, 0x10), "IS", "4")),
        ("rows as 4 in an unknown VR", long((0x28, 0x10), "UN", 2, &[4, 0])),
        ("frames 2^40", text((0x28, 8), "IS", "1099511627776")),
        ("frames 0", text((0x28, 8), "IS", "0")),
        ("frames empty", text((0x28, 8), "IS", "")),
        ("more pixel data than frames", long((0x9, 0x1010), "OB", 32, &[0; 32])),
    ];
    let bombs = [
        ("palette without tables", vec![text((0x28, 4), "CS", "PALETTE COLOR")]),
        ("palette of 65536 entries and no data", {
            let descriptor = |n| short((0x28, n), "US", &[0, 0, 0, 0, 16, 0]);
            let mut all = vec![text((0x28, 4), "CS", "PALETTE COLOR")];
            all.extend([0x1101, 0x1102, 0x1103].map(descriptor));
            all
        }),
        ("a million windows", vec![text((0x28, 0x1050), "DS", &"1\\".repeat(30_000))]),
    ];
    let with = |end: fn() -> End| {
        move |(name, change): (&'static str, Vec<u8>)| {
            case("F3", name, end(), move || explicit(&[image(std::slice::from_ref(&change))]))
        }
    };
    let mut all: Vec<Case> = refused.into_iter().map(with(|| End::Refused)).collect();
    all.extend(read.into_iter().map(with(|| End::Blank)));
    all.extend(
        bombs
            .into_iter()
            .map(|(name, changes)| case("F3", name, End::Bounded, move || explicit(&[image(&changes)]))),
    );
    all
}
