//! What the C libraries encode without loss comes back exactly: depths, signs, colours, tiles, levels of effort.

use std::path::Path;

use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{PixelFormat, Samples};

use super::cases::{colour, encapsulated, grey};
use crate::support::judge;

/// Encodes made-up pictures with OpenJPH and libjxl (pip's imagecodecs) and prints, for each, its name, transfer
/// syntax, rows, columns, samples, bits and sign; beside it lie the code stream and the samples.
const JUDGE: &str = r#"
import sys, numpy, imagecodecs
folder, random = sys.argv[1], numpy.random.default_rng(7)
def picture(rows, columns, samples, bits, signed):
    y, x = numpy.mgrid[0:rows, 0:columns]
    plane = (numpy.sin(x / 9) + numpy.cos(y / 7) + 2) / 4 * 2**bits
    planes = numpy.stack([numpy.roll(plane, 13 * k, axis=1) for k in range(samples)], -1)
    image = (planes + random.normal(0, 2**bits / 200, planes.shape)).clip(0, 2**bits - 1).astype("<i4")
    kind = ("i" if signed else "u") + ("1" if bits == 8 else "2")
    image = (image - (2 ** (bits - 1) if signed else 0)).astype("<" + kind)
    return image if samples == 3 else image[..., 0].copy()
def put(name, syntax, image, bits, signed, code):
    open(f"{folder}/{name}", "wb").write(code)
    image.tofile(f"{folder}/{name}.raw")
    rows, columns = image.shape[:2]
    print(name, "1.2.840.10008.1.2.4." + syntax, rows, columns, 3 if image.ndim == 3 else 1, bits, int(signed))
for bits in range(8, 17):
    for signed in (False, True):
        image = picture(61, 83, 1, bits, signed)
        put(f"ht-{bits}-{signed}", "201", image, bits, signed, imagecodecs.htj2k_encode(image))
        pattern = image.view("<u" + str(image.itemsize))
        precision = 8 * image.itemsize if signed else bits
        code = imagecodecs.jpegxl_encode(pattern, lossless=True, bitspersample=precision)
        put(f"jxl-{bits}-{signed}", "110", image, bits, signed, code)
image = picture(96, 100, 3, 8, False)
put("ht-colour", "201", image, 8, False, imagecodecs.htj2k_encode(image))
put("ht-tiles", "202", image, 8, False, imagecodecs.htj2k_encode(image, tile=(64, 64)))
put("ht-parts", "202", image, 8, False, imagecodecs.htj2k_encode(image, tlm=True, tilepart=1))
put("ht-levels", "203", image, 8, False, imagecodecs.htj2k_encode(image, resolutions=2))
for effort in (1, 4, 7, 9):
    code = imagecodecs.jpegxl_encode(image, lossless=True, effort=effort)
    put(f"jxl-colour-{effort}", "110", image, 8, False, code)
big = picture(600, 700, 1, 12, False)
put("jxl-groups", "112", big, 12, False, imagecodecs.jpegxl_encode(big, lossless=True, bitspersample=12))
put("jxl-container", "110", big, 12, False,
    imagecodecs.jpegxl_encode(big, lossless=True, bitspersample=12, usecontainer=True))
"#;

#[test]
fn lossless_frames_of_the_c_libraries_come_back_exactly() {
    let work = tempfile::tempdir().unwrap();
    let Some(mut python) = judge::python(&["imagecodecs", "numpy"]) else { return };
    let output = python.args(["-c", JUDGE]).arg(work.path()).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    let list = String::from_utf8(output.stdout).unwrap();
    let mut faults = Vec::new();
    for line in list.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |i: usize| words[i].parse::<u32>().unwrap();
        let bits = number(5) as u16;
        let allocated = if bits == 8 { 8 } else { 16 };
        let format = match number(4) {
            1 => grey(number(2), number(3), allocated),
            _ => colour(number(2), number(3), allocated, Photometric::Rgb),
        };
        let format = PixelFormat { bits_stored: bits, high_bit: bits - 1, signed: number(6) == 1, ..format };
        let code = read(work.path(), words[0]);
        match encapsulated(&format, words[1], &code) {
            Ok(frame)
                if frame.samples == samples(&format, &read(work.path(), &format!("{}.raw", words[0]))) => {}
            Ok(_) => faults.push(format!("{}: other samples", words[0])),
            Err(error) => faults.push(format!("{}: {error}", words[0])),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(list.lines().count(), 46);
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

fn samples(format: &PixelFormat, raw: &[u8]) -> Samples {
    let words = || raw.as_chunks::<2>().0.iter();
    match (format.bits_allocated, format.signed) {
        (8, false) => Samples::U8(raw.to_vec()),
        (8, true) => Samples::I8(raw.iter().map(|byte| *byte as i8).collect()),
        (_, false) => Samples::U16(words().map(|word| u16::from_le_bytes(*word)).collect()),
        (_, true) => Samples::I16(words().map(|word| i16::from_le_bytes(*word)).collect()),
    }
}
