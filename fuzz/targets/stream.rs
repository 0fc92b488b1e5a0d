//! The codec door: a code stream under a transfer syntax and an Image Pixel module that the first bytes choose.
#![no_main]

use bytes::Bytes;
use dokuei_fuzz::dicom::pixel::Photometric;
use dokuei_fuzz::dicom::{PixelData, PixelFormat, Uid, codec};
use libfuzzer_sys::fuzz_target;

const SYNTAXES: [&str; 12] = [
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.110",
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.8.1",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((&[syntax, sort, rows, columns, bits, photometric], stream)) = bytes.split_first_chunk::<6>()
    else {
        return;
    };
    let bits_allocated = [1, 8, 16, 32][usize::from(sort & 3)];
    let bits_stored = u16::from(bits) % bits_allocated + 1;
    let samples_per_pixel = if sort & 4 == 0 { 1 } else { 3 };
    let format = PixelFormat {
        rows: u32::from(rows).max(1),
        columns: u32::from(columns).max(1),
        frames: 1,
        samples_per_pixel,
        bits_allocated,
        bits_stored,
        high_bit: bits_stored - 1,
        signed: sort & 8 != 0,
        photometric: match (samples_per_pixel, photometric % 4) {
            (1, _) => Photometric::Monochrome2,
            (_, 0) => Photometric::Rgb,
            (_, 1) => Photometric::YbrFull,
            (_, 2) => Photometric::YbrFull422,
            _ => Photometric::YbrRct,
        },
        planar: sort & 16 != 0,
        float: false,
    };
    let Ok(syntax) = Uid::parse(SYNTAXES[usize::from(syntax) % SYNTAXES.len()]) else { return };
    let fragments = vec![Bytes::copy_from_slice(stream)];
    let pixels = PixelData::Encapsulated { offsets: Vec::new(), fragments };
    if let Ok(frame) = codec::decode(&format, &syntax, &pixels, 0) {
        assert_eq!(frame.samples.len() as u64, format.samples_per_frame(), "a frame that is not whole");
    }
});
